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

/// Work of the engine that has no price in gas: Ethereum has none for it, or one that was made for
/// native code.
#[derive(Clone, Copy, Debug)]
pub enum Work<'a> {
    /// Validating init code, and translating what of it runs.
    InitCode {
        /// Its size.
        bytes: usize,
        /// That of the message: 0 for the transaction's own.
        depth: u32,
    },
    /// Making the code of an account ready to run: parsing it, and translating what of it runs. A
    /// machine may have kept the result from an earlier message.
    Code {
        /// Its Keccak-256 hash.
        hash: &'a B256,
        /// Its size.
        bytes: usize,
        /// Whether it need not be validated, see [`Backend::code_is_validated`].
        is_validated: bool,
    },
    /// Beginning a frame.
    Frame {
        /// What is set up for it, see
        /// [`Contract::instance_items`](crate::ewasm::Contract::instance_items).
        items: u32,
    },
    /// Running a precompiled contract of Ethereum's.
    Precompile {
        /// Its address.
        address: &'a Address,
        /// What it is given.
        input: &'a [u8],
        /// Its price in gas, which has been paid.
        gas: u64,
    },
}

/// The state as the last finished transaction left it: a database, a trie, a pallet's storage maps.
///
/// A [`JournaledState`](super::JournaledState) reads each item once per transaction, but for code,
/// block hashes, and what was read in a message that was undone, and never writes; what a
/// transaction
/// changed is a [`Changes`](super::Changes) value, for the owner of the backend to write.
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

    /// The bytes of the code with this hash, which an account of the backend names, if that can be
    /// told without the code. The default cannot.
    ///
    /// # Errors
    /// When reading fails or there is no such code.
    fn code_size(&self, _hash: &B256) -> Result<Option<usize>, Self::Error> {
        Ok(None)
    }

    /// The hash of a block. It is asked only for the 256 blocks before the present one.
    ///
    /// # Errors
    /// When reading fails.
    fn block_hash(&self, number: u64) -> Result<Option<B256>, Self::Error>;

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

    /// Bytes of code from here that the state keeps at hand, at most. Looking at code is cheap in
    /// gas compared to its size, so that what is kept must not grow with it.
    fn code_at_hand(&self) -> usize {
        8 << 20
    }

    /// Bytes that all that a transaction makes grow may count for: accounts and slots that it looks
    /// at, transient storage, logs, new code, and the ways back. The weights are the same on all
    /// machines, and so must this be on all that are to agree. A message that makes more grow fails
    /// with [`Status::Failure`](crate::ewasm::Status::Failure), and what it did is undone; a nested
    /// message leaves 16 KiB to its sender. The default, 1 GiB, is more than 500 million gas can
    /// fill.
    fn journal_bytes(&self) -> u64 {
        1 << 30
    }

    /// The journal no longer knows an account, or a slot of it, since the message that looked at it
    /// first was undone. It asks for it again when it is used again.
    fn forgotten(&self, _address: &Address, _key: Option<&B256>) {}

    /// Whether the code with this hash went through a create of this engine under the same
    /// configuration, and so need not be validated before it runs. The default is the careful
    /// answer.
    fn code_is_validated(&self, _hash: &B256) -> bool {
        false
    }

    /// Code that [`Self::code_is_validated`] denied has been validated in the meantime, and is
    /// valid.
    fn code_was_validated(&self, _hash: &B256) {}

    /// Work without a price in gas is about to be done. For a backend that has another measure of
    /// time beside gas.
    ///
    /// # Errors
    /// When it may not be done: the transaction then fails as when reading fails.
    fn work(&self, _work: Work<'_>) -> Result<(), Self::Error> {
        Ok(())
    }

    /// A checkpoint of the state has been committed or rolled back; `open` are left open. For a
    /// backend to whose database somebody writes while a transaction runs, and who has to undo that
    /// too: see [`JournaledState::open_checkpoints`](super::JournaledState::open_checkpoints).
    fn checkpoint_closed(&self, _open: u32, _is_committed: bool) {}
}
