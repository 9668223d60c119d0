//! Memory of the process.

/// Allocations from this size on are given back to the system when they are freed.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const LARGE: i32 = 256 << 10;

/// Free memory at the end of the heap that is kept at most.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const SPARE: i32 = 4 << 20;

/// Has the allocator give large allocations back to the system as soon as they are freed.
///
/// The C library raises its threshold to the largest that was freed, up to 32 MiB. A few large
/// answers of JSON-RPC on many threads then leave each thread's heap as large as they were, for
/// ever.
pub fn give_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: no other thread runs yet, and both are parameters that the C library documents. It
    // refuses what it does not know.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE);
        libc::mallopt(libc::M_TRIM_THRESHOLD, SPARE);
    }
}
