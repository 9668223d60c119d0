//! What was measured, for people and for machines.
mod chart;
mod environment;
mod json;
mod table;

use tephra_bench_report::statistics::{Estimate, Pair, mean_ratio, median};

use crate::error::{Error, Result};
use crate::measure::{Phase, Times};
use crate::peers::{Kind, ONLY_MESSAGES, Peer};

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

/// Kibibytes that a cold run of one workload takes at its height.
pub struct MemoryCell {
    /// The workload.
    pub workload: String,
    /// By engine, in the order of the report's engines.
    pub kibibytes: Vec<std::result::Result<u64, String>>,
}

/// An engine, as reports speak of it.
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its package.
    pub package: String,
    /// The package's version.
    pub version: String,
    /// Whether instructions are counted and bounded.
    pub metered: bool,
    /// Whether it compiles to native code.
    pub compiler: bool,
    /// Why it is not measured at all.
    pub missing: Option<String>,
}

impl From<&Peer> for Column {
    fn from(peer: &Peer) -> Self {
        Self {
            name: peer.name.into(),
            package: peer.package.into(),
            version: peer.version().into(),
            metered: peer.metered,
            compiler: peer.kind == Kind::Compiler,
            missing: peer.engine.as_ref().err().map(|reason| (*reason).into()),
        }
    }
}

impl Column {
    /// One line about it.
    fn describe(&self) -> String {
        let kind = if self.compiler { "compiler" } else { "interpreter" };
        let metered = if self.metered { "metered" } else { "UNMETERED" };
        let missing = self
            .missing
            .as_ref()
            .map(|reason| format!("; NOT MEASURED: {reason}"))
            .unwrap_or_default();
        format!("{} ({} {}): {kind}, {metered}{missing}", self.name, self.package, self.version)
    }
}

/// All that was measured.
pub struct Report {
    /// What was measured, in a few words.
    pub title: &'static str,
    /// Where.
    pub environment: Environment,
    /// The engine whose results are expected where a workload names none.
    pub reference: String,
    /// The engines.
    pub columns: Vec<Column>,
    /// Times.
    pub cells: Vec<Cell>,
    /// Memory, if that was measured.
    pub memory: Vec<MemoryCell>,
    /// The comparisons of the summary.
    pub comparisons: &'static [Comparison],
}

/// A comparison that is of interest: our configuration and the peer's, of which the best counts.
pub struct Comparison {
    /// The text.
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

/// The native comparisons.
pub const NATIVE: &[Comparison] = &[
    Comparison {
        title: "tephra / wasmi with fuel, its best mode",
        own: "tephra",
        peers: WASMI,
        phases: ALL,
    },
    Comparison {
        title: "tephra, code known to be valid / wasmi with fuel, its best mode",
        own: "tephra-trusted",
        peers: WASMI,
        phases: &[Phase::Cold],
    },
    Comparison {
        title: "tephra / wasm3, unmetered",
        own: "tephra",
        peers: &["wasm3"],
        phases: ALL,
    },
    Comparison {
        title: "tephra / stitch, unmetered",
        own: "tephra",
        peers: &["stitch"],
        phases: ALL,
    },
    Comparison {
        title: "tephra / sf-nano, unmetered",
        own: "tephra",
        peers: &["sf-nano"],
        phases: ALL,
    },
    Comparison { title: "tephra / rwasm with fuel", own: "tephra", peers: &["rwasm"], phases: ALL },
    Comparison {
        title: "tephra / tinywasm with fuel",
        own: "tephra",
        peers: &["tinywasm"],
        phases: ALL,
    },
    Comparison {
        title: "tephra / wasmtime Winch with fuel",
        own: "tephra",
        peers: &["wasmtime-winch"],
        phases: ALL,
    },
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
    Comparison {
        title: "tephra with state, journal and gas of interface calls / WebAssembly alone",
        own: "tephra-contracts",
        peers: &["tephra"],
        phases: &[Phase::Cold, Phase::Warm],
    },
];

#[cfg(feature = "wasmtime")]
const INSIDE_PHASES: &[Phase] = &[Phase::Cold, Phase::Warm];

/// What is compared inside WebAssembly.
#[cfg(feature = "wasmtime")]
pub const INSIDE: &[Comparison] = &[
    Comparison {
        title: "tephra / wasmi with fuel, the best of its modes and dispatches",
        own: "tephra",
        peers: &["wasmi-eager", "wasmi-lazy", "wasmi-portable-eager", "wasmi-portable-lazy"],
        phases: INSIDE_PHASES,
    },
    Comparison {
        title: "tephra / wasmi, default dispatch",
        own: "tephra",
        peers: WASMI,
        phases: INSIDE_PHASES,
    },
    Comparison {
        title: "tephra / wasmi, portable and indirect dispatch",
        own: "tephra",
        peers: &["wasmi-portable-eager", "wasmi-portable-lazy"],
        phases: INSIDE_PHASES,
    },
    Comparison {
        title: "tephra, code known to be valid / wasmi, the best of its modes and dispatches",
        own: "tephra-trusted",
        peers: &["wasmi-eager", "wasmi-lazy", "wasmi-portable-eager", "wasmi-portable-lazy"],
        phases: &[Phase::Cold],
    },
    Comparison {
        title: "tephra metered / not metered",
        own: "tephra",
        peers: &["tephra-unmetered"],
        phases: &[Phase::Warm],
    },
];

/// The result of a comparison in one phase.
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

impl Report {
    fn times<'c>(&self, cell: &'c Cell, name: &str) -> Option<&'c [f64]> {
        let index = self.columns.iter().position(|column| column.name == name)?;
        cell.times.get(index)?.as_deref().ok()
    }

    /// Makes a comparison over the workloads that both can do. None when there is no such workload.
    pub fn compare(&self, comparison: &Comparison, phase: Phase) -> Option<Compared> {
        let mut pairs = Vec::new();
        let mut ratios = Vec::new();
        for cell in self.cells.iter().filter(|cell| cell.phase == phase) {
            let Some(own) = self.times(cell, comparison.own) else { continue };
            let peers: Vec<&[f64]> =
                comparison.peers.iter().filter_map(|name| self.times(cell, name)).collect();
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
            for (column, times) in self.columns.iter().zip(&cell.times) {
                let Err(reason) = times else { continue };
                if column.package == "tephra-core" && reason != ONLY_MESSAGES {
                    return Err(Error::new(format!(
                        "{} could not do {}: {reason}",
                        column.name, cell.workload
                    )));
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
