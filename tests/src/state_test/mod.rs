//! Ethereum's state tests: a state before, a transaction, and the Merkle-Patricia root and log hash
//! after it, by revision.
//!
//! The format is that of the directory `GeneralStateTests` of <https://github.com/ethereum/tests>
//! and of the `state_tests` of the execution spec tests.
mod blob_fee;
mod case;
mod files;
mod format;
mod quantity;
mod root;
mod run;

pub use case::{Case, cases};
pub use files::json_files;
pub use format::{FormatError, StateTest, StateTests, read};
pub use root::{logs_hash, state_root};
pub use run::{Execution, Failure, Report, Runner};
