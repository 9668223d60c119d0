//! Where linear memories of several stores lie, one behind the other.
use alloc::vec;
use alloc::vec::Vec;

/// Room for the memories of frames that wait for each other: the innermost one's is the last, so
/// that it can grow in place, and nothing is left of it when it is gone.
///
/// Memories that have buffers of their own move when they grow and leave holes behind. In an
/// allocator that never joins what was freed, as that of Substrate's runtimes, the holes would be
/// many times what is alive; this takes what is alive, rounded up to parts.
#[derive(Debug, Default)]
pub struct MemoryRoom {
    /// The bytes of all memories in the last part, as far as they are zeroed.
    bytes: Vec<u8>,
    /// Parts in which no further memory fits.
    full: Vec<Vec<u8>>,
    /// Bytes that a part is made with; with 0 there is one part, which moves when it grows.
    part: usize,
}

/// Where a memory lies in its room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Where it starts in [`MemoryRoom::bytes`].
    pub start: usize,
    /// Whether it is the first one of a part that is not the first.
    opens_part: bool,
}

impl MemoryRoom {
    /// Returns a room in parts of `bytes` bytes, which never move. The allocator must be able to
    /// give a part in one piece. A part is allocated when its first byte is touched.
    pub fn in_parts(bytes: usize) -> Self {
        Self { part: bytes, ..Self::default() }
    }

    /// Whether the memories have to move where they grow.
    pub(super) fn moves(&self) -> bool {
        self.part == 0
    }

    /// Begins a memory that may have `most` bytes.
    pub(super) fn begin(&mut self, most: u64) -> Place {
        let left = self.part.saturating_sub(self.bytes.len()) as u64;
        let opens_part = self.part > 0 && !self.bytes.is_empty() && most > left;
        if opens_part {
            self.full.push(core::mem::take(&mut self.bytes));
        }
        Place { start: self.bytes.len(), opens_part }
    }

    /// Ends the memory that is there, which is the last one.
    pub(super) fn end(&mut self, place: Place) {
        self.bytes.truncate(place.start);
        if place.opens_part
            && let Some(part) = self.full.pop()
        {
            self.bytes = part;
        }
    }

    /// The bytes of the last part.
    #[inline(always)]
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes of the last part.
    #[inline(always)]
    pub(super) fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.bytes
    }

    /// Extends the last part with zeros to `len` bytes, for the memory that starts at `start`.
    pub(super) fn extend(&mut self, start: usize, len: usize) {
        if self.bytes.capacity() == 0 && self.part == 0 {
            // Asks for memory that is zero already.
            self.bytes = vec![0; len];
            return;
        }
        let more = len.saturating_sub(self.bytes.len());
        if self.bytes.capacity() < self.part {
            self.bytes.reserve_exact(self.part.max(len).saturating_sub(self.bytes.len()));
        } else if start == 0 {
            self.bytes.reserve_exact(more);
        } else {
            // What may have to move is all that lies before, so that it must not move for each
            // memory.
            self.bytes.reserve(more);
        }
        self.bytes.resize(len.max(self.bytes.len()), 0);
    }
}

#[cfg(test)]
impl MemoryRoom {
    /// Bytes that are allocated for the last part.
    pub(super) fn capacity(&self) -> usize {
        self.bytes.capacity()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memories_behind_others_seldom_move_them() {
        let mut room = MemoryRoom::default();
        room.extend(0, 100);
        let mut moves = 0;
        for _ in 0..1000 {
            let (start, before) = (room.begin(100).start, room.capacity());
            room.extend(start, start + 100);
            moves += u32::from(room.capacity() != before);
        }
        assert!(moves <= 10, "{moves}");
    }

    #[test]
    fn nothing_is_allocated_before_it_is_touched() {
        let mut room = MemoryRoom::in_parts(1 << 20);
        assert_eq!(room.begin(1 << 16).start, 0);
        assert_eq!(room.bytes.capacity(), 0);
        room.extend(0, 10);
        assert_eq!((room.bytes.len(), room.bytes.capacity()), (10, 1 << 20));
    }

    #[test]
    fn memories_lie_one_behind_the_other_and_begin_with_zeros() {
        let mut room = MemoryRoom::in_parts(100);
        room.extend(0, 30);
        room.bytes_mut().fill(1);
        let place = room.begin(70);
        assert_eq!(place.start, 30);
        room.extend(0, 50);
        room.bytes_mut()[30..].fill(2);
        room.end(place);
        assert_eq!(room.begin(70).start, 30);
        room.extend(0, 40);
        assert_eq!(room.bytes()[29..32], [1, 0, 0]);
    }

    #[test]
    fn what_may_not_fit_a_part_has_another_and_the_last_one_comes_back() {
        let mut room = MemoryRoom::in_parts(100);
        room.extend(0, 31);
        let second = room.begin(70);
        assert_eq!((second.start, room.full.len()), (0, 1));
        room.extend(0, 70);
        assert_eq!(room.bytes.capacity(), 100);
        room.end(second);
        assert_eq!((room.bytes.len(), room.full.len()), (31, 0));
    }

    #[test]
    fn a_memory_that_never_was_touched_takes_no_part() {
        let mut room = MemoryRoom::in_parts(100);
        let outer = room.begin(100);
        let inner = room.begin(100);
        room.end(inner);
        room.end(outer);
        assert!(room.full.is_empty() && room.bytes.capacity() == 0);
    }

    #[test]
    fn a_part_goes_with_the_memory_that_opened_it_even_if_nothing_was_touched() {
        let mut room = MemoryRoom::in_parts(100);
        room.extend(0, 31);
        let second = room.begin(70);
        let third = room.begin(70);
        room.end(third);
        assert_eq!((room.bytes.len(), room.full.len()), (0, 1), "the second still has its part");
        room.end(second);
        assert_eq!((room.bytes.len(), room.full.len()), (31, 0));
    }

    #[test]
    fn more_than_a_part_is_given_all_the_same() {
        let mut room = MemoryRoom::in_parts(100);
        room.extend(0, 250);
        assert_eq!(room.bytes().len(), 250);
    }

    #[test]
    fn without_parts_the_room_grows_as_asked() {
        let mut room = MemoryRoom::default();
        room.extend(0, 40);
        assert_eq!(room.begin(1 << 30).start, 40);
        room.extend(0, 90);
        assert_eq!((room.bytes().len(), room.full.len()), (90, 0));
    }
}
