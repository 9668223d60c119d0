//! A linear memory, zeroed lazily.
use super::OutOfBounds;
use super::room::{MemoryRoom, Place};
use crate::wasm::MemoryType;

/// Bytes of a page.
const PAGE_SIZE: u64 = 1 << 16;

/// Bytes by which the zeroed prefix grows at least.
const STEP: u64 = 4 << 10;

pub(crate) struct MemoryData {
    /// Where its bytes are: those from its place on, up to which the memory is zeroed so far. The rest reads as zero and is added when first touched.
    room: MemoryRoom,
    place: Place,
    /// Present size.
    pub pages: u32,
    /// Pages that it may grow to: the lesser of its type's maximum and the limit.
    pub maximum: u32,
    /// The maximum of its type, for matching imports.
    pub declared_maximum: Option<u32>,
}

impl MemoryData {
    /// A memory that may grow to `limit` pages, if its type does not say less, at the end of `room`. Allocates nothing.
    pub fn new(ty: MemoryType, limit: u32, mut room: MemoryRoom) -> Self {
        let maximum = ty.maximum.map_or(limit, |maximum| maximum.min(limit));
        let place = room.begin(u64::from(maximum) * PAGE_SIZE);
        Self { room, place, pages: ty.minimum, maximum, declared_maximum: ty.maximum }
    }

    /// Bytes of the prefix that is zeroed so far.
    #[inline(always)]
    fn zeroed(&self) -> u64 {
        self.room.bytes().len().saturating_sub(self.place.start) as u64
    }

    /// The prefix that is zeroed so far.
    #[inline(always)]
    pub fn bytes(&self) -> &[u8] {
        self.room.bytes().get(self.place.start..).unwrap_or_default()
    }

    /// The prefix that is zeroed so far.
    #[inline(always)]
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        self.room.bytes_mut().get_mut(self.place.start..).unwrap_or_default()
    }

    /// Lends the room, with the memory's own bytes in it, to memories that end before this one is used again.
    pub fn lend_room(&mut self) -> MemoryRoom {
        core::mem::take(&mut self.room)
    }

    /// Takes back the room that was lent.
    pub fn give_room_back(&mut self, room: MemoryRoom) {
        self.room = room;
    }

    /// The room without this memory, which is over.
    pub fn leave_room(&mut self) -> MemoryRoom {
        let mut room = core::mem::take(&mut self.room);
        room.end(self.place);
        room
    }

    /// Bytes that are allocated.
    #[cfg(test)]
    pub fn capacity(&self) -> usize {
        self.room.capacity()
    }

    /// Present size in bytes.
    pub fn size(&self) -> u64 {
        u64::from(self.pages) * PAGE_SIZE
    }

    /// Sees to it that `bytes[..end]` exists; false when that is out of bounds.
    #[inline]
    pub fn ensure(&mut self, end: u64) -> bool {
        end <= self.zeroed() || self.extend(end)
    }

    #[cold]
    fn extend(&mut self, end: u64) -> bool {
        let size = self.size();
        if end > size {
            return false;
        }
        let present = self.zeroed();
        // Half as much again keeps the cost of moving the bytes proportional to their number.
        let wanted = end.max(present + (present / 2).max(STEP)).next_multiple_of(STEP).min(size);
        let Ok(wanted) = usize::try_from(wanted) else { return false };
        self.room.extend(self.place.start, self.place.start.saturating_add(wanted));
        true
    }

    /// Adds pages; gives the old size in pages, or none when that would exceed the maximum. Allocates nothing.
    pub fn grow(&mut self, pages: u32) -> Option<u32> {
        let old = self.pages;
        self.pages = old.checked_add(pages).filter(|new| *new <= self.maximum)?;
        Some(old)
    }

    /// The end of a range that is inside of the memory.
    fn end(&self, start: u64, len: u64) -> Result<u64, OutOfBounds> {
        start.checked_add(len).filter(|end| *end <= self.size()).ok_or(OutOfBounds)
    }

    /// Copies out without touching what was never written.
    pub fn read(&self, start: u64, buffer: &mut [u8]) -> Result<(), OutOfBounds> {
        let end = self.end(start, buffer.len() as u64)?;
        let all = self.bytes();
        if end <= all.len() as u64
            && let Some(bytes) = all.get(start as usize..end as usize)
        {
            buffer.copy_from_slice(bytes);
            return Ok(());
        }
        let present = usize::try_from(start).ok().and_then(|start| all.get(start..)).unwrap_or_default();
        let (copied, zeroed) = buffer.split_at_mut(present.len().min(buffer.len()));
        if let Some(present) = present.get(..copied.len()) {
            copied.copy_from_slice(present);
        }
        zeroed.fill(0);
        Ok(())
    }

    pub fn slice(&mut self, start: u64, len: u64) -> Result<&mut [u8], OutOfBounds> {
        let end = self.end(start, len)?;
        if len == 0 {
            return Ok(&mut []);
        }
        if !self.ensure(end) {
            return Err(OutOfBounds);
        }
        let first = self.place.start;
        self.room.bytes_mut().get_mut(first + start as usize..first + end as usize).ok_or(OutOfBounds)
    }

    pub fn write(&mut self, start: u64, bytes: &[u8]) -> Result<(), OutOfBounds> {
        self.slice(start, bytes.len() as u64)?.copy_from_slice(bytes);
        Ok(())
    }

    pub fn fill(&mut self, start: u64, value: u8, len: u64) -> Result<(), OutOfBounds> {
        let end = self.end(start, len)?;
        if value == 0 {
            // What is beyond the prefix is zero already.
            let present = self.zeroed();
            let (start, end) = (start.min(present), end.min(present));
            self.slice(start, end - start)?.fill(0);
        } else {
            self.slice(start, len)?.fill(value);
        }
        Ok(())
    }

    pub fn copy(&mut self, to: u64, from: u64, len: u64) -> Result<(), OutOfBounds> {
        let end = self.end(to, len)?.max(self.end(from, len)?);
        if len == 0 {
            return Ok(());
        }
        if !self.ensure(end) {
            return Err(OutOfBounds);
        }
        self.bytes_mut().copy_within(from as usize..(from + len) as usize, to as usize);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(minimum: u32, maximum: Option<u32>) -> MemoryData {
        MemoryData::new(MemoryType { minimum, maximum }, 100, MemoryRoom::default())
    }

    #[test]
    fn a_new_memory_allocates_nothing() {
        let memory = memory(65_536, None);
        assert_eq!(memory.capacity(), 0);
        assert_eq!(memory.size(), 1 << 32);
    }

    #[test]
    fn growing_allocates_nothing_and_stops_at_the_maximum() {
        let mut with_maximum = memory(1, Some(3));
        assert_eq!(with_maximum.grow(2), Some(1));
        assert_eq!(with_maximum.grow(1), None);
        assert_eq!(with_maximum.grow(u32::MAX), None);
        assert_eq!(with_maximum.grow(0), Some(3));
        assert_eq!(with_maximum.capacity(), 0);

        let mut limited = memory(1, None);
        assert_eq!(limited.grow(100), None);
        assert_eq!(limited.grow(99), Some(1));
    }

    #[test]
    fn the_prefix_grows_in_steps_and_never_beyond_the_memory() {
        let mut memory = memory(1, None);
        assert!(memory.ensure(1));
        assert_eq!(memory.bytes().len(), 4096);
        assert!(memory.ensure(4097));
        assert_eq!(memory.bytes().len(), 8192);
        assert!(memory.ensure(65_536));
        assert_eq!(memory.bytes().len(), 65_536);
        assert!(!memory.ensure(65_537));
        assert!(!memory.ensure(u64::MAX));
    }

    #[test]
    fn a_far_first_touch_reserves_what_is_needed() {
        let mut memory = memory(64, None);
        assert!(memory.ensure(1 << 20));
        assert_eq!(memory.capacity(), 1 << 20);
    }

    #[test]
    fn memories_in_one_room_do_not_see_each_other() {
        let ty = MemoryType { minimum: 1, maximum: None };
        let mut outer = MemoryData::new(ty, 2, MemoryRoom::in_parts(4 << 16));
        outer.write(0, b"outer").unwrap();
        let mut inner = MemoryData::new(ty, 2, outer.lend_room());
        let mut seen = [1; 5];
        inner.read(0, &mut seen).unwrap();
        assert_eq!(seen, [0; 5]);
        inner.fill(0, 7, 1 << 16).unwrap();
        assert_eq!(inner.grow(1), Some(1));
        inner.copy(1 << 16, 0, 10).unwrap();
        outer.give_room_back(inner.leave_room());
        outer.read(0, &mut seen).unwrap();
        assert_eq!(&seen, b"outer");
        let mut next = MemoryData::new(ty, 2, outer.lend_room());
        assert_eq!(next.slice(0, 1 << 16).unwrap().iter().max(), Some(&0), "nothing is left of the one before");
    }

    #[test]
    fn reading_what_was_never_written_gives_zeros_without_allocating() {
        let mut memory = memory(2, None);
        memory.write(4095, &[7]).unwrap();
        let mut buffer = [1; 4];
        memory.read(4094, &mut buffer).unwrap();
        assert_eq!(buffer, [0, 7, 0, 0]);
        let mut buffer = [1; 4];
        memory.read(131_068, &mut buffer).unwrap();
        assert_eq!(buffer, [0; 4]);
        assert_eq!(memory.read(131_069, &mut buffer), Err(OutOfBounds));
        assert_eq!(memory.read(u64::MAX, &mut buffer), Err(OutOfBounds));
        assert_eq!(memory.bytes().len(), 4096);
    }

    #[test]
    fn an_empty_access_is_in_bounds_up_to_the_end() {
        let mut memory = memory(1, None);
        assert_eq!(memory.write(65_536, &[]), Ok(()));
        assert_eq!(memory.write(65_537, &[]), Err(OutOfBounds));
        assert_eq!(memory.fill(65_536, 1, 0), Ok(()));
        assert_eq!(memory.fill(65_537, 0, 0), Err(OutOfBounds));
        assert_eq!(memory.copy(65_536, 0, 0), Ok(()));
        assert_eq!(memory.copy(0, 65_537, 0), Err(OutOfBounds));
        assert!(memory.bytes().is_empty());
    }

    #[test]
    fn filling_with_zeros_extends_nothing() {
        let mut memory = memory(1, None);
        memory.write(0, &[1, 2, 3]).unwrap();
        memory.fill(1, 0, 65_535).unwrap();
        assert_eq!(memory.bytes().len(), 4096);
        assert_eq!(memory.bytes()[..3], [1, 0, 0]);
        assert_eq!(memory.fill(1, 0, 65_536), Err(OutOfBounds));
        memory.fill(65_535, 9, 1).unwrap();
        assert_eq!(memory.bytes()[65_535], 9);
    }

    #[test]
    fn copies_may_overlap_and_write_nothing_when_out_of_bounds() {
        let mut memory = memory(1, None);
        memory.write(0, &[1, 2, 3, 4]).unwrap();
        memory.copy(1, 0, 3).unwrap();
        assert_eq!(memory.bytes()[..5], [1, 1, 2, 3, 0]);
        assert_eq!(memory.copy(0, 65_535, 2), Err(OutOfBounds));
        assert_eq!(memory.copy(65_535, 0, 2), Err(OutOfBounds));
        assert_eq!(memory.bytes()[..5], [1, 1, 2, 3, 0]);
        memory.copy(0, 65_532, 4).unwrap();
        assert_eq!(memory.bytes()[..5], [0, 0, 0, 0, 0]);
    }
}
