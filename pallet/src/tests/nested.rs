//! Contracts that call contracts.
use frame_support::assert_ok;

use super::*;

#[test]
fn the_changes_of_a_nested_call_stay_when_it_succeeds() {
    new_test_ext().execute_with(|| {
        let (outer, inner) = (puppet_with(100), puppet_with(0));
        assert_ok!(call(outer, puppet::call(inner, 40, &puppet::store(1, 2)), 0));
        assert_eq!(Ewasm::storage_at(inner, puppet::word(1)), puppet::word(2));
        assert_eq!((Ewasm::balance_at(outer), Ewasm::balance_at(inner)), (60, 40));
    });
}

#[test]
fn the_changes_of_a_failed_nested_call_are_undone_events_included() {
    new_test_ext().execute_with(|| {
        let (outer, inner) = (puppet_with(100), puppet_with(0));
        let failing = puppet::all(&[
            puppet::store(1, 2),
            puppet::log(puppet::word(1), b"undone"),
            puppet::create(0, &puppet::init_of(&[])),
            puppet::revert(b"no"),
        ]);
        let deeds = puppet::all(&[
            puppet::store(3, 4),
            puppet::call(inner, 40, &failing),
            puppet::log(puppet::word(2), b"kept"),
        ]);
        let contracts = crate::Contracts::<Test>::iter().count();
        assert_ok!(call(outer, deeds, 0));
        assert_eq!(Ewasm::storage_at(inner, puppet::word(1)), H256::zero());
        assert_eq!(Ewasm::storage_at(outer, puppet::word(3)), puppet::word(4));
        assert_eq!((Ewasm::balance_at(outer), Ewasm::balance_at(inner)), (100, 0));
        assert_eq!(crate::Contracts::<Test>::iter().count(), contracts);
        let logs: Vec<_> =
            events().into_iter().filter(|event| matches!(event, Event::Log { .. })).collect();
        assert_eq!(
            logs,
            [Event::Log { address: outer, topics: vec![puppet::word(2)], data: b"kept".to_vec() }]
        );
    });
}

#[test]
fn a_delegate_call_acts_on_the_callers_storage() {
    new_test_ext().execute_with(|| {
        let (outer, inner) = (puppet_with(0), puppet_with(0));
        assert_ok!(call(outer, puppet::delegate(inner, &puppet::store(1, 2)), 0));
        assert_eq!(Ewasm::storage_at(outer, puppet::word(1)), puppet::word(2));
        assert_eq!(Ewasm::storage_at(inner, puppet::word(1)), H256::zero());
    });
}

#[test]
fn a_static_call_can_change_nothing() {
    new_test_ext().execute_with(|| {
        let (outer, inner) = (puppet_with(0), puppet_with(0));
        assert_eq!(ask(outer, puppet::call_static(inner, &puppet::store(1, 2))), [1]);
        let answer = [&[0], puppet::word(0).as_bytes()].concat();
        assert_eq!(ask(outer, puppet::call_static(inner, &puppet::load(1))), answer);
    });
}

#[test]
fn a_contract_creates_another_with_value() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(500);
        let code = puppet::init();
        assert_ok!(call(address, puppet::create2(puppet::word(1), 200, &code), 0));
        let made =
            alloy_primitives::Address::from(address.0).create2_from_code(puppet::word(1).0, &code);
        let made = H160(made.0.0);
        assert_eq!((Ewasm::balance_at(address), Ewasm::balance_at(made)), (300, 200));
        assert_eq!(Ewasm::code_at(made), puppet::code());
    });
}

#[test]
fn calls_nest_as_deep_as_gas_and_ethereum_allow_and_no_stack_overflows() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(0);
        let trace = Ewasm::trace(alice(), Some(address), puppet::recurse(), 0, None, None);
        assert_eq!(trace.run.result, Ok(()));
        let deepest = trace.messages.iter().map(|message| message.depth).max();
        assert!(deepest > Some(100), "{deepest:?}");
    });
}

#[test]
fn memory_of_open_frames_is_bounded() {
    new_test_ext().execute_with(|| {
        let limits = crate::EngineLimits::HEAP_1_GIB;
        let open = crate::OpenLimits { pages: 8, ..limits.open };
        MockLimits::set(crate::EngineLimits { open, ..limits });
        let (outer, inner) = (puppet_with(0), puppet_with(0));
        let with = |pages| puppet::all(&[puppet::grow(pages), puppet::call(inner, 0, b"")]);
        assert_eq!(ask(outer, with(7)), [0]);
        assert_eq!(ask(outer, with(8)), [1]);
    });
}
