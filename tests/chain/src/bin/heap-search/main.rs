//! Searches for the blocks that take most of the runtime's heap: see
//! [`tephra_chain_tests::heap_search`].
//!
//! Arguments: `--rounds N` (40), `--seed N` (0). Ends with a failure when a block takes more than
//! the heap in which blocks are built, or cannot be built or imported.
use std::process::ExitCode;

use tephra_chain_tests::heap_search::{HEAP, search};

fn main() -> ExitCode {
    tephra_chain_tests::exit(run())
}

fn run() -> Result<(), String> {
    let (mut rounds, mut seed) = (40, 0);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words.next().ok_or(format!("{word} needs a value"))?;
        let value = value.parse().map_err(|_| format!("not a number: {value}"))?;
        match word.as_str() {
            "--rounds" => rounds = value,
            "--seed" => seed = value,
            _ => return Err(format!("unknown: {word}. There are --rounds and --seed")),
        }
    }
    let found = search(rounds, seed, |round, heap| eprintln!("round {round}: {heap:?}"))?;
    let pages = |bytes: u32| bytes.div_ceil(64 << 10);
    println!(
        "{rounds} blocks from seed {seed}: at most {} pages of the heap in building, {} in \
         importing, of {}",
        pages(found.most.building),
        pages(found.most.importing),
        pages(HEAP)
    );
    println!("{:#?}", found.block);
    Ok(())
}
