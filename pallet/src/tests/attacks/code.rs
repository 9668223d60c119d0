//! Whose code is, and who is paid when it goes.
use frame_support::assert_ok;
use frame_support::traits::fungible::InspectHold;

use super::*;
use crate::{CodeInfoOf, HoldReason};

fn held_for_code(account: &AccountId) -> Balance {
    Balances::balance_on_hold(&HoldReason::CodeDeposit.into(), account)
}

#[test]
fn who_ends_the_last_contract_of_a_code_gives_its_owner_the_deposit() {
    new_test_ext().execute_with(|| {
        MockRevision::set(Revision::Shanghai);
        let mut twin = twin();
        let one = puppet_of(&mut twin, 0);
        let other = twin.create(&bob(), puppet::init(), 0, GAS).created();
        let deposit = held_for_code(&alice());
        assert!(deposit > 0);
        assert_eq!(held_for_code(&bob()), 0);
        // Bob ends both: what is held for the contracts is his, what is held for the code is Alice's.
        let before = spendable(&alice());
        for contract in [one, other] {
            assert_ok!(twin.call(&bob(), contract, puppet::self_destruct(address_of(&bob())), 0, GAS).result);
        }
        assert_eq!(spendable(&alice()) - before, deposit);
        assert_eq!((held_for_code(&alice()), CodeInfoOf::<Test>::iter().count()), (0, 0));
    });
}

#[test]
fn code_that_somebody_uploaded_outlives_its_contracts_and_is_his_alone_to_remove() {
    new_test_ext().execute_with(|| {
        MockRevision::set(Revision::Shanghai);
        let code_hash = puppet::hash(&puppet::code());
        assert_ok!(apply(&bob(), crate::Call::upload_code { code: puppet::code() }));
        let held = held_for_code(&bob());
        for _ in 0..2 {
            let contract = puppet_with(0);
            let remove = crate::Call::remove_code { code_hash };
            assert_eq!(error(apply(&bob(), remove)), Error::<Test>::CodeInUse.into());
            assert_ok!(call(contract, puppet::self_destruct(address_of(&alice())), 0));
        }
        assert_eq!(held_for_code(&bob()), held);
        let remove = crate::Call::remove_code { code_hash };
        assert_eq!(error(apply(&alice(), remove.clone())), Error::<Test>::NotCodeOwner.into());
        assert_ok!(apply(&bob(), remove.clone()));
        assert_eq!(error(apply(&bob(), remove)), Error::<Test>::CodeNotFound.into());
        assert_eq!(held_for_code(&bob()), 0);
    });
}

#[test]
fn code_that_came_by_a_create_cannot_be_removed_even_by_who_paid_for_it() {
    new_test_ext().execute_with(|| {
        puppet_with(0);
        let code_hash = puppet::hash(&puppet::code());
        let remove = crate::Call::remove_code { code_hash };
        for signer in [alice(), bob()] {
            assert_eq!(error(apply(&signer, remove.clone())), Error::<Test>::NotCodeOwner.into());
        }
        // Nor taken over.
        let upload = crate::Call::upload_code { code: puppet::code() };
        for signer in [alice(), bob()] {
            assert_eq!(error(apply(&signer, upload.clone())), Error::<Test>::CodeAlreadyStored.into());
        }
    });
}

#[test]
fn one_call_that_ends_and_makes_contracts_of_the_same_code_keeps_count() {
    new_test_ext().execute_with(|| {
        MockRevision::set(Revision::Shanghai);
        let mut twin = twin();
        let contracts: Vec<_> = (0..3).map(|_| puppet_of(&mut twin, 0)).collect();
        let maker = twin.create(&bob(), super::super::actor::init(b""), 0, GAS).created();
        let mut deeds: Vec<_> =
            contracts.iter().map(|at| puppet::call(*at, 0, &puppet::self_destruct(address_of(&bob())))).collect();
        deeds.push(puppet::create(0, &puppet::init()));
        assert_ok!(twin.call(&bob(), maker, puppet::all(&deeds), 0, MOST).result);
        let info = CodeInfoOf::<Test>::get(puppet::hash(&puppet::code())).expect("one contract has it");
        assert_eq!(info.references, 1);
        assert!(held_for_code(&info.owner) > 0);
        assert_eq!(twin.call(&bob(), maker, puppet::load(1), 0, GAS).output(), [0; 32]);
    });
}

#[test]
fn code_at_the_largest_size_is_stored_and_one_byte_more_is_not() {
    new_test_ext().execute_with(|| {
        let sized = |size: usize| {
            // A custom section fills it up.
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
        assert_ok!(apply(&alice(), crate::Call::upload_code { code: sized(most) }));
        let larger = apply(&alice(), crate::Call::upload_code { code: sized(most + 1) });
        assert_eq!(error(larger), Error::<Test>::CodeTooLarge.into());
    });
}
