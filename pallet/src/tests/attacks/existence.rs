//! Attacks with existential deposits, dust, and accounts that are reaped and return.
use frame_support::assert_ok;
use frame_support::traits::fungible::InspectHold;
use frame_support::traits::{LockableCurrency, WithdrawReasons};

use super::*;
use crate::OriginalAccount;

const NOBODY: H160 = H160::repeat_byte(0xe1);

fn give(to: AccountId, value: Balance) -> DispatchResultWithPostInfo {
    apply(&alice(), pallet_balances::Call::transfer_allow_death { dest: to, value })
}

#[test]
fn a_contract_without_balance_stays_alive() {
    new_test_ext().execute_with(|| {
        let mut twin = twin();
        let address = puppet_of(&mut twin, 1_234);
        assert_ok!(twin.call(&alice(), address, puppet::call(NOBODY, 1_234, b""), 0, GAS).result);
        assert_eq!((Ewasm::balance_at(address), Ewasm::balance_at(NOBODY)), (0, 1_234));
        assert_eq!(ask(address, puppet::call(NOBODY, 1, b"")), [1]);
        // One unit, far below the existential deposit, is a balance like any other.
        assert_ok!(twin.call(&bob(), address, puppet::store(1, 1), 1, GAS).result);
        assert_ok!(twin.call(&bob(), address, puppet::call(NOBODY, 1, b""), 0, GAS).result);
        assert_eq!((Ewasm::balance_at(address), Ewasm::balance_at(NOBODY)), (0, 1_235));
    });
}

#[test]
fn dust_is_refused_for_a_missing_account_and_accepted_for_an_existing_one() {
    new_test_ext().execute_with(|| {
        let mut twin = twin();
        let contract = puppet_of(&mut twin, 0);
        assert!(give(account_of(NOBODY), EXISTENTIAL_DEPOSIT - 1).is_err());
        assert_ok!(give(account_of(contract), 1));
        assert_eq!(Ewasm::balance_at(contract), 1);
        // For contracts, an account with only its existential deposit has no balance and does not
        // exist.
        assert_ok!(give(account_of(NOBODY), EXISTENTIAL_DEPOSIT));
        assert_eq!((Ewasm::balance_at(NOBODY), Ewasm::code_hash_at(NOBODY)), (0, H256::zero()));
        let before = spendable(&bob());
        assert_ok!(call_as(&bob(), NOBODY, Vec::new(), 1));
        assert_eq!((Ewasm::balance_at(NOBODY), before - spendable(&bob())), (1, 1));
    });
}

#[test]
fn one_unit_to_many_new_addresses_costs_an_existential_deposit_each_or_fails_as_a_whole() {
    new_test_ext().execute_with(|| {
        let poor = account(3);
        assert_ok!(give(poor.clone(), 8 * EXISTENTIAL_DEPOSIT));
        let mut twin = Twin::new(&[alice(), poor.clone()]);
        let contract = puppet_of(&mut twin, 100);
        let sends = |count: u8| {
            let sends =
                (0..count).map(|number| puppet::call(H160::repeat_byte(0xa0 + number), 1, b""));
            puppet::all(&sends.collect::<Vec<_>>())
        };
        let before = spendable(&poor);
        let result = twin.call(&poor, contract, sends(20), 0, GAS).result;
        assert_eq!(error(result), Error::<Test>::DepositNotAffordable.into());
        assert_eq!((spendable(&poor), Ewasm::balance_at(contract)), (before, 100));
        assert_ok!(twin.call(&poor, contract, sends(5), 0, GAS).result);
        assert_eq!(
            (before - spendable(&poor), Ewasm::balance_at(contract)),
            (5 * EXISTENTIAL_DEPOSIT, 95)
        );
        // They exist now.
        assert_ok!(twin.call(&poor, contract, sends(5), 0, GAS).result);
        assert_eq!(before - spendable(&poor), 5 * EXISTENTIAL_DEPOSIT);
    });
}

#[test]
fn self_destruct_without_balance_makes_no_account() {
    new_test_ext().execute_with(|| {
        MockRevision::set(Revision::Shanghai);
        let mut twin = twin();
        let contract = puppet_of(&mut twin, 0);
        assert_ok!(twin.call(&bob(), contract, puppet::self_destruct(NOBODY), 0, GAS).result);
        assert!(!System::account_exists(&account_of(NOBODY)));
    });
}

#[test]
fn a_reaped_account_gets_what_was_sent_meanwhile() {
    new_test_ext().execute_with(|| {
        let guest = account(3);
        let address = address_of(&guest);
        assert_ok!(give(guest.clone(), 10 * EXISTENTIAL_DEPOSIT));
        let contract = puppet_with(50_000);
        assert_ok!(call_as(&guest, contract, puppet::store(1, 1), 0));
        // With its address stored the account cannot be reaped: its deposit is held there.
        let leave = || pallet_balances::Call::transfer_all { dest: alice(), keep_alive: false };
        assert_ok!(apply(&guest, leave()));
        assert!(System::account_exists(&guest));
        assert_ok!(apply(&guest, crate::Call::unmap_account {}));
        assert_ok!(apply(&guest, leave()));
        assert!(!System::account_exists(&guest));

        assert_ok!(call(contract, puppet::call(address, 20_000, b""), 0));
        assert!(!System::account_exists(&guest));
        assert_eq!(Ewasm::balance_at(address), 20_000);
        // No other account can take it.
        assert_eq!(
            error(apply(&bob(), crate::Call::unmap_account {})),
            Error::<Test>::NotMapped.into()
        );
        assert_ok!(apply(&bob(), crate::Call::map_account {}));
        assert_eq!(Ewasm::balance_at(address), 20_000);

        assert_ok!(give(guest.clone(), 2 * EXISTENTIAL_DEPOSIT));
        assert_ok!(apply(&guest, crate::Call::map_account {}));
        let waiting = 20_000 + EXISTENTIAL_DEPOSIT;
        assert_eq!(spendable(&guest), EXISTENTIAL_DEPOSIT + waiting - Price::address());
        assert!(OriginalAccount::<Test>::contains_key(address));
    });
}

#[test]
fn an_account_that_maps_and_unmaps_pays_the_deposit_and_gets_it_back_each_time() {
    new_test_ext().execute_with(|| {
        let before = spendable(&bob());
        for _ in 0..3 {
            assert_ok!(apply(&bob(), crate::Call::map_account {}));
            assert_ok!(apply(&bob(), crate::Call::map_account {}));
            assert_eq!(before - spendable(&bob()), Price::address());
            assert_ok!(apply(&bob(), crate::Call::unmap_account {}));
            assert_eq!(
                error(apply(&bob(), crate::Call::unmap_account {})),
                Error::<Test>::NotMapped.into()
            );
        }
        assert_eq!(spendable(&bob()), before);
        // The first call maps an account, which then gets what waits at its address.
        assert_ok!(call(address_of(&bob()), Vec::new(), 77));
        let contract = puppet_with(0);
        assert_ok!(call_as(&bob(), contract, puppet::load(1), 0));
        assert_eq!(spendable(&bob()), before + 77 + EXISTENTIAL_DEPOSIT - Price::address());
    });
}

#[test]
fn an_account_that_cannot_pay_its_mapping_cannot_call() {
    new_test_ext().execute_with(|| {
        let contract = puppet_with(0);
        let poor = account(3);
        assert_ok!(give(poor.clone(), EXISTENTIAL_DEPOSIT));
        let refused = Error::<Test>::DepositNotAffordable;
        assert_eq!(error(call_as(&poor, contract, puppet::load(1), 0)), refused.into());
        assert_eq!(
            error(apply(&poor, crate::Call::map_account {})),
            Error::<Test>::DepositNotAffordable.into()
        );
        // The same holds for a signer without an account.
        assert_eq!(
            error(call_as(&account(4), contract, puppet::load(1), 0)),
            Error::<Test>::DepositNotAffordable.into()
        );
        assert!(!System::account_exists(&account(4)) || spendable(&account(4)) == 0);
    });
}

#[test]
fn value_at_a_precompiled_contract_stays_there() {
    new_test_ext().execute_with(|| {
        let mut twin = twin();
        let contract = puppet_of(&mut twin, 500);
        for number in 1..=9 {
            let precompiled = H160::from_low_u64_be(number);
            twin.call(&alice(), precompiled, Vec::new(), 20, GAS);
            twin.call(&alice(), contract, puppet::call(precompiled, 30, b""), 0, GAS);
        }
        let sum: Balance =
            (1..=9).map(|number| Ewasm::balance_at(H160::from_low_u64_be(number))).sum();
        assert_eq!(sum, 9 * 50);
        // Those of the runtime give it back unless they succeed.
        let reverse = <Reverse as crate::precompiles::Precompile<Test>>::ADDRESS;
        assert_ok!(call(reverse, b"abc".to_vec(), 20));
        assert_eq!(Ewasm::balance_at(reverse), 20);
        let dispatching = H160::from_low_u64_be(0x400);
        assert_eq!(
            error(call(dispatching, Vec::new(), 20)),
            Error::<Test>::PrecompileFailure.into()
        );
        assert_eq!(Ewasm::balance_at(dispatching), 0);
    });
}

#[test]
fn locked_balance_cannot_be_spent_by_contracts_or_for_deposits() {
    new_test_ext().execute_with(|| {
        let mut twin = twin();
        let contract = puppet_of(&mut twin, 5_000);
        let account = account_of(contract);
        // The lock includes the existential deposit and what is held already.
        let locked = 4_000 + Balances::total_balance_on_hold(&account);
        Balances::set_lock(*b"testlock", &account, locked, WithdrawReasons::all());
        let rest = 2_000;
        assert_eq!(Ewasm::balance_at(contract), rest);
        assert_ok!(call(contract, puppet::call(NOBODY, rest + 1, b""), 0));
        assert_ok!(call(contract, puppet::call(NOBODY, rest, b""), 0));
        assert_eq!((Ewasm::balance_at(contract), Ewasm::balance_at(NOBODY)), (0, rest));

        let free = Balances::free_balance(bob());
        Balances::set_lock(*b"testlock", &bob(), free, WithdrawReasons::all());
        let rest = spendable(&bob());
        assert_eq!(
            error(call_as(&bob(), contract, Vec::new(), rest + 1)),
            Error::<Test>::InsufficientBalance.into()
        );
        assert_ok!(call_as(&bob(), contract, Vec::new(), rest));
        assert_eq!((spendable(&bob()), Ewasm::balance_at(contract)), (0, rest));
        let refused = call_as(&bob(), contract, puppet::store(1, 1), 0);
        assert_eq!(error(refused), Error::<Test>::DepositNotAffordable.into());
    });
}

#[test]
fn a_lock_on_a_contract_does_not_withhold_deposits_that_are_freed() {
    new_test_ext().execute_with(|| {
        MockRevision::set(Revision::Shanghai);
        let contract = puppet_with(5_000);
        let account = account_of(contract);
        assert_ok!(call(contract, puppet::store(1, 1), 0));
        let locked = 3_000;
        let all_locked = locked + Balances::total_balance_on_hold(&account);
        Balances::set_lock(*b"testlock", &account, all_locked, WithdrawReasons::all());
        let all = Ewasm::balance_at(contract);
        assert_ok!(call(contract, puppet::call(NOBODY, all, b""), 0));
        assert_eq!(Balances::free_balance(&account), locked);
        assert_ok!(call(contract, puppet::store(1, 0), 0));
        assert_ok!(call(contract, puppet::self_destruct(contract), 0));
        assert!(!crate::Contracts::<Test>::contains_key(contract));
        // The locked balance stays, as on any account.
        assert_eq!(
            (Balances::free_balance(&account), Balances::total_balance_on_hold(&account)),
            (locked, 0)
        );
        Balances::remove_lock(*b"testlock", &account);
        assert_eq!(Ewasm::balance_at(contract), locked - EXISTENTIAL_DEPOSIT);
    });
}
