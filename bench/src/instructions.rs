//! Instructions that fixed workloads take, counted by callgrind: the check without noise. They are
//! compared with a file of the project.
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::workloads::root;

/// What is counted: small enough for a tool that is fifty times slower than the processor, and not
/// dependent on public data.
const COUNTED: &[(&str, &str)] = &[
    ("token/deploy", "cold"),
    ("token/transfer", "validate"),
    ("token/transfer", "cold"),
    ("token/transfer", "warm"),
    ("token/transfer", "instantiate"),
    ("token/balanceOf", "warm"),
    ("nested_calls_64", "warm"),
    ("one_megabyte", "warm"),
    ("functions_10k/all", "cold"),
    ("functions_10k/all", "warm"),
    ("storage_reads_100k", "warm"),
    ("sixteen_pages", "warm"),
];

/// The counts to compare with.
#[derive(Debug, Default, Deserialize, Serialize)]
struct Baseline {
    /// How many times as many instructions are still no regression: 1.03 is 3 %.
    tolerance: f64,
    /// The compiler whose code was counted, as it calls itself. Another one makes other code.
    #[serde(default)]
    compiler: String,
    /// Instructions by workload and phase.
    instructions: BTreeMap<String, u64>,
}

fn path() -> PathBuf {
    root().join("bench/baseline.json")
}

/// Counts, and compares with the baseline, or makes it the new one.
///
/// # Errors
/// When a workload takes more instructions than it may.
pub fn check(bless: bool) -> Result<()> {
    if Command::new("valgrind").arg("--version").stdout(Stdio::null()).status().is_err() {
        println!("SKIPPED: instructions are not counted, as valgrind is not installed");
        return Ok(());
    }
    let mut baseline: Baseline = match fs::read_to_string(path()) {
        Ok(text) => serde_json::from_str(&text).map_err(|error| Error::new(error.to_string()))?,
        Err(_) => Baseline { tolerance: 1.03, ..Baseline::default() },
    };
    let compiler = compiler()?;
    if baseline.compiler != compiler && !bless {
        println!(
            "SKIPPED: instructions are not counted, as bench/baseline.json is for {}, and this is \
             {compiler}",
            baseline.compiler
        );
        return Ok(());
    }
    baseline.compiler = compiler;
    let mut worse = Vec::new();
    println!("| workload | phase | instructions | before | ratio |\n|---|---|--:|--:|--:|");
    for (workload, phase) in COUNTED {
        let found = count(workload, phase)?;
        let name = format!("{workload} {phase}");
        let before = baseline.instructions.get(&name).copied();
        let ratio = before.map_or(1.0, |before| found as f64 / before as f64);
        println!("| {workload} | {phase} | {found} | {} | {ratio:.3} |", before.unwrap_or(found));
        if ratio > baseline.tolerance {
            worse.push(format!("{name} {ratio:.3}"));
        }
        if bless {
            baseline.instructions.insert(name, found);
        } else if before.is_none() {
            return Err(Error::new(format!("{name} has no baseline; make one with --bless")));
        }
    }
    if bless {
        let text = serde_json::to_string_pretty(&baseline)
            .map_err(|error| Error::new(error.to_string()))?;
        fs::write(path(), text + "\n")?;
        println!("\nThese are the new baseline.");
    } else if !worse.is_empty() {
        let tolerance = baseline.tolerance;
        return Err(Error::new(format!(
            "more than {tolerance} times the instructions of bench/baseline.json: {}; if there is \
             a reason, make a new one with --bless",
            worse.join(", ")
        )));
    }
    Ok(())
}

/// Returns the compiler's name and version.
fn compiler() -> Result<String> {
    let program = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(program).arg("--version").current_dir(root()).output()?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn count(workload: &str, phase: &str) -> Result<u64> {
    let out = std::env::temp_dir().join(format!("tephra-bench.{}.callgrind", std::process::id()));
    let status = Command::new("valgrind")
        .args(["--tool=callgrind", "--quiet", "--toggle-collect=*measured_work*"])
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(std::env::current_exe()?)
        .args(["--evenly", "--one", workload, "tephra", phase])
        .status()?;
    let text = fs::read_to_string(&out).unwrap_or_default();
    let _ = fs::remove_file(&out);
    if !status.success() {
        return Err(Error::new(format!("{workload} {phase} failed under valgrind")));
    }
    let total = text
        .lines()
        .find_map(|line| line.strip_prefix("totals: ").or_else(|| line.strip_prefix("summary: ")));
    let total = total.and_then(|total| total.trim().parse().ok()).filter(|total| *total > 0);
    total.ok_or_else(|| Error::new(format!("callgrind counted nothing for {workload} {phase}")))
}
