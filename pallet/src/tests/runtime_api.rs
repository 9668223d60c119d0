//! The answers of the runtime API.
use frame_support::assert_ok;

use super::*;
use crate::runtime_api::{ExecutionStatus, MessageKind};

#[test]
fn a_dry_run_returns_what_the_extrinsic_would_do_and_changes_nothing() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(0);
        let before = (spendable(&alice()), System::account_nonce(alice()), System::events().len());
        let deeds = puppet::all(&[
            puppet::store(1, 2),
            puppet::log(puppet::word(3), b"log"),
            puppet::load(1),
        ]);
        let run = Ewasm::dry_call(alice(), address, deeds.clone(), 9, Some(GAS), None);
        assert_eq!(
            (spendable(&alice()), System::account_nonce(alice()), System::events().len()),
            before
        );
        assert_eq!(Ewasm::storage_at(address, puppet::word(1)), H256::zero());
        assert_eq!((run.result, run.status), (Ok(()), Some(ExecutionStatus::Success)));
        assert_eq!(run.output, puppet::word(2).as_bytes());
        assert_eq!(run.logs.len(), 1);

        let done = call(address, deeds, 9).expect("it succeeds");
        assert_eq!(done.actual_weight, Some(run.weight));
        let Some(Event::Executed { gas_used, deposits, .. }) = events().pop() else {
            panic!("a call leaves an event")
        };
        assert_eq!((gas_used, deposits), (run.gas_used, run.deposits));
    });
}

#[test]
fn a_dry_create_returns_the_address_of_the_create() {
    new_test_ext().execute_with(|| {
        let run = Ewasm::dry_create(alice(), puppet::init(), 0, Some(GAS), None, None);
        assert_eq!(run.address, Some(puppet_with(0)));
        let salted =
            Ewasm::dry_create(alice(), puppet::init(), 0, Some(GAS), None, Some(puppet::word(1)));
        assert_ne!(salted.address, run.address);
        assert_eq!(salted.result, Ok(()));
    });
}

#[test]
fn a_dry_run_returns_the_reason_of_a_revert_and_the_place_of_a_trap() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(0);
        let reverted = Ewasm::dry_call(alice(), address, puppet::revert(b"because"), 0, None, None);
        assert_eq!(reverted.result, Err(Error::<Test>::Reverted.into()));
        assert_eq!(
            (reverted.status, &reverted.output[..]),
            (Some(ExecutionStatus::Revert), &b"because"[..])
        );
        let trapped = Ewasm::dry_call(alice(), address, puppet::trap(), 0, None, None);
        assert_eq!(trapped.status, Some(ExecutionStatus::Unreachable));
        assert!(!trapped.trap.is_empty());
        let unfit = Ewasm::dry_call(alice(), address, Vec::new(), 0, Some(1), None);
        assert_eq!((unfit.result, unfit.status), (Err(Error::<Test>::GasLimitTooLow.into()), None));
    });
}

#[test]
fn the_estimate_is_the_least_gas_that_suffices() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(0);
        let deeds =
            puppet::all(&[puppet::store(1, 1), puppet::call(address, 0, &puppet::store(1, 0))]);
        let gas_limit =
            Ewasm::estimate_gas(alice(), Some(address), deeds.clone(), 0).expect("it succeeds");
        let limited = |gas_limit| crate::Call::call {
            target: address,
            input: deeds.clone(),
            value: 0,
            gas_limit,
            storage_deposit_limit: None,
        };
        let stored = |gas_limit| {
            Ewasm::trace(alice(), Some(address), deeds.clone(), 0, Some(gas_limit), None)
        };
        assert_eq!(stored(gas_limit).run.result, Ok(()));
        assert!(
            stored(gas_limit - 1).run.result.is_err() || stored(gas_limit - 1).messages.len() == 2
        );
        assert_ok!(apply(&alice(), limited(gas_limit)));

        let create = Ewasm::estimate_gas(alice(), None, puppet::init(), 0).expect("it succeeds");
        let too_little = crate::Call::create {
            code: puppet::init(),
            value: 0,
            gas_limit: create - 1,
            storage_deposit_limit: None,
        };
        assert_eq!(error(apply(&alice(), too_little)), Error::<Test>::OutOfGas.into());
        assert_ok!(apply(
            &alice(),
            crate::Call::create {
                code: puppet::init(),
                value: 0,
                gas_limit: create,
                storage_deposit_limit: None
            }
        ));
        let hopeless = Ewasm::estimate_gas(alice(), Some(address), puppet::trap(), 0);
        assert_eq!(hopeless, Err(Error::<Test>::Unreachable.into()));
    });
}

#[test]
fn a_trace_shows_each_message_with_its_gas() {
    new_test_ext().execute_with(|| {
        let (outer, inner) = (puppet_with(10), puppet_with(0));
        let deeds = puppet::all(&[
            puppet::call(inner, 5, &puppet::revert(b"no")),
            puppet::call_static(inner, b""),
            puppet::delegate(inner, b""),
        ]);
        let trace = Ewasm::trace(alice(), Some(outer), deeds, 0, Some(GAS), None);
        assert!(!trace.is_cut);
        let seen: Vec<_> =
            trace.messages.iter().map(|m| (m.depth, m.kind, m.to, m.status)).collect();
        assert_eq!(
            seen,
            [
                (0, MessageKind::Call, outer, ExecutionStatus::Success),
                (1, MessageKind::Call, inner, ExecutionStatus::Revert),
                (1, MessageKind::StaticCall, inner, ExecutionStatus::Success),
                (1, MessageKind::DelegateCall, outer, ExecutionStatus::Success),
            ]
        );
        let whole = trace.messages[0].gas_used;
        let parts: u64 = trace.messages[1..].iter().map(|message| message.gas_used).sum();
        assert!(parts > 0 && parts < whole);
        assert_eq!(trace.messages[1].output, b"no");
        assert_eq!(trace.messages[3].code_of, inner);
    });
}

#[test]
fn a_long_trace_is_cut() {
    new_test_ext().execute_with(|| {
        let (outer, inner) = (puppet_with(0), H160::repeat_byte(0x99));
        let calls: Vec<_> = (0..1100).map(|_| puppet::call(inner, 0, b"")).collect();
        let trace = Ewasm::trace(alice(), Some(outer), puppet::all(&calls), 0, None, None);
        assert_eq!(trace.run.result, Ok(()));
        assert!(trace.is_cut);
        assert_eq!(trace.messages.len(), crate::runtime_api::MAX_TRACED_MESSAGES);
    });
}
