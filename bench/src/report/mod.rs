//! What was measured, for people and for machines.
mod chart;
mod environment;
mod json;
mod table;

use crate::error::{Error, Result};
use crate::measure::{Phase, Times};
use crate::peers::Peer;
use crate::statistics::{Estimate, Pair, mean_ratio, median};

pub use environment::Environment;

/// One phase of one workload.
pub struct Cell {
    /// The workload.
    pub workload: String,
    /// The phase.
    pub phase: Phase,
    /// Times by engine, in the order of the report's engines.
    pub times: Vec<Times>,
}

/// All that was measured.
pub struct Report<'a> {
    environment: Environment,
    peers: &'a [&'a Peer],
    cells: Vec<Cell>,
}

/// A comparison that is of interest: our configuration and the peer's, of which the best counts.
pub struct Comparison {
    /// What it says.
    pub title: &'static str,
    /// Our configuration.
    pub own: &'static str,
    /// The peer's configurations.
    pub peers: &'static [&'static str],
    /// The phases that it is made for.
    pub phases: &'static [Phase],
}

const WASMI: &[&str] = &["wasmi-eager", "wasmi-lazy"];
const ALL: &[Phase] = &Phase::ALL;

/// What the summary compares.
pub const COMPARISONS: &[Comparison] = &[
    Comparison { title: "tephra / wasmi with fuel, its best mode", own: "tephra", peers: WASMI, phases: ALL },
    Comparison {
        title: "tephra, code known to be valid / wasmi with fuel, its best mode",
        own: "tephra-trusted",
        peers: WASMI,
        phases: &[Phase::Cold],
    },
    Comparison { title: "tephra / wasm3, unmetered", own: "tephra", peers: &["wasm3"], phases: ALL },
    Comparison { title: "tephra / stitch, unmetered", own: "tephra", peers: &["stitch"], phases: ALL },
    Comparison { title: "tephra / sf-nano, unmetered", own: "tephra", peers: &["sf-nano"], phases: ALL },
    Comparison { title: "tephra / rwasm with fuel", own: "tephra", peers: &["rwasm"], phases: ALL },
    Comparison { title: "tephra / tinywasm with fuel", own: "tephra", peers: &["tinywasm"], phases: ALL },
    Comparison { title: "tephra / wasmtime Winch with fuel", own: "tephra", peers: &["wasmtime-winch"], phases: ALL },
    Comparison {
        title: "tephra / wasmtime Cranelift with fuel",
        own: "tephra",
        peers: &["wasmtime-cranelift"],
        phases: ALL,
    },
    Comparison {
        title: "tephra metered / not metered",
        own: "tephra",
        peers: &["tephra-unmetered"],
        phases: &[Phase::Warm],
    },
];

/// What a comparison gives in one phase.
pub struct Compared {
    /// The geometric mean of the ratios.
    pub mean: Estimate,
    /// Each workload's ratio.
    pub ratios: Vec<(String, f64)>,
}

impl Compared {
    /// The workload with the greatest ratio.
    pub fn worst(&self) -> Option<&(String, f64)> {
        self.ratios.iter().max_by(|a, b| a.1.total_cmp(&b.1))
    }
}

impl<'a> Report<'a> {
    /// A report.
    pub fn new(environment: Environment, peers: &'a [&'a Peer], cells: Vec<Cell>) -> Self {
        Self { environment, peers, cells }
    }

    fn times<'c>(&self, cell: &'c Cell, name: &str) -> Option<&'c [f64]> {
        let index = self.peers.iter().position(|peer| peer.name == name)?;
        cell.times.get(index)?.as_deref().ok()
    }

    /// Makes a comparison over the workloads that both can do. None when there is no such workload.
    pub fn compare(&self, comparison: &Comparison, phase: Phase) -> Option<Compared> {
        let mut pairs = Vec::new();
        let mut ratios = Vec::new();
        for cell in self.cells.iter().filter(|cell| cell.phase == phase) {
            let Some(own) = self.times(cell, comparison.own) else { continue };
            let peers: Vec<&[f64]> = comparison.peers.iter().filter_map(|name| self.times(cell, name)).collect();
            if !peers.is_empty() {
                let pair = Pair { own, peers };
                ratios.push((cell.workload.clone(), pair.median_ratio()));
                pairs.push(pair);
            }
        }
        Some(Compared { mean: mean_ratio(&pairs)?, ratios })
    }

    /// An error if this engine could not do a workload.
    ///
    /// # Errors
    /// When that is so.
    pub fn verdict(&self) -> Result<()> {
        for cell in &self.cells {
            for (peer, times) in self.peers.iter().zip(&cell.times) {
                if let (true, Err(reason)) = (peer.package == "tephra-core", times) {
                    return Err(Error::new(format!("{} could not do {}: {reason}", peer.name, cell.workload)));
                }
            }
        }
        Ok(())
    }
}

/// The median of times.
fn middle(times: &Times) -> std::result::Result<f64, &str> {
    times.as_ref().map(|values| median(values)).map_err(String::as_str)
}
