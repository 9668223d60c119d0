//! Gas of our engine against the naive definition in [`crate::metering`].
use tephra_core::wasm::{Config, InstructionCosts, PARTICLES_PER_GAS};

use crate::trace::Ending;
use crate::{metering, ours, peer};

/// Gas for each call: some hundred thousand instructions at the prices below.
pub const GAS: u64 = 20_000_000;

/// A price of its own for everything, in whole gas, so that no confusion of two prices and no missing particle goes unseen.
pub fn costs() -> InstructionCosts {
    const GAS: u32 = PARTICLES_PER_GAS as u32;
    InstructionCosts {
        constant: 2 * GAS,
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
        call_indirect: 61 * GAS,
        entry_local: 67 * GAS,
        size: 71 * GAS,
        table: 73 * GAS,
        bulk: 3779 * GAS,
        bulk_byte: GAS,
        bulk_element: 79 * GAS,
        page: 83 * PARTICLES_PER_GAS,
    }
}

/// Compares the gas of every call of a valid module. Gives the number of calls that were compared.
///
/// # Errors
/// The first difference, in words.
pub fn check(bytes: &[u8]) -> Result<usize, String> {
    let config = Config { costs: costs(), ..Config::default() };
    let mine = ours::run(bytes, &config, GAS, ours::Origin::Validated)?;
    let counting = metering::instrument(bytes, &config.costs).map_err(|error| format!("not instrumented: {error}"))?;
    let conclusive = mine.steps.iter().position(|step| step.ending.is_inconclusive()).unwrap_or(mine.steps.len());
    if conclusive == 0 {
        return Ok(0);
    }
    let theirs = peer::run(&counting, conclusive).map_err(|error| format!("wasmtime: {error:?}"))?;
    let mut before = 0;
    let mut compared = 0;
    for ((mine, gas), theirs) in mine.steps.iter().zip(&mine.gas).zip(&theirs) {
        if theirs.ending.is_inconclusive() {
            break;
        }
        let Some(counter) = metering::counter(theirs) else {
            // Nothing can be read from an instance that was never made.
            debug_assert!(matches!(theirs.ending, Ending::Trapped(_)));
            break;
        };
        let expected = counter.wrapping_sub(before);
        if gas * PARTICLES_PER_GAS != expected {
            return Err(format!(
                "{}: {gas} gas charged, but the definition says {}",
                mine.call,
                expected as f64 / PARTICLES_PER_GAS as f64
            ));
        }
        before = counter;
        compared += 1;
    }
    Ok(compared)
}
