//! Tephra: an Ewasm engine. WebAssembly contracts with Ethereum's semantics, on any machine and
//! inside a runtime that is itself WebAssembly: the crate is `no_std` and needs only an allocator.
//!
//! Three floors, each built on the one above it in this list:
//! - [`wasm`] knows WebAssembly and nothing of Ethereum: validate, translate to register code,
//!   interpret, meter.
//! - [`ewasm`] knows contracts: the rules for a contract module, the interface functions, messages,
//!   outcomes, and the trait [`ewasm::Host`] that everything which keeps state implements.
//! - [`state`] is Ethereum's state transition: transactions, the journal, access lists, and the
//!   driver of nested messages, over any database.
//!
//! A plain module, with a thousand gas:
//!
//! ```
//! use tephra_core::wasm::{Config, Engine, Event, Execution, GasTank, Module, Store, Val};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let bytes = wat::parse_str(
//!     r#"(module (func (export "add") (param i32 i32) (result i32)
//!         (i32.add (local.get 0) (local.get 1))))"#,
//! )?;
//! let engine = Engine::new(Config::default());
//! // Validated here; translated function by function, each on its first call.
//! let module = Module::new(&engine, &bytes)?;
//! let mut store = Store::new(&engine);
//! let instance = store.instantiate(&module, &[])?;
//! let add = instance.export(&store, "add").and_then(|item| item.func());
//! let add = add.ok_or("no function `add`")?;
//! let arguments = [Val::I32(2), Val::I32(40)];
//! let mut execution = Execution::new(&store, add, &arguments, GasTank::new(1_000))?;
//! assert_eq!(execution.run(&mut store), Event::Finished);
//! assert_eq!(execution.results(), [Val::I32(42)]);
//! # Ok(())
//! # }
//! ```
#![no_std]

extern crate alloc;

pub mod ewasm;
pub mod precompile;
pub mod revision;
pub mod state;
pub mod wasm;
#[cfg(feature = "work")]
pub mod work;
#[cfg(not(feature = "work"))]
mod work;
