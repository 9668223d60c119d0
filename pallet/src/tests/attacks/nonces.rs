//! Attacks with nonces.
use frame_support::assert_ok;

use super::super::actor;
use super::*;
use crate::Contracts;

fn creating(init: Vec<u8>) -> crate::Call<Test> {
    crate::Call::create { code: init, value: 0, gas_limit: GAS, storage_deposit_limit: None }
}

fn created() -> Vec<H160> {
    let events = events().into_iter();
    events
        .filter_map(
            |event| if let Event::Created { address, .. } = event { Some(address) } else { None },
        )
        .collect()
}

#[test]
fn creates_in_batches_never_share_addresses_with_others() {
    new_test_ext().execute_with(|| {
        for size in [1, 3, 1, 5, 2] {
            System::inc_account_nonce(alice());
            for _ in 0..size {
                assert_ok!(apply_nested(&alice(), creating(puppet::init())));
            }
        }
        let mut addresses = created();
        addresses.sort_unstable();
        addresses.dedup();
        assert_eq!(addresses.len(), 12);
        assert_eq!(Contracts::<Test>::iter().count(), 12);
        let sender = to_address(address_of(&alice()));
        let expected = (0..12).map(|nonce| to_h160(sender.create(nonce)));
        assert!(expected.into_iter().all(Contracts::<Test>::contains_key));
        assert_eq!(System::account_nonce(alice()), 12);
    });
}

#[test]
fn an_account_that_never_signed_can_create_by_proxy() {
    new_test_ext().execute_with(|| {
        assert_eq!(System::account_nonce(bob()), 0);
        for _ in 0..3 {
            assert_ok!(apply_nested(&bob(), creating(puppet::init())));
        }
        assert_eq!(Contracts::<Test>::iter().count(), 3);
        // Later it can by its own signature.
        assert_ok!(apply(&bob(), creating(puppet::init())));
        assert_eq!(Contracts::<Test>::iter().count(), 4);
    });
}

#[test]
fn a_failed_create_in_a_batch_uses_up_no_address() {
    new_test_ext().execute_with(|| {
        System::inc_account_nonce(alice());
        assert!(apply_nested(&alice(), creating(actor::init(&puppet::trap()))).is_err());
        assert_ok!(apply_nested(&alice(), creating(puppet::init())));
        let sender = to_address(address_of(&alice()));
        assert_eq!(created(), [to_h160(sender.create(0))]);
        assert_eq!(System::account_nonce(alice()), 1);
    });
}

#[test]
fn the_address_of_a_contract_that_ends_at_once_is_not_used_again() {
    new_test_ext().execute_with(|| {
        System::inc_account_nonce(alice());
        assert_ok!(apply_nested(
            &alice(),
            creating(actor::init(&actor::self_destruct_to_itself()))
        ));
        assert_ok!(apply_nested(&alice(), creating(puppet::init())));
        let sender = to_address(address_of(&alice()));
        assert_eq!(created(), [0, 1].map(|nonce| to_h160(sender.create(nonce))));
        assert_eq!(Contracts::<Test>::iter().count(), 1);
        // The nonce rose only for the second, and the next contract has another address.
        assert_eq!(System::account_nonce(alice()), 2);
        assert_ok!(apply(&alice(), creating(puppet::init())));
        assert_eq!(created().last(), Some(&to_h160(sender.create(2))));
    });
}

#[test]
fn creates_whose_contracts_end_at_once_do_not_move_the_nonces_of_others() {
    new_test_ext().execute_with(|| {
        let many = 70;
        System::inc_account_nonce(alice());
        for _ in 0..many {
            assert_ok!(apply_nested(
                &alice(),
                creating(actor::init(&actor::self_destruct_to_itself()))
            ));
        }
        let mut addresses = created();
        addresses.sort_unstable();
        addresses.dedup();
        assert_eq!(addresses.len(), many);
        // In the same block, a create of another account is as usual, and so is the next one.
        for nonce in 0..3_u32 {
            assert_ok!(apply(&bob(), creating(actor::init(&actor::self_destruct_to_itself()))));
            assert_eq!(System::account_nonce(bob()), nonce + 1);
            assert_eq!(
                created().last(),
                Some(&to_h160(to_address(address_of(&bob())).create(nonce.into())))
            );
        }
    });
}

#[test]
fn a_reaped_account_that_returns_can_create_at_once_and_at_a_new_address() {
    new_test_ext().execute_with(|| {
        let guest = account(3);
        let give = |value| {
            let transfer = pallet_balances::Call::transfer_allow_death { dest: account(3), value };
            assert_ok!(apply(&alice(), transfer));
        };
        give(1_000_000);
        for _ in 0..20 {
            assert_ok!(apply(&guest, creating(puppet::init_of(&[]))));
        }
        // The hold for the record of its nonce keeps the account alive.
        assert_ok!(apply(&guest, crate::Call::unmap_account {}));
        assert_ok!(apply(
            &guest,
            pallet_balances::Call::transfer_all { dest: alice(), keep_alive: false }
        ));
        assert_eq!(System::account_nonce(&guest), 22);
        assert!(spendable(&guest) == 0);
        // Should it be reaped all the same, its contracts do not block new ones.
        frame_system::Account::<Test>::mutate(&guest, |account| account.nonce = 0);
        give(1_000_000);
        assert_ok!(apply(&guest, creating(puppet::init_of(&[]))));
        let next = to_h160(to_address(address_of(&guest)).create(20));
        assert_eq!(created().last(), Some(&next));
        assert_eq!(System::account_nonce(&guest), 21);
        assert_ok!(apply(&guest, creating(puppet::init_of(&[]))));
        assert_eq!(Contracts::<Test>::iter().count(), 22);
    });
}

#[test]
fn a_reaped_account_whose_record_cost_nothing_creates_at_a_new_address() {
    new_test_ext().execute_with(|| {
        // Without prices nothing is held, and an account can be reaped.
        MockDepositPerItem::set(0);
        MockDepositPerByte::set(0);
        let guest = account(3);
        let give = || {
            let transfer =
                pallet_balances::Call::transfer_allow_death { dest: account(3), value: 1_000_000 };
            assert_ok!(apply(&alice(), transfer));
        };
        give();
        for _ in 0..20 {
            assert_ok!(apply(&guest, creating(puppet::init_of(&[]))));
        }
        assert_ok!(apply(&guest, crate::Call::unmap_account {}));
        assert_ok!(apply(
            &guest,
            pallet_balances::Call::transfer_all { dest: alice(), keep_alive: false }
        ));
        assert!(!System::account_exists(&guest));
        give();
        assert_eq!(System::account_nonce(&guest), 0);
        assert_ok!(apply(&guest, creating(puppet::init_of(&[]))));
        assert_eq!(created().last(), Some(&to_h160(to_address(address_of(&guest)).create(20))));
    });
}

#[test]
fn the_address_of_a_contract_that_ends_later_in_the_extrinsic_is_not_used_again() {
    new_test_ext().execute_with(|| {
        MockRevision::set(Revision::Shanghai);
        System::inc_account_nonce(alice());
        assert_ok!(apply_nested(&alice(), creating(puppet::init())));
        let first = created()[0];
        let end = crate::Call::call {
            target: first,
            input: puppet::self_destruct(first),
            value: 0,
            gas_limit: GAS,
            storage_deposit_limit: None,
        };
        assert_ok!(apply_nested(&alice(), end));
        assert_ok!(apply_nested(&alice(), creating(puppet::init())));
        assert_ne!(created()[1], first);
        assert_eq!(Contracts::<Test>::iter_keys().collect::<Vec<_>>(), [created()[1]]);
    });
}

#[test]
fn calls_between_creates_see_the_nonce_of_the_extrinsic() {
    new_test_ext().execute_with(|| {
        let mut twin = twin();
        // A failed extrinsic counts too.
        let first = puppet_of(&mut twin, 0);
        assert!(twin.call(&alice(), first, puppet::trap(), 0, GAS).result.is_err());
        assert!(twin.call(&alice(), first, Vec::new(), 0, 1).result.is_err());
        assert!(twin.call(&alice(), first, Vec::new(), Balance::MAX, GAS).result.is_err());
        let second = puppet_of(&mut twin, 0);
        let sender = to_address(address_of(&alice()));
        // The first nonce was that of the mapping.
        assert_eq!([first, second], [1, 5].map(|nonce| to_h160(sender.create(nonce))));
    });
}

#[test]
fn failing_creates_do_not_use_up_a_contracts_nonce() {
    new_test_ext().execute_with(|| {
        let mut twin = twin();
        let factory = puppet_of(&mut twin, 0);
        let failing = puppet::create(0, &actor::init(&puppet::revert(b"")));
        let deeds = puppet::all(&[
            failing.clone(),
            puppet::create(0, b""),
            failing,
            puppet::create(1_000, b""),
        ]);
        assert_ok!(twin.call(&alice(), factory, deeds, 0, GAS).result);
        // Three began; the one without the value for it did not.
        assert_eq!(Ewasm::nonce_at(factory), 4);
        assert!(Contracts::<Test>::contains_key(to_h160(to_address(factory).create(2))));
    });
}
