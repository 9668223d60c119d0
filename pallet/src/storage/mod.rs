//! What the pallet stores, who pays for it, and what is always true of it.
pub(crate) mod address;
pub(crate) mod code;
pub(crate) mod deletion;
pub(crate) mod deposit;
pub(crate) mod genesis;
pub(crate) mod nonce;
pub(crate) mod slot;
#[cfg(any(test, feature = "mock", feature = "try-runtime"))]
mod try_state;
pub(crate) mod types;
