//! Filling the storage costs deposits.
use frame_support::assert_ok;
use frame_support::traits::fungible::InspectHold;

use super::*;
use crate::{CodeInfoOf, Contracts, Slots};

/// Fills slots while there is gas for more.
const SPAMMER: &str = r#"(func (export "main") (local $key i32)
    (local.set $key (i32.const 1))
    (i32.store (i32.const 32) (i32.eqz (call $getCallDataSize)))
    (loop
        (i32.store (i32.const 0) (local.get $key))
        (call $storageStore (i32.const 0) (i32.const 32))
        (local.set $key (i32.add (local.get $key) (i32.const 1)))
        (br_if 0 (i64.gt_u (call $getGasLeft) (i64.const 50000)))))"#;

fn held(account: &AccountId) -> Balance {
    Balances::total_balance_on_hold(account)
}

#[test]
fn each_slot_has_a_deposit_and_freeing_it_gives_back_that_deposit() {
    new_test_ext().execute_with(|| {
        let mut twin = twin();
        let address = made(&mut twin, SPAMMER);
        let before = held(&account_of(address));
        let filled = twin.call(&alice(), address, Vec::new(), 0, MOST);
        assert_ok!(filled.result);
        let slots = Balance::from(stored(address));
        assert!(slots > 600, "{slots}");
        assert_eq!(filled.deposits.charged, slots * Price::slot());
        assert_eq!(held(&account_of(address)) - before, filled.deposits.charged);
        // Bob frees them.
        let mut refunded = 0;
        while stored(address) > 0 {
            let ran = twin.call(&bob(), address, vec![0], 0, MOST);
            assert_ok!(ran.result);
            refunded += ran.deposits.refunded;
        }
        assert_eq!(refunded, filled.deposits.charged);
        assert_eq!(held(&account_of(address)), before);
        assert_eq!(Slots::<Test>::iter().count(), 0);
    });
}

#[test]
fn the_deposits_of_a_call_are_bounded_by_its_gas() {
    new_test_ext().execute_with(|| {
        let mut twin = twin();
        let address = made(&mut twin, SPAMMER);
        for gas_limit in [200_000, 1_000_000, 5_000_000] {
            let most = Balance::from(gas_limit / 20_000) * Price::slot();
            let run = Ewasm::dry_call(bob(), address, Vec::new(), 0, Some(gas_limit), None);
            assert!((most / 3..=most).contains(&run.deposits.charged), "{:?}", run.deposits);
        }
    });
}

#[test]
fn a_signer_who_cannot_pay_the_deposit_fills_nothing() {
    new_test_ext().execute_with(|| {
        let poor = account(3);
        let give = EXISTENTIAL_DEPOSIT + Price::address() + 10 * Price::slot();
        assert_ok!(apply(
            &alice(),
            pallet_balances::Call::transfer_allow_death { dest: poor.clone(), value: give }
        ));
        let mut twin = Twin::new(&[alice(), poor.clone()]);
        let address = made(&mut twin, SPAMMER);
        let before = (spendable(&poor), held(&account_of(address)));
        let result = twin.call(&poor, address, Vec::new(), 0, 1_000_000).result;
        assert_eq!(error(result), Error::<Test>::DepositNotAffordable.into());
        assert_eq!(
            (spendable(&poor), held(&account_of(address)), stored(address)),
            (before.0, before.1, 0)
        );
        // Code and contracts neither.
        for init in [puppet::init(), Vec::new()] {
            let result = twin.create(&poor, init, 1_500, GAS).result;
            assert_eq!(error(result), Error::<Test>::DepositNotAffordable.into());
        }
        assert_eq!(Contracts::<Test>::iter().count(), 1);
        assert_eq!(CodeInfoOf::<Test>::iter().count(), 1);
        let result = apply(
            &poor,
            crate::Call::upload_code { code: puppet::code(), storage_deposit_limit: None },
        );
        twin.count_nonce(&poor);
        assert_eq!(error(result), Error::<Test>::DepositNotAffordable.into());
        // It can fill what it can pay for, down to the last unit that keeps it alive.
        let fits = twin.call(&poor, address, Vec::new(), 0, 240_000);
        assert_ok!(fits.result);
        assert!(fits.deposits.charged <= before.0);
    });
}

#[test]
fn value_and_deposit_cannot_be_paid_with_the_same_units() {
    new_test_ext().execute_with(|| {
        let poor = account(3);
        let give = EXISTENTIAL_DEPOSIT + Price::address() + Price::slot();
        assert_ok!(apply(
            &alice(),
            pallet_balances::Call::transfer_allow_death { dest: poor.clone(), value: give }
        ));
        let mut twin = Twin::new(&[alice(), poor.clone()]);
        let address = puppet_of(&mut twin, 0);
        let left = spendable(&poor);
        assert_eq!(left, Price::slot());
        let store = puppet::store(1, 1);
        assert_eq!(
            error(twin.call(&poor, address, store.clone(), 1, GAS).result),
            Error::<Test>::DepositNotAffordable.into()
        );
        // Value that the contract sends back before counts.
        let deeds = puppet::all(&[store, puppet::call(address_of(&poor), 1, b"")]);
        assert_ok!(twin.call(&poor, address, deeds, 1, GAS).result);
        assert_eq!(spendable(&poor), 0);
        // The rest is enough for calls that store nothing.
        assert_ok!(twin.call(&poor, address, puppet::load(1), 0, GAS).result);
        assert_ok!(twin.call(&poor, address, puppet::store(1, 0), 0, GAS).result);
        assert_eq!(spendable(&poor), left);
    });
}
