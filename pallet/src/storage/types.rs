//! What the pallet stores, and conversions between FRAME's types and the engine's.
use alloy_primitives::{Address, B256, KECCAK256_EMPTY};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::traits::fungible::Inspect;
use scale_info::TypeInfo;
use sp_core::{H160, H256, U256};
use sp_runtime::traits::{Saturating, UniqueSaturatedInto};

use crate::Config;

/// The runtime's balance type. One unit is one wei.
pub type BalanceOf<T> =
    <<T as Config>::Currency as Inspect<<T as frame_system::Config>::AccountId>>::Balance;

/// What is stored of a contract besides its code and its slots.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub struct ContractInfo<Balance> {
    /// 1 for a new contract (EIP-161), then one more for each create.
    pub nonce: u64,
    /// Keccak-256 of the code; that of nothing for a contract without code.
    pub code_hash: H256,
    /// Under which number its slots are stored. A contract that is made anew at the same address
    /// gets a new one.
    pub storage_id: u64,
    /// Slots that are not zero.
    pub items: u32,
    /// Held on the contract's account for its own record and its share of its code.
    pub base_deposit: Balance,
    /// Held on the contract's account for its slots: the sum of their
    /// [deposits](crate::Slot::deposit).
    pub slot_deposit: Balance,
}

/// What is stored of a code besides its bytes. It stays as long as a contract has the code, or
/// somebody holds an upload of it.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub struct CodeInfo<AccountId, Balance> {
    /// Who keeps it besides the contracts that have it.
    pub upload: Option<Upload<AccountId, Balance>>,
    /// Contracts that have this code. Each holds a share of its own, see
    /// [`CodeHashLockupDepositPercent`](crate::Config::CodeHashLockupDepositPercent).
    pub references: u64,
    /// Its size in bytes.
    pub len: u32,
    /// The version of the engine that has validated it.
    pub validated_by: u16,
}

/// An upload of a code, from [`upload_code`](crate::Pallet::upload_code) to
/// [`remove_code`](crate::Pallet::remove_code).
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub struct Upload<AccountId, Balance> {
    /// Who uploaded it.
    pub owner: AccountId,
    /// Held on the owner's account.
    pub deposit: Balance,
}

/// What a transaction did to deposits, in the runtime's balance. What it filled and freed itself
/// counts in neither.
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
    /// Returns what the signer pays in the end: what was taken less what was given; zero when more
    /// was given.
    pub fn cost(&self) -> Balance {
        self.charged.saturating_sub(self.refunded)
    }
}

/// The Keccak-256 of nothing: the code hash of an account without code.
pub const EMPTY_CODE_HASH: H256 = H256(KECCAK256_EMPTY.0);

pub(crate) fn to_address(address: H160) -> Address {
    Address::from(address.0)
}

pub(crate) fn to_h160(address: Address) -> H160 {
    H160(address.0.0)
}

pub(crate) fn to_b256(hash: H256) -> B256 {
    B256::from(hash.0)
}

pub(crate) fn to_h256(hash: B256) -> H256 {
    H256(hash.0)
}

pub(crate) fn to_wei(value: U256) -> alloy_primitives::U256 {
    alloy_primitives::U256::from_limbs(value.0)
}

/// The engine's wei of a balance.
pub(crate) fn balance_to_wei<T: Config>(balance: BalanceOf<T>) -> alloy_primitives::U256 {
    // Balances of FRAME have at most 128 bits.
    let balance: u128 = balance.unique_saturated_into();
    alloy_primitives::U256::from(balance)
}

/// The balance of the engine's wei; none when it is more than the runtime's type can hold.
pub(crate) fn wei_to_balance<T: Config>(wei: alloy_primitives::U256) -> Option<BalanceOf<T>> {
    u128::try_from(wei).ok()?.try_into().ok()
}
