//! Shows reports.
use alloy_primitives::B256;
use tephra::abi::Argument;
use tephra::names::Names;
use tephra::report::{Log, Report};
use tephra::text::plain;

use super::error::{Exit, Result};
use super::output::{BAD, GOOD, Output, complain};

/// Returns the exit code of a transaction.
pub fn exit(report: &Report) -> Exit {
    if report.failure.is_none() { Exit::Success } else { Exit::Contract }
}

/// Shows a report. `label` and `title` say what was done.
pub fn show(
    report: &Report,
    label: &str,
    title: &str,
    names: &Names,
    out: &mut Output,
) -> Result<Exit> {
    if out.json {
        out.object(report)?;
        return Ok(exit(report));
    }
    out.field(label, title)?;
    if let Some(contract) = &report.contract {
        let name = names.name(contract).map(|name| format!(" ({name})")).unwrap_or_default();
        out.field("contract", format_args!("{contract}{name}"))?;
    }
    out.field("from", names.show(&report.from))?;
    out.field("block", report.block)?;
    show_outcome(report, names, out)?;
    show_error(report, out)?;
    Ok(exit(report))
}

/// Shows status, gas, result and logs.
pub fn show_outcome(report: &Report, names: &Names, out: &mut Output) -> Result<()> {
    let style = if report.failure.is_none() { GOOD } else { BAD };
    out.styled_field("status", style, report.status.name())?;
    let refunded = if report.gas_refunded == 0 {
        String::new()
    } else {
        format!(", {} refunded", report.gas_refunded)
    };
    out.field("gas", format_args!("{} of {}{refunded}", report.gas_used, report.gas_limit))?;
    match &report.values {
        Some(values) => {
            values.iter().try_for_each(|value| out.field("result", value.show(names)))?
        }
        None if report.failure.is_none() && !report.output.is_empty() => {
            out.field("output", &report.output)?
        }
        None => {}
    }
    report.logs.iter().try_for_each(|log| show_log(log, names, out))
}

/// Shows on standard error why a transaction failed, if it did.
pub fn show_error(report: &Report, out: &mut Output) -> Result<()> {
    if let Some(error) = report.error() {
        // Keeps the order if both streams go to the same place.
        out.flush()?;
        complain("error", error);
    }
    Ok(())
}

fn show_log(log: &Log, names: &Names, out: &mut Output) -> Result<()> {
    let address = names.show(&log.address);
    match &log.event {
        Some(event) => {
            let show = |argument: &Argument| {
                let name = if argument.name.is_empty() { &argument.ty } else { &argument.name };
                format!("{}: {}", plain(name), argument.value.show(names))
            };
            let arguments = event.arguments.iter().map(show).collect::<Vec<_>>().join(", ");
            out.field("event", format_args!("{address} {}({arguments})", plain(&event.name)))
        }
        None => {
            let topics = log.topics.iter().map(B256::to_string).collect::<Vec<_>>().join(", ");
            out.field("log", format_args!("{address} topics [{topics}] data {}", log.data))
        }
    }
}
