//! Functions of this account's storage and transient storage.
use super::{ExtraCost, Failure, Flow, Invocation, SlotAccess};
use crate::ewasm::{Growth, Status};

type Result = core::result::Result<Flow, Failure>;

pub(super) fn storage_load(call: &mut Invocation<'_>) -> Result {
    let key = call.read_bytes32(call.u32(0))?;
    call.charge_slot(&key, SlotAccess::Load)?;
    let value = call.host.storage(&call.message.recipient, &key);
    call.note(format_args!("{key} is {value}"));
    call.write(call.u32(1), value.as_slice())?;
    Ok(Flow::DONE)
}

pub(super) fn storage_store(call: &mut Invocation<'_>) -> Result {
    call.deny_static()?;
    let key = call.read_bytes32(call.u32(0))?;
    let value = call.read_bytes32(call.u32(1))?;
    call.note(format_args!("{key} becomes {value}"));
    let costs = &call.schedule.storage;
    if costs.sentry > 0 && call.gas.left() <= costs.sentry {
        return Err(Failure(Status::OutOfGas));
    }
    call.charge_slot(&key, SlotAccess::Store)?;
    // The cost is known only after the write; when the gas does not suffice, the frame fails and
    // the host undoes the write.
    let status = call.host.set_storage(&call.message.recipient, &key, &value);
    call.charge_extra(ExtraCost::StorageWrite(status), 1)?;
    if costs.pays_for_growth(status) {
        *call.growth += Growth::SLOT;
    }
    call.add_refund(costs.of(status).refund);
    Ok(Flow::DONE)
}

pub(super) fn transient_storage_load(call: &mut Invocation<'_>) -> Result {
    let key = call.read_bytes32(call.u32(0))?;
    let value = call.host.transient_storage(&call.message.recipient, &key);
    call.note(format_args!("{key} is {value}"));
    call.write(call.u32(1), value.as_slice())?;
    Ok(Flow::DONE)
}

pub(super) fn transient_storage_store(call: &mut Invocation<'_>) -> Result {
    call.deny_static()?;
    let key = call.read_bytes32(call.u32(0))?;
    let value = call.read_bytes32(call.u32(1))?;
    call.note(format_args!("{key} becomes {value}"));
    call.host.set_transient_storage(&call.message.recipient, &key, &value);
    Ok(Flow::DONE)
}
