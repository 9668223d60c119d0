//! The records of contracts and code.
use alloy_primitives::KECCAK256_EMPTY;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::traits::fungible::Inspect;
use scale_info::TypeInfo;
use sp_core::{H160, H256};
use sp_runtime::traits::{Saturating, Zero};

use crate::engine::ENGINE_VERSION;
use crate::storage::nonce::Nonces;
use crate::{AddressMapping, Config, Error, NextStorageId};

/// The runtime's balance type. One unit is one wei.
pub type BalanceOf<T> =
    <<T as Config>::Currency as Inspect<<T as frame_system::Config>::AccountId>>::Balance;

/// The Keccak-256 of no bytes: the code hash of an account without code.
pub const EMPTY_CODE_HASH: H256 = H256(KECCAK256_EMPTY.0);

/// The record of a contract. Its code and its slots are stored apart.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub struct ContractInfo<Balance> {
    /// 1 for a new contract (EIP-161); each create by the contract adds 1.
    pub nonce: u64,
    /// The Keccak-256 of the code; [`EMPTY_CODE_HASH`] without code.
    pub code_hash: H256,
    /// The number under which the slots are stored. A contract created again at the same address
    /// gets a new one.
    pub storage_id: u64,
    /// The number of slots that are not zero.
    pub items: u32,
    /// Held on the contract's account for this record and for the contract's share of its code.
    pub base_deposit: Balance,
    /// Held on the contract's account for its slots: the sum of their
    /// [deposits](crate::Slot::deposit).
    pub slot_deposit: Balance,
}

impl<Balance: Zero> ContractInfo<Balance> {
    /// Returns the record of a new contract without code, slots and deposits.
    pub(crate) fn new(storage_id: u64) -> Self {
        Self {
            nonce: 1,
            code_hash: EMPTY_CODE_HASH,
            storage_id,
            items: 0,
            base_deposit: Zero::zero(),
            slot_deposit: Zero::zero(),
        }
    }
}

/// Takes the next storage id.
pub(crate) fn next_storage_id<T: Config>() -> Result<u64, Error<T>> {
    NextStorageId::<T>::try_mutate(|next| {
        let id = *next;
        *next = next.checked_add(1).ok_or(Error::<T>::InternalError)?;
        Ok(id)
    })
}

/// Returns whether an account that was no contract has become one: its nonce is one that no
/// signature gave it.
pub(crate) fn is_of_contract<T: Config>(nonce: u64, address: &H160) -> bool {
    nonce > 0 && nonce > Nonces::<T>::of_account(&T::AddressMapping::to_account_id(address))
}

/// The record of a code. It stays as long as a contract has the code or an upload of it is held.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub struct CodeInfo<AccountId, Balance> {
    /// The upload that keeps the code besides the contracts that have it.
    pub upload: Option<Upload<AccountId, Balance>>,
    /// The number of contracts that have this code. Each holds a share of its deposit, see
    /// [`CodeHashLockupDepositPercent`](crate::Config::CodeHashLockupDepositPercent).
    pub references: u64,
    /// The size in bytes.
    pub len: u32,
    /// The [version of the engine](crate::ENGINE_VERSION) that validated the code.
    pub validated_by: u16,
}

impl<AccountId, Balance> CodeInfo<AccountId, Balance> {
    /// Returns the record of a code of `len` bytes, validated by this engine, that no contract has
    /// yet.
    pub(crate) fn validated(len: u32) -> Self {
        Self { upload: None, references: 0, len, validated_by: ENGINE_VERSION }
    }
}

/// An upload of a code, from [`upload_code`](crate::Pallet::upload_code) to
/// [`remove_code`](crate::Pallet::remove_code).
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub struct Upload<AccountId, Balance> {
    /// The account that uploaded the code.
    pub owner: AccountId,
    /// Held on the owner's account.
    pub deposit: Balance,
}

/// What a transaction did to the signer's deposits. A slot that the transaction both fills and
/// frees counts in neither field.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    TypeInfo,
    MaxEncodedLen,
)]
pub struct Deposits<Balance> {
    /// Taken from the signer: held deposits, and existential deposits of new accounts.
    pub charged: Balance,
    /// Given to the signer.
    pub refunded: Balance,
}

impl<Balance: Saturating + Copy> Deposits<Balance> {
    /// Returns what the signer pays in the end: `charged` less `refunded`, at least zero.
    pub fn cost(&self) -> Balance {
        self.charged.saturating_sub(self.refunded)
    }
}
