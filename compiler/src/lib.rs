//! A compiler from Yul to Ewasm: what solc and Fe write for an EVM becomes a contract of
//! WebAssembly.
//!
//! Data goes one way: source → [`yul`] → [`ir`] → WebAssembly.
pub mod arithmetic;
pub mod builtin;
mod compile;
pub mod emit;
mod error;
mod facts;
pub mod ir;
pub mod passes;
pub mod yul;

pub use compile::{Options, compile};
pub use error::{Error, Span};
