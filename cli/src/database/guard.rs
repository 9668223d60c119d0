//! A damaged file can make the database library panic, however much it checks before. Here that
//! becomes an error like any other.
use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::Once;

use super::failed;
use crate::error::Result;

thread_local! {
    /// Whether this thread is inside [`guarded`], and a panic is not to be shown.
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Does something with the database of a file.
pub fn guarded<T>(file: &Path, work: impl FnOnce() -> Result<T>) -> Result<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let shown = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !GUARDED.get() {
                shown(info);
            }
        }));
    });
    let outer = GUARDED.replace(true);
    // What is left half-done is the database's, which is not used after an error.
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(outer);
    result.unwrap_or_else(|_| {
        Err(failed(file, redb::Error::Corrupted("its structure makes no sense".to_owned())))
    })
}
