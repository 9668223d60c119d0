//! The signer limits what deposits may cost.
use codec::Encode;
use frame_support::assert_ok;
use frame_support::traits::fungible::InspectHold;

use super::*;
use crate::precompiles::{Dispatch, Precompile};
use crate::{Contracts, OriginalAccount};

/// Writes 200 slots once its owner has requested it by call data of two bytes; frees them on call
/// data of three.
const FICKLE: &str = r#"(func (export "main") (local $key i32) (local $size i32)
    (local.set $size (call $getCallDataSize))
    (i32.store (i32.const 32) (i32.const 1))
    (if (i32.eq (local.get $size) (i32.const 2))
      (then (call $storageStore (i32.const 0) (i32.const 32)) (return)))
    (call $storageLoad (i32.const 0) (i32.const 64))
    (if (i32.eqz (i32.load (i32.const 64))) (then (return)))
    (if (i32.eq (local.get $size) (i32.const 3)) (then (i32.store (i32.const 32) (i32.const 0))))
    (local.set $key (i32.const 200))
    (loop
        (i32.store (i32.const 0) (local.get $key))
        (call $storageStore (i32.const 0) (i32.const 32))
        (local.set $key (i32.sub (local.get $key) (i32.const 1)))
        (br_if 0 (local.get $key))))"#;

fn limited(target: H160, input: Vec<u8>, limit: Balance) -> DispatchResultWithPostInfo {
    let storage_deposit_limit = Some(limit);
    let call =
        crate::Call::call { target, input, value: 0, gas_limit: MOST, storage_deposit_limit };
    apply(&alice(), call)
}

fn exhausted() -> sp_runtime::DispatchError {
    Error::<Test>::StorageDepositLimitExhausted.into()
}

#[test]
fn a_contract_changed_after_the_dry_run_costs_no_more_than_the_signer_allowed() {
    new_test_ext().execute_with(|| {
        let mut twin = twin();
        let address = made(&mut twin, FICKLE);
        let dry = Ewasm::dry_call(alice(), address, Vec::new(), 0, Some(MOST), None);
        assert_eq!((dry.result, dry.deposits), (Ok(()), Default::default()));
        assert_ok!(call_as(&bob(), address, vec![0; 2], 0));

        let before = (spendable(&alice()), Balances::total_balance_on_hold(&account_of(address)));
        let failed = limited(address, Vec::new(), dry.deposits.cost()).expect_err("it costs more");
        assert_eq!(failed.error, exhausted());
        assert!(
            failed.post_info.actual_weight.is_some_and(|weight| weight.ref_time() > 0),
            "what was done is paid for"
        );
        assert_eq!(
            (spendable(&alice()), Balances::total_balance_on_hold(&account_of(address))),
            before
        );
        assert_eq!(stored(address), 1);

        // A dry run returns the deposit, with that limit and without.
        let price = 200 * Price::slot();
        let free = Ewasm::dry_call(alice(), address, Vec::new(), 0, Some(MOST), None);
        let held = Ewasm::dry_call(alice(), address, Vec::new(), 0, Some(MOST), Some(0));
        assert_eq!((free.result, held.result), (Ok(()), Err(exhausted())));
        assert_eq!((free.deposits.charged, held.deposits), (price, free.deposits));
        assert_eq!(held.weight, failed.post_info.actual_weight.unwrap_or_default());
        assert_eq!(error(limited(address, Vec::new(), price - 1)), exhausted());
        assert_ok!(limited(address, Vec::new(), price));
        assert_eq!(before.0 - spendable(&alice()), price);
        // Freeing needs no limit.
        assert_ok!(limited(address, vec![0; 3], 0));
        assert_eq!(spendable(&alice()), before.0);
    });
}

#[test]
fn deposits_given_back_count_against_deposits_paid() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(0);
        assert_ok!(call(address, puppet::store(1, 1), 0));
        let moving = puppet::all(&[puppet::store(1, 0), puppet::store(2, 1)]);
        let dry = Ewasm::dry_call(alice(), address, moving.clone(), 0, Some(GAS), Some(0));
        let slot = Price::slot();
        assert_eq!((dry.result, dry.deposits.charged, dry.deposits.refunded), (Ok(()), slot, slot));
        assert_ok!(limited(address, moving, 0));
        assert_eq!(stored(address), 1);
    });
}

#[test]
fn existential_deposits_of_new_accounts_count() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(1_000);
        let strangers: Vec<_> = (1..=50).map(|number| address_of(&account(100 + number))).collect();
        let sends: Vec<_> = strangers.iter().map(|to| puppet::call(*to, 1, b"")).collect();
        let sends = puppet::all(&sends);
        let before = spendable(&alice());
        let price = 50 * EXISTENTIAL_DEPOSIT;
        assert_eq!(error(limited(address, sends.clone(), price - 1)), exhausted());
        assert_eq!((spendable(&alice()), Ewasm::balance_at(address)), (before, 1_000));
        assert!(strangers.iter().all(|to| !System::account_exists(&account_of(*to))));
        assert_ok!(limited(address, sends, price));
        assert_eq!(before - spendable(&alice()), price);
    });
}

#[test]
fn existential_deposits_paid_before_a_dispatch_count_and_are_undone_with_their_frame() {
    new_test_ext().execute_with(|| {
        let (outer, inner) = (puppet_with(1_000), puppet_with(1_000));
        let dispatch = |remark: u8| {
            let call = RuntimeCall::System(frame_system::Call::remark { remark: vec![remark] });
            puppet::call(<Dispatch<MayDispatch> as Precompile<Test>>::ADDRESS, 0, &call.encode())
        };
        let to = |number| puppet::call(H160::repeat_byte(number), 5, b"");
        let failing = puppet::all(&[to(0xd1), to(0xd2), dispatch(1), puppet::revert(b"")]);
        let deeds = puppet::all(&[
            to(0xd3),
            dispatch(2),
            puppet::call(inner, 0, &failing),
            dispatch(3),
            to(0xd4),
        ]);
        let dry = Ewasm::dry_call(alice(), outer, deeds.clone(), 0, Some(GAS), None);
        assert_eq!((dry.result, dry.deposits.charged), (Ok(()), 2 * EXISTENTIAL_DEPOSIT));
        let before = spendable(&alice());
        assert_eq!(error(limited(outer, deeds.clone(), 2 * EXISTENTIAL_DEPOSIT - 1)), exhausted());
        assert_eq!(spendable(&alice()), before);
        assert!(
            !System::account_exists(&account_of(H160::repeat_byte(0xd3))),
            "also what was paid before it"
        );
        assert_ok!(limited(outer, deeds, 2 * EXISTENTIAL_DEPOSIT));
        assert_eq!(before - spendable(&alice()), 2 * EXISTENTIAL_DEPOSIT);
        let told = events().into_iter().rev().find_map(|event| match event {
            Event::Executed { deposits, .. } => Some(deposits.charged),
            _ => None,
        });
        assert_eq!(told, Some(2 * EXISTENTIAL_DEPOSIT));
    });
}

#[test]
fn the_limit_of_a_create_covers_all_its_deposits() {
    new_test_ext().execute_with(|| {
        // For a contract: the account, the record, the code. For its creator: the owner of the
        // address, and the nonce.
        let code = Price::code_share(puppet::code().len() as u32);
        let contract = EXISTENTIAL_DEPOSIT + Price::contract() + code;
        let price = contract + Price::address() + Price::nonce();
        let create = |limit| crate::Call::create {
            code: puppet::init(),
            value: 0,
            gas_limit: GAS,
            storage_deposit_limit: Some(limit),
        };
        let before = spendable(&bob());
        assert_eq!(error(apply(&bob(), create(price - 1))), exhausted());
        assert!(!OriginalAccount::<Test>::contains_key(address_of(&bob())));
        assert_eq!((spendable(&bob()), Contracts::<Test>::iter().count()), (before, 0));
        assert_ok!(apply(&bob(), create(price)));
        assert_eq!(before - spendable(&bob()), price);

        let create2 = |limit| crate::Call::create2 {
            code: puppet::init(),
            value: 0,
            gas_limit: GAS,
            storage_deposit_limit: Some(limit),
            salt: puppet::word(1),
        };
        assert_eq!(error(apply(&bob(), create2(contract - 1))), exhausted());
        assert_ok!(apply(&bob(), create2(contract)));
        assert_eq!(before - spendable(&bob()), price + contract);
    });
}
