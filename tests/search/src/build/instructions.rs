//! The instructions that nodes name by a number.
use wasm_encoder::Instruction as I;
use wasm_encoder::{MemArg, MemArgTarget};

use super::Ty;
use super::Ty::{I32, I64};

/// Instructions that take an integer and give one of the same type.
pub(super) fn unary(op: u8, ty: Ty) -> I<'static> {
    let narrow = [I::I32Eqz, I::I32Clz, I::I32Ctz, I::I32Popcnt, I::I32Extend8S, I::I32Extend16S];
    let wide =
        [I::I64Clz, I::I64Ctz, I::I64Popcnt, I::I64Extend8S, I::I64Extend16S, I::I64Extend32S];
    pick(op, if ty == I64 { &wide } else { &narrow })
}

/// Instructions that take two integers, and the type that they give.
pub(super) fn binary(op: u8, ty: Ty) -> (I<'static>, Ty) {
    let narrow = [
        I::I32Add,
        I::I32Sub,
        I::I32Mul,
        I::I32DivS,
        I::I32DivU,
        I::I32RemS,
        I::I32RemU,
        I::I32And,
        I::I32Or,
        I::I32Xor,
        I::I32Shl,
        I::I32ShrS,
        I::I32ShrU,
        I::I32Rotl,
        I::I32Rotr,
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
    let wide = [
        I::I64Add,
        I::I64Sub,
        I::I64Mul,
        I::I64DivS,
        I::I64DivU,
        I::I64RemS,
        I::I64RemU,
        I::I64And,
        I::I64Or,
        I::I64Xor,
        I::I64Shl,
        I::I64ShrS,
        I::I64ShrU,
        I::I64Rotl,
        I::I64Rotr,
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
    let compares = usize::from(op) % narrow.len() >= 15;
    match ty {
        I64 => (pick(op, &wide), if compares { I32 } else { I64 }),
        _ => (pick(op, &narrow), I32),
    }
}

fn pick(op: u8, of: &[I<'static>]) -> I<'static> {
    of.get(usize::from(op) % of.len()).cloned().unwrap_or(I::Nop)
}

fn at(offset: u32) -> MemArg {
    MemArg { offset: offset.into(), align: 0, target: MemArgTarget::Memory(0), ordering: None }
}

/// A load, and the type of what it gives.
pub(super) fn load(op: u8, offset: u32) -> (I<'static>, Ty) {
    let at = at(offset);
    match op % 8 {
        0 | 1 => (I::I32Load(at), I32),
        2 => (I::I64Load(at), I64),
        3 => (I::I32Load8U(at), I32),
        4 => (I::I32Load8S(at), I32),
        5 => (I::I32Load16U(at), I32),
        6 => (I::I64Load8S(at), I64),
        _ => (I::I64Load32S(at), I64),
    }
}

/// A store, and the type of what it takes.
pub(super) fn store(op: u8, offset: u32) -> (I<'static>, Ty) {
    let at = at(offset);
    match op % 6 {
        0 => (I::I32Store(at), I32),
        1 => (I::I64Store(at), I64),
        2 => (I::I32Store8(at), I32),
        3 => (I::I32Store16(at), I32),
        4 => (I::I64Store8(at), I64),
        _ => (I::I64Store32(at), I64),
    }
}

pub(super) fn load16(offset: u32) -> I<'static> {
    I::I32Load16U(at(offset))
}

pub(super) fn store16(offset: u32) -> I<'static> {
    I::I32Store16(at(offset))
}
