//! `tephra view`.
use clap::Args;
use tephra::chain::Chain;
use tephra::database::{Access, Database};
use tephra::names::Names;
use tephra::report::Report;

use super::debug::DebugPrinter;
use super::error::{Exit, Result};
use super::options::{EngineOptions, Global, TransactionOptions};
use super::output::{Output, complain};
use super::report;
use super::words::{self, Words};

/// Ask a contract without changing anything.
///
/// Prints what the function returns, one value a line. Changes of the function are discarded, so
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
  tephra view token 'balanceOf(address)(uint256)' alice    the types are needed without an ABI
  tephra view token --data 0x18160ddd --returns uint256
  tephra view token balanceOf alice --json | jq -r '.values[0]'";

/// Runs the command.
pub fn run(args: &View, global: &Global, out: &mut Output) -> Result<Exit> {
    let chain = Chain::new(Database::open(&global.state, Access::Read)?, args.engine.options());
    let snapshot = chain.database().snapshot()?;
    let names = Names::of(&snapshot)?;
    let prepared = words::call(&chain, &snapshot, &names, args.words.borrow(), &args.transaction)?;
    let executed = chain.run(&prepared.request, &mut DebugPrinter::new(&args.engine))?;
    let report = Report::new(&prepared.request, &prepared.target, &executed, &snapshot);
    let exit = report::exit(&report);
    if out.json {
        out.object(&report)?;
        return Ok(exit);
    }
    match &report.values {
        Some(values) => values.iter().try_for_each(|value| out.line(value))?,
        None if report.failure.is_none() && !report.output.is_empty() => {
            out.line(&report.output)?
        }
        None => {}
    }
    report::show_error(&report, out)?;
    let expects_results =
        prepared.target.function.as_ref().is_some_and(|function| !function.outputs.is_empty());
    if prepared.target.contract.is_none() {
        complain("note", "there is no contract at this address, so no code ran");
    } else if report.failure.is_none() && report.values.is_none() && expects_results {
        complain("note", "the output does not have the expected types; it is shown undecoded");
    }
    Ok(exit)
}
