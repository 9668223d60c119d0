//! How instructions are validated, by opcode.
use super::row::{Ty, ty};
use crate::wasm::features::Proposal;
use crate::wasm::instruction::{Immediates, Instruction, PREFIX, PREFIXED, Rule, by_opcode};

/// What validation knows of an instruction: 8 bytes, so that the place of an entry takes no
/// multiplication.
#[derive(Clone, Copy)]
#[repr(align(8))]
pub(super) struct Entry {
    /// The rule if nothing has to be switched on for the instruction, or [`Rule::Gated`].
    pub first: Rule,
    /// The type of the operands of a plain instruction, or of the value that is stored.
    pub from: Ty,
    /// The type of the result of a plain instruction.
    pub to: Ty,
    /// The logarithm of the alignment by size of what accesses memory.
    pub natural: u8,
    pub rule: Rule,
    pub proposal: Proposal,
    pub floats: bool,
}

impl Entry {
    const UNKNOWN: Self = Self {
        first: Rule::Unknown,
        from: 0,
        to: 0,
        natural: 0,
        rule: Rule::Unknown,
        proposal: Proposal::Mvp,
        floats: false,
    };

    const fn new(row: &Instruction) -> Self {
        let (mut from, mut to) = (0, 0);
        if let Some(signature) = row.signature {
            // Of a store, the value is the last one.
            if let [.., last] = signature.params {
                from = ty(*last);
            }
            if let [result] = signature.results {
                to = ty(*result);
            }
        }
        let natural = if let Immediates::Address(natural) = row.immediates { natural } else { 0 };
        let rule = row.plain_or_own_rule();
        let floats = row.has_floats();
        let is_free = matches!(row.proposal, Proposal::Mvp) && !floats;
        let first = if is_free { rule } else { Rule::Gated };
        Self { first, from, to, natural, rule, proposal: row.proposal, floats }
    }
}

const _: () = assert!(size_of::<Entry>() == 8);

/// Instructions of one byte, and the prefix of the others.
pub(super) static ENTRIES: [Entry; 256] = {
    let mut entries = by_opcode!(Entry, false);
    entries[PREFIX as usize].first = Rule::Prefix;
    entries
};

/// Instructions with a second opcode.
pub(super) static PREFIXED_ENTRIES: [Entry; PREFIXED] = by_opcode!(Entry, true);
