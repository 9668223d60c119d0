use alloc::format;

use super::*;
use crate::ewasm::testing::*;
use crate::ewasm::{Code, Vm, VmConfig};
use crate::wasm::InstructionCosts;

/// A contract that calls itself with all gas that it may hand on, and finishes with the result.
const AGAIN: &str = "
    (call $getAddress (i32.const 0))
    (i32.store8 (i32.const 64)
        (call $call (i64.const 0x7fffffffffffffff) (i32.const 0) (i32.const 32) (i32.const 0) (i32.const 0)))
    (call $finish (i32.const 64) (i32.const 1))";

fn frame_of(main: &str) -> (Vm, Frame, Scene) {
    frame_at(InstructionCosts::FREE, main)
}

fn frame_at(metering: InstructionCosts, main: &str) -> (Vm, Frame, Scene) {
    let vm = Vm::new(VmConfig { metering, ..VmConfig::default() });
    let code = contract(&[], main);
    let contract = vm.contract(Revision::Byzantium, Code::unknown(&code)).unwrap();
    let scene = Scene::new();
    let frame = vm.frame(Revision::Byzantium, scene.message.clone(), contract);
    (vm, frame, scene)
}

#[test]
fn frames_are_small() {
    assert!(size_of::<Frame>() <= 512);
}

#[test]
fn a_frame_that_waits_or_has_ended_is_not_run() {
    let (_, mut frame, mut scene) = frame_of(AGAIN);
    assert!(matches!(frame.run(&mut scene.host, &mut ()), Step::Nested(_)));
    assert_eq!(frame.memory_pages(), 1);
    assert_eq!(
        frame.run(&mut scene.host, &mut ()),
        Step::Done(Outcome::failure(Status::InternalError))
    );

    let (_, mut frame, mut scene) = frame_of("");
    // An outcome that nobody waits for does nothing.
    frame.resume(outcome(Status::Success, 5, b"x"));
    assert!(
        matches!(frame.run(&mut scene.host, &mut ()), Step::Done(outcome) if used(&outcome) == 0)
    );
    assert_eq!(
        frame.run(&mut scene.host, &mut ()),
        Step::Done(Outcome::failure(Status::InternalError))
    );
}

#[test]
fn what_a_frame_holds_is_its_memory_its_call_data_and_what_came_back() {
    let (_, mut frame, mut scene) = frame_of(AGAIN);
    assert!(matches!(frame.run(&mut scene.host, &mut ()), Step::Nested(_)));
    let call_data = frame.data_bytes();
    frame.resume(outcome(Status::Success, 0, &[0; 4 << 16]));
    assert_eq!((frame.memory_pages(), frame.data_bytes()), (1, call_data + (8 << 16)));
}

#[test]
fn a_message_cannot_give_back_more_gas_than_it_got() {
    let (_, mut frame, mut scene) = frame_of(AGAIN);
    assert!(matches!(frame.run(&mut scene.host, &mut ()), Step::Nested(_)));
    frame.resume(outcome(Status::Success, u64::MAX, b""));
    assert!(
        matches!(frame.run(&mut scene.host, &mut ()), Step::Done(outcome) if used(&outcome) == 702)
    );
}

#[test]
fn a_gas_limit_of_any_size_is_kept_exactly() {
    for gas in [i64::MAX as u64, u64::MAX] {
        let (_, mut frame, mut scene) = frame_of("(call $useGas (i64.const 1))");
        frame.gas = GasTank::new(gas);
        assert!(
            matches!(frame.run(&mut scene.host, &mut ()), Step::Done(outcome) if outcome.gas_left == gas - 1)
        );
    }
}

#[test]
fn the_place_of_a_trap_is_found_in_the_outermost_frame_or_when_somebody_asks() {
    struct Curious;
    impl Inspector for Curious {
        fn wants_traps(&self) -> bool {
            true
        }
    }
    for main in ["unreachable", "(call $useGas (i64.const -1))"] {
        for (depth, inspector, found) in
            [(0, &mut () as &mut dyn Inspector, true), (1, &mut (), false), (1, &mut Curious, true)]
        {
            let (_, mut frame, mut scene) = frame_of(main);
            frame.message.depth = depth;
            let Step::Done(outcome) = frame.run(&mut scene.host, inspector) else {
                panic!("nested")
            };
            assert_eq!(outcome.trap.unwrap().function.is_some(), found, "{main} {depth}");
        }
    }
}

#[test]
fn frames_that_wait_lend_their_room_and_get_it_back_as_it_was() {
    let (vm, mut outer, mut scene) = frame_of(
        "(i32.store (i32.const 128) (i32.const 1234))
         (drop (call $call (i64.const 0x7fffffff) (i32.const 0) (i32.const 32) (i32.const 0) (i32.const 0)))
         (call $finish (i32.const 128) (i32.const 4))",
    );
    outer.give_room(MemoryRoom::in_parts(1 << 20));
    let Step::Nested(message) = outer.run(&mut scene.host, &mut ()) else { panic!("it calls") };
    for main in [
        // Each way in which a frame ends.
        "(memory.fill (i32.const 0) (i32.const 7) (i32.const 65536)) (call $finish (i32.const 0) (i32.const 65536))",
        "(memory.fill (i32.const 0) (i32.const 7) (i32.const 65536)) (unreachable)",
        "(memory.fill (i32.const 0) (i32.const 7) (i32.const 65536)) (call $finish (i32.const 1) (i32.const 65536))",
    ] {
        let code = contract(&[], main);
        let inner = vm.contract(Revision::Byzantium, Code::unknown(&code)).unwrap();
        let mut inner = vm.frame(Revision::Byzantium, message.clone(), inner);
        inner.give_room(outer.lend_room());
        assert!(matches!(inner.run(&mut scene.host, &mut ()), Step::Done(_)));
        outer.give_room(inner.lend_room());
    }
    outer.resume(outcome(Status::Success, 0, b""));
    let Step::Done(outcome) = outer.run(&mut scene.host, &mut ()) else { panic!("it ends") };
    assert_eq!(outcome.output, 1234_u32.to_le_bytes());
}

#[test]
fn interface_calls_cost_what_the_table_says_on_top() {
    let used = |interface_call, gas| {
        let costs = InstructionCosts { interface_call, ..InstructionCosts::FREE };
        let (_, mut frame, mut scene) =
            frame_at(costs, "(call $getAddress (i32.const 0)) (call $getAddress (i32.const 0))");
        frame.gas = GasTank::new(gas);
        match frame.run(&mut scene.host, &mut ()) {
            Step::Done(outcome) => (outcome.status, gas - outcome.gas_left),
            Step::Nested(_) => panic!("nothing is called"),
        }
    };
    assert_eq!(used(0, 100), (Status::Success, 2 * 2));
    assert_eq!(used(50_000, 100), (Status::Success, 2 * (2 + 5)));
    assert_eq!(used(50_000, 14), (Status::Success, 14));
    assert_eq!(used(50_000, 13).0, Status::OutOfGas);
}

#[test]
fn a_frame_pays_at_its_start_for_what_its_module_has_it_set_up() {
    let gas = |count: u64| (count * crate::wasm::PARTICLES_PER_GAS) as u32;
    let costs = InstructionCosts {
        frame: gas(1),
        bulk: gas(10),
        bulk_element: gas(100),
        bulk_byte: gas(1000),
        global: gas(10_000),
        ..InstructionCosts::FREE
    };
    let vm = Vm::new(VmConfig { metering: costs, ..VmConfig::default() });
    let mut scene = Scene::new();
    let mut start = |items: &str| {
        let text = format!(
            r#"(module (memory (export "memory") 1) (func $f) (func (export "main")) {items})"#
        );
        let code = wat::parse_str(&text).unwrap();
        let contract = vm.contract(Revision::Byzantium, Code::unknown(&code)).unwrap();
        let particles = contract.start_particles();
        let frame = |gas: u64| {
            vm.frame(
                Revision::Byzantium,
                Message { gas, ..scene.message.clone() },
                contract.clone(),
            )
        };
        let Step::Done(outcome) = frame(1_000_000).run(&mut scene.host, &mut ()) else {
            panic!("it calls nobody")
        };
        let used = 1_000_000 - outcome.gas_left;
        assert_eq!(used * crate::wasm::PARTICLES_PER_GAS, particles);
        // With less it does not begin.
        let Step::Done(outcome) = frame(used - 1).run(&mut scene.host, &mut ()) else {
            panic!("it calls nobody")
        };
        assert_eq!(outcome.status, Status::OutOfGas);
        used
    };
    assert_eq!(start(""), 1);
    assert_eq!(start("(table 5 funcref)"), 1 + 500);
    assert_eq!(start("(table 5 funcref) (elem (i32.const 0) $f $f $f)"), 1 + 10 + 500 + 300);
    assert_eq!(start("(elem func $f $f)"), 1 + 10);
    assert_eq!(start("(elem declare func $f)"), 1 + 10);
    assert_eq!(start(r#"(data (i32.const 7) "four")"#), 1 + 10 + 4000);
    assert_eq!(start(r#"(data "four")"#), 1 + 10);
    assert_eq!(start("(global i32 (i32.const 1)) (global (mut i64) (i64.const 1))"), 1 + 20_000);
}

#[test]
fn no_interface_call_is_free_when_instructions_are_metered() {
    let costs = InstructionCosts {
        interface_call: InstructionCosts::EWASM.interface_call,
        ..InstructionCosts::FREE
    };
    for call in ["(call $useGas (i64.const 0))", "(call $print32 (i32.const 0))"] {
        let vm = Vm::new(VmConfig { metering: costs, debug: true, ..VmConfig::default() });
        let code = contract(&[], &call.repeat(100));
        let contract = vm.contract(Revision::Byzantium, Code::unknown(&code)).unwrap();
        let mut scene = Scene::new();
        let mut frame = vm.frame(Revision::Byzantium, scene.message.clone(), contract);
        assert!(
            matches!(frame.run(&mut scene.host, &mut ()), Step::Done(outcome) if used(&outcome) == 40),
            "{call}"
        );
    }
}
