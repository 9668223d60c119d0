//! What the benchmarks' reports have in common.
pub mod documents;
mod machine;
pub mod statistics;

pub use machine::Machine;
