//! Modules made from the fuzzer's bytes behave in our engine as in wasmtime, and cost what the
//! definition of gas says.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use tephra_wasm_tests::differential::differential;
use tephra_wasm_tests::{generate, metering_check};

fuzz_target!(|data: &[u8]| -> Corpus {
    let Some(module) = generate::from_data(data) else { return Corpus::Reject };
    if let Err(difference) = differential(&module).and_then(|_| metering_check::check(&module)) {
        panic!("{difference}");
    }
    Corpus::Keep
});
