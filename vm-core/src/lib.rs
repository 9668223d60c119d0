//! Tephra: an Ewasm engine. WebAssembly contracts with Ethereum's semantics, on any machine and inside a runtime that is itself
//! WebAssembly: the crate is `no_std` and needs only an allocator.
//!
//! Two layers, kept apart:
//! - [`wasm`] knows WebAssembly and nothing of Ethereum: validate, translate to register code, interpret, meter.
//! - [`ewasm`] knows contracts: the rules for a contract module, the interface functions, messages, outcomes, and the trait
//!   [`ewasm::Host`] that everything which keeps state implements.
#![no_std]

extern crate alloc;

pub mod ewasm;
pub mod precompile;
pub mod revision;
pub mod wasm;
