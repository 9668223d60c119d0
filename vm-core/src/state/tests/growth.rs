//! Whatever grows is counted, has a limit, and is given back.
use alloc::vec::Vec;
use alloc::{format, vec};

use alloy_primitives::{Address, B256, U256};

use super::address;
use crate::ewasm::testing::contract;
use crate::ewasm::{Host, Status, TransactionContext, Vm, VmConfig};
use crate::revision::Revision;
use crate::state::{
    BlockEnv, Driver, DriverConfig, JournalLimits, JournaledState, MemoryAccount, MemoryBackend,
    Transaction,
};

type State = JournaledState<MemoryBackend>;

fn state(accounts: MemoryBackend, limit: u64) -> State {
    let limits = JournalLimits { bytes: limit, ..JournalLimits::DEFAULT };
    let mut state = JournaledState::with_limits(accounts, Revision::NEWEST, limits);
    state.begin(TransactionContext::default());
    state
}

fn key(number: u32) -> B256 {
    B256::from(U256::from(number))
}

fn account(number: u32) -> Address {
    Address::from_word(key(number | 1 << 31))
}

/// A name, a step with a number of its own, and the most that a step counts for.
type Kind = (&'static str, fn(&mut State, u32), u64);

/// Everything that frames can make grow, each by a step that can be repeated.
const KINDS: &[Kind] = &[
    (
        "transient slots",
        |state, step| state.set_transient_storage(&address(1), &key(step), &key(1)),
        176,
    ),
    (
        "slots that are written",
        |state, step| {
            let _ = state.set_storage(&address(1), &key(step), &key(1));
        },
        448,
    ),
    (
        "slots that are read",
        |state, step| {
            let _ = state.storage(&address(1), &key(step));
        },
        448,
    ),
    (
        "slots that are touched",
        |state, step| {
            let _ = state.access_storage(&address(1), &key(step));
        },
        448,
    ),
    (
        "accounts that are touched",
        |state, step| {
            let _ = state.access_account(&account(step));
        },
        576,
    ),
    (
        "accounts that are looked at",
        |state, step| {
            let _ = state.balance(&account(step));
        },
        576,
    ),
    (
        "transfers to new accounts",
        |state, step| assert!(state.transfer(&address(1), &account(step), U256::from(1))),
        1120,
    ),
    ("contracts", |state, step| assert!(state.create_account(&account(step))), 576),
    (
        "contracts that are destroyed",
        |state, step| {
            let _ = state.self_destruct(&account(step), &address(1));
        },
        720,
    ),
    (
        "codes",
        |state, step| state.set_code(&address(1), step.to_le_bytes().repeat(100).into()),
        704,
    ),
    ("logs", |state, _| state.log(&address(1), &[key(1); 4], &[7; 100]), 632),
    ("logs without data", |state, _| state.log(&address(1), &[], &[]), 288),
    (
        "changes of a transient slot",
        |state, step| state.set_transient_storage(&address(1), &key(0), &key(step)),
        176,
    ),
    (
        "changes of a slot",
        |state, step| {
            let _ = state.set_storage(&address(1), &key(0), &key(step));
        },
        448,
    ),
    ("nonces", |state, _| assert!(state.increment_nonce(&address(2)).is_some()), 96),
];

/// A state where what the kinds change is older than the checkpoints.
fn old(limit: u64) -> State {
    let mut accounts = MemoryBackend::new();
    accounts.insert(address(1), MemoryAccount::new(0, U256::from(1_u64 << 40), [].into()));
    let mut state = state(accounts, limit);
    state.set_transient_storage(&address(1), &key(0), &key(u32::MAX));
    state.set_storage(&address(1), &key(0), &key(u32::MAX));
    state.touch(&address(2));
    state
}

#[test]
fn whatever_grows_is_counted_and_given_back() {
    for (name, step, most) in KINDS {
        let mut state = old(1 << 30);
        let before = state.journal_bytes();
        let outer = state.checkpoint();
        step(&mut state, 1);
        let checkpoint = state.checkpoint();
        let mut last = state.journal_bytes();
        for number in 2..1000 {
            step(&mut state, number);
            let bytes = state.journal_bytes();
            assert!(bytes > last, "{name}: the step {number} is not counted");
            assert!(bytes - last <= *most, "{name}: {} bytes for a step", bytes - last);
            last = bytes;
        }
        state.rollback(checkpoint);
        let inner = state.checkpoint();
        state.commit(inner);
        state.rollback(outer);
        // Code that was made stays at hand.
        if *name != "codes" {
            assert_eq!(state.journal_bytes(), before, "{name}");
        }
        assert!(!state.has_failed());
    }
}

#[test]
fn nothing_grows_beyond_the_limit_by_more_than_a_step() {
    const LIMIT: u64 = 100_000;
    for (name, step, most) in KINDS {
        let mut state = old(LIMIT);
        let checkpoint = state.checkpoint();
        let steps = (0..).take_while(|number| {
            step(&mut state, *number);
            !state.has_overflown()
        });
        let steps = steps.count() as u64;
        assert!(steps >= (LIMIT - (16 << 10)) / most - 10, "{name}: {steps} steps");
        assert!(
            state.journal_bytes() <= LIMIT - (16 << 10) + most,
            "{name}: {} bytes",
            state.journal_bytes()
        );
        state.rollback(checkpoint);
        assert!(!state.has_overflown(), "{name}");
    }
}

#[test]
fn what_a_frame_itself_has_made_needs_no_way_back() {
    let mut state = old(1 << 30);
    let checkpoint = state.checkpoint();
    state.set_transient_storage(&address(1), &key(7), &key(1));
    state.set_storage(&address(1), &key(7), &key(1));
    let once = state.journal_bytes();
    for value in 0..1000 {
        state.set_transient_storage(&address(1), &key(7), &key(value));
        state.set_storage(&address(1), &key(7), &key(value));
    }
    assert_eq!(state.journal_bytes(), once);
    state.rollback(checkpoint);
    assert_eq!(state.transient_storage(&address(1), &key(7)), B256::ZERO);
    assert_eq!(state.storage(&address(1), &key(7)), B256::ZERO);
}

#[test]
fn a_log_that_is_too_large_is_not_kept() {
    let mut state = old(100_000);
    state.log(&address(1), &[], &vec![0; 60_000]);
    assert!(state.has_overflown() && state.logs().is_empty());
    assert!(state.journal_bytes() < 10_000);
}

const CALLER: Address = Address::repeat_byte(0xca);
const GREEDY: Address = Address::repeat_byte(0x9e);

/// Runs a transaction of a contract that calls another one, which stores that many transient slots,
/// and then stores a transient slot itself and gives back the answer of the call.
fn call_greedy(limit: u64, slots: u32, depth: u32) -> (Status, Vec<u8>, u64) {
    let greedy = contract(
        &[],
        &format!(
            r#"(local $slot i32)
                (loop $more
                    (local.set $slot (i32.add (local.get $slot) (i32.const 1)))
                    (i32.store (i32.const 0) (local.get $slot))
                    (call $transientStorageStore (i32.const 0) (i32.const 0))
                    (br_if $more (i32.lt_u (local.get $slot) (i32.const {slots}))))"#
        ),
    );
    let caller = |callee: Address| {
        let byte = callee.0[0];
        contract(
            &[],
            &format!(
                r#"(memory.fill (i32.const 0) (i32.const {byte}) (i32.const 20))
                    (i32.store (i32.const 64) (call $call (i64.const 14000000) (i32.const 0) (i32.const 128) (i32.const 0) (i32.const 0)))
                    (call $transientStorageStore (i32.const 0) (i32.const 0))
                    (call $finish (i32.const 64) (i32.const 4))"#
            ),
        )
    };
    let mut backend = MemoryBackend::new();
    backend.insert(address(1), MemoryAccount::new(0, U256::ZERO, [].into()));
    backend.insert(GREEDY, MemoryAccount::new(1, U256::ZERO, greedy.into()));
    let mut callee = GREEDY;
    for level in 0..depth {
        let this = Address::repeat_byte(CALLER.0[0].wrapping_sub(level as u8));
        backend.insert(this, MemoryAccount::new(1, U256::ZERO, caller(callee).into()));
        callee = this;
    }
    let mut state = state(backend, limit);
    let vm = Vm::new(VmConfig::default());
    let transaction =
        Transaction { gas_limit: 1 << 24, ..Transaction::new(address(1), 0, Some(callee), []) };
    let block = BlockEnv { gas_limit: u64::MAX, ..BlockEnv::default() };
    let driver = Driver::new(&vm, DriverConfig::default());
    let receipt = driver.transact_prepaid(&mut state, &block, &transaction, None, &mut ()).unwrap();
    state.finish().unwrap();
    (receipt.status, receipt.output, receipt.gas_used)
}

#[test]
fn a_frame_that_makes_too_much_grow_fails_and_its_caller_goes_on() {
    let failed = [1, 0, 0, 0];
    let (status, output, gas_used) = call_greedy(1 << 20, 10_000, 1);
    assert_eq!((status, output.as_slice()), (Status::Success, &failed[..]));
    assert!(gas_used > 14_000_000, "all gas of the message is gone: {gas_used}");
    let (status, output, _) = call_greedy(1 << 20, 5_000, 1);
    assert_eq!((status, output.as_slice()), (Status::Success, &[0; 4][..]));
}

#[test]
fn a_message_leaves_its_sender_room() {
    // As many as fit: one more, and the message fails.
    let most = (1..).find(|slots| call_greedy(1 << 17, *slots, 1).1 != [0; 4]).unwrap() - 1;
    for depth in [1, 2, 3] {
        for slots in [most.saturating_sub(200), most, most + 1] {
            let (status, _, _) = call_greedy(1 << 17, slots, depth);
            assert_eq!(status, Status::Success, "{slots} slots at depth {depth}");
        }
    }
}

#[test]
fn what_a_transaction_can_pay_natively_never_meets_the_limit() {
    let (status, output, _) = call_greedy(1 << 30, 130_000, 1);
    assert_eq!((status, output.as_slice()), (Status::Success, &[0; 4][..]));
}
