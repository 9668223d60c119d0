//! Types as validation compares them.
use alloc::vec::Vec;

use crate::wasm::binary::Malformed;
use crate::wasm::{FuncType, ValType};

/// The types that an operand can be of, a bit each. All but operands in code that is never reached
/// are of one.
pub(super) type Ty = u8;

pub(super) const I32: Ty = ty(ValType::I32);
pub(super) const I64: Ty = ty(ValType::I64);
pub(super) const F32: Ty = ty(ValType::F32);
pub(super) const F64: Ty = ty(ValType::F64);
pub(super) const FUNC_REF: Ty = ty(ValType::FuncRef);
pub(super) const NUMBERS: Ty = I32 | I64 | F32 | F64;
pub(super) const REFERENCES: Ty = FUNC_REF | ty(ValType::ExternRef);
/// Any type: an operand of unreachable code.
pub(super) const ANY: Ty = NUMBERS | REFERENCES;

pub(super) const fn ty(ty: ValType) -> Ty {
    1 << ty as u8
}

/// A row of one type, which is a single one.
pub(super) fn one(ty: Ty) -> &'static [Ty] {
    const ONES: [Ty; 6] = [1, 2, 4, 8, 16, 32];
    let index = ty.trailing_zeros() as usize;
    ONES.as_slice().get(index..=index).unwrap_or_default()
}

/// Parameters and results.
#[derive(Clone, Copy)]
pub(super) struct Signature<'p> {
    pub params: &'p [Ty],
    pub results: &'p [Ty],
}

/// The function types of a module.
pub(in super::super) struct Signatures {
    /// Those of all types, one behind the other: parameters, then results.
    types: Vec<Ty>,
    /// Of each type: where its parameters begin, where its results do, and where those end.
    bounds: Vec<[u32; 3]>,
}

impl Signatures {
    pub fn new(all: &[FuncType]) -> Self {
        let mut types = Vec::new();
        let mut bounds = Vec::with_capacity(all.len());
        for signature in all {
            let start = types.len() as u32;
            types.extend(signature.params().iter().map(|param| ty(*param)));
            let middle = types.len() as u32;
            types.extend(signature.results().iter().map(|result| ty(*result)));
            bounds.push([start, middle, types.len() as u32]);
        }
        Self { types, bounds }
    }

    pub(super) fn get(&self, index: u32) -> Result<Signature<'_>, Malformed> {
        let [start, middle, end] = *self.bounds.get(index as usize).ok_or(Malformed)?;
        let row = |from: u32, to: u32| self.types.get(from as usize..to as usize).ok_or(Malformed);
        Ok(Signature { params: row(start, middle)?, results: row(middle, end)? })
    }
}
