//! Calls: the messages that they make, what they cost, and in which order they check what.
use alloc::format;
use alloc::string::String;

use alloy_primitives::{Address, U256};

use crate::ewasm::testing::*;
use crate::ewasm::{CallKind, Message, Status};
use crate::revision::Revision;
use crate::wasm::InstructionCosts;

/// Where [`scene`] puts the address that is called, the value and the data.
const ADDRESS: u32 = 0;
const VALUE: u32 = 32;
const DATA: u32 = 64;

fn scene(address: Address, value: u128) -> Scene {
    in_revision(Revision::Byzantium, address, value)
}

fn in_revision(revision: Revision, address: Address, value: u128) -> Scene {
    Scene::at(revision)
        .with_memory(ADDRESS as usize, address.as_slice())
        .with_memory(VALUE as usize, &value.to_le_bytes())
        .with_memory(DATA as usize, b"some data")
}

/// A call with 9 bytes of data, whose result is stored as a byte at address 128.
fn call(function: &str, gas: i64) -> String {
    let value = if has_value(function) { "(i32.const 32)" } else { "" };
    format!(
        "(i32.store8 (i32.const 128)
            (call ${function} (i64.const {gas}) (i32.const 0) {value} (i32.const 64)
                (i32.const 9)))"
    )
}

fn has_value(function: &str) -> bool {
    matches!(function, "call" | "callCode")
}

const ALL: [&str; 4] = ["call", "callCode", "callDelegate", "callStatic"];

/// The message that a call to [`OTHER`] makes, with value 3 if it has one.
fn message_of(function: &str, is_static: bool) -> Message {
    let mut scene = scene(OTHER, if is_static && function == "call" { 0 } else { 3 });
    scene.message.is_static = is_static;
    scene.message.depth = 5;
    let outcome = scene.run(&call(function, 10_000));
    assert_eq!(outcome.status, Status::Success);
    assert_eq!(scene.host.calls.len(), 1);
    scene.host.calls.remove(0)
}

#[test]
fn every_call_hands_on_data_and_is_one_deeper() {
    for function in ALL {
        let message = message_of(function, false);
        assert_eq!(&message.input[..], b"some data");
        assert_eq!(message.depth, 6);
        assert_eq!(message.code_address, OTHER);
    }
}

#[test]
fn call_runs_the_other_account() {
    let message = message_of("call", false);
    assert_eq!((message.kind, message.is_static), (CallKind::Call, false));
    assert_eq!((message.recipient, message.sender), (OTHER, THIS));
    assert_eq!((message.value, message.gas), (U256::from(3), 10_000 + 2300));
}

#[test]
fn call_code_runs_the_code_on_this_account_and_is_sent_by_it() {
    let message = message_of("callCode", false);
    assert_eq!((message.kind, message.is_static), (CallKind::CallCode, false));
    assert_eq!((message.recipient, message.sender), (THIS, THIS));
    assert_eq!((message.value, message.gas), (U256::from(3), 10_000 + 2300));
}

#[test]
fn call_delegate_keeps_sender_and_value_and_has_no_stipend() {
    let message = message_of("callDelegate", false);
    assert_eq!((message.kind, message.is_static), (CallKind::DelegateCall, false));
    assert_eq!((message.recipient, message.sender), (THIS, CALLER));
    assert_eq!((message.value, message.gas), (U256::from(7), 10_000));
}

#[test]
fn call_static_makes_a_static_frame_without_value() {
    let message = message_of("callStatic", false);
    assert_eq!((message.kind, message.is_static), (CallKind::Call, true));
    assert_eq!((message.recipient, message.sender), (OTHER, THIS));
    assert_eq!((message.value, message.gas), (U256::ZERO, 10_000));
}

#[test]
fn inner_frames_inherit_static() {
    for function in ALL {
        assert!(message_of(function, true).is_static, "{function}");
    }
}

#[test]
fn a_call_with_value_fails_in_a_static_frame() {
    let mut scene = scene(OTHER, 3);
    scene.message.is_static = true;
    assert_eq!(scene.run(&call("call", 0)).status, Status::StaticModeViolation);
    assert!(scene.host.calls.is_empty());
    // Value that stays where it is changes nothing.
    assert_eq!(scene.run(&call("callCode", 0)).status, Status::Success);
}

#[test]
fn calls_answer_how_the_message_ended() {
    for function in ALL {
        for (status, answer) in [
            (Status::Success, 0),
            (Status::Revert, 2),
            (Status::Failure, 1),
            (Status::OutOfGas, 1),
            (Status::ContractValidationFailure, 1),
        ] {
            let mut scene = scene(OTHER, 0);
            scene.host.outcomes.push_back(outcome(status, 0, b""));
            let (output, _) = scene.output(&call(function, 0), 129);
            assert_eq!(output[128], answer, "{function} {status}");
        }
    }
}

#[test]
fn costs_of_byzantium() {
    for (function, address, value, gas) in [
        ("call", OTHER, 0, 700),
        ("call", NOBODY, 0, 700),
        ("call", OTHER, 1, 700 + 9000 - 2300),
        ("call", NOBODY, 1, 700 + 9000 + 25_000 - 2300),
        ("callCode", OTHER, 1, 700 + 9000 - 2300),
        ("callCode", NOBODY, 1, 700 + 9000 - 2300),
        ("callDelegate", NOBODY, 1, 700),
        ("callStatic", NOBODY, 1, 700),
    ] {
        // The nested message uses none of its gas, so that its stipend comes back too; but no more
        // comes back than what was handed on.
        let outcome = scene(address, value).run(&call(function, 5000));
        assert_eq!(used(&outcome), gas, "{function} with {value} to {address}");
    }
}

#[test]
fn accounts_are_cold_once_from_berlin_on() {
    for function in ALL {
        let twice = call(function, 0).repeat(2);
        assert_eq!(used(&in_revision(Revision::Berlin, OTHER, 0).run(&call(function, 0))), 2600);
        assert_eq!(used(&in_revision(Revision::Berlin, OTHER, 0).run(&twice)), 2700);
        assert_eq!(used(&in_revision(Revision::Istanbul, OTHER, 0).run(&twice)), 1400);
    }
}

#[test]
fn no_more_than_63_of_64_parts_of_the_gas_are_handed_on() {
    for function in ALL {
        let mut scene = scene(OTHER, 0);
        scene.run(&call(function, i64::MAX));
        let left = GAS - 700;
        assert_eq!(scene.host.calls[0].gas, left - left / 64, "{function}");
    }
}

#[test]
fn gas_of_a_failed_frame_is_gone_but_not_the_rest_of_the_callers() {
    for (status, gas_left, gas) in
        [(Status::Failure, 0, 10_000), (Status::Revert, 4000, 6000), (Status::Success, 4000, 6000)]
    {
        let mut scene = scene(OTHER, 0);
        scene.host.outcomes.push_back(outcome(status, gas_left, b""));
        let outcome = scene.run(&call("call", 10_000));
        assert_eq!((outcome.status, used(&outcome)), (Status::Success, 700 + gas));
    }
}

#[test]
fn negative_gas_fails() {
    for function in ALL {
        for gas in [-1, i64::MIN] {
            let mut scene = scene(OTHER, 0);
            assert_eq!(
                scene.run(&call(function, gas)).status,
                Status::ArgumentOutOfRange,
                "{function}"
            );
            assert!(scene.host.calls.is_empty());
        }
    }
    assert_eq!(
        Scene::new().run("(call $useGas (i64.const -1))").status,
        Status::ArgumentOutOfRange
    );
}

#[test]
fn at_depth_1024_calls_answer_1_after_the_base_charge() {
    for function in ALL {
        let mut scene = scene(OTHER, 1);
        scene.message.depth = 1023;
        scene.run(&call(function, 0));
        assert_eq!(scene.host.calls.len(), 1);
        scene.message.depth = 1024;
        let (output, used) = scene.output(&call(function, 0), 129);
        assert_eq!((output[128], used), (1, 700), "{function}");
        assert_eq!(scene.host.calls.len(), 1);
    }
}

#[test]
fn without_the_balance_calls_answer_1_after_the_value_charge() {
    for (function, address) in [("call", OTHER), ("call", NOBODY), ("callCode", OTHER)] {
        let mut scene = scene(address, 101);
        let (output, used) = scene.output(&call(function, 0), 129);
        assert_eq!((output[128], used), (1, 700 + 9000), "{function}");
        assert!(scene.host.calls.is_empty());
    }
    let mut scene = scene(OTHER, 100);
    scene.run(&call("call", 0));
    assert_eq!(scene.host.calls.len(), 1);
}

#[test]
fn an_account_with_a_balance_of_more_than_128_bits_cannot_send_a_value() {
    for function in ["call", "callCode"] {
        for (value, status) in [(0, Status::Success), (1, Status::ArgumentOutOfRange)] {
            let mut scene = scene(OTHER, value);
            scene.host.accounts.get_mut(&THIS).unwrap().balance =
                U256::from(u128::MAX) + U256::from(1);
            assert_eq!(scene.run(&call(function, 0)).status, status, "{function} {value}");
        }
    }
}

#[test]
fn data_that_is_handed_on_costs_as_memory_copy_does_when_instructions_are_metered() {
    let mut costs = InstructionCosts::FREE;
    costs.bulk_byte = 20_000;
    for function in ALL {
        let mut scene = scene(OTHER, 0);
        scene.config.metering = costs;
        // The frame pays for the segment in which it finds them, too.
        let segment = 2 * scene.memory.len() as u64;
        assert_eq!(used(&scene.run(&call(function, 0))), segment + 700 + 2 * 9, "{function}");
    }
    let mut scene = scene(OTHER, 0);
    scene.config.metering = costs;
    let create =
        "(drop (call $create (i32.const 256) (i32.const 64) (i32.const 9) (i32.const 128)))";
    let segment = 2 * scene.memory.len() as u64;
    assert_eq!(used(&scene.run(create)), segment + 32_000 + 2 * 9);
}

/// Runs a call that does everything wrong from some step on, and answers how it ended.
fn status(gas: u64, depth: u32, is_static: bool, value: u128, main: &str) -> Status {
    let mut scene = scene(NOBODY, value);
    (scene.message.gas, scene.message.depth, scene.message.is_static) = (gas, depth, is_static);
    scene.run(main).status
}

#[test]
fn call_checks_in_the_order_of_the_interface() {
    let wrong_data = "(drop (call $call (i64.const 0) (i32.const 0) (i32.const 32) \
        (i32.const 65536) (i32.const 1)))";
    let wrong_address = "(drop (call $call (i64.const 0) (i32.const -1) (i32.const 32) \
        (i32.const 65536) (i32.const 1)))";
    let wrong_value = "(drop (call $call (i64.const 0) (i32.const 0) (i32.const -1) \
        (i32.const 65536) (i32.const 1)))";
    let good = &call("call", 0);
    // Reading address and value comes before the static check, which comes before reading the data,
    // which comes before the base charge.
    assert_eq!(status(0, 1024, true, 1, wrong_address), Status::InvalidMemoryAccess);
    assert_eq!(status(0, 1024, true, 1, wrong_value), Status::InvalidMemoryAccess);
    assert_eq!(status(0, 1024, true, 1, wrong_data), Status::StaticModeViolation);
    assert_eq!(status(0, 1024, false, 1, wrong_data), Status::InvalidMemoryAccess);
    // The base charge comes before the depth limit, which comes before the value charge, which
    // comes before the balance, which comes before the new account.
    assert_eq!(status(699, 1024, false, 1, good), Status::OutOfGas);
    assert_eq!(status(700, 1024, false, 1, good), Status::Success);
    assert_eq!(status(700 + 8999, 0, false, 101, good), Status::OutOfGas);
    assert_eq!(status(700 + 9000, 0, false, 101, good), Status::Success);
    assert_eq!(status(700 + 9000 + 24_999, 0, false, 100, good), Status::OutOfGas);
    assert_eq!(status(700 + 9000 + 25_000, 0, false, 100, good), Status::Success);
}

/// Calls; what a first call left in the return buffer is the output.
fn buffer_after(mut scene: Scene, second: &str) -> alloc::vec::Vec<u8> {
    let first = "(drop (call $callStatic (i64.const 0) (i32.const 0) (i32.const 0) (i32.const 0)))";
    scene.host.outcomes.push_front(outcome(Status::Success, 0, b"first"));
    let main = format!(
        "{first} {second}
         (call $returnDataCopy (i32.const 256) (i32.const 0) (call $getReturnDataSize))
         (call $finish (i32.const 256) (call $getReturnDataSize))"
    );
    let outcome = scene.run(&main);
    assert_eq!(outcome.status, Status::Success);
    outcome.output
}

#[test]
fn every_call_that_ran_replaces_the_return_buffer() {
    for function in ALL {
        for (status, output) in
            [(Status::Success, &b"second"[..]), (Status::Revert, b"why"), (Status::OutOfGas, b"")]
        {
            let mut scene = scene(OTHER, 0);
            scene.host.outcomes.push_back(outcome(status, 0, output));
            assert_eq!(buffer_after(scene, &call(function, 0)), output, "{function} {status}");
        }
    }
}

#[test]
fn a_call_that_returned_early_leaves_the_return_buffer() {
    for function in ["call", "callCode"] {
        assert_eq!(buffer_after(scene(OTHER, 101), &call(function, 0)), b"first", "{function}");
    }
}

#[test]
fn refunds_of_successful_messages_count() {
    for (status, refund, expected) in [
        (Status::Success, 4800, 4800),
        (Status::Success, -4800, -4800),
        (Status::Revert, 4800, 0),
        (Status::Failure, 1, 0),
    ] {
        let mut scene = scene(OTHER, 0);
        scene
            .host
            .outcomes
            .push_back(crate::ewasm::Outcome { gas_refund: refund, ..outcome(status, 0, b"") });
        assert_eq!(scene.run(&call("call", 0)).gas_refund, expected);
    }
}

#[test]
fn delegated_code_is_another_accounts_from_prague_on_and_costs_the_access_to_it() {
    let run = |revision, function: &str, is_delegated, is_warm| {
        let mut scene = in_revision(revision, OTHER, 0);
        if is_delegated {
            scene.host.delegates.insert(OTHER, NOBODY);
        }
        if is_warm {
            scene.host.warm_accounts.insert(NOBODY);
        }
        let (_, used) = scene.output(&call(function, 10_000), 0);
        (scene.host.calls.remove(0), used)
    };
    for function in ALL {
        let (plain, cost) = run(Revision::Prague, function, false, false);
        for (is_warm, access) in [(false, 2600), (true, 100)] {
            let (message, used) = run(Revision::Prague, function, true, is_warm);
            assert_eq!(used, cost + access, "{function}");
            assert_eq!(message, Message { code_address: NOBODY, ..plain.clone() }, "{function}");
        }
        assert_eq!(run(Revision::Cancun, function, true, false).0.code_address, OTHER);
    }
}
