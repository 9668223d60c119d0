//! What the runtime API answers.
use alloc::string::ToString;
use alloc::vec::Vec;

use frame_support::storage::with_transaction;
use frame_support::traits::Get;
use frame_support::traits::fungible::Inspect;
use frame_support::traits::tokens::{Fortitude, Preservation};
use frame_support::weights::Weight;
use sp_core::{H160, H256};
use sp_runtime::traits::{Bounded, Zero};
use sp_runtime::{DispatchError, TransactionOutcome};
use tephra_core::ewasm::{Inspector, Schedule};

use crate::api::trace::Tracer;
use crate::execution::backend::system_nonce;
use crate::execution::log_index::LogIndex;
use crate::execution::runner::{Action, Executed, Invocation, Limits, NotExecuted};
use crate::runtime_api::{DryRun, LogRecord, Trace};
use crate::storage::types::{to_h160, to_h256};
use crate::{BalanceOf, Codes, Config, Contracts, Deposits, EMPTY_CODE_HASH, Pallet, Slots};

impl<T: Config> Pallet<T> {
    /// What a call would do, as [`EwasmApi::call`](crate::runtime_api::EwasmApi) says.
    pub fn dry_call(
        origin: T::AccountId,
        target: H160,
        input: Vec<u8>,
        value: BalanceOf<T>,
        gas_limit: Option<u64>,
        storage_deposit_limit: Option<BalanceOf<T>>,
    ) -> DryRun<BalanceOf<T>> {
        let limits = Limits {
            gas: gas_limit.unwrap_or_else(Self::largest_gas_limit),
            storage_deposit_limit,
        };
        Self::dry_run(&origin, Action::Call(target), input, value, limits, &mut ())
    }

    /// What a create would do, as [`EwasmApi::create`](crate::runtime_api::EwasmApi) says.
    pub fn dry_create(
        origin: T::AccountId,
        code: Vec<u8>,
        value: BalanceOf<T>,
        gas_limit: Option<u64>,
        storage_deposit_limit: Option<BalanceOf<T>>,
        salt: Option<H256>,
    ) -> DryRun<BalanceOf<T>> {
        let action = salt.map_or(Action::Create, Action::Create2);
        let limits = Limits {
            gas: gas_limit.unwrap_or_else(Self::largest_gas_limit),
            storage_deposit_limit,
        };
        Self::dry_run(&origin, action, code, value, limits, &mut ())
    }

    /// The smallest gas limit that suffices, as
    /// [`EwasmApi::estimate_gas`](crate::runtime_api::EwasmApi) says.
    ///
    /// # Errors
    /// That with which the extrinsic would fail, however much gas it had.
    pub fn estimate_gas(
        origin: T::AccountId,
        target: Option<H160>,
        data: Vec<u8>,
        value: BalanceOf<T>,
    ) -> Result<u64, DispatchError> {
        let action = target.map_or(Action::Create, Action::Call);
        let run = |gas| {
            let limits = Limits { gas, storage_deposit_limit: None };
            Self::dry_run(&origin, action, data.clone(), value, limits, &mut ())
        };
        let largest = Self::largest_gas_limit();
        let most = run(largest);
        most.result?;
        // What was used is too little where gas came back or was held in reserve, but seldom by
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

    /// A dry run with its messages, as [`EwasmApi::trace`](crate::runtime_api::EwasmApi) says.
    pub fn trace(
        origin: T::AccountId,
        target: Option<H160>,
        data: Vec<u8>,
        value: BalanceOf<T>,
        gas_limit: Option<u64>,
        storage_deposit_limit: Option<BalanceOf<T>>,
    ) -> Trace<BalanceOf<T>> {
        let action = target.map_or(Action::Create, Action::Call);
        let limits = Limits {
            gas: gas_limit.unwrap_or_else(Self::largest_gas_limit),
            storage_deposit_limit,
        };
        let mut tracer = Tracer::new();
        let run = Self::dry_run(&origin, action, data, value, limits, &mut tracer);
        Trace { run, messages: tracer.messages, is_cut: tracer.is_cut }
    }

    /// The code at an address; no bytes when there is none.
    pub fn code_at(address: H160) -> Vec<u8> {
        let code =
            Contracts::<T>::get(address).and_then(|contract| Codes::<T>::get(contract.code_hash));
        code.map(Into::into).unwrap_or_default()
    }

    /// The Keccak-256 of the code at an address; zero when nothing is there (EIP-1052).
    pub fn code_hash_at(address: H160) -> H256 {
        match Contracts::<T>::get(address) {
            Some(contract) => contract.code_hash,
            None if Self::nonce_at(address) == 0
                && Self::balance_at(address) == Default::default() =>
            {
                H256::zero()
            }
            None => EMPTY_CODE_HASH,
        }
    }

    /// The value of a slot.
    pub fn storage_at(address: H160, key: H256) -> H256 {
        let slot = Contracts::<T>::get(address)
            .and_then(|contract| Slots::<T>::get(contract.storage_id, key));
        slot.map(|slot| slot.value()).unwrap_or_default()
    }

    /// What an address can spend.
    pub fn balance_at(address: H160) -> BalanceOf<T> {
        let account = Self::account_of(&address);
        T::Currency::reducible_balance(&account, Preservation::Preserve, Fortitude::Polite)
    }

    /// The nonce of an address.
    pub fn nonce_at(address: H160) -> u64 {
        let contract = Contracts::<T>::get(address);
        contract.map_or_else(
            || system_nonce::<T>(&Self::account_of(&address)),
            |contract| contract.nonce,
        )
    }

    fn largest_gas_limit() -> u64 {
        T::TransactionGasLimit::get().min(Schedule::of(Self::revision()).transaction.gas_limit_cap)
    }

    /// Runs as an extrinsic would, and undoes everything.
    fn dry_run(
        origin: &T::AccountId,
        action: Action,
        data: Vec<u8>,
        value: BalanceOf<T>,
        limits: Limits<BalanceOf<T>>,
        inspector: &mut dyn Inspector,
    ) -> DryRun<BalanceOf<T>> {
        let base = action.base_weight::<T>(data.len(), !value.is_zero());
        let ran = with_transaction(|| {
            // As the check of the signature's nonce would.
            let nonce = frame_system::Pallet::<T>::account_nonce(origin);
            if nonce < Bounded::max_value() {
                frame_system::Pallet::<T>::inc_account_nonce(origin);
            }
            let invocation = Invocation { signer: origin, action, data, value, limits };
            TransactionOutcome::Rollback(Ok::<_, DispatchError>(Self::execute(
                invocation, inspector,
            )))
        });
        match ran.unwrap_or_else(|error| Err(error.into())) {
            Ok(executed) => Self::told(base, limits.gas, executed),
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

    fn told(base: Weight, gas_limit: u64, executed: Executed<T>) -> DryRun<BalanceOf<T>> {
        let result = executed.result();
        let Executed { receipt, deposits, weight, .. } = executed;
        let mut weight = base.saturating_add(weight);
        if result.is_ok() {
            let room = Self::weight_of(base, gas_limit).saturating_sub(weight);
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
}
