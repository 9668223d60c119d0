//! The results in figures.
use std::{fmt, fs, thread};

use serde_json::json;

use super::{
    Plan,
    watch::{Sample, Seen, Watch},
};

const MIB: f64 = 1024.0 * 1024.0;

/// The results.
pub struct Report {
    plan: serde_json::Value,
    pub refused: usize,
    /// Transfers in blocks.
    pub transactions: u64,
    pub watch: Watch,
}

/// Returns the value that a share of all values does not exceed.
pub fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let index = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(index.saturating_sub(1)).copied().unwrap_or_default()
}

/// Converts bytes to mebibytes.
pub fn mib(bytes: u64) -> f64 {
    bytes as f64 / MIB
}

/// Returns the growth of a value in a minute, by the line that fits best.
fn growth<'a>(
    samples: impl Iterator<Item = &'a Sample> + Clone,
    value: impl Fn(&Sample) -> f64,
) -> f64 {
    let count = samples.clone().count() as f64;
    let mean = |of: &dyn Fn(&Sample) -> f64| samples.clone().map(of).sum::<f64>() / count.max(1.0);
    let (at, average) = (mean(&|sample| sample.at), mean(&value));
    let both: f64 =
        samples.clone().map(|sample| (sample.at - at) * (value(sample) - average)).sum();
    let square: f64 = samples.map(|sample| (sample.at - at).powi(2)).sum();
    if square > 0.0 { 60.0 * both / square } else { 0.0 }
}

impl Report {
    pub fn new(plan: &Plan, refused: usize, watch: Watch) -> Self {
        let model = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let model =
            model.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
        let plan = json!({
            "seconds": plan.seconds,
            "accounts": plan.accounts,
            "sealing": plan.sealing,
            "optimised": !cfg!(debug_assertions),
            "processor": model.map(|(_, name)| name),
            "threads": thread::available_parallelism().map_or(0, usize::from),
        });
        Self { plan, refused, transactions: watch.waited.len() as u64, watch }
    }

    fn blocks(&self) -> impl Iterator<Item = &Seen> {
        self.watch.blocks.iter().filter(|block| block.at <= self.watch.sending)
    }

    fn per_second(&self) -> f64 {
        self.blocks().map(|block| block.transfers as f64).sum::<f64>() / self.watch.sending
    }

    fn fullness(&self) -> Vec<f64> {
        self.blocks().map(|block| block.time.max(block.proof)).collect()
    }

    fn waited(&self) -> Vec<f64> {
        self.watch.waited.iter().map(|waited| waited.seconds).collect()
    }

    /// Returns the samples of the second half, when caches are full.
    fn later(&self) -> impl Iterator<Item = &Sample> + Clone {
        let half = self.watch.sending / 2.0;
        self.watch.samples.iter().filter(move |sample| (half..=2.0 * half).contains(&sample.at))
    }

    fn ends(&self) -> (&Sample, &Sample) {
        let samples = &self.watch.samples;
        (samples.first().expect("one at the start"), samples.last().expect("one at the start"))
    }

    fn most_memory(&self) -> u64 {
        self.watch.samples.iter().map(|sample| sample.memory).max().unwrap_or_default()
    }

    /// Returns all results as JSON.
    pub fn json(&self) -> String {
        let watch = &self.watch;
        let waited = self.waited();
        let fullness = self.fullness();
        let (first, last) = self.ends();
        let report = json!({
            "plan": self.plan,
            "refused": self.refused,
            "transactions": self.transactions,
            "transactions_per_second": self.per_second(),
            "block_fullness": {
                "median": quantile(&fullness, 0.5),
                "most": quantile(&fullness, 1.0),
            },
            "seconds_to_inclusion": {
                "median": quantile(&waited, 0.5),
                "95_percent": quantile(&waited, 0.95),
                "worst": quantile(&waited, 1.0),
            },
            "memory": {
                "first": first.memory,
                "last": last.memory,
                "most": self.most_memory(),
                "without_files": {"first": first.own, "last": last.own},
                "mib_per_minute_in_the_second_half":
                    growth(self.later(), |sample| mib(sample.memory)),
                "without_files_mib_per_minute_in_the_second_half":
                    growth(self.later(), |sample| mib(sample.own)),
            },
            "database": {
                "first": first.database,
                "last": last.database,
                "mib_per_minute_in_the_second_half":
                    growth(self.later(), |sample| mib(sample.database)),
            },
            "blocks": watch.blocks.iter().map(|block| json!({
                "at": block.at,
                "transfers": block.transfers,
                "time": block.time,
                "proof": block.proof,
            })).collect::<Vec<_>>(),
            "samples": watch.samples.iter().map(|sample| json!({
                "at": sample.at,
                "memory": sample.memory,
                "own": sample.own,
                "database": sample.database,
                "processor": sample.processor,
            })).collect::<Vec<_>>(),
        });
        format!("{report:#}\n")
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let waited = self.waited();
        let fullness = self.fullness();
        let (first, last) = self.ends();
        let busy = (last.processor - first.processor) / (last.at - first.at).max(1.0);
        writeln!(f, "accounts, each with one transfer under way: {}", self.plan["accounts"])?;
        writeln!(
            f,
            "sealing                 {}",
            self.plan["sealing"].as_str().unwrap_or_default()
        )?;
        writeln!(f, "optimised               {}", self.plan["optimised"])?;
        writeln!(f, "time                    {:.0} s", self.watch.sending)?;
        writeln!(
            f,
            "transfers               {} in {} blocks, {} refused",
            self.transactions,
            self.watch.blocks.len(),
            self.refused
        )?;
        writeln!(f, "transfers a second      {:.1}", self.per_second())?;
        writeln!(
            f,
            "blocks are full         {:.0} % (median), {:.0} % (most)",
            100.0 * quantile(&fullness, 0.5),
            100.0 * quantile(&fullness, 1.0)
        )?;
        writeln!(
            f,
            "seconds to inclusion    {:.1} (median), {:.1} (95 %), {:.1} (worst)",
            quantile(&waited, 0.5),
            quantile(&waited, 0.95),
            quantile(&waited, 1.0)
        )?;
        writeln!(
            f,
            "memory                  {:.0} MiB at the start, {:.0} at most, {:.0} at the end",
            mib(first.memory),
            mib(self.most_memory()),
            mib(last.memory)
        )?;
        writeln!(
            f,
            "  without files         {:.0} MiB at the start, {:.0} at the end",
            mib(first.own),
            mib(last.own)
        )?;
        writeln!(
            f,
            "  in the second half    {:+.2} MiB a minute",
            growth(self.later(), |sample| mib(sample.own))
        )?;
        writeln!(
            f,
            "database                {:.0} MiB at the start, {:.0} at the end",
            mib(first.database),
            mib(last.database)
        )?;
        write!(f, "processors busy         {busy:.2} by the node")
    }
}
