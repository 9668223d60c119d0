//! The program's allocator: the system's, or, where instructions are counted, one that always takes as many.
use std::alloc::{GlobalAlloc, Layout, System};
use std::ptr::null_mut;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustix::mm::{MapFlags, ProtFlags, mmap_anonymous};

use crate::error::Result;

#[global_allocator]
static ALLOCATOR: Allocator = Allocator { start: AtomicUsize::new(0), next: AtomicUsize::new(0) };

/// Bytes of addresses that allocations without end may take; only what is touched becomes memory.
const ROOM: usize = 8 << 30;

/// The system's allocator, until [`count_evenly`]. What that one takes depends on all that was allocated before, down to the lengths of paths: for workloads that allocate
/// much, up to 5 %.
struct Allocator {
    /// Where the room starts from which all is taken, one behind the other, and to which nothing returns; 0 while the system's allocator is used.
    start: AtomicUsize,
    /// Where the rest of the room starts.
    next: AtomicUsize,
}

/// From here on, each allocation takes the same instructions, whatever was allocated before.
///
/// # Errors
/// When the system does not give the addresses.
pub fn count_evenly() -> Result<()> {
    let flags = MapFlags::PRIVATE | MapFlags::NORESERVE;
    // SAFETY: A new mapping at an address that the system chooses.
    let room = unsafe { mmap_anonymous(null_mut(), ROOM, ProtFlags::READ | ProtFlags::WRITE, flags) };
    let start = room.map_err(std::io::Error::from)? as usize;
    ALLOCATOR.next.store(start, Ordering::Relaxed);
    ALLOCATOR.start.store(start, Ordering::Release);
    Ok(())
}

impl Allocator {
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

// SAFETY: Pointers of the room are never given twice and go nowhere; all others are the system's, and go to it.
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
        let place = self.take(start, unsafe { Layout::from_size_align_unchecked(size, layout.align()) });
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

    #[test]
    fn what_was_allocated_before_stays_and_what_comes_is_zero_and_elsewhere() {
        let mut before = vec![7_u8; 1000];
        count_evenly().unwrap();
        let start = ALLOCATOR.start.load(Ordering::Acquire);
        before.extend([8; 1000]);
        assert_eq!((before[..1000].to_vec(), before[1000..].to_vec()), (vec![7; 1000], vec![8; 1000]));
        let mut bytes = vec![0_u8; 100];
        let words = vec![0_u64; 100];
        assert!(Allocator::has(start, bytes.as_mut_ptr()) && !Allocator::has(start, before.as_mut_ptr()));
        assert!(words.as_ptr().is_aligned());
        bytes.fill(1);
        bytes.extend([2; 10_000]);
        assert!(words.iter().all(|word| *word == 0));
        assert_eq!((bytes[99], bytes[100], bytes.len()), (1, 2, 10_100));
        let too_much = Layout::from_size_align(ROOM + 1, 1).unwrap();
        // SAFETY: The size is not 0.
        assert!(unsafe { ALLOCATOR.alloc(too_much) }.is_null());
    }
}
