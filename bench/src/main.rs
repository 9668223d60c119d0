//! `tephra-bench`: Tephra beside other WebAssembly engines on contract work.
mod arguments;
mod error;
mod measure;
mod peers;
mod report;
mod statistics;
mod workloads;

use std::process::ExitCode;

use clap::Parser;

use arguments::Arguments;
use error::{Error, Result};
use measure::{Effort, Phase, guarded};
use peers::Peer;
use report::{Cell, Environment, Report};
use tephra_bench_common::Ended;
use workloads::Workload;

fn main() -> ExitCode {
    // Peers that panic are told of in the table.
    std::panic::set_hook(Box::new(|_| {}));
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    let all_peers = peers::all();
    let reference = reference(&all_peers)?;
    let engine = reference.engine.as_ref().map_err(|reason| Error::new(*reason))?;
    let mut workloads = workloads::all(&**engine, arguments.dir.as_deref())?;
    if let Some(only) = &arguments.only {
        workloads.retain(|workload| workload.name.contains(only));
    }
    let wanted = |peer: &&Peer| arguments.peer.is_empty() || arguments.peer.iter().any(|name| peer.name.contains(name));
    let peers: Vec<&Peer> = all_peers.iter().filter(wanted).collect();
    if workloads.is_empty() || peers.is_empty() {
        return Err(Error::new("nothing is left to measure"));
    }
    let effort = if arguments.quick { Effort::QUICK } else { Effort::FULL };
    let phases = if arguments.phase.is_empty() { &Phase::ALL[..] } else { &arguments.phase };
    let mut cells = Vec::new();
    for (number, workload) in workloads.iter().enumerate() {
        eprintln!("[{}/{}] {}", number + 1, workloads.len(), workload.name);
        let expected = expected(workload, reference)?;
        for phase in phases {
            let times = measure::measure(workload, &expected, &peers, *phase, effort);
            cells.push(Cell { workload: workload.name.clone(), phase: *phase, times });
        }
    }
    let report = Report::new(Environment::now(effort), &peers, cells);
    report.print(reference.name);
    if let Some(path) = &arguments.json {
        report.write_json(path)?;
    }
    if let Some(path) = &arguments.svg {
        report.write_svg(path)?;
    }
    report.verdict()
}

/// Who says how a job ends where nobody has written it down: an engine that shares no code with this one, if there is one.
fn reference(peers: &[Peer]) -> Result<&Peer> {
    let named = ["wasmtime-cranelift", "wasmi-eager", "tephra"].into_iter();
    let found = named.filter_map(|name| peers.iter().find(|peer| peer.name == name)).find(|peer| peer.engine.is_ok());
    found.ok_or_else(|| Error::new("there is no engine"))
}

fn expected(workload: &Workload, reference: &Peer) -> Result<Ended> {
    match (&workload.expected, &reference.engine) {
        (Some(expected), _) => Ok(expected.clone()),
        (None, Ok(engine)) => guarded(|| workload.run_once(&**engine)),
        (None, Err(reason)) => Err(Error::new(*reason)),
    }
    .map_err(|error| Error::new(format!("{} has no result: {error}", workload.name)))
}
