//! Reads of the state that answer the runtime API.
use alloc::vec::Vec;

use frame_support::traits::fungible::Inspect;
use frame_support::traits::tokens::{Fortitude, Preservation};
use sp_core::{H160, H256};
use sp_runtime::traits::Zero;

use crate::storage::nonce::Nonces;
use crate::{BalanceOf, Codes, Config, Contracts, EMPTY_CODE_HASH, Pallet, Slots};

impl<T: Config> Pallet<T> {
    /// Returns the code at an address; no bytes when there is none.
    pub fn code_at(address: H160) -> Vec<u8> {
        let code =
            Contracts::<T>::get(address).and_then(|contract| Codes::<T>::get(contract.code_hash));
        code.map(Into::into).unwrap_or_default()
    }

    /// Returns the Keccak-256 of the code at an address; zero for an empty account (EIP-1052).
    pub fn code_hash_at(address: H160) -> H256 {
        match Contracts::<T>::get(address) {
            Some(contract) => contract.code_hash,
            None if Self::nonce_at(address) == 0 && Self::balance_at(address).is_zero() => {
                H256::zero()
            }
            None => EMPTY_CODE_HASH,
        }
    }

    /// Returns the value of a slot.
    pub fn storage_at(address: H160, key: H256) -> H256 {
        let slot = Contracts::<T>::get(address)
            .and_then(|contract| Slots::<T>::get(contract.storage_id, key));
        slot.map(|slot| slot.value()).unwrap_or_default()
    }

    /// Returns the balance that an address can spend.
    pub fn balance_at(address: H160) -> BalanceOf<T> {
        let account = Self::account_of(&address);
        T::Currency::reducible_balance(&account, Preservation::Preserve, Fortitude::Polite)
    }

    /// Returns the nonce of an address.
    pub fn nonce_at(address: H160) -> u64 {
        let contract = Contracts::<T>::get(address);
        contract.map_or_else(
            || Nonces::<T>::of_account(&Self::account_of(&address)),
            |contract| contract.nonce,
        )
    }
}
