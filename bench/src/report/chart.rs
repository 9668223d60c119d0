//! A chart: how long each engine takes, as a multiple of this one's time, on a logarithmic scale.
use std::fmt::Display;
use std::path::Path;

use plotters::prelude::*;

use super::Report;
use crate::error::{Error, Result};
use crate::measure::Phase;
use crate::statistics::{geometric_mean, median};

/// What bars are measured against.
const OWN: &str = "tephra";
const SIZE: (u32, u32) = (900, 720);
const OURS: RGBColor = RGBColor(200, 60, 20);
const METERED: RGBColor = RGBColor(70, 110, 160);
const UNMETERED: RGBColor = RGBColor(160, 175, 195);

fn failed(error: impl Display) -> Error {
    Error::new(format!("cannot draw the chart: {error}"))
}

impl Report {
    /// Draws the chart.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write_svg(&self, path: &Path) -> Result<()> {
        let root = SVGBackend::new(path, SIZE).into_drawing_area();
        root.fill(&WHITE).map_err(failed)?;
        for (area, phase) in root.split_evenly((2, 1)).iter().zip([Phase::Cold, Phase::Warm]) {
            self.draw(area, phase)?;
        }
        root.present().map_err(failed)
    }

    /// Time over ours: the geometric mean over the workloads that the engine can do.
    fn multiple(&self, name: &str, phase: Phase) -> Option<f64> {
        let cells = self.cells.iter().filter(|cell| cell.phase == phase);
        let ratios: Vec<f64> =
            cells.filter_map(|cell| Some(median(self.times(cell, name)?) / median(self.times(cell, OWN)?))).collect();
        (!ratios.is_empty()).then(|| geometric_mean(&ratios))
    }

    fn draw(&self, area: &DrawingArea<SVGBackend<'_>, plotters::coord::Shift>, phase: Phase) -> Result<()> {
        let bars: Vec<_> =
            self.columns.iter().filter_map(|column| Some((column, self.multiple(&column.name, phase)?))).collect();
        let highest = bars.iter().map(|bar| bar.1).fold(2.0, f64::max) * 1.6;
        let lowest = bars.iter().map(|bar| bar.1).fold(0.5, f64::min) / 2.0;
        let title = match phase {
            Phase::Cold => "bytes to result",
            _ => "compiled module to result",
        };
        let mut chart = ChartBuilder::on(area)
            .caption(format!("Time of contract work, {title} (Tephra = 1; less is better)"), ("sans-serif", 18))
            .margin(10)
            .x_label_area_size(40)
            .y_label_area_size(50)
            .build_cartesian_2d(0.0..bars.len() as f64, (lowest..highest).log_scale())
            .map_err(failed)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .x_labels(0)
            .y_label_formatter(&|value| format!("{value}"))
            .draw()
            .map_err(failed)?;
        for (index, (column, multiple)) in bars.iter().enumerate() {
            let (left, right) = (index as f64 + 0.15, index as f64 + 0.85);
            let colour = match (column.package == "tephra-core", column.metered) {
                (true, _) => OURS,
                (false, true) => METERED,
                (false, false) => UNMETERED,
            };
            let bar = Rectangle::new([(left, lowest), (right, *multiple)], colour.filled());
            let label = format!("{multiple:.2}");
            let number = Text::new(label, (left, multiple * 1.3), ("sans-serif", 13));
            chart.draw_series([bar]).map_err(failed)?;
            chart.draw_series([number]).map_err(failed)?;
            let name = format!("{}{}", column.name, if column.metered { "" } else { "*" });
            let (width, _) = area.dim_in_pixel();
            let step = f64::from(width.saturating_sub(80)) / bars.len() as f64;
            let at = (60 + (step * index as f64) as i32, area.dim_in_pixel().1 as i32 - 38 + (index % 2) as i32 * 16);
            area.draw_text(&name, &("sans-serif", 12).into_text_style(area), at).map_err(failed)?;
        }
        area.draw_text("* not metered", &("sans-serif", 11).into_text_style(area), (SIZE.0 as i32 - 100, 4))
            .map_err(failed)
    }
}
