//! The owners of code, and the deposits that its removal pays out.
use frame_support::assert_ok;
use frame_support::traits::fungible::InspectHold;

use super::*;
use crate::{CodeInfoOf, Contracts, HoldReason};

fn held_for_code(account: &AccountId) -> Balance {
    Balances::balance_on_hold(&HoldReason::CodeDeposit.into(), account)
}

fn held_by(contract: H160) -> Balance {
    Balances::balance_on_hold(&HoldReason::StorageDeposit.into(), &account_of(contract))
}

fn upload() -> crate::Call<Test> {
    crate::Call::upload_code { code: puppet::code(), storage_deposit_limit: None }
}

fn remove() -> crate::Call<Test> {
    crate::Call::remove_code { code_hash: puppet::hash(&puppet::code()) }
}

/// Returns the deposit that a contract with the puppet's code holds for it.
fn share() -> Balance {
    Price::code_share(puppet::code().len() as u32)
}

#[test]
fn a_contract_of_another_account_does_not_lock_an_uploaders_deposit() {
    new_test_ext().execute_with(|| {
        let before = spendable(&alice());
        assert_ok!(apply(&alice(), upload()));
        let paid = before - spendable(&alice());
        assert!(paid > 0);
        let create = crate::Call::create {
            code: puppet::init(),
            value: 0,
            gas_limit: GAS,
            storage_deposit_limit: None,
        };
        assert_ok!(apply(&bob(), create));
        let [contract] = Contracts::<Test>::iter_keys().collect::<Vec<_>>()[..] else {
            panic!("there is one")
        };
        // Bob's contract pays its own share, so that Alice can withdraw at any time.
        assert_eq!(held_by(contract), Price::contract() + share());
        assert_ok!(apply(&alice(), remove()));
        assert_eq!((spendable(&alice()), held_for_code(&alice())), (before, 0));
        assert_eq!(ask(contract, puppet::load(1)), [0; 32], "the contract runs as before");
        assert_eq!(error(apply(&alice(), remove())), Error::<Test>::NotCodeOwner.into());
        // She can also upload it again.
        assert_ok!(apply(&alice(), upload()));
        assert_eq!(held_for_code(&alice()), paid);
    });
}

#[test]
fn each_contract_pays_the_same_for_its_code_in_any_order() {
    for percent in [0, 30, 100] {
        new_test_ext().execute_with(|| {
            MockLockup::set(sp_runtime::Perbill::from_percent(percent));
            let mut twin = twin();
            let deposits = [alice(), bob()]
                .map(|signer| twin.create(&signer, puppet::init(), 0, GAS).deposits);
            assert_eq!(deposits[0], deposits[1]);
            assert_ok!(apply(&alice(), upload()));
            twin.take_over_balance(address_of(&alice()));
            twin.count_nonce(&alice());
            let third = twin.create(&bob(), puppet::init(), 0, GAS);
            // The first creates paid for the records of their nonces.
            assert_eq!(third.deposits.charged, deposits[0].charged - Price::nonce());
            assert_eq!(held_by(third.created()), Price::contract() + share());
            let all = Price::code(puppet::code().len() as u32);
            assert_eq!(share(), (all * Balance::from(percent)).div_ceil(100));
        });
    }
}

#[test]
fn ending_a_contract_pays_out_its_share_of_the_code_and_no_other() {
    new_test_ext().execute_with(|| {
        MockRevision::set(Revision::Shanghai);
        let mut twin = twin();
        let one = puppet_of(&mut twin, 0);
        let other = twin.create(&bob(), puppet::init(), 0, GAS).created();
        let before = spendable(&alice());
        for contract in [one, other] {
            let ran =
                twin.call(&bob(), contract, puppet::self_destruct(address_of(&bob())), 0, GAS);
            assert_ok!(ran.result);
            assert_eq!(ran.deposits.refunded, Price::contract() + share() + EXISTENTIAL_DEPOSIT);
        }
        assert_eq!(spendable(&alice()), before);
        assert_eq!(CodeInfoOf::<Test>::iter().count(), 0);
    });
}

#[test]
fn uploaded_code_outlives_its_contracts_and_only_its_uploader_can_remove_it() {
    new_test_ext().execute_with(|| {
        MockRevision::set(Revision::Shanghai);
        assert_ok!(apply(&bob(), upload()));
        let held = held_for_code(&bob());
        for _ in 0..2 {
            let contract = puppet_with(0);
            assert_ok!(call(contract, puppet::self_destruct(address_of(&alice())), 0));
        }
        assert_eq!((held_for_code(&bob()), CodeInfoOf::<Test>::iter().count()), (held, 1));
        assert_eq!(error(apply(&alice(), remove())), Error::<Test>::NotCodeOwner.into());
        assert_ok!(apply(&bob(), remove()));
        assert_eq!(error(apply(&bob(), remove())), Error::<Test>::CodeNotFound.into());
        assert_eq!(held_for_code(&bob()), 0);
    });
}

#[test]
fn code_of_a_create_can_be_removed_by_no_account_and_uploaded_by_any() {
    new_test_ext().execute_with(|| {
        MockRevision::set(Revision::Shanghai);
        let contract = puppet_with(0);
        for signer in [alice(), bob()] {
            assert_eq!(error(apply(&signer, remove())), Error::<Test>::NotCodeOwner.into());
        }
        assert_ok!(apply(&bob(), upload()));
        assert_eq!(error(apply(&alice(), upload())), Error::<Test>::CodeAlreadyStored.into());
        assert_ok!(call(contract, puppet::self_destruct(contract), 0));
        assert_eq!(CodeInfoOf::<Test>::iter().count(), 1, "it stays for who uploaded it");
        assert_ok!(apply(&bob(), remove()));
        assert_eq!(CodeInfoOf::<Test>::iter().count(), 0);
    });
}

#[test]
fn an_upload_costs_no_more_than_its_limit() {
    new_test_ext().execute_with(|| {
        let deposit = Price::code(puppet::code().len() as u32);
        let limited = |limit| crate::Call::upload_code {
            code: puppet::code(),
            storage_deposit_limit: Some(limit),
        };
        let refused = apply(&alice(), limited(deposit - 1));
        assert_eq!(error(refused), Error::<Test>::StorageDepositLimitExhausted.into());
        assert_eq!((held_for_code(&alice()), CodeInfoOf::<Test>::iter().count()), (0, 0));
        assert_ok!(apply(&alice(), limited(deposit)));
    });
}

#[test]
fn contracts_upload_nothing_even_when_a_scheduler_signs_for_them() {
    new_test_ext().execute_with(|| {
        let contract = account_of(puppet_with(1_000_000));
        assert_eq!(error(apply(&contract, upload())), Error::<Test>::SignerIsContract.into());
    });
}

#[test]
fn a_call_that_ends_and_creates_contracts_of_one_code_keeps_its_count_right() {
    new_test_ext().execute_with(|| {
        MockRevision::set(Revision::Shanghai);
        let mut twin = twin();
        let contracts: Vec<_> = (0..3).map(|_| puppet_of(&mut twin, 0)).collect();
        let maker = twin.create(&bob(), super::super::actor::init(b""), 0, GAS).created();
        let mut deeds: Vec<_> = contracts
            .iter()
            .map(|at| puppet::call(*at, 0, &puppet::self_destruct(address_of(&bob()))))
            .collect();
        deeds.push(puppet::create(0, &puppet::init()));
        assert_ok!(twin.call(&bob(), maker, puppet::all(&deeds), 0, MOST).result);
        let info =
            CodeInfoOf::<Test>::get(puppet::hash(&puppet::code())).expect("one contract has it");
        assert_eq!((info.references, info.upload), (1, None));
        assert_eq!(twin.call(&bob(), maker, puppet::load(1), 0, GAS).output(), [0; 32]);
    });
}

#[test]
fn code_at_the_largest_size_is_stored_and_one_byte_more_is_not() {
    new_test_ext().execute_with(|| {
        let sized = |size: usize| {
            // A custom section pads it.
            let mut code = code(r#"(func (export "main"))"#);
            let rest = size - code.len() - 6;
            let length = rest as u32;
            code.push(0);
            code.extend([0, 7, 14, 21].map(|shift| (length >> shift) as u8 & 127 | 128));
            code.push((length >> 28) as u8);
            code.extend(core::iter::once(1).chain(core::iter::repeat_n(b'x', rest - 1)));
            code
        };
        let most = 128 << 10;
        assert_ok!(apply(
            &alice(),
            crate::Call::upload_code { code: sized(most), storage_deposit_limit: None }
        ));
        let larger = apply(
            &alice(),
            crate::Call::upload_code { code: sized(most + 1), storage_deposit_limit: None },
        );
        assert_eq!(error(larger), Error::<Test>::CodeTooLarge.into());
    });
}
