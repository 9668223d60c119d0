use std::fs;

use serde_json::Value;

use crate::folder::{Folder, token};

#[test]
fn a_trace_shows_interface_calls_with_gas() {
    let folder = Folder::with_token();
    let shown = folder
        .run(&["trace", "token", "transfer", "bob", "3", "--revision", "byzantium"])
        .succeeds();
    assert!(shown.starts_with("call alice → token: 68 bytes"), "{shown}");
    for line in [
        "20000  ethereum.storageStore(|(write 20000)",
        "1757  ethereum.log(|(topics 1125, bytes of data 256)",
    ] {
        let (start, end) = line.split_once('|').unwrap();
        let found = |line: &str| line.trim_start().starts_with(start) && line.ends_with(end);
        assert!(shown.lines().any(found), "{shown}");
    }
}

#[test]
fn a_trace_for_programs_is_a_line_per_event_and_the_report() {
    let folder = Folder::with_token();
    let text = folder.run(&["trace", "token", "transfer", "bob", "3", "--json"]).succeeds();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let events: Vec<_> = lines.iter().filter_map(|line| line["event"].as_str()).collect();
    assert_eq!((events.first(), events.last()), (Some(&"message"), Some(&"end")));
    assert_eq!(events.iter().filter(|event| **event == "interface").count(), events.len() - 2);
    assert_eq!(lines.last().unwrap()["status"], "success");
}

#[test]
fn a_deployment_can_be_traced_before_it_is_made() {
    let folder = Folder::new();
    let shown = folder.run(&["trace", "--deploy", &token(), "T", "T", "0", "1"]).succeeds();
    assert!(shown.starts_with("create alice"), "{shown}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_profile_lists_and_draws_where_gas_goes() {
    let folder = Folder::with_counter();
    let shown = folder.run(&["profile", "counter", "--data", "0x", "-o", "gas.svg"]).succeeds();
    for (gas, name) in
        [("313", "start of the frame"), ("40000", "storageStore"), ("3", "counter: count")]
    {
        let listed = |line: &str| line.trim_start().starts_with(gas) && line.ends_with(name);
        assert!(shown.lines().any(listed), "{name}: {shown}");
    }
    let drawing = fs::read_to_string(folder.path().join("gas.svg")).unwrap();
    assert!(drawing.starts_with("<svg") && drawing.contains("counter: count"), "{drawing}");
}

#[test]
fn the_gas_of_all_functions_is_the_gas_of_the_transaction() {
    let folder = Folder::with_counter();
    for data in ["0x", "0x02", "0x03"] {
        let profile = folder
            .json(&["profile", "counter", "--data", data, "--top", "1000", "--gas", "300000"]);
        let functions = profile["functions"].as_array().unwrap();
        let sum: u64 = functions.iter().map(|function| function["gas"].as_u64().unwrap()).sum();
        let used =
            profile["gas_used"].as_u64().unwrap() + profile["gas_refunded"].as_u64().unwrap();
        // Each function's gas is rounded up.
        assert!((used..used + functions.len() as u64).contains(&sum), "{data}: {sum} of {used}");
    }
}

#[test]
fn gas_burnt_by_a_failure_counts_for_no_function() {
    let folder = Folder::with_counter();
    let profile = folder.json(&["profile", "counter", "--data", "0x02"]);
    assert_eq!(profile["functions"][0]["name"], "burnt by the failure");
}

/// Calls the contract whose address is the call data, and reverts if that failed.
const CALLER: &str = r#"(module
  (import "ethereum" "call" (func $call (param i64 i32 i32 i32 i32) (result i32)))
  (import "ethereum" "callDataCopy" (func $copy (param i32 i32 i32)))
  (import "ethereum" "revert" (func $revert (param i32 i32)))
  (memory (export "memory") 1)
  (func $ask (result i32)
    (call $call
      (i64.const 1000000) (i32.const 0) (i32.const 32) (i32.const 0) (i32.const 0)))
  (func (export "main")
    (call $copy (i32.const 0) (i32.const 0) (i32.const 20))
    (if (call $ask) (then (call $revert (i32.const 0) (i32.const 0))))))"#;

#[test]
fn messages_between_contracts_are_seen() {
    let folder = Folder::with_counter();
    folder.write("caller.wat", CALLER);
    folder.run(&["deploy", "caller.wat", "--runtime", "--name", "caller"]).succeeds();
    let counter = folder.json(&["state", "account", "counter"])["address"].clone();
    let data = counter.as_str().unwrap();

    let shown = folder.run(&["trace", "caller", "--data", data]).succeeds();
    assert!(shown.contains("\n  call caller → counter: 0 bytes, gas "), "{shown}");
    let profile = folder.json(&["profile", "caller", "--data", data, "--top", "1000"]);
    let functions = profile["functions"].as_array().unwrap();
    let gas = |name: &str| {
        functions.iter().find(|function| function["name"] == name).unwrap()["gas_with_callees"]
            .as_u64()
            .unwrap()
    };
    assert!(
        gas("counter") < gas("call")
            && gas("call") <= gas("caller: ask")
            && gas("caller: ask") < gas("caller")
    );
    let sum: u64 = functions.iter().map(|function| function["gas"].as_u64().unwrap()).sum();
    let used = profile["gas_used"].as_u64().unwrap();
    assert!((used..used + functions.len() as u64).contains(&sum), "{sum} of {used}");
}

#[test]
fn debug_functions_exist_only_when_asked_for() {
    let folder = Folder::new();
    folder.write(
        "debug.wat",
        r#"(module (import "debug" "print32" (func $print (param i32))) (memory (export "memory") 1)
            (func (export "main") (call $print (i32.const -7))))"#,
    );
    folder.run(&["deploy", "debug.wat"]).fails_with(1);
    let ended = folder.run(&["deploy", "debug.wat", "--debug"]);
    assert!(ended.stderr.contains("print32: -7"), "{}", ended.stderr);
    ended.succeeds();
}
