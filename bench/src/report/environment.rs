//! Where it was measured, and how much.
use tephra_bench_report::Machine;

use crate::measure::Effort;

/// The machine, its load, and how much was measured.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Environment {
    /// The machine.
    #[serde(flatten)]
    pub machine: Machine,
    /// The amount of measuring.
    pub effort: Effort,
}

impl Environment {
    /// At the end of a run.
    pub fn now(effort: Effort) -> Self {
        Self { machine: Machine::now(), effort }
    }
}
