//! The instructions of WebAssembly by opcode: what each costs, and what becomes of it.
use super::costs::Class;
use crate::wasm::code::Op;

/// How an instruction is translated.
#[derive(Clone, Copy)]
pub(super) enum Action {
    /// There is no such instruction.
    Unknown,
    Nothing,
    Unary(Op),
    Binary(Op),
    /// A comparison that is another one with its sides swapped.
    Swapped(Op),
    Load(Op),
    Store(Op),
    LocalGet,
    LocalSet,
    LocalTee,
    I32Const,
    I64Const,
    /// In a way of its own.
    Other,
}

/// An instruction.
#[derive(Clone, Copy)]
pub(super) struct Instruction {
    pub class: Class,
    /// It can neither trap nor change anything but locals and operands.
    pub pure: bool,
    /// Its cost depends on how many values it moves across the edge of a block or into a call.
    pub moves_values: bool,
    pub action: Action,
}

/// Instructions of one byte.
pub(super) static INSTRUCTIONS: [Instruction; 256] = {
    let mut table = [effect(Class::Nothing, Action::Unknown); 256];
    let mut opcode = 0;
    while opcode < table.len() {
        table[opcode] = instruction(opcode as u8);
        opcode += 1;
    }
    table
};

/// The first byte of the instructions in [`MISC`].
pub(super) const MISC_PREFIX: u8 = 0xfc;

/// Instructions with a second opcode.
pub(super) static MISC: [Instruction; 18] = {
    let mut table = [effect(Class::Nothing, Action::Unknown); 18];
    let mut opcode = 0;
    while opcode < table.len() {
        table[opcode] = misc(opcode as u8);
        opcode += 1;
    }
    table
};

const fn pure(class: Class, action: Action) -> Instruction {
    Instruction { class, pure: true, moves_values: false, action }
}

const fn effect(class: Class, action: Action) -> Instruction {
    Instruction { class, pure: false, moves_values: false, action }
}

/// An instruction that moves values across the edge of a block or into a call.
const fn moving(instruction: Instruction) -> Instruction {
    Instruction { moves_values: true, ..instruction }
}

const fn float(action: Action) -> Instruction {
    effect(Class::Float, action)
}

const fn instruction(opcode: u8) -> Instruction {
    use Action::{
        Binary, I32Const, I64Const, Load, LocalGet, LocalSet, LocalTee, Nothing, Other, Store,
        Swapped, Unary,
    };
    match opcode {
        // unreachable
        0x00 => effect(Class::Nothing, Other),
        // nop
        0x01 => pure(Class::Nothing, Nothing),
        // block, end
        0x02 | 0x0b => moving(pure(Class::Nothing, Other)),
        // loop, if, else, br, br_if, return
        0x03..=0x05 | 0x0c | 0x0d | 0x0f => moving(pure(Class::Branch, Other)),
        // br_table
        0x0e => moving(pure(Class::BranchTable, Other)),
        // call, return_call; call_indirect, return_call_indirect
        0x10 | 0x12 => moving(effect(Class::Call, Other)),
        0x11 | 0x13 => moving(effect(Class::CallIndirect, Other)),
        // drop; select
        0x1a => pure(Class::Drop, Other),
        0x1b | 0x1c => pure(Class::Select, Other),
        0x20 => pure(Class::Local, LocalGet),
        0x21 => pure(Class::Local, LocalSet),
        0x22 => pure(Class::Local, LocalTee),
        // global.get, global.set
        0x23 => pure(Class::Global, Other),
        0x24 => effect(Class::Global, Other),
        // table.get, table.set
        0x25 | 0x26 => effect(Class::Table, Other),
        0x28 | 0x2a => effect(Class::Load, Load(Op::Load32)),
        0x29 | 0x2b => effect(Class::Load, Load(Op::Load64)),
        0x2c => effect(Class::Load, Load(Op::I32Load8S)),
        0x2d | 0x31 => effect(Class::Load, Load(Op::Load8U)),
        0x2e => effect(Class::Load, Load(Op::I32Load16S)),
        0x2f | 0x33 => effect(Class::Load, Load(Op::Load16U)),
        0x30 => effect(Class::Load, Load(Op::I64Load8S)),
        0x32 => effect(Class::Load, Load(Op::I64Load16S)),
        0x34 => effect(Class::Load, Load(Op::I64Load32S)),
        0x35 => effect(Class::Load, Load(Op::Load32)),
        0x36 | 0x38 | 0x3e => effect(Class::Store, Store(Op::Store32)),
        0x37 | 0x39 => effect(Class::Store, Store(Op::Store64)),
        0x3a | 0x3c => effect(Class::Store, Store(Op::Store8)),
        0x3b | 0x3d => effect(Class::Store, Store(Op::Store16)),
        // memory.size, memory.grow
        0x3f => pure(Class::Size, Other),
        0x40 => effect(Class::Bulk, Other),
        0x41 => pure(Class::Constant, I32Const),
        0x42 => pure(Class::Constant, I64Const),
        // f32.const, f64.const
        0x43 | 0x44 => pure(Class::Constant, Other),
        0x45 => pure(Class::Simple, Unary(Op::I32Eqz)),
        0x46 => pure(Class::Simple, Binary(Op::I32Eq)),
        0x47 => pure(Class::Simple, Binary(Op::I32Ne)),
        0x48 => pure(Class::Simple, Binary(Op::I32LtS)),
        0x49 => pure(Class::Simple, Binary(Op::I32LtU)),
        0x4a => pure(Class::Simple, Swapped(Op::I32LtS)),
        0x4b => pure(Class::Simple, Swapped(Op::I32LtU)),
        0x4c => pure(Class::Simple, Binary(Op::I32LeS)),
        0x4d => pure(Class::Simple, Binary(Op::I32LeU)),
        0x4e => pure(Class::Simple, Swapped(Op::I32LeS)),
        0x4f => pure(Class::Simple, Swapped(Op::I32LeU)),
        0x50 => pure(Class::Simple, Unary(Op::I64Eqz)),
        0x51 => pure(Class::Simple, Binary(Op::I64Eq)),
        0x52 => pure(Class::Simple, Binary(Op::I64Ne)),
        0x53 => pure(Class::Simple, Binary(Op::I64LtS)),
        0x54 => pure(Class::Simple, Binary(Op::I64LtU)),
        0x55 => pure(Class::Simple, Swapped(Op::I64LtS)),
        0x56 => pure(Class::Simple, Swapped(Op::I64LtU)),
        0x57 => pure(Class::Simple, Binary(Op::I64LeS)),
        0x58 => pure(Class::Simple, Binary(Op::I64LeU)),
        0x59 => pure(Class::Simple, Swapped(Op::I64LeS)),
        0x5a => pure(Class::Simple, Swapped(Op::I64LeU)),
        0x5b => float(Binary(Op::F32Eq)),
        0x5c => float(Binary(Op::F32Ne)),
        0x5d => float(Binary(Op::F32Lt)),
        0x5e => float(Swapped(Op::F32Lt)),
        0x5f => float(Binary(Op::F32Le)),
        0x60 => float(Swapped(Op::F32Le)),
        0x61 => float(Binary(Op::F64Eq)),
        0x62 => float(Binary(Op::F64Ne)),
        0x63 => float(Binary(Op::F64Lt)),
        0x64 => float(Swapped(Op::F64Lt)),
        0x65 => float(Binary(Op::F64Le)),
        0x66 => float(Swapped(Op::F64Le)),
        0x67 => pure(Class::CountBits, Unary(Op::I32Clz)),
        0x68 => pure(Class::CountBits, Unary(Op::I32Ctz)),
        0x69 => pure(Class::CountBits, Unary(Op::I32Popcnt)),
        0x6a => pure(Class::Simple, Binary(Op::I32Add)),
        0x6b => pure(Class::Simple, Binary(Op::I32Sub)),
        0x6c => pure(Class::Multiply, Binary(Op::I32Mul)),
        0x6d => effect(Class::Divide, Binary(Op::I32DivS)),
        0x6e => effect(Class::Divide, Binary(Op::I32DivU)),
        0x6f => effect(Class::Divide, Binary(Op::I32RemS)),
        0x70 => effect(Class::Divide, Binary(Op::I32RemU)),
        0x71 => pure(Class::Simple, Binary(Op::I32And)),
        0x72 => pure(Class::Simple, Binary(Op::I32Or)),
        0x73 => pure(Class::Simple, Binary(Op::I32Xor)),
        0x74 => pure(Class::Shift, Binary(Op::I32Shl)),
        0x75 => pure(Class::Shift, Binary(Op::I32ShrS)),
        0x76 => pure(Class::Shift, Binary(Op::I32ShrU)),
        0x77 => pure(Class::Shift, Binary(Op::I32Rotl)),
        0x78 => pure(Class::Shift, Binary(Op::I32Rotr)),
        0x79 => pure(Class::CountBits, Unary(Op::I64Clz)),
        0x7a => pure(Class::CountBits, Unary(Op::I64Ctz)),
        0x7b => pure(Class::CountBits, Unary(Op::I64Popcnt)),
        0x7c => pure(Class::Simple, Binary(Op::I64Add)),
        0x7d => pure(Class::Simple, Binary(Op::I64Sub)),
        0x7e => pure(Class::Multiply, Binary(Op::I64Mul)),
        0x7f => effect(Class::Divide, Binary(Op::I64DivS)),
        0x80 => effect(Class::Divide, Binary(Op::I64DivU)),
        0x81 => effect(Class::Divide, Binary(Op::I64RemS)),
        0x82 => effect(Class::Divide, Binary(Op::I64RemU)),
        0x83 => pure(Class::Simple, Binary(Op::I64And)),
        0x84 => pure(Class::Simple, Binary(Op::I64Or)),
        0x85 => pure(Class::Simple, Binary(Op::I64Xor)),
        0x86 => pure(Class::Shift, Binary(Op::I64Shl)),
        0x87 => pure(Class::Shift, Binary(Op::I64ShrS)),
        0x88 => pure(Class::Shift, Binary(Op::I64ShrU)),
        0x89 => pure(Class::Shift, Binary(Op::I64Rotl)),
        0x8a => pure(Class::Shift, Binary(Op::I64Rotr)),
        0x8b => float(Unary(Op::F32Abs)),
        0x8c => float(Unary(Op::F32Neg)),
        0x8d => float(Unary(Op::F32Ceil)),
        0x8e => float(Unary(Op::F32Floor)),
        0x8f => float(Unary(Op::F32Trunc)),
        0x90 => float(Unary(Op::F32Nearest)),
        0x91 => float(Unary(Op::F32Sqrt)),
        0x92 => float(Binary(Op::F32Add)),
        0x93 => float(Binary(Op::F32Sub)),
        0x94 => float(Binary(Op::F32Mul)),
        0x95 => float(Binary(Op::F32Div)),
        0x96 => float(Binary(Op::F32Min)),
        0x97 => float(Binary(Op::F32Max)),
        0x98 => float(Binary(Op::F32Copysign)),
        0x99 => float(Unary(Op::F64Abs)),
        0x9a => float(Unary(Op::F64Neg)),
        0x9b => float(Unary(Op::F64Ceil)),
        0x9c => float(Unary(Op::F64Floor)),
        0x9d => float(Unary(Op::F64Trunc)),
        0x9e => float(Unary(Op::F64Nearest)),
        0x9f => float(Unary(Op::F64Sqrt)),
        0xa0 => float(Binary(Op::F64Add)),
        0xa1 => float(Binary(Op::F64Sub)),
        0xa2 => float(Binary(Op::F64Mul)),
        0xa3 => float(Binary(Op::F64Div)),
        0xa4 => float(Binary(Op::F64Min)),
        0xa5 => float(Binary(Op::F64Max)),
        0xa6 => float(Binary(Op::F64Copysign)),
        // i32.wrap_i64
        0xa7 => pure(Class::Simple, Other),
        0xa8 => float(Unary(Op::I32TruncF32S)),
        0xa9 => float(Unary(Op::I32TruncF32U)),
        0xaa => float(Unary(Op::I32TruncF64S)),
        0xab => float(Unary(Op::I32TruncF64U)),
        // i64.extend_i32_s, i64.extend_i32_u
        0xac => pure(Class::Simple, Unary(Op::I64Extend32S)),
        0xad => pure(Class::Simple, Other),
        0xae => float(Unary(Op::I64TruncF32S)),
        0xaf => float(Unary(Op::I64TruncF32U)),
        0xb0 => float(Unary(Op::I64TruncF64S)),
        0xb1 => float(Unary(Op::I64TruncF64U)),
        0xb2 => float(Unary(Op::F32ConvertI32S)),
        0xb3 => float(Unary(Op::F32ConvertI32U)),
        0xb4 => float(Unary(Op::F32ConvertI64S)),
        0xb5 => float(Unary(Op::F32ConvertI64U)),
        0xb6 => float(Unary(Op::F32DemoteF64)),
        0xb7 => float(Unary(Op::F64ConvertI32S)),
        0xb8 => float(Unary(Op::F64ConvertI32U)),
        0xb9 => float(Unary(Op::F64ConvertI64S)),
        0xba => float(Unary(Op::F64ConvertI64U)),
        0xbb => float(Unary(Op::F64PromoteF32)),
        // Reinterpretations: slots hold bits.
        0xbc..=0xbf => pure(Class::Simple, Nothing),
        0xc0 => pure(Class::Simple, Unary(Op::I32Extend8S)),
        0xc1 => pure(Class::Simple, Unary(Op::I32Extend16S)),
        0xc2 => pure(Class::Simple, Unary(Op::I64Extend8S)),
        0xc3 => pure(Class::Simple, Unary(Op::I64Extend16S)),
        0xc4 => pure(Class::Simple, Unary(Op::I64Extend32S)),
        // ref.null, ref.func, ref.is_null
        0xd0 => pure(Class::Constant, Other),
        0xd2 => pure(Class::Reference, Other),
        0xd1 => pure(Class::Simple, Unary(Op::I64Eqz)),
        _ => effect(Class::Nothing, Action::Unknown),
    }
}

const fn misc(opcode: u8) -> Instruction {
    use Action::{Other, Unary};
    match opcode {
        0 => float(Unary(Op::I32TruncSatF32S)),
        1 => float(Unary(Op::I32TruncSatF32U)),
        2 => float(Unary(Op::I32TruncSatF64S)),
        3 => float(Unary(Op::I32TruncSatF64U)),
        4 => float(Unary(Op::I64TruncSatF32S)),
        5 => float(Unary(Op::I64TruncSatF32U)),
        6 => float(Unary(Op::I64TruncSatF64S)),
        7 => float(Unary(Op::I64TruncSatF64U)),
        // table.size
        16 => pure(Class::Size, Other),
        _ => effect(Class::Bulk, Other),
    }
}
