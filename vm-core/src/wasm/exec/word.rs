//! Instructions as the interpreter reads them: operand by operand, each by its name.
//!
//! # Safety
//! 1. An [`At`] holds the address of an instruction of its type that the translator made; all words
//!    that belong to it lie there.
use core::marker::PhantomData;

use super::float::{f32_of, f64_of, slot32, slot64};
use crate::wasm::code::{
    Coded, Has, In32, In64, InF32, InF64, InOut32, Operand, Out32, Out64, OutF32, OutF64, field,
    for_each_field,
};

/// The address of an instruction: operands are read one by one, which is faster than taking a word
/// apart.
pub(super) struct At<I>(*const u64, PhantomData<I>);

impl<I> Clone for At<I> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}

impl<I> Copy for At<I> {}

macro_rules! fields {
    ($($name:ident)*) => {
        // SAFETY of all: rule 1.
        impl<I> At<I> {
            $(
                /// The operand with this name.
                #[inline(always)]
                #[allow(dead_code, reason = "the same for every name")]
                pub unsafe fn $name(self) -> <I as Has<field::$name>>::Kind
                where
                    I: Has<field::$name>,
                {
                    // SAFETY: Rule 1: the instruction has the operand there.
                    unsafe { read(self.0, <I as Has<field::$name>>::AT) }
                }
            )*
        }
    };
}

for_each_field!(fields);

impl<I> At<I> {
    /// The instruction at an address.
    ///
    /// # Safety
    /// Rule 1.
    #[inline(always)]
    pub unsafe fn new(ip: *const u64) -> Self {
        Self(ip, PhantomData)
    }
}

impl<I: Coded> At<I> {
    /// Words of the instruction.
    #[inline(always)]
    pub fn words(self) -> usize {
        I::WORDS
    }

    /// A word that follows the instruction.
    ///
    /// # Safety
    /// Rule 1; more than `index` words follow.
    #[inline(always)]
    pub unsafe fn following(self, index: usize) -> u64 {
        // SAFETY: The caller's obligation.
        unsafe { *self.0.add(I::WORDS + index) }
    }
}

/// The operand that begins `at` bytes after the start of the instruction at `ip`, if low bytes come
/// first in a word.
///
/// # Safety
/// Rule 1; the instruction has such an operand there.
#[inline(always)]
unsafe fn read<K: Operand>(ip: *const u64, at: usize) -> K {
    let size = size_of::<K::Place>();
    let at = if cfg!(target_endian = "little") { at } else { (at | 7) + 1 - size - (at & 7) };
    // SAFETY: The caller's obligation. An operand is aligned to its size.
    unsafe {
        let place = ip.byte_add(at);
        K::of_bits(match size {
            2 => u64::from(*place.cast::<u16>()),
            4 => u64::from(*place.cast::<u32>()),
            8 => *place,
            _ => 0,
        })
    }
}

/// The opcode of the instruction at an address.
///
/// # Safety
/// It is the address of an instruction's first word.
#[inline(always)]
pub(super) unsafe fn opcode(ip: *const u64) -> u16 {
    // SAFETY: The caller's obligation.
    unsafe { read(ip, 0) }
}

/// An operand that names a slot to be read.
pub(super) trait Input: Operand {
    /// What an instruction reads there.
    type Value;

    /// The slot.
    fn slot(self) -> u16;

    /// The value of a slot.
    fn value(bits: u64) -> Self::Value;
}

/// An operand that can be an immediate instead.
pub(super) trait Integer: Input {
    /// An immediate of 16 bits, sign-extended.
    fn immediate(imm: i16) -> Self::Value;

    /// An immediate of any size.
    fn wide(imm: u64) -> Self::Value;
}

/// An operand that names a slot to be written.
pub(super) trait Output: Operand {
    /// What an instruction writes there.
    type Value;

    /// The slot.
    fn slot(self) -> u16;

    /// The slot's bits for a value.
    fn bits(value: Self::Value) -> u64;
}

macro_rules! inputs {
    ($($kind:ident $value:ty, $read:expr;)*) => {
        $(impl Input for $kind {
            type Value = $value;

            #[inline(always)]
            fn slot(self) -> u16 {
                self.0
            }

            #[inline(always)]
            fn value(bits: u64) -> $value {
                ($read)(bits)
            }
        })*
    };
}

inputs! {
    In32 u32, |bits| bits as u32;
    In64 u64, |bits| bits;
    InF32 f32, f32_of;
    InF64 f64, f64_of;
    InOut32 u32, |bits| bits as u32;
}

macro_rules! integers {
    ($($kind:ident $value:ty),*) => {
        $(impl Integer for $kind {
            #[inline(always)]
            fn immediate(imm: i16) -> $value {
                imm as $value
            }

            #[inline(always)]
            fn wide(imm: u64) -> $value {
                imm as $value
            }
        })*
    };
}

integers! { In32 u32, In64 u64, InOut32 u32 }

macro_rules! outputs {
    ($($kind:ident $value:ty, $write:expr;)*) => {
        $(impl Output for $kind {
            type Value = $value;

            #[inline(always)]
            fn slot(self) -> u16 {
                self.0
            }

            #[inline(always)]
            fn bits(value: $value) -> u64 {
                ($write)(value)
            }
        })*
    };
}

outputs! {
    Out32 u32, u64::from;
    Out64 u64, |value| value;
    OutF32 f32, slot32;
    OutF64 f64, slot64;
    InOut32 u32, u64::from;
}
