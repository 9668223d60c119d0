//! Blocks and branches.
use super::row::{FUNC_REF, I32, Signature, Ty, one};
use super::{Fault, Malformed, Reader, Validator, ensure, exceeded};
use crate::wasm::binary::EMPTY;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Block,
    Loop,
    If,
}

/// An open block.
#[derive(Clone, Copy)]
pub(super) struct Control<'p> {
    kind: Kind,
    params: &'p [Ty],
    results: &'p [Ty],
    /// The number of the last `br_table` that was seen to be able to branch to it.
    checked_by: u32,
    /// What the block around it has: see [`Stack::set_block`](super::Stack::set_block).
    outer_floor: usize,
    outer_unreachable: bool,
}

impl<'p> Control<'p> {
    /// The body of a function.
    pub fn function(results: &'p [Ty]) -> Self {
        Self {
            kind: Kind::Block,
            params: &[],
            results,
            checked_by: 0,
            outer_floor: 0,
            outer_unreachable: false,
        }
    }

    /// What a branch to it carries.
    fn label(&self) -> &'p [Ty] {
        if self.kind == Kind::Loop { self.params } else { self.results }
    }
}

impl<'p> Validator<'p> {
    fn block_type(&self, reader: &mut Reader<'_>) -> Result<Signature<'p>, Malformed> {
        let first = reader.peek()?;
        if first == EMPTY {
            reader.byte()?;
            return Ok(Signature { params: &[], results: &[] });
        }
        // A negative number in its shortest form.
        if first & 0xc0 == 0x40 {
            return Ok(Signature { params: &[], results: one(self.value_type(reader)?) });
        }
        let index = u32::try_from(reader.i33()?).map_err(|_| Malformed)?;
        ensure(self.parts.features.multi_value)?;
        self.type_at(index)
    }

    pub(super) fn block(
        &mut self,
        kind: Kind,
        reader: &mut Reader<'_>,
        offset: usize,
    ) -> Result<(), Fault> {
        let Signature { params, results } = self.block_type(reader)?;
        if kind == Kind::If {
            self.stack.pop(I32)?;
        }
        self.stack.settle(params)?;
        let (outer_floor, outer_unreachable) = (self.stack.floor(), self.stack.is_unreachable());
        self.controls.push(Control {
            kind,
            params,
            results,
            checked_by: 0,
            outer_floor,
            outer_unreachable,
        });
        let limit = self.parts.limits.nesting;
        // The function itself is the outermost block.
        if self.controls.len() - 1 > limit as usize {
            return Err(exceeded(limit, "nested blocks", offset));
        }
        self.stack.set_block(self.stack.height() - params.len(), false);
        Ok(())
    }

    /// The operands at the end of a block, or of its first half, are its results and nothing else.
    /// They stay there.
    fn leave(&mut self, results: &[Ty]) -> Result<(), Malformed> {
        self.stack.settle(results)?;
        ensure(self.stack.height() - results.len() == self.stack.floor())
    }

    pub(super) fn else_(&mut self) -> Result<(), Malformed> {
        let control = self.controls.last_mut().ok_or(Malformed)?;
        ensure(control.kind == Kind::If)?;
        control.kind = Kind::Block;
        let (params, results) = (control.params, control.results);
        self.leave(results)?;
        self.stack.set_block(self.stack.floor(), false);
        self.stack.pop_all(results)?;
        self.stack.push_all(params);
        Ok(())
    }

    pub(super) fn end(&mut self) -> Result<(), Malformed> {
        let control = self.controls.pop().ok_or(Malformed)?;
        self.leave(control.results)?;
        // Without an `else` the parameters are the results.
        ensure(control.kind != Kind::If || control.params == control.results)?;
        self.stack.set_block(control.outer_floor, control.outer_unreachable);
        Ok(())
    }

    fn target(&mut self, depth: u32) -> Result<&mut Control<'p>, Malformed> {
        let index =
            self.controls.len().checked_sub(1).and_then(|last| last.checked_sub(depth as usize));
        index.and_then(|index| self.controls.get_mut(index)).ok_or(Malformed)
    }

    /// What a branch to a label carries.
    fn label(&mut self, depth: u32) -> Result<&'p [Ty], Malformed> {
        self.target(depth).map(|control| control.label())
    }

    pub(super) fn br(&mut self, depth: u32) -> Result<(), Malformed> {
        let label = self.label(depth)?;
        self.stack.has(label)?;
        self.stack.become_unreachable();
        Ok(())
    }

    pub(super) fn br_if(&mut self, depth: u32) -> Result<(), Malformed> {
        self.stack.pop(I32)?;
        let label = self.label(depth)?;
        self.stack.settle(label)
    }

    pub(super) fn br_table(&mut self, reader: &mut Reader<'_>, offset: usize) -> Result<(), Fault> {
        let limit = self.parts.limits.br_table_targets;
        let count = reader.u32()?;
        if count > limit {
            return Err(exceeded(limit, "targets of a br_table", offset));
        }
        self.stack.pop(I32)?;
        self.br_tables += 1;
        let number = self.br_tables;
        let mut arity = None;
        // The default comes last, and is one more target.
        for _ in 0..=count {
            let target = self.target(reader.u32()?)?;
            // A table may name a target thousands of times, and a target may take many values.
            if target.checked_by == number {
                continue;
            }
            target.checked_by = number;
            let label = target.label();
            ensure(*arity.get_or_insert(label.len()) == label.len())?;
            self.stack.has(label)?;
        }
        self.stack.become_unreachable();
        Ok(())
    }

    fn results(&self) -> Result<&'p [Ty], Malformed> {
        self.controls.first().map(|control| control.results).ok_or(Malformed)
    }

    pub(super) fn return_(&mut self) -> Result<(), Malformed> {
        self.stack.has(self.results()?)?;
        self.stack.become_unreachable();
        Ok(())
    }

    pub(super) fn call(&mut self, ty: Signature<'_>) -> Result<(), Malformed> {
        self.stack.pop_all(ty.params)?;
        self.stack.push_all(ty.results);
        Ok(())
    }

    pub(super) fn return_call(&mut self, ty: Signature<'_>) -> Result<(), Malformed> {
        ensure(ty.results == self.results()?)?;
        self.stack.has(ty.params)?;
        self.stack.become_unreachable();
        Ok(())
    }

    /// Reads what an indirect call calls, and pops the element.
    pub(super) fn callee(
        &mut self,
        reader: &mut Reader<'_>,
        may_be_long: bool,
    ) -> Result<Signature<'p>, Malformed> {
        let ty = self.type_at(reader.u32()?)?;
        // Where there was one table, its number was one byte.
        let table = if may_be_long { reader.u32()? } else { reader.byte()?.into() };
        ensure(self.table(table)? == FUNC_REF)?;
        self.stack.pop(I32)?;
        Ok(ty)
    }
}
