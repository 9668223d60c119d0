//! What the interpreter's less frequent instructions do to a store. All check their bounds before
//! they change anything.
use super::Store;
use super::table::{TableData, in_bounds};
use crate::wasm::module::{ConstExpr, ElementSegment};
use crate::wasm::{GasTank, Instance, Memory, TrapCode};
use crate::work::{self, Unit};

impl Store {
    /// The value of a constant expression of an instance's module, as a slot.
    pub(super) fn eval(&self, instance: u32, expr: &ConstExpr) -> u64 {
        work::add(Unit::ConstExpression, 1);
        if let ConstExpr::Value(slot) = expr {
            return *slot;
        }
        let Some(data) = self.instances.get(instance as usize) else { return 0 };
        let global = |index| {
            let global = data.global(index);
            global.and_then(|global| self.globals.get(global.0 as usize)).copied().unwrap_or(0)
        };
        expr.eval(global, |index| data.func(instance, index).map_or(0, |func| func.0))
    }

    fn table_mut(&mut self, instance: Instance, table: u32) -> Option<&mut TableData> {
        let table = *self.instances.get(instance.0 as usize)?.tables.get(table as usize)?;
        self.tables.get_mut(table.0 as usize)
    }

    /// Writes part of a segment to a table of the instance, given by its index.
    pub(super) fn write_elements(
        &mut self,
        instance: u32,
        table: u32,
        segment: &ElementSegment,
        to: u64,
        from: u64,
        len: u64,
    ) -> Result<(), TrapCode> {
        let out_of_bounds = TrapCode::TableOutOfBounds;
        let end = from.checked_add(len).ok_or(out_of_bounds)?;
        let range =
            usize::try_from(from).ok().zip(usize::try_from(end).ok()).ok_or(out_of_bounds)?;
        let data = self.instances.get(instance as usize).ok_or(out_of_bounds)?;
        let number = data.tables.get(table as usize).ok_or(out_of_bounds)?.0 as usize;
        // Validation excludes it, but code that is trusted was perhaps never validated, and a wrong
        // reference must not become a function.
        if self.tables.get(number).is_none_or(|table| table.ty.element != segment.ty) {
            return Err(out_of_bounds);
        }
        let items = segment.items.get(range.0..range.1).ok_or(out_of_bounds)?;
        let slots = items.iter().map(|item| data.element(instance, *item, &self.globals));
        in_bounds(self.tables.get_mut(number).and_then(|table| table.write(to, slots)))
    }

    /// `table.init`: copies part of an element segment to a table, both given by their index in the
    /// module.
    pub(crate) fn table_init(
        &mut self,
        instance: Instance,
        table: u32,
        segment: u32,
        to: u32,
        from: u32,
        len: u32,
    ) -> Result<(), TrapCode> {
        let out_of_bounds = TrapCode::TableOutOfBounds;
        let data = instance.data(self).ok_or(out_of_bounds)?;
        let module = data.module.clone();
        let segment_data = module.0.elements.get(segment as usize).ok_or(out_of_bounds)?;
        let (to, from, len) = (u64::from(to), u64::from(from), u64::from(len));
        if !segment_data.mode.is_passive() || is_set(&data.dropped_elements, segment) {
            // Nothing is left of the segment, but an empty copy from its start to a place in bounds
            // is no error.
            if from + len > 0 {
                return Err(out_of_bounds);
            }
            return in_bounds(self.table_mut(instance, table).and_then(|table| table.check(to, 0)));
        }
        self.write_elements(instance.0, table, segment_data, to, from, len)
    }

    /// `elem.drop`.
    pub(crate) fn elem_drop(&mut self, instance: Instance, segment: u32) {
        if let Some(data) = self.instances.get_mut(instance.0 as usize)
            && data
                .module
                .0
                .elements
                .get(segment as usize)
                .is_some_and(|segment| segment.mode.is_passive())
        {
            set(&mut data.dropped_elements, segment);
        }
    }

    /// `table.copy` between tables given by their index in the module.
    pub(crate) fn table_copy(
        &mut self,
        instance: Instance,
        to_table: u32,
        from_table: u32,
        to: u32,
        from: u32,
        len: u32,
    ) -> Result<(), TrapCode> {
        let out_of_bounds = TrapCode::TableOutOfBounds;
        let data = instance.data(self).ok_or(out_of_bounds)?;
        let number = |table: u32| {
            data.tables.get(table as usize).map(|table| table.0 as usize).ok_or(out_of_bounds)
        };
        let (target, source) = (number(to_table)?, number(from_table)?);
        let (to, from, len) = (u64::from(to), u64::from(from), u64::from(len));
        if target == source {
            return in_bounds(
                self.tables.get_mut(target).and_then(|table| table.copy_within(to, from, len)),
            );
        }
        let [target, source] =
            self.tables.get_disjoint_mut([target, source]).map_err(|_| out_of_bounds)?;
        // As for segments.
        if target.ty.element != source.ty.element {
            return Err(out_of_bounds);
        }
        in_bounds(target.copy_from(to, source, from, len))
    }

    /// `table.fill`.
    pub(crate) fn table_fill(
        &mut self,
        instance: Instance,
        table: u32,
        to: u32,
        slot: u64,
        len: u32,
    ) -> Result<(), TrapCode> {
        in_bounds(
            self.table_mut(instance, table)
                .and_then(|table| table.fill(to.into(), slot, len.into())),
        )
    }

    /// `table.grow`: the old size in elements, or none when that would exceed the maximum.
    pub(crate) fn table_grow(
        &mut self,
        instance: Instance,
        table: u32,
        count: u32,
        slot: u64,
    ) -> Option<u32> {
        self.table_mut(instance, table)?.grow(count, slot)
    }

    /// `memory.init`: copies part of a data segment, given by its index in the module, to the
    /// instance's memory. Charges for what the memory reaches, once both bounds are checked.
    pub(crate) fn memory_init(
        &mut self,
        instance: Instance,
        segment: u32,
        to: u32,
        from: u32,
        len: u32,
        gas: &mut GasTank,
    ) -> Result<(), TrapCode> {
        let out_of_bounds = TrapCode::MemoryOutOfBounds;
        let Self { engine, instances, memories, .. } = self;
        let data = instances.get(instance.0 as usize).ok_or(out_of_bounds)?;
        let inner = &data.module.0;
        let memory = data
            .memory
            .and_then(|memory| memories.get_mut(memory.0 as usize))
            .ok_or(out_of_bounds)?;
        let segment_data = inner.data.get(segment as usize).ok_or(out_of_bounds)?;
        let gone = !segment_data.mode.is_passive() || is_set(&data.dropped_data, segment);
        let bytes = if gone { &[] } else { inner.data_bytes(segment_data) };
        let bytes = bytes
            .get(from as usize..)
            .and_then(|bytes| bytes.get(..len as usize))
            .ok_or(out_of_bounds)?;
        memory.pay(to.into(), len.into(), &engine.config().costs, gas)?;
        Ok(memory.write(to.into(), bytes)?)
    }

    /// `data.drop`.
    pub(crate) fn data_drop(&mut self, instance: Instance, segment: u32) {
        if let Some(data) = self.instances.get_mut(instance.0 as usize)
            && data
                .module
                .0
                .data
                .get(segment as usize)
                .is_some_and(|segment| segment.mode.is_passive())
        {
            set(&mut data.dropped_data, segment);
        }
    }

    /// `memory.copy`. Charges for what the memory reaches.
    pub(crate) fn memory_copy(
        &mut self,
        memory: Memory,
        to: u32,
        from: u32,
        len: u32,
        gas: &mut GasTank,
    ) -> Result<(), TrapCode> {
        // The range that ends last is out of bounds if any is.
        self.memory_pay(memory, to.max(from).into(), len.into(), gas)?;
        let memory = self.memories.get_mut(memory.0 as usize).ok_or(TrapCode::MemoryOutOfBounds)?;
        Ok(memory.copy(to.into(), from.into(), len.into())?)
    }

    /// `memory.fill`. Charges for what the memory reaches.
    pub(crate) fn memory_fill(
        &mut self,
        memory: Memory,
        to: u32,
        value: u8,
        len: u32,
        gas: &mut GasTank,
    ) -> Result<(), TrapCode> {
        self.memory_pay(memory, to.into(), len.into(), gas)?;
        let memory = self.memories.get_mut(memory.0 as usize).ok_or(TrapCode::MemoryOutOfBounds)?;
        Ok(memory.fill(to.into(), value, len.into())?)
    }
}

fn is_set(flags: &[bool], index: u32) -> bool {
    flags.get(index as usize).copied().unwrap_or(false)
}

/// Sets a flag; the index is that of something that exists.
fn set(flags: &mut alloc::vec::Vec<bool>, index: u32) {
    let index = index as usize;
    if flags.len() <= index {
        flags.resize(index + 1, false);
    }
    if let Some(flag) = flags.get_mut(index) {
        *flag = true;
    }
}
