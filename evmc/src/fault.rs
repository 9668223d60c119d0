//! Why the engine cannot go on with a message.
use std::ffi::c_int;

use crate::abi;

/// Why a message ends with one of EVMC's negative statuses, which say nothing about the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The host has no such function, or gave an answer that the ABI does not know.
    Internal,
    /// There is no memory for what the host gives.
    OutOfMemory,
    /// A nested message ended with this negative status, known to the ABI or not. By the ABI no
    /// contract is told of it: it ends the messages around, too.
    Nested(c_int),
}

impl Fault {
    /// The status that the message ends with.
    pub fn status(self) -> c_int {
        match self {
            Self::Internal => abi::INTERNAL_ERROR,
            Self::OutOfMemory => abi::OUT_OF_MEMORY,
            Self::Nested(status) => status,
        }
    }
}
