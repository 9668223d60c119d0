//! Scripts of the specification's test suite (`.wast`).
mod run;
mod values;

use std::collections::BTreeMap;
use std::fmt;

use tephra_core::wasm::{Config, Features, InstructionCosts};

/// The way in which the engine runs a script. What a script may observe is the same in every mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Instructions are free.
    Plain,
    /// Instructions cost gas, of which there is more than enough.
    Metered,
    /// Every module is compiled, and then made again from its bytes without validation, as code
    /// that is in the state already.
    Trusted,
    /// An observer is attached, so that the engine's loop runs whatever backend the build has.
    Looped,
}

impl Mode {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Plain, Self::Metered, Self::Trusted, Self::Looped];

    /// The configuration of the engine.
    pub fn config(self, features: Features) -> Config {
        let costs = if matches!(self, Self::Metered | Self::Looped) {
            InstructionCosts::EWASM
        } else {
            InstructionCosts::FREE
        };
        Config { features, costs, ..Config::default() }
    }
}

/// The results of a script.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Assertions that hold.
    pub passed: usize,
    /// Directives that failed: line, and what is wrong.
    pub failed: Vec<String>,
    /// Directives that were left out, by reason.
    pub skipped: BTreeMap<String, usize>,
}

impl Report {
    /// Adds what another one counts.
    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed.extend(other.failed);
        for (reason, count) in other.skipped {
            *self.skipped.entry(reason).or_default() += count;
        }
    }

    /// Directives that were left out, for any reason.
    pub fn skipped(&self) -> usize {
        self.skipped.values().sum()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} passed, {} failed, {} skipped",
            self.passed,
            self.failed.len(),
            self.skipped()
        )
    }
}

/// Runs a script. Modules that use a proposal which is off are left out, with all that depends on
/// them, but only when `off` names the proposals that the script may use; each with the switch of
/// `wasmparser` that tells whether a module uses it.
pub fn run(source: &str, features: Features, mode: Mode, off: &[Proposal]) -> Report {
    run::run(source, features, mode, off)
}

/// All modules of a script that have a binary form, valid or not.
pub fn modules(source: &str) -> Vec<Vec<u8>> {
    run::modules(source)
}

/// A proposal that the engine does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Its name in the suite.
    pub name: &'static str,
    /// Its switch.
    pub switch: wasmparser::WasmFeatures,
}

/// Several memories in a module.
pub const MULTI_MEMORY: Proposal =
    Proposal { name: "multi-memory", switch: wasmparser::WasmFeatures::MULTI_MEMORY };
/// Typed references to functions.
pub const FUNCTION_REFERENCES: Proposal =
    Proposal { name: "function-references", switch: wasmparser::WasmFeatures::FUNCTION_REFERENCES };
/// Garbage-collected types.
pub const GC: Proposal = Proposal {
    name: "gc",
    switch: wasmparser::WasmFeatures::GC.union(wasmparser::WasmFeatures::FUNCTION_REFERENCES),
};
/// Exceptions.
pub const EXCEPTIONS: Proposal =
    Proposal { name: "exceptions", switch: wasmparser::WasmFeatures::EXCEPTIONS };
