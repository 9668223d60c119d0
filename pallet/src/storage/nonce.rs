//! The nonces of accounts, and of the creates by their signatures.
use core::marker::PhantomData;

use sp_core::H160;
use sp_runtime::DispatchError;
use sp_runtime::traits::UniqueSaturatedInto;

use crate::storage::deposit::Payer;
use crate::storage::price::DepositPrice;
use crate::{Config, CreateNonces, Error, HoldReason};

/// The nonces of accounts that sign.
pub(crate) struct Nonces<T>(PhantomData<T>);

impl<T: Config> Nonces<T> {
    /// Returns the number of transactions that an account has sent.
    pub fn of_account(account: &T::AccountId) -> u64 {
        frame_system::Pallet::<T>::account_nonce(account).unique_saturated_into()
    }

    /// Returns the nonce of a call or create that is being run for an account. The nonce of an
    /// extrinsic's signer has been increased already.
    ///
    /// No create uses a nonce that an earlier one of the same address used, whether or not that
    /// contract still exists. Where one signature makes several creates (a batch, a proxy), and
    /// where an account was reaped and its nonce began at zero again, the account's nonce rises to
    /// the first free one.
    pub fn take(signer: &T::AccountId, address: H160, is_create: bool) -> Result<u64, Error<T>> {
        let nonce = Self::of_account(signer).saturating_sub(1);
        let free = if is_create { CreateNonces::<T>::get(address).unwrap_or_default() } else { 0 };
        if free <= nonce {
            return Ok(nonce);
        }
        let next = free.checked_add(1).and_then(|next| T::Nonce::try_from(next).ok());
        let next = next.ok_or(Error::<T>::NonceExhausted)?;
        frame_system::Account::<T>::mutate(signer, |account| account.nonce = next);
        Ok(free)
    }

    /// Records that a create by the payer used a nonce.
    ///
    /// The first create pays for the record, which stays as long as the chain: its deposit keeps
    /// the account, and so its nonce, from being reaped.
    pub fn note_create(
        payer: &mut Payer<'_, T>,
        address: H160,
        nonce: u64,
    ) -> Result<(), DispatchError> {
        if !CreateNonces::<T>::contains_key(address) {
            payer.hold(HoldReason::Nonce, DepositPrice::<T>::nonce())?;
        }
        CreateNonces::<T>::insert(address, nonce.saturating_add(1));
        Ok(())
    }
}
