//! How long blocks of the worst contracts take, beside what they weigh: `scripts/block-time`.
//!
//! Each case is a chain of its own, with contracts in genesis and one block of calls. The block is
//! built, and then executed in the blob as on import by a node, on a trie in memory, the root
//! of the state included. What the block weighs in the end is what room it took in a block; where
//! it takes longer than that, a full block takes longer than blocks may.
//!
//! Arguments: `--only WORDS` for the cases whose name has the words, `--rounds N`, `--document
//! FILE` to put the table between `<!-- block time -->` and `<!-- end of block time -->`.
mod cases;
mod module;
mod report;

use std::{fs, process::ExitCode};

use codec::Decode;
use pallet_ewasm::Call;
use sp_keyring::Sr25519Keyring::Alice;
use sp_runtime::{ApplyExtrinsicResult, DispatchError};
use tephra_chain_tests::Chain;
use tephra_runtime::{Runtime, RuntimeCall};

use cases::Case;
use report::Row;

fn main() -> ExitCode {
    tephra_chain_tests::exit(run())
}

fn run() -> Result<(), String> {
    let (mut only, mut rounds, mut document) = (String::new(), 3, None);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words.next().ok_or(format!("{word} needs a value"))?;
        match word.as_str() {
            "--only" => only = value,
            "--rounds" => rounds = value.parse().map_err(|_| format!("not a number: {value}"))?,
            "--document" => document = Some(value),
            _ => return Err(format!("unknown: {word}. There are --only, --rounds and --document")),
        }
    }
    let mut rows = Vec::new();
    for case in cases::all() {
        if case.name.contains(&only) {
            let row = measure(case, rounds)?;
            eprintln!("{row}");
            rows.push(row);
        }
    }
    let table = report::table(&rows);
    match document {
        Some(path) => {
            let text = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
            fs::write(&path, report::place(&text, &table)?)
                .map_err(|error| format!("{path}: {error}"))
        }
        None => {
            print!("{table}");
            Ok(())
        }
    }
}

/// Makes the case's block, and executes it `rounds` times.
fn measure(case: Case, rounds: u32) -> Result<Row, String> {
    let Case { name, contracts, calls } = case;
    let mut chain = Chain::start_with("dev", |config| {
        let list = config["ewasm"]["contracts"]
            .as_array_mut()
            .expect("the runtime has contracts in genesis");
        list.extend(contracts.iter().map(cases::Contract::json));
    });
    let count = calls.len();
    let limits: Vec<u64> = calls.iter().map(gas_limit).collect();
    let block = chain.timed_block(calls.into_iter().map(|call| (Alice, call)), rounds);
    let included = block.results.iter().filter(|result| result.is_ok()).count();
    if included == 0 {
        return Err(format!("{name}: no transaction is in the block: {:?}", block.results));
    }
    let mut outcomes: Vec<String> = block.results.iter().map(outcome).collect();
    // Who runs out of gas has used it all, and has no event that says so.
    let spent = outcomes
        .iter()
        .zip(limits)
        .filter(|(outcome, _)| *outcome == "OutOfGas")
        .map(|(_, limit)| limit);
    let gas = block.gas_used().into_iter().chain(spent).sum();
    outcomes.dedup();
    // The first is the inherent that sets the time.
    let weight = block.weights().iter().skip(1).map(|weight| weight.ref_time()).sum::<u64>();
    Ok(Row {
        name,
        outcome: format!("{included} of {count}: {}", outcomes.join(", ")),
        gas,
        weight: weight as f64 / 1e12,
        time: block.import.as_secs_f64(),
    })
}

fn gas_limit(call: &RuntimeCall) -> u64 {
    match call {
        RuntimeCall::Ewasm(Call::call { gas_limit, .. } | Call::create { gas_limit, .. }) => {
            *gas_limit
        }
        _ => 0,
    }
}

/// How a transaction ended, in a word.
fn outcome(result: &ApplyExtrinsicResult) -> String {
    match result {
        Ok(Ok(())) => "success".into(),
        Ok(Err(DispatchError::Module(error))) => {
            match pallet_ewasm::Error::<Runtime>::decode(&mut &error.error[..]) {
                Ok(error) => format!("{error:?}"),
                Err(_) => format!("{error:?}"),
            }
        }
        Ok(Err(error)) => format!("{error:?}"),
        Err(_) => "no room".into(),
    }
}
