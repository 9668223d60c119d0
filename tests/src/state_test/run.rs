//! Runs cases.
use std::fmt;

use alloy_primitives::B256;
use tephra_core::ewasm::{Status, Vm, VmConfig};
use tephra_core::revision::Revision;
use tephra_core::state::{Driver, DriverConfig, JournaledState, TransactionError};
use tephra_core::wasm::InstructionCosts;

use super::{Case, FormatError, logs_hash, state_root};
use crate::evmc::LoadedVm;

/// How the transaction of a case went, apart from what the test expects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Execution {
    /// Its first message ended so.
    Ended(Status),
    /// It was not valid, and did nothing.
    Invalid(String),
}

impl Execution {
    /// Whether a contract, or whatever the transaction called, ran to a successful end.
    pub fn is_success(&self) -> bool {
        *self == Self::Ended(Status::Success)
    }
}

impl fmt::Display for Execution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ended(status) => write!(f, "{status}"),
            Self::Invalid(reason) => write!(f, "invalid transaction: {reason}"),
        }
    }
}

/// Why a case failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Something in the test cannot be read.
    Format(FormatError),
    /// The state afterwards is another one.
    Root {
        /// Of the test.
        expected: B256,
        /// Ours.
        found: B256,
    },
    /// The logs are others.
    Logs {
        /// Of the test.
        expected: B256,
        /// Ours.
        found: B256,
    },
    /// The transaction should not have been valid, for this reason.
    Valid(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Format(error) => error.fmt(f),
            Self::Root { expected, found } => {
                write!(f, "state root: expected {expected}, found {found}")
            }
            Self::Logs { expected, found } => {
                write!(f, "logs hash: expected {expected}, found {found}")
            }
            Self::Valid(reason) => {
                write!(f, "the transaction is valid, but should not be: {reason}")
            }
        }
    }
}

/// The result of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// The state and logs are the expected ones.
    Passed(Execution),
    /// Something is not as expected; how the transaction went, if it came to that.
    Failed(Vec<Failure>, Option<Execution>),
    /// The case does not concern this engine, for this reason.
    Skipped(&'static str),
}

/// Runs cases, keeping compiled contracts from one to the next.
#[derive(Debug)]
pub struct Runner {
    vm: Vm,
    /// What runs the code in place of `vm`.
    library: Option<LoadedVm>,
}

impl Runner {
    /// A runner. Public tests for Ewasm were made without metering of instructions and memory.
    pub fn new(metering: bool) -> Self {
        let metering = if metering { InstructionCosts::EWASM } else { InstructionCosts::FREE };
        Self { vm: Vm::new(VmConfig { metering, ..VmConfig::default() }), library: None }
    }

    /// A runner that has a machine from a library run the code, with the options that are set
    /// there.
    pub fn with_library(library: LoadedVm) -> Self {
        Self { library: Some(library), ..Self::new(false) }
    }

    /// Runs a case.
    pub fn run(&self, case: &Case<'_>) -> Report {
        let Ok(revision) = case.fork.parse::<Revision>() else {
            return Report::Skipped("no revision that the engine knows");
        };
        if !revision.is_supported() {
            return Report::Skipped("a revision before Byzantium");
        }
        if self.library.as_ref().is_some_and(|library| !library.has_revision(revision)) {
            return Report::Skipped("no revision of the library's ABI");
        }
        if case.has_authorizations() {
            return Report::Skipped("delegates accounts to code (EIP-7702)");
        }
        self.compare(case, revision)
            .unwrap_or_else(|error| Report::Failed(vec![Failure::Format(error)], None))
    }

    fn compare(&self, case: &Case<'_>, revision: Revision) -> Result<Report, FormatError> {
        let (expected_root, expected_logs) = (case.expected_root()?, case.expected_logs()?);
        let (execution, root, logs) = self.execute(case, revision)?;

        let mut failures = Vec::new();
        if let (Some(reason), Execution::Ended(_)) = (case.expected_exception(), &execution) {
            failures.push(Failure::Valid(reason.to_owned()));
        }
        if root != expected_root {
            failures.push(Failure::Root { expected: expected_root, found: root });
        }
        if logs != expected_logs {
            failures.push(Failure::Logs { expected: expected_logs, found: logs });
        }
        Ok(if failures.is_empty() {
            Report::Passed(execution)
        } else {
            Report::Failed(failures, Some(execution))
        })
    }

    /// How the transaction went, the state root and the logs hash afterwards.
    fn execute(
        &self,
        case: &Case<'_>,
        revision: Revision,
    ) -> Result<(Execution, B256, B256), FormatError> {
        let block = case.block(revision)?;
        let mut state = JournaledState::new(case.pre_state()?, revision);
        let (execution, logs) = match case.transaction()? {
            None => (Execution::Invalid("a number in it is too large".to_owned()), Vec::new()),
            Some(transaction) => {
                let driver = Driver::new(&self.vm, DriverConfig::default());
                let receipt =
                    driver.transact_by(&mut state, &block, &transaction, |state, message| {
                        match &self.library {
                            Some(library) => library.run_message(driver, state, message),
                            None => driver.run_message(state, message, &mut ()),
                        }
                    });
                match receipt {
                    Ok(receipt) => (Execution::Ended(receipt.status), receipt.logs),
                    Err(error) => (invalid(&error), Vec::new()),
                }
            }
        };
        let Ok(changes) = state.finish();
        let mut after = state.into_backend();
        after.apply(changes);
        Ok((execution, state_root(&after), logs_hash(&logs)))
    }
}

fn invalid(error: &TransactionError) -> Execution {
    Execution::Invalid(error.to_string())
}
