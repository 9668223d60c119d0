//! Token transfers per second of block execution, in runtimes' WebAssembly blobs.
//!
//! A [`Subject`](work::Subject) is a chain whose runtime runs in a blob by a node's executor, on a
//! trie in memory with a node's cache of it. Its blocks hold one transaction each of many senders;
//! they are made as an author does and imported as a node does that hears of them, and both are
//! timed. Every runtime is driven by the same code: all that differs is how its calls are encoded.
pub mod chain;
pub mod count;
mod erc20;
pub mod measure;
pub mod report;
pub mod revive;
pub mod state;
pub mod tephra;
pub mod transaction;
pub mod user;
pub mod work;

use serde_json::{Value, json};
use sp_core::crypto::Ss58Codec;
use sp_io::hashing::twox_128;

use user::User;

/// A result, or a sentence about what went wrong.
pub type Result<T> = std::result::Result<T, String>;

/// Gives users balance in the JSON of a genesis.
fn fund<'u>(genesis: &mut Value, users: impl IntoIterator<Item = &'u User>, amount: u128) {
    let Some(list) = genesis["balances"]["balances"].as_array_mut() else { return };
    list.extend(users.into_iter().map(|user| json!([user.account.to_ss58check(), amount])));
}

/// The key of a value in a pallet's storage.
pub(crate) fn storage_key(pallet: &str, item: &str) -> Vec<u8> {
    [twox_128(pallet.as_bytes()), twox_128(item.as_bytes())].concat()
}
