//! Errors of stores.
use alloc::string::String;
use core::fmt;

use crate::wasm::TrapCode;

/// Why something could not be made or changed in a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreError {
    /// The handle, or a function that the value refers to, does not belong to the store.
    UnknownHandle,
    /// The value does not have the type that its place asks for.
    TypeMismatch,
    /// The global is not mutable.
    Immutable,
    /// The index is outside of the table.
    OutOfBounds,
    /// The size exceeds one of the engine's [`Limits`](crate::wasm::Limits), or its own maximum.
    TooLarge,
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownHandle => "the handle belongs to another store",
            Self::TypeMismatch => "the value has another type than its place",
            Self::Immutable => "the global is immutable",
            Self::OutOfBounds => "the index is out of the table's bounds",
            Self::TooLarge => "the size exceeds the engine's limit or its own maximum",
        })
    }
}

impl core::error::Error for StoreError {}

/// An access outside of a memory, or to a memory of another store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfBounds;

impl fmt::Display for OutOfBounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(TrapCode::MemoryOutOfBounds.message())
    }
}

impl core::error::Error for OutOfBounds {}

impl From<OutOfBounds> for TrapCode {
    fn from(_: OutOfBounds) -> Self {
        Self::MemoryOutOfBounds
    }
}

/// Why a module could not be instantiated.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InstantiationError {
    /// Module and store have different engines.
    OtherEngine,
    /// Nothing was given for an import, or something of another store.
    UnknownImport {
        /// The module that it is imported from.
        module: String,
        /// Its name there.
        name: String,
    },
    /// What was given for an import has another type (WebAssembly specification, 4.5.3 and 4.5.4:
    /// import matching).
    IncompatibleImport {
        /// The module that it is imported from.
        module: String,
        /// Its name there.
        name: String,
    },
    /// More was given than the module imports.
    TooManyImports {
        /// How many things the module imports.
        expected: usize,
    },
    /// An active segment does not fit. The instance exists nevertheless: what earlier segments
    /// wrote stays, as the specification has it.
    Segment {
        /// [`TrapCode::MemoryOutOfBounds`] or [`TrapCode::TableOutOfBounds`].
        code: TrapCode,
        /// The index of the data segment or element segment.
        segment: u32,
    },
    /// The store holds as many instances as handles can tell apart.
    StoreFull,
}

impl fmt::Display for InstantiationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherEngine => {
                f.write_str("the module was made with another engine than the store")
            }
            Self::UnknownImport { module, name } => write!(f, "unknown import `{module}.{name}`"),
            Self::IncompatibleImport { module, name } => {
                write!(f, "incompatible import type: `{module}.{name}` is of another type")
            }
            Self::TooManyImports { expected } => {
                write!(f, "more given than the {expected} imports of the module")
            }
            Self::Segment { code, segment } => {
                let kind = if *code == TrapCode::TableOutOfBounds { "element" } else { "data" };
                write!(f, "{code} by {kind} segment {segment}")
            }
            Self::StoreFull => f.write_str("the store cannot hold another instance"),
        }
    }
}

impl core::error::Error for InstantiationError {}
