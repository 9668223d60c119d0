//! Where the state lies between transactions.
use alloc::sync::Arc;

use alloy_primitives::{Address, B256, KECCAK256_EMPTY, U256};

/// What an account is, apart from its storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountInfo {
    /// Transactions sent, or contracts made; 1 for a new contract (EIP-161).
    pub nonce: u64,
    /// In wei.
    pub balance: U256,
    /// Keccak-256 of the code; [`KECCAK256_EMPTY`] without code.
    pub code_hash: B256,
}

impl AccountInfo {
    /// An account that has nothing, which since EIP-161 is the same as one that does not exist.
    pub const EMPTY: Self = Self { nonce: 0, balance: U256::ZERO, code_hash: KECCAK256_EMPTY };

    /// Whether the account is empty in the sense of EIP-161: no nonce, no balance, no code.
    pub fn is_empty(&self) -> bool {
        *self == Self::EMPTY
    }

    /// Whether the account has code.
    pub fn has_code(&self) -> bool {
        self.code_hash != KECCAK256_EMPTY
    }
}

impl Default for AccountInfo {
    fn default() -> Self {
        Self::EMPTY
    }
}

/// The state as the last finished transaction left it: a database, a trie, a pallet's storage maps.
/// Four reads, and two that can be left to their defaults.
///
/// A [`JournaledState`](super::JournaledState) reads each item once per transaction, but for code,
/// block hashes, and what was read in a message that was undone. It never writes: what a
/// transaction changed is a [`Changes`](super::Changes) value, for the owner of the backend to
/// write.
pub trait Backend {
    /// Why reading failed.
    type Error;

    /// The account at an address; none when there is none.
    ///
    /// # Errors
    /// When reading fails.
    fn account(&self, address: &Address) -> Result<Option<AccountInfo>, Self::Error>;

    /// The value of a storage slot; zero when nothing was written.
    ///
    /// # Errors
    /// When reading fails.
    fn storage(&self, address: &Address, key: &B256) -> Result<B256, Self::Error>;

    /// The code with this Keccak-256 hash, which an account of the backend names.
    ///
    /// # Errors
    /// When reading fails or there is no such code.
    fn code(&self, hash: &B256) -> Result<Arc<[u8]>, Self::Error>;

    /// The hash of a block. It is asked only for the 256 blocks before the one that runs.
    ///
    /// # Errors
    /// When reading fails.
    fn block_hash(&self, number: u64) -> Result<Option<B256>, Self::Error>;

    /// The bytes of the code with this hash, which an account of the backend names, if that can be
    /// told without the code. The default cannot.
    ///
    /// # Errors
    /// When reading fails or there is no such code.
    fn code_size(&self, _hash: &B256) -> Result<Option<usize>, Self::Error> {
        Ok(None)
    }

    /// Whether any storage slot of the account is not zero: a contract cannot be created there
    /// (EIP-7610).
    ///
    /// Only states older than Spurious Dragon can have storage in an account without nonce and
    /// code. A backend that cannot look this up and has no such state may leave the default, which
    /// says no.
    ///
    /// # Errors
    /// When reading fails.
    fn has_storage(&self, _address: &Address) -> Result<bool, Self::Error> {
        Ok(false)
    }
}
