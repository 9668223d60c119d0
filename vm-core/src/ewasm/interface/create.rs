//! Making contracts.
use alloy_primitives::{Address, B256};

use super::{Call, Failure, Flow, Pending};
use crate::ewasm::{CallKind, Message, Status};

pub(super) fn create(call: &mut Call<'_>) -> Result<Flow, Failure> {
    make(call, CallKind::Create, 3)
}

pub(super) fn create2(call: &mut Call<'_>) -> Result<Flow, Failure> {
    make(call, CallKind::Create2, 4)
}

/// Both creates; the base cost has been charged. The order of the steps is that of the interface;
/// each may end it.
fn make(call: &mut Call<'_>, kind: CallKind, out: usize) -> Result<Flow, Failure> {
    call.deny_static()?;
    let (pointer, length, out) = (call.u32(1), call.u32(2), call.u32(out));
    if length > call.schedule.init_code_size {
        return Err(Failure(Status::ArgumentOutOfRange));
    }
    let hash_word = if kind == CallKind::Create2 { call.schedule.hash_word } else { 0 };
    call.charge_words(length, call.schedule.init_code_word + hash_word)?;
    let value = call.read_u128(call.u32(0))?;
    if call.too_deep() || !call.can_pay(value)? {
        return Ok(Flow::FAILED);
    }
    let salt = if kind == CallKind::Create2 { call.read_bytes32(call.u32(3))? } else { B256::ZERO };
    call.claim(pointer, length)?;
    // What has room for the address now, and is paid, is so when the address is known.
    call.claim(out, 20)?;
    call.charge_carried(length)?;
    let sender = call.message.recipient;
    // Where only the host knows the nonce, it is found out when all of this has been paid; so it is
    // here, for the same gas.
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
