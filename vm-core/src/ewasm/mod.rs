//! The Ewasm layer: contracts with Ethereum's semantics on top of [`wasm`](crate::wasm).
mod host;
mod inspect;
mod message;

pub use host::{AccessStatus, Host, RecursiveHost, StorageStatus, TransactionContext};
pub use inspect::{Inspector, InterfaceCall};
pub use message::{CallKind, Message, Outcome, Status};
