//! The report as a chart: three panels above one axis of time.
use std::{error::Error, path::Path};

use plotters::{coord::Shift, prelude::*};

use super::report::{Report, mib, quantile};

const SIZE: (u32, u32) = (860, 780);
const INK: RGBColor = RGBColor(40, 44, 52);
const FAINT: RGBColor = RGBColor(225, 228, 233);
const FIRST: RGBColor = RGBColor(196, 78, 32);
const SECOND: RGBColor = RGBColor(58, 104, 160);
const THIRD: RGBColor = RGBColor(150, 150, 150);
/// The number of parts of the time over which latencies are summed up.
const PARTS: usize = 40;

type Points = Vec<(f64, f64)>;
type Drawn = Result<(), Box<dyn Error>>;

/// A line and its label.
struct Line {
    name: &'static str,
    colour: RGBColor,
    points: Points,
}

/// Draws the chart.
///
/// # Errors
///
/// The file cannot be written.
pub fn draw(report: &Report, path: &Path) -> Drawn {
    let watch = &report.watch;
    let end = watch.samples.last().map_or(1.0, |sample| sample.at.max(1.0));
    let (median, most) = latencies(report, end);
    let full = watch.blocks.iter().map(|block| (block.at, 100.0 * block.time.max(block.proof)));
    let transfers = watch.blocks.iter().map(|block| (block.at, block.transfers as f64));
    let own = watch.samples.iter().map(|sample| (sample.at, mib(sample.own)));
    let memory = watch.samples.iter().map(|sample| (sample.at, mib(sample.memory)));
    let database = watch.samples.iter().map(|sample| (sample.at, mib(sample.database)));
    let panels = [
        (
            "Blocks",
            vec![
                Line { name: "transfers in a block", colour: FIRST, points: transfers.collect() },
                Line { name: "full, in percent", colour: SECOND, points: full.collect() },
            ],
        ),
        (
            "Seconds from sending to being in a block",
            vec![
                Line { name: "95 percent", colour: FIRST, points: most },
                Line { name: "median", colour: SECOND, points: median },
            ],
        ),
        (
            "Mebibytes",
            vec![
                Line { name: "memory of the node", colour: THIRD, points: memory.collect() },
                Line { name: "without files", colour: FIRST, points: own.collect() },
                Line { name: "database", colour: SECOND, points: database.collect() },
            ],
        ),
    ];
    let root = SVGBackend::new(path, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    for ((title, lines), area) in panels.iter().zip(root.split_evenly((panels.len(), 1))) {
        panel(&area, title, lines, end)?;
    }
    root.present()?;
    Ok(())
}

/// The median and the 95th percentile in each part of the time.
fn latencies(report: &Report, end: f64) -> (Points, Points) {
    let part = end / PARTS as f64;
    let parts = (0..PARTS).filter_map(|index| {
        let times = index as f64 * part..(index + 1) as f64 * part;
        let waited = report.watch.waited.iter().filter(|waited| times.contains(&waited.at));
        let seconds: Vec<f64> = waited.map(|waited| waited.seconds).collect();
        let middle = (times.start + times.end) / 2.0;
        (!seconds.is_empty())
            .then(|| ((middle, quantile(&seconds, 0.5)), (middle, quantile(&seconds, 0.95))))
    });
    parts.unzip()
}

fn panel(
    area: &DrawingArea<SVGBackend<'_>, Shift>,
    title: &str,
    lines: &[Line],
    end: f64,
) -> Drawn {
    let top = lines.iter().flat_map(|line| &line.points).map(|point| point.1).fold(1.0, f64::max);
    let mut chart = ChartBuilder::on(area)
        .caption(title, ("sans-serif", 16).into_font().color(&INK))
        .margin(12)
        .x_label_area_size(24)
        .y_label_area_size(48)
        .build_cartesian_2d(0.0..end, 0.0..1.5 * top)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .max_light_lines(1)
        .bold_line_style(FAINT)
        .light_line_style(FAINT)
        .axis_style(INK)
        .label_style(("sans-serif", 12).into_font().color(&INK))
        .x_label_formatter(&|seconds| format!("{seconds:.0} s"))
        .y_label_formatter(&|value| format!("{value:.0}"))
        .draw()?;
    for line in lines {
        let colour = line.colour;
        chart
            .draw_series(LineSeries::new(line.points.iter().copied(), colour.stroke_width(2)))?
            .label(line.name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(2)));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE)
        .label_font(("sans-serif", 13).into_font().color(&INK))
        .draw()?;
    Ok(())
}
