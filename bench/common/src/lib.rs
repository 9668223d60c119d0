//! What the engines of the benchmark have in common: the job that each of them does, the same world
//! around a contract for all of them, and the two engines that are measured inside WebAssembly as
//! well.
#![no_std]

extern crate alloc;

mod engine;
mod interface;
mod job;
mod task;
pub mod tephra;
#[cfg(any(feature = "wasmi", feature = "wasmi-portable"))]
pub mod wasmi;
mod world;

pub use engine::{Call, Caller, Compiled, Engine, Failure};
pub use interface::{FUNCTIONS, Signature, dispatch, number_of};
pub use job::{Ended, Job, Type, Value};
pub use task::Task;
pub use world::{Memory, Stop, World};
