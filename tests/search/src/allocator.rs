//! The system's allocator, which says how often it is asked.
use std::alloc::{GlobalAlloc, Layout, System};

use tephra_core::work::{self, Unit};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

struct Counting;

// SAFETY: All is the system's.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        work::add(Unit::Allocation, 1);
        // SAFETY: As promised to this function.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        work::add(Unit::Allocation, 1);
        // SAFETY: As promised to this function.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        work::add(Unit::Allocation, 1);
        work::add(Unit::Moved, layout.size().min(size).div_ceil(8) as u64);
        // SAFETY: As promised to this function.
        unsafe { System.realloc(pointer, layout, size) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: As promised to this function.
        unsafe { System.dealloc(pointer, layout) }
    }
}
