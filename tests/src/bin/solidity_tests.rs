//! Runs the Solidity compiler's semantic tests on Tephra.
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use tephra_tests::solidity::{Solc, Verdict, read, run};
use tephra_yul::Options;
use tephra_yul::passes::Passes;

/// Runs the Solidity compiler's semantic tests: solc writes Yul, Tephra compiles it to Ewasm, and
/// each call has to give what the test says.
#[derive(Parser)]
struct Arguments {
    /// A folder of tests, or a test.
    path: PathBuf,
    /// What of solc's output is compiled: ir or irOptimized.
    #[arg(long, default_value = "ir")]
    from: String,
    /// Where solc is installed, with a worker.
    #[arg(long, default_value = "compiler/solc/worker.js")]
    solc: PathBuf,
    /// Where solc's output is kept, by hash.
    #[arg(long, default_value = "target/solc-cache")]
    cache: PathBuf,
    /// Runs one test of this many, and only those from --offset on.
    #[arg(long, default_value_t = 1)]
    every: usize,
    /// Which of them is the first.
    #[arg(long, default_value_t = 0)]
    offset: usize,
    /// Compiles without passes.
    #[arg(long)]
    plain: bool,
    /// Names the tests that are skipped, with reasons.
    #[arg(long)]
    skipped: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut files = Vec::new();
    collect(&arguments.path, &mut files);
    files.sort();
    let mut solc = Solc::new(&arguments.solc, Some(&arguments.cache));
    let passes = if arguments.plain { Passes::NONE } else { Passes::ALL };
    let options = Options { passes, ..Options::default() };
    let (mut passed, mut failed) = (0, 0);
    let mut skipped: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    let mut out = std::io::stdout().lock();
    for file in files.iter().skip(arguments.offset).step_by(arguments.every.max(1)) {
        let verdict = match fs::read_to_string(file) {
            Ok(text) => match read(&text, |path| external(file, path)) {
                Ok(test) => run(&test, &mut solc, &arguments.from, &options),
                Err(error) => Verdict::Failed(error),
            },
            Err(error) => Verdict::Failed(error.to_string()),
        };
        match verdict {
            Verdict::Passed => passed += 1,
            Verdict::Failed(error) => {
                failed += 1;
                let _ = writeln!(out, "FAILED {}: {error}", file.display());
            }
            Verdict::Skipped(reason) => skipped.entry(reason).or_default().push(file.clone()),
        }
    }
    if arguments.skipped {
        for (reason, files) in &skipped {
            let _ = writeln!(out, "skipped, {reason}:");
            for file in files {
                let _ = writeln!(out, "    {}", file.display());
            }
        }
    }
    let skipped: usize = skipped.values().map(Vec::len).sum();
    let _ = writeln!(out, "{passed} passed, {failed} failed, {skipped} skipped");
    if failed == 0 && passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_dir() {
        // What external sources are is no test.
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('_')) {
            return;
        }
        for entry in fs::read_dir(path).into_iter().flatten().flatten() {
            collect(&entry.path(), files);
        }
    } else if path.extension().is_some_and(|extension| extension == "sol") {
        files.push(path.into());
    }
}

fn external(test: &Path, path: &str) -> Option<String> {
    fs::read_to_string(test.parent()?.join(path)).ok()
}
