//! The runtime API, and the dry runs that answer it.
mod dry_run;
mod next_block;
pub mod runtime_api;
mod state;
mod trace;
