//! What is always true of the pallet's storage.
use alloc::collections::{BTreeMap, BTreeSet};

use alloy_primitives::keccak256;
use frame_support::ensure;
use frame_support::traits::fungible::InspectHold;
use sp_core::H256;
use sp_runtime::TryRuntimeError;
use sp_runtime::traits::{Saturating, Zero};

use crate::storage::types::to_h256;
use crate::{
    AddressMapping, BalanceOf, CodeInfoOf, Codes, Config, Contracts, CreateNonces, DeletionQueue,
    EMPTY_CODE_HASH, HoldReason, IsDispatching, NextStorageId, OriginalAccount, Pallet, Slots,
};

/// The number of a contract's slots, and what is held for them.
type SlotsOf<T> = (u32, BalanceOf<T>);

/// The slots that each storage id has, and the contracts that each code has.
type Counts<T> = (BTreeMap<u64, SlotsOf<T>>, BTreeMap<H256, u64>);

impl<T: Config> Pallet<T> {
    /// Checks the pallet's storage. It reads all of it.
    ///
    /// # Errors
    /// The first thing that is not as it should be.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        ensure!(!IsDispatching::<T>::get(), "a dispatch has been left open");
        let (storage_ids, references) = Self::check_contracts()?;
        Self::check_slots(&storage_ids)?;
        Self::check_codes(&references)?;
        for (address, account) in OriginalAccount::<T>::iter() {
            ensure!(
                Self::address_of(&account) == address,
                "an address is stored for an account with another one"
            );
            ensure!(
                !Contracts::<T>::contains_key(address),
                "an account and a contract have the same address"
            );
        }
        for address in CreateNonces::<T>::iter_keys() {
            ensure!(
                !Contracts::<T>::contains_key(address),
                "a contract has created by a signature"
            );
        }
        Ok(())
    }

    fn check_contracts() -> Result<Counts<T>, TryRuntimeError> {
        let (mut storage_ids, mut references) = (BTreeMap::new(), BTreeMap::new());
        for (address, info) in Contracts::<T>::iter() {
            let account = T::AddressMapping::fallback(&address);
            let held = T::Currency::balance_on_hold(&HoldReason::StorageDeposit.into(), &account);
            let recorded = info.base_deposit.saturating_add(info.slot_deposit);
            ensure!(held == recorded, "a contract's deposit is not what is held");
            ensure!(
                frame_system::Pallet::<T>::consumers(&account) > 0,
                "a contract's account can be reaped"
            );
            ensure!(
                frame_system::Pallet::<T>::providers(&account) > 0,
                "a contract has no account"
            );
            ensure!(info.nonce > 0, "a contract has no nonce");
            ensure!(
                info.storage_id < NextStorageId::<T>::get(),
                "a storage id has not been given out yet"
            );
            let slots = (info.items, info.slot_deposit);
            ensure!(
                storage_ids.insert(info.storage_id, slots).is_none(),
                "two contracts share their slots"
            );
            if info.code_hash != EMPTY_CODE_HASH {
                let count: &mut u64 = references.entry(info.code_hash).or_default();
                *count = count.saturating_add(1);
            }
        }
        Ok((storage_ids, references))
    }

    fn check_slots(storage_ids: &BTreeMap<u64, SlotsOf<T>>) -> Result<(), TryRuntimeError> {
        let queued: BTreeSet<u64> = DeletionQueue::<T>::iter_keys().collect();
        ensure!(
            !storage_ids.keys().any(|id| queued.contains(id)),
            "slots of a contract are about to be removed"
        );
        let mut counts = BTreeMap::<u64, SlotsOf<T>>::new();
        for (id, _, slot) in Slots::<T>::iter() {
            ensure!(!slot.value().is_zero(), "a slot with zero is stored");
            ensure!(
                storage_ids.contains_key(&id) || queued.contains(&id),
                "a slot belongs to no contract"
            );
            let (count, deposit) = counts.entry(id).or_default();
            *count = count.saturating_add(1);
            *deposit = deposit.saturating_add(slot.deposit);
        }
        for (id, (items, deposit)) in storage_ids {
            let (counted, held) = counts.get(id).copied().unwrap_or_default();
            ensure!(counted == *items, "a contract's slots are miscounted");
            ensure!(held == *deposit, "the deposits of a contract's slots do not add up");
        }
        Ok(())
    }

    fn check_codes(references: &BTreeMap<H256, u64>) -> Result<(), TryRuntimeError> {
        for hash in references.keys() {
            ensure!(CodeInfoOf::<T>::contains_key(hash), "a contract's code is missing");
        }
        let mut deposits = BTreeMap::<T::AccountId, BalanceOf<T>>::new();
        for (hash, info) in CodeInfoOf::<T>::iter() {
            let code = Codes::<T>::get(hash).unwrap_or_default();
            ensure!(to_h256(keccak256(&code)) == hash, "a code is not the one that its hash says");
            ensure!(code.len() == info.len as usize, "a code's size is not what is recorded");
            let counted = references.get(&hash).copied().unwrap_or_default();
            ensure!(counted == info.references, "a code's contracts are miscounted");
            ensure!(counted > 0 || info.upload.is_some(), "a code is stored for nobody");
            if let Some(upload) = info.upload {
                let sum = deposits.entry(upload.owner).or_insert_with(Zero::zero);
                *sum = sum.saturating_add(upload.deposit);
            }
        }
        ensure!(
            Codes::<T>::iter_keys().count() == CodeInfoOf::<T>::iter_keys().count(),
            "a code has no record"
        );
        for (owner, deposit) in deposits {
            let held = T::Currency::balance_on_hold(&HoldReason::CodeDeposit.into(), &owner);
            ensure!(held == deposit, "the deposits of an account's code are not what is held");
        }
        Ok(())
    }
}
