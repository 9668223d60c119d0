//! Code has its price once in a transaction, in the libraries as with the engine's own driver.
use alloy_primitives::{Address, B256, U256};
use tephra_core::ewasm::{CallKind, Message, Outcome, Status, TransactionContext, Vm, VmConfig};
use tephra_core::revision::Revision;
use tephra_core::state::{Driver, DriverConfig, JournaledState, MemoryAccount, MemoryBackend};
use tephra_tests::evmc::LoadedVm;
use tephra_tests::library;

use crate::contracts;

const SENDER: Address = Address::repeat_byte(0x5e);
const MAIN: Address = Address::repeat_byte(0xaa);
const GAS: u64 = 10_000_000;

/// Gas of a word of code.
const WORD: u64 = 6;

/// The contracts that are called: they are at 20 times their number.
const NOTHING: u8 = 1;
const SAME: u8 = 2;
const UNDONE: u8 = 3;
const NOT_VALID: u8 = 4;
const NOT_WASM: u8 = 5;

/// Instructions that call a contract by its number, with the data and the value at 64.
fn call(function: &str, number: u8) -> String {
    let value = if matches!(function, "call" | "callCode") { "(i32.const 64)" } else { "" };
    format!(
        "(memory.fill (i32.const 0) (i32.const {number}) (i32.const 20))
         (drop (call ${function} (i64.const 100000) (i32.const 0) {value} (i32.const 64) \
         (i32.const 0)))"
    )
}

fn contract(main: &str) -> Vec<u8> {
    let text = format!(
        r#"(module
            (import "ethereum" "call" (func $call (param i64 i32 i32 i32 i32) (result i32)))
            (import "ethereum" "callCode" (func $callCode (param i64 i32 i32 i32 i32) (result i32)))
            (import "ethereum" "callDelegate" (func $callDelegate (param i64 i32 i32 i32)
                (result i32)))
            (import "ethereum" "callStatic" (func $callStatic (param i64 i32 i32 i32) (result i32)))
            (import "ethereum" "create" (func $create (param i32 i32 i32 i32) (result i32)))
            (import "ethereum" "revert" (func $revert (param i32 i32)))
            (memory (export "memory") 1)
            {main})"#
    );
    wat::parse_str(text).unwrap()
}

/// Large code, of a valid contract or not.
fn large(valid: bool) -> Vec<u8> {
    let mut code = if valid { contracts::empty() } else { b"\0asm\x01\0\0\0".to_vec() };
    // A custom section of 8192 bytes.
    code.extend([0, 0x80, 0x40]);
    code.resize(code.len() + 8192, 0);
    code
}

fn state(main: &str) -> JournaledState<MemoryBackend> {
    let codes = [
        (NOTHING, large(true)),
        (SAME, large(true)),
        (
            UNDONE,
            contract(&format!(
                "(func (export \"main\") {} (call $revert (i32.const 0) (i32.const 0)))",
                call("call", NOTHING)
            )),
        ),
        (NOT_VALID, large(false)),
        (NOT_WASM, vec![0x60; 5000]),
    ];
    let mut backend = MemoryBackend::new();
    for (number, code) in codes {
        backend
            .insert(Address::repeat_byte(number), MemoryAccount::new(1, U256::ZERO, code.into()));
    }
    backend.insert(MAIN, MemoryAccount::new(1, U256::ZERO, contract(main).into()));
    backend.insert(SENDER, MemoryAccount::new(1, U256::from(1000), [].into()));
    let mut state = JournaledState::new(backend, Revision::Shanghai);
    state.begin(TransactionContext { number: 1, ..TransactionContext::default() });
    state
}

fn message(to: Address, depth: u32) -> Message {
    Message {
        kind: CallKind::Call,
        is_static: false,
        depth,
        gas: GAS,
        recipient: to,
        code_address: to,
        sender: SENDER,
        input: [].into(),
        value: U256::ZERO,
        salt: B256::ZERO,
    }
}

fn libraries() -> impl Iterator<Item = LoadedVm> {
    [Some(library::abi12()), library::abi9()]
        .into_iter()
        .flatten()
        .map(|library| LoadedVm::load(&library).unwrap())
}

/// The outcome of the contract with this body by the engine's own driver, and that all libraries
/// agree.
fn outcome(main: &str) -> Outcome {
    let main = format!("(func (export \"main\") {main})");
    let vm = Vm::new(VmConfig::default());
    let driver = Driver::new(&vm, DriverConfig::default());
    let expected = driver.run_message(&mut state(&main), message(MAIN, 0), &mut ());
    for library in libraries() {
        // The second time the machine has everything in its cache.
        for _ in 0..2 {
            let found = library.run_message(driver, &mut state(&main), message(MAIN, 0));
            let comparable =
                |outcome: &Outcome| (outcome.status, outcome.gas_left, outcome.output.clone());
            assert_eq!(comparable(&found), comparable(&expected), "{} {main}", library.describe());
        }
    }
    expected
}

fn used(main: &str) -> u64 {
    let outcome = outcome(main);
    assert_eq!(outcome.status, Status::Success, "{main}");
    GAS - outcome.gas_left
}

fn price(code: &[u8]) -> u64 {
    WORD * code.len().div_ceil(32) as u64
}

#[test]
fn a_library_asks_for_code_when_a_transaction_first_runs_it() {
    let one = call("call", NOTHING);
    // Without what its own code costs.
    let used = |calls: usize| {
        let main = one.repeat(calls);
        let code = contract(&format!("(func (export \"main\") {main})"));
        used(&main) - price(&code)
    };
    let (none, first, second, third) = (used(0), used(1), used(2), used(3));
    // Parts of gas add up to whole gas.
    assert!((second - first).abs_diff(third - second) <= 1);
    // The first call also is the first to reach a kibibyte of memory.
    let (cold, memory) = (2500, 224 + 4);
    assert!((first - none).abs_diff(second - first + cold + memory + price(&large(true))) <= 1);
}

#[test]
fn a_library_shares_the_price_between_accounts_kinds_of_calls_and_frames_that_are_undone() {
    for other in ["callCode", "callDelegate", "callStatic"] {
        outcome(&(call(other, NOTHING) + &call("call", NOTHING)));
    }
    outcome(&(call("call", NOTHING) + &call("call", SAME)));
    outcome(&(call("call", UNDONE) + &call("call", NOTHING)));
    outcome(&(call("call", NOTHING) + &call("call", UNDONE)));
}

#[test]
fn a_library_takes_the_price_of_what_is_no_contract_too() {
    for number in [NOT_VALID, NOT_WASM] {
        let one = call("call", number);
        assert!(used(&one.repeat(2)) - used(&one) >= 100_000);
    }
}

#[test]
fn a_library_takes_the_price_of_init_code_each_time_and_of_new_code_when_it_runs() {
    let deposited = contracts::empty();
    let init = contracts::gives(&deposited);
    let bytes: String = init.iter().map(|byte| format!("\\{byte:02x}")).collect();
    let create = format!(
        "(drop (call $create (i32.const 64) (i32.const 256) (i32.const {}) (i32.const 0)))",
        init.len()
    );
    let run = "(drop (call $call (i64.const 100000) (i32.const 0) (i32.const 64) (i32.const 64) \
               (i32.const 0)))";
    for main in
        [create.clone(), create.repeat(2), create.clone() + run, create.repeat(2) + run + run]
    {
        used(&format!("{main}) (data (i32.const 256) \"{bytes}\""));
    }
}

#[test]
fn messages_that_no_open_transaction_sent_pay_each_for_itself() {
    let vm = Vm::new(VmConfig::default());
    let driver = Driver::new(&vm, DriverConfig::default());
    for library in libraries() {
        let mut state = state("(func (export \"main\"))");
        let mut gas_left = |depth| {
            let message = message(Address::repeat_byte(NOTHING), depth);
            let outcome = library.execute(driver, &mut state, &message, &large(true));
            assert_eq!(outcome.status, Status::Success);
            outcome.gas_left
        };
        let first = gas_left(0);
        assert!(first <= GAS - price(&large(true)));
        for depth in [1, 0, 5, 1] {
            assert_eq!(gas_left(depth), first, "{depth}");
        }
    }
}

#[test]
fn machines_on_one_thread_do_not_pay_for_each_other() {
    let vm = Vm::new(VmConfig::default());
    let driver = Driver::new(&vm, DriverConfig::default());
    let main = format!("(func (export \"main\") {})", call("call", NOTHING).repeat(2));
    let path = library::abi12();
    let machines =
        [LoadedVm::load(&path).unwrap(), LoadedVm::load(&path).unwrap(), LoadedVm::linked()];
    let outcomes: Vec<_> = (0..9)
        .map(|turn| {
            machines[turn % 3].run_message(driver, &mut state(&main), message(MAIN, 0)).gas_left
        })
        .collect();
    assert!(outcomes.iter().all(|gas_left| *gas_left == outcomes[0]), "{outcomes:?}");
}
