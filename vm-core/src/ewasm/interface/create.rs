//! Functions that create contracts.
use alloy_primitives::{Address, B256};

use super::{ExtraCost, Failure, Flow, Invocation, Pending};
use crate::ewasm::{CallKind, Message, Status};

pub(super) fn create(call: &mut Invocation<'_>) -> Result<Flow, Failure> {
    make(call, CallKind::Create, 3)
}

pub(super) fn create2(call: &mut Invocation<'_>) -> Result<Flow, Failure> {
    make(call, CallKind::Create2, 4)
}

/// Both creates; the base cost has been charged. The order of the steps is that of the interface;
/// each may end it.
fn make(call: &mut Invocation<'_>, kind: CallKind, out: usize) -> Result<Flow, Failure> {
    call.deny_static()?;
    let (pointer, length, out) = (call.u32(1), call.u32(2), call.u32(out));
    if length > call.schedule.init_code_size {
        return Err(Failure(Status::ArgumentOutOfRange));
    }
    let word = match kind {
        CallKind::Create2 => ExtraCost::HashedInitCodeWord,
        _ => ExtraCost::InitCodeWord,
    };
    call.charge_words(word, length)?;
    let value = call.read_u128(call.u32(0))?;
    if call.too_deep() || !call.can_pay(value)? {
        return Ok(Flow::FAILED);
    }
    let salt = if kind == CallKind::Create2 { call.read_bytes32(call.u32(3))? } else { B256::ZERO };
    call.claim(pointer, length)?;
    // The place for the address is checked and paid before the message, and stays so after it.
    call.claim(out, 20)?;
    call.charge_carried(length)?;
    let sender = call.message.recipient;
    // A host that alone knows the nonce checks it when all of this has been paid. So does this, for
    // the same gas.
    if call.host.nonce_is_exhausted(&sender) {
        return Ok(Flow::FAILED);
    }
    let gas = call.forward(u64::MAX)?;
    call.note(format_args!("{length} bytes of init code with {gas} gas and value {value}"));
    let message = Message {
        kind,
        is_static: false,
        depth: call.message.depth.saturating_add(1),
        gas,
        recipient: Address::ZERO,
        code_address: Address::ZERO,
        sender,
        input: call.read(pointer, length)?.into(),
        value,
        salt,
    };
    Ok(Flow::Nested(message, Pending::Create { address: out }))
}
