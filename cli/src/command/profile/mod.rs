//! `tephra profile`.
mod flamegraph;

use std::fs;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use tephra::chain::Chain;
use tephra::database::{Access, Database};
use tephra::names::Names;
use tephra::profile::{Cost, Profiler};
use tephra::report::Report;
use tephra::text::plain;

use super::error::{Error, Exit, Result};
use super::options::{EngineOptions, Global, TransactionOptions};
use super::output::Output;
use super::report;
use super::words::{self, Subject};

/// Show which functions use the gas of a transaction.
///
/// The transaction runs without changing the state. Prints the functions that cost most; with -o
/// also draws a flame graph, in which the width of a function is the gas of its calls and of their
/// callees.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Profile {
    #[command(flatten)]
    pub subject: Subject,
    /// Write the flame graph to this file (SVG, for a browser).
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// How many functions to list.
    #[arg(long, value_name = "N", default_value_t = 15)]
    pub top: usize,
    #[command(flatten)]
    pub transaction: TransactionOptions,
    #[command(flatten)]
    pub engine: EngineOptions,
}

const EXAMPLES: &str = "\
Examples:
  tephra profile token transfer bob 3 -o gas.svg
  tephra profile --deploy token.wasm Token TOK 18 1000 --top 5

Names of functions come from the module's custom section `name`, which compilers write only if told
to.";

#[derive(Serialize)]
struct Json<'a> {
    functions: &'a [Cost],
    #[serde(flatten)]
    report: &'a Report,
}

/// Runs the command.
pub fn run(args: &Profile, global: &Global, out: &mut Output) -> Result<Exit> {
    let chain = Chain::new(Database::open(&global.state, Access::Read)?, args.engine.options());
    let snapshot = chain.database().snapshot()?;
    let names = Names::of(&snapshot)?;
    let prepared = words::subject(&chain, &snapshot, &names, &args.subject, &args.transaction)?;
    let mut profiler = Profiler::new(&chain, &snapshot, &names, prepared.request.gas);
    let executed = chain.run(&prepared.request, &mut profiler)?;
    let report = Report::new(&prepared.request, &prepared.target, &executed, &snapshot);
    let tree = profiler.finish();
    let costs = tree.costs();
    let listed = costs.get(..args.top.min(costs.len())).unwrap_or_default();
    if let Some(file) = &args.output {
        let drawing = flamegraph::draw(&tree, &prepared.title);
        fs::write(file, drawing).map_err(|error| {
            Error::input(file.display().to_string(), format!("cannot be written: {error}"))
        })?;
    }
    if out.json {
        out.object(&Json { functions: listed, report: &report })?;
        return Ok(report::exit(&report));
    }
    out.heading(format_args!(
        "{:>12} {:>6} {:>12} {:>8}  function",
        "gas", "", "with callees", "calls"
    ))?;
    let total = tree.total().max(1);
    for cost in listed {
        let percent = cost.gas as f64 * 100.0 / total as f64;
        out.line(format_args!(
            "{:>12} {percent:>5.1}% {:>12} {:>8}  {}",
            cost.gas,
            cost.gas_with_callees,
            cost.calls,
            plain(&cost.name)
        ))?;
    }
    if listed.len() < costs.len() {
        out.line(format_args!("and {} more", costs.len() - listed.len()))?;
    }
    report::show_outcome(&report, &names, out)?;
    if let Some(file) = &args.output {
        out.field("drawn", file.display())?;
    }
    report::show_error(&report, out)?;
    Ok(report::exit(&report))
}
