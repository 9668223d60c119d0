//! What an execution weighs: its gas, its work without a price in gas, and its writes.
//!
//! The weights themselves, which benchmarks measure, are in [`weights`](crate::weights).
pub(crate) mod gas;
pub(crate) mod work;
pub(crate) mod writing;
