//! A linear memory: paid by how far it reaches, and zeroed lazily.
//!
//! There are three ends. The *size* is what bounds are checked against. The *reach* is the highest
//! end of any access of the guest so far, rounded up to kibibytes: that is paid, so that it is the
//! same on every machine. The *zeroed prefix* is what is allocated: at least the reach, and beyond
//! it what saves moving the bytes. Nothing but time depends on it.
use core::cell::Cell;

use super::OutOfBounds;
use super::room::{MemoryRoom, Place};
use crate::wasm::module::SegmentMode;
use crate::wasm::{GasTank, InstructionCosts, MemoryType, Module, TrapCode};
use crate::work::{self, Unit};

/// Bytes of a page.
const PAGE_SIZE: u64 = 1 << 16;

/// Bytes of a kibibyte, in which the reach is counted.
const KIBIBYTE: u64 = 1 << 10;

/// Bytes by which the zeroed prefix grows at least.
const STEP: u64 = 4 << 10;

pub(crate) struct MemoryData {
    /// Where its bytes are: those from its place on, up to which the memory is zeroed so far. The
    /// rest reads as zero and is added when first touched.
    room: MemoryRoom,
    place: Place,
    /// Bytes that the guest has reached. Whole kibibytes, and never more than the size.
    reach: u64,
    /// Present size.
    pub pages: u32,
    /// Pages that it may grow to: the lesser of its type's maximum and the limit.
    pub maximum: u32,
    /// The maximum of its type, for matching imports.
    pub declared_maximum: Option<u32>,
}

impl MemoryData {
    /// A memory that may grow to `limit` pages, if its type does not say less, at the end of
    /// `room`. Allocates nothing.
    pub fn new(ty: MemoryType, limit: u32, mut room: MemoryRoom) -> Self {
        let maximum = ty.maximum.map_or(limit, |maximum| maximum.min(limit));
        let place = room.begin(u64::from(maximum) * PAGE_SIZE);
        Self { room, place, reach: 0, pages: ty.minimum, maximum, declared_maximum: ty.maximum }
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

    /// What the guest has reached: the part of the prefix that it may access without paying.
    #[inline(always)]
    pub fn reached(&mut self) -> &mut [u8] {
        let reach = self.reach;
        let bytes = self.bytes_mut();
        // Less is there only while the room is lent.
        let len = (bytes.len() as u64).min(reach);
        bytes.get_mut(..len as usize).unwrap_or_default()
    }

    /// Bytes that the guest has reached.
    pub fn reach(&self) -> u64 {
        self.reach
    }

    /// Lets the guest reach a range before it is accessed: checks its bounds, charges for what is
    /// beyond the reach, and zeroes it. An empty range is only checked.
    ///
    /// # Errors
    /// [`TrapCode::MemoryOutOfBounds`], whatever gas there is, and [`TrapCode::OutOfGas`]; then
    /// nothing is charged.
    #[inline]
    pub fn pay(
        &mut self,
        start: u64,
        len: u64,
        costs: &InstructionCosts,
        gas: &mut GasTank,
    ) -> Result<(), TrapCode> {
        let end = self.end(start, len)?;
        if len == 0 || end <= self.reach {
            return Ok(());
        }
        self.pay_to(end, costs, gas)
    }

    #[cold]
    fn pay_to(
        &mut self,
        end: u64,
        costs: &InstructionCosts,
        gas: &mut GasTank,
    ) -> Result<(), TrapCode> {
        let [before, after] = [self.reach, end].map(|end| end.div_ceil(KIBIBYTE) as u32);
        let particles = costs.memory(after).saturating_sub(costs.memory(before));
        gas.charge_any(particles).map_err(|_| TrapCode::OutOfGas)?;
        if self.reach_free(end) { Ok(()) } else { Err(TrapCode::MemoryOutOfBounds) }
    }

    /// Lets the guest reach `end`, which is inside of the memory, without a charge. False when the
    /// machine's addresses do not.
    fn reach_free(&mut self, end: u64) -> bool {
        let reach = self.reach.max(end.next_multiple_of(KIBIBYTE));
        let there = self.ensure(reach);
        if there {
            self.reach = reach;
        }
        there
    }

    /// Lends the room, with the memory's own bytes in it, to memories that end before this one is
    /// used again.
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
        // Half as much again keeps the cost of moving the bytes proportional to their number. In
        // parts nothing moves, and no more pages are taken than are counted as held.
        let ahead = present + (present / 2).max(STEP);
        let ahead =
            if self.room.moves() { ahead } else { ahead.min(end.next_multiple_of(PAGE_SIZE)) };
        let wanted = end.max(ahead).next_multiple_of(STEP).min(size);
        let Ok(wanted) = usize::try_from(wanted) else { return false };
        work::add(Unit::Zeroed, (wanted as u64 - present).div_ceil(8));
        work::cached(present, wanted as u64);
        self.room.extend(self.place.start, self.place.start.saturating_add(wanted));
        true
    }

    /// Adds pages; gives the old size in pages, or none when that would exceed the maximum.
    /// Allocates nothing.
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
        work::copied(end - start);
        if end <= all.len() as u64
            && let Some(bytes) = all.get(start as usize..end as usize)
        {
            buffer.copy_from_slice(bytes);
            return Ok(());
        }
        let present =
            usize::try_from(start).ok().and_then(|start| all.get(start..)).unwrap_or_default();
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
        self.room
            .bytes_mut()
            .get_mut(first + start as usize..first + end as usize)
            .ok_or(OutOfBounds)
    }

    pub fn write(&mut self, start: u64, bytes: &[u8]) -> Result<(), OutOfBounds> {
        work::copied(bytes.len() as u64);
        self.slice(start, bytes.len() as u64)?.copy_from_slice(bytes);
        Ok(())
    }

    /// Lets the memory reach to the `end` of active data segments, unless that is out of bounds.
    /// That is for the embedder to charge.
    pub fn initialize(&mut self, end: u64) {
        if end <= self.size() {
            self.reach_free(end);
        }
    }

    pub fn fill(&mut self, start: u64, value: u8, len: u64) -> Result<(), OutOfBounds> {
        work::copied(len);
        self.slice(start, len)?.fill(value);
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
        work::copied(len);
        self.bytes_mut().copy_within(from as usize..(from + len) as usize, to as usize);
        Ok(())
    }
}

impl Module {
    /// Kibibytes (1024 bytes) that the module's memory reaches by its active data segments, as far
    /// as that is known before it is instantiated: segments that are empty, out of bounds or placed
    /// by an
    /// imported global do not count. For embedders that charge for it first.
    pub fn initial_kibibytes(&self) -> u32 {
        let size = self.0.memory.map_or(0, |memory| u64::from(memory.minimum) * PAGE_SIZE);
        let ends = self.0.data.iter().filter_map(|segment| match &segment.mode {
            SegmentMode::Active { offset, .. } if segment.len > 0 => {
                let constant = Cell::new(true);
                let start = offset.eval(|_| u64::from(constant.replace(false)), |_| 0);
                let end = start.checked_add(segment.len.into());
                end.filter(|end| constant.get() && *end <= size)
            }
            _ => None,
        });
        // The size of a memory is at most 2^22 kibibytes.
        ends.max().unwrap_or(0).div_ceil(KIBIBYTE) as u32
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
        assert_eq!(
            next.slice(0, 1 << 16).unwrap().iter().max(),
            Some(&0),
            "nothing is left of the one before"
        );
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
    fn fills_write_nothing_when_out_of_bounds() {
        let mut memory = memory(1, None);
        memory.write(0, &[1, 2, 3]).unwrap();
        assert_eq!(memory.fill(1, 0, 65_536), Err(OutOfBounds));
        assert_eq!(memory.bytes()[..3], [1, 2, 3]);
        memory.fill(1, 0, 65_535).unwrap();
        assert_eq!(memory.bytes()[..3], [1, 0, 0]);
        memory.fill(65_535, 9, 1).unwrap();
        assert_eq!(memory.bytes()[65_535], 9);
    }

    /// 3 particles for a kibibyte, and 1 for the square.
    const COSTS: InstructionCosts =
        InstructionCosts { kibibyte: 3, kibibytes_squared: 1, ..InstructionCosts::FREE };

    /// What paying for a range takes.
    fn paid(memory: &mut MemoryData, start: u64, len: u64) -> Result<u128, TrapCode> {
        let mut gas = GasTank::new(u64::MAX);
        let before = gas.particles_left();
        memory.pay(start, len, &COSTS, &mut gas)?;
        Ok(before - gas.particles_left())
    }

    #[test]
    fn the_reach_is_the_highest_end_in_kibibytes_and_paid_once() {
        let mut memory = memory(1, None);
        assert_eq!(paid(&mut memory, 0, 1), Ok(3 + 1));
        assert_eq!(paid(&mut memory, 1016, 8), Ok(0));
        assert_eq!(paid(&mut memory, 1017, 8), Ok(3 + (2 * 2 - 1)));
        assert_eq!(paid(&mut memory, 9 << 10, 1), Ok(8 * 3 + (10 * 10 - 2 * 2)));
        assert_eq!(paid(&mut memory, 2 << 10, 1 << 10), Ok(0));
        assert_eq!(memory.reach(), 10 << 10);
        assert_eq!(memory.reached().len(), 10 << 10);
        assert_eq!(paid(&mut memory, 0, 65_536), Ok(54 * 3 + (64 * 64 - 10 * 10)));
        assert_eq!(memory.reached().len(), 65_536);
    }

    #[test]
    fn nothing_is_paid_for_an_empty_range_or_one_that_is_out_of_bounds() {
        let mut memory = memory(1, None);
        assert_eq!(paid(&mut memory, 65_536, 0), Ok(0));
        assert_eq!(paid(&mut memory, 65_537, 0), Err(TrapCode::MemoryOutOfBounds));
        let mut gas = GasTank::new(0);
        assert_eq!(memory.pay(65_535, 2, &COSTS, &mut gas), Err(TrapCode::MemoryOutOfBounds));
        assert_eq!(memory.pay(u64::MAX, 2, &COSTS, &mut gas), Err(TrapCode::MemoryOutOfBounds));
        assert_eq!(memory.pay(0, 1, &COSTS, &mut gas), Err(TrapCode::OutOfGas));
        assert_eq!((memory.reach(), memory.bytes().len()), (0, 0));
    }

    #[test]
    fn an_embedder_reads_and_writes_without_letting_the_guest_reach_further() {
        let mut memory = memory(1, None);
        memory.write(5000, b"data").unwrap();
        assert_eq!((memory.reach(), memory.reached().len()), (0, 0));
        assert_eq!(paid(&mut memory, 5000, 4), Ok(5 * 3 + 5 * 5));
        assert_eq!(memory.reached()[5000..5004], *b"data");
    }

    #[test]
    fn four_gibibytes_can_be_reached() {
        let mut memory = MemoryData::new(
            MemoryType { minimum: 65_536, maximum: None },
            65_536,
            MemoryRoom::default(),
        );
        let most = InstructionCosts {
            kibibyte: u64::MAX,
            kibibytes_squared: u64::MAX,
            ..InstructionCosts::FREE
        };
        let mut gas = GasTank::new(u64::MAX);
        assert_eq!(memory.pay(1 << 31, 1 << 31, &most, &mut gas), Err(TrapCode::OutOfGas));
        assert_eq!(gas, GasTank::new(u64::MAX));
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
