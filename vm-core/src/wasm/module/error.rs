//! Why a module is refused.
use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;

use crate::wasm::binary::Malformed;

/// Why bytes are not a module that the engine accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ModuleError {
    /// The bytes are malformed, invalid, or use a proposal that is off in
    /// [`Features`](crate::wasm::Features).
    Invalid {
        /// What is wrong.
        message: String,
        /// Bytes from the start of the module to the place where it was noticed.
        offset: u64,
    },
    /// The module exceeds one of the [`Limits`](crate::wasm::Limits).
    LimitExceeded {
        /// What there is too much of, with its unit.
        what: &'static str,
        /// How much is allowed.
        limit: u64,
        /// Bytes from the start of the module to the place where it was noticed.
        offset: u64,
    },
}

impl ModuleError {
    pub(super) fn invalid(message: impl Into<String>, offset: u64) -> Self {
        Self::Invalid { message: message.into(), offset }
    }

    /// Bytes from the start of the module to the place where the error was noticed.
    pub fn offset(&self) -> u64 {
        match self {
            Self::Invalid { offset, .. } | Self::LimitExceeded { offset, .. } => *offset,
        }
    }
}

impl From<wasmparser::Error> for ModuleError {
    fn from(error: wasmparser::Error) -> Self {
        Self::invalid(error.message(), error.offset())
    }
}

impl fmt::Display for ModuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid { message, offset } => {
                write!(f, "invalid module: {message} at byte {offset:#x}")
            }
            Self::LimitExceeded { what, limit, offset } => {
                write!(f, "module too large: more than {limit} {what} at byte {offset:#x}")
            }
        }
    }
}

impl core::error::Error for ModuleError {}

/// Why parsing stops: small, as it is in the result of everything that parses.
#[derive(Debug)]
pub(super) enum Fault {
    /// The bytes are malformed or invalid. The reference says why.
    Invalid,
    /// The answer, when a limit is exceeded, or when the reference must not see the bytes.
    Final(Box<ModuleError>),
}

impl From<Malformed> for Fault {
    fn from(_: Malformed) -> Self {
        Self::Invalid
    }
}

impl From<ModuleError> for Fault {
    fn from(error: ModuleError) -> Self {
        Self::Final(error.into())
    }
}

/// A fault unless `value` is at most `limit`.
#[inline]
pub(super) fn within(
    value: u64,
    limit: u32,
    what: &'static str,
    offset: usize,
) -> Result<(), Fault> {
    if value <= u64::from(limit) { Ok(()) } else { Err(exceeded(limit, what, offset)) }
}

/// The fault of too much.
#[cold]
pub(super) fn exceeded(limit: u32, what: &'static str, offset: usize) -> Fault {
    ModuleError::LimitExceeded { what, limit: limit.into(), offset: offset as u64 }.into()
}

/// An invalid module unless the condition holds.
#[inline]
pub(super) fn ensure(condition: bool) -> Result<(), Malformed> {
    if condition { Ok(()) } else { Err(Malformed) }
}
