//! Gas of our engine against the naive definition in [`crate::metering`].
use tephra_core::wasm::{Config, InstructionCosts, PARTICLES_PER_GAS, TrapCode};

use crate::differential::difference;
use crate::generate::Random;
use crate::ours::{Origin, Trace};
use crate::trace::{Ending, Step};
use crate::{metering, ours, peer};

/// Gas for each call: some hundred thousand instructions at the prices below.
pub const GAS: u64 = 20_000_000;

/// A price of its own for everything, in whole gas, so that no confusion of two prices and no
/// missing particle goes unseen.
pub fn costs() -> InstructionCosts {
    const GAS: u32 = PARTICLES_PER_GAS as u32;
    InstructionCosts {
        constant: 2 * GAS,
        reference: 89 * GAS,
        local: 3 * GAS,
        global: 5 * GAS,
        drop: 7 * GAS,
        select: 11 * GAS,
        simple: 13 * GAS,
        shift: 17 * GAS,
        count_bits: 19 * GAS,
        multiply: 23 * GAS,
        divide: 29 * GAS,
        float: 31 * GAS,
        load: 37 * GAS,
        store: 41 * GAS,
        branch: 43 * GAS,
        branch_table: 47 * GAS,
        branch_value: 53 * GAS,
        call: 59 * GAS,
        argument: 97 * GAS,
        call_indirect: 61 * GAS,
        entry_local: 67 * GAS,
        size: 71 * GAS,
        table: 73 * GAS,
        bulk: 3779 * GAS,
        bulk_byte: GAS,
        bulk_element: 79 * GAS,
        interface_call: 0,
        frame: 0,
        code_word: 0,
        kibibyte: 83 * PARTICLES_PER_GAS,
        kibibytes_squared: 9 * PARTICLES_PER_GAS,
    }
}

/// Limits at which a module is cut short.
const LIMITS: u64 = 4;

/// Compares the gas of every call of a valid module, and where calls end when there is too little
/// of it. Gives the number of calls that were compared.
///
/// # Errors
/// The first difference, in words.
pub fn check(bytes: &[u8]) -> Result<usize, String> {
    let config = Config { costs: costs(), ..Config::default() };
    let mine = ours::run(bytes, &config, GAS, Origin::Validated)?;
    let compared = amounts(bytes, &config, &mine)?;
    let most = mine.gas.iter().copied().max().unwrap_or(0);
    let mut random = Random::new(most);
    let mut total = compared;
    for _ in 0..LIMITS.min(most) {
        total += ends(bytes, &config, random.below(most))?;
    }
    Ok(total)
}

/// Compares amounts where there is enough gas.
fn amounts(bytes: &[u8], config: &Config, mine: &Trace) -> Result<usize, String> {
    let conclusive = mine.steps.iter().take_while(|step| !step.ending.is_inconclusive()).count();
    let theirs = counted(bytes, config, None, conclusive)?;
    let mut compared = 0;
    for ((mine, gas), theirs) in mine.steps.iter().zip(&mine.gas).zip(&theirs) {
        // Nothing can be read from an instance that was never made.
        let Some(expected) = metering::counter(theirs) else { break };
        if theirs.ending.is_inconclusive() {
            break;
        }
        if gas * PARTICLES_PER_GAS != expected {
            let expected = expected as f64 / PARTICLES_PER_GAS as f64;
            return Err(format!(
                "{}: {gas} gas charged, but the definition says {expected}",
                mine.call
            ));
        }
        compared += 1;
    }
    Ok(compared)
}

/// Compares what was done before the gas ran out.
fn ends(bytes: &[u8], config: &Config, limit: u64) -> Result<usize, String> {
    let mine = ours::run(bytes, config, limit, Origin::Validated)?.steps;
    let particles = limit * PARTICLES_PER_GAS;
    let mut theirs = counted(bytes, config, Some(particles), mine.len())?;
    let mut compared = 0;
    for (mine, theirs) in mine.iter().zip(&mut theirs) {
        let Some(counter) = metering::counter(theirs) else { break };
        if counter > particles && theirs.ending == Ending::Trapped(TrapCode::Unreachable) {
            theirs.ending = Ending::Trapped(TrapCode::OutOfGas);
        }
        if [mine, theirs].iter().any(|step| step.ending == Ending::Trapped(TrapCode::StackOverflow))
        {
            break;
        }
        theirs.state.retain(|(name, _)| name != metering::COUNTER);
        if mine != theirs {
            return Err(format!("with {limit} gas: {}", difference(mine, theirs)));
        }
        compared += 1;
    }
    Ok(compared)
}

/// The count that the module itself keeps in wasmtime.
fn counted(
    bytes: &[u8],
    config: &Config,
    limit: Option<u64>,
    steps: usize,
) -> Result<Vec<Step>, String> {
    if steps == 0 {
        return Ok(Vec::new());
    }
    let counting = metering::instrument(bytes, &config.costs, limit)
        .map_err(|error| format!("not instrumented: {error}"))?;
    peer::run(&counting, steps).map_err(|error| format!("wasmtime: {error:?}"))
}
