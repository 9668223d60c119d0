//! Runs calls and creates.
use alloc::vec::Vec;

use frame_support::dispatch::{
    DispatchErrorWithPostInfo, DispatchResultWithPostInfo, PostDispatchInfo,
};
use frame_support::ensure;
use frame_support::traits::{FindAuthor, Get, UnixTime};
use frame_support::weights::Weight;
use sp_core::{H160, H256};
use sp_runtime::traits::{UniqueSaturatedInto, Zero};
use sp_runtime::{DispatchError, Saturating};
use tephra_core::ewasm::{Inspector, Status};
use tephra_core::state::{BlockEnv, Driver, GasPrice, JournaledState, Receipt, Transaction};

use crate::execution::log_index::LogIndex;
use crate::execution::writer::Sender;
use crate::precompiles::{Own, State};
use crate::storage::types::{balance_to_wei, to_address, to_b256, to_h160, to_wei};
use crate::weight::gas::gas_of_time;
use crate::weight::writing::writing_weight;
use crate::{
    BalanceOf, Config, Deposits, Error, Event, GasWeight, IsDispatching, Pallet, PalletBackend,
    WeightInfo,
};

/// Bytes of proof that every execution may read besides a contract's code, whatever its gas.
const BASE_PROOF: u64 = 16 << 10;

/// What is asked of the engine.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Action {
    /// Call an address.
    Call(H160),
    /// Create a contract by the signer's nonce.
    Create,
    /// Create a contract by a salt.
    Create2(H256),
}

impl Action {
    /// The weight of such an extrinsic with so many bytes of call data or init code, by an account
    /// whose address is known, without what its gas limit reserves.
    pub fn base_weight<T: Config>(self, bytes: usize, has_value: bool) -> Weight {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        let itself = match self {
            Self::Call(_) if has_value => T::WeightInfo::call_with_value(bytes),
            Self::Call(_) => T::WeightInfo::call(bytes),
            Self::Create => T::WeightInfo::create(bytes),
            Self::Create2(_) => T::WeightInfo::create2(bytes),
        };
        itself.saturating_add(T::WeightInfo::receive(bytes))
    }
}

/// One call or create.
pub(crate) struct Invocation<'a, T: Config> {
    pub signer: &'a T::AccountId,
    pub action: Action,
    /// Call data, or init code.
    pub data: Vec<u8>,
    pub value: BalanceOf<T>,
    pub limits: Limits<BalanceOf<T>>,
}

/// What a call or create may take.
#[derive(Clone, Copy)]
pub(crate) struct Limits<Balance> {
    pub gas: u64,
    /// What the signer pays at most for deposits, less what it gets back; none for as much as it
    /// has.
    pub storage_deposit_limit: Option<Balance>,
}

/// What came of it.
pub(crate) struct Executed<T: Config> {
    pub receipt: Receipt,
    /// Zero unless the contract was successful.
    pub deposits: Deposits<BalanceOf<T>>,
    /// Whether the signer allowed these deposits.
    pub is_within_limit: bool,
    /// Of the engine's work, without what surrounds it.
    pub weight: Weight,
}

impl<T: Config> Executed<T> {
    /// Whether it is to stay.
    pub fn result(&self) -> Result<(), Error<T>> {
        match self.receipt.status {
            Status::Success if self.is_within_limit => Ok(()),
            Status::Success => Err(Error::StorageDepositLimitExhausted),
            status => Err(Error::of_status(status)),
        }
    }
}

/// Why nothing came of it, and the weight that the engine's work has taken nevertheless.
pub(crate) struct NotExecuted {
    pub error: DispatchError,
    pub weight: Weight,
}

impl<T: Config> From<Error<T>> for NotExecuted {
    fn from(error: Error<T>) -> Self {
        Self { error: error.into(), weight: Weight::zero() }
    }
}

impl From<DispatchError> for NotExecuted {
    fn from(error: DispatchError) -> Self {
        Self { error, weight: Weight::zero() }
    }
}

impl<T: Config> Pallet<T> {
    /// The weight that a call or create declares.
    pub(crate) fn declared_weight(
        action: Action,
        bytes: usize,
        value: &BalanceOf<T>,
        gas_limit: u64,
    ) -> Weight {
        let base = action.base_weight::<T>(bytes, !value.is_zero());
        Self::weight_of(base, gas_limit).saturating_add(T::WeightInfo::map_account())
    }

    /// The weight of an execution with so much gas, `base` included.
    pub(crate) fn weight_of(base: Weight, gas_limit: u64) -> Weight {
        let proof = u64::from(T::MaxCodeSize::get()).saturating_add(BASE_PROOF);
        let besides = Weight::from_parts(Self::work_limit(gas_limit), proof);
        base.saturating_add(besides).saturating_add(T::GasWeight::gas_to_weight(gas_limit))
    }

    pub(crate) fn ensure_not_dispatching() -> Result<(), Error<T>> {
        if IsDispatching::<T>::get() { Err(Error::Reentered) } else { Ok(()) }
    }

    /// Runs an extrinsic. FRAME undoes everything when it fails.
    pub(crate) fn extrinsic(
        signer: &T::AccountId,
        action: Action,
        data: Vec<u8>,
        value: BalanceOf<T>,
        limits: Limits<BalanceOf<T>>,
    ) -> DispatchResultWithPostInfo {
        let base = action.base_weight::<T>(data.len(), !value.is_zero());
        let fail = |error: DispatchError, weight: Weight| {
            let actual_weight = Some(base.saturating_add(weight));
            DispatchErrorWithPostInfo {
                post_info: PostDispatchInfo { actual_weight, ..Default::default() },
                error,
            }
        };
        let invocation = Invocation { signer, action, data, value, limits };
        let executed = Self::execute(invocation, &mut ())
            .map_err(|NotExecuted { error, weight }| fail(error, weight))?;
        executed.result().map_err(|error| fail(error.into(), executed.weight))?;
        let Executed { receipt, deposits, weight, .. } = executed;
        let (signer, gas_used) = (signer.clone(), receipt.gas_used);
        let event = match (action, receipt.create_address) {
            (Action::Call(target), _) => Event::Executed { signer, target, gas_used, deposits },
            (_, Some(address)) => {
                Event::Created { signer, address: to_h160(address), gas_used, deposits }
            }
            (_, None) => return Err(fail(Error::<T>::InternalError.into(), weight)),
        };
        let used = base.saturating_add(weight);
        // What Ethereum's gas of a topic weighs does not pay for the index of logs.
        let room = Self::weight_of(base, limits.gas).saturating_sub(used);
        let index = LogIndex::<T>::new(&receipt.logs, room);
        let weight = used.saturating_add(index.weight());
        index.deposit(receipt.logs);
        Self::deposit_event(event);
        Ok(Some(weight).into())
    }

    /// Runs a call or create and, when it succeeds, writes what it changed. When it fails, or
    /// writing does, the caller undoes everything.
    pub(crate) fn execute(
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
        let registered = Self::register(invocation.signer)
            .map_err(|error| NotExecuted { error, weight: mapping })?;
        let mapping = if registered.is_new { mapping } else { Weight::zero() };
        let mut executed = Self::execute_by(registered.address, invocation, inspector).map_err(
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

    /// As [`Self::execute`], for a signer whose address is known.
    fn execute_by(
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
        let nonce = Self::nonce_of(signer, sender, matches!(action, Action::Create))?;
        let transaction = Transaction {
            gas_limit,
            gas_price: GasPrice::Legacy(to_wei(T::GasPrice::get())),
            value: balance_to_wei::<T>(value),
            ..Transaction::new(to_address(sender), nonce, to, data)
        };

        let reserved = Self::weight_of(Weight::zero(), gas_limit).proof_size();
        let backend = PalletBackend::<T>::new(
            signer.clone(),
            to_address(sender),
            nonce,
            reserved,
            Self::work_limit(gas_limit),
        );
        let mut state = State::<T>::new(backend, Self::revision());
        let vm = Self::vm();
        let driver = Driver::new(&vm, Self::driver_config()).with_precompiles(Own::<T>::new());
        let receipt = driver
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
            Self::note_validated(&revalidated);
            let create_nonce = matches!(action, Action::Create).then_some(nonce);
            Self::apply(backend, Sender { address: sender, create_nonce }, balances, changes)
        });
        let weight = state_weight(&state, gas);
        let deposits = written.map_err(|error| NotExecuted { error, weight })?;
        Ok(Executed { receipt, deposits, is_within_limit: true, weight })
    }

    /// What contracts are told of the block.
    fn block_env() -> BlockEnv {
        let digest = frame_system::Pallet::<T>::digest();
        let author =
            T::FindAuthor::find_author(digest.logs.iter().filter_map(|log| log.as_pre_runtime()));
        let coinbase = author.map_or(H160::zero(), |author| Self::address_of(&author));
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

/// The weight of what the engine did: the time of its gas, the work that has none, and what was
/// read.
fn state_weight<T: Config>(state: &JournaledState<PalletBackend<T>>, gas: u64) -> Weight {
    let work = Weight::from_parts(state.backend().work_done(), 0);
    T::GasWeight::gas_to_weight(gas).saturating_add(work).set_proof_size(state.backend().proof())
}
