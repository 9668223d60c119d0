//! Constant expressions.
use alloc::boxed::Box;
use alloc::vec::Vec;

use crate::wasm::binary::{Malformed, Reader};
use crate::wasm::instruction::{Constant, Instruction, Opcode, by_opcode};
use crate::wasm::{Features, GlobalType, ValType};
use crate::work::{self, Unit};

pub(crate) enum ConstExpr {
    /// A constant, as a slot; `ref.null` is zero.
    Value(u64),
    Global(u32),
    FuncRef(u32),
    /// Extended constant expression on imported globals, in postfix order. What does not depend on
    /// them is computed already.
    Postfix(Box<[ConstOp]>),
}

#[derive(Clone, Copy)]
pub(crate) enum ConstOp {
    Value(u64),
    Global(u32),
    FuncRef(u32),
    I32Add,
    I32Sub,
    I32Mul,
    I64Add,
    I64Sub,
    I64Mul,
}

impl ConstOp {
    fn into_expr(self) -> Option<ConstExpr> {
        match self {
            Self::Value(slot) => Some(ConstExpr::Value(slot)),
            Self::Global(index) => Some(ConstExpr::Global(index)),
            Self::FuncRef(index) => Some(ConstExpr::FuncRef(index)),
            _ => None,
        }
    }

    /// The value of an operation on the two upper slots; none for what pushes a value.
    fn combine(self, a: u64, b: u64) -> Option<u64> {
        let (a32, b32) = (a as u32, b as u32);
        Some(match self {
            Self::I32Add => a32.wrapping_add(b32).into(),
            Self::I32Sub => a32.wrapping_sub(b32).into(),
            Self::I32Mul => a32.wrapping_mul(b32).into(),
            Self::I64Add => a.wrapping_add(b),
            Self::I64Sub => a.wrapping_sub(b),
            Self::I64Mul => a.wrapping_mul(b),
            Self::Value(_) | Self::Global(_) | Self::FuncRef(_) => return None,
        })
    }
}

impl ConstExpr {
    /// The value as a slot. The two functions give the slots of globals and of references to
    /// functions by their index in the module.
    pub fn eval(&self, global: impl Fn(u32) -> u64, func: impl Fn(u32) -> u64) -> u64 {
        match self {
            Self::Value(slot) => *slot,
            Self::Global(index) => global(*index),
            Self::FuncRef(index) => func(*index),
            Self::Postfix(ops) => {
                let mut stack = Vec::new();
                work::add(Unit::ConstOperation, ops.len() as u64);
                for op in ops {
                    let value = match op {
                        ConstOp::Value(slot) => *slot,
                        ConstOp::Global(index) => global(*index),
                        ConstOp::FuncRef(index) => func(*index),
                        // The parser has made sure that both operands are there.
                        op => {
                            let b = stack.pop().unwrap_or(0);
                            let a = stack.pop().unwrap_or(0);
                            op.combine(a, b).unwrap_or(0)
                        }
                    };
                    stack.push(value);
                }
                stack.pop().unwrap_or(0)
            }
        }
    }
}

/// What a constant expression may name and do.
pub(super) struct Scope<'a> {
    /// Imported globals only: the specification allows no others.
    pub globals: &'a [GlobalType],
    pub funcs: usize,
    pub features: Features,
}

/// Reads an expression that must be of type `expected`, its `end` included.
pub(super) fn parse(
    reader: &mut Reader<'_>,
    expected: ValType,
    scope: &Scope<'_>,
) -> Result<ConstExpr, Malformed> {
    let (first, ty) = read_op(reader, scope)?.ok_or(Malformed)?;
    let Some(second) = read_op(reader, scope)? else {
        return first.into_expr().filter(|_| ty == expected).ok_or(Malformed);
    };

    let mut ops = Vec::new();
    let mut stack = Vec::new();
    let mut next = Some((first, ty));
    let mut pending = Some(second);
    while let Some((op, ty)) = next {
        if op.into_expr().is_none() && (stack.pop() != Some(ty) || stack.pop() != Some(ty)) {
            return Err(Malformed);
        }
        stack.push(ty);
        push_folded(&mut ops, op);
        next = match pending.take() {
            Some(op) => Some(op),
            None => read_op(reader, scope)?,
        };
    }
    if stack != [expected] {
        return Err(Malformed);
    }
    match ops.as_slice() {
        [op] => op.into_expr().ok_or(Malformed),
        _ => Ok(ConstExpr::Postfix(ops.into_boxed_slice())),
    }
}

/// Appends an operation, or its value if it is one on constants: in postfix order those are the two
/// before it.
fn push_folded(ops: &mut Vec<ConstOp>, op: ConstOp) {
    if let [.., ConstOp::Value(a), ConstOp::Value(b)] = *ops.as_slice()
        && let Some(value) = op.combine(a, b)
    {
        ops.truncate(ops.len() - 2);
        ops.push(ConstOp::Value(value));
    } else {
        ops.push(op);
    }
}

/// What constant expressions know of an instruction.
#[derive(Clone, Copy)]
struct Entry {
    opcode: Opcode,
    constant: Constant,
}

impl Entry {
    const UNKNOWN: Self = Self { opcode: Opcode::Unreachable, constant: Constant::No };

    const fn new(row: &Instruction) -> Self {
        Self { opcode: row.name, constant: row.constant }
    }
}

static ENTRIES: [Entry; 256] = by_opcode!(Entry, false);

/// The next operation and the type of its result (and of its operands, if it has any); none at the
/// end.
fn read_op(
    reader: &mut Reader<'_>,
    scope: &Scope<'_>,
) -> Result<Option<(ConstOp, ValType)>, Malformed> {
    let features = &scope.features;
    let entry = ENTRIES.get(usize::from(reader.byte()?)).ok_or(Malformed)?;
    let may_stand = match entry.constant {
        Constant::No => false,
        Constant::Yes => true,
        Constant::Extended => features.extended_const,
    };
    if !may_stand {
        return Err(Malformed);
    }
    let (op, ty, allowed) = match entry.opcode {
        Opcode::End => return Ok(None),
        Opcode::I32Const => (ConstOp::Value(u64::from(reader.i32()? as u32)), ValType::I32, true),
        Opcode::I64Const => (ConstOp::Value(reader.i64()? as u64), ValType::I64, true),
        Opcode::F32Const => (
            ConstOp::Value(u32::from_le_bytes(reader.array()?).into()),
            ValType::F32,
            features.floats,
        ),
        Opcode::F64Const => {
            (ConstOp::Value(u64::from_le_bytes(reader.array()?)), ValType::F64, features.floats)
        }
        Opcode::GlobalGet => {
            let index = reader.u32()?;
            let global = scope.globals.get(index as usize).ok_or(Malformed)?;
            (ConstOp::Global(index), global.value, !global.mutable)
        }
        Opcode::RefNull => (ConstOp::Value(0), reader.heap_type()?, features.reference_types),
        Opcode::RefFunc => {
            let index = reader.u32()?;
            let allowed = features.reference_types && (index as usize) < scope.funcs;
            (ConstOp::FuncRef(index), ValType::FuncRef, allowed)
        }
        Opcode::I32Add => (ConstOp::I32Add, ValType::I32, true),
        Opcode::I32Sub => (ConstOp::I32Sub, ValType::I32, true),
        Opcode::I32Mul => (ConstOp::I32Mul, ValType::I32, true),
        Opcode::I64Add => (ConstOp::I64Add, ValType::I64, true),
        Opcode::I64Sub => (ConstOp::I64Sub, ValType::I64, true),
        Opcode::I64Mul => (ConstOp::I64Mul, ValType::I64, true),
        _ => return Err(Malformed),
    };
    if allowed { Ok(Some((op, ty))) } else { Err(Malformed) }
}
