//! Dry runs: calls and creates that run like extrinsics and are undone.
use alloc::string::ToString;
use alloc::vec::Vec;

use frame_support::storage::with_transaction;
use frame_support::traits::Get;
use frame_support::weights::Weight;
use sp_core::{H160, H256};
use sp_runtime::traits::Bounded;
use sp_runtime::{DispatchError, TransactionOutcome};
use tephra_core::ewasm::{Inspector, Schedule};

use crate::api::runtime_api::{DryRun, LogRecord, Trace};
use crate::api::trace::Tracer;
use crate::engine::Engine;
use crate::engine::convert::{to_h160, to_h256};
use crate::execution::{Action, Executed, Invocation, Limits, LogIndex, NotExecuted, Runner};
use crate::{BalanceOf, Config, Deposits, Pallet};

impl<T: Config> Pallet<T> {
    /// Returns what a call would do, as [`EwasmApi::call`](crate::runtime_api::EwasmApi) says.
    pub fn dry_call(
        origin: T::AccountId,
        target: H160,
        input: Vec<u8>,
        value: BalanceOf<T>,
        gas_limit: Option<u64>,
        storage_deposit_limit: Option<BalanceOf<T>>,
    ) -> DryRun<BalanceOf<T>> {
        let action = Action::Call(target);
        DryRunner::<T> { origin, action, data: input, value, storage_deposit_limit }
            .run(gas_limit, &mut ())
    }

    /// Returns what a create would do, as [`EwasmApi::create`](crate::runtime_api::EwasmApi) says.
    pub fn dry_create(
        origin: T::AccountId,
        code: Vec<u8>,
        value: BalanceOf<T>,
        gas_limit: Option<u64>,
        storage_deposit_limit: Option<BalanceOf<T>>,
        salt: Option<H256>,
    ) -> DryRun<BalanceOf<T>> {
        let action = salt.map_or(Action::Create, Action::Create2);
        DryRunner::<T> { origin, action, data: code, value, storage_deposit_limit }
            .run(gas_limit, &mut ())
    }

    /// Returns the smallest gas limit that suffices, as
    /// [`EwasmApi::estimate_gas`](crate::runtime_api::EwasmApi) says.
    ///
    /// # Errors
    /// The error with which the extrinsic would fail, however much gas it had.
    pub fn estimate_gas(
        origin: T::AccountId,
        target: Option<H160>,
        data: Vec<u8>,
        value: BalanceOf<T>,
    ) -> Result<u64, DispatchError> {
        let action = target.map_or(Action::Create, Action::Call);
        DryRunner::<T> { origin, action, data, value, storage_deposit_limit: None }.estimate_gas()
    }

    /// Returns a dry run with its messages, as [`EwasmApi::trace`](crate::runtime_api::EwasmApi)
    /// says.
    pub fn trace(
        origin: T::AccountId,
        target: Option<H160>,
        data: Vec<u8>,
        value: BalanceOf<T>,
        gas_limit: Option<u64>,
        storage_deposit_limit: Option<BalanceOf<T>>,
    ) -> Trace<BalanceOf<T>> {
        let action = target.map_or(Action::Create, Action::Call);
        let mut tracer = Tracer::new();
        let run = DryRunner::<T> { origin, action, data, value, storage_deposit_limit }
            .run(gas_limit, &mut tracer);
        Trace { run, messages: tracer.messages, is_cut: tracer.is_cut }
    }
}

/// A call or create to run dry.
struct DryRunner<T: Config> {
    origin: T::AccountId,
    action: Action,
    data: Vec<u8>,
    value: BalanceOf<T>,
    storage_deposit_limit: Option<BalanceOf<T>>,
}

impl<T: Config> DryRunner<T> {
    /// Runs as the extrinsic would, and undoes everything.
    fn run(self, gas_limit: Option<u64>, inspector: &mut dyn Inspector) -> DryRun<BalanceOf<T>> {
        let Self { origin, action, data, value, storage_deposit_limit } = self;
        let gas = gas_limit.unwrap_or_else(Self::largest_gas_limit);
        let limits = Limits { gas, storage_deposit_limit };
        let invocation = Invocation::<T> { signer: &origin, action, data, value, limits };
        let base = invocation.base_weight();
        let ran = with_transaction(|| {
            // The check of the signature's nonce increases it.
            let nonce = frame_system::Pallet::<T>::account_nonce(&origin);
            if nonce < Bounded::max_value() {
                frame_system::Pallet::<T>::inc_account_nonce(&origin);
            }
            let ran = Runner::run(invocation, inspector);
            TransactionOutcome::Rollback(Ok::<_, DispatchError>(ran))
        });
        match ran.unwrap_or_else(|error| Err(error.into())) {
            Ok(executed) => answer(base, gas, executed),
            Err(NotExecuted { error, weight }) => DryRun {
                result: Err(error),
                status: None,
                gas_used: 0,
                weight: base.saturating_add(weight),
                deposits: Deposits::default(),
                output: Vec::new(),
                logs: Vec::new(),
                address: None,
                trap: Vec::new(),
            },
        }
    }

    /// Finds the smallest gas limit with which the extrinsic would succeed.
    fn estimate_gas(self) -> Result<u64, DispatchError> {
        let Self { origin, action, data, value, storage_deposit_limit } = self;
        let run = |gas| {
            let (origin, data) = (origin.clone(), data.clone());
            Self { origin, action, data, value, storage_deposit_limit }.run(Some(gas), &mut ())
        };
        let largest = Self::largest_gas_limit();
        let most = run(largest);
        most.result?;
        // The gas used is too little where gas came back or was held in reserve, but seldom by
        // much. A run takes time by its gas.
        let mut too_little = most.gas_used.saturating_sub(1);
        let mut enough = most.gas_used;
        while enough < largest && run(enough).result.is_err() {
            too_little = enough;
            enough = enough.saturating_mul(2).min(largest);
        }
        while enough.saturating_sub(too_little) > 1 {
            let middle = too_little.saturating_add(enough.saturating_sub(too_little) / 2);
            if run(middle).result.is_ok() {
                enough = middle;
            } else {
                too_little = middle;
            }
        }
        Ok(enough)
    }

    fn largest_gas_limit() -> u64 {
        let revision = Engine::<T>::revision();
        T::TransactionGasLimit::get().min(Schedule::of(revision).transaction.gas_limit_cap)
    }
}

/// Returns the answer for a call or create that ran.
fn answer<T: Config>(base: Weight, gas_limit: u64, executed: Executed<T>) -> DryRun<BalanceOf<T>> {
    let (result, room) = (executed.result(), executed.room_for_logs(gas_limit));
    let Executed { receipt, deposits, weight, .. } = executed;
    let mut weight = base.saturating_add(weight);
    if result.is_ok() {
        weight = weight.saturating_add(LogIndex::<T>::new(&receipt.logs, room).weight());
    }
    let logs = receipt.logs.into_iter().map(|log| LogRecord {
        address: to_h160(log.address),
        topics: log.topics().iter().map(|topic| to_h256(*topic)).collect(),
        data: log.data.data.to_vec(),
    });
    DryRun {
        result: result.map_err(Into::into),
        status: Some(receipt.status.into()),
        gas_used: receipt.gas_used,
        weight,
        deposits,
        output: receipt.output,
        logs: logs.collect(),
        address: receipt.create_address.map(to_h160),
        trap: receipt.trap.map(|trap| trap.to_string().into_bytes()).unwrap_or_default(),
    }
}
