//! A table, filled lazily.
use alloc::vec;
use alloc::vec::Vec;

use crate::wasm::{TableType, TrapCode};
use crate::work::{self, Unit};

/// Elements by which the prefix grows at least.
const STEP: u64 = 64;

pub(crate) struct TableData {
    pub ty: TableType,
    /// References as slots: zero is null. A prefix of the table; the rest is null and is added when
    /// something is written there.
    elements: Vec<u64>,
    /// Present size in elements.
    size: u32,
    /// Elements that it may grow to: the lesser of its type's maximum and the limit.
    maximum: u32,
}

impl TableData {
    /// A table of nulls that may grow to `limit` elements, if its type does not say less. Allocates
    /// nothing.
    pub fn new(ty: TableType, limit: u32) -> Self {
        let maximum = ty.maximum.map_or(limit, |maximum| maximum.min(limit));
        Self { ty, elements: Vec::new(), size: ty.minimum, maximum }
    }

    /// Makes these the first elements of a new table, of which there are not more than it has.
    pub fn begin(&mut self, slots: impl ExactSizeIterator<Item = u64>) {
        if slots.len() <= self.size as usize {
            self.elements = slots.collect();
        }
    }

    /// Present size in elements.
    pub fn size(&self) -> u32 {
        self.size
    }

    /// The slot at `index`; none when out of bounds.
    #[inline]
    pub fn get(&self, index: u32) -> Option<u64> {
        match self.elements.get(index as usize) {
            Some(slot) => Some(*slot),
            None => (index < self.size).then_some(0),
        }
    }

    /// Writes a slot; none when out of bounds.
    pub fn set(&mut self, index: u32, slot: u64) -> Option<()> {
        let written = self.range(index.into(), 1, slot != 0)?;
        if let [element] = written {
            *element = slot;
        }
        Some(())
    }

    /// Adds elements; gives the old size, or none when that would exceed the maximum.
    pub fn grow(&mut self, count: u32, slot: u64) -> Option<u32> {
        let old = self.size;
        self.size = old.checked_add(count).filter(|new| *new <= self.maximum)?;
        // In bounds by now.
        self.fill(old.into(), slot, count.into())?;
        Some(old)
    }

    /// Writes a slot to a range; none when out of bounds.
    pub fn fill(&mut self, start: u64, slot: u64, len: u64) -> Option<()> {
        let range = self.range(start, len, slot != 0)?;
        work::add(Unit::ElementMoved, range.len() as u64);
        range.fill(slot);
        Some(())
    }

    /// Copies within the table; none when out of bounds.
    pub fn copy_within(&mut self, to: u64, from: u64, len: u64) -> Option<()> {
        self.check(to, len)?;
        self.check(from, len)?;
        if len > 0 && self.materialize(to.max(from) + len) {
            work::add(Unit::ElementMoved, len);
            self.elements.copy_within(from as usize..(from + len) as usize, to as usize);
        }
        Some(())
    }

    /// Copies from another table; none when out of bounds.
    pub fn copy_from(&mut self, to: u64, source: &Self, from: u64, len: u64) -> Option<()> {
        self.check(to, len)?;
        source.check(from, len)?;
        let present = source
            .elements
            .get(from.min(source.elements.len() as u64) as usize..)
            .unwrap_or_default();
        let present = present.get(..len as usize).unwrap_or(present);
        work::add(Unit::ElementMoved, present.len() as u64);
        self.range(to, present.len() as u64, true)?.copy_from_slice(present);
        self.fill(to + present.len() as u64, 0, len - present.len() as u64)
    }

    /// Writes slots from an iterator that gives `len` of them; none when out of bounds.
    pub fn write(&mut self, start: u64, slots: impl ExactSizeIterator<Item = u64>) -> Option<()> {
        let range = self.range(start, slots.len() as u64, true)?;
        work::add(Unit::Element, range.len() as u64);
        range.iter_mut().zip(slots).for_each(|(element, slot)| *element = slot);
        Some(())
    }

    /// An error unless the range is inside of the table.
    pub fn check(&self, start: u64, len: u64) -> Option<()> {
        start.checked_add(len).filter(|end| *end <= u64::from(self.size)).map(|_| ())
    }

    /// The elements of a range; none when out of bounds. Unless `all` are wanted, those beyond the
    /// prefix, which are null, are left out.
    fn range(&mut self, start: u64, len: u64, all: bool) -> Option<&mut [u64]> {
        self.check(start, len)?;
        if len == 0 {
            return Some(&mut []);
        }
        if all && !self.materialize(start + len) {
            return None;
        }
        let present = self.elements.len() as u64;
        self.elements.get_mut(start.min(present) as usize..(start + len).min(present) as usize)
    }

    /// Extends the prefix to `end`, which is in bounds.
    fn materialize(&mut self, end: u64) -> bool {
        let present = self.elements.len() as u64;
        if end > present {
            let wanted = end.max(present + (present / 2).max(STEP)).min(self.size.into());
            let Ok(wanted) = usize::try_from(wanted) else { return false };
            work::add(Unit::Zeroed, wanted as u64 - present);
            if self.elements.is_empty() {
                self.elements = vec![0; wanted];
            } else {
                self.elements.reserve_exact(wanted - self.elements.len());
                self.elements.resize(wanted, 0);
            }
        }
        true
    }
}

/// What the absence of an element means.
pub(super) fn in_bounds(done: Option<()>) -> Result<(), TrapCode> {
    done.ok_or(TrapCode::TableOutOfBounds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wasm::ValType;

    fn table(minimum: u32, maximum: Option<u32>) -> TableData {
        TableData::new(TableType { element: ValType::FuncRef, minimum, maximum }, 10_000_000)
    }

    fn contents(table: &TableData) -> Vec<u64> {
        (0..table.size()).map(|index| table.get(index).unwrap()).collect()
    }

    #[test]
    fn a_new_table_is_null_everywhere_and_allocates_nothing() {
        let mut table = table(10_000_000, None);
        assert_eq!(table.get(9_999_999), Some(0));
        assert_eq!(table.get(10_000_000), None);
        table.set(9_999_999, 0).unwrap();
        table.fill(0, 0, 10_000_000).unwrap();
        assert_eq!(table.elements.capacity(), 0);
    }

    #[test]
    fn growing_checks_the_maximum_first() {
        let mut table = table(1, Some(3));
        assert_eq!(table.grow(3, 7), None);
        assert_eq!(table.grow(u32::MAX, 7), None);
        assert_eq!(table.elements.capacity(), 0);
        assert_eq!(table.grow(2, 7), Some(1));
        assert_eq!(contents(&table), [0, 7, 7]);
    }

    #[test]
    fn growing_without_a_maximum_stops_at_the_limit() {
        let mut table = table(1, None);
        assert_eq!(table.grow(10_000_000, 0), None);
        assert_eq!(table.grow(9_999_999, 0), Some(1));
        assert_eq!(table.elements.capacity(), 0);
    }

    #[test]
    fn accesses_out_of_bounds_write_nothing() {
        let mut table = table(4, None);
        assert_eq!(table.set(4, 1), None);
        assert_eq!(table.fill(2, 1, 3), None);
        assert_eq!(table.fill(u64::MAX, 1, 2), None);
        assert_eq!(table.copy_within(2, 0, 3), None);
        assert_eq!(table.copy_within(0, 2, 3), None);
        assert_eq!(table.write(3, [1, 1].into_iter()), None);
        assert_eq!(contents(&table), [0; 4]);
        assert_eq!(table.fill(4, 1, 0), Some(()));
        assert_eq!(table.fill(5, 1, 0), None);
    }

    #[test]
    fn copies_may_overlap() {
        let mut table = table(5, None);
        table.write(0, [1, 2, 3].into_iter()).unwrap();
        table.copy_within(1, 0, 4).unwrap();
        assert_eq!(contents(&table), [1, 1, 2, 3, 0]);
        table.copy_within(0, 2, 3).unwrap();
        assert_eq!(contents(&table), [2, 3, 0, 3, 0]);
    }

    #[test]
    fn copies_between_tables_bring_nulls_along() {
        let (mut from, mut to) = (table(200, None), table(200, None));
        from.set(0, 5).unwrap();
        to.fill(0, 9, 200).unwrap();
        to.copy_from(1, &from, 0, 199).unwrap();
        assert_eq!(contents(&to)[..3], [9, 5, 0]);
        assert!(contents(&to)[2..].iter().all(|slot| *slot == 0));
        assert_eq!(to.copy_from(2, &from, 0, 199), None);
        assert_eq!(to.copy_from(0, &from, 2, 199), None);
        to.copy_from(0, &from, 200, 0).unwrap();
    }
}
