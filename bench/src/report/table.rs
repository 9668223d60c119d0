//! Tables in Markdown.
use super::{COMPARISONS, Report, middle};
use crate::measure::Phase;

impl Report<'_> {
    /// Prints everything.
    pub fn print(&self, reference: &str) {
        let environment = &self.environment;
        println!("# Tephra beside other WebAssembly engines\n");
        println!(
            "{}, {} threads, load {}; medians of up to {} interleaved rounds. Results that nobody has written down are those of {reference}.",
            environment.processor, environment.threads, environment.load, environment.effort.rounds
        );
        if !environment.optimised {
            println!("\n**This is not an optimised build: the numbers mean nothing.**");
        }
        println!();
        for peer in self.peers {
            match peer.engine {
                Ok(_) => println!("- {}", peer.describe()),
                Err(reason) => println!("- {}: NOT MEASURED, {reason}", peer.name),
            }
        }
        for phase in Phase::ALL {
            self.print_phase(phase);
        }
        self.print_reasons();
        self.print_comparisons();
    }

    fn print_phase(&self, phase: Phase) {
        let cells: Vec<_> = self.cells.iter().filter(|cell| cell.phase == phase).collect();
        if cells.is_empty() {
            return;
        }
        println!("\n## {}, microseconds\n", phase.name());
        print!("| workload |");
        self.peers.iter().for_each(|peer| print!(" {} |", peer.name));
        println!("\n|---|{}", "--:|".repeat(self.peers.len()));
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

    /// Why there is a dash.
    fn print_reasons(&self) {
        let mut reasons: Vec<(&str, &str, Vec<String>)> = Vec::new();
        for cell in &self.cells {
            for (peer, times) in self.peers.iter().zip(&cell.times) {
                let (Err(reason), Ok(_)) = (middle(times), &peer.engine) else { continue };
                let place = format!("{} {}", cell.workload, cell.phase.name());
                match reasons.iter_mut().find(|(name, said, _)| (*name, *said) == (peer.name, reason)) {
                    Some((_, _, places)) => places.push(place),
                    None => reasons.push((peer.name, reason, vec![place])),
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
        for comparison in COMPARISONS {
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
