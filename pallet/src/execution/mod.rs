//! Runs calls and creates on the engine.
pub(crate) mod clock;
mod error;
mod invocation;
mod log_index;
mod runner;

pub use self::clock::{Clock, NODE_CLOCK};
pub(crate) use self::invocation::{Action, Executed, Invocation, Limits, NotExecuted};
pub(crate) use self::log_index::LogIndex;
pub(crate) use self::runner::Runner;
