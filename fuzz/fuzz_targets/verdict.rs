//! The fuzzer's bytes as a module, and changed versions of a module made from them: the engine's
//! own validator and wasmparser's find the same ones valid.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tephra_wasm_tests::generate;
use tephra_wasm_tests::verdict::{compare, compare_mutants, feature_sets};

fuzz_target!(|data: &[u8]| {
    for features in feature_sets() {
        compare(data, features).unwrap_or_else(|difference| panic!("{difference}"));
    }
    if let Some(module) = generate::from_data(data)
        && let Err((difference, _)) = compare_mutants(&module, data.len() as u64, 10)
    {
        panic!("{difference}");
    }
});
