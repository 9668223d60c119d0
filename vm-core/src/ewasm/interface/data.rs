//! Functions of call data, code, and the return buffer.
use super::{AccountAccess, ExtraCost, Failure, Flow, Invocation};
use crate::ewasm::Status;

type Result = core::result::Result<Flow, Failure>;

/// Answers with a number of bytes, which has 32 bits for a contract.
fn size(bytes: usize) -> Result {
    let bytes = u32::try_from(bytes).map_err(|_| Failure(Status::ArgumentOutOfRange))?;
    Ok(Flow::Continue(bytes.into()))
}

pub(super) fn get_call_data_size(call: &mut Invocation<'_>) -> Result {
    size(call.input().len())
}

pub(super) fn get_code_size(call: &mut Invocation<'_>) -> Result {
    size(call.contract.code().len())
}

pub(super) fn get_return_data_size(call: &mut Invocation<'_>) -> Result {
    size(call.return_data.len())
}

pub(super) fn call_data_copy(call: &mut Invocation<'_>) -> Result {
    let source = call.input();
    copy(call, source)
}

pub(super) fn code_copy(call: &mut Invocation<'_>) -> Result {
    let source = call.contract.code();
    copy(call, source)
}

pub(super) fn return_data_copy(call: &mut Invocation<'_>) -> Result {
    let source = call.return_data;
    copy(call, source)
}

fn copy(call: &mut Invocation<'_>, source: &[u8]) -> Result {
    let (pointer, offset, length) = (call.u32(0), call.u32(1), call.u32(2));
    call.charge_words(ExtraCost::CopiedWord, length)?;
    call.copy(pointer, source, offset, length)?;
    Ok(Flow::DONE)
}

pub(super) fn get_external_code_size(call: &mut Invocation<'_>) -> Result {
    let address = call.read_address(call.u32(0))?;
    call.charge_account(&address, AccountAccess::Code)?;
    call.note(format_args!("{address}"));
    size(call.host.code_size(&address))
}

pub(super) fn get_external_code_hash(call: &mut Invocation<'_>) -> Result {
    let address = call.read_address(call.u32(0))?;
    call.charge_account(&address, AccountAccess::CodeHash)?;
    let hash = call.host.code_hash(&address);
    call.note(format_args!("{address} has {hash}"));
    call.write(call.u32(1), hash.as_slice())?;
    Ok(Flow::DONE)
}

pub(super) fn external_code_copy(call: &mut Invocation<'_>) -> Result {
    let address = call.read_address(call.u32(0))?;
    let (pointer, offset, length) = (call.u32(1), call.u32(2), call.u32(3));
    call.charge_words(ExtraCost::CopiedWord, length)?;
    call.charge_account(&address, AccountAccess::Code)?;
    call.note(format_args!("{address}"));
    let size = call.host.code_size(&address) as u64;
    if u64::from(offset) + u64::from(length) > size {
        return Err(Failure(Status::InvalidMemoryAccess));
    }
    call.claim(pointer, length)?;
    let buffer = call.memory.bytes(pointer, length)?;
    if call.host.copy_code(&address, offset as usize, buffer) == length as usize {
        Ok(Flow::DONE)
    } else {
        // The host has fewer bytes than it said.
        Err(Failure(Status::InternalError))
    }
}
