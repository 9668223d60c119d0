//! Deposits: who makes the state grow pays for it, and who frees it is paid back.
use codec::MaxEncodedLen;
use frame_support::ensure;
use frame_support::traits::Get;
use frame_support::traits::fungible::{Inspect, Mutate, MutateHold};
use frame_support::traits::tokens::{Fortitude, Precision, Preservation, Restriction};
use sp_core::H160;
use sp_runtime::traits::{Saturating, Zero};
use sp_runtime::{DispatchError, SaturatedConversion};

use crate::{BalanceOf, CodeInfo, Config, ContractInfo, Deposits, Error, HoldReason, Pallet};

/// Bytes of a slot: its key and its value.
const SLOT_BYTES: u32 = 64;

/// Who pays deposits and gets them back, in one transaction: its signer.
pub(crate) struct Payer<'a, T: Config> {
    pub signer: &'a T::AccountId,
    pub deposits: Deposits<BalanceOf<T>>,
}

impl<'a, T: Config> Payer<'a, T> {
    pub fn new(signer: &'a T::AccountId) -> Self {
        Self { signer, deposits: Deposits::default() }
    }

    /// Gives an account that is not there yet its existential deposit.
    pub fn endow(&mut self, account: &T::AccountId) -> Result<(), DispatchError> {
        if !T::Currency::total_balance(account).is_zero() {
            return Ok(());
        }
        let deposit = T::Currency::minimum_balance();
        Pallet::<T>::ensure_affordable(self.signer, deposit)?;
        T::Currency::transfer(self.signer, account, deposit, Preservation::Preserve)?;
        self.charged(deposit);
        Ok(())
    }

    /// Changes what is held on a contract's account.
    pub fn adjust(
        &mut self,
        account: &T::AccountId,
        before: BalanceOf<T>,
        after: BalanceOf<T>,
    ) -> Result<(), DispatchError> {
        let reason = HoldReason::StorageDeposit.into();
        if after > before {
            let more = after.saturating_sub(before);
            Pallet::<T>::ensure_affordable(self.signer, more)?;
            let (precision, force) = (Precision::Exact, Fortitude::Polite);
            T::Currency::transfer_and_hold(
                &reason,
                self.signer,
                account,
                more,
                precision,
                Preservation::Preserve,
                force,
            )?;
            self.charged(more);
        } else if before > after {
            let less = before.saturating_sub(after);
            // Locks are on what is the contract's, which its deposits are not.
            let (precision, force) = (Precision::Exact, Fortitude::Force);
            T::Currency::transfer_on_hold(&reason, account, self.signer, less, precision, Restriction::Free, force)?;
            self.refunded(less);
        }
        Ok(())
    }

    /// Holds on the signer's own account.
    pub fn hold_code(&mut self, amount: BalanceOf<T>) -> Result<(), DispatchError> {
        Pallet::<T>::ensure_affordable(self.signer, amount)?;
        T::Currency::hold(&HoldReason::CodeDeposit.into(), self.signer, amount)?;
        self.charged(amount);
        Ok(())
    }

    /// Gives the deposit of a code back to its owner.
    pub fn release_code(&mut self, owner: &T::AccountId, amount: BalanceOf<T>) -> Result<(), DispatchError> {
        T::Currency::release(&HoldReason::CodeDeposit.into(), owner, amount, Precision::Exact)?;
        if owner == self.signer {
            self.refunded(amount);
        }
        Ok(())
    }

    /// Gives the signer what is left on the account of a contract that is gone.
    pub fn sweep(&mut self, account: &T::AccountId) -> Result<(), DispatchError> {
        let rest = T::Currency::reducible_balance(account, Preservation::Expendable, Fortitude::Polite);
        if !rest.is_zero() {
            T::Currency::transfer(account, self.signer, rest, Preservation::Expendable)?;
            self.refunded(rest);
        }
        Ok(())
    }

    fn charged(&mut self, amount: BalanceOf<T>) {
        self.deposits.charged = self.deposits.charged.saturating_add(amount);
    }

    fn refunded(&mut self, amount: BalanceOf<T>) {
        self.deposits.refunded = self.deposits.refunded.saturating_add(amount);
    }
}

impl<T: Config> Pallet<T> {
    /// Deposit for so many items of so many bytes together.
    fn deposit_for(items: u32, bytes: u64) -> BalanceOf<T> {
        let items = T::DepositPerItem::get().saturating_mul(items.saturated_into());
        items.saturating_add(T::DepositPerByte::get().saturating_mul(bytes.saturated_into()))
    }

    /// For the record of whose an address is.
    pub(crate) fn address_deposit() -> BalanceOf<T> {
        Self::deposit_for(1, (H160::max_encoded_len() + T::AccountId::max_encoded_len()) as u64)
    }

    /// For a contract's record.
    pub(crate) fn contract_deposit() -> BalanceOf<T> {
        Self::deposit_for(1, (H160::max_encoded_len() + ContractInfo::<BalanceOf<T>>::max_encoded_len()) as u64)
    }

    /// For a slot.
    pub(crate) fn slot_deposit() -> BalanceOf<T> {
        Self::deposit_for(1, SLOT_BYTES.into())
    }

    /// For code of so many bytes.
    pub(crate) fn code_deposit(len: u32) -> BalanceOf<T> {
        let info = CodeInfo::<T::AccountId, BalanceOf<T>>::max_encoded_len() as u64;
        Self::deposit_for(2, info.saturating_add(len.into()))
    }

    /// An account pays deposits only from what it can spend without dying.
    pub(crate) fn ensure_affordable(account: &T::AccountId, amount: BalanceOf<T>) -> Result<(), Error<T>> {
        let spendable = T::Currency::reducible_balance(account, Preservation::Preserve, Fortitude::Polite);
        ensure!(amount <= spendable, Error::<T>::DepositNotAffordable);
        Ok(())
    }
}
