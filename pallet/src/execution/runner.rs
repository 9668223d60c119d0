//! Runs calls and creates.
use alloc::vec::Vec;
use core::marker::PhantomData;

use frame_support::dispatch::{
    DispatchErrorWithPostInfo, DispatchResultWithPostInfo, PostDispatchInfo,
};
use frame_support::ensure;
use frame_support::traits::{FindAuthor, Get, UnixTime};
use frame_support::weights::Weight;
use sp_core::H160;
use sp_runtime::traits::UniqueSaturatedInto;
use sp_runtime::{DispatchError, Saturating};
use tephra_core::ewasm::{Inspector, Status, Vm};
use tephra_core::state::{BlockEnv, Driver, GasPrice, Transaction};

use crate::engine::Engine;
use crate::engine::convert::{balance_to_wei, to_address, to_b256, to_h160, to_wei};
use crate::execution::{Action, Executed, Invocation, LogIndex, NotExecuted};
use crate::precompiles::{Own, State};
use crate::storage::accounts::Accounts;
use crate::storage::backend::Metered;
use crate::storage::code::CodeStore;
use crate::storage::nonce::Nonces;
use crate::storage::writer::{Sender, Writer};
use crate::storage::writing::writing_weight;
use crate::weight::{gas_of_time, reserved, work_limit};
use crate::{
    Config, Deposits, Error, Event, GasWeight, IsDispatching, Pallet, PalletBackend, WeightInfo,
};

/// Runs calls and creates.
pub(crate) struct Runner<T>(PhantomData<T>);

impl<T: Config> Runner<T> {
    /// Refuses calls that a contract dispatches.
    pub fn ensure_not_dispatching() -> Result<(), Error<T>> {
        if IsDispatching::<T>::get() { Err(Error::Reentered) } else { Ok(()) }
    }

    /// Runs an extrinsic. FRAME undoes everything when it fails.
    pub fn extrinsic(invocation: Invocation<'_, T>) -> DispatchResultWithPostInfo {
        let base = invocation.base_weight();
        let Invocation { signer, action, limits, .. } = invocation;
        let fail = |error: DispatchError, weight: Weight| {
            let actual_weight = Some(base.saturating_add(weight));
            DispatchErrorWithPostInfo {
                post_info: PostDispatchInfo { actual_weight, ..Default::default() },
                error,
            }
        };
        let executed = Self::run(invocation, &mut ())
            .map_err(|NotExecuted { error, weight }| fail(error, weight))?;
        executed.result().map_err(|error| fail(error.into(), executed.weight))?;
        let room = executed.room_for_logs(limits.gas);
        let Executed { receipt, deposits, weight, .. } = executed;
        let (signer, gas_used) = (signer.clone(), receipt.gas_used);
        let event = match (action, receipt.create_address) {
            (Action::Call(target), _) => Event::Executed { signer, target, gas_used, deposits },
            (_, Some(address)) => {
                Event::Created { signer, address: to_h160(address), gas_used, deposits }
            }
            (_, None) => return Err(fail(Error::<T>::InternalError.into(), weight)),
        };
        let index = LogIndex::<T>::new(&receipt.logs, room);
        let weight = base.saturating_add(weight).saturating_add(index.weight());
        index.deposit(receipt.logs);
        Pallet::<T>::deposit_event(event);
        Ok(Some(weight).into())
    }

    /// Runs a call or create and, when it succeeds, writes what it changed. When either fails, the
    /// caller undoes everything.
    pub fn run(
        invocation: Invocation<'_, T>,
        inspector: &mut dyn Inspector,
    ) -> Result<Executed<T>, NotExecuted> {
        Self::ensure_not_dispatching()?;
        ensure!(
            invocation.limits.gas <= T::TransactionGasLimit::get(),
            Error::<T>::GasLimitTooHigh
        );
        let is_call = matches!(invocation.action, Action::Call(_));
        let fits = !is_call || invocation.data.len() <= T::MaxInputSize::get() as usize;
        ensure!(fits, Error::<T>::InputTooLarge);
        let limit = invocation.limits.storage_deposit_limit;
        let mapping = T::WeightInfo::map_account();
        let registered = Accounts::<T>::register(invocation.signer)
            .map_err(|error| NotExecuted { error, weight: mapping })?;
        let mapping = if registered.is_new { mapping } else { Weight::zero() };
        let mut executed = Self::run_as(registered.address, invocation, inspector).map_err(
            |NotExecuted { error, weight }| NotExecuted {
                error,
                weight: weight.saturating_add(mapping),
            },
        )?;
        executed.weight = executed.weight.saturating_add(mapping);
        if executed.receipt.status == Status::Success {
            executed.deposits.charged =
                executed.deposits.charged.saturating_add(registered.deposit);
        }
        executed.is_within_limit = limit.is_none_or(|limit| executed.deposits.cost() <= limit);
        Ok(executed)
    }

    /// Does [`Self::run`] for a signer whose address is known.
    fn run_as(
        sender: H160,
        invocation: Invocation<'_, T>,
        inspector: &mut dyn Inspector,
    ) -> Result<Executed<T>, NotExecuted> {
        let Invocation { signer, action, data, value, limits } = invocation;
        let gas_limit = limits.gas;
        let (to, salt) = match action {
            Action::Call(target) => (Some(to_address(target)), None),
            Action::Create => (None, None),
            Action::Create2(salt) => (None, Some(to_b256(salt))),
        };
        let nonce = Nonces::<T>::take(signer, sender, matches!(action, Action::Create))?;
        let transaction = Transaction {
            gas_limit,
            gas_price: GasPrice::Legacy(to_wei(T::GasPrice::get())),
            value: balance_to_wei::<T>(value),
            ..Transaction::new(to_address(sender), nonce, to, data)
        };

        let backend = PalletBackend::<T>::new(
            signer.clone(),
            to_address(sender),
            nonce,
            reserved::<T>(gas_limit).proof_size(),
            work_limit::<T>(gas_limit),
        );
        let (revision, limits) = (Engine::<T>::revision(), Engine::<T>::journal_limits());
        let mut state = State::<T>::with_limits(backend, revision, limits);
        let vm = Engine::<T>::vm();
        let receipt = Self::driver(&vm)
            .transact_prepaid(&mut state, &Self::block_env(), &transaction, salt, inspector)
            .map_err(|error| NotExecuted {
                error: Error::<T>::from(error).into(),
                weight: state_weight(&state, 0),
            })?;
        let gas = gas_of_time(&receipt.spent);
        let is_success = receipt.status == Status::Success;
        let revalidated = state.backend().revalidated();
        let balances: Vec<_> = state.final_balances().collect();
        let changes = state.finish().map_err(|error| DispatchError::from(Error::<T>::from(error)));
        let written = changes.and_then(|changes| {
            if !is_success {
                return Ok(Deposits::default());
            }
            let backend = state.backend();
            backend.note_writing(writing_weight(backend, &changes)).map_err(Error::<T>::from)?;
            CodeStore::<T>::note_validated(&revalidated);
            let create_nonce = matches!(action, Action::Create).then_some(nonce);
            let sender = Sender { address: sender, create_nonce };
            Writer::new(backend).write(sender, balances, changes)
        });
        let weight = state_weight(&state, gas);
        let deposits = written.map_err(|error| NotExecuted { error, weight })?;
        Ok(Executed { receipt, deposits, is_within_limit: true, weight })
    }

    /// Returns the driver of messages and transactions on the pallet's state.
    pub fn driver(vm: &Vm) -> Driver<'_, Own<T>, Metered> {
        Driver::new(vm, Engine::<T>::driver_config())
            .with_precompiles(Own::new())
            .with_resources(Metered)
    }

    /// Returns what contracts see of the block.
    fn block_env() -> BlockEnv {
        let digest = frame_system::Pallet::<T>::digest();
        let author =
            T::FindAuthor::find_author(digest.logs.iter().filter_map(|log| log.as_pre_runtime()));
        let coinbase = author.map_or(H160::zero(), |author| Pallet::<T>::address_of(&author));
        BlockEnv {
            number: frame_system::Pallet::<T>::block_number().unique_saturated_into(),
            timestamp: T::Time::now().as_secs(),
            gas_limit: T::BlockGasLimit::get(),
            gas_used: 0,
            coinbase: to_address(coinbase),
            // There is no randomness that a block's author could not choose.
            prev_randao: Default::default(),
            base_fee: to_wei(T::BaseFee::get()),
            blob_base_fee: Default::default(),
            chain_id: T::ChainId::get(),
        }
    }
}

/// Returns the weight of the engine's work: the time of `gas`, the unmetered work, and the proof
/// that was read.
fn state_weight<T: Config>(state: &State<T>, gas: u64) -> Weight {
    let work = Weight::from_parts(state.backend().work_done(), 0);
    T::GasWeight::gas_to_weight(gas).saturating_add(work).set_proof_size(state.backend().proof())
}
