//! Instructions by the types that they take and give, from the engine's table: one that is added
//! there is generated here.
use tephra_core::wasm::{self, CostClass, Immediates, Instruction};
use wasm_encoder::{Encode, Ieee32, Ieee64, Instruction as I, MemArg, ValType};

use super::Random;

pub const INTEGERS: [ValType; 2] = [ValType::I32, ValType::I64];
pub const TYPES: [ValType; 4] = [ValType::I32, ValType::I64, ValType::F32, ValType::F64];

/// An instruction of the table, with the address that it accesses if it does.
pub struct Plain {
    instruction: &'static Instruction,
    at: Option<MemArg>,
}

impl Encode for Plain {
    fn encode(&self, sink: &mut Vec<u8>) {
        sink.extend(self.instruction.opcode);
        if let Some(at) = &self.at {
            at.encode(sink);
        }
    }
}

/// One of the plain instructions that fit, by their operands and results.
fn some(
    random: &mut Random,
    at: Option<MemArg>,
    fits: impl Fn(&Instruction, &[wasm::ValType], &[wasm::ValType]) -> bool,
) -> Plain {
    let fitting: Vec<_> = Instruction::all()
        .iter()
        .filter(|row| match row.immediates {
            Immediates::None => at.is_none(),
            Immediates::Address(_) => at.is_some(),
            _ => false,
        })
        .filter(|row| row.signature.is_some_and(|ty| fits(row, ty.params, ty.results)))
        .collect();
    Plain { instruction: random.choose::<&Instruction>(&fitting), at }
}

fn engine_type(ty: ValType) -> wasm::ValType {
    match ty {
        ValType::I32 => wasm::ValType::I32,
        ValType::I64 => wasm::ValType::I64,
        ValType::F32 => wasm::ValType::F32,
        ValType::F64 => wasm::ValType::F64,
        ValType::Ref(_) | ValType::V128 => unreachable!("the generator has numbers only"),
    }
}

/// Divisions, and conversions of floats that have no integer.
fn may_trap(row: &Instruction) -> bool {
    row.class == CostClass::Divide || row.mnemonic.contains(".trunc_f")
}

fn is_comparison(row: &Instruction) -> bool {
    let (_, operation) = row.mnemonic.split_once('.').unwrap_or_default();
    let relation = operation.strip_suffix("_s").or(operation.strip_suffix("_u"));
    ["eq", "ne", "lt", "gt", "le", "ge"].contains(&relation.unwrap_or(operation))
}

/// An operator that takes two values of a type and gives a third. Those that may trap are rare.
pub fn binary(random: &mut Random, ty: ValType) -> Plain {
    let ty = engine_type(ty);
    let trapping = random.below(60) == 0 && matches!(ty, wasm::ValType::I32 | wasm::ValType::I64);
    some(random, None, |row, params, results| {
        let fits = params == [ty, ty] && results == [ty];
        fits && may_trap(row) == trapping && !is_comparison(row)
    })
}

/// An operator that gives a value of a type, and the type that it takes.
pub fn unary(random: &mut Random, ty: ValType) -> (Plain, ValType) {
    let ty = engine_type(ty);
    let trapping = random.below(60) == 0 && matches!(ty, wasm::ValType::I32 | wasm::ValType::I64);
    let operator = some(random, None, |row, params, results| {
        params.len() == 1 && results == [ty] && may_trap(row) == trapping
    });
    let from = operator.instruction.signature.map_or(ty, |signature| signature.params[0]);
    let from = TYPES.into_iter().find(|encoded| engine_type(*encoded) == from);
    (operator, from.unwrap_or(ValType::I32))
}

/// A comparison of two values of a type.
pub fn comparison(random: &mut Random, of: ValType) -> Plain {
    let of = engine_type(of);
    some(random, None, |row, params, _| params == [of, of] && is_comparison(row))
}

/// A load of a value of a type.
pub fn load(random: &mut Random, ty: ValType, at: MemArg) -> Plain {
    let ty = engine_type(ty);
    some(random, Some(at), |_, _, results| results == [ty])
}

/// A store of a value of a type.
pub fn store(random: &mut Random, ty: ValType, at: MemArg) -> Plain {
    let ty = engine_type(ty);
    some(random, Some(at), |_, params, _| params.get(1) == Some(&ty))
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
