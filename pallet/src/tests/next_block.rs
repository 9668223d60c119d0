//! Dry runs take place in the next block.
use codec::Encode;
use sp_runtime::DispatchError;

use super::*;
use crate::runtime_api::{AccountOverride, DryRun, Overrides, SlotOverride, Trace};
use crate::{Clock, NODE_CLOCK};

/// The time of the last block, in milliseconds.
const LAST: u64 = 1_700_000_000_123;

/// Reverts until the time in its first slot, in seconds, and then returns the block's number and
/// time.
const TIMELOCK: &str = r#"(module
    (import "ethereum" "getBlockTimestamp" (func $now (result i64)))
    (import "ethereum" "getBlockNumber" (func $number (result i64)))
    (import "ethereum" "storageLoad" (func $load (param i32 i32)))
    (import "ethereum" "revert" (func $revert (param i32 i32)))
    (import "ethereum" "finish" (func $finish (param i32 i32)))
    (memory (export "memory") 1)
    (data (i32.const 100) "too early")
    (func (export "main")
        (call $load (i32.const 0) (i32.const 32))
        (if (i64.lt_u (call $now) (i64.load (i32.const 32)))
            (then (call $revert (i32.const 100) (i32.const 9))))
        (i64.store (i32.const 0) (call $number))
        (i64.store (i32.const 8) (call $now))
        (call $finish (i32.const 0) (i32.const 16))))"#;

fn timelock() -> Vec<u8> {
    wat::parse_str(TIMELOCK).expect("the timelock is valid WebAssembly text")
}

/// Writes two new slots when time has passed since its last call, as a pair of an exchange does.
fn pair() -> Vec<u8> {
    wat::parse_str(
        r#"(module
            (import "ethereum" "getBlockTimestamp" (func $now (result i64)))
            (import "ethereum" "storageLoad" (func $load (param i32 i32)))
            (import "ethereum" "storageStore" (func $store (param i32 i32)))
            (memory (export "memory") 1)
            (data (i32.const 64) "\01") (data (i32.const 128) "\02")
            (func (export "main")
                (call $load (i32.const 0) (i32.const 32))
                (if (i64.gt_u (call $now) (i64.load (i32.const 32)))
                    (then
                        (if (i64.ne (i64.load (i32.const 32)) (i64.const 0))
                            (then
                                (call $store (i32.const 64) (i32.const 64))
                                (call $store (i32.const 128) (i32.const 128))))
                        (i64.store (i32.const 32) (call $now))
                        (call $store (i32.const 0) (i32.const 32))))))"#,
    )
    .expect("the pair is valid WebAssembly text")
}

fn at(seconds: u64) -> SlotOverride {
    let mut value = H256::zero();
    value.0[..8].copy_from_slice(&seconds.to_le_bytes());
    SlotOverride { key: H256::zero(), value }
}

fn of(address: H160) -> AccountOverride<Balance> {
    AccountOverride { address, balance: None, nonce: None, code: None, storage: Vec::new() }
}

fn with(account: AccountOverride<Balance>) -> Overrides<Balance> {
    Overrides { accounts: vec![account], ..Overrides::default() }
}

/// Returns a dry run of a call by Alice in the next block, as the runtime API does.
fn next(target: H160, input: &[u8], overrides: Overrides<Balance>) -> DryRun<Balance> {
    Ewasm::in_next_block(&alice(), Some(overrides), || {
        Ewasm::dry_call(alice(), target, input.to_vec(), 0, Some(GAS), None)
    })
}

fn number_and_time(output: &[u8]) -> (u64, u64) {
    let half = |range: core::ops::Range<usize>| {
        u64::from_le_bytes(output[range].try_into().expect("eight bytes"))
    };
    (half(0..8), half(8..16))
}

/// Returns the number and time, in seconds, that the timelock sees in the next block.
fn told(lock: H160, overrides: Overrides<Balance>) -> (u64, u64) {
    let run = next(lock, &[], overrides);
    assert_eq!(run.result, Ok(()));
    number_and_time(&run.output)
}

fn the_node_says(milliseconds: u64) {
    sp_io::storage::set(NODE_CLOCK, &milliseconds.encode());
}

/// Returns the earliest time of the next block, in milliseconds.
fn earliest() -> u64 {
    <Timestamp as Clock>::earliest_next()
}

#[test]
fn number_and_time_are_those_of_the_next_block() {
    new_test_ext().execute_with(|| {
        let lock = create(puppet::init_of(&timelock()), 0);
        assert!(earliest() > LAST);
        assert_eq!(
            told(lock, Overrides::default()),
            (System::block_number() + 1, earliest() / 1000)
        );
        // Nothing remains.
        assert_eq!((System::block_number(), Timestamp::get()), (1, LAST));
        let Trace { run, .. } = Ewasm::in_next_block(&alice(), None, || {
            Ewasm::trace(alice(), Some(lock), Vec::new(), 0, Some(GAS), None)
        });
        assert_eq!(number_and_time(&run.output).0, 2);
        // A create returns code, but the reason of a revert can be seen.
        let init =
            wat::parse_str(TIMELOCK.replace("call $finish", "call $revert")).expect("it is valid");
        let made = Ewasm::in_next_block(&alice(), None, || {
            Ewasm::dry_create(alice(), init, 0, Some(GAS), None, None)
        });
        assert_eq!(number_and_time(&made.output), (2, earliest() / 1000));
    });
}

#[test]
fn a_timelock_opens_when_the_nodes_clock_says_so() {
    new_test_ext().execute_with(|| {
        let lock = create(puppet::init_of(&timelock()), 0);
        let opens = LAST / 1000 + 20;
        let closed = Overrides {
            accounts: vec![AccountOverride { storage: vec![at(opens)], ..of(lock) }],
            ..Overrides::default()
        };
        let early = next(lock, &[], closed.clone());
        assert_eq!(
            (early.result, &early.output[..]),
            (Err(Error::<Test>::Reverted.into()), &b"too early"[..])
        );
        the_node_says(opens * 1000 - 1);
        assert!(next(lock, &[], closed.clone()).result.is_err());
        the_node_says(opens * 1000);
        assert_eq!(told(lock, closed.clone()), (2, opens));
        // The request can set another time.
        assert!(next(lock, &[], Overrides { timestamp: Some(LAST), ..closed }).result.is_err());
    });
}

#[test]
fn a_time_before_the_next_block_is_raised_to_the_earliest() {
    new_test_ext().execute_with(|| {
        let lock = create(puppet::init_of(&timelock()), 0);
        for milliseconds in [0, LAST, earliest() - 1] {
            let overrides = Overrides { timestamp: Some(milliseconds), ..Overrides::default() };
            assert_eq!(told(lock, overrides).1, earliest() / 1000);
            the_node_says(milliseconds);
            assert_eq!(told(lock, Overrides::default()).1, earliest() / 1000);
        }
        for milliseconds in [earliest() + 60_000, u64::MAX] {
            let overrides = Overrides {
                timestamp: Some(milliseconds),
                number: Some(77),
                ..Overrides::default()
            };
            assert_eq!(told(lock, overrides), (77, milliseconds / 1000));
        }
    });
}

#[test]
fn an_invalid_clock_of_the_node_is_ignored() {
    new_test_ext().execute_with(|| {
        let lock = create(puppet::init_of(&timelock()), 0);
        sp_io::storage::set(NODE_CLOCK, &[1, 2, 3]);
        assert_eq!(told(lock, Overrides::default()).1, earliest() / 1000);
    });
}

#[test]
fn an_estimate_suffices_for_writes_that_depend_on_time() {
    new_test_ext().execute_with(|| {
        let pair = create(puppet::init_of(&pair()), 0);
        call(pair, Vec::new(), 0).expect("the first call");
        let here = Ewasm::estimate_gas(alice(), Some(pair), Vec::new(), 0).expect("an estimate");
        let estimate = Ewasm::in_next_block(&alice(), None, || {
            Ewasm::estimate_gas(alice(), Some(pair), Vec::new(), 0)
        });
        let gas_limit = estimate.expect("an estimate");
        assert!(
            gas_limit > here + 2 * 20_000,
            "two slots more than in the block of the first call"
        );
        System::set_block_number(2);
        Timestamp::set_timestamp(earliest());
        let swap = |gas_limit| crate::Call::call {
            target: pair,
            input: Vec::new(),
            value: 0,
            gas_limit,
            storage_deposit_limit: None,
        };
        assert_eq!(error(apply(&alice(), swap(gas_limit - 1))), Error::<Test>::OutOfGas.into());
        apply(&alice(), swap(gas_limit)).expect("the estimate suffices");
    });
}

#[test]
fn dispatched_calls_see_the_next_block_too() {
    new_test_ext().execute_with(|| {
        let seen = Ewasm::in_next_block(&alice(), None, || {
            let number = System::block_number();
            Ok::<u64, DispatchError>(number * 1_000_000_000_000_000 + Timestamp::get())
        });
        assert_eq!(seen, Ok(2_000_000_000_000_000 + earliest()));
    });
}

#[test]
fn balance_and_nonce_of_accounts_can_be_overridden() {
    new_test_ext().execute_with(|| {
        let puppet = puppet_with(50);
        let stranger = H160::repeat_byte(9);
        for address in [puppet, address_of(&bob()), stranger] {
            for balance in [0, 1, 7_000_000] {
                let overrides = with(AccountOverride { balance: Some(balance), ..of(address) });
                let seen = next(puppet, &puppet::balance(address), overrides);
                assert_eq!(seen.output[..16], balance.to_le_bytes(), "{address}");
            }
        }
        assert_eq!(Ewasm::balance_at(puppet), 50);

        // The next contract's address follows from the nonce.
        let create = puppet::create(0, &puppet::init());
        let overrides = with(AccountOverride { nonce: Some(41), ..of(puppet) });
        let made = alloy_primitives::Address::from(puppet.0).create(41);
        assert_eq!(next(puppet, &create, overrides).output[..20], made.0.0);
        let overrides = with(AccountOverride { nonce: Some(41), ..of(address_of(&alice())) });
        let run = Ewasm::in_next_block(&alice(), Some(overrides), || {
            Ewasm::dry_create(alice(), puppet::init(), 0, Some(GAS), None, None)
        });
        let made = alloy_primitives::Address::from(address_of(&alice()).0).create(41);
        assert_eq!((run.result, run.address), (Ok(()), Some(H160(made.0.0))));
        assert_eq!(Ewasm::nonce_at(puppet), 1);
    });
}

#[test]
fn an_account_without_balance_can_be_given_one() {
    new_test_ext().execute_with(|| {
        let puppet = puppet_with(0);
        let poor = account(77);
        let pay = || Ewasm::dry_call(poor.clone(), puppet, puppet::load(0), 5_000, Some(GAS), None);
        let alone: DryRun<Balance> = Ewasm::in_next_block(&poor, None, pay);
        assert!(alone.result.is_err());
        let rich = with(AccountOverride { balance: Some(1_000_000), ..of(address_of(&poor)) });
        let run: DryRun<Balance> = Ewasm::in_next_block(&poor, Some(rich), pay);
        assert_eq!(run.result, Ok(()));
        assert_eq!(spendable(&poor), 0);
    });
}

#[test]
fn code_and_slots_of_accounts_can_be_overridden() {
    new_test_ext().execute_with(|| {
        let nowhere = H160::repeat_byte(9);
        let storage = vec![SlotOverride { key: puppet::word(1), value: puppet::word(2) }];
        let there = AccountOverride { code: Some(puppet::code()), storage, ..of(nowhere) };
        let run = next(nowhere, &puppet::load(1), with(there.clone()));
        assert_eq!((run.result, &run.output[..]), (Ok(()), puppet::word(2).as_bytes()));
        assert!(Ewasm::code_at(nowhere).is_empty());
        // It can be used like any contract, and can end.
        let deeds = [puppet::store(1, 0), puppet::store(3, 4), puppet::create(0, &puppet::init())];
        assert_eq!(next(nowhere, &puppet::all(&deeds), with(there.clone())).result, Ok(()));
        assert_eq!(next(nowhere, &puppet::self_destruct(nowhere), with(there)).result, Ok(()));

        let puppet = puppet_with(30);
        call(puppet, puppet::all(&[puppet::store(1, 5), puppet::store(2, 6)]), 0)
            .expect("it stores");
        let cleared = AccountOverride {
            storage: vec![SlotOverride { key: puppet::word(1), value: H256::zero() }],
            ..of(puppet)
        };
        for (slot, value) in [(1, 0), (2, 6)] {
            assert_eq!(
                next(puppet, &puppet::load(slot), with(cleared.clone())).output,
                puppet::word(value).0
            );
        }
        let emptied = AccountOverride { code: Some(Vec::new()), ..of(puppet) };
        assert!(
            next(puppet, &puppet::load(1), with(emptied)).output.is_empty(),
            "there is no code"
        );
        assert_eq!(Ewasm::storage_at(puppet, puppet::word(1)), puppet::word(5));
        Ewasm::do_try_state().expect("nothing remains");
    });
}

#[test]
fn invalid_code_and_impossible_balances_are_errors() {
    new_test_ext().execute_with(|| {
        let puppet = puppet_with(0);
        let invalid = AccountOverride { code: Some(b"\0asm\x01\0\0\0".to_vec()), ..of(puppet) };
        assert_eq!(
            next(puppet, &[], with(invalid)).result,
            Err(Error::<Test>::InvalidContract.into())
        );
        let large = AccountOverride { code: Some(vec![0; (128 << 10) + 1]), ..of(puppet) };
        assert_eq!(next(puppet, &[], with(large)).result, Err(Error::<Test>::CodeTooLarge.into()));
        let much = AccountOverride { balance: Some(Balance::MAX), ..of(puppet) };
        let refused = Err(Error::<Test>::OverrideNotPossible.into());
        assert_eq!(next(puppet, &[], with(much.clone())).result, refused);
        let estimate = Ewasm::in_next_block(&alice(), Some(with(much)), || {
            Ewasm::estimate_gas(alice(), Some(puppet), Vec::new(), 0)
        });
        assert_eq!(estimate.map(|_| ()), refused);
    });
}
