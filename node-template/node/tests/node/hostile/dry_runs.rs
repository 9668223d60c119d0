//! Dry runs are free, so they must end.
use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use codec::{Decode, Encode};
use pallet_ewasm::{
    Error,
    runtime_api::{DryRun, ExecutionStatus, MAX_TRACE_BYTES, Trace},
};
use serde_json::{Value, json};
use sp_core::H160;
use sp_keyring::Sr25519Keyring::Alice;
use sp_runtime::DispatchError;
use tephra_chain_tests::contract::{GAS, PRESENT, module};
use tephra_runtime::{Balance, Runtime, token::TOKEN};

use super::{is_refused, is_unharmed, node};
use crate::harness::{Node, rpc::Rpc, token::hex};

/// The answer of `state_call` to an invalid call.
const NOT_CALLED: i64 = 4003;

/// The most bytes of memory for sixty traces at a time, of which four run and the others wait.
const TRACES_AT_MOST: u64 = 200 << 20;

/// The bytes of memory that remain afterwards: the heaps of threads, and the caches of the database
/// and the executor.
const TRACES_LEAVE: u64 = 100 << 20;

/// Init code that never ends.
fn endless() -> Vec<u8> {
    module(1, &[], "(loop (br 0))", "")
}

/// Init code that takes all memory it gets, calls itself, and never ends.
fn hungry() -> Vec<u8> {
    let body = "
        (local $at i32)
        (loop (br_if 0 (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
        (loop
            (i32.store (local.get $at) (i32.const 1))
            (local.set $at (i32.add (local.get $at) (i32.const 65536)))
            (br_if 0 (i32.lt_u (local.get $at) (i32.shl (memory.size) (i32.const 16)))))
        (call $code (i32.const 0) (i32.const 0) (call $code_size))
        (loop
            (drop (call $create
                (i32.const 65500) (i32.const 0) (call $code_size) (i32.const 65400)))
            (br 0))";
    module(1, &[], body, "")
}

fn dry_create(rpc: &Rpc, code: &[u8], gas_limit: Option<u64>) -> DryRun<Balance> {
    let arguments =
        (Alice.to_account_id(), code, 0_u128, gas_limit, None::<u128>, None::<[u8; 32]>, PRESENT)
            .encode();
    let answer = rpc
        .query("EwasmApi_create", &arguments, &Value::Null)
        .unwrap_or_else(|refusal| panic!("{refusal}"));
    DryRun::decode(&mut &answer[..]).expect("a dry run")
}

fn out_of_gas() -> Result<(), DispatchError> {
    Err(Error::<Runtime>::OutOfGas.into())
}

#[test]
fn dry_runs_end_with_the_gas_of_a_transaction() {
    let base = tempfile::tempdir().expect("a temporary directory");
    let Some(node) = node(&[], &base) else { return };
    for gas_limit in [None, Some(GAS)] {
        let run = dry_create(&node.rpc, &endless(), gas_limit);
        assert_eq!((run.status, run.gas_used), (Some(ExecutionStatus::OutOfGas), GAS));
        assert_eq!(run.result, out_of_gas());
    }
    for gas_limit in [GAS + 1, u64::MAX] {
        let run = dry_create(&node.rpc, &endless(), Some(gas_limit));
        assert_eq!(run.status, None, "it does not run");
        assert_eq!(run.result, Err(Error::<Runtime>::GasLimitTooHigh.into()));
        let run = node.rpc.dry_call(TOKEN, Vec::new(), Some(gas_limit), &Value::Null);
        assert_eq!(run.result, Err(Error::<Runtime>::GasLimitTooHigh.into()));
    }

    let arguments = (Alice.to_account_id(), None::<H160>, endless(), 0_u128, PRESENT).encode();
    let estimate =
        node.rpc.query("EwasmApi_estimate_gas", &arguments, &Value::Null).expect("it ends");
    let estimate = Result::<u64, DispatchError>::decode(&mut &estimate[..]).expect("an estimate");
    assert_eq!(estimate.map(|_| ()), out_of_gas());

    let arguments =
        (Alice.to_account_id(), None::<H160>, hungry(), 0_u128, None::<u64>, None::<u128>, PRESENT)
            .encode();
    let trace = node.rpc.query("EwasmApi_trace", &arguments, &Value::Null).expect("it ends");
    let trace = Trace::<Balance>::decode(&mut &trace[..]).expect("a trace");
    assert!(trace.run.result.is_err() && trace.messages.len() <= 1024, "{:?}", trace.run);
    is_unharmed(node);
}

#[test]
fn invalid_calls_of_the_runtime_are_refused() {
    let base = tempfile::tempdir().expect("a temporary directory");
    let Some(node) = node(&[], &base) else { return };
    let ask = |method: &str, arguments: &[u8]| {
        node.rpc.call("state_call", json!([method, hex(arguments)]))
    };
    for method in ["call", "create", "estimate_gas", "trace", "code", "storage_at", "address_of"] {
        let method = format!("EwasmApi_{method}");
        is_refused(ask(&method, &[]), NOT_CALLED, "");
        is_refused(ask(&method, &[0xff; 3]), NOT_CALLED, "");
    }
    // A vector that claims to have 2³⁰ bytes.
    let claims =
        [&Alice.to_account_id().encode()[..], TOKEN.as_bytes(), &[0xfe, 0xff, 0xff, 0xff]].concat();
    is_refused(ask("EwasmApi_call", &claims), NOT_CALLED, "");
    is_refused(ask("EwasmApi_no_such_function", &[]), NOT_CALLED, "not found");
    is_refused(ask("", &[]), NOT_CALLED, "");
    let call = |bytes: usize| {
        (
            Alice.to_account_id(),
            TOKEN,
            vec![0_u8; bytes],
            0_u128,
            None::<u64>,
            None::<u128>,
            PRESENT,
        )
            .encode()
    };
    let answer =
        node.rpc.query("EwasmApi_call", &call(1_000_000), &Value::Null).expect("it is answered");
    let run = DryRun::<Balance>::decode(&mut &answer[..]).expect("a dry run");
    assert_eq!(run.result, Err(Error::<Runtime>::InputTooLarge.into()));
    assert!(dry_create(&node.rpc, &vec![0; 1_000_000], None).result.is_err());
    let refusal =
        node.rpc.query("EwasmApi_call", &call(6 << 20), &Value::Null).expect_err("it is too large");
    assert!(
        refusal.to_string().contains("this node allows 1048576 (--max-dry-run-bytes)"),
        "{refusal}"
    );
    is_unharmed(node);
}

/// Requests dry runs from many connections at a time while `meanwhile` runs.
fn besiege(node: &Node, code: &[u8], meanwhile: impl FnOnce()) {
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..60 {
            scope.spawn(|| {
                // At least once, and at most a few times.
                for _ in 0..5 {
                    assert_eq!(dry_create(&node.rpc, code, None).result, out_of_gas());
                    if over.load(Ordering::Relaxed) {
                        break;
                    }
                }
            });
        }
        meanwhile();
        over.store(true, Ordering::Relaxed);
    });
}

/// Init code that sends as many messages as a trace has, each with as much input and output as a
/// trace shows.
fn talkative() -> Vec<u8> {
    let identity = H160::from_low_u64_be(4);
    let body = "
        (local $left i32)
        (local.set $left (i32.const 1023))
        (loop
            (drop (call $call
                (i64.const 2000) (i32.const 0) (i32.const 64) (i32.const 128) (i32.const 1024)))
            (br_if 0 (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))";
    module(1, &[identity], body, "")
}

#[test]
fn sixty_traces_at_a_time_take_little_memory_and_give_it_back() {
    let base = tempfile::tempdir().expect("a temporary directory");
    let Some(node) = node(&[], &base) else { return };
    let arguments = (
        Alice.to_account_id(),
        None::<H160>,
        talkative(),
        0_u128,
        None::<u64>,
        None::<u128>,
        PRESENT,
    )
        .encode();
    let trace = || {
        let trace = node
            .rpc
            .query("EwasmApi_trace", &arguments, &Value::Null)
            .unwrap_or_else(|no| panic!("{no}"));
        Trace::<Balance>::decode(&mut &trace[..]).expect("a trace")
    };
    let first = trace();
    assert!(first.messages.len() > 1000 && first.is_cut, "{} messages", first.messages.len());
    let bytes: usize =
        first.messages.iter().map(|message| message.input.len() + message.output.len()).sum();
    assert_eq!(bytes, MAX_TRACE_BYTES);
    let before = node.memory();
    thread::scope(|scope| {
        for _ in 0..60 {
            scope.spawn(|| assert_eq!(trace().messages.len(), first.messages.len()));
        }
    });
    let (most, after) = (node.memory_by("VmHWM:"), node.memory());
    println!(
        "{} MiB of memory before, {} at most, {} after",
        before >> 20,
        most >> 20,
        after >> 20
    );
    assert!(most - before < TRACES_AT_MOST, "{before} bytes, and {most} at most");
    assert!(after < before + TRACES_LEAVE, "{before} bytes before, {after} after");
    is_unharmed(node);
}

#[test]
fn more_dry_runs_than_may_wait_are_refused_and_the_limit_is_named() {
    let base = tempfile::tempdir().expect("a temporary directory");
    let limits = ["--max-dry-runs", "1", "--max-dry-runs-waiting", "1"];
    let Some(node) = node(&limits, &base) else { return };
    let arguments = (
        Alice.to_account_id(),
        endless(),
        0_u128,
        None::<u64>,
        None::<u128>,
        None::<[u8; 32]>,
        PRESENT,
    )
        .encode();
    let ask = || node.rpc.query("EwasmApi_create", &arguments, &Value::Null);
    let mut refusals = Vec::new();
    crate::harness::eventually("one of many is refused", || {
        let answers = thread::scope(|scope| {
            let asking: Vec<_> = (0..20).map(|_| scope.spawn(ask)).collect();
            asking.into_iter().map(|asking| asking.join().expect("no panic")).collect::<Vec<_>>()
        });
        assert!(answers.iter().any(Result::is_ok), "some have their turn");
        refusals.extend(answers.into_iter().filter_map(Result::err));
        !refusals.is_empty()
    });
    for refusal in refusals {
        let said = refusal.to_string();
        assert!(
            said.contains("--max-dry-runs)") && said.contains("--max-dry-runs-waiting)"),
            "{said}"
        );
    }
    assert!(ask().is_ok(), "there is room again");
    is_unharmed(node);
}

#[test]
fn an_answer_that_is_too_large_is_refused_and_the_limit_is_named() {
    let base = tempfile::tempdir().expect("a temporary directory");
    let Some(node) = node(&["--max-dry-run-bytes", "20000"], &base) else { return };
    let code = module(1, &[], "(call $revert (i32.const 0) (i32.const 30000))", "");
    let arguments =
        (Alice.to_account_id(), code, 0_u128, None::<u64>, None::<u128>, None::<[u8; 32]>, PRESENT)
            .encode();
    let refusal =
        node.rpc.query("EwasmApi_create", &arguments, &Value::Null).expect_err("it is too large");
    assert!(
        refusal.to_string().contains("this node allows 20000 (--max-dry-run-bytes)"),
        "{refusal}"
    );
    is_unharmed(node);
}

#[test]
fn blocks_are_made_and_others_get_answers_while_many_run_endless_loops() {
    let base = tempfile::tempdir().expect("a temporary directory");
    let Some(node) = node(&["--sealing", "interval=500"], &base) else { return };
    for code in [endless(), hungry()] {
        besiege(&node, &code, || {
            let start = node.number();
            crate::harness::eventually("blocks are made", || node.number() >= start + 3);
            println!("{} MiB of memory meanwhile", node.memory() >> 20);
            assert!(node.memory() < super::MEMORY, "{} bytes", node.memory());
        });
    }
    is_unharmed(node);
}
