//! The runtime API, and the dry runs that answer it.
pub(crate) mod clock;
mod dry_run;
mod next_block;
pub mod runtime_api;
mod trace;
