//! The function that records logs.
use alloy_primitives::B256;

use super::{ExtraCost, Failure, Flow, Invocation};
use crate::ewasm::Status;

/// The most topics of a log.
const MAX_TOPICS: usize = 4;

pub(super) fn log(call: &mut Invocation<'_>) -> Result<Flow, Failure> {
    call.deny_static()?;
    let (pointer, length, count) = (call.u32(0), call.u32(1), call.u32(2));
    let mut topics = [B256::ZERO; MAX_TOPICS];
    // Pointers of topics that are not in use are never read.
    let topics = topics.get_mut(..count as usize).ok_or(Failure(Status::ArgumentOutOfRange))?;
    call.charge_base()?;
    call.charge_extra(ExtraCost::LogTopic, count.into())?;
    call.charge_extra(ExtraCost::LogByte, length.into())?;
    for (index, topic) in topics.iter_mut().enumerate() {
        *topic = call.read_bytes32(call.u32(3 + index))?;
    }
    call.note(format_args!("{topics:?}"));
    call.claim(pointer, length)?;
    let data = call.memory.bytes(pointer, length)?;
    call.host.log(&call.message.recipient, topics, data);
    Ok(Flow::DONE)
}
