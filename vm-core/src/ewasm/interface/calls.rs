//! Functions that call other contracts.
use alloy_primitives::{Address, U256};

use super::{AccountAccess, ExtraCost, Failure, Flow, Invocation, Pending};
use crate::ewasm::{CallKind, Growth, Message};

type Result = core::result::Result<Flow, Failure>;

pub(super) fn call(call: &mut Invocation<'_>) -> Result {
    with_value(call, CallKind::Call)
}

pub(super) fn call_code(call: &mut Invocation<'_>) -> Result {
    with_value(call, CallKind::CallCode)
}

pub(super) fn call_delegate(call: &mut Invocation<'_>) -> Result {
    without_value(call, CallKind::DelegateCall)
}

pub(super) fn call_static(call: &mut Invocation<'_>) -> Result {
    without_value(call, CallKind::Call)
}

/// `call` and `callCode`. The order of the steps is that of the interface; each may end it.
fn with_value(call: &mut Invocation<'_>, kind: CallKind) -> Result {
    let gas = call.gas_amount(0)?;
    let address = call.read_address(call.u32(1))?;
    let value = call.read_u128(call.u32(2))?;
    let (pointer, length) = (call.u32(3), call.u32(4));
    let has_value = !value.is_zero();
    // With `callCode` the value stays where it is: no state changes.
    if kind == CallKind::Call && has_value {
        call.deny_static()?;
    }
    call.claim(pointer, length)?;
    charge_access(call, &address)?;
    let code_address = code_address(call, address)?;
    if call.too_deep() {
        return Ok(Flow::FAILED);
    }
    if has_value {
        call.charge_extra(ExtraCost::Value, 1)?;
        if !call.can_pay(value)? {
            return Ok(Flow::FAILED);
        }
        if kind == CallKind::Call && !call.host.account_exists(&address) {
            call.charge_extra(ExtraCost::NewAccount, 1)?;
            *call.growth += Growth::ACCOUNT;
        }
    }
    call.charge_carried(length)?;
    let forwarded = call.forward(gas)?;
    let stipend = if has_value { call.schedule.call_stipend } else { 0 };
    call.note(format_args!("{address} with {forwarded} gas and value {value}"));
    let this = call.message.recipient;
    let recipient = if kind == CallKind::Call { address } else { this };
    let message = Message {
        kind,
        is_static: call.message.is_static,
        depth: call.message.depth.saturating_add(1),
        gas: forwarded.saturating_add(stipend),
        recipient,
        code_address,
        sender: this,
        input: call.read(pointer, length)?.into(),
        value,
        salt: Default::default(),
    };
    Ok(Flow::Nested(message, Pending::Call))
}

/// `callDelegate` and `callStatic`.
fn without_value(call: &mut Invocation<'_>, kind: CallKind) -> Result {
    let gas = call.gas_amount(0)?;
    let address = call.read_address(call.u32(1))?;
    let (pointer, length) = (call.u32(2), call.u32(3));
    call.claim(pointer, length)?;
    charge_access(call, &address)?;
    let code_address = code_address(call, address)?;
    if call.too_deep() {
        return Ok(Flow::FAILED);
    }
    call.charge_carried(length)?;
    let gas = call.forward(gas)?;
    call.note(format_args!("{address} with {gas} gas"));
    let outer = call.message;
    let input = call.read(pointer, length)?.into();
    let depth = outer.depth.saturating_add(1);
    let salt = Default::default();
    let message = if kind == CallKind::DelegateCall {
        Message { kind, depth, gas, code_address, input, salt, ..outer.clone() }
    } else {
        Message {
            kind,
            is_static: true,
            depth,
            gas,
            recipient: address,
            code_address,
            sender: outer.recipient,
            input,
            value: U256::ZERO,
            salt,
        }
    };
    Ok(Flow::Nested(message, Pending::Call))
}

/// Charges for the call itself and, from Berlin on, the first access to the account.
fn charge_access(
    call: &mut Invocation<'_>,
    address: &Address,
) -> core::result::Result<(), Failure> {
    call.charge_base()?;
    call.charge_account(address, AccountAccess::Call)
}

/// Returns the account whose code runs: another one when the account delegates its code, and then
/// charges for the access to that one too (EIP-7702).
fn code_address(
    call: &mut Invocation<'_>,
    address: Address,
) -> core::result::Result<Address, Failure> {
    let delegate = if call.schedule.delegations { call.host.delegate(&address) } else { None };
    let Some(delegate) = delegate else { return Ok(address) };
    call.charge_extra(ExtraCost::Delegation, 1)?;
    call.charge_account(&delegate, AccountAccess::Call)?;
    Ok(delegate)
}
