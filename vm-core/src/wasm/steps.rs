//! Steps of loops that go through more than the bytes that are read, counted in tests with debug
//! assertions: they are in proportion to the bytes all the same.

use crate::work::{self, Unit};

/// Counts steps. Costs nothing outside of tests and the search for work that is not paid for.
#[inline(always)]
pub(crate) fn count(_steps: usize) {
    work::add(Unit::Step, _steps as u64);
    #[cfg(all(test, debug_assertions))]
    counter::add(_steps);
}

#[cfg(all(test, debug_assertions))]
mod counter {
    extern crate std;

    use core::cell::Cell;

    std::thread_local! {
        static STEPS: Cell<usize> = const { Cell::new(0) };
    }

    pub fn add(steps: usize) {
        STEPS.set(STEPS.get() + steps);
    }

    /// The steps that something takes.
    pub fn of(run: impl FnOnce()) -> usize {
        let before = STEPS.get();
        run();
        STEPS.get() - before
    }
}

#[cfg(all(test, debug_assertions))]
pub(crate) use counter::of;
