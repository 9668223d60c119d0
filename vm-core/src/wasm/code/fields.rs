//! The names of operands, as types, so that a step can ask an instruction for one of them.
use super::operand::Operand;

/// An instruction.
pub(crate) trait Coded {
    /// Its words, the entries of a branch table not counted.
    const WORDS: usize;
}

/// An instruction that has the operand with the name `F`.
pub(crate) trait Has<F>: Coded {
    /// The type of the operand.
    type Kind: Operand;
    /// Bytes from the start of the instruction, on a machine that stores low bytes first.
    const AT: usize;
}

/// Calls the macro `$with` with the names of operands.
macro_rules! for_each_field {
    ($with:ident) => {
        $with! {
            addend address base bits condition cost count d dest element frame function gap global
            imm index offset other params segment source source_table step table taken targets to
            ty value ways x y z
        }
    };
}

macro_rules! define {
    ($($name:ident)*) => {
        /// The names of operands.
        #[allow(non_camel_case_types)]
        pub(crate) mod field {
            $(pub(crate) enum $name {})*
        }
    };
}

for_each_field!(define);
pub(crate) use for_each_field;
