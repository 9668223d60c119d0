//! The weight of writing a transaction's changes, as far as neither its gas nor the extrinsic's own
//! weight pays for it.
//!
//! In Ethereum's state, to end an account or to free a slot is one write, and gas is priced for
//! that. Here a contract has a record, an account, a hold on it, and a share of its code.
use frame_support::weights::Weight;
use tephra_core::state::{AccountChange, AccountUpdate, Changes};

use crate::engine::convert::to_h160;
use crate::storage::backend::{PROOF_PER_ITEM, PalletBackend};
use crate::storage::records::is_of_contract;
use crate::{Config, WeightInfo};

/// Bytes of proof for a new contract, besides its account and its slots: the hold on its account,
/// the record of its code, and the code.
const PROOF_OF_NEW: u64 = 3 * PROOF_PER_ITEM;

/// Returns the weight of writing these changes.
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
            // The signer is not a contract, and its account was read before.
            AccountChange::Update(_) if *address == backend.signer_address() => Weight::zero(),
            // Gas pays for the time of a create.
            AccountChange::Update(AccountUpdate { nonce, .. }) => {
                let is_new = is_of_contract::<T>(*nonce, &to_h160(*address));
                Weight::from_parts(0, if is_new { PROOF_OF_NEW } else { 0 })
            }
        })
    })
}
