//! The sections, one after the other.
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use wasmparser::{BinaryReader, DataKind, ElementKind, ExternalKind, RefType, SectionLimited, TypeRef};

use super::const_expr::{ConstExpr, Scope, parse as parse_const};
use super::error::{ModuleError, within};
use super::parse::Parts;
use super::{DataSegment, ElementItems, ElementSegment, Export, ExportKind, Import, SegmentMode};
use crate::wasm::{ExternType, FuncType, GlobalType, Limits, MemoryType, TableType, ValType};

type Result<T = ()> = core::result::Result<T, ModuleError>;

/// The form of a function type.
const FUNC: u8 = 0x60;

impl Parts {
    /// Reads the type section byte by byte: the reader of the library knows groups of recursive types and makes room for a million of them.
    pub(super) fn types(
        &mut self,
        section: &SectionLimited<'_, wasmparser::RecGroup>,
        module: &[u8],
        limits: &Limits,
    ) -> Result {
        let range = section.range();
        let bytes = module.get(range.start as usize..range.end as usize).unwrap_or_default();
        let mut reader = BinaryReader::new(bytes, range.start);
        let count = reader.read_var_u32()?;
        self.types.reserve_exact(count as usize);
        let mut types = Vec::new();
        for _ in 0..count {
            let offset = reader.original_position();
            if reader.read_u8()? != FUNC {
                return Err(ModuleError::invalid("not a function type", offset));
            }
            types.clear();
            let params = read_types(&mut reader, &mut types, limits.params, "parameters")?;
            read_types(&mut reader, &mut types, limits.results, "results")?;
            let (params, results) = types.split_at_checked(params).unwrap_or_default();
            self.types.push(FuncType::new(params, results));
        }
        if !reader.eof() {
            return Err(ModuleError::invalid("section size mismatch", reader.original_position()));
        }
        Ok(())
    }

    pub(super) fn imports(&mut self, section: wasmparser::ImportSectionReader<'_>, limits: &Limits) -> Result {
        self.imports.reserve_exact(section.count() as usize);
        for import in section.into_imports_with_offsets() {
            let (offset, import) = import?;
            let ty = match import.ty {
                TypeRef::Func(index) => {
                    let ty = self.type_at(index, offset)?.clone();
                    self.funcs.push(index);
                    self.imported_funcs += 1;
                    within(self.imported_funcs as u64, limits.functions, "functions", offset)?;
                    ExternType::Func(ty)
                }
                TypeRef::Table(ty) => {
                    let ty = table_type(&ty, limits, offset)?;
                    self.tables.push(ty);
                    self.imported_tables += 1;
                    within(self.imported_tables as u64, limits.tables, "tables", offset)?;
                    ExternType::Table(ty)
                }
                TypeRef::Memory(ty) => {
                    let ty = self.memory(&ty, limits, offset)?;
                    self.memory_imported = true;
                    ExternType::Memory(ty)
                }
                TypeRef::Global(ty) => {
                    let ty = global_type(&ty, offset)?;
                    self.globals.push(ty);
                    self.imported_globals += 1;
                    within(self.imported_globals as u64, limits.globals, "globals", offset)?;
                    ExternType::Global(ty)
                }
                TypeRef::Tag(_) | TypeRef::FuncExact(_) => {
                    return Err(ModuleError::invalid("unsupported kind of import", offset));
                }
            };
            self.imports.push(Import { module: import.module.into(), name: import.name.into(), ty });
        }
        Ok(())
    }

    pub(super) fn funcs(&mut self, section: SectionLimited<'_, u32>) -> Result {
        self.funcs.reserve_exact(section.count() as usize);
        for index in section.into_iter_with_offsets() {
            let (offset, index) = index?;
            self.type_at(index, offset)?;
            self.funcs.push(index);
        }
        Ok(())
    }

    pub(super) fn tables(&mut self, section: wasmparser::TableSectionReader<'_>, limits: &Limits) -> Result {
        for table in section.into_iter_with_offsets() {
            let (offset, table) = table?;
            if !matches!(table.init, wasmparser::TableInit::RefNull) {
                return Err(ModuleError::invalid("unsupported table initializer", offset));
            }
            self.tables.push(table_type(&table.ty, limits, offset)?);
        }
        Ok(())
    }

    pub(super) fn memories(&mut self, section: wasmparser::MemorySectionReader<'_>, limits: &Limits) -> Result {
        for ty in section.into_iter_with_offsets() {
            let (offset, ty) = ty?;
            self.memory(&ty, limits, offset)?;
        }
        Ok(())
    }

    fn memory(&mut self, ty: &wasmparser::MemoryType, limits: &Limits, offset: u64) -> Result<MemoryType> {
        if self.memory.is_some() {
            return Err(ModuleError::invalid("multiple memories", offset));
        }
        if ty.memory64 || ty.shared || ty.page_size_log2.is_some() {
            return Err(ModuleError::invalid("unsupported memory type", offset));
        }
        let (minimum, maximum) = size_limits(ty.initial, ty.maximum, offset)?;
        within(minimum.into(), limits.memory_pages, "pages of memory", offset)?;
        let ty = MemoryType { minimum, maximum };
        self.memory = Some(ty);
        Ok(ty)
    }

    pub(super) fn globals(&mut self, section: wasmparser::GlobalSectionReader<'_>) -> Result {
        self.global_inits.reserve_exact(section.count() as usize);
        for global in section.into_iter_with_offsets() {
            let (offset, global) = global?;
            let ty = global_type(&global.ty, offset)?;
            self.global_inits.push(self.const_expr(&global.init_expr, ty.value)?);
            self.globals.push(ty);
        }
        Ok(())
    }

    pub(super) fn exports(&mut self, section: wasmparser::ExportSectionReader<'_>) -> Result {
        self.exports.reserve_exact(section.count() as usize);
        for export in section.into_iter_with_offsets() {
            let (offset, export) = export?;
            let (kind, count) = match export.kind {
                ExternalKind::Func => (ExportKind::Func, self.funcs.len()),
                ExternalKind::Table => (ExportKind::Table, self.tables.len()),
                ExternalKind::Memory => (ExportKind::Memory, usize::from(self.memory.is_some())),
                ExternalKind::Global => (ExportKind::Global, self.globals.len()),
                _ => return Err(ModuleError::invalid("unsupported kind of export", offset)),
            };
            if export.index as usize >= count {
                return Err(ModuleError::invalid("export of something that does not exist", offset));
            }
            self.exports.push(Export { name: export.name.into(), kind, index: export.index });
        }
        Ok(())
    }

    pub(super) fn start(&mut self, func: u32, offset: u64) -> Result {
        let ty = self.funcs.get(func as usize).and_then(|ty| self.types.get(*ty as usize));
        if !ty.is_some_and(|ty| ty.params().is_empty() && ty.results().is_empty()) {
            return Err(ModuleError::invalid("invalid start function", offset));
        }
        self.start = Some(func);
        Ok(())
    }

    pub(super) fn elements(&mut self, section: wasmparser::ElementSectionReader<'_>) -> Result {
        self.elements.reserve_exact(section.count() as usize);
        for element in section.into_iter_with_offsets() {
            let (start, element) = element?;
            let (ty, items) = match element.items {
                wasmparser::ElementItems::Functions(items) => {
                    let mut funcs = Vec::with_capacity(items.count() as usize);
                    for func in items.into_iter_with_offsets() {
                        let (offset, func) = func?;
                        if func as usize >= self.funcs.len() {
                            return Err(ModuleError::invalid("unknown function", offset));
                        }
                        funcs.push(func);
                    }
                    (ValType::FuncRef, ElementItems::Funcs(funcs.into()))
                }
                wasmparser::ElementItems::Expressions(ty, items) => {
                    let ty = ref_type(ty, start)?;
                    let mut exprs = Vec::with_capacity(items.count() as usize);
                    for item in items {
                        exprs.push(self.const_expr(&item?, ty)?);
                    }
                    (ty, ElementItems::Exprs(exprs.into()))
                }
            };
            let mode = match element.kind {
                ElementKind::Passive => SegmentMode::Passive,
                ElementKind::Declared => SegmentMode::Declared,
                ElementKind::Active { table_index, offset_expr } => {
                    let index = table_index.unwrap_or(0);
                    if self.tables.get(index as usize).is_none_or(|table| table.element != ty) {
                        return Err(ModuleError::invalid("no table for an element segment", start));
                    }
                    SegmentMode::Active { index, offset: self.const_expr(&offset_expr, ValType::I32)? }
                }
            };
            self.elements.push(ElementSegment { ty, mode, items });
        }
        Ok(())
    }

    pub(super) fn data(&mut self, section: wasmparser::DataSectionReader<'_>) -> Result {
        let range = section.range();
        self.data_size = (range.end - range.start) as u32;
        self.data.reserve_exact(section.count() as usize);
        for segment in section.into_iter_with_offsets() {
            let (start, segment) = segment?;
            let len = segment.data.len() as u32;
            let mode = match segment.kind {
                DataKind::Passive => SegmentMode::Passive,
                DataKind::Active { memory_index, offset_expr } => {
                    if memory_index != 0 || self.memory.is_none() {
                        return Err(ModuleError::invalid("no memory for a data segment", start));
                    }
                    let offset = self.const_expr(&offset_expr, ValType::I32)?;
                    if let ConstExpr::Value(offset) = offset {
                        self.data_end = self.data_end.max(offset + u64::from(len));
                    }
                    SegmentMode::Active { index: 0, offset }
                }
            };
            // A segment ends with its bytes.
            let start = (segment.range.end - u64::from(len)) as u32;
            self.data.push(DataSegment { mode, start, len });
        }
        Ok(())
    }

    fn type_at(&self, index: u32, offset: u64) -> Result<&FuncType> {
        self.types.get(index as usize).ok_or_else(|| ModuleError::invalid("unknown type", offset))
    }

    fn const_expr(&self, expr: &wasmparser::ConstExpr<'_>, ty: ValType) -> Result<ConstExpr> {
        let globals = self.globals.get(..self.imported_globals).unwrap_or_default();
        parse_const(expr, ty, &Scope { globals, funcs: self.funcs.len() })
    }
}

/// Appends a list of types; gives its length.
fn read_types(
    reader: &mut BinaryReader<'_>,
    types: &mut Vec<ValType>,
    limit: u32,
    what: &'static str,
) -> Result<usize> {
    let offset = reader.original_position();
    let count = reader.read_var_u32()?;
    within(count.into(), limit, what, offset)?;
    for _ in 0..count {
        let offset = reader.original_position();
        types.push(val_type(reader.read()?, offset)?);
    }
    Ok(count as usize)
}

fn val_type(ty: wasmparser::ValType, offset: u64) -> Result<ValType> {
    match ty {
        wasmparser::ValType::I32 => Ok(ValType::I32),
        wasmparser::ValType::I64 => Ok(ValType::I64),
        wasmparser::ValType::F32 => Ok(ValType::F32),
        wasmparser::ValType::F64 => Ok(ValType::F64),
        wasmparser::ValType::Ref(ty) => ref_type(ty, offset),
        wasmparser::ValType::V128 => Err(ModuleError::invalid("SIMD support is not enabled", offset)),
    }
}

fn ref_type(ty: RefType, offset: u64) -> Result<ValType> {
    match ty {
        RefType::FUNCREF => Ok(ValType::FuncRef),
        RefType::EXTERNREF => Ok(ValType::ExternRef),
        _ => Err(ModuleError::invalid("unsupported reference type", offset)),
    }
}

fn global_type(ty: &wasmparser::GlobalType, offset: u64) -> Result<GlobalType> {
    if ty.shared {
        return Err(ModuleError::invalid("shared globals are not enabled", offset));
    }
    Ok(GlobalType { value: val_type(ty.content_type, offset)?, mutable: ty.mutable })
}

fn table_type(ty: &wasmparser::TableType, limits: &Limits, offset: u64) -> Result<TableType> {
    if ty.table64 || ty.shared {
        return Err(ModuleError::invalid("unsupported table type", offset));
    }
    let (minimum, maximum) = size_limits(ty.initial, ty.maximum, offset)?;
    within(minimum.into(), limits.table_elements, "elements of a table", offset)?;
    Ok(TableType { element: ref_type(ty.element_type, offset)?, minimum, maximum })
}

fn size_limits(minimum: u64, maximum: Option<u64>, offset: u64) -> Result<(u32, Option<u32>)> {
    let narrow = |size| u32::try_from(size).map_err(|_| ModuleError::invalid("size too large", offset));
    if maximum.is_some_and(|maximum| minimum > maximum) {
        return Err(ModuleError::invalid("size minimum must not be greater than maximum", offset));
    }
    Ok((narrow(minimum)?, maximum.map(narrow).transpose()?))
}

/// For each type the first index of an equal one.
pub(super) fn canonical_types(types: &[FuncType]) -> Box<[u32]> {
    let mut first = BTreeMap::new();
    types.iter().zip(0..).map(|(ty, index)| *first.entry(ty).or_insert(index)).collect()
}
