//! Contracts that dispatch calls of the runtime.
use codec::Encode;
use frame_support::assert_ok;

use super::*;
use crate::precompiles::{Dispatch, Precompile};

const DISPATCH: H160 = <Dispatch<MayDispatch> as Precompile<Test>>::ADDRESS;

fn transfer(to: AccountId, value: Balance) -> Vec<u8> {
    RuntimeCall::Balances(pallet_balances::Call::transfer_keep_alive { dest: to, value }).encode()
}

fn dispatch(call: &[u8]) -> Vec<u8> {
    puppet::call(DISPATCH, 0, call)
}

#[test]
fn a_contract_dispatches_with_its_own_account() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(1_000);
        let before = spendable(&bob());
        assert_ok!(call(address, dispatch(&transfer(bob(), 400)), 0));
        assert_eq!(spendable(&bob()), before + 400);
        assert_eq!(Ewasm::balance_at(address), 600);
    });
}

#[test]
fn the_runtime_and_the_contract_see_what_the_other_did_before() {
    new_test_ext().execute_with(|| {
        let (outer, inner) = (puppet_with(1_000), puppet_with(0));
        // The inner contract has just got the 300, and sees the rest.
        let deeds = puppet::all(&[dispatch(&transfer(bob(), 250)), puppet::balance(inner)]);
        let before = spendable(&bob());
        let answer = [&[0][..], &50_u128.to_le_bytes()].concat();
        assert_eq!(ask(outer, puppet::call(inner, 300, &deeds)), answer);
        assert_ok!(call(outer, puppet::call(inner, 300, &deeds), 0));
        assert_eq!(spendable(&bob()), before + 250);
        assert_eq!((Ewasm::balance_at(outer), Ewasm::balance_at(inner)), (700, 50));
    });
}

#[test]
fn a_frame_that_fails_undoes_its_dispatches() {
    new_test_ext().execute_with(|| {
        let (outer, inner) = (puppet_with(1_000), puppet_with(1_000));
        let before = spendable(&bob());
        let paying = dispatch(&transfer(bob(), 400));
        let failing = puppet::all(&[paying, puppet::store(1, 1), puppet::revert(b"")]);
        let deeds = puppet::all(&[
            dispatch(&transfer(bob(), 10)),
            puppet::call(inner, 100, &failing),
            dispatch(&transfer(bob(), 1)),
            puppet::balance(inner),
        ]);
        assert_eq!(ask(outer, deeds.clone()), 1_000_u128.to_le_bytes());
        assert_ok!(call(outer, deeds, 0));
        assert_eq!(spendable(&bob()), before + 11);
        assert_eq!((Ewasm::balance_at(outer), Ewasm::balance_at(inner)), (989, 1_000));
        let to_bob = |event| match event {
            RuntimeEvent::Balances(pallet_balances::Event::Transfer { to, .. }) => to == bob(),
            _ => false,
        };
        let transfers = System::events().into_iter().filter(|record| to_bob(record.event.clone()));
        assert_eq!(transfers.count(), 2, "the events of undone transfers are gone");
    });
}

#[test]
fn a_failed_call_of_the_runtime_reverts_with_its_error() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(100);
        let answer = ask(address, dispatch(&transfer(bob(), 101)));
        assert_eq!(answer.first(), Some(&2), "reverted");
        let mut error = answer.get(1..).unwrap_or_default();
        assert_ok!(<sp_runtime::DispatchError as codec::Decode>::decode(&mut error));
        assert_ok!(call(address, dispatch(&transfer(bob(), 101)), 0));
        assert_eq!(Ewasm::balance_at(address), 100);
    });
}

#[test]
fn no_dispatch_can_reap_a_contracts_account() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(1_000);
        let all = pallet_balances::Call::transfer_all { dest: bob(), keep_alive: false };
        let before = spendable(&bob());
        assert_ok!(call(address, dispatch(&RuntimeCall::Balances(all).encode()), 0));
        assert_eq!(spendable(&bob()), before + 1_000);
        assert!(System::account_exists(&account_of(address)));
    });
}

#[test]
fn a_constructor_dispatches_for_a_contract_that_is_not_stored_yet() {
    new_test_ext().execute_with(|| {
        let outer = puppet_with(5_000);
        // The init code sends its balance to Bob by way of the runtime.
        let init = puppet::dispatching_init(DISPATCH, &transfer(bob(), 700));
        let before = spendable(&bob());
        assert_ok!(call(outer, puppet::create(1_000, &init), 0));
        assert_eq!(spendable(&bob()), before + 700);
        let made = H160(alloy_primitives::Address::from(outer.0).create(1).0.0);
        assert_eq!((Ewasm::balance_at(outer), Ewasm::balance_at(made)), (4_000, 300));

        // It cannot send its existential deposit, so it leaves no dust.
        let all = pallet_balances::Call::transfer_all { dest: bob(), keep_alive: false };
        let init = puppet::dispatching_init(DISPATCH, &RuntimeCall::Balances(all).encode());
        assert_ok!(call(outer, puppet::create(900, &init), 0));
        assert_eq!(spendable(&bob()), before + 700 + 900);
        let made = H160(alloy_primitives::Address::from(outer.0).create(2).0.0);
        assert_eq!((Ewasm::balance_at(outer), Ewasm::balance_at(made)), (3_100, 0));
        assert!(System::account_exists(&account_of(made)));

        // When the frames around it fail, it is undone.
        let failing = puppet::all(&[puppet::create(1_000, &init), puppet::trap()]);
        assert_eq!(error(call(outer, failing, 0)), Error::<Test>::Unreachable.into());
        assert_eq!(spendable(&bob()), before + 700 + 900);
        assert_eq!(Ewasm::balance_at(outer), 3_100);
    });
}

#[test]
fn a_dispatched_call_cannot_re_enter() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(100);
        let calls = [
            crate::Call::call {
                target: address,
                input: Vec::new(),
                value: 0,
                gas_limit: 50_000,
                storage_deposit_limit: None,
            },
            crate::Call::create {
                code: Vec::new(),
                value: 0,
                gas_limit: 60_000,
                storage_deposit_limit: None,
            },
            crate::Call::upload_code { code: puppet::code(), storage_deposit_limit: None },
            crate::Call::map_account {},
            crate::Call::unmap_account {},
        ];
        for reentering in calls {
            let answer = ask(address, dispatch(&RuntimeCall::Ewasm(reentering).encode()));
            let reentered: sp_runtime::DispatchError = Error::<Test>::Reentered.into();
            assert_eq!(answer, [&[2], &reentered.encode()[..]].concat());
        }
    });
}

#[test]
fn only_contracts_dispatch_and_only_calls_that_the_filter_allows() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(1_000);
        // A signer signs for itself.
        assert_eq!(
            error(call(DISPATCH, transfer(bob(), 1), 0)),
            Error::<Test>::PrecompileFailure.into()
        );
        let forbidden = RuntimeCall::Timestamp(pallet_timestamp::Call::set { now: 1 }).encode();
        let refused = [
            dispatch(&forbidden),
            dispatch(b"no call"),
            // It is operational: blocks reserve weight for it.
            dispatch(
                &RuntimeCall::System(frame_system::Call::set_heap_pages { pages: 1 }).encode(),
            ),
            puppet::call(DISPATCH, 1, &transfer(bob(), 1)),
            puppet::delegate(DISPATCH, &transfer(bob(), 1)),
            puppet::call_static(DISPATCH, &transfer(bob(), 1)),
        ];
        for deed in refused {
            let before = spendable(&bob());
            assert_eq!(ask(address, deed.clone()), [1]);
            assert_ok!(call(address, deed, 0));
            assert_eq!(spendable(&bob()), before);
        }
    });
}

#[test]
fn declared_weight_is_charged_before_and_the_unused_part_comes_back() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(1_000);
        let remark =
            RuntimeCall::System(frame_system::Call::remark { remark: vec![1; 100] }).encode();
        let cheap = Ewasm::trace(alice(), Some(address), dispatch(&remark), 0, Some(GAS), None);
        let used = cheap.messages[1].gas_used;
        assert!((5_000..100_000).contains(&used), "{used}");
        // It declares the weight of all its gas, and refuses at once.
        let call = crate::Call::call {
            target: address,
            input: Vec::new(),
            value: 0,
            gas_limit: 10_000_000,
            storage_deposit_limit: None,
        };
        let trace = Ewasm::trace(
            alice(),
            Some(address),
            dispatch(&RuntimeCall::Ewasm(call).encode()),
            0,
            Some(GAS),
            None,
        );
        assert_eq!(trace.messages[1].status, crate::runtime_api::ExecutionStatus::OutOfGas);
    });
}
