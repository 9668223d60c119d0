//! How accounts of the runtime and addresses of Ethereum correspond.
use core::marker::PhantomData;

use codec::{Decode, Encode, MaxEncodedLen};
use sp_core::H160;
use sp_runtime::traits::TrailingZeroInput;

use crate::{Config, Contracts, OriginalAccount, Pallet};

/// The correspondence of accounts of the runtime and addresses of Ethereum.
///
/// The account of a contract is the [`Self::fallback`] of its address. So is that of an address
/// whose owner is not known.
pub trait AddressMapping<AccountId> {
    /// Returns the address of an account.
    fn to_address(account: &AccountId) -> H160;

    /// Returns the account that holds an address's balance.
    fn to_account_id(address: &H160) -> AccountId;

    /// Returns the account of an address without an owner who can sign. It must be infeasible to
    /// find a key for it.
    fn fallback(address: &H160) -> AccountId;

    /// Returns whether the account cannot be computed from its address, so that the pair has to be
    /// stored.
    fn is_one_way() -> bool;
}

/// Addresses that are the last 20 bytes of the Keccak-256 of the account id. The account's first
/// call stores the way back, see [`OriginalAccount`].
///
/// Where account ids have 32 bytes, the account of a contract is its address followed by the 12
/// letters `ewasmaccount`, and the address of that account is the contract's. A key for a chosen
/// one cannot be found.
///
/// Where account ids have another length, the account is a hash of the address. In such a runtime a
/// contract must not be able to sign by way of a scheduler: it would have a second address for the
/// same balance.
pub struct HashedMapping<T>(PhantomData<T>);

/// The end of the account ids of contracts.
const SUFFIX: &[u8; 12] = b"ewasmaccount";

impl<T: Config> AddressMapping<T::AccountId> for HashedMapping<T> {
    fn to_address(account: &T::AccountId) -> H160 {
        account.using_encoded(|account| {
            if account.len() == 32
                && let Some(address) = account.strip_suffix(SUFFIX)
            {
                return H160::from_slice(address);
            }
            let [_, _, _, _, _, _, _, _, _, _, _, _, address @ ..] =
                sp_io::hashing::keccak_256(account);
            H160(address)
        })
    }

    fn to_account_id(address: &H160) -> T::AccountId {
        OriginalAccount::<T>::get(address).unwrap_or_else(|| Self::fallback(address))
    }

    fn fallback(address: &H160) -> T::AccountId {
        let bytes = if T::AccountId::max_encoded_len() == 32 {
            (address, SUFFIX).encode()
        } else {
            (b"ewasm/account", address).using_encoded(sp_io::hashing::blake2_256).to_vec()
        };
        Decode::decode(&mut TrailingZeroInput::new(&bytes))
            .expect("account ids are plain bytes: any endless input decodes; qed")
    }

    fn is_one_way() -> bool {
        true
    }
}

/// Accounts that are addresses, as in runtimes with Ethereum's signatures.
pub struct IdentityMapping;

impl<AccountId: Clone + Into<H160> + From<H160>> AddressMapping<AccountId> for IdentityMapping {
    fn to_address(account: &AccountId) -> H160 {
        account.clone().into()
    }

    fn to_account_id(address: &H160) -> AccountId {
        (*address).into()
    }

    fn fallback(address: &H160) -> AccountId {
        (*address).into()
    }

    fn is_one_way() -> bool {
        false
    }
}

impl<T: Config> Pallet<T> {
    /// Returns the address of an account.
    pub fn address_of(account: &T::AccountId) -> H160 {
        T::AddressMapping::to_address(account)
    }

    /// Returns the account that holds an address's balance.
    pub fn account_of(address: &H160) -> T::AccountId {
        if Contracts::<T>::contains_key(address) {
            return T::AddressMapping::fallback(address);
        }
        T::AddressMapping::to_account_id(address)
    }
}
