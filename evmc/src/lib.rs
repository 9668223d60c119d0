//! Tephra as an EVMC virtual machine.
//!
//! [`EvmcVm`] is the virtual machine itself, whatever the version of the ABI: options, contracts,
//! and running a [`Request`] for a [`RecursiveHost`]. [`create`] puts it behind the C structures of
//! ABI 12, which are in [`abi`]; `libtephra.so` exports that and nothing else. `docs/evmc.md` tells
//! how to use it.
pub mod abi;
mod answer;
mod host;
mod instance;
mod memo;
mod memory;
mod observer;
mod options;
mod tables;
mod trace;
mod transaction;
mod vm;

pub use answer::Answer;
pub use host::{Fault, RecursiveHost};
pub use instance::{create, guarded};
pub use memory::{array, is_there, leak, take_back};
pub use options::{OPTIONS, OptionError, OptionSpec, options_table};
pub use tables::{call_kind, kind_number, revision, statuses_table};
pub use vm::{EvmcVm, Reply, Request};
