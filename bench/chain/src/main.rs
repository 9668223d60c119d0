//! `tephra-bench-chain`: token transfers per second of block execution, in runtimes' WebAssembly
//! blobs.
use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Parser;
use tephra_bench_chain::{
    Result,
    measure::{Effort, measure, signature_time},
    report::Report,
    revive, tephra,
    user::User,
    work::Subject,
};
use tephra_bench_report::{Machine, documents};
use tephra_chain_tests::blob::Blob;

/// Measures token transfers per second of block execution. `scripts/throughput` builds all that it
/// needs, and runs it.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The blob of the runtime of node-template/
    #[arg(long, value_name = "BLOB")]
    tephra: PathBuf,
    /// The blob of the runtime with pallet-revive
    #[arg(long, value_name = "BLOB")]
    revive: Option<PathBuf>,
    /// Another blob of the runtime of node-template/, to compare with
    #[arg(long, value_name = "BLOB")]
    before: Option<PathBuf>,
    /// A look: fewer rounds, smaller blocks, fewer users
    #[arg(long)]
    quick: bool,
    /// Only works whose names contain one of these
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// Rounds
    #[arg(long, value_name = "NUMBER")]
    rounds: Option<usize>,
    /// Transactions in a block
    #[arg(long, value_name = "NUMBER")]
    transactions: Option<usize>,
    /// Users who hold tokens
    #[arg(long, value_name = "NUMBER")]
    users: Option<usize>,
    /// Also tell what each transaction asks of the state
    #[arg(long)]
    accesses: bool,
    /// Write all numbers to a file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Put the tables into a document, between <!-- throughput --> and <!-- end of throughput -->
    #[arg(long, value_name = "FILE")]
    document: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    let effort = if arguments.quick { Effort::QUICK } else { Effort::FULL };
    let effort = Effort {
        rounds: arguments.rounds.unwrap_or(effort.rounds),
        transactions: arguments.transactions.unwrap_or(effort.transactions),
        users: arguments.users.unwrap_or(effort.users),
    };
    let number = u32::try_from(effort.users).map_err(|_| "too many users")?;
    let users: Vec<User> = (0..number).map(User::number).collect();
    if users.len() < 2 {
        return Err("a transfer takes two users".into());
    }

    let tephra_blob = blob(&arguments.tephra)?;
    let revive_blob = arguments.revive.as_deref().map(blob).transpose()?;
    let before_blob = arguments.before.as_deref().map(blob).transpose()?;
    let mut missing = Vec::new();
    let mut subjects = Vec::new();
    eprintln!("making the chains ready");
    subjects.push(tephra::subject("node-template", &tephra_blob, &users)?);
    if !subjects.iter().any(|subject| subject.works.iter().any(|work| work.name == "soll")) {
        missing.push("a token compiled by SOLL, since the public data are not there".into());
    }
    match &revive_blob {
        Some(blob) => subjects.push(revive::subject("pallet-revive 0.20.2", blob, &users)?),
        None => missing.push("`pallet-revive`, since no blob of it was given".into()),
    }
    if let Some(blob) = &before_blob {
        subjects.push(tephra::subject("before", blob, &users)?);
    }
    for subject in &mut subjects {
        select(subject, &arguments.only);
    }

    let rows = measure(&mut subjects, effort, &mut |line| eprintln!("{line}"))?;
    let report =
        Report { machine: Machine::now(), effort, rows, signature: signature_time(), missing };
    let text = report.text();
    print!("{text}");
    if arguments.accesses {
        print!("{}", report.accesses());
    }
    if let Some(path) = &arguments.json {
        let json = format!("{:#}\n", report.json());
        fs::write(path, json).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    arguments.document.as_ref().map_or(Ok(()), |path| documents::put(path, "throughput", &text))
}

fn blob(path: &Path) -> Result<Blob> {
    Blob::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// The first work stays: it is what all others are compared with.
fn select(subject: &mut Subject<'_>, only: &[String]) {
    let mut first = subject.name == "node-template";
    let wanted =
        |name: &str| only.is_empty() || only.iter().any(|only| name.contains(only.as_str()));
    subject.works.retain(|work| std::mem::take(&mut first) || wanted(work.name));
}
