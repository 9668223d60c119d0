//! Contracts that dispatch calls of the runtime.
use codec::Encode;
use frame_support::assert_ok;

use super::*;
use crate::precompiles::{Dispatch, Precompile};
use crate::runtime_api::ExecutionStatus;

const DISPATCH: H160 = <Dispatch<MayDispatch> as Precompile<Test>>::ADDRESS;

fn dispatch(call: impl Into<RuntimeCall>) -> Vec<u8> {
    puppet::call(DISPATCH, 0, &call.into().encode())
}

fn transfer(dest: AccountId, value: Balance) -> Vec<u8> {
    dispatch(pallet_balances::Call::transfer_allow_death { dest, value })
}

#[test]
fn an_undone_dispatch_leaves_the_balance_of_an_account_read_only_later() {
    new_test_ext().execute_with(|| {
        let (outer, inner) = (puppet_with(0), puppet_with(10_000));
        let rich = puppet_with(5);
        let nobody = H160::repeat_byte(0xe1);
        // The inner frame sends to both, reads them, so that the state knows them, and reverts.
        let failing = puppet::all(&[
            transfer(account_of(rich), 4_000),
            transfer(account_of(nobody), 3_000),
            puppet::balance(rich),
            puppet::balance(nobody),
            puppet::call(nobody, 0, b""),
            puppet::revert(b""),
        ]);
        for (of, expected) in [(rich, 5_u128), (nobody, 0), (inner, 10_000)] {
            let deeds = puppet::all(&[puppet::call(inner, 0, &failing), puppet::balance(of)]);
            assert_eq!(ask(outer, deeds.clone()), expected.to_le_bytes());
            assert_ok!(call(outer, deeds, 0));
            assert_eq!(Ewasm::balance_at(of), expected);
        }
        // None of it can be spent.
        let spend = puppet::call(rich, 0, &puppet::call(outer, 4_000, b""));
        assert_ok!(call(outer, puppet::all(&[puppet::call(inner, 0, &failing), spend]), 0));
        assert_eq!((Ewasm::balance_at(outer), Ewasm::balance_at(rich)), (0, 5));
    });
}

#[test]
fn a_contract_cannot_give_away_what_keeps_its_account_alive() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(2_000);
        let account = account_of(address);
        let all = pallet_balances::Call::transfer_all { dest: bob(), keep_alive: false };
        assert_ok!(call(address, dispatch(all), 0));
        assert_eq!(Ewasm::balance_at(address), 0);
        assert!(System::account_exists(&account));
        assert_eq!(ask(address, puppet::load(1)), [0; 32]);
        // The hold for its storage stays.
        assert_ok!(call(address, puppet::store(1, 1), 0));
        let before = spendable(&bob());
        assert_ok!(call(
            address,
            dispatch(pallet_balances::Call::transfer_all { dest: bob(), keep_alive: false }),
            0
        ));
        assert_eq!(spendable(&bob()), before);
    });
}

#[test]
fn a_constructor_that_gives_away_its_balance_still_creates_the_contract() {
    new_test_ext().execute_with(|| {
        let all = pallet_balances::Call::transfer_all { dest: bob(), keep_alive: false };
        let before = spendable(&bob());
        let address = create(super::super::actor::init(&dispatch(all)), 7_000);
        assert_eq!(Ewasm::balance_at(address), 0);
        // That includes the existential deposit that came with the value: the signer paid another.
        assert!((7_000..=7_000 + EXISTENTIAL_DEPOSIT).contains(&(spendable(&bob()) - before)));
        assert!(System::account_exists(&account_of(address)));
    });
}

#[test]
fn balance_spent_by_a_dispatch_cannot_be_spent_again() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(1_000);
        let before = spendable(&bob());
        let deeds = puppet::all(&[
            transfer(bob(), 600),
            puppet::call(H160::repeat_byte(0xe1), 600, b""),
            transfer(bob(), 600),
            puppet::call(H160::repeat_byte(0xe1), 300, b""),
        ]);
        assert_ok!(call(address, deeds, 0));
        assert_eq!(spendable(&bob()) - before, 600);
        assert_eq!(
            (Ewasm::balance_at(address), Ewasm::balance_at(H160::repeat_byte(0xe1))),
            (100, 300)
        );
    });
}

#[test]
fn a_dispatch_needs_the_gas_of_its_declared_weight_before_it_runs() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(0);
        // The weight of a remark grows with its size.
        let remark =
            |size| dispatch(frame_system::Call::remark_with_event { remark: vec![7; size] });
        let used = |deed: Vec<u8>, gas| {
            let trace = Ewasm::trace(alice(), Some(address), deed, 0, Some(gas), None);
            trace.messages.get(1).map(|message| (message.status, message.gas_used))
        };
        let Some((ExecutionStatus::Success, little)) = used(remark(1), GAS) else {
            panic!("it succeeds")
        };
        let Some((ExecutionStatus::Success, much)) = used(remark(10_000), GAS) else {
            panic!("it succeeds")
        };
        assert!(much > little + 16 * 9_000, "{little} and {much}");
        let before = System::events().len();
        assert_ok!(call_with(address, remark(10_000), 500_000));
        assert!(System::events().len() > before);
        let starved = used(remark(10_000), 400_000).map(|(status, _)| status);
        assert_ne!(starved, Some(ExecutionStatus::Success));
    });
}

fn call_with(
    target: H160,
    input: Vec<u8>,
    gas_limit: u64,
) -> frame_support::dispatch::DispatchResultWithPostInfo {
    apply(
        &alice(),
        crate::Call::call { target, input, value: 0, gas_limit, storage_deposit_limit: None },
    )
}

#[test]
fn the_weight_of_a_dispatched_call_is_part_of_the_extrinsics() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(1_000);
        let plain = call(address, puppet::load(1), 0).map(|post| post.actual_weight);
        let with = call(address, transfer(bob(), 1), 0).map(|post| post.actual_weight);
        let (Ok(Some(plain)), Ok(Some(with))) = (plain, with) else {
            panic!("both succeed and tell their weight")
        };
        assert!(with.all_gt(plain), "{plain:?} and {with:?}");
    });
}

#[test]
fn calls_nested_in_dispatched_calls_cannot_re_enter_either() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(1_000);
        let frames = puppet::call(address, 0, &dispatch(crate::Call::map_account {}));
        assert_eq!(
            ask(address, frames.clone()).get(..2),
            Some(&[0, 2][..]),
            "the inner message reverts"
        );
        assert_ok!(call(address, frames, 0));
        assert!(!crate::IsDispatching::<Test>::get());
        // A dispatch that has ended does not block later ones.
        assert_ok!(call(address, puppet::load(1), 0));
    });
}

#[test]
fn a_dispatch_inside_many_messages_is_refused() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(1_000);
        let nested = |depth: u32| {
            let mut deeds = transfer(bob(), 1);
            for _ in 0..depth {
                deeds = puppet::call(address, 0, &deeds);
            }
            let before = spendable(&bob());
            assert_ok!(apply(
                &alice(),
                crate::Call::call {
                    target: address,
                    input: deeds,
                    value: 0,
                    gas_limit: TRANSACTION_GAS_LIMIT,
                    storage_deposit_limit: None
                }
            ));
            spendable(&bob()) - before
        };
        assert_eq!((nested(40), nested(80)), (1, 0));
    });
}

#[test]
fn the_signer_pays_existential_deposits_of_dispatches_once() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(10_000);
        assert_ok!(apply(&alice(), crate::Call::map_account {}));
        let before = spendable(&alice());
        let nobody = H160::repeat_byte(0xe1);
        // The value and the account have to exist before the dispatch.
        let deeds = puppet::all(&[
            puppet::call(nobody, 10, b""),
            transfer(bob(), 1),
            puppet::call(nobody, 10, b""),
        ]);
        assert_ok!(call(address, deeds, 0));
        assert_eq!(before - spendable(&alice()), EXISTENTIAL_DEPOSIT);
        assert_eq!(Ewasm::balance_at(nobody), 20);
    });
}

#[test]
fn a_call_is_no_larger_than_a_dispatch_decodes() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(0);
        let remark = |bytes: usize| {
            let call = frame_system::Call::remark { remark: vec![7; bytes] };
            ask(address, dispatch(call))
        };
        // The pallet, the call, and two bytes of length.
        let most = crate::precompiles::MAX_CALL_BYTES - 4;
        assert_eq!(remark(most), [0]);
        assert_eq!(remark(most + 1), [1]);
    });
}

#[test]
fn the_heap_that_decoding_takes_is_paid_by_the_byte() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(0);
        let used = |bytes: usize| {
            let call = frame_system::Call::remark { remark: vec![7; bytes] };
            let trace = Ewasm::trace(alice(), Some(address), dispatch(call), 0, Some(GAS), None);
            trace.messages.get(1).map_or(0, |message| message.gas_used)
        };
        // 16 for a byte, 1 for a byte of the heap, and the weight of a remark by its size.
        assert!(used(10_000) >= used(1_000) + 17 * 9_000);
    });
}
