//! The memory of the process.

/// The size from which allocations are given back to the system when they are freed.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const LARGE: i32 = 256 << 10;

/// The most free memory that is kept at the end of the heap.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const SPARE: i32 = 4 << 20;

/// Makes the allocator give large allocations back to the system as soon as they are freed.
///
/// The C library raises its threshold to the size of the largest freed allocation, up to 32 MiB. A
/// few large answers of JSON-RPC on many threads then leave the heap of each thread that large for
/// good.
pub fn give_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: no other thread runs yet, and the C library documents both parameters and refuses
    // unknown ones.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE);
        libc::mallopt(libc::M_TRIM_THRESHOLD, SPARE);
    }
}
