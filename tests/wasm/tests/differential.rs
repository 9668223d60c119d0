//! Generated modules behave in our engine as in wasmtime. For a long run with other modules: `cargo
//! run --release -p tephra-wasm-tests --bin fuzz`.
use tephra_wasm_tests::differential::{Summary, differential};
use tephra_wasm_tests::generate;

/// Modules of one test.
const MODULES: u64 = 500;

#[test]
fn generated_modules_behave_as_in_wasmtime() {
    compare(0);
}

#[test]
fn more_generated_modules_behave_as_in_wasmtime() {
    compare(MODULES);
}

/// Compares the modules of the seeds from `first` on, and sees to it that they are worth comparing.
fn compare(first: u64) {
    let mut summary = Summary::default();
    let mut differences = Vec::new();
    for seed in first..first + MODULES {
        match differential(&generate::from_seed(seed)) {
            Ok(one) => summary.add(one),
            Err(difference) => differences.push(format!("seed {seed}: {difference}")),
        }
    }
    println!("{summary}");
    assert!(
        differences.is_empty(),
        "{} differences\n{}",
        differences.len(),
        differences.join("\n")
    );
    let modules = MODULES as usize;
    assert!(summary.returned > 2 * modules, "too few calls return: {summary}");
    assert!(summary.trapped > modules / 2, "too few calls trap: {summary}");
    assert!(
        summary.stillborn + summary.cut_short < modules * 2 / 3,
        "too few modules run to their end: {summary}"
    );
}
