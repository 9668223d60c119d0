//! Events.
use frame_support::assert_ok;

use super::*;

#[test]
fn logs_are_found_by_address_and_topic() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(0);
        assert_ok!(call(address, puppet::log(puppet::word(3), b"data"), 0));
        let record = System::events()
            .into_iter()
            .find(|record| matches!(record.event, RuntimeEvent::Ewasm(Event::Log { .. })))
            .expect("the log is an event");
        let expected =
            Event::Log { address, topics: vec![puppet::word(3)], data: b"data".to_vec() };
        assert_eq!(record.event, RuntimeEvent::Ewasm(expected));
        assert_eq!(record.topics, [H256::from(address), puppet::word(3)]);
        assert_eq!(System::event_topics(puppet::word(3)).len(), 1);
    });
}

#[test]
fn the_index_of_logs_is_bounded() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(0);
        let logs = |count: u32| {
            let log = |topic: u32| puppet::log(H256::from_low_u64_be(topic.into()), b"");
            puppet::all(&(0..count).map(log).collect::<Vec<_>>())
        };
        assert_ok!(call(address, logs(300), 0));
        let records = System::events();
        let logs: Vec<_> = records
            .iter()
            .filter(|record| matches!(record.event, RuntimeEvent::Ewasm(Event::Log { .. })))
            .collect();
        assert_eq!(logs.len(), 300);
        // One entry is for the contract, and each log has another one.
        let indexed = logs.iter().filter(|record| !record.topics.is_empty()).count();
        assert_eq!(indexed, 255);
    });
}

#[test]
fn events_of_creates_and_calls_report_gas_and_deposits() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(0);
        assert_ok!(call(address, Vec::new(), 0));
        let events = events();
        let Some(Event::Created { signer, gas_used: create_gas, deposits, .. }) =
            events.iter().find(|event| matches!(event, Event::Created { .. }))
        else {
            panic!("a create leaves an event")
        };
        assert_eq!(*signer, alice());
        assert!(*create_gas > 53_000);
        assert!(deposits.charged > EXISTENTIAL_DEPOSIT);
        let Some(Event::Executed { target, gas_used, deposits, .. }) = events.last() else {
            panic!("a call leaves an event")
        };
        assert_eq!(*target, address);
        assert!((21_000..60_000).contains(gas_used), "{gas_used}");
        assert_eq!((deposits.charged, deposits.refunded), (0, 0));
    });
}

#[test]
fn code_and_mappings_have_events() {
    new_test_ext().execute_with(|| {
        let code_hash = puppet::hash(&puppet::code());
        assert_ok!(apply(
            &bob(),
            crate::Call::upload_code { code: puppet::code(), storage_deposit_limit: None }
        ));
        assert_ok!(apply(&bob(), crate::Call::remove_code { code_hash }));
        assert_ok!(apply(&bob(), crate::Call::map_account {}));
        assert_ok!(apply(&bob(), crate::Call::unmap_account {}));
        let address = address_of(&bob());
        let events = events();
        let (owner, deposit) = (bob(), Price::code(puppet::code().len() as u32));
        assert_eq!(
            events,
            [
                Event::CodeStored { code_hash },
                Event::CodeUploaded { code_hash, owner: owner.clone(), deposit },
                Event::CodeReleased { code_hash, owner, deposit },
                Event::CodeRemoved { code_hash },
                Event::AccountMapped { account: bob(), address },
                Event::AccountUnmapped { account: bob(), address },
            ]
        );
    });
}
