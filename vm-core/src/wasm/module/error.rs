//! Why a module is refused.
use alloc::string::String;
use core::fmt;

/// Why bytes are not a module that the engine accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ModuleError {
    /// The bytes are malformed, invalid, or use a proposal that is off in [`Features`](crate::wasm::Features).
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
            Self::Invalid { message, offset } => write!(f, "invalid module: {message} at byte {offset:#x}"),
            Self::LimitExceeded { what, limit, offset } => {
                write!(f, "module too large: more than {limit} {what} at byte {offset:#x}")
            }
        }
    }
}

impl core::error::Error for ModuleError {}

/// An error unless `value` is at most `limit`.
pub(super) fn within(value: u64, limit: u32, what: &'static str, offset: u64) -> Result<(), ModuleError> {
    let limit = u64::from(limit);
    if value <= limit { Ok(()) } else { Err(ModuleError::LimitExceeded { what, limit, offset }) }
}
