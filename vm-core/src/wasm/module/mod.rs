//! A module: what validation and parsing leave of the bytes.
use alloc::boxed::Box;
use alloc::sync::Arc;

use super::types::Name;
use super::{Engine, ExternType, FuncType, GlobalType, MemoryType, TableType, ValType};

/// A module that was validated (or is trusted). Cheap to clone.
#[derive(Clone)]
pub struct Module(pub(crate) Arc<ModuleInner>);

/// The parts of a module. Index spaces are the specification's: imported items come first.
pub(crate) struct ModuleInner {
    pub engine: Engine,
    /// The whole binary; ranges below point into it.
    pub bytes: Arc<[u8]>,
    pub types: Box<[FuncType]>,
    /// For each type the first index with an equal type: equal types of one module compare by this number.
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
    pub start: Option<u32>,
    pub elements: Box<[ElementSegment]>,
    pub data: Box<[DataSegment]>,
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

pub(crate) enum ConstExpr {
    /// A constant, as a slot; `ref.null` is zero.
    Value(u64),
    Global(u32),
    FuncRef(u32),
    /// Extended constant expression in postfix order.
    Postfix(Box<[ConstOp]>),
}

pub(crate) enum ConstOp {
    Value(u64),
    Global(u32),
    FuncRef(u32),
    I32Add,
    I32Sub,
    I32Mul,
    I64Add,
    I64Sub,
    I64Mul,
}

pub(crate) struct ElementSegment {
    pub ty: ValType,
    pub mode: SegmentMode,
    pub items: Box<[ConstExpr]>,
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
