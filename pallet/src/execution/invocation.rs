//! A call or create, and how it ends.
use alloc::vec::Vec;

use frame_support::weights::Weight;
use sp_core::{H160, H256};
use sp_runtime::DispatchError;
use sp_runtime::traits::Zero;
use tephra_core::ewasm::Status;
use tephra_core::state::Receipt;

use crate::weight::reserved;
use crate::{BalanceOf, Config, Deposits, Error, WeightInfo};

/// What the engine is asked to do.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Action {
    /// Call an address.
    Call(H160),
    /// Create a contract at an address that the signer's nonce gives.
    Create,
    /// Create a contract at an address that a salt gives.
    Create2(H256),
}

impl Action {
    /// Returns the weight of the extrinsic with `bytes` bytes of call data or init code, without
    /// what its gas limit reserves, for a signer whose address is known.
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

    /// Returns the weight that the extrinsic declares.
    pub fn declared_weight<T: Config>(
        self,
        bytes: usize,
        value: &BalanceOf<T>,
        gas_limit: u64,
    ) -> Weight {
        self.base_weight::<T>(bytes, !value.is_zero())
            .saturating_add(reserved::<T>(gas_limit))
            .saturating_add(T::WeightInfo::map_account())
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

impl<T: Config> Invocation<'_, T> {
    /// Returns the [base weight](Action::base_weight) of the extrinsic.
    pub fn base_weight(&self) -> Weight {
        self.action.base_weight::<T>(self.data.len(), !self.value.is_zero())
    }
}

/// What a call or create may take.
#[derive(Clone, Copy)]
pub(crate) struct Limits<Balance> {
    pub gas: u64,
    /// The most that the signer pays for deposits, less what it gets back; without a limit, as much
    /// as it has.
    pub storage_deposit_limit: Option<Balance>,
}

/// A call or create that ran.
pub(crate) struct Executed<T: Config> {
    pub receipt: Receipt,
    /// Zero unless the contract succeeded.
    pub deposits: Deposits<BalanceOf<T>>,
    /// Whether the signer allowed these deposits.
    pub is_within_limit: bool,
    /// The weight of the engine's work, without the [base weight](Action::base_weight).
    pub weight: Weight,
}

impl<T: Config> Executed<T> {
    /// Returns an error when the changes have to be undone.
    pub fn result(&self) -> Result<(), Error<T>> {
        match self.receipt.status {
            Status::Success if self.is_within_limit => Ok(()),
            Status::Success => Err(Error::StorageDepositLimitExhausted),
            status => Err(Error::of_status(status)),
        }
    }

    /// Returns the weight that the extrinsic leaves for the index of logs: Ethereum's gas of a
    /// topic does not pay for it.
    pub fn room_for_logs(&self, gas_limit: u64) -> Weight {
        reserved::<T>(gas_limit).saturating_sub(self.weight)
    }
}

/// A call or create without a receipt.
pub(crate) struct NotExecuted {
    pub error: DispatchError,
    /// The weight of the engine's work until then.
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
