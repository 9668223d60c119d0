//! Writes a transaction's changes.
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

use crate::engine::convert::{to_address, to_h160, to_h256, wei_to_balance};
use crate::storage::code::CodeStore;
use crate::storage::deposit::Payer;
use crate::storage::nonce::Nonces;
use crate::storage::price::DepositPrice;
use crate::storage::records::{is_of_contract, next_storage_id};
use crate::{
    AddressMapping, BalanceOf, Config, ContractInfo, Contracts, DeletionQueue, Deposits,
    EMPTY_CODE_HASH, Error, Event, Pallet, PalletBackend, Slot, Slots,
};

/// The sender of a transaction.
pub(crate) struct Sender {
    pub address: H160,
    /// The nonce that the transaction used for the address of a new contract, if it did.
    pub create_nonce: Option<u64>,
}

/// Writes the changes of a transaction, at its signer's expense.
pub(crate) struct Writer<'a, T: Config> {
    /// The storage that the transaction has read.
    backend: &'a PalletBackend<T>,
    payer: Payer<'a, T>,
}

impl<'a, T: Config> Writer<'a, T> {
    pub fn new(backend: &'a PalletBackend<T>) -> Self {
        Self { backend, payer: backend.payer() }
    }

    /// Writes all changes. `balances` are those that may have changed.
    pub fn write(
        mut self,
        sender: Sender,
        balances: Vec<(Address, U256)>,
        changes: Changes,
    ) -> Result<Deposits<BalanceOf<T>>, DispatchError> {
        self.settle(balances)?;
        if let Some(nonce) = sender.create_nonce {
            Nonces::<T>::note_create(&mut self.payer, sender.address, nonce)?;
        }
        for (address, change) in changes.accounts {
            let address = to_h160(address);
            match change {
                AccountChange::Update(update) => self.update(sender.address, address, update)?,
                AccountChange::Delete => self.terminate(address)?,
            }
        }
        Ok(self.payer.deposits)
    }

    /// Moves balances in the middle of a transaction. The existential deposits that the signer pays
    /// for it are part of the transaction's deposits.
    pub fn settle_early(
        mut self,
        balances: impl IntoIterator<Item = (Address, U256)>,
    ) -> Result<(), DispatchError> {
        self.settle(balances)?;
        self.backend.note_deposits(&self.payer);
        Ok(())
    }

    /// Moves balance until every account has what the engine says. What the engine has burnt goes
    /// to the signer, so that total issuance stays the same.
    fn settle(
        &mut self,
        balances: impl IntoIterator<Item = (Address, U256)>,
    ) -> Result<(), DispatchError> {
        let (mut losers, mut gainers) = (Vec::new(), Vec::new());
        let (mut lost, mut gained) = (BalanceOf::<T>::zero(), BalanceOf::<T>::zero());
        for (address, target) in balances {
            let account = Pallet::<T>::account_of(&to_h160(address));
            let target = wei_to_balance::<T>(target).ok_or(Error::<T>::InternalError)?;
            let current =
                T::Currency::reducible_balance(&account, Preservation::Preserve, Fortitude::Polite);
            match target.cmp(&current) {
                Ordering::Less => {
                    let amount = current.saturating_sub(target);
                    lost = lost.checked_add(&amount).ok_or(Error::<T>::InternalError)?;
                    losers.push((account, amount));
                }
                Ordering::Greater => {
                    let amount = target.saturating_sub(current);
                    gained = gained.checked_add(&amount).ok_or(Error::<T>::InternalError)?;
                    gainers.push((account, amount));
                }
                Ordering::Equal => {}
            }
        }
        ensure!(gained <= lost, Error::<T>::InternalError);
        let burnt = lost.saturating_sub(gained);
        if !burnt.is_zero() {
            gainers.push((self.payer.signer.clone(), burnt));
        }
        let mut losers = losers.into_iter();
        let mut loser = losers.next();
        for (gainer, mut amount) in gainers {
            self.payer.endow(&gainer)?;
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

    /// Writes the nonce, the code and the slots of a contract.
    fn update(
        &mut self,
        sender: H160,
        address: H160,
        update: AccountUpdate,
    ) -> Result<(), DispatchError> {
        let AccountUpdate { nonce, balance: _, code_hash, code, storage } = update;
        let before = self.backend.contract(&to_address(address));
        // Not a contract, and its balance has been moved.
        if before.is_none() && address == sender {
            return Ok(());
        }
        let account = match before {
            Some(_) => T::AddressMapping::fallback(&address),
            None => T::AddressMapping::to_account_id(&address),
        };
        let mut info = match &before {
            Some(info) => info.clone(),
            None if !is_of_contract::<T>(nonce, &address) => return Ok(()),
            None => self.new_contract(&account)?,
        };
        info.nonce = nonce;
        let code_hash = to_h256(code_hash);
        let mut paid = Zero::zero();
        if code_hash != info.code_hash {
            if code_hash != EMPTY_CODE_HASH {
                paid = CodeStore::<T>::add_reference(code_hash, code.as_deref())?;
            }
            // Its deposit stays: no contract gets other code than its first.
            if info.code_hash != EMPTY_CODE_HASH {
                CodeStore::<T>::remove_reference(info.code_hash)?;
            }
            info.code_hash = code_hash;
        }
        if before.is_none() {
            paid = paid.saturating_add(DepositPrice::<T>::contract());
        }
        info.base_deposit = info.base_deposit.saturating_add(paid);
        let at = to_address(address);
        let slots = storage
            .into_iter()
            .map(|(key, value)| (self.backend.deposit_of_slot(&at, &key), key, value));
        let of_slots = write_slots::<T>(&mut info, slots)?;
        let charged = paid.saturating_add(of_slots.charged);
        self.payer.exchange(&account, charged, of_slots.refunded)?;
        // Most calls change only values of slots.
        if before.as_ref() != Some(&info) {
            Contracts::<T>::insert(address, info);
        }
        Ok(())
    }

    /// Makes the account and the record of a contract, without deposits.
    fn new_contract(
        &mut self,
        account: &T::AccountId,
    ) -> Result<ContractInfo<BalanceOf<T>>, DispatchError> {
        self.payer.endow(account)?;
        // The account cannot be reaped while there is a contract.
        frame_system::Pallet::<T>::inc_consumers_without_limit(account)?;
        Ok(ContractInfo::new(next_storage_id::<T>()?))
    }

    /// Removes a contract, if there is one. Its balance has been moved.
    fn terminate(&mut self, address: H160) -> Result<(), DispatchError> {
        let Some(info) = self.backend.contract(&to_address(address)) else { return Ok(()) };
        let account = T::AddressMapping::fallback(&address);
        Contracts::<T>::remove(address);
        let freed = info.base_deposit.saturating_add(info.slot_deposit);
        self.payer.exchange(&account, Zero::zero(), freed)?;
        frame_system::Pallet::<T>::dec_consumers(&account);
        self.payer.sweep(&account)?;
        if info.code_hash != EMPTY_CODE_HASH {
            CodeStore::<T>::remove_reference(info.code_hash)?;
        }
        if info.items > 0 {
            DeletionQueue::<T>::insert(info.storage_id, info.items);
        }
        Pallet::<T>::deposit_event(Event::Terminated { address });
        Ok(())
    }
}

/// Writes slots, each given by its deposit if it was there, its key, and its value. Returns the
/// deposits for new slots, and those of slots that are freed.
fn write_slots<T: Config>(
    info: &mut ContractInfo<BalanceOf<T>>,
    slots: impl Iterator<Item = (Option<BalanceOf<T>>, B256, B256)>,
) -> Result<Deposits<BalanceOf<T>>, Error<T>> {
    let price = DepositPrice::<T>::slot();
    let (mut added, mut removed) = (0_u32, 0_u32);
    let mut deposits = Deposits::<BalanceOf<T>>::default();
    for (held, key, value) in slots {
        let (key, value) = (to_h256(key), to_h256(value));
        match (held, value.is_zero()) {
            (Some(held), false) => Slots::<T>::insert(info.storage_id, key, Slot::new(value, held)),
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
