//! The sections, one after the other (WebAssembly specification, 5.5), each read to its end and
//! checked as it is read (3.4).
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::const_expr::{ConstExpr, Scope, parse as parse_const};
use super::error::{Fault, ModuleError, ensure, within};
use super::parse::Parts;
use super::{
    DataSegment, ElementItem, ElementSegment, Export, ExportKind, Import, SegmentMode, agreed,
};
use crate::wasm::binary::{Malformed, Reader};
use crate::wasm::{ExternType, FuncType, GlobalType, MemoryType, TableType, ValType};

type Result<T = (), E = Fault> = core::result::Result<T, E>;

/// The form of a function type.
const FUNC: u8 = 0x60;

impl Parts<'_> {
    pub(super) fn types(&mut self, reader: &mut Reader<'_>) -> Result {
        let count = count(reader, 0, self.limits.types, agreed::TYPES, "types")?;
        self.types.reserve_exact(count);
        let mut types = Vec::new();
        for _ in 0..count {
            let offset = reader.position();
            // The reference knows groups of recursive types, and makes room for a million of them.
            let refused = |_: Malformed| {
                ModuleError::invalid("not a function type of supported types", offset as u64)
            };
            if reader.byte().map_err(refused)? != FUNC {
                return Err(ModuleError::invalid("not a function type", offset as u64).into());
            }
            types.clear();
            let params = read_types(reader, &mut types, self.limits.params, "parameters")?;
            read_types(reader, &mut types, self.limits.results, "results")?;
            let (params, results) = types.split_at_checked(params).unwrap_or_default();
            ensure(results.len() <= 1 || self.features.multi_value)?;
            for ty in &types {
                self.check_type(*ty)?;
            }
            self.types.push(FuncType::new(params, results));
        }
        Ok(())
    }

    /// Whether the features have a value type.
    fn check_type(&self, ty: ValType) -> Result<(), Malformed> {
        ensure(self.features.has_type(ty))
    }

    pub(super) fn imports(&mut self, reader: &mut Reader<'_>) -> Result {
        let limits = self.limits;
        let count = count(reader, 0, limits.imports, agreed::IMPORTS, "imports")?;
        self.imports.reserve_exact(count);
        for _ in 0..count {
            let offset = reader.position();
            let (module, name) = (reader.name()?, reader.name()?);
            let ty = match reader.byte()? {
                0 => {
                    let index = reader.u32()?;
                    let ty = self.type_at(index)?.clone();
                    self.funcs.push(index);
                    self.imported_funcs += 1;
                    within(self.imported_funcs as u64, limits.functions, "functions", offset)?;
                    ExternType::Func(ty)
                }
                1 => {
                    let ty = self.table(reader, offset)?;
                    self.imported_tables += 1;
                    within(self.imported_tables as u64, limits.tables, "tables", offset)?;
                    ensure(self.imported_tables <= self.tables_agreed())?;
                    ExternType::Table(ty)
                }
                2 => {
                    self.memory_imported = true;
                    ExternType::Memory(self.memory(reader, offset)?)
                }
                3 => {
                    let ty = self.global_type(reader)?;
                    ensure(!ty.mutable || self.features.mutable_globals)?;
                    self.globals.push(ty);
                    self.imported_globals += 1;
                    within(self.imported_globals as u64, limits.globals, "globals", offset)?;
                    ExternType::Global(ty)
                }
                _ => return Err(Fault::Invalid),
            };
            self.count_type(&ty)?;
            self.imports.push(Import { module: module.into(), name: name.into(), ty });
        }
        Ok(())
    }

    /// The reference adds up the sizes of the types of what is imported and exported.
    fn count_type(&mut self, ty: &ExternType) -> Result<(), Malformed> {
        self.type_size += match ty {
            ExternType::Func(ty) => 2 + ty.params().len() + ty.results().len(),
            _ => 1,
        };
        ensure(self.type_size < agreed::TYPE_SIZE)
    }

    pub(super) fn functions(&mut self, reader: &mut Reader<'_>) -> Result {
        let count =
            count(reader, self.funcs.len(), self.limits.functions, agreed::FUNCTIONS, "functions")?;
        self.funcs.reserve_exact(count);
        for _ in 0..count {
            let index = reader.u32()?;
            ensure((index as usize) < self.types.len())?;
            self.funcs.push(index);
        }
        Ok(())
    }

    fn tables_agreed(&self) -> usize {
        if self.features.reference_types { agreed::TABLES as usize } else { 1 }
    }

    pub(super) fn tables(&mut self, reader: &mut Reader<'_>) -> Result {
        let count = count(reader, self.tables.len(), self.limits.tables, agreed::TABLES, "tables")?;
        ensure(self.tables.len() + count <= self.tables_agreed())?;
        for _ in 0..count {
            let offset = reader.position();
            self.table(reader, offset)?;
        }
        Ok(())
    }

    fn table(&mut self, reader: &mut Reader<'_>, offset: usize) -> Result<TableType> {
        let element = reader.ref_type()?;
        // WebAssembly has had tables of functions before it had types of references.
        ensure(element == ValType::FuncRef || self.features.reference_types)?;
        let (minimum, maximum) = size_limits(reader)?;
        within(minimum.into(), self.limits.table_elements, "elements of a table", offset)?;
        let ty = TableType { element, minimum, maximum };
        self.tables.push(ty);
        Ok(ty)
    }

    pub(super) fn memories(&mut self, reader: &mut Reader<'_>) -> Result {
        let count = reader.u32()?;
        ensure(count <= 1)?;
        for _ in 0..count {
            let offset = reader.position();
            self.memory(reader, offset)?;
        }
        Ok(())
    }

    fn memory(&mut self, reader: &mut Reader<'_>, offset: usize) -> Result<MemoryType> {
        ensure(self.memory.is_none())?;
        let (minimum, maximum) = size_limits(reader)?;
        ensure(minimum.max(maximum.unwrap_or(0)) <= agreed::PAGES)?;
        within(minimum.into(), self.limits.memory_pages, "pages of memory", offset)?;
        let ty = MemoryType { minimum, maximum };
        self.memory = Some(ty);
        Ok(ty)
    }

    fn global_type(&self, reader: &mut Reader<'_>) -> Result<GlobalType, Malformed> {
        let value = reader.val_type()?;
        self.check_type(value)?;
        match reader.byte()? {
            mutable @ (0 | 1) => Ok(GlobalType { value, mutable: mutable == 1 }),
            _ => Err(Malformed),
        }
    }

    pub(super) fn globals(&mut self, reader: &mut Reader<'_>) -> Result {
        let count =
            count(reader, self.globals.len(), self.limits.globals, agreed::GLOBALS, "globals")?;
        self.global_inits.reserve_exact(count);
        self.globals.reserve_exact(count);
        for _ in 0..count {
            let ty = self.global_type(reader)?;
            self.global_inits.push(self.const_expr(reader, ty.value)?);
            self.globals.push(ty);
        }
        Ok(())
    }

    pub(super) fn exports(&mut self, reader: &mut Reader<'_>) -> Result {
        let count = count(reader, 0, self.limits.exports, agreed::EXPORTS, "exports")?;
        self.exports.reserve_exact(count);
        for _ in 0..count {
            let name = reader.name()?;
            let kind = reader.byte()?;
            let index = reader.u32()?;
            let at = index as usize;
            let (kind, ty) = match kind {
                0 => (
                    ExportKind::Func,
                    self.funcs
                        .get(at)
                        .and_then(|ty| self.types.get(*ty as usize))
                        .cloned()
                        .map(ExternType::Func),
                ),
                1 => (ExportKind::Table, self.tables.get(at).copied().map(ExternType::Table)),
                2 => (ExportKind::Memory, self.memory.filter(|_| at == 0).map(ExternType::Memory)),
                3 => (ExportKind::Global, self.globals.get(at).copied().map(ExternType::Global)),
                _ => return Err(Fault::Invalid),
            };
            let ty = ty.ok_or(Malformed)?;
            if let ExternType::Global(ty) = &ty {
                ensure(!ty.mutable || self.features.mutable_globals)?;
            }
            self.count_type(&ty)?;
            self.exports.push(Export { name: name.into(), kind, index });
        }
        let exports = &self.exports;
        let name = |index: &u32| exports.get(*index as usize).map(|export| &*export.name);
        let mut order: Vec<u32> = (0..exports.len() as u32).collect();
        order.sort_unstable_by_key(|index| name(index));
        ensure(order.windows(2).all(|pair| pair.first().map(name) != pair.last().map(name)))?;
        self.exports_by_name = order;
        Ok(())
    }

    pub(super) fn start(&mut self, reader: &mut Reader<'_>) -> Result {
        let func = reader.u32()?;
        let ty = self.funcs.get(func as usize).and_then(|ty| self.types.get(*ty as usize));
        ensure(ty.is_some_and(|ty| ty.params().is_empty() && ty.results().is_empty()))?;
        self.start = Some(func);
        Ok(())
    }

    pub(super) fn elements(&mut self, reader: &mut Reader<'_>) -> Result {
        let count = count(
            reader,
            0,
            self.limits.element_segments,
            agreed::ELEMENT_SEGMENTS,
            "element segments",
        )?;
        self.elements.reserve_exact(count);
        for _ in 0..count {
            let segment = self.element_segment(reader)?;
            self.elements.push(segment);
        }
        Ok(())
    }

    fn element_segment(&self, reader: &mut Reader<'_>) -> Result<ElementSegment> {
        let flags = reader.u32()?;
        ensure(flags <= 7)?;
        let (inactive, explicit, expressions) = (flags & 1 != 0, flags & 2 != 0, flags & 4 != 0);
        // What a passive segment has beyond an active one, a declared one has too.
        let active = if inactive {
            ensure(self.features.bulk_memory)?;
            None
        } else {
            let table = if explicit { reader.u32()? } else { 0 };
            Some((table, self.const_expr(reader, ValType::I32)?))
        };
        let mut ty = ValType::FuncRef;
        if expressions {
            if flags & 3 != 0 {
                ty = reader.ref_type()?;
            }
            self.check_type(ty)?;
        } else if flags & 3 != 0 {
            // The kind: functions.
            ensure(reader.byte()? == 0)?;
        }
        let mode = match active {
            Some((index, offset)) => {
                ensure(self.tables.get(index as usize).is_some_and(|table| table.element == ty))?;
                SegmentMode::Active { index, offset }
            }
            None if explicit => SegmentMode::Declared,
            None => SegmentMode::Passive,
        };
        let count = reader.u32()?;
        ensure(count <= agreed::TABLE_ELEMENTS && count as usize <= reader.remaining())?;
        // An expression takes two bytes at least.
        let room = if expressions { reader.remaining() / 2 } else { reader.remaining() };
        let mut items = Vec::with_capacity((count as usize).min(room));
        for _ in 0..count {
            items.push(if expressions {
                ElementItem::of_expr(&self.const_expr(reader, ty)?).ok_or(Malformed)?
            } else {
                let func = reader.u32()?;
                ensure((func as usize) < self.funcs.len())?;
                ElementItem::func(func)
            });
        }
        let items = items.into();
        Ok(ElementSegment { ty, mode, items })
    }

    pub(super) fn data_count(&mut self, reader: &mut Reader<'_>) -> Result {
        let count = reader.u32()?;
        ensure(self.features.bulk_memory && count <= agreed::DATA_SEGMENTS)?;
        self.data_count = Some(count);
        Ok(())
    }

    pub(super) fn data(&mut self, reader: &mut Reader<'_>) -> Result {
        self.data_size = reader.remaining() as u32;
        let count =
            count(reader, 0, self.limits.data_segments, agreed::DATA_SEGMENTS, "data segments")?;
        self.data.reserve_exact(count);
        for _ in 0..count {
            let flags = reader.u32()?;
            let mode = match flags {
                0 | 2 => {
                    let memory = if flags == 2 { reader.u32()? } else { 0 };
                    ensure(memory == 0 && self.memory.is_some())?;
                    SegmentMode::Active { index: 0, offset: self.const_expr(reader, ValType::I32)? }
                }
                1 => {
                    ensure(self.features.bulk_memory)?;
                    SegmentMode::Passive
                }
                _ => return Err(Fault::Invalid),
            };
            let len = reader.u32()?;
            let start = reader.position() as u32;
            reader.bytes(len as usize)?;
            // An empty segment reaches nowhere, and pays for nothing.
            if let SegmentMode::Active { offset: ConstExpr::Value(offset), .. } = &mode
                && len > 0
            {
                self.data_end = self.data_end.max(offset + u64::from(len));
            }
            self.data.push(DataSegment { mode, start, len });
        }
        Ok(())
    }

    fn type_at(&self, index: u32) -> Result<&FuncType, Malformed> {
        self.types.get(index as usize).ok_or(Malformed)
    }

    fn const_expr(&self, reader: &mut Reader<'_>, ty: ValType) -> Result<ConstExpr, Malformed> {
        let globals = self.globals.get(..self.imported_globals).unwrap_or_default();
        parse_const(
            reader,
            ty,
            &Scope { globals, funcs: self.funcs.len(), features: self.features },
        )
    }
}

/// The number of items that a section announces, checked before anybody makes room for them: within
/// the limit together with what is `already` there, within what is agreed upon, and possible in the
/// section's bytes.
fn count(
    reader: &mut Reader<'_>,
    already: usize,
    limit: u32,
    agreed: u32,
    what: &'static str,
) -> Result<usize> {
    let start = reader.position();
    let count = reader.u32()?;
    let all = already as u64 + u64::from(count);
    within(all, limit, what, start)?;
    if count as usize > reader.remaining() {
        return Err(ModuleError::invalid("unexpected end of section", reader.end() as u64).into());
    }
    ensure(all <= u64::from(agreed))?;
    Ok(count as usize)
}

/// Appends a list of types; gives its length.
fn read_types(
    reader: &mut Reader<'_>,
    types: &mut Vec<ValType>,
    limit: u32,
    what: &'static str,
) -> Result<usize> {
    let offset = reader.position();
    let refused =
        |_: Malformed| ModuleError::invalid("malformed or unsupported type", offset as u64);
    let count = reader.u32().map_err(refused)?;
    within(count.into(), limit, what, offset)?;
    ensure(count <= agreed::PARAMS_OR_RESULTS)?;
    for _ in 0..count {
        types.push(reader.val_type().map_err(refused)?);
    }
    Ok(count as usize)
}

fn size_limits(reader: &mut Reader<'_>) -> Result<(u32, Option<u32>), Malformed> {
    let bounded = reader.byte()?;
    ensure(bounded <= 1)?;
    let minimum = reader.u32()?;
    let maximum = if bounded == 1 { Some(reader.u32()?) } else { None };
    ensure(maximum.is_none_or(|maximum| minimum <= maximum))?;
    Ok((minimum, maximum))
}

/// For each type the first index of an equal one.
pub(super) fn canonical_types(types: &[FuncType]) -> Box<[u32]> {
    /// As many types are compared with each other sooner than they are put in order.
    const FEW: usize = 32;
    if types.len() <= FEW {
        let first =
            |ty: &FuncType| types.iter().position(|other| other == ty).unwrap_or_default() as u32;
        return types.iter().map(first).collect();
    }
    let mut first = BTreeMap::new();
    types.iter().zip(0..).map(|(ty, index)| *first.entry(ty).or_insert(index)).collect()
}
