use std::sync::Arc;

use alloy_primitives::{B256, U256};
use tephra_core::ewasm::CallKind;

use super::*;
use crate::abi;

const GAS: i64 = 1000;
const MADE: Address = Address::repeat_byte(0x99);
const OUTPUT: &[u8] = b"output";

fn message(kind: CallKind) -> Message {
    Message {
        kind,
        is_static: false,
        depth: 1,
        gas: GAS as u64,
        recipient: Address::ZERO,
        code_address: Address::ZERO,
        sender: Address::ZERO,
        input: Arc::default(),
        value: U256::ZERO,
        salt: B256::ZERO,
    }
}

fn answer(status: c_int) -> Answer {
    Answer {
        status,
        gas_left: 7,
        gas_refund: 3,
        output: OUTPUT.as_ptr(),
        output_size: OUTPUT.len(),
        create_address: MADE,
    }
}

fn outcome(answer: Answer) -> Result<Outcome, Fault> {
    // SAFETY: the output is there, or its size is one that nothing has.
    unsafe { answer.outcome(&message(CallKind::Create)) }
}

#[test]
fn a_negative_status_is_no_outcome_whether_it_is_known_or_not() {
    for status in [abi::INTERNAL_ERROR, abi::REJECTED, abi::OUT_OF_MEMORY, -4, -1000, c_int::MIN] {
        assert_eq!(outcome(answer(status)), Err(Fault::Nested(status)));
        assert_eq!(Fault::Nested(status).status(), status);
        // Nothing else in it matters.
        let wrong = Answer { output: std::ptr::null(), gas_left: -1, ..answer(status) };
        assert_eq!(outcome(wrong), Err(Fault::Nested(status)));
    }
}

#[test]
fn any_other_number_is_an_outcome() {
    for (number, status) in [
        (0, Status::Success),
        (2, Status::Revert),
        (1, Status::Failure),
        (3, Status::OutOfGas),
        (17, Status::InsufficientBalance),
    ] {
        assert_eq!(outcome(answer(number)).unwrap().status, status);
    }
    // Statuses of the EVM alone, and of nobody.
    for number in [4, 5, 7, 8, 18, 1000, c_int::MAX] {
        assert_eq!(outcome(answer(number)).unwrap().status, Status::Failure);
    }
}

#[test]
fn output_comes_with_success_and_revert_and_the_rest_with_success_alone() {
    let of = |status| outcome(answer(status)).unwrap();
    let (success, revert, failure) = (of(0), of(2), of(1));
    assert_eq!(
        (&success.output[..], &revert.output[..], &failure.output[..]),
        (OUTPUT, OUTPUT, &b""[..])
    );
    assert_eq!((success.gas_refund, revert.gas_refund, failure.gas_refund), (3, 0, 0));
    assert_eq!(
        (success.create_address, revert.create_address, failure.create_address),
        (Some(MADE), None, None)
    );
    // SAFETY: the output is there.
    let call = unsafe { answer(0).outcome(&message(CallKind::Call)) };
    assert_eq!(call.unwrap().create_address, None);
}

#[test]
fn gas_is_between_none_and_what_the_message_had() {
    for status in [0, 1, 2] {
        for (left, taken) in
            [(i64::MIN, 0), (-1, 0), (0, 0), (7, 7), (GAS, 1000), (GAS + 1, 1000), (i64::MAX, 1000)]
        {
            let outcome = outcome(Answer { gas_left: left, ..answer(status) }).unwrap();
            assert_eq!(outcome.gas_left, taken);
        }
    }
    // So a host says that a message did not begin.
    assert!(!outcome(Answer { gas_left: GAS, ..answer(1) }).unwrap().has_begun());
    assert!(outcome(Answer { gas_left: 0, ..answer(1) }).unwrap().has_begun());
}

#[test]
fn output_that_cannot_be_there_is_the_hosts_fault() {
    for status in [0, 1, 2] {
        let null = Answer { output: std::ptr::null(), output_size: 1, ..answer(status) };
        assert_eq!(outcome(null), Err(Fault::Internal));
        for size in [isize::MAX as usize + 1, usize::MAX] {
            assert_eq!(
                outcome(Answer { output_size: size, ..answer(status) }),
                Err(Fault::Internal)
            );
        }
        let empty = Answer { output: std::ptr::null(), output_size: 0, ..answer(status) };
        assert_eq!(outcome(empty).unwrap().output, b"");
        assert_eq!(outcome(Answer { output_size: 0, ..answer(status) }).unwrap().output, b"");
    }
}
