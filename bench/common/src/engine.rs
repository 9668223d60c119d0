//! What every engine does.
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use core::fmt;

use crate::{Ended, Job, Value, World};

/// Why an engine could not do its part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure(pub String);

impl Failure {
    /// A failure with this reason.
    pub fn new(reason: impl fmt::Display) -> Self {
        Self(reason.to_string())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl core::error::Error for Failure {}

/// An engine in one configuration.
pub trait Engine {
    /// Validates a module whose function `entry` is to be run, with as little besides as the engine
    /// allows.
    ///
    /// # Errors
    /// When the module is not valid for this engine.
    fn validate(&self, wasm: &[u8], entry: &str) -> Result<(), Failure>;

    /// Makes a new engine and a module in it whose function `entry` can be run again and again.
    ///
    /// # Errors
    /// When the module is not valid for this engine.
    fn compile(&self, wasm: &[u8], entry: &str) -> Result<Rc<dyn Compiled>, Failure>;
}

/// A module that is ready to be run.
pub trait Compiled {
    /// Makes an instance and drops it.
    ///
    /// # Errors
    /// When it cannot be instantiated.
    fn instantiate(&self, world: World) -> Result<(), Failure>;

    /// Makes an instance, does the job in it, and drops it.
    ///
    /// # Errors
    /// When it cannot be instantiated, or traps.
    fn run(&self, job: &Job, world: World) -> Result<Ended, Failure>;

    /// Makes an instance and hands out a way to call the job's function in it, again and again. For
    /// modules without imports.
    ///
    /// # Errors
    /// When it cannot be instantiated, or what it was handed to fails.
    fn calls(&self, job: &Job, caller: &mut Caller<'_>) -> Result<(), Failure>;
}

/// Calls a function once.
pub type Call<'a> = dyn FnMut() -> Result<Option<Value>, Failure> + 'a;

/// Does with a function what it wants.
pub type Caller<'a> = dyn FnMut(&mut Call<'_>) -> Result<(), Failure> + 'a;
