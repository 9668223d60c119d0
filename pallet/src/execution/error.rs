//! The pallet's errors for the engine's statuses and errors.
use tephra_core::ewasm::Status;
use tephra_core::state::TransactionError;

use crate::{BackendError, Config, Error};

impl<T: Config> Error<T> {
    /// Returns the error of an execution that did not succeed.
    pub(crate) fn of_status(status: Status) -> Self {
        match status {
            Status::Revert => Self::Reverted,
            Status::OutOfGas => Self::OutOfGas,
            Status::Unreachable => Self::Unreachable,
            Status::Trap => Self::Trapped,
            Status::StackOverflow => Self::StackOverflow,
            Status::CallDepthExceeded => Self::CallDepthExceeded,
            Status::StaticModeViolation => Self::StaticModeViolation,
            Status::InvalidMemoryAccess => Self::InvalidMemoryAccess,
            Status::ContractValidationFailure => Self::InvalidContract,
            Status::ArgumentOutOfRange => Self::ArgumentOutOfRange,
            Status::InsufficientBalance => Self::InsufficientBalance,
            Status::PrecompileFailure => Self::PrecompileFailure,
            Status::InternalError => Self::InternalError,
            _ => Self::ExecutionFailed,
        }
    }
}

impl<T: Config> From<TransactionError> for Error<T> {
    fn from(error: TransactionError) -> Self {
        match error {
            TransactionError::StateUnavailable => Self::ProofSizeExhausted,
            TransactionError::NonceExhausted => Self::NonceExhausted,
            TransactionError::SenderHasCode => Self::SignerIsContract,
            TransactionError::InsufficientBalance { .. } => Self::InsufficientBalance,
            TransactionError::IntrinsicGas { .. } => Self::GasLimitTooLow,
            TransactionError::BlockGasLimit { .. } | TransactionError::GasLimitCap { .. } => {
                Self::GasLimitTooHigh
            }
            TransactionError::InitCodeSize { .. } => Self::InitCodeTooLarge,
            _ => Self::TransactionNotAllowed,
        }
    }
}

impl<T: Config> From<BackendError> for Error<T> {
    fn from(error: BackendError) -> Self {
        match error {
            BackendError::ProofSize => Self::ProofSizeExhausted,
            BackendError::Work => Self::WorkExhausted,
            BackendError::CodeMissing => Self::InternalError,
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;

    use codec::Encode;
    use sp_runtime::DispatchError;

    use super::*;
    use crate::mock::Test;
    use crate::runtime_api::ExecutionStatus;

    #[test]
    fn every_failure_has_an_error_of_its_own() {
        let failures = Status::ALL.iter().filter(|status| **status != Status::Success);
        let errors = failures.map(|status| Error::<Test>::of_status(*status));
        let distinct: BTreeSet<_> =
            errors.map(|error| DispatchError::from(error).encode()).collect();
        assert_eq!(distinct.len(), Status::ALL.len() - 1);
    }

    #[test]
    fn statuses_of_the_runtime_api_keep_their_numbers() {
        for (number, status) in
            [(0_u8, Status::Success), (1, Status::Revert), (14, Status::InternalError)]
        {
            assert_eq!(ExecutionStatus::from(status).encode(), [number]);
        }
    }
}
