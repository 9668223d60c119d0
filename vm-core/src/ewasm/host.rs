//! What keeps the state: the trait that the command's database, the pallet and EVMC each implement.
use alloy_primitives::{Address, B256, U256};

/// The effect of a storage write, as EVMC's `evmc_storage_status`: original value of the
/// transaction → current value → new value. `X`, `Y`, `Z` are non-zero and different, `0` is zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum StorageStatus {
    /// Nothing changes, or a change that costs as much as a warm read.
    Assigned = 0,
    /// 0 → 0 → Z.
    Added = 1,
    /// X → X → 0.
    Deleted = 2,
    /// X → X → Z.
    Modified = 3,
    /// X → 0 → Z.
    DeletedAdded = 4,
    /// X → Y → 0.
    ModifiedDeleted = 5,
    /// X → 0 → X.
    DeletedRestored = 6,
    /// 0 → Y → 0.
    AddedDeleted = 7,
    /// X → Y → X.
    ModifiedRestored = 8,
}

impl StorageStatus {
    /// The status of writing `new` over `current` where the transaction found `original` (EIP-2200,
    /// EIP-3529).
    pub fn of(original: &B256, current: &B256, new: &B256) -> Self {
        if current == new {
            return Self::Assigned;
        }
        if original == current {
            return match (current.is_zero(), new.is_zero()) {
                (true, _) => Self::Added,
                (false, true) => Self::Deleted,
                (false, false) => Self::Modified,
            };
        }
        match (original.is_zero(), current.is_zero(), new.is_zero()) {
            (true, _, true) => Self::AddedDeleted,
            (true, _, false) => Self::Assigned,
            (false, true, _) if new == original => Self::DeletedRestored,
            (false, true, _) => Self::DeletedAdded,
            (false, false, true) => Self::ModifiedDeleted,
            (false, false, false) if new == original => Self::ModifiedRestored,
            (false, false, false) => Self::Assigned,
        }
    }
}

/// Whether the transaction had touched an account or slot before (EIP-2929).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AccessStatus {
    /// First touch.
    Cold,
    /// Touched before, or listed in the transaction.
    Warm,
}

/// Facts of the block and transaction that a contract can ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TransactionContext {
    /// Who signed the transaction.
    pub origin: Address,
    /// Wei per gas.
    pub gas_price: U256,
    /// The block's beneficiary.
    pub coinbase: Address,
    /// The block's number.
    pub number: u64,
    /// Seconds since 1970 of the block.
    pub timestamp: u64,
    /// Gas limit of the block.
    pub gas_limit: u64,
    /// Difficulty; from Paris on the beacon's randomness (EIP-4399).
    pub prev_randao: B256,
    /// EIP-155 chain id.
    pub chain_id: U256,
    /// Wei per gas of the block (EIP-3198).
    pub base_fee: U256,
    /// Wei per blob gas of the block (EIP-7516).
    pub blob_base_fee: U256,
    /// Versioned hashes of the transaction's blobs (EIP-4844).
    pub blob_hashes: alloc::vec::Vec<B256>,
}

/// The state around a frame, after EVMC's host interface.
///
/// A method cannot fail: a host whose database fails remembers the error, answers anything, and has
/// its driver give [`Status::InternalError`](super::Status::InternalError) at the end.
pub trait Host {
    /// Whether the account exists; from Spurious Dragon on, whether it is not empty (EIP-161).
    fn account_exists(&mut self, address: &Address) -> bool;
    /// Balance in wei.
    fn balance(&mut self, address: &Address) -> U256;
    /// Bytes of the account's code.
    fn code_size(&mut self, address: &Address) -> usize;
    /// Keccak-256 of the account's code; zero when the account does not exist or is empty
    /// (EIP-1052).
    fn code_hash(&mut self, address: &Address) -> B256;
    /// Copies code from `offset` on into `buffer`; answers how many bytes there were.
    fn copy_code(&mut self, address: &Address, offset: usize, buffer: &mut [u8]) -> usize;
    /// The account whose code runs when this one is called, as this one delegates its code
    /// (EIP-7702); asked from Prague on. None when it does not, and of a host that sees to
    /// delegations itself, to which the message then goes as it is.
    fn delegate(&mut self, _address: &Address) -> Option<Address> {
        None
    }
    /// Whether the account's nonce is 2^64−1, so that it can create nothing any more (EIP-2681). A
    /// host that does not tell nonces answers false, and a create's own outcome then
    /// says that it did not begin ([`Outcome::not_begun`](super::Outcome::not_begun)).
    fn nonce_is_exhausted(&mut self, _address: &Address) -> bool {
        false
    }
    /// The value of a storage slot.
    fn storage(&mut self, address: &Address, key: &B256) -> B256;
    /// Writes a storage slot.
    fn set_storage(&mut self, address: &Address, key: &B256, value: &B256) -> StorageStatus;
    /// The value of a transient storage slot (EIP-1153).
    fn transient_storage(&mut self, address: &Address, key: &B256) -> B256;
    /// Writes a transient storage slot (EIP-1153).
    fn set_transient_storage(&mut self, address: &Address, key: &B256, value: &B256);
    /// Touches an account (EIP-2929).
    fn access_account(&mut self, address: &Address) -> AccessStatus;
    /// Touches a storage slot (EIP-2929).
    fn access_storage(&mut self, address: &Address, key: &B256) -> AccessStatus;
    /// Records a log of up to four topics.
    fn log(&mut self, address: &Address, topics: &[B256], data: &[u8]);
    /// Moves the balance to the beneficiary and marks the account for deletion by the rules of the
    /// revision. Answers whether it was not marked before.
    fn self_destruct(&mut self, address: &Address, beneficiary: &Address) -> bool;
    /// Whether more has grown than the host has room for: the frame that did it fails with
    /// [`Status::Failure`](super::Status::Failure). Asked after each function of the interface.
    fn has_overflown(&self) -> bool {
        false
    }
    /// Block and transaction.
    fn context(&mut self) -> &TransactionContext;
    /// The hash of one of the latest 256 blocks, the present one not included; none for any other
    /// number.
    fn block_hash(&mut self, number: u64) -> Option<B256>;
}
