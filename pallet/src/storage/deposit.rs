//! Deposits: who makes the state grow pays for it, and who frees it is paid back what was paid for
//! that.
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
        Self::resuming(signer, Deposits::default())
    }

    /// One that has paid and got so much already.
    pub fn resuming(signer: &'a T::AccountId, deposits: Deposits<BalanceOf<T>>) -> Self {
        Self { signer, deposits }
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

    /// Holds `paid` more on a contract's account, and gives `freed` of what is held there back.
    /// Only the difference is moved.
    pub fn exchange(
        &mut self,
        account: &T::AccountId,
        paid: BalanceOf<T>,
        freed: BalanceOf<T>,
    ) -> Result<(), DispatchError> {
        let reason = HoldReason::StorageDeposit.into();
        if paid > freed {
            let more = paid.saturating_sub(freed);
            Pallet::<T>::ensure_affordable(self.signer, more)?;
            let (precision, force) = (Precision::Exact, Fortitude::Polite);
            let preservation = Preservation::Preserve;
            with_room::<T, _>(account, || {
                T::Currency::transfer_and_hold(
                    &reason,
                    self.signer,
                    account,
                    more,
                    precision,
                    preservation,
                    force,
                )
            })?;
        } else if freed > paid {
            let less = freed.saturating_sub(paid);
            // Locks are on what is the contract's, which its deposits are not.
            let (precision, force) = (Precision::Exact, Fortitude::Force);
            T::Currency::transfer_on_hold(
                &reason,
                account,
                self.signer,
                less,
                precision,
                Restriction::Free,
                force,
            )?;
        }
        self.charged(paid);
        self.refunded(freed);
        Ok(())
    }

    /// Holds on the signer's own account.
    pub fn hold(&mut self, reason: HoldReason, amount: BalanceOf<T>) -> Result<(), DispatchError> {
        Pallet::<T>::ensure_affordable(self.signer, amount)?;
        with_room::<T, _>(self.signer, || T::Currency::hold(&reason.into(), self.signer, amount))?;
        self.charged(amount);
        Ok(())
    }

    /// Gives the signer what is left on the account of a contract that is gone.
    pub fn sweep(&mut self, account: &T::AccountId) -> Result<(), DispatchError> {
        let rest =
            T::Currency::reducible_balance(account, Preservation::Expendable, Fortitude::Polite);
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

/// Holds balance on an account whatever refers to it already.
///
/// What is held refers to the account, and FRAME limits how much may (`MaxConsumers`). Others can
/// use that limit up, with tokens of other pallets for instance, on an account whose owner has no
/// say: that of a contract, or of one to come.
fn with_room<T: Config, R>(
    account: &T::AccountId,
    hold: impl FnOnce() -> Result<R, DispatchError>,
) -> Result<R, DispatchError> {
    if frame_system::Pallet::<T>::consumers(account) == 0
        || frame_system::Pallet::<T>::can_inc_consumer(account)
    {
        return hold();
    }
    let others = frame_system::Account::<T>::mutate(account, |info| {
        // One stays: what is held already has one.
        let others = info.consumers.saturating_sub(1);
        info.consumers = info.consumers.saturating_sub(others);
        others
    });
    let result = hold();
    frame_system::Account::<T>::mutate(account, |info| {
        info.consumers = info.consumers.saturating_add(others)
    });
    result
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

    /// For the record of the nonces that an account's creates have used.
    pub(crate) fn nonce_deposit() -> BalanceOf<T> {
        Self::deposit_for(1, (H160::max_encoded_len() + u64::max_encoded_len()) as u64)
    }

    /// For a contract's record.
    pub(crate) fn contract_deposit() -> BalanceOf<T> {
        Self::deposit_for(
            1,
            (H160::max_encoded_len() + ContractInfo::<BalanceOf<T>>::max_encoded_len()) as u64,
        )
    }

    /// For a slot.
    pub(crate) fn slot_deposit() -> BalanceOf<T> {
        Self::deposit_for(1, SLOT_BYTES.into())
    }

    /// For code of so many bytes that somebody uploads.
    pub(crate) fn code_deposit(len: u32) -> BalanceOf<T> {
        let info = CodeInfo::<T::AccountId, BalanceOf<T>>::max_encoded_len() as u64;
        Self::deposit_for(2, info.saturating_add(len.into()))
    }

    /// What each contract holds for code of so many bytes.
    pub(crate) fn code_share(len: u32) -> BalanceOf<T> {
        T::CodeHashLockupDepositPercent::get().mul_ceil(Self::code_deposit(len))
    }

    /// An account pays deposits only from what it can spend without dying.
    pub(crate) fn ensure_affordable(
        account: &T::AccountId,
        amount: BalanceOf<T>,
    ) -> Result<(), Error<T>> {
        let spendable =
            T::Currency::reducible_balance(account, Preservation::Preserve, Fortitude::Polite);
        ensure!(amount <= spendable, Error::<T>::DepositNotAffordable);
        Ok(())
    }
}
