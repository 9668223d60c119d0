//! Runs Ethereum's state tests on the engine.
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread::{self, JoinHandle};

use clap::Parser;
use serde_json::json;
use tephra_tests::evmc::LoadedVm;
use tephra_tests::state_test::{Execution, FormatError, Report, Runner, cases, json_files, read};

/// Run Ethereum state tests on the Tephra engine and compare state roots and log hashes.
///
/// Exit code: 0 when all tests pass, 1 when any fails, 2 when there is nothing to run or it is not
/// run to the end.
#[derive(Parser)]
#[command(name = "state-tests", version)]
struct Arguments {
    /// A state test file, or a directory that is searched for *.json
    dir: PathBuf,
    /// Only tests of this fork, as the tests name it: Byzantium, Istanbul, London, …
    #[arg(long)]
    fork: Option<String>,
    /// Only tests whose file or name contains this
    #[arg(long)]
    filter: Option<String>,
    /// One JSON object per test, and one for the totals at the end
    #[arg(long)]
    json: bool,
    /// Run the contracts on the EVMC machine of this library, with options after commas:
    /// ./libtephra.so,cache-size=1
    #[arg(long, value_name = "LIBRARY")]
    evmc: Option<String>,
    /// Meter instructions and memory; the public Ewasm tests were made without
    #[arg(long)]
    metering: bool,
    /// Name the tests that pass or are skipped, too
    #[arg(long, short)]
    verbose: bool,
}

/// Counts of tests by their result.
#[derive(Default)]
struct Totals {
    passed: usize,
    failed: usize,
    skipped: usize,
    /// Of those that ran: passed and all, where the first message succeeded, and where it did not.
    succeeding: (usize, usize),
    not_succeeding: (usize, usize),
}

impl Totals {
    fn add(&mut self, report: &Report) {
        let (execution, passed) = match report {
            Report::Passed(execution) => (Some(execution), 1),
            Report::Failed(_, execution) => (execution.as_ref(), 0),
            Report::Skipped(_) => {
                self.skipped += 1;
                return;
            }
        };
        self.passed += passed;
        self.failed += 1 - passed;
        let Some(execution) = execution else { return };
        let (passing, all) =
            if execution.is_success() { &mut self.succeeding } else { &mut self.not_succeeding };
        *passing += passed;
        *all += 1;
    }
}

struct Output {
    arguments: Arguments,
    totals: Totals,
    out: io::BufWriter<io::Stdout>,
}

/// What a client has on most systems; nested messages of an EVMC machine recurse on it.
const STACK: usize = 8 << 20;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match thread::Builder::new()
        .stack_size(STACK)
        .spawn(|| run(arguments))
        .map(JoinHandle::join)
    {
        Ok(Ok(result)) => result,
        Ok(Err(panic)) => std::panic::resume_unwind(panic),
        Err(error) => Err(error),
    };
    match result {
        Ok(code) => code,
        // The reader of the output has gone away, but not all tests ran.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::from(2),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: Arguments) -> io::Result<ExitCode> {
    let files = json_files(&arguments.dir).map_err(|error| {
        io::Error::new(error.kind(), format!("{}: {error}", arguments.dir.display()))
    })?;
    if files.is_empty() {
        return Err(io::Error::other(format!("{}: no *.json in it", arguments.dir.display())));
    }
    let runner = match &arguments.evmc {
        None => Runner::new(arguments.metering),
        Some(library) => Runner::with_library(load(library, arguments.metering)?),
    };
    let mut output =
        Output { arguments, totals: Totals::default(), out: io::BufWriter::new(io::stdout()) };
    for file in &files {
        run_file(&runner, file, &mut output)?;
    }
    output.finish()
}

/// Loads a library, and sets its options as a client does.
fn load(library: &str, metering: bool) -> io::Result<LoadedVm> {
    let mut parts = library.split(',');
    let path = parts.next().unwrap_or_default();
    let vm = LoadedVm::load(Path::new(path))
        .map_err(|error| io::Error::other(format!("{path}: {error}")))?;
    let metering = ["metering=false", "metering=true"][usize::from(metering)];
    for option in [metering].into_iter().chain(parts) {
        let (name, value) =
            option.split_once('=').map_or((option, None), |(name, value)| (name, Some(value)));
        if vm.set_option(name, value) != 0 {
            return Err(io::Error::other(format!(
                "{path}: the machine refuses the option {option}"
            )));
        }
    }
    eprintln!("contracts run on {}", vm.describe());
    Ok(vm)
}

fn run_file(runner: &Runner, file: &Path, output: &mut Output) -> io::Result<()> {
    let in_file_name = output.is_wanted(&file.to_string_lossy());
    let text = match std::fs::read(file) {
        Ok(text) => text,
        Err(error) => return output.broken_file(file, &error.to_string()),
    };
    let tests = match read(&text) {
        Ok(tests) => tests,
        Err(FormatError::Json(error)) => return output.broken_file(file, &error),
        Err(error) => return output.broken_file(file, &error.to_string()),
    };
    for case in cases(&tests) {
        let is_wanted = in_file_name || output.is_wanted(case.name);
        let is_fork =
            output.arguments.fork.as_ref().is_none_or(|fork| fork.eq_ignore_ascii_case(case.fork));
        if is_wanted && is_fork {
            let report = runner.run(&case);
            output.case(file, case.name, case.fork, case.index, &report)?;
        }
    }
    Ok(())
}

impl Output {
    fn is_wanted(&self, name: &str) -> bool {
        self.arguments.filter.as_ref().is_none_or(|filter| name.contains(filter))
    }

    /// A file that is no state test is a failed test.
    fn broken_file(&mut self, file: &Path, error: &str) -> io::Result<()> {
        if !self.is_wanted(&file.to_string_lossy()) {
            return Ok(());
        }
        self.totals.failed += 1;
        if self.arguments.json {
            let line =
                json!({ "file": file.to_string_lossy(), "result": "failed", "reasons": [error] });
            return writeln!(self.out, "{line}");
        }
        writeln!(self.out, "FAILED  {}: not a state test: {error}", file.display())
    }

    fn case(
        &mut self,
        file: &Path,
        name: &str,
        fork: &str,
        index: usize,
        report: &Report,
    ) -> io::Result<()> {
        self.totals.add(report);
        let (result, reasons, execution) = match report {
            Report::Passed(execution) => ("passed", Vec::new(), Some(execution)),
            Report::Failed(failures, execution) => {
                ("failed", failures.iter().map(ToString::to_string).collect(), execution.as_ref())
            }
            Report::Skipped(reason) => ("skipped", vec![(*reason).to_owned()], None),
        };
        let execution = execution.map(Execution::to_string);
        if self.arguments.json {
            let line = json!({
                "file": file.to_string_lossy(), "test": name, "fork": fork, "index": index,
                "result": result, "reasons": reasons, "execution": execution,
            });
            return writeln!(self.out, "{line}");
        }
        if result != "failed" && !self.arguments.verbose {
            return Ok(());
        }
        writeln!(
            self.out,
            "{:7} {name} [{fork} {index}] {}",
            result.to_uppercase(),
            file.display()
        )?;
        for reason in reasons {
            writeln!(self.out, "        {reason}")?;
        }
        match execution {
            Some(execution) => writeln!(self.out, "        execution: {execution}"),
            None => Ok(()),
        }
    }

    fn finish(mut self) -> io::Result<ExitCode> {
        let Totals { passed, failed, skipped, succeeding, not_succeeding } = self.totals;
        if self.arguments.json {
            let line = json!({
                "passed": passed, "failed": failed, "skipped": skipped,
                "executionSucceeds": { "passed": succeeding.0, "tests": succeeding.1 },
                "executionFails": { "passed": not_succeeding.0, "tests": not_succeeding.1 },
            });
            writeln!(self.out, "{line}")?;
        } else {
            writeln!(
                self.out,
                "execution succeeds in {} tests, of which {} pass; it fails in {} tests, of which \
                 {} pass",
                succeeding.1, succeeding.0, not_succeeding.1, not_succeeding.0
            )?;
            writeln!(self.out, "{passed} passed, {failed} failed, {skipped} skipped")?;
        }
        self.out.flush()?;
        if passed + failed + skipped == 0 {
            return Err(io::Error::other("no test has that fork and name"));
        }
        Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
