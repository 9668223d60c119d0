//! Tables in Markdown.
use super::{Report, middle};
use crate::measure::Phase;

impl Report {
    /// Prints everything.
    pub fn print(&self) {
        let environment = &self.environment;
        println!("# {}\n", self.title);
        println!(
            "{}, {} threads, load {}; medians of up to {} interleaved rounds. Results that nobody has written down are those of {}.",
            environment.processor, environment.threads, environment.load, environment.effort.rounds, self.reference
        );
        if !environment.optimised {
            println!("\n**This is not an optimised build: the numbers mean nothing.**");
        }
        println!();
        self.columns.iter().for_each(|column| println!("- {}", column.describe()));
        for phase in Phase::ALL {
            self.print_phase(phase);
        }
        self.print_memory();
        self.print_reasons();
        self.print_comparisons();
    }

    fn print_head(&self) {
        print!("| workload |");
        self.columns.iter().for_each(|column| print!(" {} |", column.name));
        println!("\n|---|{}", "--:|".repeat(self.columns.len()));
    }

    fn print_phase(&self, phase: Phase) {
        let cells: Vec<_> = self.cells.iter().filter(|cell| cell.phase == phase).collect();
        if cells.is_empty() {
            return;
        }
        println!("\n## {}, microseconds\n", phase.name());
        self.print_head();
        for cell in cells {
            print!("| {} |", cell.workload);
            for times in &cell.times {
                match middle(times) {
                    Ok(time) => print!(" {} |", microseconds(time)),
                    Err(_) => print!(" – |"),
                }
            }
            println!();
        }
    }

    fn print_memory(&self) {
        if self.memory.is_empty() {
            return;
        }
        println!("\n## memory of a cold run at its height, KiB\n");
        self.print_head();
        for cell in &self.memory {
            print!("| {} |", cell.workload);
            for kibibytes in &cell.kibibytes {
                match kibibytes {
                    Ok(kibibytes) => print!(" {kibibytes} |"),
                    Err(_) => print!(" – |"),
                }
            }
            println!();
        }
    }

    /// Why there is a dash.
    fn print_reasons(&self) {
        let mut reasons: Vec<(&str, &str, Vec<String>)> = Vec::new();
        for cell in &self.cells {
            for (column, times) in self.columns.iter().zip(&cell.times) {
                let (Err(reason), None) = (middle(times), &column.missing) else { continue };
                let place = format!("{} {}", cell.workload, cell.phase.name());
                match reasons.iter_mut().find(|(name, said, _)| (*name, *said) == (column.name.as_str(), reason)) {
                    Some((_, _, places)) => places.push(place),
                    None => reasons.push((&column.name, reason, vec![place])),
                }
            }
        }
        if !reasons.is_empty() {
            println!("\n## What could not be measured\n");
        }
        for (name, reason, places) in reasons {
            println!("- {name}: {reason} ({})", places.join(", "));
        }
    }

    fn print_comparisons(&self) {
        println!("\n## Ratios: below 1, tephra is faster\n");
        println!(
            "| comparison | phase | geometric mean | 95 % | worst workload | workloads |\n|---|---|--:|---|---|--:|"
        );
        for comparison in self.comparisons {
            for phase in comparison.phases {
                let Some(compared) = self.compare(comparison, *phase) else { continue };
                let worst = compared.worst().map(|(name, ratio)| format!("{name} {ratio:.2}"));
                println!(
                    "| {} | {} | {:.3} | {:.3}–{:.3} | {} | {} |",
                    comparison.title,
                    phase.name(),
                    compared.mean.value,
                    compared.mean.low,
                    compared.mean.high,
                    worst.unwrap_or_default(),
                    compared.ratios.len()
                );
            }
        }
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
