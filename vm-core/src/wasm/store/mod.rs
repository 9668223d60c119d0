//! What instances own: memories, tables, globals.
use alloc::vec::Vec;

use super::module::Module;
use super::{Engine, Func, FuncType, Global, GlobalType, Memory, Table, TableType};

/// Everything that instances of one execution context own. Handles ([`Func`], [`Memory`], …) belong to the store that gave them.
pub struct Store {
    pub(crate) engine: Engine,
    pub(crate) instances: Vec<InstanceData>,
    pub(crate) memories: Vec<MemoryData>,
    pub(crate) tables: Vec<TableData>,
    /// Values as slots. Those of one instance stand side by side.
    pub(crate) globals: Vec<u64>,
    pub(crate) global_types: Vec<GlobalType>,
    /// Types of the host functions, by number.
    pub(crate) host_funcs: Vec<FuncType>,
}

pub(crate) struct InstanceData {
    pub module: Module,
    pub imported_funcs: Vec<Func>,
    pub memory: Option<Memory>,
    /// Imported tables first.
    pub tables: Vec<Table>,
    pub imported_globals: Vec<Global>,
    /// Index in the store of the first global that is not imported.
    pub own_globals: u32,
    /// Element segments that were dropped.
    pub dropped_elements: Vec<bool>,
    /// Data segments that were dropped.
    pub dropped_data: Vec<bool>,
}

pub(crate) struct MemoryData {
    /// The bytes up to which the memory is zeroed so far: a prefix of the memory. The rest reads as zero and is added when first touched.
    pub bytes: Vec<u8>,
    /// Present size.
    pub pages: u32,
    /// Pages that it may grow to: the lesser of its type's maximum and the limit.
    pub maximum: u32,
    /// The maximum of its type, for matching imports.
    pub declared_maximum: Option<u32>,
}

pub(crate) struct TableData {
    pub ty: TableType,
    /// References as slots: zero is null.
    pub elements: Vec<u64>,
}
