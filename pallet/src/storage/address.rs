//! Accounts of the runtime and addresses of Ethereum.
use core::marker::PhantomData;

use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::ensure;
use frame_support::traits::fungible::{Inspect, Mutate, MutateHold};
use frame_support::traits::tokens::{Fortitude, Precision, Preservation};
use sp_core::H160;
use sp_runtime::DispatchError;
use sp_runtime::traits::{TrailingZeroInput, Zero};

use crate::storage::deposit::Payer;
use crate::{BalanceOf, Config, Contracts, Error, Event, HoldReason, OriginalAccount, Pallet};

/// How accounts of the runtime and addresses of Ethereum belong together.
///
/// A contract's account is the [`Self::fallback`] of its address, as is that of an address whose
/// owner has never been seen.
pub trait AddressMapping<AccountId> {
    /// The address of an account.
    fn to_address(account: &AccountId) -> H160;

    /// The account that holds an address's balance.
    fn to_account_id(address: &H160) -> AccountId;

    /// The account of an address that belongs to nobody who can sign. Nobody may be able to find a
    /// key for it.
    fn fallback(address: &H160) -> AccountId;

    /// Whether an address cannot be turned into the account that it was made from, so that the pair
    /// has to be stored.
    fn is_one_way() -> bool;
}

/// The last 20 bytes of the Keccak-256 of the account id. The way back is stored at the account's
/// first call, see [`OriginalAccount`].
///
/// Where account ids have 32 bytes, the account of a contract is its address and the 12 letters
/// `ewasmaccount`, and its address is the contract's. Nobody can find a key for a chosen one. Where
/// they have another length, it is a hash of the address. In such a runtime a contract must not get
/// to sign by way of a scheduler: it would have a second address for the same balance.
pub struct HashedMapping<T>(PhantomData<T>);

/// What the account ids of contracts end with.
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

/// Accounts that are addresses themselves, as in runtimes with Ethereum's signatures.
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

/// The address of an account that signs.
pub(crate) struct Registered<T: Config> {
    pub address: H160,
    /// What has just been held for storing whose it is.
    pub deposit: BalanceOf<T>,
    /// Whether that has just been stored.
    pub is_new: bool,
}

impl<T: Config> Pallet<T> {
    /// The address of an account.
    pub fn address_of(account: &T::AccountId) -> H160 {
        T::AddressMapping::to_address(account)
    }

    /// The account that holds an address's balance.
    pub fn account_of(address: &H160) -> T::AccountId {
        if Contracts::<T>::contains_key(address) {
            return T::AddressMapping::fallback(address);
        }
        T::AddressMapping::to_account_id(address)
    }

    /// A contract signs nothing, though it can have something dispatched in its name, and that
    /// later.
    pub(crate) fn ensure_can_sign(account: &T::AccountId, address: H160) -> Result<(), Error<T>> {
        let is_contract = if T::AddressMapping::is_one_way() {
            T::AddressMapping::fallback(&address) == *account
        } else {
            Contracts::<T>::contains_key(address)
        };
        ensure!(!is_contract, Error::<T>::SignerIsContract);
        Ok(())
    }

    /// The address of an account that signs. Stores whose it is when that is not known yet.
    pub(crate) fn register(account: &T::AccountId) -> Result<Registered<T>, DispatchError> {
        let address = Self::address_of(account);
        let known = Registered { address, deposit: Zero::zero(), is_new: false };
        if !T::AddressMapping::is_one_way() {
            Self::ensure_can_sign(account, address)?;
            return Ok(known);
        }
        if let Some(owner) = OriginalAccount::<T>::get(address) {
            ensure!(owner == *account, Error::<T>::AddressTaken);
            return Ok(known);
        }
        Self::ensure_can_sign(account, address)?;
        ensure!(!Contracts::<T>::contains_key(address), Error::<T>::AddressTaken);
        let fallback = T::AddressMapping::fallback(&address);
        let deposit = Self::address_deposit();
        Payer::<T>::new(account).hold(HoldReason::AddressMapping, deposit)?;
        // What was sent to the address before.
        let found =
            T::Currency::reducible_balance(&fallback, Preservation::Expendable, Fortitude::Polite);
        if !found.is_zero() {
            T::Currency::transfer(&fallback, account, found, Preservation::Expendable)?;
        }
        OriginalAccount::<T>::insert(address, account);
        Self::deposit_event(Event::AccountMapped { account: account.clone(), address });
        Ok(Registered { address, deposit, is_new: true })
    }

    /// Forgets whose an address is, and gives the deposit back.
    pub(crate) fn unregister(account: &T::AccountId) -> Result<(), DispatchError> {
        let address = Self::address_of(account);
        ensure!(
            OriginalAccount::<T>::get(address).as_ref() == Some(account),
            Error::<T>::NotMapped
        );
        OriginalAccount::<T>::remove(address);
        let reason = HoldReason::AddressMapping.into();
        T::Currency::release_all(&reason, account, Precision::BestEffort)?;
        Self::deposit_event(Event::AccountUnmapped { account: account.clone(), address });
        Ok(())
    }
}
