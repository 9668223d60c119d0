//! What a host answers to a nested message, in any version of the ABI. Whatever is in it, the
//! outcome is a defined one.
use std::ffi::c_int;

use alloy_primitives::Address;
use tephra_core::ewasm::{Message, Outcome, Status};

use crate::host::Fault;
use crate::memory;

/// The fields of a result, as they came.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    /// `evmc_status_code`, or any other number.
    pub status: c_int,
    /// Gas that is left.
    pub gas_left: i64,
    /// Change of the refund counter; zero in an ABI that has none.
    pub gas_refund: i64,
    /// The output; null when there is none.
    pub output: *const u8,
    /// Bytes of it.
    pub output_size: usize,
    /// The new account of a create.
    pub create_address: Address,
}

impl Answer {
    /// The outcome of the message.
    ///
    /// * A status that is positive and not known is a failure like any other.
    /// * Gas is between none and what the message had, whatever the status. By the ABI a failure
    ///   leaves none; clients leave all of it where a message could not begin (EIP-2681: the
    ///   last nonce), for which there is no other way to say it, and
    ///   [`Frame::resume`](tephra_core::ewasm::Frame::resume) takes it so.
    /// * Refunds and the address count with success alone, output with success and revert.
    ///
    /// # Errors
    /// When the status is negative, the output is null and not empty or larger than any memory, or
    /// there is no memory for a copy of it.
    ///
    /// # Safety
    /// Unless it is null, there is as much output as the size says.
    pub unsafe fn outcome(&self, message: &Message) -> Result<Outcome, Fault> {
        if self.status < 0 {
            return Err(Fault::Nested(self.status));
        }
        let status = Status::from_evmc_number(self.status).unwrap_or(Status::Failure);
        let is_success = status == Status::Success;
        // SAFETY: as demanded.
        let output =
            unsafe { memory::array(self.output, self.output_size) }.ok_or(Fault::Internal)?;
        let output = if is_success || status == Status::Revert { output } else { &[] };
        let gas_left = u64::try_from(self.gas_left).unwrap_or(0).min(message.gas);
        Ok(Outcome {
            gas_left,
            gas_refund: if is_success { self.gas_refund } else { 0 },
            output: memory::copy(output).ok_or(Fault::OutOfMemory)?,
            create_address: (is_success && message.kind.is_create()).then_some(self.create_address),
            ..Outcome::failure(status)
        })
    }
}

#[cfg(test)]
mod tests;
