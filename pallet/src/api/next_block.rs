//! The next block, as far as it can be known, in which dry runs take place.
use alloc::vec::Vec;
use core::marker::PhantomData;

use alloy_primitives::keccak256;
use frame_support::storage::{storage_prefix, unhashed, with_transaction};
use frame_support::traits::PalletInfoAccess;
use frame_support::traits::fungible::{Inspect, Mutate};
use frame_support::traits::tokens::{Fortitude, Preservation};
use frame_support::{BoundedVec, ensure};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_core::{H160, H256};
use sp_runtime::traits::{Saturating, UniqueSaturatedInto, Zero};
use sp_runtime::{DispatchError, TransactionOutcome};

use crate::api::runtime_api::{AccountOverride, Overrides, Refused, SlotOverride};
use crate::engine::convert::to_h256;
use crate::execution::clock::{self, Clock};
use crate::storage::code::CodeStore;
use crate::storage::records::next_storage_id;
use crate::{
    AddressMapping, BalanceOf, CodeInfo, CodeInfoOf, Config, ContractInfo, Contracts, CreateNonces,
    EMPTY_CODE_HASH, Error, Pallet, Slot, Slots,
};

/// The version of no engine: the one that runs the code validates it.
const NEVER_VALIDATED: u16 = 0;

impl<T: Config> Pallet<T> {
    /// Answers a question of `origin` in the next block, with `overrides` in place of the state,
    /// and undoes everything. The whole runtime sees the block's number and time.
    ///
    /// The number is the last block's plus one. The time is the override's, else the node's clock
    /// ([`NODE_CLOCK`](crate::NODE_CLOCK)), but never earlier than the next block can be
    /// ([`Clock::earliest_next`]). The block's author is not known: `coinbase` is the last block's
    /// author. The hash of the last block is not known either: it is zero.
    pub fn in_next_block<R: Refused>(
        origin: &T::AccountId,
        overrides: Option<Overrides<BalanceOf<T>>>,
        question: impl FnOnce() -> R,
    ) -> R {
        let overrides = overrides.unwrap_or_default();
        let answer = with_transaction(|| {
            let answer = NextBlock::<T>::begin(origin, overrides).map(|()| question());
            TransactionOutcome::Rollback(Ok::<_, DispatchError>(answer))
        });
        answer.and_then(|answer| answer).unwrap_or_else(R::refused)
    }
}

/// The next block, for the time of a storage transaction.
struct NextBlock<T>(PhantomData<T>);

impl<T: Config> NextBlock<T> {
    /// Sets the block's number and time, and what the overrides say.
    fn begin(
        origin: &T::AccountId,
        Overrides { number, timestamp, accounts }: Overrides<BalanceOf<T>>,
    ) -> Result<(), DispatchError> {
        let last: u64 = frame_system::Pallet::<T>::block_number().unique_saturated_into();
        let number: BlockNumberFor<T> =
            number.unwrap_or_else(|| last.saturating_add(1)).unique_saturated_into();
        // `initialize` of the system takes no other number than the next, and needs the last
        // block's hash.
        let system = <frame_system::Pallet<T> as PalletInfoAccess>::name();
        unhashed::put(&storage_prefix(system.as_bytes(), b"Number"), &number);
        let now = timestamp.or_else(clock::of_node).unwrap_or_default();
        T::Time::set(now.max(T::Time::earliest_next()));
        accounts.into_iter().try_for_each(|account| Self::override_account(origin, account))
    }

    fn override_account(
        origin: &T::AccountId,
        AccountOverride { address, mut balance, nonce, code, storage }: AccountOverride<
            BalanceOf<T>,
        >,
    ) -> Result<(), DispatchError> {
        if code.is_some() || !storage.is_empty() {
            if !Contracts::<T>::contains_key(address) {
                // A contract's balance is on another account.
                balance = balance.or_else(|| Some(Pallet::<T>::balance_at(address)));
            }
            let mut info = Self::contract(address)?;
            if let Some(code) = code {
                info.code_hash = Self::override_code(code)?;
            }
            info.items = Self::override_slots(&info, storage);
            Contracts::<T>::insert(address, info);
        }
        let is_origin =
            Pallet::<T>::address_of(origin) == address && !Contracts::<T>::contains_key(address);
        // The origin's address may not be stored yet.
        let account = if is_origin { origin.clone() } else { Pallet::<T>::account_of(&address) };
        match (nonce, Contracts::<T>::get(address)) {
            (None, _) => {}
            (Some(nonce), Some(info)) => {
                Contracts::<T>::insert(address, ContractInfo { nonce, ..info })
            }
            (Some(nonce), None) => {
                // Also a nonce that a create has used.
                CreateNonces::<T>::remove(address);
                frame_system::Account::<T>::mutate(&account, |account| {
                    account.nonce = nonce.unique_saturated_into()
                });
            }
        }
        balance.map_or(Ok(()), |balance| Self::override_balance(&account, balance))
    }

    /// Returns the contract at an address; where there is none, makes one without code and slots.
    fn contract(address: H160) -> Result<ContractInfo<BalanceOf<T>>, DispatchError> {
        if let Some(info) = Contracts::<T>::get(address) {
            return Ok(info);
        }
        let account = T::AddressMapping::fallback(&address);
        if T::Currency::balance(&account) < T::Currency::minimum_balance() {
            T::Currency::set_balance(&account, T::Currency::minimum_balance());
        }
        frame_system::Pallet::<T>::inc_consumers_without_limit(&account)?;
        Ok(ContractInfo::new(next_storage_id::<T>()?))
    }

    /// Stores code for a contract, and returns its hash.
    fn override_code(code: Vec<u8>) -> Result<H256, DispatchError> {
        if code.is_empty() {
            return Ok(EMPTY_CODE_HASH);
        }
        let hash = to_h256(keccak256(&code));
        let (len, code) =
            (code.len() as u32, BoundedVec::try_from(code).map_err(|_| Error::<T>::CodeTooLarge)?);
        let unknown = CodeInfo { validated_by: NEVER_VALIDATED, ..CodeInfo::validated(len) };
        let info = CodeInfoOf::<T>::get(hash).unwrap_or(unknown);
        let references = info.references.saturating_add(1);
        CodeStore::<T>::insert(hash, code, CodeInfo { references, ..info });
        Ok(hash)
    }

    /// Writes slots, and returns how many the contract then has.
    fn override_slots(info: &ContractInfo<BalanceOf<T>>, slots: Vec<SlotOverride>) -> u32 {
        let mut items = info.items;
        for SlotOverride { key, value } in slots {
            let before = Slots::<T>::get(info.storage_id, key);
            if value.is_zero() {
                Slots::<T>::remove(info.storage_id, key);
                items = items.saturating_sub(u32::from(before.is_some()));
            } else {
                items = items.saturating_add(u32::from(before.is_none()));
                // A slot of an override has no deposit.
                let held = before.map_or_else(Zero::zero, |slot| slot.deposit);
                Slots::<T>::insert(info.storage_id, key, Slot::new(value, held));
            }
        }
        items
    }

    /// Sets an account's balance so that it can spend exactly `wanted`.
    fn override_balance(account: &T::AccountId, wanted: BalanceOf<T>) -> Result<(), DispatchError> {
        let spendable =
            || T::Currency::reducible_balance(account, Preservation::Preserve, Fortitude::Polite);
        if spendable() == wanted {
            return Ok(());
        }
        let untouchable = T::Currency::balance(account).saturating_sub(spendable());
        let untouchable = untouchable.max(T::Currency::minimum_balance());
        T::Currency::set_balance(account, wanted.saturating_add(untouchable));
        // More is frozen than the account had.
        let missing = wanted.saturating_sub(spendable());
        if !missing.is_zero() {
            T::Currency::set_balance(
                account,
                T::Currency::balance(account).saturating_add(missing),
            );
        }
        ensure!(spendable() == wanted, Error::<T>::OverrideNotPossible);
        Ok(())
    }
}
