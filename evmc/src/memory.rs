//! Memory of the host, and memory for what it gives, of a size that the host chooses.
use std::{ptr, slice};

/// An array of C, in which null stands for no values. None when it is null and said to have some,
/// or said to be larger than any memory.
///
/// # Safety
/// Unless the pointer is null, there are `length` values for as long as the slice is used.
pub unsafe fn array<'a, T>(pointer: *const T, length: usize) -> Option<&'a [T]> {
    if length == 0 {
        return Some(&[]);
    }
    let is_possible =
        length.checked_mul(size_of::<T>()).is_some_and(|bytes| bytes <= isize::MAX as usize);
    // SAFETY: as demanded.
    (is_possible && !pointer.is_null()).then(|| unsafe { slice::from_raw_parts(pointer, length) })
}

/// Sizes that are not asked for: where these fail, everything does.
const SMALL: usize = 64 << 10;

/// Whether there is memory for so many bytes.
///
/// For values that Rust cannot make without ending the process when there is none. The memory is
/// asked for and given back, so another thread may take it in between.
pub fn is_there(bytes: usize) -> bool {
    bytes <= SMALL || Vec::<u8>::new().try_reserve_exact(bytes).is_ok()
}

/// Output for the client, which it gives back to [`take_back`]: null when there is none.
pub fn leak(output: Vec<u8>) -> (*const u8, usize) {
    let size = output.len();
    if size == 0 {
        (ptr::null(), 0)
    } else {
        (Box::into_raw(output.into_boxed_slice()).cast_const().cast(), size)
    }
}

/// Frees output that the client gives back.
///
/// # Safety
/// It came from [`leak`], with this size, and is given back once.
pub unsafe fn take_back(output: *const u8, size: usize) {
    if !output.is_null() {
        // SAFETY: as demanded.
        drop(unsafe { Box::from_raw(ptr::slice_from_raw_parts_mut(output.cast_mut(), size)) });
    }
}

/// A copy, unless there is no memory for it.
pub fn copy<T: Copy, U: From<T>>(values: &[T]) -> Option<Vec<U>> {
    let mut copy = Vec::new();
    copy.try_reserve_exact(values.len()).ok()?;
    copy.extend(values.iter().copied().map(U::from));
    Some(copy)
}
