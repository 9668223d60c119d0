//! What an engine is configured with, once, for all modules that it compiles.
use alloc::sync::Arc;

use super::costs::Prices;
use super::{Features, InstructionCosts, Limits};

/// The configuration of an [`Engine`]: everything that decides which modules are valid and what
/// their execution costs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// WebAssembly proposals that modules may use.
    pub features: Features,
    /// Sizes that modules and executions may not exceed.
    pub limits: Limits,
    /// Gas of instructions and memory.
    pub costs: InstructionCosts,
}

/// A configuration shared by modules and stores; cloning it is cheap. A module runs only in a store
/// of the same engine.
#[derive(Clone, Debug)]
pub struct Engine(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    config: Config,
    /// By class: the translator looks one up for each instruction.
    prices: Prices,
}

impl Engine {
    /// An engine with this configuration.
    pub fn new(config: Config) -> Self {
        let prices = Prices::new(&config.costs);
        Self(Arc::new(Shared { config, prices }))
    }

    /// The configuration that the engine was made with.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// What instructions cost, by class.
    pub(crate) fn prices(&self) -> &Prices {
        &self.0.prices
    }

    /// Whether both are the same engine (not merely equal ones).
    pub fn same(&self, other: &Engine) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}
