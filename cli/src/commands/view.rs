//! `tephra view`.
use clap::Args;

use super::call::Words;
use crate::args::{EngineOptions, Global, TransactionOptions};
use crate::chain::Chain;
use crate::database::{Access, Database};
use crate::debug::DebugPrinter;
use crate::error::{Exit, Result};
use crate::names::Names;
use crate::output::{Output, complain};
use crate::prepare;
use crate::report::Report;

/// Ask a contract, without changing anything.
///
/// Prints what the function returns, one value a line. What the function changes is forgotten, so
/// any function can be tried this way.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct View {
    #[command(flatten)]
    pub words: Words,
    #[command(flatten)]
    pub transaction: TransactionOptions,
    #[command(flatten)]
    pub engine: EngineOptions,
}

const EXAMPLES: &str = "\
Examples:
  tephra view token balanceOf alice
  tephra view token 'balanceOf(address)(uint256)' alice    without an ABI, the types are needed
  tephra view token --data 0x18160ddd --returns uint256
  tephra view token balanceOf alice --json | jq -r '.values[0]'";

/// Does it.
pub fn run(args: &View, global: &Global, out: &mut Output) -> Result<Exit> {
    let chain = Chain::new(Database::open(&global.state, Access::Read)?, &args.engine);
    let snapshot = chain.database.snapshot()?;
    let names = Names::of(&snapshot)?;
    let prepared =
        prepare::call(&chain, &snapshot, &names, args.words.borrow(), &args.transaction)?;
    let executed = chain.run(&prepared.request, &mut DebugPrinter::new(&args.engine))?;
    let report = Report::new(&prepared, &executed, &snapshot);
    if out.json {
        out.object(&report)?;
        return Ok(report.exit());
    }
    match &report.values {
        Some(values) => values.iter().try_for_each(|value| out.line(value))?,
        None if report.failure.is_none() && !report.output.is_empty() => {
            out.line(&report.output)?
        }
        None => {}
    }
    report.complain(out)?;
    let expects_results =
        prepared.function.as_ref().is_some_and(|function| !function.outputs.is_empty());
    if prepared.contract.is_none() {
        complain("note", "there is no contract at this address, so nothing was run");
    } else if report.failure.is_none() && report.values.is_none() && expects_results {
        complain(
            "note",
            "the output is not of the types that were expected, so it is shown as it is",
        );
    }
    Ok(report.exit())
}
