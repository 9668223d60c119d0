//! Functions of the block and of the transaction's blobs.
use alloy_primitives::U256;

use super::{Failure, Flow, Invocation};

type Result = core::result::Result<Flow, Failure>;

pub(super) fn get_block_number(call: &mut Invocation<'_>) -> Result {
    Ok(Flow::Continue(call.host.context().number))
}

pub(super) fn get_block_timestamp(call: &mut Invocation<'_>) -> Result {
    Ok(Flow::Continue(call.host.context().timestamp))
}

pub(super) fn get_block_gas_limit(call: &mut Invocation<'_>) -> Result {
    Ok(Flow::Continue(call.host.context().gas_limit))
}

pub(super) fn get_block_coinbase(call: &mut Invocation<'_>) -> Result {
    let coinbase = call.host.context().coinbase;
    call.write(call.u32(0), coinbase.as_slice())?;
    Ok(Flow::DONE)
}

pub(super) fn get_block_difficulty(call: &mut Invocation<'_>) -> Result {
    let difficulty = U256::from_be_bytes(call.host.context().prev_randao.0);
    call.write_u256(call.u32(0), difficulty)?;
    Ok(Flow::DONE)
}

pub(super) fn get_prev_randao(call: &mut Invocation<'_>) -> Result {
    let randao = call.host.context().prev_randao;
    call.write(call.u32(0), randao.as_slice())?;
    Ok(Flow::DONE)
}

pub(super) fn get_base_fee(call: &mut Invocation<'_>) -> Result {
    let fee = call.host.context().base_fee;
    call.write_u256(call.u32(0), fee)?;
    Ok(Flow::DONE)
}

pub(super) fn get_blob_base_fee(call: &mut Invocation<'_>) -> Result {
    let fee = call.host.context().blob_base_fee;
    call.write_u256(call.u32(0), fee)?;
    Ok(Flow::DONE)
}

pub(super) fn get_block_hash(call: &mut Invocation<'_>) -> Result {
    let number = call.u64(0);
    let hash = call.host.block_hash(number);
    answer(call, hash)
}

pub(super) fn get_blob_hash(call: &mut Invocation<'_>) -> Result {
    let index = call.u32(0) as usize;
    let hash = call.host.context().blob_hashes.get(index).copied();
    answer(call, hash)
}

/// Writes a hash and answers 0, or answers 1 and leaves the memory as it was. The place for it must
/// be inside the memory either way.
fn answer(call: &mut Invocation<'_>, hash: Option<alloy_primitives::B256>) -> Result {
    let pointer = call.u32(1);
    call.claim(pointer, 32)?;
    let Some(hash) = hash else { return Ok(Flow::FAILED) };
    call.note(format_args!("{hash}"));
    call.write(pointer, hash.as_slice())?;
    Ok(Flow::Continue(0))
}
