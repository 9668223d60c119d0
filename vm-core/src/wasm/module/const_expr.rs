//! Constant expressions.
use alloc::boxed::Box;
use alloc::vec::Vec;

use wasmparser::Operator;

use super::ModuleError;
use crate::wasm::{GlobalType, ValType};

pub(crate) enum ConstExpr {
    /// A constant, as a slot; `ref.null` is zero.
    Value(u64),
    Global(u32),
    FuncRef(u32),
    /// Extended constant expression in postfix order.
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
    /// The value as a slot. The two functions give the slots of globals and of references to functions by their index in the module.
    pub fn eval(&self, global: impl Fn(u32) -> u64, func: impl Fn(u32) -> u64) -> u64 {
        match self {
            Self::Value(slot) => *slot,
            Self::Global(index) => global(*index),
            Self::FuncRef(index) => func(*index),
            Self::Postfix(ops) => {
                let mut stack = Vec::new();
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

/// What a constant expression may name.
pub(super) struct Scope<'a> {
    /// Imported globals only: the specification allows no others.
    pub globals: &'a [GlobalType],
    pub funcs: usize,
}

/// Reads an expression that must be of type `expected`.
pub(super) fn parse(
    expr: &wasmparser::ConstExpr<'_>,
    expected: ValType,
    scope: &Scope<'_>,
) -> Result<ConstExpr, ModuleError> {
    let mut reader = expr.get_operators_reader();
    let start = reader.original_position();
    let mismatch = || ModuleError::invalid("type mismatch in a constant expression", start);

    let (first, ty) = read_op(&mut reader, scope)?.ok_or_else(mismatch)?;
    let Some(second) = read_op(&mut reader, scope)? else {
        let expr = first.into_expr().filter(|_| ty == expected).ok_or_else(mismatch)?;
        return Ok(expr);
    };

    let mut ops = Vec::new();
    let mut stack = Vec::new();
    let mut next = Some((first, ty));
    let mut pending = Some(second);
    while let Some((op, ty)) = next {
        if op.into_expr().is_none() && (stack.pop() != Some(ty) || stack.pop() != Some(ty)) {
            return Err(mismatch());
        }
        stack.push(ty);
        ops.push(op);
        next = match pending.take() {
            Some(op) => Some(op),
            None => read_op(&mut reader, scope)?,
        };
    }
    if stack != [expected] {
        return Err(mismatch());
    }
    Ok(ConstExpr::Postfix(ops.into_boxed_slice()))
}

/// The next operation and the type of its result (and of its operands, if it has any); none at the end.
fn read_op(
    reader: &mut wasmparser::OperatorsReader<'_>,
    scope: &Scope<'_>,
) -> Result<Option<(ConstOp, ValType)>, ModuleError> {
    let (operator, offset) = reader.read_with_offset()?;
    let value = |value, ty| Ok(Some((ConstOp::Value(value), ty)));
    let arithmetic = |op, ty| Ok(Some((op, ty)));
    match operator {
        Operator::End => {
            reader.finish()?;
            Ok(None)
        }
        Operator::I32Const { value: v } => value(u64::from(v as u32), ValType::I32),
        Operator::I64Const { value: v } => value(v as u64, ValType::I64),
        Operator::F32Const { value: v } => value(u64::from(v.bits()), ValType::F32),
        Operator::F64Const { value: v } => value(v.bits(), ValType::F64),
        Operator::RefNull { hty } => match hty {
            wasmparser::HeapType::FUNC => value(0, ValType::FuncRef),
            wasmparser::HeapType::EXTERN => value(0, ValType::ExternRef),
            _ => Err(ModuleError::invalid("unsupported heap type", offset)),
        },
        Operator::RefFunc { function_index } if (function_index as usize) < scope.funcs => {
            Ok(Some((ConstOp::FuncRef(function_index), ValType::FuncRef)))
        }
        Operator::RefFunc { .. } => Err(ModuleError::invalid("unknown function", offset)),
        Operator::GlobalGet { global_index } => match scope.globals.get(global_index as usize) {
            Some(global) if !global.mutable => Ok(Some((ConstOp::Global(global_index), global.value))),
            Some(_) => Err(ModuleError::invalid("constant expression required: mutable global", offset)),
            None => Err(ModuleError::invalid("unknown global", offset)),
        },
        Operator::I32Add => arithmetic(ConstOp::I32Add, ValType::I32),
        Operator::I32Sub => arithmetic(ConstOp::I32Sub, ValType::I32),
        Operator::I32Mul => arithmetic(ConstOp::I32Mul, ValType::I32),
        Operator::I64Add => arithmetic(ConstOp::I64Add, ValType::I64),
        Operator::I64Sub => arithmetic(ConstOp::I64Sub, ValType::I64),
        Operator::I64Mul => arithmetic(ConstOp::I64Mul, ValType::I64),
        _ => Err(ModuleError::invalid("constant expression required", offset)),
    }
}
