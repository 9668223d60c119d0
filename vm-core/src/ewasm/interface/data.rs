//! Call data, code, and the return buffer.
use super::{Call, Failure, Flow};
use crate::ewasm::Status;

type Result = core::result::Result<Flow, Failure>;

/// A size as the contract sees it: 32 bits.
fn size(bytes: usize) -> Result {
    let bytes = u32::try_from(bytes).map_err(|_| Failure(Status::ArgumentOutOfRange))?;
    Ok(Flow::Continue(bytes.into()))
}

pub(super) fn get_call_data_size(call: &mut Call<'_>) -> Result {
    size(call.input().len())
}

pub(super) fn get_code_size(call: &mut Call<'_>) -> Result {
    size(call.contract.code().len())
}

pub(super) fn get_return_data_size(call: &mut Call<'_>) -> Result {
    size(call.return_data.len())
}

pub(super) fn call_data_copy(call: &mut Call<'_>) -> Result {
    let source = call.input();
    copy(call, source)
}

pub(super) fn code_copy(call: &mut Call<'_>) -> Result {
    let source = call.contract.code();
    copy(call, source)
}

pub(super) fn return_data_copy(call: &mut Call<'_>) -> Result {
    let source = call.return_data;
    copy(call, source)
}

fn copy(call: &mut Call<'_>, source: &[u8]) -> Result {
    let (pointer, offset, length) = (call.u32(0), call.u32(1), call.u32(2));
    call.charge_words(length, call.schedule.copy_word)?;
    call.copy(pointer, source, offset, length)?;
    Ok(Flow::DONE)
}

pub(super) fn get_external_code_size(call: &mut Call<'_>) -> Result {
    let address = call.read_address(call.u32(0))?;
    call.charge_account(&address, call.schedule.external_code)?;
    call.note(format_args!("{address}"));
    size(call.host.code_size(&address))
}

pub(super) fn get_external_code_hash(call: &mut Call<'_>) -> Result {
    let address = call.read_address(call.u32(0))?;
    call.charge_account(&address, call.schedule.external_code_hash)?;
    let hash = call.host.code_hash(&address);
    call.note(format_args!("{address} has {hash}"));
    call.write(call.u32(1), hash.as_slice())?;
    Ok(Flow::DONE)
}

pub(super) fn external_code_copy(call: &mut Call<'_>) -> Result {
    let address = call.read_address(call.u32(0))?;
    let (pointer, offset, length) = (call.u32(1), call.u32(2), call.u32(3));
    call.charge_words(length, call.schedule.copy_word)?;
    call.charge_account(&address, call.schedule.external_code)?;
    call.note(format_args!("{address}"));
    let size = call.host.code_size(&address) as u64;
    if u64::from(offset) + u64::from(length) > size {
        return Err(Failure(Status::InvalidMemoryAccess));
    }
    call.claim(pointer, length)?;
    let buffer = call.store.memory_slice_mut(call.memory, pointer.into(), length.into());
    let buffer = buffer.map_err(|_| Failure(Status::InvalidMemoryAccess))?;
    if call.host.copy_code(&address, offset as usize, buffer) == length as usize {
        Ok(Flow::DONE)
    } else {
        // The host has fewer bytes than it said.
        Err(Failure(Status::InternalError))
    }
}
