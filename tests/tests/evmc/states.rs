//! State tests through the libraries: the same tests, the same roots.
use std::fs;
use std::path::PathBuf;
use std::thread;

use tephra_tests::evmc::LoadedVm;
use tephra_tests::state_test::{Report, Runner, cases, json_files, read};
use tephra_tests::{library, shared};

#[test]
fn the_public_ewasm_state_tests_pass_through_abi_12() {
    pass(library::abi12());
}

#[test]
fn the_public_ewasm_state_tests_pass_through_abi_9() {
    if let Some(library) = library::abi9() {
        pass(library);
    }
}

/// Runs all tests on the stack that a client has on most systems.
fn pass(library: PathBuf) {
    let Some(directory) = shared::path("conformance/stEWASMTests") else { return };
    let run = move || {
        let vm = LoadedVm::load(&library).unwrap();
        assert_eq!(vm.set_option("metering", Some("false")), 0);
        let runner = Runner::with_library(vm);
        let mut succeeding = 0;
        let mut failures = Vec::new();
        for file in json_files(&directory).unwrap() {
            let tests = read(&fs::read(&file).unwrap()).unwrap();
            for case in cases(&tests) {
                match runner.run(&case) {
                    Report::Passed(execution) => succeeding += usize::from(execution.is_success()),
                    report => failures.push(format!("{}: {report:?}", case.name)),
                }
            }
        }
        assert!(failures.is_empty(), "{failures:#?}");
        assert!(succeeding >= 50, "only {succeeding} tests succeed at executing");
    };
    thread::Builder::new().stack_size(8 << 20).spawn(run).unwrap().join().unwrap();
}
