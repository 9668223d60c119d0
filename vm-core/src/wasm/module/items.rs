//! What an embedder can ask a module.
use alloc::string::String;
use alloc::sync::Arc;

use super::{Export, ExportKind, Import, Module, ModuleInner};
use crate::wasm::{Engine, ExternType, FuncType};

/// Something that a module imports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportType<'a> {
    /// The module that it is imported from.
    pub module: &'a str,
    /// Its name there.
    pub name: &'a str,
    /// Its type.
    pub ty: ExternType,
}

/// Something that a module exports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportType<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its type.
    pub ty: ExternType,
}

impl Module {
    /// The engine that the module was made with.
    pub fn engine(&self) -> &Engine {
        &self.0.engine
    }

    /// The binary.
    pub fn bytes(&self) -> &[u8] {
        self.0.bytes.get(..self.0.length).unwrap_or_default()
    }

    /// Returns the binary and what follows it, to be shared.
    pub fn shared_bytes(&self) -> &Arc<[u8]> {
        &self.0.bytes
    }

    /// Returns the index of the function that the module exports by this name.
    pub fn exported_func(&self, name: &str) -> Option<u32> {
        let export = self.0.export(name).filter(|export| export.kind == ExportKind::Func);
        export.map(|export| export.index)
    }

    /// Everything that the module imports, in its order.
    pub fn imports(&self) -> impl ExactSizeIterator<Item = ImportType<'_>> {
        self.0.imports.iter().map(|Import { module, name, ty }| ImportType {
            module,
            name,
            ty: ty.clone(),
        })
    }

    /// Everything that the module exports, in its order.
    pub fn exports(&self) -> impl Iterator<Item = ExportType<'_>> {
        self.0.exports.iter().filter_map(|export| {
            Some(ExportType { name: &export.name, ty: self.0.type_of(export.kind, export.index)? })
        })
    }

    /// The type of the export with this name.
    pub fn export(&self, name: &str) -> Option<ExternType> {
        let export = self.0.export(name)?;
        self.0.type_of(export.kind, export.index)
    }

    /// The type of a function, by its index in the module; none when there is no such function.
    pub fn func_type(&self, index: u32) -> Option<&FuncType> {
        self.0.func_type(index)
    }

    /// Functions, imported ones included.
    pub fn func_count(&self) -> u32 {
        self.0.funcs.len() as u32
    }

    /// Imported functions. They have the lowest indices.
    pub fn imported_func_count(&self) -> u32 {
        self.0.imported_funcs
    }

    /// A name for a function to show to people: from the section `name`, else the name of its
    /// export, else of its import.
    pub fn func_name(&self, index: u32) -> Option<String> {
        (index < self.func_count()).then(|| self.0.name_of_func(index).map(String::from))?
    }

    /// The start function, by its index.
    pub fn start(&self) -> Option<u32> {
        self.0.start
    }

    /// Bytes of a function's body; none for an imported function.
    pub fn body_size(&self, index: u32) -> Option<u32> {
        self.0.body(index).map(|body| body.len)
    }

    /// Bytes of the code section.
    pub fn code_size(&self) -> u32 {
        self.0.code_size
    }

    /// Bytes of the data section.
    pub fn data_size(&self) -> u32 {
        self.0.data_size
    }
}

impl ModuleInner {
    pub fn export(&self, name: &str) -> Option<&Export> {
        let by_name = |index: &u32| {
            self.exports.get(*index as usize).map(|export| &*export.name).cmp(&Some(name))
        };
        let found = self.exports_by_name.binary_search_by(by_name).ok()?;
        self.exports.get(*self.exports_by_name.get(found)? as usize)
    }

    pub fn func_type(&self, index: u32) -> Option<&FuncType> {
        self.types.get(*self.funcs.get(index as usize)? as usize)
    }

    pub fn body(&self, index: u32) -> Option<super::Body> {
        self.bodies.get(index.checked_sub(self.imported_funcs)? as usize).copied()
    }

    pub fn data_bytes(&self, segment: &super::DataSegment) -> &[u8] {
        let start = segment.start as usize;
        self.bytes.get(start..start.saturating_add(segment.len as usize)).unwrap_or_default()
    }

    pub fn type_of(&self, kind: ExportKind, index: u32) -> Option<ExternType> {
        Some(match kind {
            ExportKind::Func => ExternType::Func(self.func_type(index)?.clone()),
            ExportKind::Table => ExternType::Table(*self.tables.get(index as usize)?),
            ExportKind::Memory => ExternType::Memory(self.memory.filter(|_| index == 0)?),
            ExportKind::Global => ExternType::Global(*self.globals.get(index as usize)?),
        })
    }
}
