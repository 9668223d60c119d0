//! What a transaction did, for people and for programs.
use alloy_primitives::{Address, B256, Bytes};
use serde::Serialize;
use tephra_core::ewasm::Status;

use crate::abi::{self, Event, Reason, Value, decode_event, decode_revert};
use crate::chain::Executed;
use crate::database::Snapshot;
use crate::error::{Exit, Result};
use crate::names::Names;
use crate::output::{BAD, GOOD, Output, complain, plain};
use crate::prepare::{Prepared, remembered_abi};

/// What a transaction did. Serialized, it is what `--json` prints: fields may be added, but do not
/// change.
#[derive(Serialize)]
pub struct Report {
    /// `success`, or how it failed: the name of a [`Status`] in lower case, words joined by a
    /// hyphen.
    pub status: &'static str,
    /// The number of its block.
    pub block: u64,
    /// Who sent it.
    pub from: Address,
    /// Whom it called; none for a deployment.
    pub to: Option<Address>,
    /// The contract that it created.
    pub contract: Option<Address>,
    /// Gas that was paid for, after refunds.
    pub gas_used: u64,
    /// Gas that was refunded.
    pub gas_refunded: u64,
    /// Gas that it might have used.
    pub gas_limit: u64,
    /// What the contract gave back.
    pub output: Bytes,
    /// The same, decoded; none when its types are not known or do not fit.
    pub values: Option<Vec<Value>>,
    /// What the contract logged.
    pub logs: Vec<Log>,
    /// Why it failed; none when it succeeded.
    pub failure: Option<Failure>,
}

/// A log.
#[derive(Serialize)]
pub struct Log {
    /// The contract that logged.
    pub address: Address,
    /// Up to four words.
    pub topics: Vec<B256>,
    /// Anything.
    pub data: Bytes,
    /// The event of the contract's ABI that it stands for.
    pub event: Option<Event>,
}

/// Why a transaction failed.
#[derive(Serialize)]
pub struct Failure {
    /// One sentence part.
    pub reason: String,
    /// The decoded output of a revert.
    pub revert: Option<Reason>,
    /// Index of the function that failed.
    pub function: Option<u32>,
    /// Its name.
    pub function_name: Option<String>,
    /// Bytes from the start of the module to the instruction that failed.
    pub offset: Option<u32>,
}

impl Report {
    /// A report of a transaction that was run on the state of `snapshot`.
    pub fn new(prepared: &Prepared, executed: &Executed, snapshot: &Snapshot) -> Self {
        let receipt = &executed.receipt;
        let request = &prepared.request;
        let succeeded = receipt.status == Status::Success;
        let decoded = prepared.function.as_ref().filter(|_| succeeded);
        let own = request.to.or(receipt.create_address);
        let logs = receipt.logs.iter().map(|log| {
            let known = if Some(log.address) == own {
                prepared.abi.clone()
            } else {
                remembered_abi(snapshot, &log.address)
            };
            Log {
                address: log.address,
                topics: log.data.topics().to_vec(),
                data: log.data.data.clone(),
                event: decode_event(log.data.topics(), &log.data.data, known.as_ref()),
            }
        });
        Self {
            status: receipt.status.name(),
            block: executed.block,
            from: request.from,
            to: request.to,
            contract: receipt.create_address,
            gas_used: receipt.gas_used,
            gas_refunded: receipt.gas_refunded,
            gas_limit: request.gas,
            output: receipt.output.clone().into(),
            values: decoded.and_then(|function| abi::decode_output(function, &receipt.output)),
            logs: logs.collect(),
            failure: (!succeeded).then(|| Failure::new(executed, prepared)),
        }
    }

    /// The exit code that says whether it succeeded.
    pub fn exit(&self) -> Exit {
        if self.failure.is_none() { Exit::Success } else { Exit::Contract }
    }

    /// Shows it. `title` says what was done.
    pub fn show(&self, out: &mut Output, label: &str, title: &str, names: &Names) -> Result<Exit> {
        if out.json {
            out.object(self)?;
            return Ok(self.exit());
        }
        out.field(label, title)?;
        if let Some(contract) = &self.contract {
            let name = names.name(contract).map(|name| format!(" ({name})")).unwrap_or_default();
            out.field("contract", format_args!("{contract}{name}"))?;
        }
        out.field("from", names.show(&self.from))?;
        out.field("block", self.block)?;
        self.show_outcome(out, names)?;
        self.complain(out)?;
        Ok(self.exit())
    }

    /// Shows how it ended: status, gas, result, logs.
    pub fn show_outcome(&self, out: &mut Output, names: &Names) -> Result<()> {
        let style = if self.failure.is_none() { GOOD } else { BAD };
        out.styled_field("status", style, self.status)?;
        let refunded = if self.gas_refunded == 0 {
            String::new()
        } else {
            format!(", {} were refunded", self.gas_refunded)
        };
        out.field("gas", format_args!("{} of {}{refunded}", self.gas_used, self.gas_limit))?;
        match &self.values {
            Some(values) => {
                values.iter().try_for_each(|value| out.field("result", value.show(names)))?
            }
            None if self.failure.is_none() && !self.output.is_empty() => {
                out.field("output", &self.output)?
            }
            None => {}
        }
        self.logs.iter().try_for_each(|log| log.show(out, names))
    }

    /// Says on standard error why it failed, if it did.
    pub fn complain(&self, out: &mut Output) -> Result<()> {
        if let Some(failure) = &self.failure {
            // What was shown before comes first, also when both go to the same place.
            out.flush()?;
            complain("error", failure.sentence(&self.output));
        }
        Ok(())
    }
}

impl Log {
    fn show(&self, out: &mut Output, names: &Names) -> Result<()> {
        let address = names.show(&self.address);
        match &self.event {
            Some(event) => {
                let show = |argument: &abi::Argument| {
                    let name = if argument.name.is_empty() { &argument.ty } else { &argument.name };
                    format!("{}: {}", plain(name), argument.value.show(names))
                };
                let arguments: Vec<_> = event.arguments.iter().map(show).collect();
                out.field(
                    "event",
                    format_args!("{address} {}({})", plain(&event.name), arguments.join(", ")),
                )
            }
            None => {
                let topics: Vec<_> = self.topics.iter().map(B256::to_string).collect();
                out.field(
                    "log",
                    format_args!("{address} topics [{}] data {}", topics.join(", "), self.data),
                )
            }
        }
    }
}

impl Failure {
    fn new(executed: &Executed, prepared: &Prepared) -> Self {
        let receipt = &executed.receipt;
        let trap = receipt.trap.as_ref();
        let function = trap.and_then(|trap| trap.function);
        let reason = match (receipt.status, trap, &prepared.problem) {
            // "the contract trapped" says less than how.
            (Status::Trap, Some(trap), _) => trap.code.message().to_owned(),
            (Status::ContractValidationFailure, _, Some(problem)) => {
                format!("the code is not a valid contract: {}", plain(problem))
            }
            (status, ..) => status.message().to_owned(),
        };
        Self {
            reason,
            revert: (receipt.status == Status::Revert)
                .then(|| decode_revert(&receipt.output, prepared.abi.as_ref())),
            function,
            function_name: function
                .and_then(|index| prepared.contract.as_ref()?.module().func_name(index)),
            offset: trap.and_then(|trap| trap.offset),
        }
    }

    /// The failure in one sentence.
    fn sentence(&self, output: &[u8]) -> String {
        let mut sentence = match &self.revert {
            Some(reason) => match reason.text(output) {
                Some(text) => format!("the contract reverted: {text}"),
                None => "the contract reverted without saying why".to_owned(),
            },
            None => format!("the transaction failed: {}", self.reason),
        };
        match (self.function, &self.function_name) {
            (Some(index), Some(name)) => {
                sentence.push_str(&format!(", in function {index} `{}`", plain(name)))
            }
            (Some(index), None) => sentence.push_str(&format!(", in function {index}")),
            (None, _) => {}
        }
        if let Some(offset) = self.offset {
            sentence.push_str(&format!(" at byte {offset:#x}"));
        }
        sentence
    }
}
