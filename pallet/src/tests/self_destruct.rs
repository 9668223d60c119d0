//! Contracts that end themselves: before Cancun any contract, and from then on only in the
//! transaction that created it (EIP-6780).
use frame_support::assert_ok;
use frame_support::traits::Hooks;
use frame_support::weights::Weight;

use super::*;
use crate::{Contracts, DeletionQueue, Revision, Slots};

#[test]
fn a_destroyed_contract_leaves_nothing_and_all_its_balance_moves() {
    new_test_ext().execute_with(|| {
        MockRevision::set(Revision::Shanghai);
        assert_ok!(apply(&alice(), crate::Call::map_account {}));
        let before = (spendable(&alice()), spendable(&bob()));
        let address = puppet_with(1_000);
        let account = account_of(address);
        assert_ok!(call(address, puppet::all(&[puppet::store(1, 1), puppet::store(2, 2)]), 0));
        assert_ok!(call(address, puppet::self_destruct(address_of(&bob())), 0));
        assert!(!Contracts::<Test>::contains_key(address));
        assert!(
            !System::account_exists(&account),
            "the account is gone, and nothing was left on it"
        );
        assert!(
            crate::CodeInfoOf::<Test>::iter().next().is_none(),
            "the code went with its last contract"
        );
        // All deposits came back but that of Alice's nonce; Bob's address holds the balance, and
        // Alice paid its existential deposit.
        assert_eq!(spendable(&alice()), before.0 - 1_000 - EXISTENTIAL_DEPOSIT - Price::nonce());
        assert_eq!(Ewasm::balance_at(address_of(&bob())), 1_000);
        assert_eq!(spendable(&bob()), before.1);
        assert!(events().contains(&Event::Terminated { address }));
    });
}

#[test]
fn slots_of_a_destroyed_contract_are_removed_in_bounded_steps() {
    let mut externalities = new_test_ext();
    let address = externalities.execute_with(|| {
        MockRevision::set(Revision::Shanghai);
        let address = puppet_with(0);
        let stores: Vec<_> = (1..=50).map(|key| puppet::store(key, 1)).collect();
        assert_ok!(call(address, puppet::all(&stores), 0));
        address
    });
    // Slots that are only in the overlay are removed at once, so these have to be in the database.
    externalities.commit_all().expect("the externalities commit");
    externalities.execute_with(|| {
        assert_ok!(call(address, puppet::self_destruct(address), 0));
        assert_eq!(DeletionQueue::<Test>::iter().count(), 1);
    });
    externalities.commit_all().expect("the externalities commit");
    let left = || Slots::<Test>::iter().count();
    let mut steps = 0;
    loop {
        let (before, after) = externalities.execute_with(|| {
            let before = left();
            let ten = <<Test as crate::Config>::WeightInfo as crate::WeightInfo>::remove_slots(10);
            let used = Ewasm::on_idle(1, ten);
            assert!(used.all_lte(ten));
            Ewasm::do_try_state().expect("the state is consistent");
            (before, left())
        });
        externalities.commit_all().expect("the externalities commit");
        assert!(before - after <= 10, "{before} to {after}");
        steps += 1;
        if after == 0 || steps > 20 {
            break;
        }
    }
    externalities.execute_with(|| {
        assert!((5..=6).contains(&steps), "{steps}");
        Ewasm::on_idle(1, ENOUGH);
        assert_eq!(DeletionQueue::<Test>::iter().count(), 0);
        assert_eq!(Ewasm::on_idle(1, Weight::zero()), Weight::zero());
    });
}

#[test]
fn a_contract_created_again_at_the_same_address_sees_nothing_of_the_old_one() {
    new_test_ext().execute_with(|| {
        MockRevision::set(Revision::Shanghai);
        let create2 = crate::Call::create2 {
            code: puppet::init(),
            value: 0,
            gas_limit: GAS,
            storage_deposit_limit: None,
            salt: puppet::word(1),
        };
        assert_ok!(apply(&alice(), create2.clone()));
        let address = Contracts::<Test>::iter_keys().next().expect("the contract is there");
        assert_ok!(call(address, puppet::store(1, 1), 0));
        assert_ok!(call(address, puppet::self_destruct(address_of(&alice())), 0));
        assert_ok!(apply(&alice(), create2));
        assert_eq!(Contracts::<Test>::iter_keys().next(), Some(address));
        assert_eq!(Ewasm::storage_at(address, puppet::word(1)), H256::zero());
        assert_eq!(ask(address, puppet::load(1)), [0; 32]);
        assert_ok!(call(address, puppet::store(2, 2), 0));
        Ewasm::on_idle(1, ENOUGH);
        assert_eq!(ask(address, puppet::load(2)), puppet::word(2).as_bytes());
    });
}

#[test]
fn wei_that_ethereum_would_burn_goes_to_the_signer() {
    new_test_ext().execute_with(|| {
        MockRevision::set(Revision::Shanghai);
        let address = puppet_with(1_000);
        let before = spendable(&bob());
        // Bob ends it in favour of itself, and gets its balance, its existential deposit and its
        // storage deposit.
        assert_ok!(call_as(&bob(), address, puppet::self_destruct(address), 0));
        assert!(spendable(&bob()) > before + 1_000 + EXISTENTIAL_DEPOSIT - 300);
        assert!(!Contracts::<Test>::contains_key(address));
    });
}

#[test]
fn from_cancun_on_a_contract_outlives_its_self_destruction() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(1_000);
        assert_ok!(call(address, puppet::self_destruct(address_of(&bob())), 0));
        assert!(Contracts::<Test>::contains_key(address));
        assert_eq!((Ewasm::balance_at(address), Ewasm::balance_at(address_of(&bob()))), (0, 1_000));
    });
}

#[test]
fn a_contract_that_ends_in_its_constructor_leaves_no_trace() {
    new_test_ext().execute_with(|| {
        assert_ok!(apply(&alice(), crate::Call::map_account {}));
        let before = spendable(&alice());
        create(puppet::ephemeral(), 5_000);
        // Its address counts as used.
        assert_eq!(spendable(&alice()), before - Price::nonce());
        create(puppet::ephemeral(), 5_000);
        assert_eq!(spendable(&alice()), before - Price::nonce());
        assert!(Contracts::<Test>::iter().next().is_none());
    });
}
