//! Freeing a slot pays out exactly what was paid for it, by whichever signer and whatever the price
//! is now.
use frame_support::assert_ok;
use frame_support::traits::fungible::InspectHold;

use super::*;
use crate::GenesisContract;

fn stores(keys: core::ops::RangeInclusive<u8>, value: u8) -> Vec<u8> {
    puppet::all(&keys.map(|key| puppet::store(key, value)).collect::<Vec<_>>())
}

fn held(contract: H160) -> Balance {
    Balances::total_balance_on_hold(&account_of(contract))
}

#[test]
fn slots_of_the_genesis_take_no_share_of_the_deposits_of_others() {
    let storage = (1..=5).map(|key| (puppet::word(key), puppet::word(1))).collect();
    let address = H160::repeat_byte(0xaa);
    let genesis = GenesisContract { address, nonce: 1, balance: 0, code: puppet::code(), storage };
    with_contracts(vec![genesis]).execute_with(|| {
        let mapped = |who: &AccountId| {
            assert_ok!(apply(who, crate::Call::map_account {}));
        };
        mapped(&alice());
        mapped(&bob());
        let before = [alice(), bob()].map(|who| spendable(&who));
        assert_ok!(call(address, puppet::store(9, 1), 0));
        assert_eq!(before[0] - spendable(&alice()), Price::slot());
        // Freeing a slot without a deposit pays out nothing; another value changes nothing.
        assert_ok!(call_as(&bob(), address, stores(1..=3, 0), 0));
        assert_ok!(call_as(&bob(), address, stores(4..=5, 7), 0));
        assert_eq!((spendable(&bob()), held(address)), (before[1], Price::slot()));
        // The slot with a deposit pays out all of it.
        assert_ok!(call_as(&bob(), address, puppet::store(9, 0), 0));
        assert_eq!((spendable(&bob()), held(address)), (before[1] + Price::slot(), 0));
        // A slot of the genesis that is filled again costs a deposit like any other.
        assert_ok!(call(address, puppet::store(1, 1), 0));
        assert_eq!(held(address), Price::slot());
    });
}

#[test]
fn a_lower_price_takes_nothing_from_deposits_at_a_higher_one() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(0);
        assert_ok!(apply(&bob(), crate::Call::map_account {}));
        let base = held(address);
        assert_ok!(call(address, stores(1..=50, 1), 0));
        let alices = held(address) - base;
        assert_eq!(alices, 50 * Price::slot());

        MockDepositPerItem::set(1);
        MockDepositPerByte::set(0);
        let before = spendable(&bob());
        for _ in 0..10 {
            assert_ok!(call_as(&bob(), address, stores(100..=199, 1), 0));
            assert_eq!(before - spendable(&bob()), 100, "new slots have the new price");
            assert_ok!(call_as(&bob(), address, stores(100..=199, 0), 0));
            assert_eq!((spendable(&bob()), held(address) - base), (before, alices));
        }
        // In one call too, and freed slots have their old price.
        let before = spendable(&alice());
        assert_ok!(call(address, puppet::all(&[stores(1..=50, 0), stores(60..=69, 1)]), 0));
        assert_eq!((spendable(&alice()), held(address) - base), (before + alices - 10, 10));
    });
}

#[test]
fn a_higher_price_is_paid_back_only_where_it_was_paid() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(0);
        assert_ok!(apply(&bob(), crate::Call::map_account {}));
        let cheap = Price::slot();
        assert_ok!(call(address, stores(1..=10, 1), 0));
        MockDepositPerItem::set(10_000);
        let dear = Price::slot();
        let before = spendable(&bob());
        assert_ok!(call_as(&bob(), address, stores(11..=12, 1), 0));
        // Other values in old slots keep their deposits.
        assert_ok!(call_as(&bob(), address, stores(1..=12, 2), 0));
        assert_eq!(before - spendable(&bob()), 2 * dear);
        assert_ok!(call_as(&bob(), address, stores(1..=10, 0), 0));
        assert_eq!(before - spendable(&bob()), 2 * dear - 10 * cheap);
        assert_ok!(call_as(&bob(), address, stores(11..=12, 0), 0));
        assert_eq!(spendable(&bob()) - before, 10 * cheap);
    });
}

#[test]
fn ending_a_contract_pays_out_what_was_paid_for_each_part_of_it() {
    new_test_ext().execute_with(|| {
        MockRevision::set(Revision::Shanghai);
        let address = puppet_with(0);
        assert_ok!(apply(&bob(), crate::Call::map_account {}));
        assert_ok!(call(address, stores(1..=3, 1), 0));
        MockDepositPerByte::set(77);
        assert_ok!(call(address, stores(4..=5, 1), 0));
        MockDepositPerByte::set(1);
        let (before, held) = (spendable(&bob()), held(address));
        assert_ok!(call_as(&bob(), address, puppet::self_destruct(address), 0));
        assert_eq!(spendable(&bob()), before + held + EXISTENTIAL_DEPOSIT);
    });
}

#[test]
fn deposits_of_addresses_and_uploads_are_those_that_were_paid() {
    new_test_ext().execute_with(|| {
        let before = spendable(&bob());
        let code_hash = puppet::hash(&puppet::code());
        assert_ok!(apply(&bob(), crate::Call::map_account {}));
        assert_ok!(apply(
            &bob(),
            crate::Call::upload_code { code: puppet::code(), storage_deposit_limit: None }
        ));
        MockDepositPerItem::set(1_000_000);
        assert_ok!(apply(&bob(), crate::Call::unmap_account {}));
        assert_ok!(apply(&bob(), crate::Call::remove_code { code_hash }));
        assert_eq!(spendable(&bob()), before);
    });
}
