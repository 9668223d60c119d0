//! What writing a transaction's changes takes that neither its gas nor the extrinsic's own weight
//! pays for.
//!
//! Ethereum's gas is for its own state, in which an account that ends, or a slot that is freed, is
//! one write. Here a contract has a record, an account, what is held on it, and a share of its
//! code.
use frame_support::weights::Weight;
use tephra_core::state::{AccountChange, AccountUpdate, Changes};

use crate::execution::backend::PROOF_PER_ITEM;
use crate::storage::types::to_h160;
use crate::{Config, Pallet, PalletBackend, WeightInfo};

/// Bytes of proof for a new contract, besides its account and its slots: what is held on its
/// account, the record of its code, and the code.
const PROOF_OF_NEW: u64 = 3 * PROOF_PER_ITEM;

/// Returns what writing these changes takes, in time and in proof.
pub(crate) fn writing_weight<T: Config>(backend: &PalletBackend<T>, changes: &Changes) -> Weight {
    changes.accounts.iter().fold(Weight::zero(), |sum, (address, change)| {
        let is_contract = backend.contract(address).is_some();
        sum.saturating_add(match change {
            AccountChange::Delete if is_contract => T::WeightInfo::end_contract(),
            AccountChange::Delete => Weight::zero(),
            AccountChange::Update(AccountUpdate { storage, .. }) if is_contract => {
                let changes_deposit = storage.iter().any(|(key, value)| {
                    value.is_zero() == backend.deposit_of_slot(address, key).is_some()
                });
                if changes_deposit { T::WeightInfo::change_deposits() } else { Weight::zero() }
            }
            // Whoever signs is no contract, and whose the address is was read before.
            AccountChange::Update(_) if *address == backend.signer_address() => Weight::zero(),
            // Gas pays for the time of a create.
            AccountChange::Update(AccountUpdate { nonce, .. }) => {
                let is_new = Pallet::<T>::is_of_contract(*nonce, &to_h160(*address));
                Weight::from_parts(0, if is_new { PROOF_OF_NEW } else { 0 })
            }
        })
    })
}
