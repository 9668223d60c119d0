//! Catches panics of the database library: a damaged file can cause one, however much the library
//! checks before. The panic becomes an error like any other.
use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::Once;

use super::error::{Error, Problem, Result};

thread_local! {
    /// Whether this thread is inside [`guarded`].
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Keeps the panic hook silent about panics of the database library, which become errors. Other
/// panics reach the hook that was set before.
///
/// The hook belongs to the whole process, so it is the program's to decide: the library does not
/// call this.
pub fn silence_caught_panics() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let shown = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !GUARDED.get() {
                shown(info);
            }
        }));
    });
}

/// Runs work on the database of a file, and returns a panic as an error.
pub(super) fn guarded<T>(file: &Path, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let outer = GUARDED.replace(true);
    // What is left half-done is the database's, which is not used after an error.
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(outer);
    result.unwrap_or_else(|_| {
        Err(Error::new(file, Problem::Damaged("its structure makes no sense".to_owned())))
    })
}
