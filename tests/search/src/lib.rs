//! A search for work that gas does not pay for: it makes modules, messages and transactions,
//! changes those that do the most work for their gas, and keeps the worst of each kind.
//!
//! Work is counted in units (`tephra_core::work`), so that the same seed finds the same on every
//! machine.
#[cfg(feature = "work")]
mod allocator;
mod build;
pub mod clock;
pub mod evaluate;
pub mod genome;
mod library;
pub mod run;
#[cfg(feature = "work")]
pub mod search;
pub mod worst;
