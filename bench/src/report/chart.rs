//! A chart: how long each engine takes, as a multiple of this one's time, on a logarithmic scale.
use std::fmt::Display;
use std::path::Path;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use tephra_bench_report::statistics::{geometric_mean, median};

use super::{Column, Report};
use crate::error::{Error, Result};
use crate::measure::Phase;

/// The reference of the bars.
const OWN: &str = "tephra";
/// Configurations of this engine that are not its ordinary work.
const LEFT_OUT: &[&str] = &["tephra-unmetered", "tephra-contracts"];

const WIDTH: i32 = 860;
const ROW: i32 = 24;
/// Where bars may begin and end.
const BARS: (i32, i32) = (190, WIDTH - 80);
/// Above the first row, and below the last one.
const HEAD: i32 = 58;
const FOOT: i32 = 14;
const LEGEND: i32 = 34;

const INK: RGBColor = RGBColor(40, 44, 52);
const FAINT: RGBColor = RGBColor(225, 228, 233);
const TICKS: [f64; 11] = [0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0];

/// The legend of the colours.
const KINDS: [(&str, RGBColor); 4] = [
    ("Tephra", RGBColor(196, 78, 32)),
    ("interpreter, metered", RGBColor(58, 104, 160)),
    ("interpreter, not metered", RGBColor(150, 178, 210)),
    ("compiler, metered", RGBColor(120, 125, 132)),
];

fn colour(column: &Column) -> RGBColor {
    let kind = match (column.package == "tephra-core", column.compiler, column.metered) {
        (true, ..) => 0,
        (_, true, _) => 3,
        (_, _, true) => 1,
        (_, _, false) => 2,
    };
    KINDS.get(kind).map_or(INK, |kind| kind.1)
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

fn failed(error: impl Display) -> Error {
    Error::new(format!("cannot draw the chart: {error}"))
}

fn write(area: &Area<'_>, text: &str, at: (i32, i32), size: i32, horizontal: HPos) -> Result<()> {
    let style = ("sans-serif", size)
        .into_text_style(area)
        .color(&INK)
        .pos(Pos::new(horizontal, VPos::Center));
    area.draw_text(text, &style, at).map_err(failed)
}

/// From multiples to places, logarithmically.
struct Scale {
    low: f64,
    high: f64,
}

impl Scale {
    fn of(values: impl Iterator<Item = f64>) -> Self {
        let (low, high) = values
            .fold((0.8_f64, 1.25_f64), |(low, high), value| (low.min(value), high.max(value)));
        Self { low: low / 1.1, high: high * 1.1 }
    }

    fn place(&self, value: f64) -> i32 {
        let share = (value / self.low).ln() / (self.high / self.low).ln();
        BARS.0 + (share * f64::from(BARS.1 - BARS.0)) as i32
    }
}

impl Report {
    /// Draws the chart.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write_svg(&self, path: &Path) -> Result<()> {
        let panels = [
            (Phase::Cold, "from bytes to a result"),
            (Phase::Warm, "from a compiled module to a result"),
        ];
        let panels = panels.map(|(phase, title)| (title, self.bars(phase)));
        let heights = panels.each_ref().map(|(_, bars)| HEAD + bars.len() as i32 * ROW + FOOT);
        let height = heights.iter().sum::<i32>() + LEGEND;
        let root = SVGBackend::new(path, (WIDTH as u32, height as u32)).into_drawing_area();
        root.fill(&WHITE).map_err(failed)?;
        let mut top = 0;
        for ((title, bars), height) in panels.iter().zip(heights) {
            draw(&root, top, title, bars)?;
            top += height;
        }
        let mut left = 24;
        for (name, colour) in KINDS {
            let square = Rectangle::new([(left, top + 8), (left + 12, top + 20)], colour.filled());
            root.draw(&square).map_err(failed)?;
            write(&root, name, (left + 18, top + 15), 13, HPos::Left)?;
            left += 60 + 7 * name.len() as i32;
        }
        root.present().map_err(failed)
    }

    /// Engines and their time over ours, the fastest first.
    fn bars(&self, phase: Phase) -> Vec<(&Column, f64)> {
        let shown = self.columns.iter().filter(|column| !LEFT_OUT.contains(&column.name.as_str()));
        let mut bars: Vec<_> = shown
            .filter_map(|column| Some((column, self.multiple(&column.name, phase)?)))
            .collect();
        bars.sort_by(|a, b| a.1.total_cmp(&b.1));
        bars
    }

    /// Time over ours: the geometric mean over the workloads that the engine can do.
    fn multiple(&self, name: &str, phase: Phase) -> Option<f64> {
        let cells = self.cells.iter().filter(|cell| cell.phase == phase);
        let ratios: Vec<f64> = cells
            .filter_map(|cell| {
                Some(median(self.times(cell, name)?) / median(self.times(cell, OWN)?))
            })
            .collect();
        (!ratios.is_empty()).then(|| geometric_mean(&ratios))
    }
}

/// Bars to the right of 1 for what is slower, to the left for what is faster.
fn draw(area: &Area<'_>, top: i32, title: &str, bars: &[(&Column, f64)]) -> Result<()> {
    let title = format!("Time of contract work, {title}: Tephra's is 1, less is faster");
    write(area, &title, (24, top + 20), 16, HPos::Left)?;
    let scale = Scale::of(bars.iter().map(|bar| bar.1));
    let (first, last) = (top + HEAD, top + HEAD + bars.len() as i32 * ROW);
    for tick in TICKS.into_iter().filter(|tick| (scale.low..scale.high).contains(tick)) {
        let at = scale.place(tick);
        let line =
            PathElement::new([(at, first - 4), (at, last)], if tick == 1.0 { INK } else { FAINT });
        area.draw(&line).map_err(failed)?;
        write(area, &format!("{tick}"), (at, first - 12), 12, HPos::Center)?;
    }
    let one = scale.place(1.0);
    for (index, (column, multiple)) in bars.iter().enumerate() {
        let upper = first + index as i32 * ROW + 4;
        let middle = upper + (ROW - 8) / 2;
        let end = scale.place(*multiple);
        // Of what takes as long as we do a stroke is to be seen.
        let (left, right) = (one.min(end) - 1, one.max(end) + 1);
        area.draw(&Rectangle::new(
            [(left, upper), (right, upper + ROW - 8)],
            colour(column).filled(),
        ))
        .map_err(failed)?;
        write(area, &column.name, (BARS.0 - 40, middle), 13, HPos::Right)?;
        write(area, &format!("{multiple:.2}"), (right + 6, middle), 13, HPos::Left)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Effort;
    use crate::peers;
    use crate::report::{Cell, Environment, NATIVE};

    #[test]
    fn every_engine_that_was_measured_has_a_bar() {
        let columns: Vec<Column> = peers::all().iter().map(Column::from).collect();
        let times = |slower: f64| {
            (0..columns.len()).map(|index| Ok(vec![100.0 * slower.powi(index as i32)])).collect()
        };
        let cell = |phase, slower| Cell { workload: "work".into(), phase, times: times(slower) };
        let report = Report {
            title: "a title",
            environment: Environment::now(Effort::QUICK),
            reference: "nobody".into(),
            cells: vec![cell(Phase::Cold, 1.4), cell(Phase::Warm, 0.8)],
            columns,
            memory: Vec::new(),
            comparisons: NATIVE,
        };
        let path = std::env::temp_dir().join(format!("tephra-bench.{}.svg", std::process::id()));
        report.write_svg(&path).unwrap();
        let drawn = std::fs::read_to_string(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        for column in &report.columns {
            let bars = drawn.lines().filter(|line| *line == column.name).count();
            let expected = if LEFT_OUT.contains(&column.name.as_str()) { 0 } else { 2 };
            assert_eq!(bars, expected, "{}", column.name);
        }
    }
}
