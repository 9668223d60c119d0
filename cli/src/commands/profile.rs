//! `tephra profile`.
use std::fs;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use crate::args::{EngineOptions, Global, Subject, TransactionOptions};
use crate::chain::Chain;
use crate::database::{Access, Database};
use crate::error::{Error, Exit, Result};
use crate::flamegraph;
use crate::names::Names;
use crate::output::{Output, plain};
use crate::prepare;
use crate::profile::{Cost, Profiler};
use crate::report::Report;

/// Show which functions the gas of a transaction goes to.
///
/// The transaction is tried and then forgotten: the state does not change. Prints the functions
/// that cost most; with -o also draws a flame graph, in which the width of a function is the gas of
/// its calls and of what they call.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Profile {
    #[command(flatten)]
    pub subject: Subject,
    /// Where to write the flame graph (SVG); a browser shows it.
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

Names of functions come from the module's custom section `name`, which compilers leave out unless told otherwise.";

#[derive(Serialize)]
struct Json<'a> {
    functions: &'a [Cost],
    #[serde(flatten)]
    report: &'a Report,
}

/// Does it.
pub fn run(args: &Profile, global: &Global, out: &mut Output) -> Result<Exit> {
    let chain = Chain::new(Database::open(&global.state, Access::Read)?, &args.engine);
    let snapshot = chain.database.snapshot()?;
    let names = Names::of(&snapshot)?;
    let prepared = prepare::subject(&chain, &snapshot, &names, &args.subject, &args.transaction)?;
    let mut profiler = Profiler::new(&chain, &snapshot, &names, prepared.request.gas);
    let executed = chain.run(&prepared.request, &mut profiler)?;
    let report = Report::new(&prepared, &executed, &snapshot);
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
        return Ok(report.exit());
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
    report.show_outcome(out, &names)?;
    if let Some(file) = &args.output {
        out.field("drawn", file.display())?;
    }
    report.complain(out)?;
    Ok(report.exit())
}
