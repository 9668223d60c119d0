//! Functions of gas, the message, the transaction and accounts.
use alloy_primitives::U256;

use super::{AccountAccess, ExtraCost, Failure, Flow, Invocation};

type Result = core::result::Result<Flow, Failure>;

pub(super) fn use_gas(call: &mut Invocation<'_>) -> Result {
    let amount = call.gas_amount(0)?;
    call.charge_as(ExtraCost::Amount, amount)?;
    Ok(Flow::DONE)
}

pub(super) fn get_gas_left(call: &mut Invocation<'_>) -> Result {
    // The contract reads a signed number; a host may give more gas than that.
    Ok(Flow::Continue(call.gas.left().min(i64::MAX as u64)))
}

pub(super) fn get_address(call: &mut Invocation<'_>) -> Result {
    call.write(call.u32(0), call.message.recipient.as_slice())?;
    Ok(Flow::DONE)
}

pub(super) fn get_caller(call: &mut Invocation<'_>) -> Result {
    call.write(call.u32(0), call.message.sender.as_slice())?;
    Ok(Flow::DONE)
}

pub(super) fn get_call_value(call: &mut Invocation<'_>) -> Result {
    let value = call.message.value;
    call.note(format_args!("{value}"));
    call.write_u128(call.u32(0), value)?;
    Ok(Flow::DONE)
}

pub(super) fn get_tx_origin(call: &mut Invocation<'_>) -> Result {
    let origin = call.host.context().origin;
    call.write(call.u32(0), origin.as_slice())?;
    Ok(Flow::DONE)
}

pub(super) fn get_tx_gas_price(call: &mut Invocation<'_>) -> Result {
    let price = call.host.context().gas_price;
    call.write_u128(call.u32(0), price)?;
    Ok(Flow::DONE)
}

pub(super) fn get_chain_id(call: &mut Invocation<'_>) -> Result {
    let chain_id = call.host.context().chain_id;
    call.write_u128(call.u32(0), chain_id)?;
    Ok(Flow::DONE)
}

pub(super) fn get_external_balance(call: &mut Invocation<'_>) -> Result {
    let address = call.read_address(call.u32(0))?;
    call.charge_account(&address, AccountAccess::Balance)?;
    let balance: U256 = call.host.balance(&address);
    call.note(format_args!("{address} has {balance}"));
    call.write_u128(call.u32(1), balance)?;
    Ok(Flow::DONE)
}

pub(super) fn get_self_balance(call: &mut Invocation<'_>) -> Result {
    let balance = call.host.balance(&call.message.recipient);
    call.note(format_args!("{balance}"));
    call.write_u128(call.u32(0), balance)?;
    Ok(Flow::DONE)
}
