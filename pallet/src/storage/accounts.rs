//! Accounts that sign, and the record of whose an address is.
use core::marker::PhantomData;

use frame_support::ensure;
use frame_support::traits::fungible::{Inspect, Mutate, MutateHold};
use frame_support::traits::tokens::{Fortitude, Precision, Preservation};
use sp_core::H160;
use sp_runtime::DispatchError;
use sp_runtime::traits::Zero;

use crate::storage::deposit::Payer;
use crate::storage::price::DepositPrice;
use crate::{
    AddressMapping, BalanceOf, Config, Contracts, Error, Event, HoldReason, OriginalAccount, Pallet,
};

/// An account that signs.
pub(crate) struct Registered<T: Config> {
    pub address: H160,
    /// The deposit that was just held for the account's record.
    pub deposit: BalanceOf<T>,
    /// Whether the record was just stored.
    pub is_new: bool,
}

/// The records of whose an address is.
pub(crate) struct Accounts<T>(PhantomData<T>);

impl<T: Config> Accounts<T> {
    /// Refuses contracts: a contract cannot sign, although a call can be dispatched in its name,
    /// even later.
    pub fn ensure_can_sign(account: &T::AccountId, address: H160) -> Result<(), Error<T>> {
        let is_contract = if T::AddressMapping::is_one_way() {
            T::AddressMapping::fallback(&address) == *account
        } else {
            Contracts::<T>::contains_key(address)
        };
        ensure!(!is_contract, Error::<T>::SignerIsContract);
        Ok(())
    }

    /// Returns the address of an account that signs. Stores whose it is when that is not known yet.
    pub fn register(account: &T::AccountId) -> Result<Registered<T>, DispatchError> {
        let address = T::AddressMapping::to_address(account);
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
        let deposit = DepositPrice::<T>::address();
        Payer::<T>::new(account).hold(HoldReason::AddressMapping, deposit)?;
        // Value that was sent to the address before.
        let found =
            T::Currency::reducible_balance(&fallback, Preservation::Expendable, Fortitude::Polite);
        if !found.is_zero() {
            T::Currency::transfer(&fallback, account, found, Preservation::Expendable)?;
        }
        OriginalAccount::<T>::insert(address, account);
        Pallet::<T>::deposit_event(Event::AccountMapped { account: account.clone(), address });
        Ok(Registered { address, deposit, is_new: true })
    }

    /// Removes the record of whose an account's address is, and gives the deposit back.
    pub fn unregister(account: &T::AccountId) -> Result<(), DispatchError> {
        let address = T::AddressMapping::to_address(account);
        ensure!(
            OriginalAccount::<T>::get(address).as_ref() == Some(account),
            Error::<T>::NotMapped
        );
        OriginalAccount::<T>::remove(address);
        let reason = HoldReason::AddressMapping.into();
        T::Currency::release_all(&reason, account, Precision::BestEffort)?;
        Pallet::<T>::deposit_event(Event::AccountUnmapped { account: account.clone(), address });
        Ok(())
    }
}
