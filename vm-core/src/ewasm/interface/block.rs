//! Facts of the block.
use alloy_primitives::U256;

use super::{Call, Failure, Flow};

type Result = core::result::Result<Flow, Failure>;

pub(super) fn get_block_number(call: &mut Call<'_>) -> Result {
    Ok(Flow::Continue(call.host.context().number))
}

pub(super) fn get_block_timestamp(call: &mut Call<'_>) -> Result {
    Ok(Flow::Continue(call.host.context().timestamp))
}

pub(super) fn get_block_gas_limit(call: &mut Call<'_>) -> Result {
    Ok(Flow::Continue(call.host.context().gas_limit))
}

pub(super) fn get_block_coinbase(call: &mut Call<'_>) -> Result {
    let coinbase = call.host.context().coinbase;
    call.write(call.u32(0), coinbase.as_slice())?;
    Ok(Flow::DONE)
}

pub(super) fn get_block_difficulty(call: &mut Call<'_>) -> Result {
    let difficulty = U256::from_be_bytes(call.host.context().prev_randao.0);
    call.write_u256(call.u32(0), difficulty)?;
    Ok(Flow::DONE)
}

pub(super) fn get_prev_randao(call: &mut Call<'_>) -> Result {
    let randao = call.host.context().prev_randao;
    call.write(call.u32(0), randao.as_slice())?;
    Ok(Flow::DONE)
}

pub(super) fn get_base_fee(call: &mut Call<'_>) -> Result {
    let fee = call.host.context().base_fee;
    call.write_u256(call.u32(0), fee)?;
    Ok(Flow::DONE)
}

pub(super) fn get_blob_base_fee(call: &mut Call<'_>) -> Result {
    let fee = call.host.context().blob_base_fee;
    call.write_u256(call.u32(0), fee)?;
    Ok(Flow::DONE)
}

pub(super) fn get_block_hash(call: &mut Call<'_>) -> Result {
    let number = call.u64(0);
    let hash = call.host.block_hash(number);
    answer(call, hash)
}

pub(super) fn get_blob_hash(call: &mut Call<'_>) -> Result {
    let index = call.u32(0) as usize;
    let hash = call.host.context().blob_hashes.get(index).copied();
    answer(call, hash)
}

/// Writes a hash and answers 0, or answers 1 and leaves the memory as it was; either way there must
/// be room for it.
fn answer(call: &mut Call<'_>, hash: Option<alloy_primitives::B256>) -> Result {
    let pointer = call.u32(1);
    call.claim(pointer, 32)?;
    let Some(hash) = hash else { return Ok(Flow::FAILED) };
    call.note(format_args!("{hash}"));
    call.write(pointer, hash.as_slice())?;
    Ok(Flow::Continue(0))
}
