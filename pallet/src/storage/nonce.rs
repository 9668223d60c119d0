//! The nonce that a create by a signer uses.
use sp_core::H160;
use sp_runtime::DispatchError;

use crate::execution::backend::system_nonce;
use crate::storage::deposit::Payer;
use crate::{Config, CreateNonces, Error, HoldReason, Pallet};

impl<T: Config> Pallet<T> {
    /// Returns the nonce of a call or create that is being run for an account. An extrinsic's
    /// signer has it counted up already.
    ///
    /// No create uses a nonce that an earlier one of the same address has used, whether or not
    /// there still is a contract: where one signature makes several creates (a batch, a proxy), and
    /// where an account was reaped and its nonce began at zero again, the account's nonce goes up
    /// to the first that is free.
    pub(crate) fn nonce_of(
        signer: &T::AccountId,
        address: H160,
        is_create: bool,
    ) -> Result<u64, Error<T>> {
        let nonce = system_nonce::<T>(signer).saturating_sub(1);
        let free = if is_create { CreateNonces::<T>::get(address).unwrap_or_default() } else { 0 };
        if free <= nonce {
            return Ok(nonce);
        }
        let next = free.checked_add(1).and_then(|next| T::Nonce::try_from(next).ok());
        let next = next.ok_or(Error::<T>::NonceExhausted)?;
        frame_system::Account::<T>::mutate(signer, |account| account.nonce = next);
        Ok(free)
    }

    /// Notes that a create of the payer's has used a nonce. The first one pays for the record,
    /// which stays as long as the chain does: its deposit keeps the account, and so its nonce, from
    /// being reaped.
    pub(crate) fn note_create(
        payer: &mut Payer<'_, T>,
        address: H160,
        nonce: u64,
    ) -> Result<(), DispatchError> {
        if !CreateNonces::<T>::contains_key(address) {
            payer.hold(HoldReason::Nonce, Self::nonce_deposit())?;
        }
        CreateNonces::<T>::insert(address, nonce.saturating_add(1));
        Ok(())
    }
}
