//! Instruction words as the interpreter reads them.
//!
//! # Safety
//! A [`Word`] holds the address of an instruction that the translator made.
#![allow(clippy::undocumented_unsafe_blocks)]

/// The first word of an instruction, by its address: fields are read one by one, which is faster
/// than taking a word apart.
#[derive(Clone, Copy)]
pub(super) struct Word(pub *const u64);

/// The first field.
#[inline(always)]
pub(super) unsafe fn a(word: Word) -> u16 {
    unsafe { field(word, 1) }
}

/// The second field.
#[inline(always)]
pub(super) unsafe fn b(word: Word) -> u16 {
    unsafe { field(word, 2) }
}

/// The third field.
#[inline(always)]
pub(super) unsafe fn c(word: Word) -> u16 {
    unsafe { field(word, 3) }
}

/// The second and third field as one number.
#[inline(always)]
pub(super) unsafe fn bc(word: Word) -> u32 {
    let half = if cfg!(target_endian = "little") { 1 } else { 0 };
    unsafe { *word.0.cast::<u32>().add(half) }
}

#[inline(always)]
unsafe fn field(word: Word, number: usize) -> u16 {
    let at = if cfg!(target_endian = "little") { number } else { 3 - number };
    unsafe { *word.0.cast::<u16>().add(at) }
}

/// The opcode of the instruction at an address.
#[inline(always)]
pub(super) unsafe fn opcode(ip: *const u64) -> u16 {
    unsafe { field(Word(ip), 0) }
}
