//! What every engine does.
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use core::fmt;

use crate::{Ended, Job, World};

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
    /// Validates a module, with as little besides as the engine allows.
    ///
    /// # Errors
    /// When the module is not valid for this engine.
    fn validate(&self, wasm: &[u8]) -> Result<(), Failure>;

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
}
