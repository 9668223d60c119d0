//! One module, two engines: the same results, traps, memories, tables and globals.
use std::fmt;

use tephra_core::wasm::{Config, InstructionCosts};

use crate::trace::{Ending, Step};
use crate::{ours, peer};

/// Gas for each call: with [`costs`] some hundred thousand instructions.
pub const GAS: u64 = 10;

/// Every instruction costs one particle, so that gas bounds instructions; what touches many bytes
/// costs more, so that it bounds time too.
pub fn costs() -> InstructionCosts {
    InstructionCosts {
        constant: 1,
        reference: 1,
        local: 1,
        global: 1,
        drop: 1,
        select: 1,
        simple: 1,
        shift: 1,
        count_bits: 1,
        multiply: 1,
        divide: 1,
        float: 1,
        load: 1,
        store: 1,
        branch: 1,
        branch_table: 1,
        branch_value: 0,
        call: 1,
        argument: 0,
        call_indirect: 1,
        entry_local: 0,
        size: 1,
        table: 1,
        bulk: 500,
        bulk_byte: 0,
        bulk_element: 0,
        interface_call: 0,
        frame: 0,
        code_word: 0,
        kibibyte: 0,
        kibibytes_squared: 0,
    }
}

/// The counts of the comparison of one module.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Modules.
    pub modules: usize,
    /// Modules whose instantiation trapped.
    pub stillborn: usize,
    /// Calls that returned, in both engines.
    pub returned: usize,
    /// Calls that trapped, in both engines alike.
    pub trapped: usize,
    /// Modules that were compared only up to a call that ran out of gas or stack.
    pub cut_short: usize,
}

impl Summary {
    /// Adds what another one counts.
    pub fn add(&mut self, other: Self) {
        self.modules += other.modules;
        self.stillborn += other.stillborn;
        self.returned += other.returned;
        self.trapped += other.trapped;
        self.cut_short += other.cut_short;
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { modules, stillborn, returned, trapped, cut_short } = self;
        write!(
            f,
            "{modules} modules ({stillborn} trapped at instantiation, {cut_short} cut short by gas \
             or stack): {returned} calls returned, {trapped} trapped"
        )
    }
}

/// Runs a valid module in both engines and compares; in ours three times: fresh, from the trusted
/// bytes, and again, with the same gas each time.
///
/// # Errors
/// The first difference, in words.
pub fn differential(bytes: &[u8]) -> Result<Summary, String> {
    let config = Config { costs: costs(), ..Config::default() };
    let mine = ours::run(bytes, &config, GAS, ours::Origin::Validated)?;
    for origin in [ours::Origin::Trusted, ours::Origin::Validated] {
        let again = ours::run(bytes, &config, GAS, origin)?;
        if again != mine {
            return Err(format!(
                "run again as {origin:?} the module behaves otherwise: {}",
                first_difference(&mine.steps, &again.steps)
            ));
        }
    }
    let conclusive = mine.steps.iter().take_while(|step| !step.ending.is_inconclusive()).count();
    if conclusive == 0 {
        return Ok(Summary { modules: 1, cut_short: 1, ..Summary::default() });
    }
    let theirs = peer::run(bytes, conclusive).map_err(|error| format!("wasmtime: {error:?}"))?;
    let mut summary = compare(&mine.steps[..conclusive], &theirs)?;
    summary.cut_short |= usize::from(conclusive < mine.steps.len());
    Ok(summary)
}

fn compare(mine: &[Step], theirs: &[Step]) -> Result<Summary, String> {
    let mut summary = Summary { modules: 1, ..Summary::default() };
    for (at, (mine, theirs)) in mine.iter().zip(theirs).enumerate() {
        if is_stack(&theirs.ending) {
            summary.cut_short = 1;
            return Ok(summary);
        }
        if mine != theirs {
            return Err(difference(mine, theirs));
        }
        match &mine.ending {
            Ending::Trapped(_) if at == 0 => summary.stillborn = 1,
            Ending::Returned(_) if at == 0 => {}
            Ending::Returned(_) => summary.returned += 1,
            Ending::Trapped(_) => summary.trapped += 1,
        }
    }
    if mine.len() != theirs.len() {
        return Err(format!("{} steps, but {} in wasmtime", mine.len(), theirs.len()));
    }
    Ok(summary)
}

/// Whether wasmtime ran out of its stack, which is smaller or larger than ours. Its fuel is so
/// large that running out of it is a difference.
fn is_stack(ending: &Ending) -> bool {
    *ending == Ending::Trapped(tephra_core::wasm::TrapCode::StackOverflow)
}

fn first_difference(mine: &[Step], theirs: &[Step]) -> String {
    match mine.iter().zip(theirs).find(|(mine, theirs)| mine != theirs) {
        Some((mine, theirs)) => difference(mine, theirs),
        None => "only in gas".to_owned(),
    }
}

/// What differs between two steps, in words.
pub fn difference(mine: &Step, theirs: &Step) -> String {
    let mut text = format!("{}: {:?}, but elsewhere {:?}", mine.call, mine.ending, theirs.ending);
    if mine.call != theirs.call {
        text += &format!("; elsewhere the call was {}", theirs.call);
    }
    for (mine, theirs) in
        mine.state.iter().zip(&theirs.state).filter(|(mine, theirs)| mine != theirs)
    {
        text += &format!("; {mine:?}, but elsewhere {theirs:?}");
    }
    if mine.host_log != theirs.host_log {
        text += "; other calls of host functions";
    }
    text
}
