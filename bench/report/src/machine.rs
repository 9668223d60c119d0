//! Where it was measured.
use std::fs;

/// The machine and its load.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Machine {
    /// The processor.
    pub processor: String,
    /// Its threads.
    pub threads: usize,
    /// Processes that were running or waiting in the last minute, on average.
    pub load: String,
    /// Whether the build was optimised.
    pub optimised: bool,
}

impl Machine {
    /// At the end of a run.
    pub fn now() -> Self {
        let processor = fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
            let line = text.lines().find(|line| line.starts_with("model name"))?;
            Some(line.split_once(':')?.1.trim().to_owned())
        });
        let load = fs::read_to_string("/proc/loadavg").ok();
        let load = load.and_then(|text| text.split_whitespace().next().map(str::to_owned));
        Self {
            processor: processor.unwrap_or_else(|| "unknown".into()),
            threads: std::thread::available_parallelism().map_or(0, Into::into),
            load: load.unwrap_or_else(|| "unknown".into()),
            optimised: !cfg!(debug_assertions),
        }
    }
}
