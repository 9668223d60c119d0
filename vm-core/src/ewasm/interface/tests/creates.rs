//! Making contracts: the messages, what they cost, and in which order they check what.
use alloc::format;
use alloc::string::String;

use alloy_primitives::{Address, B256, U256};

use crate::ewasm::testing::*;
use crate::ewasm::{CallKind, Outcome, Status};
use crate::revision::Revision;
use crate::wasm::InstructionCosts;

const CREATED: Address = Address::repeat_byte(0x99);

/// A scene with a value at 0, init code at 32, a salt at 64.
fn scene(value: u128) -> Scene {
    at(Revision::Byzantium, value)
}

fn at(revision: Revision, value: u128) -> Scene {
    Scene::at(revision)
        .with_memory(0, &value.to_le_bytes())
        .with_memory(32, b"some init code")
        .with_memory(64, &[0x55; 32])
}

/// A create with `length` bytes of init code, whose result is stored as a byte at 128 and the
/// address at 136.
fn create(function: &str, length: u32) -> String {
    let salt = if function == "create2" { "(i32.const 64)" } else { "" };
    format!(
        "(i32.store8 (i32.const 128)
            (call ${function} (i32.const 0) (i32.const 32) (i32.const {length}) {salt}
                (i32.const 136)))"
    )
}

fn created() -> Outcome {
    Outcome { create_address: Some(CREATED), ..outcome(Status::Success, 0, b"") }
}

const BOTH: [&str; 2] = ["create", "create2"];

#[test]
fn create_makes_a_message() {
    for (function, kind, salt, hash) in [
        ("create", CallKind::Create, B256::ZERO, 0),
        ("create2", CallKind::Create2, B256::repeat_byte(0x55), 6),
    ] {
        let mut scene = scene(3);
        scene.message.depth = 5;
        let outcome = scene.run(&create(function, 14));
        assert_eq!((outcome.status, used(&outcome)), (Status::Success, 32_000 + hash));
        let message = &scene.host.calls[0];
        assert_eq!((message.kind, message.is_static, message.depth), (kind, false, 6));
        assert_eq!((message.sender, message.value, message.salt), (THIS, U256::from(3), salt));
        assert_eq!(&message.input[..], b"some init code");
        let left = GAS - 32_000 - hash;
        assert_eq!(message.gas, left - left / 64);
    }
}

#[test]
fn the_address_is_written_only_on_success() {
    for function in BOTH {
        let run = |outcome| {
            let mut scene = scene(0).with_memory(136, &[7; 20]);
            scene.host.outcomes.push_back(outcome);
            scene.output(&create(function, 14), 160).0
        };
        let output = run(created());
        assert_eq!((output[128], &output[136..156]), (0, CREATED.as_slice()));
        for (status, answer) in [(Status::Failure, 1), (Status::Revert, 2)] {
            let output = run(outcome(status, 0, b""));
            assert_eq!((output[128], &output[136..156]), (answer, &[7; 20][..]), "{status}");
        }
    }
}

#[test]
fn after_a_create_the_return_buffer_has_what_was_reverted_with_or_nothing() {
    for function in BOTH {
        for (inner, expected) in [
            (Outcome { output: b"code".into(), ..created() }, &b""[..]),
            (outcome(Status::Revert, 0, b"why"), b"why"),
            (outcome(Status::OutOfGas, 0, b""), b""),
        ] {
            let mut scene = scene(0);
            scene.host.outcomes.push_back(outcome(Status::Success, 0, b"first"));
            scene.host.outcomes.push_back(inner);
            let outcome = scene.run(&format!(
                "(drop (call $callStatic (i64.const 0) (i32.const 0) (i32.const 0) (i32.const 0)))
                 {}
                 (call $returnDataCopy (i32.const 256) (i32.const 0) (call $getReturnDataSize))
                 (call $finish (i32.const 256) (call $getReturnDataSize))",
                create(function, 14)
            ));
            assert_eq!((outcome.status, &outcome.output[..]), (Status::Success, expected));
        }
    }
}

/// A contract in each of the places from where no create begins: 1024 messages deep, without the
/// value, and with the last nonce (EIP-2681).
fn where_no_create_begins() -> [Scene; 3] {
    let (mut deep, poor, mut last) = (scene(0), scene(101), scene(0));
    deep.message.depth = 1024;
    last.host.exhausted.insert(THIS);
    [deep, poor, last]
}

#[test]
fn a_create_that_does_not_begin_leaves_the_return_buffer() {
    for function in BOTH {
        for mut scene in where_no_create_begins() {
            // So deep no call fills the buffer either.
            if scene.message.depth == 1024 {
                continue;
            }
            scene.host.outcomes.push_back(outcome(Status::Success, 0, b"first"));
            let outcome = scene.run(&format!(
                "(drop (call $callStatic (i64.const 0) (i32.const 0) (i32.const 0) (i32.const 0)))
                 {} (call $finish (i32.const 128) (call $getReturnDataSize))",
                create(function, 14)
            ));
            assert_eq!((outcome.output.len(), outcome.output[0]), (5, 1));
        }
    }
}

#[test]
fn a_create_that_does_not_begin_answers_1_and_takes_no_gas_of_the_init_code() {
    for function in BOTH {
        for mut scene in where_no_create_begins() {
            let hash = if function == "create2" { 6 } else { 0 };
            let (output, used) = scene.output(&create(function, 14), 129);
            assert_eq!((output[128], used), (1, 32_000 + hash));
            assert!(scene.host.calls.is_empty() && scene.host.warm_accounts.is_empty());
        }
    }
}

#[test]
fn a_host_can_say_itself_that_a_create_did_not_begin() {
    for function in BOTH {
        let run = |kept: u64| {
            let mut scene = scene(0).with_memory(136, &[7; 20]);
            scene.host.outcomes.push_back(outcome(Status::Success, 0, b"first"));
            scene.host.outcomes.push_back(outcome(Status::Failure, kept, b""));
            let outcome = scene.run(&format!(
                "(drop (call $callStatic (i64.const 0) (i32.const 0) (i32.const 0) (i32.const 0)))
                 {}
                 (call $returnDataCopy (i32.const 129) (i32.const 0) (call $getReturnDataSize))
                 (call $finish (i32.const 128) (i32.add (i32.const 1) (call $getReturnDataSize)))",
                create(function, 14)
            ));
            let given = scene.host.calls[1].gas;
            (outcome, given)
        };
        let (began, given) = run(0);
        let (not_begun, _) = run(u64::MAX);
        assert_eq!((&began.output[..], &not_begun.output[..]), (&b"\x01"[..], &b"\x01first"[..]));
        // Copying the five bytes costs a word more.
        assert_eq!(not_begun.gas_left, began.gas_left + given - 3);
    }
}

/// Runs a create and answers how it ended.
fn status(gas: u64, depth: u32, is_static: bool, value: u128, main: &str) -> Status {
    let mut scene = scene(value);
    (scene.message.gas, scene.message.depth, scene.message.is_static) = (gas, depth, is_static);
    scene.run(main).status
}

#[test]
fn create_checks_in_the_order_of_the_interface() {
    let wrong_code =
        "(drop (call $create (i32.const 0) (i32.const 65536) (i32.const 1) (i32.const 136)))";
    let good = &create("create", 14);
    // The base charge, the static check, the depth, the balance, and only then the code.
    assert_eq!(status(31_999, 1024, true, 101, wrong_code), Status::OutOfGas);
    assert_eq!(status(32_000, 1024, true, 101, wrong_code), Status::StaticModeViolation);
    assert_eq!(status(32_000, 1024, false, 101, wrong_code), Status::Success);
    assert_eq!(status(32_000, 0, false, 101, wrong_code), Status::Success);
    assert_eq!(status(32_000, 0, false, 100, wrong_code), Status::InvalidMemoryAccess);
    assert_eq!(status(32_000, 0, false, 100, good), Status::Success);
}

#[test]
fn the_nonce_is_looked_at_when_all_but_the_init_code_has_been_paid() {
    // As where only the host knows it (EVMC): what the code's bytes cost to be handed on is due.
    let used = |is_last: bool, metering: InstructionCosts| {
        let mut scene = scene(0);
        scene.config.metering = metering;
        scene.host.exhausted.extend(is_last.then_some(THIS));
        scene.host.outcomes.push_back(outcome(Status::Failure, u64::MAX, b""));
        used(&scene.run(&create("create", 10_000)))
    };
    for metering in [InstructionCosts::FREE, InstructionCosts::default()] {
        assert_eq!(used(true, metering), used(false, metering));
    }
    let wrong_code =
        "(drop (call $create (i32.const 0) (i32.const 65536) (i32.const 1) (i32.const 136)))";
    let mut scene = scene(0);
    scene.host.exhausted.insert(THIS);
    assert_eq!(scene.run(wrong_code).status, Status::InvalidMemoryAccess);
}

#[test]
fn a_place_for_the_address_outside_of_memory_fails_before_anything_runs() {
    let main = "(drop (call $create (i32.const 0) (i32.const 32) (i32.const 1) (i32.const 65517)))";
    let mut scene = scene(0);
    assert_eq!(scene.run(main).status, Status::InvalidMemoryAccess);
    assert!(scene.host.calls.is_empty());
}

#[test]
fn create2_charges_for_hashing_by_word() {
    for (length, words) in [(0, 0), (1, 1), (32, 1), (33, 2), (64, 2)] {
        let outcome = scene(0).run(&create("create2", length));
        assert_eq!(used(&outcome), 32_000 + 6 * words);
    }
}

#[test]
fn init_code_is_charged_and_bounded_from_shanghai_on() {
    let outcome = at(Revision::Paris, 0).run(&create("create", 33));
    assert_eq!(used(&outcome), 32_000);
    let outcome = at(Revision::Shanghai, 0).run(&create("create", 33));
    assert_eq!(used(&outcome), 32_000 + 2 * 2);
    let outcome = at(Revision::Shanghai, 0).run(&create("create2", 33));
    assert_eq!(used(&outcome), 32_000 + 8 * 2);
    let limit = 256 << 10;
    let outcome = at(Revision::Shanghai, 0).run(&create("create", limit + 1));
    assert_eq!(outcome.status, Status::ArgumentOutOfRange);
}
