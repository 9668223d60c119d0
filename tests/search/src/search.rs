//! The search: a population with a place for each kind of work done by each kind of instruction, of
//! which the worst is kept and changed.
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use fastrand::Rng;

use crate::evaluate::{Score, evaluate};
use crate::genome::{self, Candidate, Kind};

/// Parts of a round. Each has random numbers of its own, so that what is found does not depend on
/// how many threads there are.
const PARTS: u64 = 8;

/// Candidates of a part of a round.
const PART: u64 = 24;

/// Attempts to make a candidate simpler.
const SIMPLIFICATIONS: u32 = 60;

/// The end of a search.
#[derive(Clone, Copy, Debug)]
pub enum Until {
    /// About this many candidates were tried: the same ones, and the same result, for a seed.
    Candidates(u64),
    /// This much time has passed.
    Time(Duration),
}

/// A candidate and how bad it is.
pub type Found = (Candidate, Score);

/// The worst of each kind.
#[derive(Clone, Debug, Default)]
pub struct Population {
    found: BTreeMap<(Kind, String), Found>,
}

impl Population {
    /// Puts a candidate in its place, unless a worse one is there.
    pub fn add(&mut self, candidate: Candidate, score: Score) {
        let place = (candidate.kind, score.niche());
        if self.found.get(&place).is_none_or(|(_, other)| score.ratio > other.ratio) {
            self.found.insert(place, (candidate, score));
        }
    }

    /// The worst first.
    pub fn worst(&self, kind: Kind) -> Vec<&Found> {
        let mut found: Vec<_> =
            self.found.values().filter(|(candidate, _)| candidate.kind == kind).collect();
        found.sort_by(|(_, one), (_, other)| other.ratio.total_cmp(&one.ratio));
        found
    }

    fn pick(&self, kind: Kind, rng: &mut Rng) -> Option<&Candidate> {
        let found = self.worst(kind);
        // Half of the time one of the worst.
        let among = if rng.bool() { found.len() } else { found.len().min(6) };
        (among > 0)
            .then(|| rng.usize(..among))
            .and_then(|index| found.get(index))
            .map(|(candidate, _)| candidate)
    }

    fn merge(&mut self, others: Self) {
        others.found.into_values().for_each(|(candidate, score)| self.add(candidate, score));
    }
}

/// Searches for candidates of these kinds, from a population on. `progress` is told of each round.
pub fn search(
    kinds: &[Kind],
    seed: u64,
    until: Until,
    threads: usize,
    mut population: Population,
    mut progress: impl FnMut(u64, &Population),
) -> Population {
    let start = Instant::now();
    for round in 0.. {
        let tried = round * PARTS * PART;
        let is_over = match until {
            Until::Candidates(candidates) => tried >= candidates,
            Until::Time(time) => start.elapsed() >= time,
        };
        if is_over {
            break;
        }
        for (_, part) in parallel(PARTS, threads, |part| {
            let number = round * PARTS + part;
            let mut rng = Rng::with_seed(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ number);
            let index = number as usize % kinds.len().max(1);
            kinds
                .get(index)
                .map(|kind| tried_from(&population, *kind, &mut rng))
                .unwrap_or_default()
        }) {
            population.merge(part);
        }
        progress(tried + PARTS * PART, &population);
    }
    population
}

/// A part of a round.
fn tried_from(population: &Population, kind: Kind, rng: &mut Rng) -> Population {
    let mut own = Population::default();
    for _ in 0..PART {
        let mut candidate = match population.pick(kind, rng).or(own.pick(kind, rng)) {
            Some(parent) if rng.u8(..8) > 0 => parent.clone(),
            _ => genome::random(kind, rng),
        };
        if rng.u8(..4) == 0
            && let Some(other) = population.pick(kind, rng)
        {
            genome::cross(&mut candidate, other, rng);
        }
        genome::mutate(&mut candidate, rng);
        if let Some(score) = evaluate(&candidate) {
            own.add(candidate, score);
        }
    }
    own
}

/// Does parts of work on threads, and gives what they gave in their order.
fn parallel<T: Send>(parts: u64, threads: usize, work: impl Fn(u64) -> T + Sync) -> Vec<(u64, T)> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                loop {
                    let part = next.fetch_add(1, Ordering::Relaxed) as u64;
                    if part >= parts {
                        return;
                    }
                    let result = work(part);
                    done.lock().unwrap_or_else(PoisonError::into_inner).push((part, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(part, _)| *part);
    done
}

/// A simpler candidate that is about as bad, so that a person sees what makes it so.
pub fn simplify((candidate, score): &Found, seed: u64) -> Found {
    let size = |candidate: &Candidate| {
        serde_json::to_string(candidate).map_or(usize::MAX, |text| text.len())
    };
    let mut rng = Rng::with_seed(seed);
    let (mut best, mut best_score) = (candidate.clone(), score.clone());
    for _ in 0..SIMPLIFICATIONS {
        let mut simpler = best.clone();
        genome::simplify(&mut simpler, &mut rng);
        if size(&simpler) >= size(&best) {
            continue;
        }
        if let Some(new) = evaluate(&simpler)
            && new.ratio >= best_score.ratio * 0.99
            && new.ratio >= score.ratio * 0.95
        {
            (best, best_score) = (simpler, new);
        }
    }
    (best, best_score)
}
