//! The nonce that a create by a signer uses.
use alloy_primitives::Address;
use frame_support::ensure;
use sp_core::H160;
use sp_runtime::traits::Bounded;

use crate::backend::system_nonce;
use crate::types::{to_address, to_h160};
use crate::{Config, Contracts, Error, GoneAddresses, Pallet};

/// How often another nonce is tried.
const TRIES: u32 = 4;

/// Addresses that are noted as gone in a block, at most. After that the signer's nonce goes up at once.
pub(crate) const MAX_GONE: u32 = 64;

impl<T: Config> Pallet<T> {
    /// The nonce of a call or create that is being run for an account. An extrinsic's signer has it counted up already.
    ///
    /// Where one signature makes several creates (a batch, a proxy), the nonce of the second one is taken: the account's nonce goes up by one for each.
    pub(crate) fn nonce_of(signer: &T::AccountId, address: H160, is_create: bool) -> Result<u64, Error<T>> {
        let mut nonce = system_nonce::<T>(signer).saturating_sub(1);
        if !is_create {
            return Ok(nonce);
        }
        let gone = GoneAddresses::<T>::get();
        for _ in 0..TRIES {
            let created = to_h160(to_address(address).create(nonce));
            if !Contracts::<T>::contains_key(created) && !gone.contains(&created) {
                return Ok(nonce);
            }
            let present = frame_system::Pallet::<T>::account_nonce(signer);
            ensure!(present < Bounded::max_value(), Error::<T>::NonceExhausted);
            frame_system::Pallet::<T>::inc_account_nonce(signer);
            nonce = system_nonce::<T>(signer).saturating_sub(1);
        }
        Err(Error::NoFreeAddress)
    }

    /// Notes after a create that what it made is gone already, if so: the same signature may make another create, which must not get its address.
    pub(crate) fn note_gone(signer: &T::AccountId, created: Option<Address>) {
        let created = created.map(to_h160);
        let Some(gone) = created.filter(|address| !Contracts::<T>::contains_key(address)) else { return };
        let is_noted = GoneAddresses::<T>::mutate(|all| all.try_push(gone)).is_ok();
        if !is_noted && frame_system::Pallet::<T>::account_nonce(signer) < Bounded::max_value() {
            frame_system::Pallet::<T>::inc_account_nonce(signer);
        }
    }
}
