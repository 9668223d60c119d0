//! Real and generated modules, cut off or with bytes changed.
use std::fs;

use tephra_wasm_tests::generate::{self, Random};
use tephra_wasm_tests::shared;

use crate::run;

/// Versions of each module that are cut off somewhere, and that have bytes changed.
const CUTS: u64 = 40;
const CHANGES: u64 = 120;

#[test]
fn damaged_contracts_are_refused_or_run_to_an_end() {
    let mut contracts = 0;
    for name in ["fixtures/soll", "bench/pure", "bench/eei"] {
        let Some(directory) = shared::directory(name) else { continue };
        for path in shared::files(&directory, "wasm") {
            damage(&path.display().to_string(), &fs::read(&path).unwrap(), contracts);
            contracts += 1;
        }
    }
    println!("{contracts} contracts damaged");
}

#[test]
fn damaged_generated_modules_are_refused_or_run_to_an_end() {
    for seed in 2_000_000..2_000_040 {
        damage(&format!("seed {seed}"), &generate::from_seed(seed), seed);
    }
}

fn damage(what: &str, module: &[u8], seed: u64) {
    let mut random = Random::new(seed);
    for _ in 0..CUTS {
        let len = random.below(module.len() as u64) as usize;
        let what = format!("{what} cut off at {len}");
        run(&what, &module[..len], false);
        run(&what, &module[..len], true);
    }
    for _ in 0..CHANGES {
        let mut changed = module.to_vec();
        let mut what = what.to_owned();
        for _ in 0..1 + random.below(4) {
            let at = random.below(module.len() as u64) as usize;
            changed[at] ^= 1 << random.below(8);
            what += &format!(", byte {at} is {:#x}", changed[at]);
        }
        run(&what, &changed, false);
        // What was never validated may do anything but harm.
        run(&what, &changed, true);
    }
}
