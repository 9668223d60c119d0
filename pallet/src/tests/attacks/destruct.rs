//! Contracts that end and are created again.
use frame_support::assert_ok;
use frame_support::traits::Hooks;
use frame_support::weights::Weight;

use super::super::actor;
use super::*;
use crate::execution::Action;
use crate::{Contracts, DeletionQueue, Slots, WeightInfo};

/// Creates an actor, each time at the same address.
fn again(twin: &mut Twin, deeds: &[u8]) -> H160 {
    twin.run(&alice(), Action::Create2(puppet::word(9)), actor::init(deeds), 0, GAS).created()
}

#[test]
fn a_contract_created_again_has_empty_storage_and_costs_the_same_deposit() {
    new_test_ext().execute_with(|| {
        MockRevision::set(Revision::Shanghai);
        let mut twin = twin();
        let stores: Vec<_> = (1..=5).map(|key| puppet::store(key, key)).collect();
        let loads: Vec<_> = (1..=5).map(puppet::load).collect();
        let mut deposits = Vec::new();
        let mut addresses = Vec::new();
        for _ in 0..3 {
            let address = again(&mut twin, b"");
            addresses.push(address);
            for load in &loads {
                assert_eq!(twin.call(&alice(), address, load.clone(), 0, GAS).output(), [0; 32]);
            }
            deposits.push(twin.call(&alice(), address, puppet::all(&stores), 0, GAS).deposits);
            // The signer who ends it gets its deposits. Slots that are still to be removed are not
            // paid out twice.
            let freed =
                twin.call(&bob(), address, actor::self_destruct_to_itself(), 0, GAS).deposits;
            let code = Price::code_share(actor::init(b"").len() as u32);
            let contract = Price::contract() + code + EXISTENTIAL_DEPOSIT;
            assert_eq!(freed.refunded, 5 * Price::slot() + contract);
        }
        assert!(addresses.iter().all(|address| Some(address) == addresses.first()));
        assert!(deposits.iter().all(|of| of.charged == 5 * Price::slot() && of.refunded == 0));
        assert_eq!(DeletionQueue::<Test>::count(), 3);
        let last = again(&mut twin, b"");
        assert_ok!(twin.call(&alice(), last, puppet::store(1, 7), 0, GAS).result);
        <Ewasm as Hooks<u64>>::on_idle(1, Weight::MAX);
        assert_eq!((DeletionQueue::<Test>::count(), Slots::<Test>::iter().count()), (0, 1));
        twin.compare();
    });
}

#[test]
fn no_contract_can_be_created_where_one_exists() {
    new_test_ext().execute_with(|| {
        let mut twin = twin();
        let address = again(&mut twin, &puppet::store(1, 1));
        let ran = twin.run(
            &alice(),
            Action::Create2(puppet::word(9)),
            actor::init(&puppet::store(1, 1)),
            0,
            GAS,
        );
        assert_eq!(error(ran.result), Error::<Test>::ExecutionFailed.into());
        assert_eq!(Ewasm::storage_at(address, puppet::word(1)), puppet::word(1));
    });
}

#[test]
fn value_sent_to_a_contract_after_its_end_is_lost_with_it() {
    for revision in [Revision::Shanghai, Revision::NEWEST] {
        new_test_ext().execute_with(|| {
            MockRevision::set(revision);
            let mut twin = twin();
            // A contract creates one that ends in its constructor, and then sends value to it. Its
            // address is known before.
            let outer = puppet_of(&mut twin, 50_000);
            let inner = to_h160(to_address(outer).create(1));
            let ended = actor::init(&puppet::self_destruct(address_of(&bob())));
            let deeds =
                puppet::all(&[puppet::create(10_000, &ended), puppet::call(inner, 7_000, b"")]);
            let ran = twin.call(&alice(), outer, deeds, 0, GAS);
            assert_ok!(ran.result);
            assert_eq!(Ewasm::balance_at(inner), 0, "{revision:?}");
            assert!(!System::account_exists(&account_of(inner)));
            assert_eq!(Ewasm::balance_at(outer), 33_000);
        });
    }
}

#[test]
fn a_contract_that_ends_twice_and_is_paid_in_between_pays_each_beneficiary_once() {
    for revision in [Revision::Shanghai, Revision::NEWEST] {
        new_test_ext().execute_with(|| {
            MockRevision::set(revision);
            let mut twin = twin();
            let (outer, inner) = (puppet_of(&mut twin, 10_000), puppet_of(&mut twin, 20_000));
            let [one, two] = [0xe1, 0xe2].map(H160::repeat_byte);
            let deeds = puppet::all(&[
                puppet::call(inner, 0, &puppet::self_destruct(one)),
                puppet::call(inner, 3_000, &puppet::self_destruct(two)),
                puppet::call(inner, 500, &puppet::store(1, 1)),
            ]);
            assert_ok!(twin.call(&bob(), outer, deeds, 0, GAS).result);
            assert_eq!([one, two].map(Ewasm::balance_at), [20_000, 3_000]);
            let left = if revision == Revision::Shanghai { 0 } else { 500 };
            assert_eq!(Ewasm::balance_at(inner), left);
        });
    }
}

#[test]
fn many_ended_contracts_are_removed_in_steps_that_keep_to_their_weight() {
    let mut externalities = new_test_ext();
    let contracts = externalities.execute_with(|| {
        MockRevision::set(Revision::Shanghai);
        let stores: Vec<_> = (1..=6).map(|key| puppet::store(key, 1)).collect();
        let contracts: Vec<_> =
            (0..20).map(|_| create(actor::init(&puppet::all(&stores)), 0)).collect();
        contracts
    });
    externalities.commit_all().expect("the externalities commit");
    externalities.execute_with(|| {
        for contract in &contracts {
            assert_ok!(call(*contract, puppet::self_destruct(address_of(&bob())), 0));
        }
        assert_eq!((Contracts::<Test>::iter().count(), DeletionQueue::<Test>::count()), (0, 20));
    });
    externalities.commit_all().expect("the externalities commit");
    let mut steps = 0;
    loop {
        let left = externalities.execute_with(|| {
            let weight = <Test as crate::Config>::WeightInfo::remove_slots(10);
            assert!(<Ewasm as Hooks<u64>>::on_idle(1, weight).all_lte(weight));
            Ewasm::do_try_state().expect("the storage is consistent");
            Slots::<Test>::iter().count()
        });
        externalities.commit_all().expect("the externalities commit");
        steps += 1;
        if left == 0 || steps > 100 {
            break;
        }
    }
    // 120 slots, at most ten each time.
    assert!((12..=40).contains(&steps), "{steps}");
    externalities.execute_with(|| {
        <Ewasm as Hooks<u64>>::on_idle(1, Weight::MAX);
        assert_eq!(DeletionQueue::<Test>::count(), 0);
    });
}

#[test]
fn contracts_created_and_ended_in_a_loop_leave_nothing() {
    new_test_ext().execute_with(|| {
        let mut twin = twin();
        let before = spendable(&alice());
        let stores = puppet::all(&[
            puppet::store(1, 1),
            puppet::store(2, 2),
            actor::self_destruct_to_itself(),
        ]);
        let init = actor::init(&stores);
        let outer = puppet_of(&mut twin, 0);
        let deposit = before - spendable(&alice());
        let deeds = puppet::all(&vec![puppet::create(0, &init); 8]);
        let ran = twin.call(&alice(), outer, deeds, 0, MOST);
        assert_ok!(ran.result);
        assert_eq!(ran.deposits, Default::default());
        assert_eq!(before - spendable(&alice()), deposit);
        assert_eq!((Contracts::<Test>::iter().count(), Slots::<Test>::iter().count()), (1, 0));
        assert_eq!(DeletionQueue::<Test>::count(), 0);
    });
}
