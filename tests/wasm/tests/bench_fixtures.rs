//! The modules without imports in `bench/pure` of the shared data give the results that stand
//! beside them.
use std::fs;
use std::path::Path;

use tephra_core::wasm::{Config, Val};
use tephra_wasm_tests::machine::{Extern, Machine};
use tephra_wasm_tests::shared;

/// One record of an `.inputs` file: seven lines, of which what does not apply is empty.
struct Record<'a> {
    name: &'a str,
    function: &'a str,
    args: Vec<Val>,
    /// Bytes at the start of the memory, before the call.
    memory: Vec<u8>,
    results: Vec<u32>,
    /// Bytes at the start of the memory, after the call.
    memory_after: Vec<u8>,
}

#[test]
fn every_record_gives_its_result() {
    let Some(directory) = shared::directory("bench/pure") else { return };
    let mut records = 0;
    for path in shared::files(&directory, "wasm") {
        let inputs = fs::read_to_string(path.with_extension("inputs")).unwrap();
        let bytes = fs::read(&path).unwrap();
        for record in parse(&inputs) {
            check(&path, &bytes, &record);
            records += 1;
        }
    }
    assert!(records >= 12, "only {records} records in {}", directory.display());
}

fn check(path: &Path, bytes: &[u8], record: &Record) {
    let what = format!("{} {}", path.display(), record.name);
    let mut machine = Machine::new(Config::default(), u64::MAX);
    let module = machine.compile(bytes).unwrap_or_else(|error| panic!("{what}: {error}"));
    let instance = machine
        .instantiate(&module, |_, _, _| None)
        .unwrap_or_else(|failure| panic!("{what}: {failure}"));
    let Some(Extern::Func(func)) = machine.export(instance, record.function) else {
        panic!("{what}: no function {}", record.function)
    };
    machine.write(instance, 0, &record.memory);
    let results = machine.call(func, &record.args).unwrap_or_else(|trap| panic!("{what}: {trap}"));
    let expected: Vec<Val> = record.results.iter().map(|result| Val::I32(*result as i32)).collect();
    assert_eq!(results, expected, "{what}");
    assert_eq!(machine.read(instance, 0, record.memory_after.len()), record.memory_after, "{what}");
}

fn parse(inputs: &str) -> Vec<Record<'_>> {
    let lines: Vec<&str> = inputs.lines().collect();
    let record = |at: usize| {
        let line = |offset: usize| lines.get(at + offset).copied().unwrap_or_default();
        let (params, results) = line(2).split_once(':').expect("a signature has a colon");
        let args: Vec<Val> = line(3)
            .split_whitespace()
            .map(|arg| Val::I32(arg.parse::<u32>().unwrap() as i32))
            .collect();
        assert_eq!(args.len(), params.len(), "arguments of {}", line(0));
        let results_given: Vec<u32> =
            line(5).split_whitespace().map(|result| result.parse().unwrap()).collect();
        assert_eq!(results_given.len(), results.len(), "results of {}", line(0));
        Record {
            name: line(0),
            function: line(1),
            args,
            memory: hex(line(4)),
            results: results_given,
            memory_after: hex(line(6)),
        }
    };
    (0..lines.len()).step_by(7).filter(|at| !lines[*at].is_empty()).map(record).collect()
}

fn hex(words: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        words.chars().filter_map(|digit| digit.to_digit(16)).map(|digit| digit as u8).collect();
    assert_eq!(digits.len() % 2, 0);
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}
