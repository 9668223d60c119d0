//! Emitting instructions, and looking back at the last one.
use super::operands::{Operand, Source, Value};
use super::{TranslationError, Translator};
use crate::wasm::code::instruction::{
    BrIfAddNez32, BrIfStepNez32, Const32, Const32S, Const64, Copy2,
};
use crate::wasm::code::{Computed, Op, Right, Slot, Ways, set_destination};

/// An instruction that left its result in a slot and that can still be changed: nothing can jump to
/// behind it.
#[derive(Clone, Copy)]
pub(super) struct Last {
    /// Its first word.
    pub word: usize,
    /// Where it left its result.
    pub slot: Slot,
}

/// A condition for a branch.
#[derive(Clone, Copy)]
pub(super) enum Condition {
    /// A 32-bit slot is not zero.
    NotZero32(Slot),
    /// A 64-bit slot is not zero.
    NotZero64(Slot),
    /// A comparison of a slot with a slot or an immediate.
    Compare(Op, Slot, Right),
}

impl Condition {
    pub fn negated(self) -> Self {
        match self {
            Self::NotZero32(slot) => Self::Compare(Op::I32Eqz, slot, Right::NONE),
            Self::NotZero64(slot) => Self::Compare(Op::I64Eqz, slot, Right::NONE),
            Self::Compare(Op::I32Eqz, slot, _) => Self::NotZero32(slot),
            Self::Compare(Op::I64Eqz, slot, _) => Self::NotZero64(slot),
            Self::Compare(op, x, y) => match op.negated() {
                Some((op, true)) => Self::Compare(op, y.slot(), x.into()),
                Some((op, false)) => Self::Compare(op, x, y),
                None => self,
            },
        }
    }

    /// Opcode and operands of the branch that is taken when the condition holds.
    fn branch(self) -> (Op, Slot, Right) {
        match self {
            Self::NotZero32(slot) => (Op::BrIfNez32, slot, Right::NONE),
            Self::NotZero64(slot) => (Op::BrIfNez64, slot, Right::NONE),
            Self::Compare(op, x, y) => (op.branch_if().unwrap_or(Op::BrIfNez32), x, y),
        }
    }
}

impl Translator<'_> {
    /// Appends a word that is not the last word of something that can be changed later.
    pub(super) fn push_word(&mut self, word: u64) {
        self.words.push(word);
        self.forget_last();
    }

    /// Appends an instruction that is not to be changed later.
    pub(super) fn push<const N: usize>(&mut self, instruction: [u64; N]) {
        self.words.extend_from_slice(&instruction);
        self.forget_last();
    }

    /// Appends an instruction of `words` that writes slot `d`, and remembers it.
    pub(super) fn push_defining<const N: usize>(&mut self, d: Slot, words: [u64; N]) {
        let at = self.words.len();
        self.words.extend_from_slice(&words);
        self.last = Some(Last { word: at, slot: d });
    }

    /// Puts a constant into a slot.
    pub(super) fn emit_const(&mut self, d: Slot, value: u64) {
        if let Ok(small) = u32::try_from(value) {
            self.push_defining(d, Const32 { d: d.into(), imm: small }.encode());
        } else if let Ok(small) = i32::try_from(value as i64) {
            self.push_defining(d, Const32S { d: d.into(), imm: small }.encode());
        } else {
            self.push_defining(d, Const64 { d: d.into(), imm: value }.encode());
        }
    }

    /// Puts a value into a slot, unless it is there.
    pub(super) fn copy_to(&mut self, d: Slot, operand: Operand) {
        let Value { source, wrapped, addend } = operand.value;
        match source {
            Source::Const(bits) => self.emit_const(d, bits),
            // The sum is a 32-bit one: what the slot holds above does not matter.
            Source::Temp(slot) | Source::Local(slot) if addend != 0 => {
                self.push_defining(d, Op::I32AddImm.immediate(d, slot, addend));
            }
            Source::Temp(slot) | Source::Local(slot) if wrapped => {
                self.push_defining(d, Op::I32Wrap.unary(d, slot));
            }
            Source::Temp(slot) | Source::Local(slot) => {
                if slot != d {
                    self.push_defining(d, Op::Copy.unary(d, slot));
                }
            }
        }
    }

    /// The slot that holds a value, for an instruction that reads no more bits of it than the value
    /// has. What is not in a slot yet is put into its home first.
    pub(super) fn slot_of(&mut self, operand: Operand) -> Slot {
        match operand.value {
            Value { source: Source::Temp(slot) | Source::Local(slot), addend: 0, .. } => slot,
            _ => {
                self.copy_to(operand.home, operand);
                operand.home
            }
        }
    }

    /// Whether the last instruction made this value, which nothing else uses.
    pub(super) fn made_by_last(&self, operand: Operand) -> Option<Last> {
        match (operand.value.source, self.last) {
            (Source::Temp(slot), Some(last)) if last.slot == slot && operand.value.is_plain() => {
                Some(last)
            }
            _ => None,
        }
    }

    /// Writes a popped value into a local.
    pub(super) fn write_local(
        &mut self,
        local: u32,
        value: Operand,
    ) -> Result<(), TranslationError> {
        if local >= self.operands.locals() {
            return Err(TranslationError::Malformed);
        }
        let d = Slot(local as u16);
        if value.value.source == Source::Local(d) && value.value.is_plain() {
            return Ok(());
        }
        // Operands that are the local's value get it before it changes.
        while let Some(height) = self.operands.highest_alias(local) {
            if let Some(alias) = self.operands.move_home(height)? {
                self.copy_to(alias.home, alias);
            }
        }
        if let Some(last) = self.made_by_last(value)
            && let Some(first) = self.words.get_mut(last.word)
        {
            set_destination(first, d);
            self.last = None;
            return Ok(());
        }
        self.copy_to(d, value);
        // What counts a loop down is seen again by the branch that ends the loop; nothing else may
        // change an instruction that writes a local.
        let counter = self
            .last
            .take()
            .filter(|_| value.value.source == Source::Local(d) && value.value.addend != 0);
        self.stepper = core::mem::replace(&mut self.counter, counter);
        Ok(())
    }

    /// Moves the `count` topmost operands to their homes.
    pub(super) fn move_top_home(&mut self, count: u32) -> Result<(), TranslationError> {
        let height = self.operands.height();
        let bottom = height.checked_sub(count).ok_or(TranslationError::Malformed)?;
        let mut waiting: Option<(Slot, Operand)> = None;
        for at in self.operands.not_at_home(bottom).rev() {
            let Some(value) = self.operands.move_home(at)? else { continue };
            // Two neighbours that are in locals go by one instruction.
            let local = match value.value {
                Value { source: Source::Local(local), .. } if value.value.is_plain() => Some(local),
                _ => None,
            };
            match (waiting.take(), local) {
                (Some((above, operand)), Some(local)) if operand.home.0 == value.home.0 + 1 => {
                    let (d, x, y) = (value.home.into(), local.into(), above.into());
                    self.push(Copy2 { d, x, y }.encode());
                }
                (before, local) => {
                    if let Some((_, operand)) = before {
                        self.copy_to(operand.home, operand);
                    }
                    match local {
                        Some(local) => waiting = Some((local, value)),
                        None => self.copy_to(value.home, value),
                    }
                }
            }
        }
        if let Some((_, operand)) = waiting {
            self.copy_to(operand.home, operand);
        }
        self.operands.set_at_home(bottom);
        Ok(())
    }

    /// Moves all operands out of locals: a block begins, in which locals may be written on one way
    /// and not on another.
    pub(super) fn move_out_of_locals(&mut self) -> Result<(), TranslationError> {
        for at in self.operands.unflushed().rev() {
            if self.operands.is_local(at)
                && let Some(value) = self.operands.move_home(at)?
            {
                self.copy_to(value.home, value);
            }
        }
        self.operands.set_flushed();
        Ok(())
    }

    /// Makes a condition of a popped value; a comparison that was the last instruction becomes part
    /// of it.
    pub(super) fn condition(&mut self, value: Operand) -> Condition {
        if let Some(last) = self.made_by_last(value)
            && let Some(first) = self.words.get(last.word).copied()
            && let Some(Computed { op, d, x, right }) = Computed::of(first)
            && op.branch_if().is_some()
        {
            debug_assert_eq!(d, last.slot);
            self.words.truncate(last.word);
            self.last = None;
            return Condition::Compare(op, x, right);
        }
        Condition::NotZero32(self.slot_of(value))
    }

    /// Emits a branch that is taken when a popped value is not zero; distance and gas come later.
    /// Gives back its word. When the last instruction counted the value, a local, up or down, it
    /// becomes part of the branch.
    pub(super) fn emit_branch_if_not_zero(&mut self, value: Operand) -> u32 {
        if let (Source::Local(local), true, Some(counter)) =
            (value.value.source, value.value.is_plain(), self.counter)
            && counter.slot == local
            && counter.word + 1 == self.words.len()
            && let Some(count) = self.words.pop().and_then(Computed::of)
        {
            // What steps another local just before goes into the same instruction.
            let step =
                self.stepper.filter(|step| step.slot != local && step.word + 1 == self.words.len());
            let step = step.and_then(|_| self.words.pop());
            let at = self.words.len() as u32;
            let (x, imm, taken, ways) = (local.into(), count.imm(), 0, Ways(0));
            match step.and_then(Computed::of) {
                Some(step) => {
                    let (other, step) = (step.d.into(), step.imm().into());
                    self.push(BrIfStepNez32 { x, imm, taken, ways, other, step }.encode());
                }
                None => self.push(BrIfAddNez32 { x, imm, taken, ways }.encode()),
            }
            return at;
        }
        let condition = self.condition(value);
        self.emit_branch_if(condition)
    }

    /// Something may jump to what comes next.
    pub(super) fn forget_last(&mut self) {
        self.last = None;
        self.counter = None;
        self.stepper = None;
    }

    /// Emits a branch that is taken when the condition holds; distance and gas come later. Gives
    /// back its word.
    pub(super) fn emit_branch_if(&mut self, condition: Condition) -> u32 {
        let at = self.words.len() as u32;
        let (op, x, y) = condition.branch();
        self.push(op.branch(x, y));
        at
    }
}
