//! The fuzzer's bytes as a module, validated and not: an error, a trap or an end.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tephra_wasm_tests::hostile;

fuzz_target!(|data: &[u8]| {
    hostile::run(data, false);
    hostile::run(data, true);
});
