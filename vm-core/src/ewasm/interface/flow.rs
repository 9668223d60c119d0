//! How an interface function ends.
use alloc::vec::Vec;

use crate::ewasm::{Message, Status};
use crate::wasm::{OutOfBounds, OutOfGas, TrapCode};

/// What happens after an interface function.
pub(in crate::ewasm) enum Flow {
    /// The contract goes on, with this result if the function has one.
    Continue(u64),
    /// The contract waits for the outcome of this message.
    Nested(Message, Pending),
    /// The frame ends as success with this output.
    Finish(Vec<u8>),
    /// The frame ends as revert with this output.
    Revert(Vec<u8>),
}

impl Flow {
    /// The contract goes on; the function has no result.
    pub const DONE: Self = Self::Continue(0);
    /// The result 1: a call or create that was not begun, or data that was not found.
    pub const FAILED: Self = Self::Continue(1);
}

/// What the frame does with the outcome of a nested message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ewasm) enum Pending {
    /// Nothing beyond what it does with every outcome.
    Call,
    /// It writes the new account's address.
    Create {
        /// A pointer that was checked to have room for an address.
        address: u32,
    },
}

/// Why the frame fails in an interface function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ewasm) struct Failure(pub Status);

impl From<OutOfGas> for Failure {
    fn from(_: OutOfGas) -> Self {
        Self(Status::OutOfGas)
    }
}

impl From<OutOfBounds> for Failure {
    fn from(_: OutOfBounds) -> Self {
        Self(Status::InvalidMemoryAccess)
    }
}

/// The failure to reach memory.
impl From<TrapCode> for Failure {
    fn from(code: TrapCode) -> Self {
        match code {
            TrapCode::OutOfGas => Self(Status::OutOfGas),
            _ => Self(Status::InvalidMemoryAccess),
        }
    }
}
