//! The same by the clock: candidates beside the loop of additions, in one process, in turn.
use std::time::{Duration, Instant};

use crate::evaluate::additions;
use crate::genome::Candidate;
use crate::run::Prepared;

/// Rounds, of which the median counts.
const ROUNDS: usize = 9;

/// What a run of a round takes at least: short ones are repeated.
const LEAST: Duration = Duration::from_millis(4);

/// Nanoseconds for a gas.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// Of the candidate.
    pub candidate: f64,
    /// Of the loop of additions.
    pub additions: f64,
}

/// Times a candidate. None when it cannot be run.
pub fn time(candidate: &Candidate) -> Option<Timing> {
    let mut prepared = Prepared::new(candidate)?;
    let mut yardstick = Prepared::new(&additions())?;
    let (mut ours, mut additions) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(per_gas(&mut prepared)?);
        additions.push(per_gas(&mut yardstick)?);
    }
    Some(Timing { candidate: median(ours), additions: median(additions) })
}

fn per_gas(prepared: &mut Prepared) -> Option<f64> {
    let (mut time, mut particles) = (Duration::ZERO, 0);
    while time < LEAST {
        prepared.prepare();
        let start = Instant::now();
        let taken = prepared.run()?;
        time += start.elapsed();
        particles += taken;
        if taken == 0 {
            return None;
        }
    }
    Some(time.as_nanos() as f64 * 10_000.0 / particles as f64)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
