//! Calls in calls.
use frame_support::assert_ok;
use tephra_core::ewasm::{CallKind, Message, Status};

use super::*;
use crate::PalletBackend;
use crate::engine::Engine;
use crate::execution::Runner;
use crate::precompiles::State;
use crate::runtime_api::ExecutionStatus;
use crate::storage::writer::{Sender, Writer};

/// Counts its calls in slot 0 and calls itself with all gas.
const RE_ENTERING: &str = r#"(func (export "main")
    (call $storageLoad (i32.const 0) (i32.const 32))
    (i64.store (i32.const 32) (i64.add (i64.load (i32.const 32)) (i64.const 1)))
    (call $storageStore (i32.const 0) (i32.const 32))
    (call $getAddress (i32.const 64))
    (drop (call $call
        (i64.sub (call $getGasLeft) (i64.const 800))
        (i32.const 64) (i32.const 0) (i32.const 0) (i32.const 0))))"#;

/// The first eight bytes of slot 0, in little endian.
fn count(address: H160) -> u64 {
    let value = Ewasm::storage_at(address, H256::zero());
    value.as_bytes().first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

#[test]
fn endless_re_entrancy_ends_with_the_gas_and_the_outer_frames_continue() {
    new_test_ext().execute_with(|| {
        let mut twin = twin();
        let address = made(&mut twin, RE_ENTERING);
        let ran = twin.call(&alice(), address, Vec::new(), 0, MOST);
        assert_ok!(ran.result);
        let deep = count(address);
        assert!((100..1024).contains(&deep), "{deep}");
    });
}

#[test]
fn endless_re_entrancy_that_needs_its_callee_fails_as_a_whole() {
    new_test_ext().execute_with(|| {
        let mut twin = twin();
        let text = RE_ENTERING
            .replace("(drop (call $call", "(if (call $call")
            .replace("(i32.const 0))))", "(i32.const 0)) (then (unreachable))))");
        let address = made(&mut twin, &text);
        assert_eq!(
            error(twin.call(&alice(), address, Vec::new(), 0, 3_000_000).result),
            Error::<Test>::Unreachable.into()
        );
        assert_eq!((count(address), stored(address)), (0, 0));
    });
}

#[test]
fn calls_nest_1024_deep_and_no_deeper() {
    new_test_ext().execute_with(|| {
        // No extrinsic has the gas for that, since each message gets 63/64 of the rest. So this
        // runs the engine on the pallet's state.
        let address = create(puppet::init_of(&code(RE_ENTERING)), 0);
        let sender = to_address(address_of(&alice()));
        let mut state = State::<Test>::with_limits(
            PalletBackend::new(alice(), sender, 1, u64::MAX, u64::MAX),
            Revision::NEWEST,
            Engine::<Test>::journal_limits(),
        );
        let to = to_address(address);
        let message = Message {
            kind: CallKind::Call,
            is_static: false,
            depth: 0,
            gas: 1 << 62,
            recipient: to,
            code_address: to,
            sender,
            input: Default::default(),
            value: Default::default(),
            salt: Default::default(),
        };
        let vm = Engine::<Test>::vm();
        let outcome = Runner::<Test>::driver(&vm).run_message(&mut state, message, &mut ());
        assert_eq!(outcome.status, Status::Success);
        let changes = state.finish().expect("all can be read");
        let sender = Sender { address: address_of(&alice()), create_nonce: None };
        assert_ok!(Writer::new(state.backend()).write(sender, Vec::new(), changes));
        assert_eq!(count(address), 1025, "the first message has depth 0");
    });
}

#[test]
fn no_extrinsic_can_pay_for_calls_1024_deep() {
    for revision in [Revision::Homestead, Revision::NEWEST] {
        new_test_ext().execute_with(|| {
            MockRevision::set(revision);
            let mut twin = twin();
            let address = made(&mut twin, RE_ENTERING);
            let deepest = Ewasm::trace(alice(), Some(address), Vec::new(), 0, Some(MOST), None)
                .messages
                .pop();
            let deepest = deepest.map(|message| (message.depth < 1024, message.status));
            assert_eq!(deepest, Some((true, ExecutionStatus::OutOfGas)));
            assert_ok!(twin.call(&alice(), address, Vec::new(), 0, MOST).result);
        });
    }
}

#[test]
fn two_contracts_that_call_each_other_without_end_are_bounded_the_same() {
    new_test_ext().execute_with(|| {
        let mut twin = twin();
        let (one, other) = (puppet_of(&mut twin, 0), puppet_of(&mut twin, 0));
        // Each level names the next, so that call data bounds the depth: 12 levels between which
        // value goes back and forth.
        let mut deeds = puppet::log(puppet::word(1), b"deepest");
        for level in 0..12_u8 {
            let to = if level % 2 == 0 { one } else { other };
            deeds = puppet::all(&[
                puppet::store(level, 1),
                puppet::call(to, 1, &deeds),
                puppet::store(level + 100, 1),
            ]);
        }
        let ran = twin.call(&alice(), one, deeds, 100, MOST);
        assert_ok!(ran.result);
        assert_eq!(stored(one) + stored(other), 24);
    });
}
