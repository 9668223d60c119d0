//! The Ewasm layer: contracts with Ethereum's semantics on top of [`wasm`](crate::wasm).
mod host;
mod inspect;
mod message;
pub mod state;

pub use host::{AccessStatus, Host, RecursiveHost, StorageStatus, TransactionContext};
pub use inspect::{Inspector, InterfaceCall};
pub use message::{CallKind, Message, Outcome, Status};
mod contract {
    pub fn is_wasm(code: &[u8]) -> bool {
        code.starts_with(b"\0asm")
    }
}
mod pending;
mod schedule;
pub use contract::is_wasm;
pub use pending::*;
pub use schedule::*;
