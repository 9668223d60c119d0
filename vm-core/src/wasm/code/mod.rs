//! Register code: what the translator makes of a function and the interpreter runs.
//!
//! A function is a run of 8-byte words. An instruction is one word (opcode and three 16-bit
//! fields), for some followed by words with an immediate. Fields name slots of the frame:
//! parameters, locals, then one slot for each height of the operand stack. Branches are relative to
//! their own word, in words, so that code can lie anywhere.
//!
//! Slots hold 32-bit values zero-extended. Instructions read only the low half of a 32-bit operand.
mod display;
mod family;
mod fields;
pub(crate) mod instruction;
mod op;
mod operand;
mod rules;
mod shape;
#[cfg(test)]
pub(crate) mod tests;
#[cfg(feature = "work")]
mod unit;

use alloc::boxed::Box;

pub(crate) use display::instructions;
pub(crate) use family::AddressMode;
pub(crate) use fields::{Coded, Has, field, for_each_field};
pub(crate) use instruction::{Effect, Instruction, Op};
pub(crate) use op::for_each_op;
#[cfg(test)]
pub(crate) use operand::Access;
pub(crate) use operand::{
    Count, Distance, Gap, In32, In64, InF32, InF64, InOut32, LongCount, Operand, Out32, Out64,
    OutF32, OutF64, Params, Slot, Target, Ways,
};
pub(crate) use shape::{Computed, Right, set_destination, word, word_wide};

/// A translated function.
pub(crate) struct Code {
    pub words: Box<[u64]>,
    /// Slots that a frame needs: locals and the greatest operand height, and room for the results.
    pub frame_slots: u32,
    /// The same in bytes.
    pub frame_bytes: usize,
    /// Slots that the caller fills.
    pub params: u32,
    /// Locals that are cleared at entry.
    pub locals: u32,
    /// Particles of the first segment and of clearing the locals.
    pub entry_cost: u64,
}
