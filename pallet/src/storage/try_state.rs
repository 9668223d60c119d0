//! The invariants of the pallet's storage.
use alloc::collections::{BTreeMap, BTreeSet};
use core::marker::PhantomData;

use alloy_primitives::keccak256;
use frame_support::ensure;
use frame_support::traits::fungible::InspectHold;
use sp_core::H256;
use sp_runtime::TryRuntimeError;
use sp_runtime::traits::{Saturating, Zero};

use crate::engine::convert::to_h256;
use crate::{
    AddressMapping, BalanceOf, CodeInfoOf, Codes, Config, Contracts, CreateNonces, DeletionQueue,
    EMPTY_CODE_HASH, HoldReason, IsDispatching, NextStorageId, OriginalAccount, Pallet, Slots,
};

/// The number of a contract's slots, and their deposits.
type SlotsOf<T> = (u32, BalanceOf<T>);

/// The slots by storage id, and the number of contracts by code.
type Counts<T> = (BTreeMap<u64, SlotsOf<T>>, BTreeMap<H256, u64>);

impl<T: Config> Pallet<T> {
    /// Checks the invariants of the pallet's storage, all of which it reads.
    ///
    /// # Errors
    /// The first invariant that does not hold.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Invariants::<T>::check()
    }
}

/// The invariants of the pallet's storage.
struct Invariants<T>(PhantomData<T>);

impl<T: Config> Invariants<T> {
    fn check() -> Result<(), TryRuntimeError> {
        ensure!(!IsDispatching::<T>::get(), "a dispatch was left open");
        let (storage_ids, references) = Self::check_contracts()?;
        Self::check_slots(&storage_ids)?;
        Self::check_codes(&references)?;
        for (address, account) in OriginalAccount::<T>::iter() {
            ensure!(
                T::AddressMapping::to_address(&account) == address,
                "an account is stored under an address that is not its own"
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
            ensure!(held == recorded, "a contract's recorded deposit differs from what is held");
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
                "a contract has a storage id that was not taken yet"
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
            "the slots of a contract are queued for removal"
        );
        let mut counts = BTreeMap::<u64, SlotsOf<T>>::new();
        for (id, _, slot) in Slots::<T>::iter() {
            ensure!(!slot.value().is_zero(), "a slot that is zero is stored");
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
            ensure!(counted == *items, "the count of a contract's slots is wrong");
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
            ensure!(
                to_h256(keccak256(&code)) == hash,
                "a code does not have the hash that it is stored under"
            );
            ensure!(code.len() == info.len as usize, "a code's size differs from its record");
            let counted = references.get(&hash).copied().unwrap_or_default();
            ensure!(counted == info.references, "the count of a code's contracts is wrong");
            ensure!(
                counted > 0 || info.upload.is_some(),
                "neither a contract nor an upload keeps a code"
            );
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
            ensure!(
                held == deposit,
                "the deposits of an account's uploads differ from what is held"
            );
        }
        Ok(())
    }
}
