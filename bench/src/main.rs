//! `tephra-bench`: Tephra beside other WebAssembly engines on contract work.
mod allocator;
mod arguments;
#[cfg(feature = "evmc")]
mod boundary;
mod classes;
mod error;
#[cfg(feature = "wasmtime")]
mod inside;
mod instructions;
mod measure;
mod one;
mod peers;
mod report;
mod workloads;

use std::path::Path;
use std::process::{Command, ExitCode};

use clap::Parser;
use tephra_bench_common::tephra::Tephra;
use tephra_bench_common::{Ended, Engine};
use tephra_bench_report::documents;

use arguments::Arguments;
use error::{Error, Result};
use measure::{Effort, Phase, Subject, Times, guarded, interleave};
use peers::Peer;
use report::{Cell, Column, Environment, MemoryCell, NATIVE, Report};
use workloads::Workload;

#[cfg(not(feature = "wasmtime"))]
const NO_WASMTIME: &str = "to run engines inside WebAssembly, build with the feature `wasmtime`";

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
    if arguments.classes {
        return match &arguments.inside {
            #[cfg(feature = "wasmtime")]
            Some(directory) => {
                tell(arguments, "classes inside", &inside::classes(directory, arguments.quick)?)
            }
            #[cfg(not(feature = "wasmtime"))]
            Some(_) => Err(Error::new(NO_WASMTIME)),
            None => tell(
                arguments,
                "classes",
                &classes::report(arguments.quick, &mut classes::natively)?,
            ),
        };
    }
    if let Some(library) = &arguments.boundary {
        #[cfg(feature = "evmc")]
        return tell(arguments, "boundary", &boundary::report(library, arguments.quick)?);
        #[cfg(not(feature = "evmc"))]
        return Err(Error::new(format!(
            "to measure {}, build with the feature `evmc`",
            library.display()
        )));
    }
    if arguments.instructions {
        return instructions::check(arguments.bless);
    }
    let peers = peers::all();
    if let Some(one) = &arguments.one {
        return run_one(one, arguments, &peers);
    }
    let reference = reference(&peers)?;
    let workloads = workloads(arguments, reference)?;
    let effort = if arguments.quick { Effort::QUICK } else { Effort::FULL };
    let effort = Effort { rounds: arguments.rounds.unwrap_or(effort.rounds), ..effort };
    let report = match &arguments.inside {
        #[cfg(feature = "wasmtime")]
        Some(directory) => inside::report(directory, &workloads, reference.name, effort)?,
        #[cfg(not(feature = "wasmtime"))]
        Some(_) => return Err(Error::new(NO_WASMTIME)),
        None => native(arguments, &peers, &workloads, reference, effort)?,
    };
    if let Some(path) = &arguments.json {
        report.write_json(path)?;
    }
    if let Some(path) = &arguments.svg {
        report.write_svg(path)?;
    }
    print!("{}", report.text());
    if let Some(path) = &arguments.document {
        let name = if arguments.inside.is_some() { "inside" } else { "native" };
        put(path, name, &report.summary())?;
    }
    report.verdict()
}

/// Prints something, and puts it into the document if there is one.
fn tell(arguments: &Arguments, name: &str, text: &str) -> Result<()> {
    print!("{text}");
    arguments.document.as_ref().map_or(Ok(()), |path| put(path, name, text))
}

fn put(path: &Path, name: &str, text: &str) -> Result<()> {
    documents::put(path, name, text).map_err(Error::new)
}

/// The workloads that are asked for, and how they have to end.
fn workloads(arguments: &Arguments, reference: &Peer) -> Result<Vec<(Workload, Ended)>> {
    let engine = engine_of(reference)?;
    let all = workloads::all(engine, arguments.dir.as_deref())?;
    let wanted = |workload: &Workload| {
        arguments.only.as_ref().is_none_or(|only| workload.name.contains(only))
    };
    let wanted: Vec<_> = all
        .into_iter()
        .filter(wanted)
        .map(|it| with_expected(it, engine))
        .collect::<Result<_>>()?;
    if wanted.is_empty() {
        return Err(Error::new("no workload has such a name"));
    }
    Ok(wanted)
}

fn with_expected(workload: Workload, reference: &dyn Engine) -> Result<(Workload, Ended)> {
    let expected = match &workload.expected {
        Some(expected) => expected.clone(),
        None => guarded(|| workload.run_once(reference))
            .map_err(|error| Error::new(format!("{} has no result: {error}", workload.name)))?,
    };
    Ok((workload, expected))
}

/// The engine whose results are expected where a workload names none: one that shares no code with
/// this one, if there is one.
fn reference(peers: &[Peer]) -> Result<&Peer> {
    let named = ["wasmtime-cranelift", "wasmi-eager", "tephra"].into_iter();
    let found = named
        .filter_map(|name| peers.iter().find(|peer| peer.name == name))
        .find(|peer| peer.engine.is_ok());
    found.ok_or_else(|| Error::new("there is no engine"))
}

fn engine_of(peer: &Peer) -> Result<&dyn Engine> {
    peer.engine.as_ref().map(|engine| &**engine).map_err(|reason| Error::new(*reason))
}

fn native(
    arguments: &Arguments,
    peers: &[Peer],
    workloads: &[(Workload, Ended)],
    reference: &Peer,
    effort: Effort,
) -> Result<Report> {
    let wanted = |peer: &&Peer| {
        arguments.peer.is_empty() || arguments.peer.iter().any(|name| peer.name.contains(name))
    };
    let peers: Vec<&Peer> = peers.iter().filter(wanted).collect();
    if peers.is_empty() {
        return Err(Error::new("no engine has such a name"));
    }
    let phases = if arguments.phase.is_empty() { &Phase::ALL[..] } else { &arguments.phase };
    let (mut cells, mut memory) = (Vec::new(), Vec::new());
    for (number, (workload, expected)) in workloads.iter().enumerate() {
        eprintln!("[{}/{}] {}", number + 1, workloads.len(), workload.name);
        // Peers whose process ends are found out in one that may.
        let ends: Vec<Option<String>> =
            peers.iter().map(|peer| ends_process(workload, peer, arguments)).collect();
        for phase in
            phases.iter().filter(|phase| **phase != Phase::Again || !workload.has_imports())
        {
            let times = measure(workload, expected, &peers, &ends, *phase, effort);
            cells.push(Cell { workload: workload.name.clone(), phase: *phase, times });
        }
        if arguments.phase.is_empty() {
            let kibibytes = peers.iter().map(|peer| memory_of(workload, peer, arguments)).collect();
            memory.push(MemoryCell { workload: workload.name.clone(), kibibytes });
        }
    }
    Ok(Report {
        title: "Tephra beside other WebAssembly engines",
        environment: Environment::now(effort),
        reference: reference.name.into(),
        columns: peers.iter().map(|peer| Column::from(*peer)).collect(),
        cells,
        memory,
        comparisons: NATIVE,
    })
}

fn measure(
    workload: &Workload,
    expected: &Ended,
    peers: &[&Peer],
    ends: &[Option<String>],
    phase: Phase,
    effort: Effort,
) -> Vec<Times> {
    let subjects = peers.iter().zip(ends).map(|(peer, ends)| {
        if let Some(reason) = ends {
            return Err(Error::new(reason));
        }
        let engine = engine_of(peer)?;
        let subject = guarded(|| Subject::new(&workload.task, expected, engine, phase))?;
        Ok(Box::new(subject) as Box<dyn measure::Timed + '_>)
    });
    interleave(subjects.collect(), effort)
}

/// How an engine that is not this one ends the process that it does a job in, if it does.
fn ends_process(workload: &Workload, peer: &Peer, arguments: &Arguments) -> Option<String> {
    if peer.package == "tephra-core" || peer.engine.is_err() {
        return None;
    }
    let output = one_command(workload, peer, arguments, Phase::Warm.name())
        .and_then(|mut it| Ok(it.output()?))
        .ok()?;
    output.status.code().is_none().then(|| format!("it ends the process: {}", output.status))
}

fn one_command(
    workload: &Workload,
    peer: &Peer,
    arguments: &Arguments,
    phase: &str,
) -> Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["--one", &workload.name, peer.name, phase]);
    if let Some(directory) = &arguments.dir {
        command.arg("--dir").arg(directory);
    }
    Ok(command)
}

/// Memory is measured in a process of its own: nothing is left from before.
fn memory_of(
    workload: &Workload,
    peer: &Peer,
    arguments: &Arguments,
) -> std::result::Result<u64, String> {
    engine_of(peer).map_err(|error| error.to_string())?;
    let run = || -> Result<u64> {
        let output = one_command(workload, peer, arguments, "memory")?.output()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.trim().parse().map_err(|_| Error::new(String::from_utf8_lossy(&output.stderr).trim()))
    };
    run().map_err(|error| error.to_string())
}

fn run_one(one: &[String], arguments: &Arguments, peers: &[Peer]) -> Result<()> {
    if arguments.evenly {
        allocator::count_evenly()?;
    }
    let [name, peer, phase] = one else {
        return Err(Error::new("--one takes a workload, an engine and a phase"));
    };
    let peer = peers
        .iter()
        .find(|it| it.name == peer)
        .ok_or_else(|| Error::new("no engine has this name"))?;
    // The reference is the cheapest engine here: what it leaves behind is in the way of what is
    // measured.
    let reference = &Tephra::METERED;
    let all = workloads::all(reference, arguments.dir.as_deref())?;
    let workload = all.into_iter().find(|workload| workload.name == *name);
    let workload = workload.ok_or_else(|| Error::new("no workload has this name"))?;
    let (workload, expected) = with_expected(workload, reference)?;
    let engine = engine_of(peer)?;
    if phase == "memory" {
        println!("{}", guarded(|| one::memory(&workload, &expected, engine))?);
        return Ok(());
    }
    let phase = Phase::ALL
        .into_iter()
        .find(|it| it.name() == phase)
        .ok_or_else(|| Error::new("no such phase"))?;
    guarded(|| one::run(&workload, &expected, engine, phase))
}
