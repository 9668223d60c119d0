//! Runs the benchmarks of `pallet-ewasm` in the runtime's blob and writes what they gave as
//! weights: `scripts/pallet-weights`, which makes the blob.
//!
//! What `frame-benchmarking-cli` does for any runtime, for this one: each benchmark runs in the
//! blob, by an executor with a node's host functions, on a state that counts what is read and
//! written.
mod arguments;
mod render;
mod runner;

use std::{fs, process::ExitCode};

use arguments::Arguments;
use runner::Runner;

fn main() -> ExitCode {
    tephra_chain_tests::exit(run())
}

fn run() -> Result<(), String> {
    let arguments = Arguments::parse(std::env::args().skip(1))?;
    let code = fs::read(&arguments.blob)
        .map_err(|error| format!("{}: {error}", arguments.blob.display()))?;
    let runner = Runner::new(code, &arguments.blob)?;
    let mut measured: Vec<_> =
        runner.benchmarks()?.into_iter().map(|benchmark| (benchmark, Vec::new())).collect();
    // One round after the other, so that what disturbs a machine for a while is in one of them.
    for _ in 0..arguments.rounds {
        for (benchmark, rounds) in &mut measured {
            let results = runner.run(benchmark, arguments.steps, arguments.repeat)?;
            eprintln!("{}: {} runs", benchmark.name, results.times.len());
            rounds.push(results);
        }
    }
    let Some(output) = &arguments.output else { return Ok(()) };
    let text = render::file(&measured, &arguments)?;
    fs::write(output, text).map_err(|error| format!("{}: {error}", output.display()))
}
