//! Tables in Markdown.
use std::fmt::{Result, Write};

use super::{Environment, Report, middle};
use crate::measure::Phase;

impl Report {
    /// Everything.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = self.put_all(&mut text);
        text
    }

    /// The comparisons, and where they were measured.
    pub fn summary(&self) -> String {
        let mut text = String::new();
        let _ = self.put_conditions(&mut text).and_then(|()| self.put_comparisons(&mut text));
        text
    }

    fn put_all(&self, text: &mut String) -> Result {
        writeln!(text, "# {}\n", self.title)?;
        self.put_conditions(text)?;
        for column in &self.columns {
            writeln!(text, "- {}", column.describe())?;
        }
        for phase in Phase::ALL {
            self.put_phase(text, phase)?;
        }
        self.put_memory(text)?;
        self.put_reasons(text)?;
        writeln!(text, "\n## Ratios: below 1, tephra is faster\n")?;
        self.put_comparisons(text)
    }

    fn put_conditions(&self, text: &mut String) -> Result {
        let Environment { machine, effort } = &self.environment;
        writeln!(
            text,
            "{}, {} threads, load {}; medians of up to {} interleaved rounds. Where a workload \
             names no result, {} gives it.",
            machine.processor, machine.threads, machine.load, effort.rounds, self.reference
        )?;
        if !machine.optimised {
            writeln!(text, "\n**This is not an optimised build: the numbers mean nothing.**")?;
        }
        writeln!(text)
    }

    fn put_head(&self, text: &mut String) -> Result {
        write!(text, "| workload |")?;
        for column in &self.columns {
            write!(text, " {} |", column.name)?;
        }
        writeln!(text, "\n|---|{}", "--:|".repeat(self.columns.len()))
    }

    fn put_phase(&self, text: &mut String, phase: Phase) -> Result {
        let cells: Vec<_> = self.cells.iter().filter(|cell| cell.phase == phase).collect();
        if cells.is_empty() {
            return Ok(());
        }
        writeln!(text, "\n## {}, microseconds\n", phase.name())?;
        self.put_head(text)?;
        for cell in cells {
            write!(text, "| {} |", cell.workload)?;
            for times in &cell.times {
                match middle(times) {
                    Ok(time) => write!(text, " {} |", microseconds(time))?,
                    Err(_) => write!(text, " – |")?,
                }
            }
            writeln!(text)?;
        }
        Ok(())
    }

    fn put_memory(&self, text: &mut String) -> Result {
        if self.memory.is_empty() {
            return Ok(());
        }
        writeln!(text, "\n## memory of a cold run at its height, KiB\n")?;
        self.put_head(text)?;
        for cell in &self.memory {
            write!(text, "| {} |", cell.workload)?;
            for kibibytes in &cell.kibibytes {
                match kibibytes {
                    Ok(kibibytes) => write!(text, " {kibibytes} |")?,
                    Err(_) => write!(text, " – |")?,
                }
            }
            writeln!(text)?;
        }
        Ok(())
    }

    /// Why there is a dash.
    fn put_reasons(&self, text: &mut String) -> Result {
        let mut reasons: Vec<(&str, &str, Vec<String>)> = Vec::new();
        for cell in &self.cells {
            for (column, times) in self.columns.iter().zip(&cell.times) {
                let (Err(reason), None) = (middle(times), &column.missing) else { continue };
                let place = format!("{} {}", cell.workload, cell.phase.name());
                match reasons
                    .iter_mut()
                    .find(|(name, said, _)| (*name, *said) == (column.name.as_str(), reason))
                {
                    Some((_, _, places)) => places.push(place),
                    None => reasons.push((&column.name, reason, vec![place])),
                }
            }
        }
        if !reasons.is_empty() {
            writeln!(text, "\n## What could not be measured\n")?;
        }
        for (name, reason, places) in reasons {
            writeln!(text, "- {name}: {reason} ({})", places.join(", "))?;
        }
        Ok(())
    }

    fn put_comparisons(&self, text: &mut String) -> Result {
        writeln!(
            text,
            "| comparison | phase | geometric mean | 95 % | worst workload | \
             workloads |\n|---|---|--:|---|---|--:|"
        )?;
        for comparison in self.comparisons {
            for phase in comparison.phases {
                let Some(compared) = self.compare(comparison, *phase) else { continue };
                let worst = compared.worst().map(|(name, ratio)| format!("{name} {ratio:.2}"));
                writeln!(
                    text,
                    "| {} | {} | {:.3} | {:.3}–{:.3} | {} | {} |",
                    comparison.title,
                    phase.name(),
                    compared.mean.value,
                    compared.mean.low,
                    compared.mean.high,
                    worst.unwrap_or_default(),
                    compared.ratios.len()
                )?;
            }
        }
        Ok(())
    }
}

/// A time in nanoseconds as microseconds with three digits that say something.
fn microseconds(nanoseconds: f64) -> String {
    let value = nanoseconds / 1000.0;
    match value {
        _ if value >= 100.0 => format!("{value:.0}"),
        _ if value >= 10.0 => format!("{value:.1}"),
        _ if value >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::microseconds;

    #[test]
    fn times_have_three_digits() {
        let times = [1_234_567.0, 12_345.0, 1_234.0, 123.4];
        assert_eq!(times.map(microseconds), ["1235", "12.3", "1.23", "0.123"]);
    }
}
