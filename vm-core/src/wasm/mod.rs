//! The WebAssembly layer: bytes → validated module → translated code → execution.
//!
//! An embedder makes an [`Engine`] from a [`Config`], compiles a [`Module`], puts it into a
//! [`Store`] together with what it imports, and runs an [`Execution`], which stops at every call of
//! a host function and hands it to the embedder: that is how a host function can charge gas, touch
//! memory, trap, end the execution, or leave it suspended for as long as it likes.
mod binary;
mod code;
mod config;
mod costs;
mod custom;
mod exec;
mod features;
mod gas;
mod instruction;
mod limits;
mod linker;
mod module;
#[cfg(test)]
mod shapes;
mod stack;
mod steps;
mod store;
mod translate;
mod trap;
mod types;

pub use config::{Config, Engine};
pub use costs::{CostClass, InstructionCosts};
pub use custom::{SectionTooLong, append_custom_section, custom_section, first_custom_section};
pub use exec::{ArgumentMismatch, Event, Execution, HostCall, Observer};
pub use features::Features;
pub use gas::{GasTank, OutOfGas, PARTICLES_PER_GAS};
pub use instruction::{Immediates, Instruction, Signature};
pub use limits::Limits;
pub use linker::{CallError, CallFailure, Caller, HostError, LinkError, Linker};
pub use module::{ExportType, ImportType, Module, ModuleBytes, ModuleError, StartWork};
pub use store::{InstantiationError, MemoryRoom, OutOfBounds, Store, StoreError};
pub use translate::Segment;
pub use trap::{Trap, TrapCode};
pub use types::{
    Extern, ExternType, Func, FuncType, Global, GlobalType, Instance, Memory, MemoryType, Table,
    TableType, Val, ValType,
};
