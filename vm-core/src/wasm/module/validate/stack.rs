//! The types of operands.
use alloc::vec::Vec;

use crate::wasm::ValType;
use crate::wasm::binary::Malformed;

type Result<T = ()> = core::result::Result<T, Malformed>;

/// The stack of operand types. A place without a type can be any: it comes from code that is never reached.
#[derive(Default)]
pub(super) struct Stack {
    types: Vec<Option<ValType>>,
    /// What the present block began with: nothing below it can be popped.
    floor: usize,
    /// Whether the present place is never reached, so that there is whatever is asked for.
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
    pub fn push(&mut self, ty: ValType) {
        self.types.push(Some(ty));
    }

    pub fn push_any(&mut self, ty: Option<ValType>) {
        self.types.push(ty);
    }

    /// Pops an operand of a type.
    #[inline(always)]
    pub fn pop(&mut self, ty: ValType) -> Result {
        if self.types.len() > self.floor && self.types.last() == Some(&Some(ty)) {
            self.types.pop();
            return Ok(());
        }
        self.pop_other(ty)
    }

    #[inline(never)]
    fn pop_other(&mut self, ty: ValType) -> Result {
        match self.pop_any()? {
            Some(found) if found != ty => Err(Malformed),
            _ => Ok(()),
        }
    }

    /// Pops whatever there is.
    pub fn pop_any(&mut self) -> Result<Option<ValType>> {
        if self.types.len() > self.floor {
            return self.types.pop().ok_or(Malformed);
        }
        if self.unreachable { Ok(None) } else { Err(Malformed) }
    }

    /// An operand becomes one of another type.
    #[inline(always)]
    pub fn unary(&mut self, from: ValType, to: ValType) -> Result {
        if self.types.len() > self.floor
            && let Some(top) = self.types.last_mut()
            && *top == Some(from)
        {
            *top = Some(to);
            return Ok(());
        }
        self.pop_other(from)?;
        self.push(to);
        Ok(())
    }

    /// Two operands of a type become one of another.
    #[inline(always)]
    pub fn binary(&mut self, from: ValType, to: ValType) -> Result {
        self.pop(from)?;
        self.unary(from, to)
    }

    /// Pops operands of these types, the last one first.
    #[inline]
    pub fn pop_all(&mut self, types: &[ValType]) -> Result {
        types.iter().rev().try_for_each(|ty| self.pop(*ty))
    }

    #[inline]
    pub fn push_all(&mut self, types: &[ValType]) {
        self.types.extend(types.iter().map(|ty| Some(*ty)));
    }

    /// Pops operands of these types and pushes them again: a place that could be any is then of its type.
    #[inline(always)]
    pub fn settle(&mut self, types: &[ValType]) -> Result {
        // Nearly all blocks have no operands.
        if types.is_empty() { Ok(()) } else { self.settle_some(types) }
    }

    #[inline(never)]
    fn settle_some(&mut self, types: &[ValType]) -> Result {
        let top = self.types.len().checked_sub(types.len()).filter(|top| *top >= self.floor);
        if let Some(top) = top.and_then(|top| self.types.get(top..))
            && top.iter().zip(types).all(|(operand, ty)| *operand == Some(*ty))
        {
            return Ok(());
        }
        self.pop_all(types)?;
        self.push_all(types);
        Ok(())
    }

    /// Whether operands of these types are on top. They stay there as they are.
    pub fn has(&self, types: &[ValType]) -> Result {
        let operands = self.types.get(self.floor..).unwrap_or_default();
        if types.len() > operands.len() && !self.unreachable {
            return Err(Malformed);
        }
        let fits = |(operand, ty): (&Option<ValType>, &ValType)| operand.is_none_or(|operand| operand == *ty);
        if operands.iter().rev().zip(types.iter().rev()).all(fits) { Ok(()) } else { Err(Malformed) }
    }
}
