//! What interface functions read and write counts as reached by the contract, and is paid from its
//! gas.
use alloc::format;

use alloy_primitives::{Address, B256};

use crate::ewasm::testing::*;
use crate::ewasm::{CallKind, Code, Message, Outcome, Status, Step, Vm};
use crate::revision::Revision;
use crate::wasm::{InstructionCosts, PARTICLES_PER_GAS};

/// A kibibyte costs 1000 gas and its square 1; all other instructions are free.
const COSTS: InstructionCosts = InstructionCosts {
    kibibyte: 1000 * PARTICLES_PER_GAS,
    kibibytes_squared: PARTICLES_PER_GAS,
    ..InstructionCosts::FREE
};

/// Gas for a memory that reaches `kibibytes`.
fn price(kibibytes: u64) -> u64 {
    1000 * kibibytes + kibibytes * kibibytes
}

/// A scene in which memory costs something.
fn metered() -> Scene {
    let mut scene = Scene::at(Revision::NEWEST);
    scene.config.metering = COSTS;
    scene.message.input = [1; 2000][..].into();
    // The account at the address of zeros, which memory holds where it was never written.
    let account = Account { code: OTHER_CODE.into(), ..Account::default() };
    scene.host.accounts.insert(Address::ZERO, account);
    scene
}

fn ran(costs: InstructionCosts, gas: u64, main: &str) -> Outcome {
    let mut scene = metered();
    scene.config.metering = costs;
    scene.message.gas = gas;
    scene.run(main)
}

/// Gas that the memory of a contract costs on top of what is done with it.
fn memory_of(main: &str) -> u64 {
    let [free, metered] = [InstructionCosts::FREE, COSTS].map(|costs| ran(costs, GAS, main));
    assert_eq!(metered.status, free.status, "{main}");
    assert_ne!(metered.status, Status::OutOfGas, "{main}");
    used(&metered) - used(&free)
}

/// Calls with the pointer that is tested as `@`, and the number of bytes from there on that they
/// access.
const ACCESSES: &[(&str, u32)] = &[
    ("(call $getAddress (i32.const @))", 20),
    ("(call $getCaller (i32.const @))", 20),
    ("(call $getCallValue (i32.const @))", 16),
    ("(call $getTxGasPrice (i32.const @))", 16),
    ("(call $getBlockDifficulty (i32.const @))", 32),
    ("(drop (call $getBlockHash (i64.const 5) (i32.const @)))", 32),
    ("(call $getExternalBalance (i32.const @) (i32.const 0))", 20),
    ("(call $getExternalBalance (i32.const 0) (i32.const @))", 16),
    ("(drop (call $getExternalCodeSize (i32.const @)))", 20),
    ("(call $externalCodeCopy (i32.const @) (i32.const 0) (i32.const 0) (i32.const 0))", 20),
    ("(call $externalCodeCopy (i32.const 0) (i32.const @) (i32.const 1) (i32.const 9))", 9),
    ("(call $callDataCopy (i32.const @) (i32.const 7) (i32.const 1500))", 1500),
    ("(call $codeCopy (i32.const @) (i32.const 1) (i32.const 30))", 30),
    ("(call $storageLoad (i32.const @) (i32.const 0))", 32),
    ("(call $storageLoad (i32.const 0) (i32.const @))", 32),
    ("(call $storageStore (i32.const @) (i32.const 0))", 32),
    ("(call $storageStore (i32.const 0) (i32.const @))", 32),
    (
        "(call $log (i32.const @) (i32.const 99) (i32.const 0) (i32.const 0) (i32.const 0) \
         (i32.const 0) (i32.const 0))",
        99,
    ),
    (
        "(call $log (i32.const 0) (i32.const 0) (i32.const 1) (i32.const @) (i32.const 0) \
         (i32.const 0) (i32.const 0))",
        32,
    ),
    ("(call $selfDestruct (i32.const @))", 20),
    ("(call $finish (i32.const @) (i32.const 1000))", 1000),
    ("(call $revert (i32.const @) (i32.const 1000))", 1000),
    (
        "(drop (call $call (i64.const 0) (i32.const @) (i32.const 0) (i32.const 0) (i32.const 0)))",
        20,
    ),
    (
        "(drop (call $call (i64.const 0) (i32.const 0) (i32.const @) (i32.const 0) (i32.const 0)))",
        16,
    ),
    (
        "(drop (call $call (i64.const 0) (i32.const 0) (i32.const 0) (i32.const @) \
         (i32.const 500)))",
        500,
    ),
    (
        "(drop (call $callCode (i64.const 0) (i32.const 0) (i32.const 0) (i32.const @) \
         (i32.const 500)))",
        500,
    ),
    ("(drop (call $callDelegate (i64.const 0) (i32.const 0) (i32.const @) (i32.const 500)))", 500),
    ("(drop (call $callStatic (i64.const 0) (i32.const 0) (i32.const @) (i32.const 500)))", 500),
    ("(drop (call $create (i32.const @) (i32.const 0) (i32.const 0) (i32.const 0)))", 16),
    ("(drop (call $create (i32.const 0) (i32.const @) (i32.const 500) (i32.const 0)))", 500),
    ("(drop (call $create (i32.const 0) (i32.const 0) (i32.const 0) (i32.const @)))", 20),
    (
        "(drop (call $create2 (i32.const 0) (i32.const 0) (i32.const 0) (i32.const @) \
         (i32.const 0)))",
        32,
    ),
    (
        "(drop (call $create2 (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) \
         (i32.const @)))",
        20,
    ),
];

/// The call with its range ending there.
fn ending_at(call: &str, bytes: u32, end: u32) -> alloc::string::String {
    call.replace('@', &format!("{}", end - bytes))
}

#[test]
fn what_a_function_accesses_is_reached_to_its_last_byte() {
    for (call, bytes) in ACCESSES {
        assert_eq!(memory_of(&ending_at(call, *bytes, 9 << 10)), price(9), "{call}");
        assert_eq!(memory_of(&ending_at(call, *bytes, (9 << 10) + 1)), price(10), "{call}");
        assert_eq!(memory_of(&ending_at(call, *bytes, 1 << 16)), price(64), "{call}");
    }
}

#[test]
fn what_is_reached_already_costs_nothing_more() {
    for (call, bytes) in ACCESSES {
        let main = format!(
            "(i32.store8 (i32.const 10000) (i32.const 0)) {}",
            ending_at(call, *bytes, 9 << 10)
        );
        assert_eq!(memory_of(&main), price(10), "{call}");
    }
}

#[test]
fn a_range_out_of_bounds_fails_as_such_and_is_not_paid() {
    for (call, bytes) in ACCESSES {
        // With gas for the function but not for the memory.
        let free = GAS - ran(InstructionCosts::FREE, GAS, &call.replace('@', "0")).gas_left;
        let outcome =
            ran(COSTS, free.max(40_000) + price(1), &ending_at(call, *bytes, (1 << 16) + 1));
        assert_eq!(outcome.status, Status::InvalidMemoryAccess, "{call}");
    }
}

#[test]
fn too_little_gas_for_the_memory_ends_the_frame() {
    // Functions that cost nothing but memory run out of gas exactly there.
    for call in [
        "(call $finish (i32.const @) (i32.const 1000))",
        "(call $revert (i32.const @) (i32.const 1000))",
    ] {
        let main = ending_at(call, 1000, 9 << 10);
        assert_ne!(ran(COSTS, price(9), &main).status, Status::OutOfGas);
        assert_eq!(ran(COSTS, price(9) - 1, &main).status, Status::OutOfGas);
    }
    for (call, bytes) in ACCESSES {
        let outcome = ran(COSTS, price(60), &ending_at(call, *bytes, 1 << 16));
        assert_eq!((outcome.status, outcome.gas_left), (Status::OutOfGas, 0), "{call}");
    }
}

#[test]
fn no_bytes_reach_nothing() {
    for main in [
        "(call $finish (i32.const 65536) (i32.const 0))",
        "(call $revert (i32.const 65536) (i32.const 0))",
        "(call $callDataCopy (i32.const 65536) (i32.const 0) (i32.const 0))",
        "(call $log (i32.const 65536) (i32.const 0) (i32.const 0) (i32.const 65536) \
         (i32.const 0) (i32.const 0) (i32.const 0))",
    ] {
        assert_eq!(memory_of(main), 0, "{main}");
    }
}

#[test]
fn functions_for_developers_show_memory_without_reaching_it() {
    for main in [
        "(call $printMem (i32.const 9000) (i32.const 100))",
        "(call $printMemHex (i32.const 60000) (i32.const 5536))",
        "(call $printStorage (i32.const 9000))",
        "(call $printStorageHex (i32.const 9000))",
    ] {
        assert_eq!(memory_of(main), 0, "{main}");
    }
}

#[test]
fn with_metering_off_memory_is_free() {
    for (call, bytes) in ACCESSES {
        let [near, far] = [bytes + 1, 1 << 16]
            .map(|end| used(&ran(InstructionCosts::FREE, GAS, &ending_at(call, *bytes, end))));
        assert_eq!(near, far, "{call}");
    }
}

#[test]
fn the_data_of_a_contract_are_paid_before_anything_runs() {
    let run = |gas, data: &str| {
        let text =
            format!(r#"(module (memory (export "memory") 1) {data} (func (export "main")))"#);
        let mut scene = metered();
        scene.message.gas = gas;
        let outcome = scene.run_code(&wat::parse_str(text).unwrap());
        (outcome.status, gas - outcome.gas_left)
    };
    assert_eq!(run(GAS, ""), (Status::Success, 0));
    assert_eq!(
        run(GAS, r#"(data (i32.const 5000) "a") (data (i32.const 0) "abc")"#),
        (Status::Success, price(5))
    );
    assert_eq!(run(price(5), r#"(data (i32.const 5000) "a")"#), (Status::Success, price(5)));
    assert_eq!(run(price(5) - 1, r#"(data (i32.const 5000) "a")"#).0, Status::OutOfGas);
    assert_eq!(run(0, r#"(data (i32.const 65536) "a")"#).0, Status::InvalidMemoryAccess);
}

#[test]
fn the_place_of_a_created_address_is_paid_before_the_message_and_nothing_after_it() {
    let main = "(drop (call $create (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 9000)))
        (call $finish (i32.const 9000) (i32.const 20))";
    let scene = metered();
    let vm = Vm::new(scene.config.clone());
    let contract = vm.contract(Revision::NEWEST, Code::unknown(&contract(&[], main))).unwrap();
    let mut frame = vm.frame(Revision::NEWEST, scene.message.clone(), contract);
    let mut host = scene.host;
    let Step::Nested(message) = frame.run(&mut host, &mut ()) else { panic!("it creates") };
    assert_eq!(frame.memory_pages(), 1);
    let left = GAS - price(9) - 32_000;
    assert_eq!(message.gas, left - left / 64);
    // The message has taken all of its gas.
    let address = Address::repeat_byte(0x99);
    frame.resume(Outcome { create_address: Some(address), ..outcome(Status::Success, 0, b"") });
    let Step::Done(ended) = frame.run(&mut host, &mut ()) else { panic!("it ends") };
    assert_eq!((ended.status, ended.gas_left), (Status::Success, left / 64));
    assert_eq!(ended.output, address.as_slice());
}

#[test]
fn a_frame_goes_on_with_the_memory_that_it_has_paid() {
    let main = "(i32.store (i32.const 9000) (i32.const 1))
        (drop (call $callStatic (i64.const 0) (i32.const 0) (i32.const 0) (i32.const 0)))
        (drop (i32.load (i32.const 9000)))
        (drop (i32.load (i32.const 9216)))";
    assert_eq!(memory_of(main), price(10));
}

#[test]
fn frames_that_are_open_pay_for_memories_of_their_own() {
    let scene = metered();
    let vm = Vm::new(scene.config.clone());
    let main = "(i32.store (i32.const 9000) (i32.const 1))
        (drop (call $callStatic (i64.const 500000) (i32.const 0) (i32.const 0) (i32.const 0)))
        (drop (i32.load (i32.const 9000)))";
    let contract = vm.contract(Revision::NEWEST, Code::unknown(&contract(&[], main))).unwrap();
    let mut host = scene.host;
    let mut outer = vm.frame(Revision::NEWEST, scene.message.clone(), contract.clone());
    let Step::Nested(message) = outer.run(&mut host, &mut ()) else { panic!("it calls") };
    let inner_message = Message { kind: CallKind::Call, salt: B256::ZERO, ..message };
    let gas = inner_message.gas;
    let mut inner = vm.frame(Revision::NEWEST, inner_message, contract);
    inner.give_room(outer.lend_room());
    assert!(matches!(inner.run(&mut host, &mut ()), Step::Nested(_)));
    inner.resume(outcome(Status::Success, 0, b""));
    let Step::Done(ended) = inner.run(&mut host, &mut ()) else { panic!("it ends") };
    // The memory and the call, which takes all that it may.
    assert!(gas - ended.gas_left >= price(9));
    outer.give_room(inner.lend_room());
    let gas_left = ended.gas_left;
    outer.resume(ended);
    let Step::Done(ended) = outer.run(&mut host, &mut ()) else { panic!("it ends") };
    assert_eq!(ended.status, Status::Success);
    assert!(ended.gas_left >= gas_left);
}
