//! The types of operands.
use alloc::vec::Vec;

use super::row::{ANY, Ty};
use crate::wasm::binary::Malformed;
use crate::wasm::steps;

type Result<T = ()> = core::result::Result<T, Malformed>;

/// The stack of operand types. Rows of operands are handled at once: two bytes of a module can name
/// 64 of them.
#[derive(Default)]
pub(super) struct Stack {
    /// [`ANY`] stands only where code is never reached.
    types: Vec<Ty>,
    /// The height at which the current block began: nothing below it can be popped.
    floor: usize,
    /// Whether the current code is unreachable: any operand can be popped there.
    unreachable: bool,
}

impl Stack {
    pub fn clear(&mut self) {
        self.types.clear();
        self.floor = 0;
        self.unreachable = false;
    }

    #[inline]
    pub fn height(&self) -> usize {
        self.types.len()
    }

    pub fn floor(&self) -> usize {
        self.floor
    }

    pub fn is_unreachable(&self) -> bool {
        self.unreachable
    }

    /// A block begins or is left.
    pub fn set_block(&mut self, floor: usize, unreachable: bool) {
        self.floor = floor;
        self.unreachable = unreachable;
    }

    /// What follows is never reached.
    pub fn become_unreachable(&mut self) {
        self.types.truncate(self.floor);
        self.unreachable = true;
    }

    #[inline(always)]
    pub fn push(&mut self, ty: Ty) {
        self.types.push(ty);
    }

    /// Pops an operand of a type.
    #[inline(always)]
    pub fn pop(&mut self, ty: Ty) -> Result {
        if self.types.len() > self.floor && self.types.last() == Some(&ty) {
            self.types.pop();
            return Ok(());
        }
        self.pop_other(ty)
    }

    #[inline(never)]
    fn pop_other(&mut self, ty: Ty) -> Result {
        if self.pop_any()? & ty == ty { Ok(()) } else { Err(Malformed) }
    }

    /// Pops an operand of any type.
    pub fn pop_any(&mut self) -> Result<Ty> {
        if self.types.len() > self.floor {
            return self.types.pop().ok_or(Malformed);
        }
        if self.unreachable { Ok(ANY) } else { Err(Malformed) }
    }

    /// Turns the operand on top into one of another type, if it is there and of the first one.
    #[inline(always)]
    pub fn turn(&mut self, from: Ty, to: Ty) -> bool {
        if self.types.len() > self.floor
            && let Some(top) = self.types.last_mut()
            && *top == from
        {
            *top = to;
            return true;
        }
        false
    }

    /// Turns the two operands on top into one of another type, if both are there and of the first
    /// one.
    #[inline(always)]
    pub fn turn_two(&mut self, from: Ty, to: Ty) -> bool {
        let rest = self.types.len().checked_sub(2);
        if rest.is_some_and(|rest| rest >= self.floor)
            && let [.., below, top] = self.types.as_mut_slice()
            && [*below, *top] == [from; 2]
        {
            *below = to;
            self.types.pop();
            return true;
        }
        false
    }

    /// An operand becomes one of another type.
    pub fn unary(&mut self, from: Ty, to: Ty) -> Result {
        self.pop(from)?;
        self.push(to);
        Ok(())
    }

    /// Two operands of a type become one of another.
    pub fn binary(&mut self, from: Ty, to: Ty) -> Result {
        self.pop(from)?;
        self.unary(from, to)
    }

    /// Pops operands of these types, the last one first.
    #[inline]
    pub fn pop_all(&mut self, types: &[Ty]) -> Result {
        // Nearly all rows are short.
        match types {
            [] => Ok(()),
            [ty] => self.pop(*ty),
            [below, ty] => {
                self.pop(*ty)?;
                self.pop(*below)
            }
            _ => {
                let top = self.top(types)?;
                self.types.truncate(top);
                Ok(())
            }
        }
    }

    #[inline]
    pub fn push_all(&mut self, types: &[Ty]) {
        steps::count(types.len().div_ceil(8));
        self.types.extend_from_slice(types);
    }

    /// Pops operands of these types and pushes them again: a place that could be any is then of its
    /// type.
    #[inline]
    pub fn settle(&mut self, types: &[Ty]) -> Result {
        if self.is_simple(types) {
            return Ok(());
        }
        let top = self.top(types)?;
        if self.unreachable {
            self.types.truncate(top);
            self.push_all(types);
        }
        Ok(())
    }

    /// Whether operands of these types are on top. They stay there as they are.
    #[inline]
    pub fn has(&self, types: &[Ty]) -> Result {
        if self.is_simple(types) {
            return Ok(());
        }
        self.top(types).map(drop)
    }

    /// Whether a row is empty, or of one type that is on top. Nearly all are.
    #[inline(always)]
    fn is_simple(&self, types: &[Ty]) -> bool {
        match types {
            [] => true,
            [ty] => self.types.len() > self.floor && self.types.last() == Some(ty),
            _ => false,
        }
    }

    /// Makes sure that operands of these types are on top. Returns the height below those of them
    /// that are there.
    #[inline(never)]
    fn top(&self, types: &[Ty]) -> Result<usize> {
        steps::count(types.len().div_ceil(8));
        let operands = self.types.get(self.floor..).unwrap_or_default();
        let missing = types.len().saturating_sub(operands.len());
        if missing > 0 && !self.unreachable {
            return Err(Malformed);
        }
        let types = types.get(missing..).unwrap_or_default();
        let (_, operands) =
            operands.split_at_checked(operands.len() - types.len()).ok_or(Malformed)?;
        if fit(operands, types) { Ok(self.types.len() - types.len()) } else { Err(Malformed) }
    }
}

/// Whether each operand can be of its type. Both rows are of one length. Eight are compared at
/// once, on every machine.
fn fit(operands: &[Ty], types: &[Ty]) -> bool {
    let (words, operands) = operands.as_chunks::<8>();
    let (wanted, types) = types.as_chunks::<8>();
    let pairs = words.iter().zip(wanted);
    let unlike = pairs.fold(0, |unlike, (word, wanted)| {
        unlike | !u64::from_le_bytes(*word) & u64::from_le_bytes(*wanted)
    });
    let pairs = operands.iter().zip(types);
    unlike == 0 && pairs.fold(0, |unlike, (operand, ty)| unlike | !operand & ty) == 0
}

#[cfg(test)]
mod tests {
    use super::super::row::{F32, I32, I64};
    use super::*;
    use alloc::vec;

    #[test]
    fn rows_of_any_length_fit_when_each_operand_does() {
        for len in 0..40 {
            let types: Vec<Ty> = (0..len).map(|nth| [I32, I64, F32][nth % 3]).collect();
            assert!(fit(&types, &types) && fit(&vec![ANY; len], &types));
            for wrong in 0..len {
                let mut operands = types.clone();
                operands[wrong] = if types[wrong] == I32 { I64 } else { I32 };
                assert!(!fit(&operands, &types), "{wrong} of {len}");
                operands[wrong] = ANY;
                assert!(fit(&operands, &types), "{wrong} of {len}");
            }
        }
    }

    #[test]
    fn what_is_missing_is_there_only_where_code_is_never_reached() {
        let mut stack = Stack::default();
        stack.push_all(&[I32, I64]);
        stack.set_block(1, false);
        assert!(stack.has(&[I64]).is_ok() && stack.has(&[I32, I64]).is_err());
        stack.set_block(1, true);
        assert!(stack.has(&[F32, I64]).is_ok() && stack.has(&[F32, I32]).is_err());
        stack.settle(&[F32, I64]).unwrap();
        assert_eq!(stack.types, [I32, F32, I64]);
        stack.pop_all(&[I32, I32, F32, I64]).unwrap();
        assert_eq!(stack.types, [I32]);
    }
}
