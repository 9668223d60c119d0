//! What an instruction is as work.
use super::instruction::{Effect, Effects, Op};
use super::op::for_each_op;
use crate::work::Unit;

macro_rules! units {
    ($(
        $(#[$doc:meta])*
        $op:ident $operands:tt $text:literal $([$($effect:ident)*])? $({$($related:tt)*})?;
    )*) => {
        /// The unit of each instruction, by opcode: the table is read for every instruction that
        /// runs.
        static UNITS: &[Unit] = &[$(unit(Op::$op, Effects::of(&[$($(Effect::$effect),*)?]))),*];
    };
}

for_each_op!(units);

impl Op {
    /// The unit of work that the instruction is, beyond what it does for each of many values.
    #[inline]
    pub fn unit(self) -> Unit {
        UNITS.get(self as usize).copied().unwrap_or(Unit::Instruction)
    }

    /// Whether an instruction reads, by the fields that are slots in nearly all, what the one
    /// before it has written.
    #[inline]
    pub fn waits(self, word: u64, before: u64) -> bool {
        use Op::*;
        // Their fields are no slots that they read.
        let numbers = matches!(
            self,
            Charge
                | Br
                | Const32
                | Const32S
                | Const64
                | GlobalGet
                | GlobalSet
                | GlobalGetImported
                | GlobalSetImported
                | MemorySize
                | TableSize
                | RefFunc
                | DataDrop
                | ElemDrop
        );
        let field = |word: u64, number: u32| (word >> (16 * number)) as u16;
        let written = field(before, 1);
        !numbers && (field(word, 2) == written || field(word, 3) == written)
    }
}

const fn unit(op: Op, effects: Effects) -> Unit {
    use Op::*;
    match op {
        I32DivS | I32DivU | I32RemS | I32RemU | I64DivS | I64DivU | I64RemS | I64RemU => {
            Unit::Division
        }
        Call | ReturnCall => Unit::Call,
        CallIndirect | ReturnCallIndirect => Unit::CallIndirect,
        CallImport | ReturnCallImport => Unit::CallImport,
        Return | Return1 | ReturnMany => Unit::Return,
        BrTable => Unit::BranchTable,
        TableGet | TableSet | TableSize | RefFunc | GlobalGetImported | GlobalSetImported => {
            Unit::Table
        }
        MemoryGrow | MemoryFill | MemoryCopy | MemoryInit | DataDrop | TableGrow | TableFill
        | TableCopy | TableInit | ElemDrop => Unit::Bulk,
        _ if effects.has(Effect::Float) => Unit::Float,
        _ => Unit::Instruction,
    }
}
