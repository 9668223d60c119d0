//! `tephra trace`.
use clap::Args;
use tephra::chain::Chain;
use tephra::database::{Access, Database};
use tephra::names::Names;
use tephra::report::Report;
use tephra::text::plain;
use tephra::trace::{Charge, Event, Tracer, kind_name};
use tephra_core::ewasm::{InterfaceFunction, ParamKind, Status};
use tephra_core::wasm::ValType;

use super::error::{Exit, Result};
use super::options::{EngineOptions, Global, TransactionOptions};
use super::output::{FAINT, HEADING, Output};
use super::report;
use super::words::{self, Subject};

/// Show every interface call of a transaction, with arguments, results and gas.
///
/// The transaction runs without changing the state. Messages between contracts are indented. With
/// --json, every line is an object: `message`, `interface` and `end`, in the order of events, and
/// at the end the report that `call --json` prints.
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

/// Runs the command.
pub fn run(args: &Trace, global: &Global, out: &mut Output) -> Result<Exit> {
    let chain = Chain::new(Database::open(&global.state, Access::Read)?, args.engine.options());
    let snapshot = chain.database().snapshot()?;
    let names = Names::of(&snapshot)?;
    let prepared = words::subject(&chain, &snapshot, &names, &args.subject, &args.transaction)?;
    // After the first error of writing, nothing more is written.
    let mut written = Ok(());
    let mut tracer = Tracer::new(|event: &Event<'_>| {
        if written.is_ok() {
            written = if out.json { out.object(event) } else { show(event, &names, out) };
        }
    });
    let executed = chain.run(&prepared.request, &mut tracer)?;
    written?;
    let report = Report::new(&prepared.request, &prepared.target, &executed, &snapshot);
    if out.json {
        out.object(&report)?;
    } else {
        report::show_outcome(&report, &names, out)?;
        report::show_error(&report, out)?;
    }
    Ok(report::exit(&report))
}

fn show(event: &Event<'_>, names: &Names, out: &mut Output) -> Result<()> {
    match *event {
        Event::Message { depth, kind, is_static, from, to, value, gas, input_size } => {
            let (indent, kind) = (indent(depth), kind_name(kind));
            let (from, to) = (names.show(&from), names.show(&to));
            let value = if value.is_zero() { String::new() } else { format!(", {value} wei") };
            let is_static = if is_static { " (static)" } else { "" };
            out.styled(
                HEADING,
                format_args!(
                    "{indent}{kind}{is_static} {from} → {to}: {input_size} bytes{value}, gas {gas}"
                ),
            )
        }
        Event::End { depth, status, gas_left, output_size } => {
            let line = format!(
                "{}= {}: {output_size} bytes, gas left {gas_left}",
                indent(depth),
                status.name()
            );
            if status == Status::Success { out.line(line) } else { out.styled(HEADING, line) }
        }
        Event::Interface {
            depth,
            module,
            name,
            args,
            result,
            gas,
            ref extra_charges,
            detail,
            ..
        } => {
            let (indent, arguments) = (indent(depth), arguments(module, name, args));
            let result = result.map(|result| format!(" → {result}")).unwrap_or_default();
            out.write(format_args!("{indent}{gas:>7}  {module}.{name}({arguments}){result}"))?;
            let notes = notes(detail, extra_charges);
            if notes.is_empty() {
                out.line("")
            } else {
                out.styled(FAINT, format_args!("  {notes}"))
            }
        }
        _ => Ok(()),
    }
}

/// Returns the detail of a call, and the costs beyond its base cost:
/// `0x… has 5 (cold account 2500)`.
fn notes(detail: &str, charges: &[Charge]) -> String {
    let detail = plain(detail);
    if charges.is_empty() {
        return detail;
    }
    let charges: Vec<_> =
        charges.iter().map(|charge| format!("{} {}", charge.cost, charge.gas)).collect();
    let charges = format!("({})", charges.join(", "));
    if detail.is_empty() { charges } else { format!("{detail} {charges}") }
}

/// Returns the indentation of a depth. Depth reaches 1024; lines stay readable.
fn indent(depth: usize) -> String {
    "  ".repeat(depth.min(32))
}

/// Returns arguments with their names, pointers in hexadecimal.
fn arguments(module: &str, name: &str, args: &[u64]) -> String {
    let function = InterfaceFunction::find(module, name).map(|(_, function)| function);
    let params = function.map(|function| function.params).unwrap_or_default();
    let shown = args.iter().zip(params).map(|(value, param)| match param.kind {
        ParamKind::In(_) | ParamKind::Out(_) => format!("{}: {value:#x}", param.name),
        kind if kind.ty() == ValType::I32 => format!("{}: {}", param.name, *value as u32),
        _ => format!("{}: {}", param.name, *value as i64),
    });
    shown.collect::<Vec<_>>().join(", ")
}
