//! Instructions by the types that they take and give.
use wasm_encoder::{Ieee32, Ieee64, Instruction as I, MemArg, ValType};

use super::Random;

pub const INTEGERS: [ValType; 2] = [ValType::I32, ValType::I64];
pub const TYPES: [ValType; 4] = [ValType::I32, ValType::I64, ValType::F32, ValType::F64];

/// An operator that takes two values of a type and gives a third. Divisions, which may trap, are
/// rare.
pub fn binary(random: &mut Random, ty: ValType) -> I<'static> {
    const I32: &[I] = &[
        I::I32Add,
        I::I32Add,
        I::I32Sub,
        I::I32Mul,
        I::I32And,
        I::I32Or,
        I::I32Xor,
        I::I32Shl,
        I::I32ShrS,
        I::I32ShrU,
        I::I32Rotl,
        I::I32Rotr,
    ];
    const I64: &[I] = &[
        I::I64Add,
        I::I64Add,
        I::I64Sub,
        I::I64Mul,
        I::I64And,
        I::I64Or,
        I::I64Xor,
        I::I64Shl,
        I::I64ShrS,
        I::I64ShrU,
        I::I64Rotl,
        I::I64Rotr,
    ];
    const F32: &[I] =
        &[I::F32Add, I::F32Sub, I::F32Mul, I::F32Div, I::F32Min, I::F32Max, I::F32Copysign];
    const F64: &[I] =
        &[I::F64Add, I::F64Sub, I::F64Mul, I::F64Div, I::F64Min, I::F64Max, I::F64Copysign];
    const DIVISIONS: [[I; 4]; 2] = [
        [I::I32DivS, I::I32DivU, I::I32RemS, I::I32RemU],
        [I::I64DivS, I::I64DivU, I::I64RemS, I::I64RemU],
    ];
    let division = random.below(60) == 0;
    random
        .choose(match ty {
            ValType::I32 if division => &DIVISIONS[0],
            ValType::I32 => I32,
            ValType::F32 => F32,
            ValType::F64 => F64,
            _ if division => &DIVISIONS[1],
            _ => I64,
        })
        .clone()
}

/// An operator that gives a value of a type, and the type that it takes.
pub fn unary(random: &mut Random, ty: ValType) -> (I<'static>, ValType) {
    use ValType::{F32, F64, I32, I64};
    const TO_I32: &[(I, ValType)] = &[
        (I::I32Eqz, I32),
        (I::I32Eqz, I32),
        (I::I64Eqz, I64),
        (I::I32WrapI64, I64),
        (I::I32Clz, I32),
        (I::I32Ctz, I32),
        (I::I32Popcnt, I32),
        (I::I32Extend8S, I32),
        (I::I32Extend16S, I32),
        (I::I32ReinterpretF32, F32),
        (I::I32TruncSatF64U, F64),
        (I::I32TruncSatF32S, F32),
    ];
    const TO_I64: &[(I, ValType)] = &[
        (I::I64ExtendI32S, I32),
        (I::I64ExtendI32U, I32),
        (I::I64Clz, I64),
        (I::I64Ctz, I64),
        (I::I64Popcnt, I64),
        (I::I64Extend8S, I64),
        (I::I64Extend16S, I64),
        (I::I64Extend32S, I64),
        (I::I64ReinterpretF64, F64),
        (I::I64TruncSatF32U, F32),
        (I::I64TruncSatF64S, F64),
    ];
    const TO_F32: &[(I, ValType)] = &[
        (I::F32Abs, F32),
        (I::F32Neg, F32),
        (I::F32Sqrt, F32),
        (I::F32Nearest, F32),
        (I::F32Floor, F32),
        (I::F32DemoteF64, F64),
        (I::F32ConvertI32S, I32),
        (I::F32ConvertI64U, I64),
        (I::F32ReinterpretI32, I32),
    ];
    const TO_F64: &[(I, ValType)] = &[
        (I::F64Abs, F64),
        (I::F64Neg, F64),
        (I::F64Sqrt, F64),
        (I::F64Trunc, F64),
        (I::F64Ceil, F64),
        (I::F64PromoteF32, F32),
        (I::F64ConvertI32U, I32),
        (I::F64ConvertI64S, I64),
        (I::F64ReinterpretI64, I64),
    ];
    let (operator, from) = random.choose(match ty {
        ValType::I32 => TO_I32,
        ValType::F32 => TO_F32,
        ValType::F64 => TO_F64,
        _ => TO_I64,
    });
    (operator.clone(), *from)
}

/// A comparison of two values of a type.
pub fn comparison(random: &mut Random, of: ValType) -> I<'static> {
    const I32: &[I] = &[
        I::I32Eq,
        I::I32Ne,
        I::I32LtS,
        I::I32LtU,
        I::I32GtS,
        I::I32GtU,
        I::I32LeS,
        I::I32LeU,
        I::I32GeS,
        I::I32GeU,
    ];
    const I64: &[I] = &[
        I::I64Eq,
        I::I64Ne,
        I::I64LtS,
        I::I64LtU,
        I::I64GtS,
        I::I64GtU,
        I::I64LeS,
        I::I64LeU,
        I::I64GeS,
        I::I64GeU,
    ];
    const F32: &[I] = &[I::F32Eq, I::F32Ne, I::F32Lt, I::F32Gt, I::F32Le, I::F32Ge];
    const F64: &[I] = &[I::F64Eq, I::F64Ne, I::F64Lt, I::F64Gt, I::F64Le, I::F64Ge];
    random
        .choose(match of {
            ValType::I32 => I32,
            ValType::F32 => F32,
            ValType::F64 => F64,
            _ => I64,
        })
        .clone()
}

/// A load of a value of a type.
pub fn load(random: &mut Random, ty: ValType, at: MemArg) -> I<'static> {
    let load: fn(MemArg) -> I<'static> = match ty {
        ValType::I32 => *random.choose(&[
            I::I32Load,
            I::I32Load,
            I::I32Load8S,
            I::I32Load8U,
            I::I32Load16S,
            I::I32Load16U,
        ]),
        ValType::F32 => I::F32Load,
        ValType::F64 => I::F64Load,
        _ => *random.choose(&[
            I::I64Load,
            I::I64Load,
            I::I64Load8S,
            I::I64Load8U,
            I::I64Load16S,
            I::I64Load16U,
            I::I64Load32S,
            I::I64Load32U,
        ]),
    };
    load(at)
}

/// A store of a value of a type.
pub fn store(random: &mut Random, ty: ValType, at: MemArg) -> I<'static> {
    let store: fn(MemArg) -> I<'static> = match ty {
        ValType::I32 => *random.choose(&[I::I32Store, I::I32Store, I::I32Store8, I::I32Store16]),
        ValType::F32 => I::F32Store,
        ValType::F64 => I::F64Store,
        _ => {
            *random.choose(&[I::I64Store, I::I64Store, I::I64Store8, I::I64Store16, I::I64Store32])
        }
    };
    store(at)
}

/// A constant of a type, with a taste for corner cases.
pub fn constant(random: &mut Random, ty: ValType) -> I<'static> {
    let bits = random.next_u64();
    let integer = match random.below(10) {
        0..=3 => bits % 16,
        4 => 0,
        5 => u64::MAX,
        6 => 1 << (bits % 64),
        7 => bits % 0x1_0000,
        8 => (i32::MIN as u32).into(),
        _ => bits,
    };
    match ty {
        ValType::I32 => I::I32Const(integer as i32),
        ValType::F32 => I::F32Const(Ieee32::from(f32::from(integer as i16) / 4.0)),
        ValType::F64 => I::F64Const(Ieee64::from(integer as i64 as f64 / 4.0)),
        _ => I::I64Const(integer as i64),
    }
}
