//! Accounts, addresses and balances.
use frame_support::assert_ok;
use frame_support::traits::fungible::{InspectHold, Mutate};
use frame_support::traits::tokens::Preservation::Expendable;

use super::*;
use crate::{HoldReason, OriginalAccount};

#[test]
fn the_address_is_the_end_of_the_hash_of_the_account() {
    new_test_ext().execute_with(|| {
        let hash = sp_io::hashing::keccak_256(&[1; 32]);
        assert_eq!(address_of(&alice()).as_bytes(), &hash[12..]);
    });
}

#[test]
fn the_first_call_stores_the_owner_of_the_address_for_a_deposit() {
    new_test_ext().execute_with(|| {
        let address = address_of(&alice());
        assert_ne!(account_of(address), alice());
        let before = spendable(&alice());
        assert_ok!(call(H160::repeat_byte(0x77), Vec::new(), 0));
        assert_eq!(account_of(address), alice());
        let deposit = DEPOSIT_PER_ITEM + 52 * DEPOSIT_PER_BYTE;
        assert_eq!(
            Balances::balance_on_hold(&HoldReason::AddressMapping.into(), &alice()),
            deposit
        );
        assert_eq!(spendable(&alice()), before - deposit);

        assert_ok!(apply(&alice(), crate::Call::unmap_account {}));
        assert_ne!(account_of(address), alice());
        assert_eq!(spendable(&alice()), before);
        assert_eq!(
            error(apply(&alice(), crate::Call::unmap_account {})),
            Error::<Test>::NotMapped.into()
        );
    });
}

#[test]
fn a_contracts_account_has_the_contracts_address_and_signs_nothing() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(1_000_000);
        let account = account_of(address);
        assert_eq!(address_of(&account), address);
        assert_eq!(
            error(call_as(&account, address, Vec::new(), 0)),
            Error::<Test>::SignerIsContract.into()
        );
        assert_eq!(
            error(apply(&account, crate::Call::map_account {})),
            Error::<Test>::SignerIsContract.into()
        );
    });
}

#[test]
fn a_failed_first_call_stores_nothing() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(0);
        assert_eq!(
            error(call_as(&bob(), address, puppet::trap(), 0)),
            Error::<Test>::Unreachable.into()
        );
        assert!(!OriginalAccount::<Test>::contains_key(address_of(&bob())));
    });
}

#[test]
fn value_sent_before_the_owner_is_known_moves_to_the_owner() {
    new_test_ext().execute_with(|| {
        let address = address_of(&bob());
        assert_ok!(call(address, Vec::new(), 5_000));
        assert_eq!(Ewasm::balance_at(address), 5_000);
        let before = spendable(&bob());
        assert_ok!(apply(&bob(), crate::Call::map_account {}));
        let deposit = DEPOSIT_PER_ITEM + 52 * DEPOSIT_PER_BYTE;
        // With the existential deposit that Alice paid.
        assert_eq!(spendable(&bob()), before + 5_000 + EXISTENTIAL_DEPOSIT - deposit);
        assert_eq!(Ewasm::balance_at(address), spendable(&bob()));
    });
}

#[test]
fn value_moves_in_the_currency_and_contracts_never_see_the_existential_deposit() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(0);
        assert_eq!(Balances::free_balance(account_of(address)), EXISTENTIAL_DEPOSIT);
        assert_eq!(ask(address, puppet::balance(address)), 0_u128.to_le_bytes());
        assert_ok!(call(address, Vec::new(), 300));
        assert_eq!(ask(address, puppet::balance(address)), 300_u128.to_le_bytes());
        assert_eq!(Balances::free_balance(account_of(address)), EXISTENTIAL_DEPOSIT + 300);

        let before = spendable(&bob());
        assert_ok!(call_as(&bob(), address, puppet::call(address_of(&bob()), 300, b""), 0));
        let deposit = DEPOSIT_PER_ITEM + 52 * DEPOSIT_PER_BYTE;
        assert_eq!(spendable(&bob()), before + 300 - deposit);
        assert_eq!(Ewasm::balance_at(address), 0);
        // It cannot send what it does not have: the existential deposit least of all.
        assert_eq!(ask(address, puppet::call(address_of(&bob()), 1, b"")), [1]);
    });
}

#[test]
fn native_transfers_to_a_contract_add_to_its_balance() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(0);
        assert_ok!(Balances::transfer(&bob(), &account_of(address), 777, Expendable));
        assert_eq!(ask(address, puppet::balance(address)), 777_u128.to_le_bytes());
    });
}

#[test]
fn value_that_the_signer_does_not_have_is_refused() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(0);
        let all = spendable(&alice());
        assert_eq!(
            error(call(address, Vec::new(), all + 1)),
            Error::<Test>::InsufficientBalance.into()
        );
        assert_ok!(call(address, Vec::new(), all));
        assert_eq!(spendable(&alice()), 0);
        assert!(System::account_exists(&alice()));
    });
}

#[test]
fn the_sender_to_a_new_account_pays_its_existential_deposit() {
    new_test_ext().execute_with(|| {
        assert_ok!(apply(&alice(), crate::Call::map_account {}));
        let before = spendable(&alice());
        let target = H160::repeat_byte(0x55);
        assert_ok!(call(target, Vec::new(), 10));
        assert_eq!(spendable(&alice()), before - 10 - EXISTENTIAL_DEPOSIT);
        assert_eq!(Ewasm::balance_at(target), 10);
        let paid = events().into_iter().find_map(|event| match event {
            Event::Executed { deposits, .. } => Some(deposits.charged),
            _ => None,
        });
        assert_eq!(paid, Some(EXISTENTIAL_DEPOSIT));

        let all = spendable(&alice());
        let refused = call(H160::repeat_byte(0x56), Vec::new(), all);
        assert_eq!(error(refused), Error::<Test>::DepositNotAffordable.into());
    });
}
