//! `tephra trace`.
use clap::Args;
use serde::Serialize;
use tephra_core::ewasm::{
    CallKind, ExtraCharge, INTERFACE, Inspector, InterfaceCall, InterfaceFunction, Message,
    Outcome, Status,
};
use tephra_core::wasm::ValType;

use crate::args::{EngineOptions, Global, Subject, TransactionOptions};
use crate::chain::Chain;
use crate::database::{Access, Database};
use crate::error::{Error, Exit, Result};
use crate::names::Names;
use crate::output::{FAINT, HEADING, Output, plain};
use crate::prepare;
use crate::report::{Report, status_name};

/// Show every interface call of a transaction, with arguments, results and gas.
///
/// The transaction is tried and then forgotten: the state does not change. Messages between
/// contracts are indented. With --json, every line is an object: `message`, `interface` and `end`,
/// in the order of events, and at last the report that `call --json` prints.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Trace {
    #[command(flatten)]
    pub subject: Subject,
    #[command(flatten)]
    pub transaction: TransactionOptions,
    #[command(flatten)]
    pub engine: EngineOptions,
}

const EXAMPLES: &str = "\
Examples:
  tephra trace token transfer bob 3
  tephra trace token 'transfer(address,uint256)' bob 3 --json
  tephra trace --deploy token.wasm Token TOK 18 1000";

/// Does it.
pub fn run(args: &Trace, global: &Global, out: &mut Output) -> Result<Exit> {
    let chain = Chain::new(Database::open(&global.state, Access::Read)?, &args.engine);
    let snapshot = chain.database.snapshot()?;
    let names = Names::of(&snapshot)?;
    let prepared = prepare::subject(&chain, &snapshot, &names, &args.subject, &args.transaction)?;
    let mut tracer = Tracer { out, names: &names, depth: 0, error: None };
    let executed = chain.run(&prepared.request, &mut tracer)?;
    if let Some(error) = tracer.error {
        return Err(error);
    }
    let report = Report::new(&prepared, &executed, &snapshot);
    if out.json {
        out.object(&report)?;
    } else {
        report.show_outcome(out, &names)?;
        report.complain(out)?;
    }
    Ok(report.exit())
}

/// Writes events as they come: a long execution has more of them than memory holds.
struct Tracer<'a> {
    out: &'a mut Output,
    names: &'a Names,
    depth: usize,
    /// The first error of writing; nothing is written after it.
    error: Option<Error>,
}

/// A cost beyond the base cost of an interface call.
#[derive(Serialize)]
struct Charge {
    cost: String,
    gas: u64,
}

impl Charge {
    fn of(charge: &ExtraCharge) -> Self {
        Self { cost: charge.cost.to_string(), gas: charge.gas }
    }
}

/// A line of JSON.
#[derive(Serialize)]
#[serde(tag = "event", rename_all = "lowercase")]
enum Line<'a> {
    Message {
        depth: usize,
        kind: &'static str,
        is_static: bool,
        from: String,
        to: String,
        value: String,
        gas: u64,
        input_size: usize,
    },
    Interface {
        depth: usize,
        module: &'static str,
        name: &'static str,
        args: &'a [u64],
        result: Option<u64>,
        gas: u64,
        gas_left: u64,
        extra_charges: Vec<Charge>,
        detail: &'a str,
    },
    End {
        depth: usize,
        status: &'static str,
        gas_left: u64,
        output_size: usize,
    },
}

impl Tracer<'_> {
    fn write(&mut self, write: impl FnOnce(&mut Self) -> Result<()>) {
        if self.error.is_none() {
            self.error = write(self).err();
        }
    }

    fn indent(&self) -> String {
        // Depth reaches 1024; lines stay readable.
        "  ".repeat(self.depth.min(32))
    }
}

impl Inspector for Tracer<'_> {
    fn wants_interface_calls(&self) -> bool {
        true
    }

    fn message_enter(&mut self, message: &Message) {
        self.write(|tracer| {
            let kind = kind_name(message.kind);
            let depth = tracer.depth;
            if tracer.out.json {
                return tracer.out.object(&Line::Message {
                    depth,
                    kind,
                    is_static: message.is_static,
                    from: message.sender.to_checksum(None),
                    to: message.code_address.to_checksum(None),
                    value: message.value.to_string(),
                    gas: message.gas,
                    input_size: message.input.len(),
                });
            }
            let (from, to) =
                (tracer.names.show(&message.sender), tracer.names.show(&message.code_address));
            let value = if message.value.is_zero() {
                String::new()
            } else {
                format!(", {} wei", message.value)
            };
            let static_ = if message.is_static { " (static)" } else { "" };
            let line = format!(
                "{}{kind}{static_} {from} → {to}: {} bytes{value}, gas {}",
                tracer.indent(),
                message.input.len(),
                message.gas
            );
            tracer.out.styled(HEADING, line)
        });
        self.depth += 1;
    }

    fn message_exit(&mut self, outcome: &Outcome) {
        self.depth = self.depth.saturating_sub(1);
        self.write(|tracer| {
            let (depth, status) = (tracer.depth, status_name(outcome.status));
            if tracer.out.json {
                return tracer.out.object(&Line::End {
                    depth,
                    status,
                    gas_left: outcome.gas_left,
                    output_size: outcome.output.len(),
                });
            }
            let line = format!(
                "{}= {status}: {} bytes, gas left {}",
                tracer.indent(),
                outcome.output.len(),
                outcome.gas_left
            );
            if outcome.status == Status::Success {
                tracer.out.line(line)
            } else {
                tracer.out.styled(HEADING, line)
            }
        });
    }

    fn interface_call(&mut self, call: &InterfaceCall<'_>) {
        self.write(|tracer| {
            let gas = call.gas_before.saturating_sub(call.gas_after);
            if tracer.out.json {
                return tracer.out.object(&Line::Interface {
                    depth: tracer.depth,
                    module: call.module,
                    name: call.name,
                    args: call.args,
                    result: call.result,
                    gas,
                    gas_left: call.gas_after,
                    extra_charges: call.extra_charges.iter().map(Charge::of).collect(),
                    detail: call.detail,
                });
            }
            let indent = tracer.indent();
            let result = call.result.map(|result| format!(" → {result}")).unwrap_or_default();
            let arguments = arguments(call);
            tracer.out.write(format_args!(
                "{indent}{gas:>7}  {}.{}({arguments}){result}",
                call.module, call.name
            ))?;
            let notes = notes(call);
            if notes.is_empty() {
                tracer.out.line("")
            } else {
                tracer.out.styled(FAINT, format_args!("  {notes}"))
            }
        });
    }
}

/// The detail of a call, and the costs beyond its base cost: `0x… has 5 (cold account 2500)`.
fn notes(call: &InterfaceCall<'_>) -> String {
    let charges: Vec<_> =
        call.extra_charges.iter().map(|charge| format!("{} {}", charge.cost, charge.gas)).collect();
    let detail = plain(call.detail);
    if charges.is_empty() {
        return detail;
    }
    let charges = format!("({})", charges.join(", "));
    if detail.is_empty() { charges } else { format!("{detail} {charges}") }
}

/// Arguments with their names; pointers in hexadecimal.
fn arguments(call: &InterfaceCall<'_>) -> String {
    let function: Option<&InterfaceFunction> = InterfaceFunction::find(call.module, call.name)
        .map(|(_, function)| function)
        .or_else(|| INTERFACE.first());
    let names = function.map(|function| function.params).unwrap_or_default();
    let shown = call.args.iter().zip(names).map(|(value, param)| match param.kind {
        tephra_core::ewasm::ParamKind::In(_) | tephra_core::ewasm::ParamKind::Out(_) => {
            format!("{}: {value:#x}", param.name)
        }
        kind if kind.ty() == ValType::I32 => format!("{}: {}", param.name, *value as u32),
        _ => format!("{}: {}", param.name, *value as i64),
    });
    shown.collect::<Vec<_>>().join(", ")
}

fn kind_name(kind: CallKind) -> &'static str {
    match kind {
        CallKind::Call => "call",
        CallKind::DelegateCall => "delegate-call",
        CallKind::CallCode => "call-code",
        CallKind::Create => "create",
        CallKind::Create2 => "create2",
    }
}
