//! Deposits for slots, contracts and code.
use frame_support::assert_ok;
use frame_support::traits::fungible::InspectHold;

use super::*;
use crate::{CodeInfoOf, Contracts, HoldReason};

const SLOT: Balance = DEPOSIT_PER_ITEM + 64 * DEPOSIT_PER_BYTE;

fn held(address: H160) -> Balance {
    Balances::balance_on_hold(&HoldReason::StorageDeposit.into(), &account_of(address))
}

fn held_for_code(account: &AccountId) -> Balance {
    Balances::balance_on_hold(&HoldReason::CodeDeposit.into(), account)
}

#[test]
fn filling_a_slot_costs_a_deposit_and_freeing_it_pays_it_out() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(0);
        assert_ok!(apply(&bob(), crate::Call::map_account {}));
        let (base, alices, bobs) = (held(address), spendable(&alice()), spendable(&bob()));
        assert_ok!(call(address, puppet::all(&[puppet::store(1, 1), puppet::store(2, 1)]), 0));
        assert_eq!(held(address), base + 2 * SLOT);
        assert_eq!(spendable(&alice()), alices - 2 * SLOT);
        // Another value costs nothing.
        assert_ok!(call_as(&bob(), address, puppet::store(1, 9), 0));
        assert_eq!(spendable(&bob()), bobs);
        assert_ok!(call_as(&bob(), address, puppet::store(1, 0), 0));
        assert_eq!(held(address), base + SLOT);
        assert_eq!(spendable(&bob()), bobs + SLOT);
        assert_eq!(Contracts::<Test>::get(address).map(|contract| contract.items), Some(1));
    });
}

#[test]
fn a_slot_that_is_filled_and_freed_in_one_call_costs_nothing() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(0);
        let before = spendable(&alice());
        assert_ok!(call(address, puppet::all(&[puppet::store(1, 1), puppet::store(1, 0)]), 0));
        assert_eq!(spendable(&alice()), before);
    });
}

#[test]
fn a_signer_who_cannot_pay_the_deposit_cannot_fill_a_slot() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(0);
        let all = spendable(&alice());
        assert_ok!(call(address, Vec::new(), all - SLOT + 1));
        assert_eq!(
            error(call(address, puppet::store(1, 1), 0)),
            Error::<Test>::DepositNotAffordable.into()
        );
        assert_eq!(Ewasm::storage_at(address, puppet::word(1)), H256::zero());
    });
}

#[test]
fn code_is_stored_once_and_each_contract_pays_for_it() {
    new_test_ext().execute_with(|| {
        let hash = puppet::hash(&puppet::code());
        let contracts = [puppet_with(0), puppet_with(0)];
        let share = Price::code_share(puppet::code().len() as u32);
        assert!(share > DEPOSIT_PER_BYTE * puppet::code().len() as Balance);
        assert_eq!(contracts.map(held), [Price::contract() + share; 2]);
        assert_eq!(held_for_code(&alice()), 0);
        assert_eq!(CodeInfoOf::<Test>::get(hash).map(|info| info.references), Some(2));
    });
}

#[test]
fn removed_code_gives_its_deposit_back() {
    new_test_ext().execute_with(|| {
        let code = puppet::code();
        let code_hash = puppet::hash(&code);
        let before = spendable(&bob());
        assert_ok!(apply(&bob(), crate::Call::upload_code { code, storage_deposit_limit: None }));
        assert_ok!(apply(&bob(), crate::Call::remove_code { code_hash }));
        assert_eq!(spendable(&bob()), before);
        let again = apply(&bob(), crate::Call::remove_code { code_hash });
        assert_eq!(error(again), Error::<Test>::CodeNotFound.into());
    });
}

#[test]
fn only_contracts_can_be_uploaded() {
    new_test_ext().execute_with(|| {
        let cases = [
            (b"data".to_vec(), Error::<Test>::InvalidContract),
            (b"\0asm\x01\0\0\0".to_vec(), Error::InvalidContract),
            ([&b"\0asm\x01\0\0\0"[..], &vec![0; 128 << 10]].concat(), Error::CodeTooLarge),
        ];
        for (code, expected) in cases {
            assert_eq!(
                error(apply(
                    &alice(),
                    crate::Call::upload_code { code, storage_deposit_limit: None }
                )),
                expected.into()
            );
        }
    });
}

#[test]
fn code_validated_by_an_earlier_engine_is_validated_again_at_its_next_use() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(0);
        let hash = puppet::hash(&puppet::code());
        CodeInfoOf::<Test>::mutate(hash, |info| {
            info.as_mut().expect("the code is there").validated_by = 0
        });
        let weight = |result: DispatchResultWithPostInfo| {
            result.expect("it succeeds").actual_weight.unwrap_or_default()
        };
        let first = weight(call(address, Vec::new(), 0));
        assert_eq!(
            CodeInfoOf::<Test>::get(hash).map(|info| info.validated_by),
            Some(crate::ENGINE_VERSION)
        );
        let second = weight(call(address, Vec::new(), 0));
        assert!(first.ref_time() > second.ref_time(), "validation counts");
    });
}
