//! The instructions of WebAssembly by opcode: what each costs, and what becomes of it.
use crate::wasm::costs::CostClass;
use crate::wasm::instruction::{Action, Instruction, Opcode, PREFIXED, by_opcode};

/// What the translator knows of an instruction.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    pub action: Action,
    pub class: CostClass,
    /// It can neither trap nor change anything but locals and operands.
    pub pure: bool,
    /// Its cost depends on how many values it moves across the edge of a block or into a call.
    pub moves_values: bool,
    pub opcode: Opcode,
}

impl Entry {
    const UNKNOWN: Self = Self {
        action: Action::Unknown,
        class: CostClass::Nothing,
        pure: false,
        moves_values: false,
        opcode: Opcode::Unreachable,
    };

    const fn new(row: &Instruction) -> Self {
        Self {
            action: row.action,
            class: row.class,
            pure: row.pure,
            moves_values: row.moves_values,
            opcode: row.name,
        }
    }
}

const _: () = assert!(size_of::<Entry>() == 8);

/// Instructions of one byte.
pub(super) static ENTRIES: [Entry; 256] = by_opcode!(Entry, false);

/// Instructions with a second opcode.
pub(super) static PREFIXED_ENTRIES: [Entry; PREFIXED] = by_opcode!(Entry, true);
