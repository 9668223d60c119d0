//! The same blocks in the native runtime and in its WebAssembly blob.
//!
//! A [`Chain`] has several [`World`]s: one builds blocks natively, one builds them in the blob, and
//! one imports what was built, in the blob, as a node does that hears of a block. Every call is
//! made in all of them, and every answer, event and storage root must be the same. What differs is
//! named: the extrinsic, the event, the storage key.
//!
//! The blob comes from `scripts/runtime-blob`. Without it all worlds are native, and a line on
//! standard error says so.
pub mod blob;
mod chain;
pub mod contract;
mod difference;
pub mod greedy;
pub mod heap_search;
mod machine;
pub mod random;
mod transaction;
mod world;

pub use chain::{BlockReport, Chain, Heap, merge};
pub use machine::machine;
pub use transaction::{signed, signed_by, signed_in};
pub use world::World;

/// How a program ends, after it has said what went wrong.
pub fn exit(result: Result<(), String>) -> std::process::ExitCode {
    match result {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            std::process::ExitCode::FAILURE
        }
    }
}
