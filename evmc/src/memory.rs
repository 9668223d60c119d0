//! Memory for what the client gives, of a size that the client chooses.

/// Sizes that are not asked for: where these fail, everything does.
const SMALL: usize = 64 << 10;

/// Whether there is memory for so many bytes.
///
/// For values that Rust cannot make without ending the process when there is none. The memory is asked for and given back, so another thread may take it in between.
pub fn is_there(bytes: usize) -> bool {
    bytes <= SMALL || Vec::<u8>::new().try_reserve_exact(bytes).is_ok()
}

/// A copy, unless there is no memory for it.
pub fn copy<T: Copy, U: From<T>>(values: &[T]) -> Option<Vec<U>> {
    let mut copy = Vec::new();
    copy.try_reserve_exact(values.len()).ok()?;
    copy.extend(values.iter().copied().map(U::from));
    Some(copy)
}
