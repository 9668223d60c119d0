//! What the tests of Tephra that cross crates share: where public test data lies, and a runner for
//! Ethereum's state tests.
pub mod chain;
pub mod evmc;
pub mod library;
pub mod shared;
pub mod solidity;
pub mod state_test;
