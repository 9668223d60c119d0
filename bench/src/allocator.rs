//! The program's allocator: the system's, or, where instructions are counted, one that always takes
//! as many.
use std::alloc::{GlobalAlloc, Layout, System};
use std::ptr::null_mut;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustix::mm::{MapFlags, ProtFlags, mmap_anonymous};

use crate::error::Result;

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::of_the_system();

/// Bytes of addresses that allocations without end may take; only what is touched becomes memory.
const ROOM: usize = 8 << 30;

/// The system's allocator, until [`count_evenly`]. What that one takes depends on all that was
/// allocated before, down to the lengths of paths: for workloads that allocate much, 4.5 %.
struct Allocator {
    /// Where the room starts from which all is taken, one behind the other, and to which nothing
    /// returns; 0 while the system's allocator is used.
    start: AtomicUsize,
    /// Where the rest of the room starts.
    next: AtomicUsize,
}

/// From here on, each allocation of this program takes the same instructions, whatever was
/// allocated before.
///
/// # Errors
/// When the system does not give the addresses.
pub fn count_evenly() -> Result<()> {
    ALLOCATOR.begin_room()
}

impl Allocator {
    const fn of_the_system() -> Self {
        Self { start: AtomicUsize::new(0), next: AtomicUsize::new(0) }
    }

    /// See [`count_evenly`].
    fn begin_room(&self) -> Result<()> {
        let flags = MapFlags::PRIVATE | MapFlags::NORESERVE;
        // SAFETY: A new mapping at an address that the system chooses.
        let room =
            unsafe { mmap_anonymous(null_mut(), ROOM, ProtFlags::READ | ProtFlags::WRITE, flags) };
        let start = room.map_err(std::io::Error::from)?.expose_provenance();
        self.next.store(start, Ordering::Relaxed);
        self.start.store(start, Ordering::Release);
        Ok(())
    }

    /// The next bytes of the room, which are zero.
    fn take(&self, start: usize, layout: Layout) -> *mut u8 {
        let mut next = self.next.load(Ordering::Relaxed);
        loop {
            let place = next.next_multiple_of(layout.align());
            let end = place.saturating_add(layout.size());
            if end > start + ROOM {
                return null_mut();
            }
            match self.next.compare_exchange_weak(next, end, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return std::ptr::with_exposed_provenance_mut(place),
                Err(other) => next = other,
            }
        }
    }

    /// Whether the pointer is into the room that starts there.
    fn has(start: usize, pointer: *mut u8) -> bool {
        start != 0 && (start..start + ROOM).contains(&pointer.addr())
    }
}

// SAFETY: Pointers of the room are never given twice and go nowhere; all others are the system's,
// and go to it.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        match self.start.load(Ordering::Acquire) {
            // SAFETY: As promised to this function.
            0 => unsafe { System.alloc(layout) },
            start => self.take(start, layout),
        }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        match self.start.load(Ordering::Acquire) {
            // SAFETY: As promised to this function.
            0 => unsafe { System.alloc_zeroed(layout) },
            // What the system gives is zero, and nothing is given again.
            start => self.take(start, layout),
        }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        if !Self::has(self.start.load(Ordering::Acquire), pointer) {
            // SAFETY: As promised to this function; the pointer is the system's.
            unsafe { System.dealloc(pointer, layout) }
        }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let start = self.start.load(Ordering::Acquire);
        if !Self::has(start, pointer) {
            // SAFETY: As promised to this function; the pointer is the system's.
            return unsafe { System.realloc(pointer, layout, size) };
        }
        if size <= layout.size() {
            return pointer;
        }
        // SAFETY: The caller promises that the new size is one that a layout may have.
        let place =
            self.take(start, unsafe { Layout::from_size_align_unchecked(size, layout.align()) });
        if !place.is_null() {
            // SAFETY: Both are so large, and the new one is elsewhere.
            unsafe { std::ptr::copy_nonoverlapping(pointer, place, layout.size()) };
        }
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is there, as bytes.
    fn bytes<'a>(pointer: *mut u8, size: usize) -> &'a mut [u8] {
        assert!(!pointer.is_null());
        // SAFETY: The tests allocate `size` initialised bytes, and look at them one after the
        // other.
        unsafe { std::slice::from_raw_parts_mut(pointer, size) }
    }

    #[test]
    fn what_was_allocated_before_stays_and_what_comes_is_zero_and_elsewhere() {
        let allocator = Allocator::of_the_system();
        let layout = |size, align| Layout::from_size_align(size, align).unwrap();
        let (small, aligned, odd) = (layout(100, 1), layout(128, 64), layout(3, 1));
        // SAFETY: Sizes are not 0, pointers go back where they come from, with the layouts that
        // they have.
        unsafe {
            let before = allocator.alloc_zeroed(small);
            bytes(before, 100).fill(7);
            allocator.begin_room().unwrap();
            let start = allocator.start.load(Ordering::Acquire);
            // What is the system's grows there, and goes back there.
            let before = allocator.realloc(before, small, 200);
            assert!(!Allocator::has(start, before));
            assert_eq!(bytes(before, 100), [7; 100]);
            allocator.dealloc(before, layout(200, 1));

            let first = allocator.alloc_zeroed(odd);
            bytes(first, 3).fill(1);
            let second = allocator.alloc_zeroed(aligned);
            assert!(Allocator::has(start, first) && second.addr() % 64 == 0 && second > first);
            bytes(second, 128).fill(2);
            let grown = allocator.realloc(first, odd, 1000);
            assert_eq!((&bytes(grown, 1000)[..3], bytes(second, 128)[0]), (&[1; 3][..], 2));
            // Nothing is given again.
            allocator.dealloc(grown, layout(1000, 1));
            assert!(allocator.alloc(odd) > grown);
            assert_eq!(bytes(allocator.alloc_zeroed(small), 100), [0; 100]);
            assert!(allocator.alloc(layout(ROOM + 1, 1)).is_null());
        }
    }
}
