//! What an instruction is as work.
use super::Op;
use crate::work::Unit;

impl Op {
    /// The unit of work that the instruction is, beyond what it does for each of many values.
    pub fn unit(self) -> Unit {
        use Op::*;
        match self {
            I32DivS | I32DivU | I32RemS | I32RemU | I64DivS | I64DivU | I64RemS | I64RemU => Unit::Division,
            Call | ReturnCall => Unit::Call,
            CallIndirect | ReturnCallIndirect => Unit::CallIndirect,
            CallImport | ReturnCallImport => Unit::CallImport,
            Return | Return1 | ReturnMany => Unit::Return,
            BrTable => Unit::BranchTable,
            TableGet | TableSet | TableSize | RefFunc | GlobalGetImported | GlobalSetImported => Unit::Table,
            MemoryGrow | MemoryFill | MemoryCopy | MemoryInit | DataDrop | TableGrow | TableFill | TableCopy
            | TableInit | ElemDrop => Unit::Bulk,
            op if op as u16 >= F32Abs as u16 => Unit::Float,
            _ => Unit::Instruction,
        }
    }
}
