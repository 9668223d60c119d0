//! Writes what a transaction changed.
use alloc::vec::Vec;
use core::cmp::Ordering;

use alloy_primitives::{Address, B256, U256};
use frame_support::ensure;
use frame_support::traits::fungible::{Inspect, Mutate};
use frame_support::traits::tokens::{Fortitude, Preservation};
use sp_core::H160;
use sp_runtime::DispatchError;
use sp_runtime::traits::{CheckedAdd, Saturating, Zero};
use tephra_core::ewasm::state::{AccountChange, AccountUpdate, Changes};

use crate::backend::system_nonce;
use crate::deposit::Payer;
use crate::types::{balance_to_wei, to_address, to_h160, to_h256, wei_to_balance};
use crate::{
    AddressMapping, BalanceOf, Config, ContractInfo, Contracts, DeletionQueue, Deposits, EMPTY_CODE_HASH, Error, Event,
    NextStorageId, Pallet, PalletBackend, Slots,
};

impl<T: Config> Pallet<T> {
    /// Writes the changes of a transaction that has read from `backend` and whose signer's address is `sender`. `balances` are those that may have changed.
    pub(crate) fn apply(
        backend: &PalletBackend<T>,
        sender: H160,
        balances: Vec<(Address, U256)>,
        changes: Changes,
    ) -> Result<Deposits<BalanceOf<T>>, DispatchError> {
        let mut payer = Payer::<T>::new(backend.signer());
        Self::settle(&mut payer, balances)?;
        for (address, change) in changes.accounts {
            let address = to_h160(address);
            match change {
                AccountChange::Update(update) => Self::update(backend, &mut payer, sender, address, update)?,
                AccountChange::Delete => Self::terminate(&mut payer, address)?,
            }
        }
        Ok(payer.deposits)
    }

    /// Moves balance until every account has what the engine says. What the engine has burnt goes to the signer: total issuance stays the same.
    pub(crate) fn settle(
        payer: &mut Payer<'_, T>,
        balances: impl IntoIterator<Item = (Address, U256)>,
    ) -> Result<(), DispatchError> {
        let (mut losers, mut gainers) = (Vec::new(), Vec::new());
        let (mut lost, mut gained) = (BalanceOf::<T>::zero(), BalanceOf::<T>::zero());
        for (address, target) in balances {
            let account = Self::account_of(&to_h160(address));
            let target = wei_to_balance::<T>(target).ok_or(Error::<T>::InternalError)?;
            let present = T::Currency::reducible_balance(&account, Preservation::Preserve, Fortitude::Polite);
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
                    let spendable = T::Currency::reducible_balance(account, Preservation::Preserve, Fortitude::Polite);
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
            None if nonce <= system_nonce::<T>(&account) => return Ok(()),
            None => Self::new_contract(payer, &account)?,
        };
        info.nonce = nonce;
        let code_hash = to_h256(code_hash);
        if code_hash != info.code_hash {
            if code_hash != EMPTY_CODE_HASH {
                Self::use_code(payer, code_hash, code.as_deref())?;
            }
            if info.code_hash != EMPTY_CODE_HASH {
                Self::release_code(payer, info.code_hash)?;
            }
            info.code_hash = code_hash;
        }
        let slots = storage.into_iter().map(|(key, value)| (backend.has_slot(&to_address(address), &key), key, value));
        Self::write_slots(payer, &account, &mut info, slots)?;
        // Most calls change values of slots alone.
        if before.as_ref() != Some(&info) {
            Contracts::<T>::insert(address, info);
        }
        Ok(())
    }

    fn new_contract(
        payer: &mut Payer<'_, T>,
        account: &T::AccountId,
    ) -> Result<ContractInfo<BalanceOf<T>>, DispatchError> {
        payer.endow(account)?;
        // While there is a contract, nothing may take its account away.
        frame_system::Pallet::<T>::inc_consumers_without_limit(account)?;
        let base_deposit = Self::contract_deposit();
        payer.adjust(account, Zero::zero(), base_deposit)?;
        Ok(ContractInfo {
            nonce: 1,
            code_hash: EMPTY_CODE_HASH,
            storage_id: Self::next_storage_id()?,
            items: 0,
            base_deposit,
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

    /// Writes slots: whether there is one, its key, and its value.
    fn write_slots(
        payer: &mut Payer<'_, T>,
        account: &T::AccountId,
        info: &mut ContractInfo<BalanceOf<T>>,
        slots: impl Iterator<Item = (bool, B256, B256)>,
    ) -> Result<(), DispatchError> {
        let (mut added, mut removed) = (0_u32, 0_u32);
        for (is_there, key, value) in slots {
            let key = to_h256(key);
            match (is_there, value.is_zero()) {
                (_, false) => {
                    Slots::<T>::insert(info.storage_id, key, to_h256(value));
                    added = added.saturating_add(u32::from(!is_there));
                }
                (true, true) => {
                    Slots::<T>::remove(info.storage_id, key);
                    removed = removed.saturating_add(1);
                }
                (false, true) => {}
            }
        }
        let before = info.slot_deposit;
        let kept = info.items.checked_sub(removed).ok_or(Error::<T>::InternalError)?;
        // Each slot has an equal share of the deposit, whatever the price was when it was written.
        let share = balance_to_wei::<T>(before).saturating_mul(U256::from(kept)).checked_div(U256::from(info.items));
        let share = wei_to_balance::<T>(share.unwrap_or_default()).ok_or(Error::<T>::InternalError)?;
        let more = Self::slot_deposit().saturating_mul(added.into());
        info.items = kept.checked_add(added).ok_or(Error::<T>::InternalError)?;
        info.slot_deposit = share.saturating_add(more);
        payer.adjust(account, before, info.slot_deposit)
    }

    /// Takes a contract away. Its balance has been moved.
    fn terminate(payer: &mut Payer<'_, T>, address: H160) -> Result<(), DispatchError> {
        let account = Self::account_of(&address);
        let Some(info) = Contracts::<T>::take(address) else { return Ok(()) };
        payer.adjust(&account, info.base_deposit.saturating_add(info.slot_deposit), Zero::zero())?;
        frame_system::Pallet::<T>::dec_consumers(&account);
        payer.sweep(&account)?;
        if info.code_hash != EMPTY_CODE_HASH {
            Self::release_code(payer, info.code_hash)?;
        }
        if info.items > 0 {
            DeletionQueue::<T>::insert(info.storage_id, info.items);
        }
        Self::deposit_event(Event::Terminated { address });
        Ok(())
    }
}
