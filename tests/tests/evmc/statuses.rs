//! What nested messages end with, through both libraries: what ends the messages around, and what a
//! contract is told.
use alloy_primitives::{Address, B256, U256};
use tephra_core::ewasm::{CallKind, Message, Outcome, Status, TransactionContext, Vm, VmConfig};
use tephra_core::revision::Revision;
use tephra_core::state::{Driver, DriverConfig, JournaledState, MemoryAccount, MemoryBackend};
use tephra_tests::evmc::LoadedVm;
use tephra_tests::library;

use crate::contracts;

const SENDER: Address = Address::repeat_byte(0x5e);
const RELAY: Address = Address::repeat_byte(0x1e);
const ECHO: Address = Address::repeat_byte(0xec);
const FACTORY: Address = Address::repeat_byte(0xfa);
const ENDINGS: Address = Address::repeat_byte(0xed);
/// In both ABIs.
const REVISION: Revision = Revision::London;

/// The libraries that there are.
fn machines() -> Vec<LoadedVm> {
    [Some(library::abi12()), library::abi9()]
        .into_iter()
        .flatten()
        .map(|path| LoadedVm::load(&path).unwrap())
        .collect()
}

fn backend(nonce: u64) -> MemoryBackend {
    let mut backend = MemoryBackend::new();
    for (at, code) in [
        (RELAY, contracts::relay()),
        (ECHO, contracts::echo()),
        (FACTORY, contracts::factory()),
        (ENDINGS, contracts::endings()),
        (SENDER, Vec::new()),
    ] {
        backend.insert(at, MemoryAccount::new(nonce, U256::from(100), code.into()));
    }
    backend
}

fn message(to: Address, input: Vec<u8>) -> Message {
    Message {
        kind: CallKind::Call,
        is_static: false,
        depth: 0,
        gas: 10_000_000,
        recipient: to,
        code_address: to,
        sender: SENDER,
        input: input.into(),
        value: U256::ZERO,
        salt: B256::ZERO,
    }
}

/// Runs a message with the engine itself, or with a machine from a library; contracts have this
/// nonce.
fn run(
    machine: Option<&LoadedVm>,
    nonce: u64,
    message: Message,
) -> (Outcome, JournaledState<MemoryBackend>) {
    let vm = Vm::new(VmConfig::default());
    let driver = Driver::new(&vm, DriverConfig::default());
    let mut state = JournaledState::new(backend(nonce), REVISION);
    state.begin(TransactionContext { origin: SENDER, number: 1, ..TransactionContext::default() });
    let outcome = match machine {
        Some(machine) => machine.run_message(driver, &mut state, message),
        None => driver.run_message(&mut state, message, &mut ()),
    };
    (outcome, state)
}

/// Has `relay` call `to` in one of its four ways, with more data.
fn relayed(how: u8, to: Address, data: &[u8]) -> Vec<u8> {
    [&[how], to.as_slice(), &[0; 16], data].concat()
}

/// Has `factory` create a contract, by a salt or not.
fn created(is_salted: bool) -> Vec<u8> {
    [&[u8::from(is_salted)][..], &[0; 48], &contracts::gives(&contracts::echo())].concat()
}

#[test]
fn negative_statuses_end_the_messages_around_and_others_do_not() {
    for machine in machines() {
        let mut messages: Vec<Message> =
            (0..4).map(|how| message(RELAY, relayed(how, ECHO, b""))).collect();
        messages.extend([false, true].map(|is_salted| message(FACTORY, created(is_salted))));
        for message in messages {
            // Internal error, rejected, out of memory, and what is not known.
            for status in [-1, -2, -3, -4, -1000, i32::MIN] {
                machine.answer_nested(status);
                let (outcome, _) = run(Some(&machine), 1, message.clone());
                assert_eq!(LoadedVm::last_status(), status, "{}", machine.describe());
                assert_eq!((outcome.gas_left, outcome.output.len()), (0, 0));
            }
            for status in [1, 3, 4, 12, 17, 18, 1000, i32::MAX] {
                machine.answer_nested(status);
                let (outcome, _) = run(Some(&machine), 1, message.clone());
                assert_eq!(
                    (LoadedVm::last_status(), &outcome.output[..]),
                    (0, &[1][..]),
                    "{}",
                    machine.describe()
                );
            }
            machine.answer_nested(2);
            assert_eq!(run(Some(&machine), 1, message.clone()).0.output, [2]);
            machine.answer_nested(0);
            assert_eq!(run(Some(&machine), 1, message).0.output[0], 0);
        }
    }
}

#[test]
fn a_negative_status_goes_through_all_messages_around_it() {
    for machine in machines() {
        assert_eq!(machine.set_option("evm1mode", Some("fallback")), 0);
        // The code in the innermost message is rejected.
        let vm = Vm::new(VmConfig::default());
        let driver = Driver::new(&vm, DriverConfig::default());
        let mut backend = backend(1);
        backend.insert(ECHO, MemoryAccount::new(1, U256::ZERO, [0x60, 0].into()));
        let mut state = JournaledState::new(backend, REVISION);
        state.begin(TransactionContext::default());
        let nested = relayed(0, RELAY, &relayed(3, ECHO, b""));
        let outcome = machine.run_message(driver, &mut state, message(RELAY, nested));
        assert_eq!(LoadedVm::last_status(), -2, "{}", machine.describe());
        assert_eq!((outcome.gas_left, outcome.output.len()), (0, 0));
    }
}

#[test]
fn a_number_that_the_abi_does_not_know_ends_the_message() {
    for machine in machines() {
        // Stores something.
        let input = [&[8][..], &[0; 62], &[1]].concat();
        for wrong in [-1, 9, 1000, i32::MAX, i32::MIN] {
            for (storage, access) in [(wrong, 0), (0, wrong)] {
                machine.answer_statuses(storage, access);
                let (outcome, _) = run(Some(&machine), 1, message(ENDINGS, input.clone()));
                assert_eq!(LoadedVm::last_status(), -1, "{}", machine.describe());
                assert_eq!((outcome.status, outcome.gas_left), (Status::InternalError, 0));
            }
        }
        machine.answer_statuses(0, 0);
        let (outcome, _) = run(Some(&machine), 1, message(ENDINGS, input));
        assert_eq!((LoadedVm::last_status(), outcome.status), (0, Status::Success));
    }
}

#[test]
fn a_create_at_the_last_nonce_takes_no_gas_of_the_init_code() {
    for is_salted in [false, true] {
        let (expected, _) = run(None, u64::MAX, message(FACTORY, created(is_salted)));
        assert_eq!((expected.status, &expected.output[..]), (Status::Success, &[1][..]));
        assert!(expected.gas_left > 9_000_000);
        for machine in machines() {
            let (outcome, mut state) =
                run(Some(&machine), u64::MAX, message(FACTORY, created(is_salted)));
            assert_eq!(outcome, expected, "{}", machine.describe());
            assert_eq!(state.account(&FACTORY).nonce, u64::MAX);
        }
    }
}
