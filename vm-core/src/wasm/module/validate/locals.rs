//! The types of locals.
use alloc::vec::Vec;

use crate::wasm::ValType;
use crate::wasm::binary::Malformed;

/// Locals whose types stand one by one. A declaration of five bytes can make as many locals as the limits allow, so the others are kept as they are declared.
const FIRST: u64 = 64;

#[derive(Default)]
pub(super) struct Locals {
    first: Vec<ValType>,
    /// Ends of the declarations, and their types.
    runs: Vec<(u64, ValType)>,
    count: u64,
}

impl Locals {
    pub fn clear(&mut self) {
        self.first.clear();
        self.runs.clear();
        self.count = 0;
    }

    /// Cannot overflow: a body would have to be longer than a module may be.
    pub fn declare(&mut self, count: u32, ty: ValType) {
        let room = FIRST.saturating_sub(self.count).min(count.into());
        self.first.extend(core::iter::repeat_n(ty, room as usize));
        self.count = self.count.saturating_add(count.into());
        if self.count > FIRST {
            self.runs.push((self.count, ty));
        }
    }

    pub fn count(&self) -> u64 {
        self.count
    }

    #[inline]
    pub fn get(&self, index: u32) -> Result<ValType, Malformed> {
        match self.first.get(index as usize) {
            Some(ty) => Ok(*ty),
            None => self.later(index),
        }
    }

    #[inline(never)]
    fn later(&self, index: u32) -> Result<ValType, Malformed> {
        let run = self.runs.partition_point(|(end, _)| *end <= index.into());
        self.runs.get(run).map(|(_, ty)| *ty).ok_or(Malformed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_has_the_type_that_it_was_declared_with() {
        let mut locals = Locals::default();
        let declarations =
            [(1, ValType::I32), (60, ValType::I64), (0, ValType::F64), (10, ValType::F32), (1000, ValType::I32)];
        for (count, ty) in declarations {
            locals.declare(count, ty);
        }
        let expected: Vec<_> =
            declarations.iter().flat_map(|(count, ty)| core::iter::repeat_n(*ty, *count as usize)).collect();
        let found: Vec<_> = (0..expected.len()).map(|index| locals.get(index as u32).unwrap()).collect();
        assert_eq!((found, locals.count()), (expected, 1071));
        assert!(locals.get(1071).is_err() && locals.get(u32::MAX).is_err());
        locals.clear();
        assert!(locals.get(0).is_err());
    }
}
