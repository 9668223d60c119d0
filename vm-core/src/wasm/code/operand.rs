//! Operands of instructions: what a field says, and how many bits it has.
use core::fmt;
use core::ops::Range;

/// A slot of the frame: eight bytes that hold a parameter, a local, or an operand of the stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(transparent)]
pub(crate) struct Slot(pub u16);

/// What an instruction does with the slots that an operand names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// The operand names no slot.
    None,
    /// Reads the low half.
    ReadLow,
    /// Reads all bits.
    Read,
    /// Writes all bits.
    Write,
    /// Reads the low half and writes all bits.
    Update,
    /// Reads and writes: the frame of another function begins there.
    Frame,
}

impl Access {
    /// Whether slots are read.
    pub const fn reads(self) -> bool {
        matches!(self, Self::ReadLow | Self::Read | Self::Update | Self::Frame)
    }

    /// Whether slots are written.
    pub const fn writes(self) -> bool {
        matches!(self, Self::Write | Self::Update | Self::Frame)
    }
}

/// The type of an operand.
pub(crate) trait Operand: Copy {
    /// What has the size and alignment of the operand in an instruction.
    type Place;
    /// What the instruction does with the slots that the operand names.
    const ACCESS: Access;

    /// The operand in the low bits of `bits`; the others do not matter.
    fn of_bits(bits: u64) -> Self;

    /// The slots that the operand names, where the instruction's rows have `row` slots.
    fn slots(self, _row: u32) -> Range<u32> {
        0..0
    }

    /// The length of the instruction's rows, if the operand is that.
    fn row(self) -> u32 {
        0
    }

    /// Words from the instruction's first to one that it may go on with, if the operand says so.
    fn distance(self) -> Option<i32> {
        None
    }
}

/// Eight bytes of an instruction that are a whole word of it, on every machine.
#[repr(C, align(8))]
pub(crate) struct Word([u8; 8]);

macro_rules! numbers {
    ($($number:ident $place:ty),*) => {
        $(impl Operand for $number {
            type Place = $place;
            const ACCESS: Access = Access::None;

            #[inline(always)]
            fn of_bits(bits: u64) -> Self {
                bits as Self
            }
        })*
    };
}

numbers! { u16 u16, i16 u16, u32 u32, i32 u32, u64 Word }

/// Operands that are the number of a slot.
macro_rules! slots {
    ($(
        $(#[$doc:meta])*
        $name:ident $letter:literal $access:ident ($first:ident, $row:ident) => $slots:expr;
    )*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, PartialEq, Eq)]
            #[repr(transparent)]
            pub(crate) struct $name(pub u16);

            impl Operand for $name {
                type Place = u16;
                const ACCESS: Access = Access::$access;

                #[inline(always)]
                fn of_bits(bits: u64) -> Self {
                    Self(bits as u16)
                }

                fn slots(self, $row: u32) -> Range<u32> {
                    let $first = u32::from(self.0);
                    $slots
                }
            }

            impl From<Slot> for $name {
                #[inline(always)]
                fn from(slot: Slot) -> Self {
                    Self(slot.0)
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    write!(f, concat!($letter, "{}"), self.0)
                }
            }
        )*
    };
}

slots! {
    /// A slot whose low half is read as an integer.
    In32 "w" ReadLow (first, _row) => first..first + 1;
    /// A slot that is read in full, as an integer or a reference.
    In64 "r" Read (first, _row) => first..first + 1;
    /// A slot whose low half is read as a float.
    InF32 "w" ReadLow (first, _row) => first..first + 1;
    /// A slot that is read as a float.
    InF64 "r" Read (first, _row) => first..first + 1;
    /// A slot that gets an integer of 32 bits, zero-extended.
    Out32 "r" Write (first, _row) => first..first + 1;
    /// A slot that gets an integer of 64 bits or a reference.
    Out64 "r" Write (first, _row) => first..first + 1;
    /// A slot that gets a float of 32 bits, zero-extended.
    OutF32 "r" Write (first, _row) => first..first + 1;
    /// A slot that gets a float of 64 bits.
    OutF64 "r" Write (first, _row) => first..first + 1;
    /// A slot whose low half is read, and that gets an integer of 32 bits, zero-extended.
    InOut32 "w" Update (first, _row) => first..first + 1;
    /// The first of two neighbouring slots that are written.
    OutPair "r" Write (first, _row) => first..first + 2;
    /// The first of a row of slots that are read.
    InRow "r" Read (first, row) => first..first + row;
    /// The first of a row of slots that are written.
    OutRow "r" Write (first, row) => first..first + row;
    /// The first slot of a callee's frame: its arguments, and later its results.
    Frame "frame r" Frame (first, _row) => first..u32::MAX;
}

/// Bits that say nothing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Gap;

impl Operand for Gap {
    type Place = u16;
    const ACCESS: Access = Access::None;

    fn of_bits(_: u64) -> Self {
        Self
    }
}

/// Takes no bits: the first five slots are read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Params;

impl Operand for Params {
    type Place = [u16; 0];
    const ACCESS: Access = Access::Read;

    fn of_bits(_: u64) -> Self {
        Self
    }

    fn slots(self, _: u32) -> Range<u32> {
        0..5
    }
}

/// Lengths of the instruction's rows of slots.
macro_rules! counts {
    ($($(#[$doc:meta])* $name:ident $number:ident $place:ty),*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, PartialEq, Eq)]
            #[repr(transparent)]
            pub(crate) struct $name(pub $number);

            impl Operand for $name {
                type Place = $place;
                const ACCESS: Access = Access::None;

                #[inline(always)]
                fn of_bits(bits: u64) -> Self {
                    Self(bits as $number)
                }

                fn row(self) -> u32 {
                    self.0 as u32
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    write!(f, "[..{}]", self.0)
                }
            }
        )*
    };
}

counts! {
    /// The number of slots of a row.
    Count u16 u16,
    /// The same as a word of its own.
    LongCount u64 Word
}

/// Where a branch goes, in words from the instruction's first.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(transparent)]
pub(crate) struct Distance(pub i32);

impl Operand for Distance {
    type Place = u32;
    const ACCESS: Access = Access::None;

    #[inline(always)]
    fn of_bits(bits: u64) -> Self {
        Self(bits as i32)
    }

    fn distance(self) -> Option<i32> {
        Some(self.0)
    }
}

impl fmt::Display for Distance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:+}", self.0)
    }
}

/// Words with a distance, in words from the instruction's first, in the low half, and particles in
/// the high half.
macro_rules! distances {
    ($($(#[$doc:meta])* $name:ident $text:literal),*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, PartialEq, Eq)]
            #[repr(transparent)]
            pub(crate) struct $name(pub u64);

            impl $name {
                /// Words from the instruction's first.
                #[inline(always)]
                pub fn distance(self) -> i32 {
                    self.0 as i32
                }

                /// Particles.
                #[inline(always)]
                pub fn cost(self) -> u64 {
                    self.0 >> 32
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    write!(f, $text, self.distance(), self.cost())
                }
            }
        )*
    };
}

distances! {
    /// Of a conditional branch: the distance when it is taken, and the particles when it is not.
    Ways "{:+}, else pay {}, pay",
    /// An entry of a branch table.
    Target "goto {:+}, pay {}"
}

impl Operand for Ways {
    type Place = Word;
    const ACCESS: Access = Access::None;

    #[inline(always)]
    fn of_bits(bits: u64) -> Self {
        Self(bits)
    }

    fn distance(self) -> Option<i32> {
        Some(self.0 as i32)
    }
}
