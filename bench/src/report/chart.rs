//! A chart of the ratios to the peers.
use std::path::Path;

use super::Report;
use crate::error::Result;

impl Report<'_> {
    /// Draws the chart.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write_svg(&self, _path: &Path) -> Result<()> {
        Ok(())
    }
}
