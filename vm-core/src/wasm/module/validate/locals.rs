//! The types of locals.
use alloc::vec::Vec;

use super::row::Ty;
use crate::wasm::binary::Malformed;
use crate::wasm::steps;

/// Locals whose types are always stored one by one.
const FIRST: usize = 64;

/// Locals to a declaration, up to which all types are stored one by one. Five bytes can declare as
/// many locals as the limits allow; where declarations are fewer, a type is found by its
/// declaration.
const DENSE: u64 = 512;

#[derive(Default)]
pub(super) struct Locals {
    /// Types of the first locals, or of all.
    first: Vec<Ty>,
    /// Ends of the declarations beyond the first, and their types.
    runs: Vec<(u64, Ty)>,
    count: u64,
}

impl Locals {
    /// Begins with those that are the parameters of a function.
    pub fn begin(&mut self, params: &[Ty]) {
        steps::count(params.len().div_ceil(8));
        self.first.clear();
        self.first.extend_from_slice(params);
        self.runs.clear();
        self.count = params.len() as u64;
    }

    /// Cannot overflow: a body would have to be longer than a module may be.
    pub fn declare(&mut self, count: u32, ty: Ty) {
        let room = FIRST.saturating_sub(self.first.len()).min(count as usize);
        self.first.extend(core::iter::repeat_n(ty, room));
        self.count = self.count.saturating_add(count.into());
        if count as usize > room {
            self.runs.push((self.count, ty));
        }
    }

    pub fn count(&self) -> u64 {
        self.count
    }

    /// All are declared, and not more than the limits allow.
    pub fn finish(&mut self) {
        if self.runs.is_empty() || (self.runs.len() as u64).saturating_mul(DENSE) < self.count {
            return;
        }
        steps::count(self.runs.len() + self.count.div_ceil(64) as usize);
        for (end, ty) in &self.runs {
            self.first.resize(*end as usize, *ty);
        }
    }

    #[inline]
    pub fn get(&self, index: u32) -> Result<Ty, Malformed> {
        match self.first.get(index as usize) {
            Some(ty) => Ok(*ty),
            None => self.later(index),
        }
    }

    #[inline(never)]
    fn later(&self, index: u32) -> Result<Ty, Malformed> {
        steps::count(self.runs.len().checked_ilog2().unwrap_or_default() as usize);
        let run = self.runs.partition_point(|(end, _)| *end <= index.into());
        self.runs.get(run).map(|(_, ty)| *ty).ok_or(Malformed)
    }
}

#[cfg(test)]
mod tests {
    use super::super::row::{F32, F64, I32, I64};
    use super::*;

    fn check(params: &[Ty], declarations: &[(u32, Ty)]) {
        let mut locals = Locals::default();
        locals.begin(params);
        for (count, ty) in declarations {
            locals.declare(*count, *ty);
        }
        let declared =
            declarations.iter().flat_map(|(count, ty)| core::iter::repeat_n(*ty, *count as usize));
        let expected: Vec<_> = params.iter().copied().chain(declared).collect();
        for _ in 0..2 {
            let found: Vec<_> =
                (0..expected.len()).map(|index| locals.get(index as u32).unwrap()).collect();
            assert_eq!((&found, locals.count()), (&expected, expected.len() as u64));
            assert!(locals.get(expected.len() as u32).is_err() && locals.get(u32::MAX).is_err());
            locals.finish();
        }
        locals.begin(&[]);
        assert!(locals.get(0).is_err());
    }

    #[test]
    fn a_local_has_the_type_that_it_was_declared_with() {
        check(&[], &[]);
        check(&[I32], &[(60, I64), (0, F64), (10, F32), (1000, I32)]);
        check(&[I32; 100], &[(1, F64), (1, F32)]);
        check(&[], &[(50_000, I64), (1, I32), (0, F32), (7, F32)]);
    }
}
