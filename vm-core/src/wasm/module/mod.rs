//! A module: what validation and parsing leave of the bytes.
mod agreed;
mod const_expr;
mod element;
mod error;
mod items;
mod names;
mod parse;
mod reference;
mod sections;
mod start_work;
#[cfg(test)]
mod tests;
mod validate;

use alloc::boxed::Box;
use alloc::sync::Arc;
use core::ops::Range;

use once_cell::race::OnceBox;

use super::code::Code;
use super::types::Name;
use super::{Engine, ExternType, FuncType, GlobalType, MemoryType, TableType, ValType};
pub(crate) use const_expr::ConstExpr;
pub(crate) use element::{Element, ElementItem};
pub use error::ModuleError;
pub use items::{ExportType, ImportType};
pub use parse::ModuleBytes;
pub use start_work::StartWork;

/// A module that was validated (or is trusted). Cheap to clone.
#[derive(Clone)]
pub struct Module(pub(crate) Arc<ModuleInner>);

/// The parts of a module. Index spaces are the specification's: imported items come first.
///
/// Every index in here is in range and every constant expression has the type that its place asks
/// for, also in a trusted module.
pub(crate) struct ModuleInner {
    pub engine: Engine,
    /// The whole binary, and what follows it; ranges below point into it.
    pub bytes: Arc<[u8]>,
    /// How many of the bytes are the binary.
    pub length: usize,
    pub types: Box<[FuncType]>,
    /// For each type the first index with an equal type: equal types of one module compare by this
    /// number.
    pub canonical_types: Box<[u32]>,
    pub imports: Box<[Import]>,
    pub imported_funcs: u32,
    pub imported_tables: u32,
    pub imported_globals: u32,
    /// Type index of each function.
    pub funcs: Box<[u32]>,
    /// The bodies of the functions that are not imported.
    pub bodies: Box<[Body]>,
    pub tables: Box<[TableType]>,
    pub memory: Option<MemoryType>,
    pub memory_imported: bool,
    pub globals: Box<[GlobalType]>,
    /// Initial values of the globals that are not imported.
    pub global_inits: Box<[ConstExpr]>,
    pub exports: Box<[Export]>,
    /// Indices of `exports`, ordered by name.
    pub exports_by_name: Box<[u32]>,
    pub start: Option<u32>,
    pub elements: Box<[ElementSegment]>,
    /// For each table what the active segments leave in it, if that is known beforehand; they are
    /// not run then.
    pub table_images: Box<[Option<Box<[ElementItem]>>]>,
    /// The active element segment at which every instance fails, if there is one.
    pub fails_at: Option<u32>,
    pub start_work: StartWork,
    pub data: Box<[DataSegment]>,
    /// The greatest end of the active data segments that are not empty and whose offset is a plain
    /// constant: what instantiation will touch at least. Bytes.
    pub data_end: u64,
    /// Contents of the custom section `name`.
    pub name_section: Option<Range<u32>>,
    pub names: names::Cache,
    /// Translated code of the functions that are not imported; each is made on the function's first
    /// use.
    pub codes: Box<[OnceBox<Code>]>,
    /// Bytes of the code and data sections.
    pub code_size: u32,
    pub data_size: u32,
}

/// A function body: from its local declarations to its last `end`.
#[derive(Clone, Copy)]
pub(crate) struct Body {
    /// Byte offset in the module.
    pub start: u32,
    /// Bytes.
    pub len: u32,
}

pub(crate) struct Import {
    pub module: Name,
    pub name: Name,
    pub ty: ExternType,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExportKind {
    Func,
    Table,
    Memory,
    Global,
}

pub(crate) struct Export {
    pub name: Name,
    pub kind: ExportKind,
    pub index: u32,
}

pub(crate) struct ElementSegment {
    pub ty: ValType,
    pub mode: SegmentMode,
    pub items: Box<[ElementItem]>,
}

pub(crate) struct DataSegment {
    pub mode: SegmentMode,
    /// Byte offset in the module.
    pub start: u32,
    /// Bytes.
    pub len: u32,
}

pub(crate) enum SegmentMode {
    Passive,
    /// Only of elements: gone after instantiation.
    Declared,
    Active {
        /// The table; for data the memory, 0.
        index: u32,
        offset: ConstExpr,
    },
}

impl SegmentMode {
    /// Whether instantiation copies the segment.
    pub fn is_active(&self) -> bool {
        matches!(self, Self::Active { .. })
    }
}

impl SegmentMode {
    pub fn is_passive(&self) -> bool {
        matches!(self, Self::Passive)
    }
}
