//! Proof that the WebAssembly layer of Tephra follows the specification: its test suite, another
//! engine, and the definition of gas written down a second time.
pub mod differential;
pub mod generate;
pub mod hostile;
pub mod machine;
pub mod metering;
pub mod metering_check;
pub mod ours;
pub mod peer;
pub mod script;
pub mod shared;
pub mod text;
pub mod trace;
pub mod verdict;
