//! Weights as a Rust file.
use std::fmt::Write;

use frame_benchmarking::{Analysis, BenchmarkSelector};
use tephra_chain_tests::machine;

use crate::arguments::Arguments;
use crate::runner::{Benchmark, Results};

/// Bytes of proof on the way to an item, besides what the benchmark's small state has: a trie of a
/// million items has five levels, of which readers share the upper ones.
const PROOF_PER_READ: u128 = 512;

/// Percent on top of the time that was measured. The same benchmark takes up to so much longer in
/// another block, or in another run.
const MARGIN: u128 = 10;

/// The file.
///
/// # Errors
/// When results cannot be analysed.
pub fn file(
    measured: &[(Benchmark, Vec<Results>)],
    arguments: &Arguments,
) -> Result<String, String> {
    let Arguments { steps, repeat, rounds, .. } = arguments;
    let mut text = format!(
        "//! Weights that the benchmarks gave in the runtime's blob. Written by
//! `scripts/pallet-weights`.
//!
//! On a machine with {};
//! {steps} values of each component, {repeat} runs with each; medians of {rounds} measurements. The
//! time is {MARGIN} % more than what was measured, and without the database, whose reads and writes
//! have the runtime's own weights. The proof has {PROOF_PER_READ} bytes for each item that is read,
//! on top of what was measured on a small state.
#![allow(clippy::unnecessary_cast)]
use core::marker::PhantomData;

use frame_support::traits::Get;
use frame_support::weights::Weight;

use super::WeightInfo;

/// Weights that the benchmarks gave in the runtime's blob, with the runtime's weights of reads and
/// writes.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {{
",
        machine()
    );
    for (place, (benchmark, results)) in measured.iter().enumerate() {
        if place > 0 {
            text.push('\n');
        }
        function(&mut text, benchmark, results)?;
    }
    text.push_str("}\n");
    Ok(text)
}

fn function(text: &mut String, benchmark: &Benchmark, rounds: &[Results]) -> Result<(), String> {
    let times: Result<Vec<_>, _> = rounds
        .iter()
        .map(|round| Figures::of(Analysis::max(&round.times, BenchmarkSelector::ExtrinsicTime)))
        .collect();
    let time = Figures::median(&times?).with_margin();
    let results = rounds.first().ok_or("there is no round")?;
    let reads = Figures::of(Analysis::max(&results.counts, BenchmarkSelector::Reads))?;
    let writes = Figures::of(Analysis::max(&results.counts, BenchmarkSelector::Writes))?;
    let proof = Figures::of(Analysis::max(&results.counts, BenchmarkSelector::ProofSize))?;

    let names: Vec<String> =
        benchmark.components.iter().map(|(name, ..)| name.to_string()).collect();
    for (name, least, greatest) in &benchmark.components {
        let _ = writeln!(text, "    /// `{name}` from {least} to {greatest}.");
    }
    let parameters: Vec<String> = names.iter().map(|name| format!("{name}: u32")).collect();
    let _ = writeln!(text, "    fn {}({}) -> Weight {{", benchmark.name, parameters.join(", "));
    let base_proof = proof.base + PROOF_PER_READ * reads.base;
    let _ =
        writeln!(text, "        Weight::from_parts({}, {})", digits(time.base), digits(base_proof));
    counts(text, "reads", reads.base, None);
    counts(text, "writes", writes.base, None);
    for (index, name) in names.iter().enumerate() {
        let slope = |figures: &Figures| figures.slopes.get(index).copied().unwrap_or_default();
        let bytes = slope(&proof) + PROOF_PER_READ * slope(&reads);
        if slope(&time) > 0 || bytes > 0 {
            let each = format!("Weight::from_parts({}, {})", digits(slope(&time)), digits(bytes));
            let _ =
                writeln!(text, "            .saturating_add({each}.saturating_mul({name}.into()))");
        }
        counts(text, "reads", slope(&reads), Some(name));
        counts(text, "writes", slope(&writes), Some(name));
    }
    text.push_str("    }\n");
    Ok(())
}

/// A line for a number of reads or writes.
fn counts(text: &mut String, what: &str, count: u128, times: Option<&str>) {
    if count > 0 {
        let times = times.map(|name| format!(".saturating_mul({name}.into())")).unwrap_or_default();
        let _ = writeln!(
            text,
            "            .saturating_add(T::DbWeight::get().{what}({count}){times})"
        );
    }
}

/// What a measure is without components, and for one more of each.
struct Figures {
    base: u128,
    slopes: Vec<u128>,
}

impl Figures {
    fn of<E: std::fmt::Display>(analysis: Result<Analysis, E>) -> Result<Self, String> {
        let analysis = analysis.map_err(|error| error.to_string())?;
        Ok(Self { base: analysis.base, slopes: analysis.slopes })
    }

    /// The median of each figure.
    fn median(rounds: &[Self]) -> Self {
        let middle = |figure: &dyn Fn(&Self) -> u128| {
            let mut figures: Vec<u128> = rounds.iter().map(figure).collect();
            figures.sort_unstable();
            figures.get(figures.len() / 2).copied().unwrap_or_default()
        };
        let slopes = rounds.iter().map(|round| round.slopes.len()).max().unwrap_or_default();
        Self {
            base: middle(&|round| round.base),
            slopes: (0..slopes)
                .map(|at| middle(&|round| round.slopes.get(at).copied().unwrap_or_default()))
                .collect(),
        }
    }

    fn with_margin(self) -> Self {
        let more = |time: u128| time + time * MARGIN / 100;
        Self { base: more(self.base), slopes: self.slopes.into_iter().map(more).collect() }
    }
}

/// A number as rustfmt leaves it and people read it.
fn digits(number: u128) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('_');
        }
        text.push(digit);
    }
    text
}
