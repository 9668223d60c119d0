//! What derives from the table of instructions: for each its opcode, a structure of its operands,
//! their places in the words, its text, the slots that it reads and writes, and what else it does.
use core::fmt;
use core::mem::offset_of;
use core::ops::Range;

use super::fields::{Coded, Has, field};
use super::op::for_each_op;
use super::operand::{
    Access, Count, Distance, Frame, Gap, In32, In64, InF32, InF64, InOut32, InRow, LongCount,
    Operand, Out32, Out64, OutF32, OutF64, OutPair, OutRow, Params, Ways,
};

/// What an instruction does besides reading and writing slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Takes particles; traps where they do not suffice.
    Gas,
    /// Traps for other reasons.
    Trap,
    /// May go on elsewhere in the function.
    Branch,
    /// Never goes on behind itself.
    Never,
    /// Calls a function, whose effects are not known.
    Call,
    /// That may be one of the host: the execution is suspended.
    Host,
    /// Leaves the frame, with results from its first slot on.
    Return,
    /// Reads the memory.
    Load,
    /// Writes the memory.
    Store,
    /// Reads or writes what else an instance has: globals, tables, segments, the memory's size.
    State,
    /// Computes with floats.
    Float,
}

/// The effects of an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Effects(u16);

impl Effects {
    pub(super) const fn of(effects: &[Effect]) -> Self {
        let mut set = 0;
        let mut rest = effects;
        while let [effect, others @ ..] = rest {
            set |= 1 << *effect as u16;
            rest = others;
        }
        Self(set)
    }

    /// Whether an effect is among them.
    pub const fn has(self, effect: Effect) -> bool {
        self.0 & 1 << effect as u16 != 0
    }

    /// Whether the machine can leave the function's code: by a trap, a call, a suspension or a
    /// return.
    #[cfg_attr(not(test), allow(dead_code, reason = "for backends that translate further"))]
    pub const fn leave(self) -> bool {
        use Effect::{Call, Gas, Host, Return, Trap};
        self.0 & Self::of(&[Gas, Trap, Call, Host, Return]).0 != 0
    }
}

/// An operand of an instruction, whatever its value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    /// Its name.
    pub name: &'static str,
    /// What the instruction does with the slots that it names.
    pub access: Access,
}

/// The operand that begins `at` bytes after the start of an instruction.
fn operand<K: Operand>(words: &[u64], at: usize) -> K {
    let word = words.get(at / 8).copied().unwrap_or_default();
    K::of_bits(word >> (at % 8 * 8))
}

/// The bits of an operand by its type: `Operand` has no constant functions.
macro_rules! bits {
    (i16 $value:expr) => {
        $value as u16 as u64
    };
    (u16 $value:expr) => {
        $value as u64
    };
    (i32 $value:expr) => {
        $value as u32 as u64
    };
    (u32 $value:expr) => {
        $value as u64
    };
    (u64 $value:expr) => {
        $value
    };
    (Gap $value:expr) => {
        0
    };
    (Params $value:expr) => {
        0
    };
    (Distance $value:expr) => {
        $value.0 as u32 as u64
    };
    ($slot:ident $value:expr) => {
        $value.0 as u64
    };
}

macro_rules! derive {
    ($(
        $(#[$doc:meta])*
        $name:ident { $($field:ident: $kind:ident),* } $text:literal
            $([$($effect:ident)*])? $({ $($related:tt)* })?;
    )*) => {
        /// Opcode of an instruction.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u16)]
        pub(crate) enum Op { $($(#[$doc])* $name),* }

        /// Number of opcodes.
        pub(crate) const OPS: usize = [$(Op::$name),*].len();

        static OPCODES: [Op; OPS] = [$(Op::$name),*];
        static WORDS: [u8; OPS] = [$($name::WORDS as u8),*];
        static EFFECTS: [Effects; OPS] = [$(Effects::of(&[$($(Effect::$effect),*)?])),*];
        static FIELDS: [&[Field]; OPS] = [$(&[$(Field {
            name: stringify!($field),
            access: <$kind as Operand>::ACCESS,
        }),*]),*];

        /// Instructions as they lie in the code where low bytes come first.
        mod layout {
            use super::*;

            $(
                #[allow(dead_code, reason = "only its layout counts")]
                #[repr(C, align(8))]
                pub(super) struct $name {
                    op: u16,
                    $(pub(super) $field: <$kind as Operand>::Place),*
                }
            )*
        }

        $(
            $(#[$doc])*
            #[derive(Clone, Copy, PartialEq, Eq)]
            pub(crate) struct $name { $(pub $field: $kind),* }

            impl Coded for $name {
                const WORDS: usize = size_of::<layout::$name>() / size_of::<u64>();
            }

            #[allow(dead_code, unused_variables, reason = "the same for every instruction")]
            impl $name {
                /// The words of the instruction.
                #[inline(always)]
                pub const fn encode(self) -> [u64; <Self as Coded>::WORDS] {
                    let mut words = [0; <Self as Coded>::WORDS];
                    words[0] = Op::$name as u64;
                    $(
                        let at = offset_of!(layout::$name, $field);
                        words[at / 8] |= bits!($kind self.$field) << (at % 8 * 8);
                    )*
                    words
                }

                fn decode(words: &[u64]) -> Self {
                    Self { $($field: operand(words, offset_of!(layout::$name, $field))),* }
                }

                fn distance(self) -> Option<i32> {
                    let distance = None;
                    $(let distance = distance.or(Operand::distance(self.$field));)*
                    distance
                }

                fn slots(self, see: &mut impl FnMut(Access, Range<u32>)) {
                    let row = 0 $(| self.$field.row())*;
                    $(see(<$kind as Operand>::ACCESS, self.$field.slots(row));)*
                }
            }

            impl fmt::Debug for $name {
                #[allow(unused_variables, reason = "the text need not have all operands")]
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    let Self { $($field),* } = self;
                    write!(f, $text)
                }
            }

            $(
                impl Has<field::$field> for $name {
                    type Kind = $kind;
                    const AT: usize = offset_of!(layout::$name, $field);
                }
            )*
        )*

        /// An instruction with its operands.
        #[derive(Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Instruction { $($name($name)),* }

        impl Instruction {
            /// The instruction that some words begin with; none if they do not.
            pub fn decode(words: &[u64]) -> Option<Self> {
                let op = Op::of(*words.first()?)?;
                if words.len() < op.words() {
                    return None;
                }
                Some(match op { $(Op::$name => Self::$name($name::decode(words))),* })
            }

            /// Its opcode.
            pub fn op(self) -> Op {
                match self { $(Self::$name(_) => Op::$name),* }
            }

            /// Words from its first to where it may go on, if it is a branch by its operands.
            pub fn distance(self) -> Option<i32> {
                match self { $(Self::$name(instruction) => instruction.distance()),* }
            }

            /// Calls `see` with the slots that each operand names, and what is done with them.
            pub fn slots(self, mut see: impl FnMut(Access, Range<u32>)) {
                match self { $(Self::$name(instruction) => instruction.slots(&mut see)),* }
            }
        }

        /// Where each operand lies: its first byte, and how many it has.
        #[cfg(test)]
        pub(crate) static PLACES: [&[(usize, usize)]; OPS] = [$(&[$((
            offset_of!(layout::$name, $field),
            size_of::<<$kind as Operand>::Place>(),
        )),*]),*];

        #[cfg(test)]
        impl Instruction {
            /// The words of the instruction.
            pub fn encode(self) -> alloc::vec::Vec<u64> {
                match self { $(Self::$name(instruction) => instruction.encode().to_vec()),* }
            }
        }

        impl fmt::Debug for Instruction {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self { $(Self::$name(instruction) => instruction.fmt(f)),* }
            }
        }
    };
}

for_each_op!(derive);

impl Instruction {
    /// Words that follow the instruction as the targets of a branch table.
    pub fn targets(self) -> usize {
        match self {
            Self::BrTable(table) => table.targets as usize + 1,
            _ => 0,
        }
    }
}

impl Op {
    /// All opcodes, in the order of their numbers.
    #[cfg(test)]
    pub const ALL: &[Op] = &OPCODES;

    /// The opcode in the low bits of an instruction word.
    pub fn of(word: u64) -> Option<Op> {
        OPCODES.get(usize::from(word as u16)).copied()
    }

    /// Words of an instruction with this opcode, the entries of a branch table not counted.
    pub fn words(self) -> usize {
        WORDS.get(self as usize).copied().unwrap_or(1).into()
    }

    /// What an instruction with this opcode does besides reading and writing slots.
    pub fn effects(self) -> Effects {
        EFFECTS.get(self as usize).copied().unwrap_or(Effects(0))
    }

    /// The operands of an instruction with this opcode, in order.
    pub fn fields(self) -> &'static [Field] {
        FIELDS.get(self as usize).copied().unwrap_or_default()
    }

    /// Whether the first operand that is read is read in its low half.
    #[inline]
    pub fn reads_low_half(self) -> bool {
        LOW_HALF.get(self as usize).copied().unwrap_or_default()
    }
}

/// [`Op::reads_low_half`] by opcode.
static LOW_HALF: [bool; OPS] = {
    let mut table = [false; OPS];
    let mut op = 0;
    while op < OPS {
        let mut field = 0;
        while field < FIELDS[op].len() {
            let access = FIELDS[op][field].access;
            if access.reads() {
                table[op] = matches!(access, Access::ReadLow | Access::Update);
                break;
            }
            field += 1;
        }
        op += 1;
    }
    table
};
