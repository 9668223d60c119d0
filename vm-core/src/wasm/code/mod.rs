//! Register code: what the translator makes of a function and the interpreter runs.
//!
//! A function is a run of 8-byte words. An instruction is one word (opcode and three 16-bit
//! fields), for some followed by words with an immediate. Fields name slots of the frame:
//! parameters, locals, then one slot for each height of the operand stack. Branches are relative to
//! their own word, in words, so that code can lie anywhere.
//!
//! Slots hold 32-bit values zero-extended. Instructions read only the low half of a 32-bit operand.
mod display;
mod op;
#[cfg(feature = "work")]
mod unit;

use alloc::boxed::Box;

pub(crate) use op::{AddressMode, Op, for_each_op};

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

/// An instruction word: opcode and three fields.
#[inline]
pub(crate) const fn word(op: Op, a: u16, b: u16, c: u16) -> u64 {
    op as u64 | (a as u64) << 16 | (b as u64) << 32 | (c as u64) << 48
}

/// An instruction word: opcode, one field, and 32 bits in place of the other two.
#[inline]
pub(crate) fn word_wide(op: Op, a: u16, bc: u32) -> u64 {
    u64::from(op as u16) | u64::from(a) << 16 | u64::from(bc) << 32
}

/// The first field.
#[inline]
pub(crate) fn a(word: u64) -> u16 {
    (word >> 16) as u16
}

/// The second field.
#[inline]
pub(crate) fn b(word: u64) -> u16 {
    (word >> 32) as u16
}

/// The third field.
#[inline]
pub(crate) fn c(word: u64) -> u16 {
    (word >> 48) as u16
}
