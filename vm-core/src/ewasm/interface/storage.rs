//! Storage and transient storage of this account.
use super::{Call, Failure, Flow};
use crate::ewasm::{Growth, Status};

type Result = core::result::Result<Flow, Failure>;

pub(super) fn storage_load(call: &mut Call<'_>) -> Result {
    let key = call.read_bytes32(call.u32(0))?;
    let cost = call.schedule.storage_load;
    call.charge_slot(&key, cost.cold - cost.warm)?;
    let value = call.host.storage(&call.message.recipient, &key);
    call.note(format_args!("{key} is {value}"));
    call.write(call.u32(1), value.as_slice())?;
    Ok(Flow::DONE)
}

pub(super) fn storage_store(call: &mut Call<'_>) -> Result {
    call.deny_static()?;
    let key = call.read_bytes32(call.u32(0))?;
    let value = call.read_bytes32(call.u32(1))?;
    call.note(format_args!("{key} becomes {value}"));
    let costs = &call.schedule.storage;
    if costs.sentry > 0 && call.gas.left() <= costs.sentry {
        return Err(Failure(Status::OutOfGas));
    }
    call.charge_slot(&key, costs.cold)?;
    // What it costs is known only from what it does; when the gas does not suffice, the frame fails
    // and the host undoes it.
    let status = call.host.set_storage(&call.message.recipient, &key, &value);
    let cost = costs.of(status);
    call.charge(cost.gas)?;
    if costs.pays_for_growth(status) {
        *call.growth += Growth::SLOT;
    }
    call.add_refund(cost.refund);
    Ok(Flow::DONE)
}

pub(super) fn transient_storage_load(call: &mut Call<'_>) -> Result {
    let key = call.read_bytes32(call.u32(0))?;
    let value = call.host.transient_storage(&call.message.recipient, &key);
    call.note(format_args!("{key} is {value}"));
    call.write(call.u32(1), value.as_slice())?;
    Ok(Flow::DONE)
}

pub(super) fn transient_storage_store(call: &mut Call<'_>) -> Result {
    call.deny_static()?;
    let key = call.read_bytes32(call.u32(0))?;
    let value = call.read_bytes32(call.u32(1))?;
    call.note(format_args!("{key} becomes {value}"));
    call.host.set_transient_storage(&call.message.recipient, &key, &value);
    Ok(Flow::DONE)
}
