//! Logs.
use alloy_primitives::B256;

use super::{Call, Failure, Flow};
use crate::ewasm::Status;

/// Topics of a log, at most.
const MAX_TOPICS: usize = 4;

pub(super) fn log(call: &mut Call<'_>) -> Result<Flow, Failure> {
    call.deny_static()?;
    let (pointer, length, count) = (call.u32(0), call.u32(1), call.u32(2));
    let mut topics = [B256::ZERO; MAX_TOPICS];
    // Pointers of topics that are not in use are never read.
    let topics = topics.get_mut(..count as usize).ok_or(Failure(Status::ArgumentOutOfRange))?;
    call.charge_base()?;
    call.charge(call.schedule.log_topic * u64::from(count))?;
    call.charge(u64::from(length).saturating_mul(call.schedule.log_byte))?;
    for (index, topic) in topics.iter_mut().enumerate() {
        *topic = call.read_bytes32(call.u32(3 + index))?;
    }
    call.note(format_args!("{topics:?}"));
    call.claim(pointer, length)?;
    let data = call.store.memory_slice(call.memory, pointer.into(), length.into());
    let data = data.map_err(|_| Failure(Status::InvalidMemoryAccess))?;
    call.host.log(&call.message.recipient, topics, data);
    Ok(Flow::DONE)
}
