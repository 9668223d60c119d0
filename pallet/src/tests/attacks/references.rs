//! References to accounts by others. FRAME limits the references that keep an account alive
//! (`MaxConsumers`), and others can add some, with tokens of other pallets for instance.
use frame_support::assert_ok;
use frame_support::traits::{LockableCurrency, WithdrawReasons};

use super::*;
use crate::{Contracts, GenesisContract};

/// Adds as many references to an account as FRAME allows others, and `more` besides.
fn crowd(account: &AccountId, more: u32) {
    while System::can_inc_consumer(account) {
        assert_ok!(System::inc_consumers(account));
    }
    for _ in 0..more {
        assert_ok!(System::inc_consumers_without_limit(account));
    }
}

#[test]
fn references_to_an_account_do_not_prevent_a_contract_there() {
    for (already, more) in [(15, None), (0, Some(0)), (0, Some(3))] {
        new_test_ext().execute_with(|| {
            let address = to_h160(to_address(address_of(&alice())).create(1));
            let account = account_of(address);
            assert_ok!(apply(
                &bob(),
                pallet_balances::Call::transfer_allow_death {
                    dest: account.clone(),
                    value: EXISTENTIAL_DEPOSIT
                }
            ));
            for _ in 0..already {
                assert_ok!(System::inc_consumers(&account));
            }
            if let Some(more) = more {
                crowd(&account, more);
            }
            let others = System::consumers(&account);
            assert!(others >= 15);
            let mut twin = Twin::new(&[alice()]);
            let made = twin.create(&alice(), puppet::init(), 0, GAS).created();
            assert_eq!(made, address);
            assert_ok!(twin.call(&alice(), address, puppet::store(1, 1), 0, GAS).result);
            assert_ok!(twin.call(&alice(), address, puppet::store(1, 0), 0, GAS).result);
            // One of the contract, and one of the hold.
            assert_eq!(System::consumers(&account), others + 2);
        });
    }
}

#[test]
fn locks_on_an_account_do_not_prevent_a_contract_there() {
    new_test_ext().execute_with(|| {
        let address = to_h160(to_address(address_of(&alice())).create(0));
        let account = account_of(address);
        let gift = pallet_balances::Call::transfer_allow_death {
            dest: account.clone(),
            value: 2 * EXISTENTIAL_DEPOSIT,
        };
        assert_ok!(apply(&bob(), gift));
        // As vesting does.
        Balances::set_lock(*b"testlock", &account, 2 * EXISTENTIAL_DEPOSIT, WithdrawReasons::all());
        crowd(&account, 0);
        assert_eq!(puppet_with(0), address);
        assert_ok!(call(address, puppet::store(1, 1), 5));
        assert_ok!(call(address, puppet::store(1, 0), 0));
    });
}

#[test]
fn references_to_a_contracts_account_do_not_prevent_filling_its_first_slot() {
    let address = H160::repeat_byte(0xaa);
    let genesis = GenesisContract {
        address,
        nonce: 1,
        balance: 0,
        code: puppet::code(),
        storage: Vec::new(),
    };
    with_contracts(vec![genesis]).execute_with(|| {
        // A contract of the genesis has no hold before.
        crowd(&account_of(address), 0);
        assert_ok!(call(address, puppet::store(1, 1), 0));
        assert_ok!(call(address, puppet::store(1, 0), 0));
        assert_ok!(call(address, puppet::store(1, 1), 0));
    });
}

#[test]
fn references_to_a_signers_account_prevent_nothing() {
    new_test_ext().execute_with(|| {
        crowd(&bob(), 0);
        assert_ok!(apply(&bob(), crate::Call::map_account {}));
        assert_ok!(apply(
            &bob(),
            crate::Call::upload_code { code: puppet::code(), storage_deposit_limit: None }
        ));
        let create = crate::Call::create {
            code: puppet::init(),
            value: 0,
            gas_limit: GAS,
            storage_deposit_limit: None,
        };
        assert_ok!(apply(&bob(), create));
        assert_eq!(Contracts::<Test>::iter().count(), 1);
    });
}

#[test]
fn creating_many_contracts_takes_no_more_references_than_creating_one() {
    new_test_ext().execute_with(|| {
        puppet_with(0);
        let one = System::consumers(&alice());
        for _ in 0..20 {
            puppet_with(0);
        }
        assert_eq!(System::consumers(&alice()), one);
    });
}
