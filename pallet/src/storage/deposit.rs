//! Moves deposits. A signer who makes the state grow pays for it; one who frees it gets what was
//! paid.
use frame_support::ensure;
use frame_support::traits::fungible::{Inspect, Mutate, MutateHold};
use frame_support::traits::tokens::{Fortitude, Precision, Preservation, Restriction};
use sp_runtime::DispatchError;
use sp_runtime::traits::{Saturating, Zero};

use crate::{BalanceOf, Config, Deposits, Error, HoldReason};

/// The signer of a transaction, who pays deposits and gets them back.
pub(crate) struct Payer<'a, T: Config> {
    pub signer: &'a T::AccountId,
    pub deposits: Deposits<BalanceOf<T>>,
}

impl<'a, T: Config> Payer<'a, T> {
    pub fn new(signer: &'a T::AccountId) -> Self {
        Self::resuming(signer, Deposits::default())
    }

    /// Returns a signer whose deposits so far are `deposits`.
    pub fn resuming(signer: &'a T::AccountId, deposits: Deposits<BalanceOf<T>>) -> Self {
        Self { signer, deposits }
    }

    /// Gives an account that does not exist yet its existential deposit.
    pub fn endow(&mut self, account: &T::AccountId) -> Result<(), DispatchError> {
        if !T::Currency::total_balance(account).is_zero() {
            return Ok(());
        }
        let deposit = T::Currency::minimum_balance();
        self.ensure_affordable(deposit)?;
        T::Currency::transfer(self.signer, account, deposit, Preservation::Preserve)?;
        self.charged(deposit);
        Ok(())
    }

    /// Holds `paid` more on a contract's account, and gives back `freed` of what is held there.
    /// Moves only the difference.
    pub fn exchange(
        &mut self,
        account: &T::AccountId,
        paid: BalanceOf<T>,
        freed: BalanceOf<T>,
    ) -> Result<(), DispatchError> {
        let reason = HoldReason::StorageDeposit.into();
        if paid > freed {
            let more = paid.saturating_sub(freed);
            self.ensure_affordable(more)?;
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
            // Locks apply to the contract's own balance, which its deposits are not.
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

    /// Holds a deposit on the signer's own account.
    pub fn hold(&mut self, reason: HoldReason, amount: BalanceOf<T>) -> Result<(), DispatchError> {
        self.ensure_affordable(amount)?;
        with_room::<T, _>(self.signer, || T::Currency::hold(&reason.into(), self.signer, amount))?;
        self.charged(amount);
        Ok(())
    }

    /// Gives the signer the rest of the balance of a contract that is gone.
    pub fn sweep(&mut self, account: &T::AccountId) -> Result<(), DispatchError> {
        let rest =
            T::Currency::reducible_balance(account, Preservation::Expendable, Fortitude::Polite);
        if !rest.is_zero() {
            T::Currency::transfer(account, self.signer, rest, Preservation::Expendable)?;
            self.refunded(rest);
        }
        Ok(())
    }

    /// Deposits come only from what the signer can spend and stay alive.
    fn ensure_affordable(&self, amount: BalanceOf<T>) -> Result<(), Error<T>> {
        let spendable =
            T::Currency::reducible_balance(self.signer, Preservation::Preserve, Fortitude::Polite);
        ensure!(amount <= spendable, Error::<T>::DepositNotAffordable);
        Ok(())
    }

    fn charged(&mut self, amount: BalanceOf<T>) {
        self.deposits.charged = self.deposits.charged.saturating_add(amount);
    }

    fn refunded(&mut self, amount: BalanceOf<T>) {
        self.deposits.refunded = self.deposits.refunded.saturating_add(amount);
    }
}

/// Holds balance on an account, however many references it has.
///
/// A hold is a reference to the account, and FRAME limits their number (`MaxConsumers`). Others can
/// use that limit up, with tokens of other pallets for instance, on an account whose owner has no
/// say in it: that of a contract, or of a contract to come.
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
        // One stays for the holds that are there.
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
