//! The price of code, and that it is paid once in a transaction.
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::sync::atomic::Ordering;

use alloy_primitives::{Address, B256, KECCAK256_EMPTY, U256};

use super::address;
use crate::ewasm::testing::{contract, sized};
use crate::ewasm::{OpenLimits, Status, Vm, VmConfig};
use crate::revision::Revision;
use crate::state::{
    AccountInfo, BlockEnv, Driver, DriverConfig, JournaledState, MemoryAccount, MemoryBackend,
    Receipt, Transaction,
};
use crate::wasm::{InstructionCosts, PARTICLES_PER_GAS};

/// In gas.
const WORD: u64 = 6;

/// What the revision asks for a call of an account, in gas.
const CALL: u64 = 700;

/// Who sends, who is called by the transaction, and who is called by that one. None of them is a
/// precompiled contract.
const SENDER: u8 = 0x21;
const FIRST: u8 = 0x22;
const OTHER: u8 = 0x23;

/// A chain on which nothing but code and what Ethereum defines has a price.
struct World {
    vm: Vm,
    driver: DriverConfig,
    state: JournaledState<MemoryBackend>,
}

impl World {
    fn new() -> Self {
        let code_word = (WORD * PARTICLES_PER_GAS) as u32;
        let metering = InstructionCosts { code_word, ..InstructionCosts::FREE };
        let vm = Vm::new(VmConfig { metering, ..VmConfig::default() });
        let mut backend = MemoryBackend::new();
        backend.insert(address(SENDER), MemoryAccount::new(0, U256::from(u128::MAX), [].into()));
        Self {
            vm,
            driver: DriverConfig::default(),
            state: JournaledState::new(backend, Revision::Byzantium),
        }
    }

    fn with(mut self, at: u8, code: Vec<u8>) -> Self {
        self.state
            .backend_mut()
            .insert(address(at), MemoryAccount::new(1, U256::ZERO, code.into()));
        self
    }

    fn transact(&mut self, gas_limit: u64) -> Receipt {
        let nonce = self.state.backend().accounts()[&address(SENDER)].info.nonce;
        let to = Some(address(FIRST));
        let transaction =
            Transaction { gas_limit, ..Transaction::new(address(SENDER), nonce, to, []) };
        let block = BlockEnv { gas_limit, ..BlockEnv::default() };
        let driver = Driver::new(&self.vm, self.driver);
        let receipt = driver.transact(&mut self.state, &block, &transaction, &mut ()).unwrap();
        let Ok(changes) = self.state.finish();
        self.state.backend_mut().apply(changes);
        receipt
    }

    /// The gas of a transaction that succeeds, beyond that of its first message's code.
    fn gas_beyond(&mut self, code: &[u8]) -> u64 {
        let receipt = self.transact(5_000_000);
        assert_eq!(receipt.status, Status::Success);
        receipt.gas_used - 21_000 - price(code)
    }

    fn compilations(&self) -> usize {
        self.vm.compilations.load(Ordering::Relaxed)
    }
}

fn price(code: &[u8]) -> u64 {
    WORD * code.len().div_ceil(32) as u64
}

/// Calls the account with this number.
fn call(at: u8) -> String {
    call_with(at, i64::MAX as u64)
}

fn call_with(at: u8, gas: u64) -> String {
    format!(
        "(i32.store8 (i32.const 19) (i32.const {at}))
         (drop (call $call (i64.const {gas}) (i32.const 0) (i32.const 32) (i32.const 0) (i32.const 0)))"
    )
}

fn delegate(at: u8) -> String {
    format!(
        "(i32.store8 (i32.const 19) (i32.const {at}))
         (drop (call $callDelegate (i64.const 1000000) (i32.const 0) (i32.const 0) (i32.const 0)))"
    )
}

#[test]
fn a_transaction_pays_for_each_word_of_the_code_that_it_runs() {
    for size in [101, 127, 128, 129, 5000] {
        let code = sized(contract(&[], ""), size);
        let words = size.div_ceil(32) as u64;
        let mut world = World::new().with(FIRST, code);
        assert_eq!(world.transact(100_000).gas_used, 21_000 + 6 * words, "{size}");
        // The machine has it in its cache now, which makes no difference.
        assert_eq!(world.transact(100_000).gas_used, 21_000 + 6 * words, "{size}");
        assert_eq!(world.compilations(), 1);
    }
}

#[test]
fn what_is_no_contract_pays_before_it_is_looked_at() {
    for code in [
        sized(contract(&[], ""), 3200),
        [0x60; 3200].to_vec(),
        [b"\0asm".to_vec(), [0; 3196].to_vec()].concat(),
    ] {
        let mut world = World::new().with(FIRST, code);
        assert_eq!(world.transact(21_599).status, Status::OutOfGas);
        assert_eq!(world.compilations(), 0);
        assert_ne!(world.transact(21_600).status, Status::OutOfGas);
        assert_eq!(world.compilations(), 1);
    }
}

#[test]
fn accounts_without_code_and_precompiled_contracts_pay_nothing() {
    let code = contract(&[], &format!("{} {} {}", call(2), call(0x77), call(0x77)));
    // SHA-256 of nothing costs 60 gas.
    assert_eq!(World::new().with(FIRST, code.clone()).gas_beyond(&code), 3 * CALL + 60);
}

#[test]
fn code_that_was_paid_for_costs_nothing_more_until_the_transaction_ends() {
    let other = sized(contract(&[], ""), 3200);
    for times in 1..4 {
        let code = contract(&[], &call(OTHER).repeat(times));
        let mut world = World::new().with(FIRST, code.clone()).with(OTHER, other.clone());
        for _transaction in 0..2 {
            assert_eq!(world.gas_beyond(&code), times as u64 * CALL + 600);
        }
    }
}

#[test]
fn a_message_pays_for_its_code_from_its_own_gas() {
    let other = sized(contract(&[], ""), 3200);
    // What cannot pay has lost its gas; the frame that called goes on.
    let code = contract(&[], &format!("{}{}", call_with(OTHER, 599), call_with(OTHER, 600)));
    let mut world = World::new().with(FIRST, code.clone()).with(OTHER, other);
    assert_eq!(world.gas_beyond(&code), 2 * CALL + 599 + 600);
}

#[test]
fn all_frames_of_a_code_share_its_price() {
    // Another account has the same code, and a third one runs it by delegation.
    let other = sized(contract(&[], ""), 3200);
    let code = contract(&[], &format!("{}{}{}", delegate(OTHER), call(OTHER), call(OTHER + 1)));
    let mut world =
        World::new().with(FIRST, code.clone()).with(OTHER, other.clone()).with(OTHER + 1, other);
    assert_eq!(world.gas_beyond(&code), 3 * CALL + 600);
}

#[test]
fn a_contract_that_calls_itself_has_paid_already() {
    // As long as there is nothing in its storage.
    let main = format!(
        "(call $storageLoad (i32.const 64) (i32.const 96))
         (if (i32.eqz (i32.load8_u (i32.const 127)))
             (then (call $storageStore (i32.const 64) (i32.const 128)) {}))",
        call(FIRST)
    );
    let code = contract(&[[0; 159].as_slice(), &[1]].concat(), &main);
    let mut world = World::new().with(FIRST, code.clone());
    assert_eq!(world.gas_beyond(&code), 2 * 200 + 20_000 + CALL);
}

#[test]
fn what_a_frame_paid_for_stays_paid_when_it_is_undone() {
    let inner = sized(contract(&[], ""), 3200);
    let failing =
        contract(&[], &format!("{} (call $revert (i32.const 0) (i32.const 0))", call(OTHER + 1)));
    let code = contract(&[], &format!("{}{}", call(OTHER), call(OTHER + 1)));
    let mut world =
        World::new().with(FIRST, code.clone()).with(OTHER, failing.clone()).with(OTHER + 1, inner);
    assert_eq!(world.gas_beyond(&code), 3 * CALL + price(&failing) + 600);
}

/// A contract that creates one with the init code in its memory from 96 on, and then does this.
fn creator(init: &[u8], then: &str) -> Vec<u8> {
    let memory = [[0; 96].as_slice(), init].concat();
    let length = init.len();
    contract(
        &memory,
        &format!(
            "(drop (call $create (i32.const 32) (i32.const 96) (i32.const {length}) (i32.const 64)))
             (drop (call $create (i32.const 32) (i32.const 96) (i32.const {length}) (i32.const 0)))
             {then}"
        ),
    )
}

/// Init code that gives this code.
fn init_of(code: &[u8]) -> Vec<u8> {
    contract(code, &format!("(call $finish (i32.const 0) (i32.const {}))", code.len()))
}

#[test]
fn init_code_pays_each_time_and_what_it_deposits_when_it_is_called() {
    let deposited = sized(contract(&[], ""), 320);
    let init = init_of(&deposited);
    let create = 32_000 + price(&init) + 200 * 320;
    let code = creator(&init, "");
    assert_eq!(World::new().with(FIRST, code.clone()).gas_beyond(&code), 2 * create);
    // Both new contracts have the same code.
    let then = "(drop (call $call (i64.const 1000) (i32.const 0) (i32.const 32) (i32.const 0) (i32.const 0)))
        (drop (call $call (i64.const 1000) (i32.const 64) (i32.const 32) (i32.const 0) (i32.const 0)))";
    let code = creator(&init, then);
    assert_eq!(
        World::new().with(FIRST, code.clone()).gas_beyond(&code),
        2 * create + 2 * CALL + 60
    );
}

#[test]
fn the_init_code_of_a_transaction_pays_too() {
    let init = sized(contract(&[], ""), 3200);
    let mut world = World::new();
    let mut gas_of = |data: Vec<u8>| {
        let transaction = Transaction {
            gas_limit: 1_000_000,
            ..Transaction::new(address(SENDER), 0, None, data)
        };
        let driver = Driver::new(&world.vm, world.driver);
        let block = BlockEnv { gas_limit: 1_000_000, ..BlockEnv::default() };
        let receipt = driver.transact(&mut world.state, &block, &transaction, &mut ()).unwrap();
        assert_eq!(receipt.status, Status::Success);
        receipt.spent.execution
    };
    assert_eq!(gas_of(init), 600);
    assert_eq!(gas_of(Vec::new()), 0);
}

#[test]
fn code_that_is_not_valid_is_validated_once_in_a_transaction() {
    let invalid = [b"\0asm".to_vec(), [0; 3196].to_vec()].concat();
    let code = contract(&[], &call_with(OTHER, 1000).repeat(10));
    let mut world = World::new().with(FIRST, code.clone()).with(OTHER, invalid);
    world.vm = Vm::new(VmConfig {
        cache_entries: 0,
        metering: world.vm.engine().config().costs,
        ..VmConfig::default()
    });
    assert_eq!(world.gas_beyond(&code), 10 * (CALL + 1000));
    assert_eq!(world.compilations(), 2);
}

/// A contract that calls those at 1:1 … 1:count, so many times.
fn caller(count: u8, turns: u8) -> Vec<u8> {
    contract(
        &[],
        &format!(
            "(local $turn i32) (local $i i32)
             (i32.store8 (i32.const 18) (i32.const 1))
             (loop $again
                 (local.set $i (i32.const 0))
                 (loop $next
                     (local.set $i (i32.add (local.get $i) (i32.const 1)))
                     (i32.store8 (i32.const 19) (local.get $i))
                     (if (call $call (i64.const 30000) (i32.const 0) (i32.const 32) (i32.const 0) (i32.const 0))
                         (then (unreachable)))
                     (br_if $next (i32.lt_u (local.get $i) (i32.const {count}))))
                 (local.set $turn (i32.add (local.get $turn) (i32.const 1)))
                 (br_if $again (i32.lt_u (local.get $turn) (i32.const {turns}))))"
        ),
    )
}

/// A world with the caller and as many contracts of 126 KB.
fn crowd(count: u8, turns: u8) -> (World, Vec<u8>) {
    let code = caller(count, turns);
    let mut world = World::new().with(FIRST, code.clone());
    let large = sized(contract(&[], ""), 126_000);
    for number in 1..=count {
        let mut code = large.clone();
        *code.last_mut().unwrap() = number;
        // To hash all of it takes long where nothing is optimised; any name does.
        let info =
            AccountInfo { nonce: 1, balance: U256::ZERO, code_hash: B256::with_last_byte(number) };
        assert_ne!(info.code_hash, KECCAK256_EMPTY);
        let mut at = [0; 20];
        at[18..].copy_from_slice(&[1, number]);
        let account = MemoryAccount { info, ..MemoryAccount::new(1, U256::ZERO, [].into()) };
        world
            .state
            .backend_mut()
            .insert(Address::new(at), MemoryAccount { code: code.into(), ..account });
    }
    (world, code)
}

#[test]
fn more_contracts_than_any_cache_holds_are_paid_and_compiled_once_however_often_they_are_called() {
    const COUNT: u8 = 140;
    const TURNS: u8 = 5;
    let (mut world, code) = crowd(COUNT, TURNS);
    assert!(u64::from(COUNT) * 126_000 > VmConfig::default().cache_bytes as u64);
    let calls = u64::from(COUNT) * u64::from(TURNS);
    assert_eq!(
        world.gas_beyond(&code),
        calls * CALL + u64::from(COUNT) * WORD * 126_000_u64.div_ceil(32)
    );
    assert_eq!(world.compilations(), usize::from(COUNT) + 1);
}

#[test]
fn a_message_whose_code_is_more_than_a_transaction_may_hold_fails_before_it_begins() {
    let (mut world, code) = crowd(3, 1);
    let most = code.len() as u64 + 3 * 126_000;
    let mut status = |code| {
        world.driver.open = OpenLimits { code, ..OpenLimits::DEFAULT };
        let compiled = world.compilations();
        let receipt = world.transact(1_000_000);
        (receipt.status, world.compilations() - compiled)
    };
    // The caller traps when one of its calls fails.
    assert_eq!(status(most - 1), (Status::Unreachable, 3));
    assert_eq!(status(most), (Status::Success, 1));
}

#[test]
fn validating_init_code_again_and_again_is_paid_by_the_word() {
    // 30,000 calls, which cannot be reached, of a function with 64 parameters.
    let params = " i32".repeat(64);
    let text = format!(
        r#"(module (memory (export "memory") 0)
            (func $wide (param{params}))
            (func (export "main") (return) {}))"#,
        "(call $wide)".repeat(30_000)
    );
    let init = wat::parse_str(text).unwrap();
    let length = init.len();
    let code = contract(
        &init,
        &format!(
            "(loop $more
                 (drop (call $create (i32.const 65440) (i32.const 0) (i32.const {length}) (i32.const 65504)))
                 (br $more))"
        ),
    );
    let mut world = World::new().with(FIRST, code);
    let gas_limit = 2_000_000;
    assert_eq!(world.transact(gas_limit).status, Status::OutOfGas);
    let validated = world.compilations() as u64 - 1;
    let each = 32_000 + price(&init);
    assert!(validated > 5);
    assert!(validated * each <= gas_limit, "{validated} of {each}");
}
