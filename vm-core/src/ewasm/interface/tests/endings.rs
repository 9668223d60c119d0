//! How frames end.
use alloc::format;

use alloy_primitives::Address;

use crate::ewasm::testing::*;
use crate::ewasm::{CallKind, Status};
use crate::revision::Revision;
use crate::wasm::{InstructionCosts, TrapCode};

#[test]
fn the_end_of_main_is_success_with_empty_output() {
    let outcome = Scene::new().run("");
    assert_eq!((outcome.status, outcome.gas_left, outcome.output.len()), (Status::Success, GAS, 0));
}

#[test]
fn finish_is_success_with_output_and_nothing_runs_after_it() {
    let outcome = Scene::new()
        .with_memory(0, b"answer")
        .run("(call $finish (i32.const 1) (i32.const 3)) unreachable");
    assert_eq!(
        (outcome.status, &outcome.output[..], used(&outcome)),
        (Status::Success, &b"nsw"[..], 0)
    );
}

#[test]
fn revert_keeps_unused_gas_and_output() {
    let main =
        "(call $useGas (i64.const 10)) (call $revert (i32.const 0) (i32.const 3)) unreachable";
    let outcome = Scene::new().with_memory(0, b"why").run(main);
    assert_eq!(
        (outcome.status, &outcome.output[..], used(&outcome)),
        (Status::Revert, &b"why"[..], 10)
    );
}

#[test]
fn a_revert_or_failure_drops_refunds() {
    let clear = "(call $storageStore (i32.const 0) (i32.const 32))";
    for (ending, refund) in
        [("", 15_000), ("(call $revert (i32.const 0) (i32.const 0))", 0), ("unreachable", 0)]
    {
        let mut scene = Scene::new();
        let one = alloy_primitives::B256::with_last_byte(1);
        scene.host.original.insert(Default::default(), one);
        scene.host.accounts.get_mut(&THIS).unwrap().storage.insert(Default::default(), one);
        assert_eq!(scene.run(&format!("{clear} {ending}")).gas_refund, refund);
    }
}

#[test]
fn output_outside_of_memory_fails() {
    for function in ["finish", "revert"] {
        for (pointer, length) in [(0, 65537), (65536, 1), (-1, 0), (0, -1)] {
            let outcome = Scene::new()
                .run(&format!("(call ${function} (i32.const {pointer}) (i32.const {length}))"));
            assert_eq!(
                (outcome.status, outcome.gas_left),
                (Status::InvalidMemoryAccess, 0),
                "{pointer} {length}"
            );
        }
    }
}

/// A self-destruct in favour of an account.
fn self_destruct(revision: Revision, to: Address, balance: u64) -> (crate::ewasm::Outcome, Scene) {
    let mut scene = Scene::at(revision).with_memory(0, to.as_slice());
    scene.host.accounts.get_mut(&THIS).unwrap().balance = alloy_primitives::U256::from(balance);
    let outcome = scene.run("(call $selfDestruct (i32.const 0)) unreachable");
    (outcome, scene)
}

#[test]
fn self_destruct_ends_the_frame_as_success() {
    let (outcome, scene) = self_destruct(Revision::Byzantium, OTHER, 1);
    assert_eq!((outcome.status, outcome.output.len()), (Status::Success, 0));
    assert_eq!(scene.host.destructed, [(THIS, OTHER)]);
}

#[test]
fn self_destruct_costs_what_the_revision_says() {
    for (revision, to, balance, gas) in [
        (Revision::Byzantium, OTHER, 1, 5000),
        (Revision::Byzantium, NOBODY, 1, 30_000),
        (Revision::Byzantium, NOBODY, 0, 30_000),
        (Revision::Istanbul, NOBODY, 1, 30_000),
        (Revision::Istanbul, NOBODY, 0, 5000),
        (Revision::Berlin, OTHER, 1, 7600),
        (Revision::Berlin, NOBODY, 1, 32_600),
    ] {
        let (outcome, _) = self_destruct(revision, to, balance);
        assert_eq!(used(&outcome), gas, "{revision} {to} {balance}");
    }
}

#[test]
fn self_destruct_is_refunded_once_and_until_london() {
    for (revision, refund) in
        [(Revision::Byzantium, 24_000), (Revision::Berlin, 24_000), (Revision::London, 0)]
    {
        let (outcome, mut scene) = self_destruct(revision, OTHER, 1);
        assert_eq!(outcome.gas_refund, refund);
        let outcome = scene.run("(call $selfDestruct (i32.const 0))");
        assert_eq!(outcome.gas_refund, 0);
    }
}

#[test]
fn every_ending_has_its_status_and_place() {
    let mut scene = Scene::new();
    for (main, status, code) in [
        ("unreachable", Status::Unreachable, TrapCode::Unreachable),
        (
            "(drop (i32.div_u (i32.const 1) (i32.const 0)))",
            Status::Trap,
            TrapCode::IntegerDivisionByZero,
        ),
        (
            "(drop (i32.load (i32.const -1)))",
            Status::InvalidMemoryAccess,
            TrapCode::MemoryOutOfBounds,
        ),
        (
            "(call $getCaller (i32.const -1))",
            Status::InvalidMemoryAccess,
            TrapCode::MemoryOutOfBounds,
        ),
        ("(call $useGas (i64.const 2000000))", Status::OutOfGas, TrapCode::OutOfGas),
        ("(call $useGas (i64.const -1))", Status::ArgumentOutOfRange, TrapCode::HostFunction),
    ] {
        let outcome = scene.run(main);
        let trap = outcome.trap.unwrap();
        assert_eq!((outcome.status, outcome.gas_left, trap.code), (status, 0, code), "{main}");
        // `main` comes after the import, if there is one.
        assert_eq!(trap.function, Some(u32::from(main.contains("(call"))), "{main}");
    }
}

#[test]
fn endless_recursion_is_a_stack_overflow() {
    let code = wat::parse_str(
        r#"(module (memory (export "memory") 1) (func $again call $again)
            (func (export "main") call $again))"#,
    );
    assert_eq!(Scene::new().run_code(&code.unwrap()).status, Status::StackOverflow);
}

#[test]
fn an_endless_loop_runs_out_of_gas_when_instructions_are_metered() {
    let mut scene = Scene::new();
    scene.config.metering = InstructionCosts::EWASM;
    assert_eq!(scene.run("(loop (br 0))").status, Status::OutOfGas);
}

#[test]
fn a_data_segment_outside_of_memory_fails() {
    let code = wat::parse_str(
        r#"(module (memory (export "memory") 1) (data (i32.const 65536) "x")
            (func (export "main")))"#,
    );
    assert_eq!(Scene::new().run_code(&code.unwrap()).status, Status::InvalidMemoryAccess);
}

#[test]
fn empty_code_is_success_and_code_that_is_not_a_contract_fails() {
    let outcome = Scene::new().run_code(&[]);
    assert_eq!((outcome.status, outcome.gas_left), (Status::Success, GAS));
    for code in [&b"\xfe\0"[..], b"\0asm", b"\0asm\x01\0\0\0"] {
        let outcome = Scene::new().run_code(code);
        assert_eq!((outcome.status, outcome.gas_left), (Status::ContractValidationFailure, 0));
    }
}

#[test]
fn the_output_of_init_code_must_be_a_contract_if_it_is_webassembly() {
    let run = |code: &[u8], revision| {
        let mut scene = Scene::at(revision).with_memory(0, code);
        scene.message.kind = CallKind::Create;
        let length = code.len();
        scene.run(&format!("(call $finish (i32.const 0) (i32.const {length}))")).status
    };
    let good = contract(&[], "");
    assert_eq!(run(&good, Revision::Byzantium), Status::Success);
    assert_eq!(
        run(&good[..good.len() - 1], Revision::Byzantium),
        Status::ContractValidationFailure
    );
    assert_eq!(run(b"data", Revision::Byzantium), Status::Success);
    assert_eq!(run(b"\xef", Revision::Berlin), Status::Success);
    assert_eq!(run(b"\xef", Revision::London), Status::Failure);
    assert_eq!(run(&[1; 24_576], Revision::Byzantium), Status::Success);
    assert_eq!(run(&[1; 24_577], Revision::Byzantium), Status::Failure);
}
