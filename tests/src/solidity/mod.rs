//! The Solidity compiler's semantic tests, run on Tephra: what solc writes as Yul, compiled to
//! Ewasm.
mod chain;
mod format;
mod run;
mod solc;

pub use format::{Test, read};
pub use run::{Verdict, run};
pub use solc::{Solc, SolcError};
