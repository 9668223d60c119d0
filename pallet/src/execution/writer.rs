//! Writes what a transaction changed.
use alloc::vec::Vec;
use core::cmp::Ordering;

use alloy_primitives::{Address, B256, U256};
use frame_support::ensure;
use frame_support::traits::fungible::{Inspect, Mutate};
use frame_support::traits::tokens::{Fortitude, Preservation};
use sp_core::H160;
use sp_runtime::DispatchError;
use sp_runtime::traits::{CheckedAdd, CheckedSub, Saturating, Zero};
use tephra_core::state::{AccountChange, AccountUpdate, Changes};

use crate::execution::backend::system_nonce;
use crate::storage::deposit::Payer;
use crate::storage::types::{to_address, to_h160, to_h256, wei_to_balance};
use crate::{
    AddressMapping, BalanceOf, Config, ContractInfo, Contracts, DeletionQueue, Deposits,
    EMPTY_CODE_HASH, Error, Event, NextStorageId, Pallet, PalletBackend, Slot, Slots,
};

/// Who sent a transaction.
pub(crate) struct Sender {
    pub address: H160,
    /// The nonce that it used for the address of a new contract, if it did.
    pub create_nonce: Option<u64>,
}

impl<T: Config> Pallet<T> {
    /// Writes the changes of a transaction that has read from `backend`. `balances` are those that
    /// may have changed.
    pub(crate) fn apply(
        backend: &PalletBackend<T>,
        sender: Sender,
        balances: Vec<(Address, U256)>,
        changes: Changes,
    ) -> Result<Deposits<BalanceOf<T>>, DispatchError> {
        let mut payer = backend.payer();
        Self::settle(&mut payer, balances)?;
        if let Some(nonce) = sender.create_nonce {
            Self::note_create(&mut payer, sender.address, nonce)?;
        }
        for (address, change) in changes.accounts {
            let address = to_h160(address);
            match change {
                AccountChange::Update(update) => {
                    Self::update(backend, &mut payer, sender.address, address, update)?
                }
                AccountChange::Delete => Self::terminate(backend, &mut payer, address)?,
            }
        }
        Ok(payer.deposits)
    }

    /// Moves balance as [`Self::settle`] does, in the middle of a transaction. The existential
    /// deposits that the signer pays are part of what the transaction's deposits come to.
    pub(crate) fn settle_meanwhile(
        backend: &PalletBackend<T>,
        balances: impl IntoIterator<Item = (Address, U256)>,
    ) -> Result<(), DispatchError> {
        let mut payer = backend.payer();
        Self::settle(&mut payer, balances)?;
        backend.note_deposits(&payer);
        Ok(())
    }

    /// Moves balance until every account has what the engine says. What the engine has burnt goes
    /// to the signer: total issuance stays the same.
    fn settle(
        payer: &mut Payer<'_, T>,
        balances: impl IntoIterator<Item = (Address, U256)>,
    ) -> Result<(), DispatchError> {
        let (mut losers, mut gainers) = (Vec::new(), Vec::new());
        let (mut lost, mut gained) = (BalanceOf::<T>::zero(), BalanceOf::<T>::zero());
        for (address, target) in balances {
            let account = Self::account_of(&to_h160(address));
            let target = wei_to_balance::<T>(target).ok_or(Error::<T>::InternalError)?;
            let present =
                T::Currency::reducible_balance(&account, Preservation::Preserve, Fortitude::Polite);
            match target.cmp(&present) {
                Ordering::Less => {
                    let amount = present.saturating_sub(target);
                    lost = lost.checked_add(&amount).ok_or(Error::<T>::InternalError)?;
                    losers.push((account, amount));
                }
                Ordering::Greater => {
                    let amount = target.saturating_sub(present);
                    gained = gained.checked_add(&amount).ok_or(Error::<T>::InternalError)?;
                    gainers.push((account, amount));
                }
                Ordering::Equal => {}
            }
        }
        ensure!(gained <= lost, Error::<T>::InternalError);
        let burnt = lost.saturating_sub(gained);
        if !burnt.is_zero() {
            gainers.push((payer.signer.clone(), burnt));
        }
        let mut losers = losers.into_iter();
        let mut loser = losers.next();
        for (gainer, mut amount) in gainers {
            payer.endow(&gainer)?;
            while !amount.is_zero() {
                let (account, left) = loser.as_mut().ok_or(Error::<T>::InternalError)?;
                let part = amount.min(*left);
                if *account != gainer {
                    let spendable = T::Currency::reducible_balance(
                        account,
                        Preservation::Preserve,
                        Fortitude::Polite,
                    );
                    // The signer may have spent it for an existential deposit.
                    ensure!(part <= spendable, Error::<T>::DepositNotAffordable);
                    T::Currency::transfer(account, &gainer, part, Preservation::Preserve)?;
                }
                amount = amount.saturating_sub(part);
                *left = left.saturating_sub(part);
                if left.is_zero() {
                    loser = losers.next();
                }
            }
        }
        Ok(())
    }

    fn update(
        backend: &PalletBackend<T>,
        payer: &mut Payer<'_, T>,
        sender: H160,
        address: H160,
        update: AccountUpdate,
    ) -> Result<(), DispatchError> {
        let AccountUpdate { nonce, balance: _, code_hash, code, storage } = update;
        let before = backend.contract(&to_address(address));
        // Not a contract: what there was to do is done with its balance.
        if before.is_none() && address == sender {
            return Ok(());
        }
        let account = match before {
            Some(_) => T::AddressMapping::fallback(&address),
            None => T::AddressMapping::to_account_id(&address),
        };
        let mut info = match &before {
            Some(info) => info.clone(),
            None if !Self::is_of_contract(nonce, &address) => return Ok(()),
            None => Self::new_contract(payer, &account)?,
        };
        info.nonce = nonce;
        let code_hash = to_h256(code_hash);
        let mut paid = Zero::zero();
        if code_hash != info.code_hash {
            if code_hash != EMPTY_CODE_HASH {
                paid = Self::use_code(code_hash, code.as_deref())?;
            }
            // What is held for it stays, as no contract gets other code than its first.
            if info.code_hash != EMPTY_CODE_HASH {
                Self::release_code(info.code_hash)?;
            }
            info.code_hash = code_hash;
        }
        if before.is_none() {
            paid = paid.saturating_add(Self::contract_deposit());
        }
        info.base_deposit = info.base_deposit.saturating_add(paid);
        let at = to_address(address);
        let slots = storage
            .into_iter()
            .map(|(key, value)| (backend.deposit_of_slot(&at, &key), key, value));
        let of_slots = Self::write_slots(&mut info, slots)?;
        payer.exchange(&account, paid.saturating_add(of_slots.charged), of_slots.refunded)?;
        // Most calls change values of slots alone.
        if before.as_ref() != Some(&info) {
            Contracts::<T>::insert(address, info);
        }
        Ok(())
    }

    /// Whether an account that was no contract before is one with this nonce: then it has one that
    /// no signature gave it.
    pub(crate) fn is_of_contract(nonce: u64, address: &H160) -> bool {
        nonce > 0 && nonce > system_nonce::<T>(&T::AddressMapping::to_account_id(address))
    }

    /// The account and the record of a contract, for which nothing is held yet.
    fn new_contract(
        payer: &mut Payer<'_, T>,
        account: &T::AccountId,
    ) -> Result<ContractInfo<BalanceOf<T>>, DispatchError> {
        payer.endow(account)?;
        // While there is a contract, nothing may take its account away.
        frame_system::Pallet::<T>::inc_consumers_without_limit(account)?;
        Ok(ContractInfo {
            nonce: 1,
            code_hash: EMPTY_CODE_HASH,
            storage_id: Self::next_storage_id()?,
            items: 0,
            base_deposit: Zero::zero(),
            slot_deposit: Zero::zero(),
        })
    }

    pub(crate) fn next_storage_id() -> Result<u64, Error<T>> {
        NextStorageId::<T>::try_mutate(|next| {
            let id = *next;
            *next = next.checked_add(1).ok_or(Error::<T>::InternalError)?;
            Ok(id)
        })
    }

    /// Writes slots: what is held for it if there is one, its key, and its value. Returns what is
    /// to be held for new ones, and what was for those that are gone.
    fn write_slots(
        info: &mut ContractInfo<BalanceOf<T>>,
        slots: impl Iterator<Item = (Option<BalanceOf<T>>, B256, B256)>,
    ) -> Result<Deposits<BalanceOf<T>>, Error<T>> {
        let price = Self::slot_deposit();
        let (mut added, mut removed) = (0_u32, 0_u32);
        let mut deposits = Deposits::<BalanceOf<T>>::default();
        for (held, key, value) in slots {
            let (key, value) = (to_h256(key), to_h256(value));
            match (held, value.is_zero()) {
                (Some(held), false) => {
                    Slots::<T>::insert(info.storage_id, key, Slot::new(value, held))
                }
                (None, false) => {
                    Slots::<T>::insert(info.storage_id, key, Slot::new(value, price));
                    added = added.saturating_add(1);
                    deposits.charged = deposits.charged.saturating_add(price);
                }
                (Some(held), true) => {
                    Slots::<T>::remove(info.storage_id, key);
                    removed = removed.saturating_add(1);
                    deposits.refunded = deposits.refunded.saturating_add(held);
                }
                (None, true) => {}
            }
        }
        let items = info.items.checked_add(added).and_then(|items| items.checked_sub(removed));
        info.items = items.ok_or(Error::<T>::InternalError)?;
        let sum = info.slot_deposit.checked_add(&deposits.charged);
        let sum = sum.and_then(|sum| sum.checked_sub(&deposits.refunded));
        info.slot_deposit = sum.ok_or(Error::<T>::InternalError)?;
        Ok(deposits)
    }

    /// Takes a contract away, if there is one. Its balance has been moved.
    fn terminate(
        backend: &PalletBackend<T>,
        payer: &mut Payer<'_, T>,
        address: H160,
    ) -> Result<(), DispatchError> {
        let Some(info) = backend.contract(&to_address(address)) else { return Ok(()) };
        let account = T::AddressMapping::fallback(&address);
        Contracts::<T>::remove(address);
        payer.exchange(
            &account,
            Zero::zero(),
            info.base_deposit.saturating_add(info.slot_deposit),
        )?;
        frame_system::Pallet::<T>::dec_consumers(&account);
        payer.sweep(&account)?;
        if info.code_hash != EMPTY_CODE_HASH {
            Self::release_code(info.code_hash)?;
        }
        if info.items > 0 {
            DeletionQueue::<T>::insert(info.storage_id, info.items);
        }
        Self::deposit_event(Event::Terminated { address });
        Ok(())
    }
}
