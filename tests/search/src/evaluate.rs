//! How bad a candidate is.
use serde::{Deserialize, Serialize};
#[cfg(feature = "work")]
use tephra_core::wasm::PARTICLES_PER_GAS;

use crate::genome::{Candidate, Function, Kind, Module, Node, Shape};
#[cfg(feature = "work")]
use crate::run::Prepared;

/// Units of work that a gas buys in a loop of additions, the yardstick: a `local.get`, `local.get`,
/// `i32.add` and `local.set` are 585 particles, and one register instruction that waits for the one
/// before. A test of this crate holds it against the engine.
pub const ADDITIONS_PER_GAS: f64 = 10_000.0 / 585.0;

/// A message that takes less gas is taken for one that takes as much: it is not alone in its
/// transaction, which costs 21000.
#[cfg(feature = "work")]
const LEAST_GAS: u64 = 5000;

/// The most work for its gas that is allowed, as a multiple of the yardstick: 4 for pure
/// instructions, 8 for everything else.
pub fn limit(kind: Kind) -> f64 {
    match kind {
        Kind::Module => 4.0,
        Kind::Message | Kind::Transaction => 8.0,
    }
}

/// A measurement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Units of work for a gas, as a multiple of [`ADDITIONS_PER_GAS`].
    pub ratio: f64,
    /// Units of work.
    pub units: u64,
    /// Gas, rounded down.
    pub gas: u64,
    /// The kinds of work that are at least a twentieth of it: percent, number, name.
    pub work: Vec<(u64, u64, String)>,
    /// The kind of node that there is most of.
    pub node: String,
}

impl Score {
    /// What a candidate is compared by: only with those that do the same kind of work with the same
    /// kind of instruction.
    pub fn niche(&self) -> String {
        let heaviest = self.work.first().map_or("nothing", |(_, _, name)| name);
        format!("{heaviest}-{}", self.node)
    }

    /// In one line.
    pub fn summary(&self) -> String {
        let work: Vec<_> = self
            .work
            .iter()
            .take(3)
            .map(|(percent, _, name)| format!("{name} {percent} %"))
            .collect();
        work.join(", ")
    }
}

/// A ratio beyond which it is no longer measured how bad a candidate is: that would take long.
#[cfg(feature = "work")]
const ENOUGH: f64 = 20.0;

/// The work on code before it runs the first time. A module's has been used before.
#[cfg(feature = "work")]
const CODE: &[tephra_core::work::Unit] = {
    use tephra_core::work::Unit;
    &[
        Unit::ByteRead,
        Unit::Translated,
        Unit::Step,
        Unit::WordEmitted,
        Unit::Allocation,
        Unit::Moved,
    ]
};

/// What translating a module may weigh that is tried the first time, in hundredths of a unit.
#[cfg(feature = "work")]
const TRANSLATION: u64 = 50_000_000;

/// Runs a candidate and counts. None when it is not valid, or ends before it has used what it was
/// given. What is worse than 20 × is said to be 20 × or a little more.
#[cfg(feature = "work")]
pub fn evaluate(candidate: &Candidate) -> Option<Score> {
    evaluate_up_to(candidate, ENOUGH)
}

/// As [`evaluate`], up to another ratio.
#[cfg(feature = "work")]
pub fn evaluate_up_to(candidate: &Candidate, most: f64) -> Option<Score> {
    use tephra_core::work;

    // The caches are as the start of a module leaves them.
    let (prepared, _) = work::measure(|| Prepared::new(candidate));
    let mut prepared = prepared?;
    if candidate.kind != Kind::Module {
        prepared.prepare();
        work::measure(|| ());
    }
    let given = u128::from(prepared.gas()) * u128::from(PARTICLES_PER_GAS);
    let is_code = |unit: &work::Unit| candidate.kind == Kind::Module && CODE.contains(unit);
    let allowed = if candidate.kind == Kind::Module { TRANSLATION } else { 0 };
    let limit = most * ADDITIONS_PER_GAS * 100.0 * prepared.gas() as f64;
    let (ran, units) = work::measure_within(limit as u64 + allowed, || prepared.run());
    // What was left had no more than all.
    let particles = ran.unwrap_or(Some(given))?;
    if candidate.kind == Kind::Module && particles < given / 2 {
        return None;
    }
    let paid =
        particles.max(u128::from(LEAST_GAS.min(prepared.gas())) * u128::from(PARTICLES_PER_GAS));
    let mut kinds: Vec<_> = units.by_kind().filter(|(unit, ..)| !is_code(unit)).collect();
    let hundredths: u64 = kinds.iter().map(|(_, _, weight)| weight).sum();
    kinds.sort_by_key(|(unit, _, weight)| (std::cmp::Reverse(*weight), *unit));
    let percent = |weight: u64| u128::from(weight) * 100 / u128::from(hundredths.max(1));
    let work = kinds
        .into_iter()
        .map(|(unit, count, weight)| (percent(weight) as u64, count, unit.name().to_owned()));
    let node =
        prepared.tally.iter().max_by_key(|(_, count)| **count).map_or("none", |(name, _)| name);
    let per_gas = hundredths as f64 / 100.0 * PARTICLES_PER_GAS as f64 / paid as f64;
    Some(Score {
        ratio: per_gas / ADDITIONS_PER_GAS,
        units: hundredths / 100,
        gas: (particles / u128::from(PARTICLES_PER_GAS)) as u64,
        work: work.filter(|(percent, ..)| *percent >= 5).collect(),
        node: node.to_owned(),
    })
}

/// A loop of additions: the yardstick.
pub fn additions() -> Candidate {
    let addition = Node::Binary(0, Box::new(Node::Local(0)), Box::new(Node::Local(2)));
    let body = vec![Node::Repeat(200, vec![Node::SetLocal(0, Box::new(addition))])];
    let mut candidate = crate::genome::random(Kind::Module, &mut fastrand::Rng::with_seed(0));
    let main = Function { shape: Shape::default(), locals: 4, body };
    for contract in &mut candidate.contracts {
        contract.module = Module {
            functions: vec![main.clone()],
            last_repeated: 0,
            pages: 1,
            touched: 0,
            table: 0,
            elements: Vec::new(),
            globals: Vec::new(),
            plain_globals: 0,
            data: (0, 0),
            stride: 0,
            library: false,
            padding: 0,
        };
    }
    candidate.gas = 1000;
    candidate
}
