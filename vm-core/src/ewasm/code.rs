//! Code to run.
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::Deref;

use alloy_primitives::B256;

/// Whether code needs to be validated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeOrigin {
    /// The host vouches that [`Vm::compile`](super::Vm::compile) accepted it before, in a machine
    /// with the same configuration: code that a create stored.
    Validated,
    /// Nobody does: code from a genesis file, or from a client that does not know WebAssembly. It
    /// is validated the first time.
    Unknown,
}

/// Code to run.
#[derive(Clone, Copy, Debug)]
pub struct Code<'a> {
    /// The code itself.
    pub bytes: CodeBytes<'a>,
    /// Its Keccak-256 hash, if it is known; else it is computed. A wrong one gives another
    /// contract's results.
    pub hash: Option<&'a B256>,
    /// Whether it needs to be validated.
    pub origin: CodeOrigin,
}

impl<'a> Code<'a> {
    /// Code of which nothing is known.
    pub fn unknown(bytes: impl Into<CodeBytes<'a>>) -> Self {
        Self { bytes: bytes.into(), hash: None, origin: CodeOrigin::Unknown }
    }
}

/// The bytes of code. A contract keeps them: those that are shared already are not copied.
#[derive(Clone, Copy, Debug)]
pub enum CodeBytes<'a> {
    /// Bytes that are copied when they are to be kept.
    Borrowed(&'a [u8]),
    /// Bytes that are shared.
    Shared(&'a Arc<[u8]>),
}

impl CodeBytes<'_> {
    /// Returns the bytes to keep.
    pub fn shared(self) -> Arc<[u8]> {
        match self {
            Self::Borrowed(bytes) => bytes.into(),
            Self::Shared(bytes) => bytes.clone(),
        }
    }
}

impl Deref for CodeBytes<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Borrowed(bytes) => bytes,
            Self::Shared(bytes) => bytes,
        }
    }
}

impl<'a> From<&'a [u8]> for CodeBytes<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Borrowed(bytes)
    }
}

impl<'a, const SIZE: usize> From<&'a [u8; SIZE]> for CodeBytes<'a> {
    fn from(bytes: &'a [u8; SIZE]) -> Self {
        Self::Borrowed(bytes)
    }
}

impl<'a> From<&'a Vec<u8>> for CodeBytes<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        Self::Borrowed(bytes)
    }
}

impl<'a> From<&'a Arc<[u8]>> for CodeBytes<'a> {
    fn from(bytes: &'a Arc<[u8]>) -> Self {
        Self::Shared(bytes)
    }
}
