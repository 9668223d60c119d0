//! All numbers, for machines.
use std::path::Path;

use serde_json::{Value, json};

use super::{Report, middle};
use crate::error::{Error, Result};

impl Report {
    /// Writes everything to a file.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write_json(&self, path: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(&self.to_json())
            .map_err(|error| Error::new(error.to_string()))?;
        std::fs::write(path, text + "\n")
            .map_err(|error| Error::new(format!("cannot write {}: {error}", path.display())))
    }

    fn to_json(&self) -> Value {
        let engines: Vec<Value> = self
            .columns
            .iter()
            .map(|column| {
                json!({
                    "name": column.name, "package": column.package, "version": column.version,
                    "metered": column.metered, "compiler": column.compiler,
                    "not_measured": column.missing,
                })
            })
            .collect();
        let mut measurements = Vec::new();
        for cell in &self.cells {
            for (column, times) in self.columns.iter().zip(&cell.times) {
                measurements.push(json!({
                    "workload": cell.workload, "phase": cell.phase, "engine": column.name,
                    "median_ns": middle(times).ok(), "rounds_ns": times.as_ref().ok(),
                    "error": times.as_ref().err(),
                }));
            }
        }
        let mut memory = Vec::new();
        for cell in &self.memory {
            for (column, kibibytes) in self.columns.iter().zip(&cell.kibibytes) {
                memory.push(json!({
                    "workload": cell.workload, "engine": column.name,
                    "peak_kib": kibibytes.as_ref().ok(), "error": kibibytes.as_ref().err(),
                }));
            }
        }
        let mut ratios = Vec::new();
        for comparison in self.comparisons {
            for phase in comparison.phases {
                let Some(compared) = self.compare(comparison, *phase) else { continue };
                let by_workload: serde_json::Map<_, _> = compared
                    .ratios
                    .iter()
                    .map(|(name, ratio)| (name.clone(), json!(ratio)))
                    .collect();
                ratios.push(json!({
                    "title": comparison.title, "phase": phase,
                    "geometric_mean": compared.mean, "workloads": by_workload,
                }));
            }
        }
        json!({
            "title": self.title, "environment": self.environment, "reference": self.reference,
            "engines": engines, "measurements": measurements, "memory": memory, "ratios": ratios,
        })
    }
}
