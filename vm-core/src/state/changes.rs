//! What a transaction changed.
use alloc::sync::Arc;
use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};

/// Everything that a transaction changed in the state, for the owner of the backend to write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The accounts that are different from before, by ascending address, each once.
    pub accounts: Vec<(Address, AccountChange)>,
}

/// What became of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountChange {
    /// The account is there, with these contents.
    Update(AccountUpdate),
    /// The account is gone, with all its storage: it was destroyed, or touched and empty (EIP-161).
    Delete,
}

/// The contents of a changed account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountUpdate {
    /// The nonce.
    pub nonce: u64,
    /// In wei.
    pub balance: U256,
    /// Keccak-256 of the code.
    pub code_hash: B256,
    /// The code, when it is new.
    pub code: Option<Arc<[u8]>>,
    /// Storage slots with another value than before, by ascending key; zero for a slot that is
    /// gone. Other slots stay as they are.
    pub storage: Vec<(B256, B256)>,
}
