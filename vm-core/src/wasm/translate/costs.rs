//! Which cost an instruction has, and whether anybody outside the frame could see that it ran.
use wasmparser::Operator;

use crate::wasm::InstructionCosts;

/// Cost in particles, and whether the instruction is pure: it can neither trap nor change anything but locals and operands.
///
/// What depends on the function's types (branch values) or on an operand is added elsewhere.
pub(super) fn cost(costs: &InstructionCosts, operator: &Operator<'_>) -> (u32, bool) {
    use Operator::*;
    match operator {
        Nop | Block { .. } | Loop { .. } | Else | End => (0, true),
        Unreachable => (0, false),
        I32Const { .. } | I64Const { .. } | F32Const { .. } | F64Const { .. } | RefNull { .. } | RefFunc { .. } => {
            (costs.constant, true)
        }
        LocalGet { .. } | LocalSet { .. } | LocalTee { .. } => (costs.local, true),
        GlobalGet { .. } => (costs.global, true),
        GlobalSet { .. } => (costs.global, false),
        Drop => (costs.drop, true),
        Select | TypedSelect { .. } => (costs.select, true),
        I32Eqz | I32Eq | I32Ne | I32LtS | I32LtU | I32GtS | I32GtU | I32LeS | I32LeU | I32GeS | I32GeU | I64Eqz
        | I64Eq | I64Ne | I64LtS | I64LtU | I64GtS | I64GtU | I64LeS | I64LeU | I64GeS | I64GeU | I32Add | I32Sub
        | I32And | I32Or | I32Xor | I64Add | I64Sub | I64And | I64Or | I64Xor | I32WrapI64 | I64ExtendI32S
        | I64ExtendI32U | I32Extend8S | I32Extend16S | I64Extend8S | I64Extend16S | I64Extend32S
        | I32ReinterpretF32 | I64ReinterpretF64 | F32ReinterpretI32 | F64ReinterpretI64 | RefIsNull => {
            (costs.simple, true)
        }
        I32Shl | I32ShrS | I32ShrU | I32Rotl | I32Rotr | I64Shl | I64ShrS | I64ShrU | I64Rotl | I64Rotr => {
            (costs.shift, true)
        }
        I32Clz | I32Ctz | I32Popcnt | I64Clz | I64Ctz | I64Popcnt => (costs.count_bits, true),
        I32Mul | I64Mul => (costs.multiply, true),
        I32DivS | I32DivU | I32RemS | I32RemU | I64DivS | I64DivU | I64RemS | I64RemU => (costs.divide, false),
        I32Load { .. }
        | I64Load { .. }
        | F32Load { .. }
        | F64Load { .. }
        | I32Load8S { .. }
        | I32Load8U { .. }
        | I32Load16S { .. }
        | I32Load16U { .. }
        | I64Load8S { .. }
        | I64Load8U { .. }
        | I64Load16S { .. }
        | I64Load16U { .. }
        | I64Load32S { .. }
        | I64Load32U { .. } => (costs.load, false),
        I32Store { .. }
        | I64Store { .. }
        | F32Store { .. }
        | F64Store { .. }
        | I32Store8 { .. }
        | I32Store16 { .. }
        | I64Store8 { .. }
        | I64Store16 { .. }
        | I64Store32 { .. } => (costs.store, false),
        Br { .. } | BrIf { .. } | If { .. } | Return => (costs.branch, true),
        BrTable { .. } => (costs.branch_table, true),
        Call { .. } | ReturnCall { .. } => (costs.call, false),
        CallIndirect { .. } | ReturnCallIndirect { .. } => (costs.call_indirect, false),
        MemorySize { .. } | TableSize { .. } => (costs.size, true),
        TableGet { .. } | TableSet { .. } => (costs.table, false),
        MemoryGrow { .. }
        | MemoryFill { .. }
        | MemoryCopy { .. }
        | MemoryInit { .. }
        | DataDrop { .. }
        | TableGrow { .. }
        | TableFill { .. }
        | TableCopy { .. }
        | TableInit { .. }
        | ElemDrop { .. } => (costs.bulk, false),
        // Only floats are left of what validation lets through.
        _ => (costs.float, false),
    }
}
