//! No work is done that gas does not pay for: the worst that were ever found, and a search of a
//! fixed length, stay below the limit.
#![cfg(feature = "work")]

use tephra_search::evaluate::{ADDITIONS_PER_GAS, additions, evaluate, limit};
use tephra_search::genome::{Candidate, Kind, random};
use tephra_search::search::{Population, Until, search};
use tephra_search::worst;

/// Candidates that are tried: about a minute on one processor.
const CANDIDATES: u64 = 3000;

#[test]
fn a_loop_of_additions_is_the_yardstick() {
    let score = evaluate(&additions()).unwrap();
    assert!(
        (score.ratio - 1.0).abs() < 0.02,
        "a gas of additions is {} units, not {ADDITIONS_PER_GAS}",
        score.ratio * ADDITIONS_PER_GAS
    );
}

#[test]
fn the_worst_that_were_found_stay_below_the_limit() {
    let kept = worst::read(&worst::directory()).unwrap();
    assert!(!kept.is_empty());
    let mut above = Vec::new();
    for (name, kept) in kept {
        match evaluate(&kept.candidate) {
            Some(score) if score.ratio > limit(kept.candidate.kind) => {
                above.push(format!("{name}: {:.1} × ({})", score.ratio, score.summary()));
            }
            Some(_) => {}
            None => above
                .push(format!("{name} cannot be run any more: give it more gas, or search again")),
        }
    }
    assert!(above.is_empty(), "{above:#?}");
}

#[test]
fn a_search_finds_nothing_above_the_limit() {
    let threads = std::thread::available_parallelism().map_or(1, Into::into);
    let mut population = Population::default();
    for (_, kept) in worst::read(&worst::directory()).unwrap() {
        if let Some(score) = evaluate(&kept.candidate) {
            population.add(kept.candidate, score);
        }
    }
    let population =
        search(&Kind::ALL, 1, Until::Candidates(CANDIDATES), threads, population, |_, _| ());
    for kind in Kind::ALL {
        let worst = population.worst(kind);
        let (candidate, score) = worst.first().unwrap();
        let text = serde_json::to_string(candidate).unwrap();
        assert!(score.ratio <= limit(kind), "{:.1} × ({}): {text}", score.ratio, score.summary());
    }
}

#[test]
fn the_same_seed_finds_the_same_with_any_number_of_threads() {
    let of = |threads| {
        let found = search(
            &Kind::ALL,
            7,
            Until::Candidates(192),
            threads,
            Population::default(),
            |_, _| (),
        );
        Kind::ALL.map(|kind| found.worst(kind).into_iter().cloned().collect::<Vec<_>>())
    };
    assert_eq!(of(1), of(3));
}

#[test]
fn candidates_are_measured_the_same_each_time_and_survive_being_written() {
    let mut rng = fastrand::Rng::with_seed(3);
    for kind in Kind::ALL {
        for _ in 0..20 {
            let candidate = random(kind, &mut rng);
            let text = serde_json::to_string(&candidate).unwrap();
            let again: Candidate = serde_json::from_str(&text).unwrap();
            assert_eq!(again, candidate);
            assert_eq!(evaluate(&again), evaluate(&candidate));
        }
    }
}
