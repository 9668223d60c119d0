//! Runs calls and creates on the engine, and writes what they changed.
pub(crate) mod backend;
pub(crate) mod engine;
mod error;
pub(crate) mod limits;
pub(crate) mod log_index;
pub(crate) mod runner;
pub(crate) mod writer;
