//! Random modules in our engine and in wasmtime, for as long as one likes.
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use tephra_wasm_tests::differential::{Summary, differential};
use tephra_wasm_tests::{generate, metering_check, verdict};

/// Changed versions of each module whose verdicts are compared.
const MUTANTS: usize = 20;

const HELP: &str = "\
Runs random modules in Tephra and in wasmtime and compares results, traps, memories, tables, \
globals and gas; and whether changed versions of them are valid, with wasmparser.

Usage: fuzz [--seconds N] [--seed N] [--out DIR]

  --seconds N   how long (default 60)
  --seed N      the first seed; the following are tried in order (default: the time)
  --out DIR     where a module that shows a difference is written (default: the current directory)

Exits with 1 at the first difference.";

struct Options {
    seconds: u64,
    seed: u64,
    out: PathBuf,
}

fn main() -> ExitCode {
    let options = match options(std::env::args().skip(1)) {
        Ok(Some(options)) => options,
        Ok(None) => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Err(message) => {
            eprintln!("{message}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    let start = Instant::now();
    let end = Duration::from_secs(options.seconds);
    let mut summary = Summary::default();
    let mut seed = options.seed;
    println!("first seed {seed}");
    while start.elapsed() < end {
        let module = generate::from_seed(seed);
        let mutants = verdict::compare_mutants(&module, seed, MUTANTS);
        if let Err((difference, mutant)) = mutants {
            let file = options.out.join(format!("verdict-{seed}.wasm"));
            println!("seed {seed}: {difference}");
            let written = std::fs::write(&file, mutant);
            println!("the module is in {}: {}", file.display(), written.is_ok());
            return ExitCode::FAILURE;
        }
        let result =
            differential(&module).and_then(|one| metering_check::check(&module).map(|_| one));
        match result {
            Ok(one) => summary.add(one),
            Err(difference) => {
                let file = options.out.join(format!("difference-{seed}.wasm"));
                println!("seed {seed}: {difference}");
                match std::fs::write(&file, &module) {
                    Ok(()) => println!("the module is in {}", file.display()),
                    Err(error) => {
                        println!("the module cannot be written to {}: {error}", file.display())
                    }
                }
                return ExitCode::FAILURE;
            }
        }
        seed = seed.wrapping_add(1);
    }
    println!("{summary}");
    ExitCode::SUCCESS
}

fn options(mut args: impl Iterator<Item = String>) -> Result<Option<Options>, String> {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |time| time.as_nanos() as u64);
    let mut options = Options { seconds: 60, seed: now, out: PathBuf::from(".") };
    while let Some(name) = args.next() {
        if name == "--help" || name == "-h" {
            return Ok(None);
        }
        let value = args.next().ok_or_else(|| format!("{name} needs a value"))?;
        let number = || value.parse().map_err(|_| format!("{name} needs a number, not {value:?}"));
        match name.as_str() {
            "--seconds" => options.seconds = number()?,
            "--seed" => options.seed = number()?,
            "--out" => options.out = PathBuf::from(&value),
            _ => return Err(format!("unknown option {name}")),
        }
    }
    Ok(Some(options))
}
