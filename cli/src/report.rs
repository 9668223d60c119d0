//! Reports: the outcome of a transaction, decoded with the contract's ABI.
use std::sync::Arc;

use alloy_primitives::{Address, B256, Bytes};
use serde::{Serialize, Serializer};
use tephra_core::ewasm::{Contract, Status};

use crate::abi::{self, Event, Function, JsonAbi, Reason, Value, decode_event, decode_revert};
use crate::chain::{Chain, Executed, Request};
use crate::database::{self, Snapshot};
use crate::text::plain;

/// What is known of the contract that a transaction calls or creates. All of it may be missing.
#[derive(Clone, Debug, Default)]
pub struct Target {
    /// The function that is called, whose results are decoded.
    pub function: Option<Function>,
    /// The contract's ABI, for its events and errors.
    pub abi: Option<JsonAbi>,
    /// The contract whose code runs first, for the names of its functions.
    pub contract: Option<Arc<Contract>>,
    /// Why the code to be deployed is no valid contract.
    pub problem: Option<String>,
}

impl Target {
    /// Returns what is known of the contract of an account.
    ///
    /// # Errors
    /// If the state cannot be read.
    pub fn called(
        chain: &Chain,
        snapshot: &Snapshot,
        address: &Address,
        function: Option<Function>,
        abi: Option<JsonAbi>,
    ) -> database::Result<Self> {
        let contract = chain.contract_at(snapshot, address)?;
        Ok(Self { function, abi, contract, problem: None })
    }

    /// Returns what is known of a contract before it is created by `init_code`.
    pub fn created(chain: &Chain, init_code: &[u8], abi: Option<JsonAbi>) -> Self {
        let (contract, problem) = match chain.contract_of(init_code) {
            Ok(contract) => (Some(contract), None),
            Err(error) => (None, Some(error.to_string())),
        };
        Self { function: None, abi, contract, problem }
    }
}

/// The outcome of a transaction. Serialized, it is what `tephra call --json` prints: fields may be
/// added, but keep their meaning.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Success, or how it failed; serialized by its [name](Status::name).
    #[serde(serialize_with = "serialize_status")]
    pub status: Status,
    /// The number of its block.
    pub block: u64,
    /// The sender.
    pub from: Address,
    /// The account that it called; none for a deployment.
    pub to: Option<Address>,
    /// The contract that it created.
    pub contract: Option<Address>,
    /// Gas paid for, after refunds.
    pub gas_used: u64,
    /// Gas refunded.
    pub gas_refunded: u64,
    /// Gas limit.
    pub gas_limit: u64,
    /// The output of the contract.
    pub output: Bytes,
    /// The decoded output; none if its types are not known or do not fit.
    pub values: Option<Vec<Value>>,
    /// The logs of all contracts, in order.
    pub logs: Vec<Log>,
    /// Why it failed; none if it succeeded.
    pub failure: Option<Failure>,
}

/// A log.
#[derive(Debug, Serialize)]
pub struct Log {
    /// The contract that logged.
    pub address: Address,
    /// Up to four topics.
    pub topics: Vec<B256>,
    /// The data.
    pub data: Bytes,
    /// The event of the contract's ABI that fits.
    pub event: Option<Event>,
}

/// Why a transaction failed.
#[derive(Debug, Serialize)]
pub struct Failure {
    /// The reason, as part of a sentence.
    pub reason: String,
    /// The decoded output of a revert.
    pub revert: Option<Reason>,
    /// Index of the function that failed.
    pub function: Option<u32>,
    /// Name of the function that failed.
    pub function_name: Option<String>,
    /// Bytes from the start of the module to the instruction that failed.
    pub offset: Option<u32>,
}

impl Report {
    /// Decodes the outcome of a transaction. `snapshot` is the state that it ran on, with the ABIs
    /// of other contracts that logged.
    pub fn new(
        request: &Request,
        target: &Target,
        executed: &Executed,
        snapshot: &Snapshot,
    ) -> Self {
        let receipt = &executed.receipt;
        let succeeded = receipt.status == Status::Success;
        let decoded = target.function.as_ref().filter(|_| succeeded);
        let own = request.to.or(receipt.create_address);
        let logs = receipt.logs.iter().map(|log| {
            let stored;
            let abi = if Some(log.address) == own {
                target.abi.as_ref()
            } else {
                stored = stored_abi(snapshot, &log.address);
                stored.as_ref()
            };
            Log {
                address: log.address,
                topics: log.data.topics().to_vec(),
                data: log.data.data.clone(),
                event: decode_event(log.data.topics(), &log.data.data, abi),
            }
        });
        Self {
            status: receipt.status,
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
            failure: (!succeeded).then(|| Failure::new(executed, target)),
        }
    }

    /// Returns why the transaction failed, in one sentence; nothing if it succeeded.
    pub fn error(&self) -> Option<String> {
        let failure = self.failure.as_ref()?;
        let mut sentence = match &failure.revert {
            Some(reason) => match reason.text(&self.output) {
                Some(text) => format!("the contract reverted: {text}"),
                None => "the contract reverted without a reason".to_owned(),
            },
            None => format!("the transaction failed: {}", failure.reason),
        };
        match (failure.function, &failure.function_name) {
            (Some(index), Some(name)) => {
                sentence.push_str(&format!(", in function {index} `{}`", plain(name)))
            }
            (Some(index), None) => sentence.push_str(&format!(", in function {index}")),
            (None, _) => {}
        }
        if let Some(offset) = failure.offset {
            sentence.push_str(&format!(" at byte {offset:#x}"));
        }
        Some(sentence)
    }
}

impl Failure {
    fn new(executed: &Executed, target: &Target) -> Self {
        let receipt = &executed.receipt;
        let trap = receipt.trap.as_ref();
        let function = trap.and_then(|trap| trap.function);
        let reason = match (receipt.status, trap, &target.problem) {
            // The code of the trap says more than "the contract trapped".
            (Status::Trap, Some(trap), _) => trap.code.message().to_owned(),
            (Status::ContractValidationFailure, _, Some(problem)) => {
                format!("the code is not a valid contract: {}", plain(problem))
            }
            (status, ..) => status.message().to_owned(),
        };
        Self {
            reason,
            revert: (receipt.status == Status::Revert)
                .then(|| decode_revert(&receipt.output, target.abi.as_ref())),
            function,
            function_name: function
                .and_then(|index| target.contract.as_ref()?.module().func_name(index)),
            offset: trap.and_then(|trap| trap.offset),
        }
    }
}

/// Returns the ABI that the state has of a contract. A damaged one counts as missing.
pub fn stored_abi(snapshot: &Snapshot, address: &Address) -> Option<JsonAbi> {
    abi::parse_abi(&snapshot.abi(address).ok()??).ok()
}

pub(crate) fn serialize_status<S: Serializer>(
    status: &Status,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(status.name())
}
