//! The prices of what is stored.
use core::marker::PhantomData;

use codec::MaxEncodedLen;
use frame_support::traits::Get;
use sp_core::H160;
use sp_runtime::SaturatedConversion;
use sp_runtime::traits::Saturating;

use crate::{BalanceOf, CodeInfo, Config, ContractInfo};

/// Bytes of a slot: its key and its value.
const SLOT_BYTES: u32 = 64;

/// The deposits for what is stored, by [`Config::DepositPerItem`] and [`Config::DepositPerByte`].
pub(crate) struct DepositPrice<T>(PhantomData<T>);

impl<T: Config> DepositPrice<T> {
    /// Returns the deposit for the record of whose an address is.
    pub fn address() -> BalanceOf<T> {
        Self::of(1, (H160::max_encoded_len() + T::AccountId::max_encoded_len()) as u64)
    }

    /// Returns the deposit for the record of the nonces that an account's creates have used.
    pub fn nonce() -> BalanceOf<T> {
        Self::of(1, (H160::max_encoded_len() + u64::max_encoded_len()) as u64)
    }

    /// Returns the deposit for a contract's record.
    pub fn contract() -> BalanceOf<T> {
        let record = ContractInfo::<BalanceOf<T>>::max_encoded_len();
        Self::of(1, (H160::max_encoded_len() + record) as u64)
    }

    /// Returns the deposit for a slot.
    pub fn slot() -> BalanceOf<T> {
        Self::of(1, SLOT_BYTES.into())
    }

    /// Returns the deposit for an upload of `len` bytes of code.
    pub fn code(len: u32) -> BalanceOf<T> {
        let info = CodeInfo::<T::AccountId, BalanceOf<T>>::max_encoded_len() as u64;
        Self::of(2, info.saturating_add(len.into()))
    }

    /// Returns the deposit that each contract holds for its code of `len` bytes.
    pub fn code_share(len: u32) -> BalanceOf<T> {
        T::CodeHashLockupDepositPercent::get().mul_ceil(Self::code(len))
    }

    /// Returns the deposit for `items` items of `bytes` bytes together.
    fn of(items: u32, bytes: u64) -> BalanceOf<T> {
        let items = T::DepositPerItem::get().saturating_mul(items.saturated_into());
        items.saturating_add(T::DepositPerByte::get().saturating_mul(bytes.saturated_into()))
    }
}
