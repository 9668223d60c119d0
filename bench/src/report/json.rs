//! All numbers, for machines.
use std::path::Path;

use serde_json::{Value, json};

use super::{COMPARISONS, Report, middle};
use crate::error::{Error, Result};

impl Report<'_> {
    /// Writes everything to a file.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write_json(&self, path: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(&self.to_json()).map_err(|error| Error::new(error.to_string()))?;
        std::fs::write(path, text + "\n")
            .map_err(|error| Error::new(format!("cannot write {}: {error}", path.display())))
    }

    fn to_json(&self) -> Value {
        let engines: Vec<Value> = self
            .peers
            .iter()
            .map(|peer| {
                let reason = peer.engine.as_ref().err();
                json!({
                    "name": peer.name, "package": peer.package, "version": peer.version(), "metered": peer.metered,
                    "compiler": peer.kind == crate::peers::Kind::Compiler, "not_measured": reason,
                })
            })
            .collect();
        let mut measurements = Vec::new();
        for cell in &self.cells {
            for (peer, times) in self.peers.iter().zip(&cell.times) {
                measurements.push(json!({
                    "workload": cell.workload, "phase": cell.phase, "engine": peer.name,
                    "median_ns": middle(times).ok(), "rounds_ns": times.as_ref().ok(), "error": times.as_ref().err(),
                }));
            }
        }
        let mut ratios = Vec::new();
        for comparison in COMPARISONS {
            for phase in comparison.phases {
                let Some(compared) = self.compare(comparison, *phase) else { continue };
                let by_workload: serde_json::Map<_, _> =
                    compared.ratios.iter().map(|(name, ratio)| (name.clone(), json!(ratio))).collect();
                ratios.push(json!({
                    "title": comparison.title, "phase": phase, "geometric_mean": compared.mean, "workloads": by_workload,
                }));
            }
        }
        json!({
            "environment": self.environment, "engines": engines, "measurements": measurements, "ratios": ratios,
        })
    }
}
