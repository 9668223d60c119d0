//! Emitting instructions, and looking back at the last one.
use super::operands::{Operand, Source};
use super::{TranslationError, Translator};
use crate::wasm::code::{Op, a, b, c, word, word_wide};

/// An instruction that left its result in a slot and that can still be changed: nothing can jump to behind it.
#[derive(Clone, Copy)]
pub(super) struct Last {
    /// Its first word.
    pub word: usize,
    /// Where it left its result.
    pub slot: u16,
}

/// A condition for a branch.
#[derive(Clone, Copy)]
pub(super) enum Condition {
    /// A 32-bit slot is not zero.
    NotZero32(u16),
    /// A 64-bit slot is not zero.
    NotZero64(u16),
    /// A comparison of a slot with a slot or an immediate.
    Compare(Op, u16, u16),
}

impl Condition {
    pub fn negated(self) -> Self {
        match self {
            Self::NotZero32(slot) => Self::Compare(Op::I32Eqz, slot, 0),
            Self::NotZero64(slot) => Self::Compare(Op::I64Eqz, slot, 0),
            Self::Compare(Op::I32Eqz, slot, _) => Self::NotZero32(slot),
            Self::Compare(Op::I64Eqz, slot, _) => Self::NotZero64(slot),
            Self::Compare(op, x, y) => match op.negated() {
                Some((op, true)) => Self::Compare(op, y, x),
                Some((op, false)) => Self::Compare(op, x, y),
                None => self,
            },
        }
    }

    /// Opcode and operands of the branch that is taken when the condition holds.
    fn branch(self) -> (Op, u16, u16) {
        match self {
            Self::NotZero32(slot) => (Op::BrIfNez32, slot, 0),
            Self::NotZero64(slot) => (Op::BrIfNez64, slot, 0),
            Self::Compare(op, x, y) => (op.branch_if().unwrap_or(Op::BrIfNez32), x, y),
        }
    }
}

impl Translator<'_> {
    /// Appends a word that is not the last word of something that can be changed later.
    pub(super) fn push_word(&mut self, word: u64) {
        self.words.push(word);
        self.last = None;
    }

    /// Appends an instruction of `words` that writes slot `d`, and remembers it.
    pub(super) fn push_defining<const N: usize>(&mut self, d: u16, words: [u64; N]) {
        let at = self.words.len();
        self.words.extend_from_slice(&words);
        self.last = Some(Last { word: at, slot: d });
    }

    /// Puts a constant into a slot.
    pub(super) fn emit_const(&mut self, d: u16, value: u64) {
        if let Ok(small) = u32::try_from(value) {
            self.push_defining(d, [word_wide(Op::Const32, d, small)]);
        } else if let Ok(small) = i32::try_from(value as i64) {
            self.push_defining(d, [word_wide(Op::Const32S, d, small as u32)]);
        } else {
            self.push_defining(d, [word(Op::Const64, d, 0, 0), value]);
        }
    }

    /// Copies a value into a slot, unless it is there.
    pub(super) fn copy_to(&mut self, d: u16, value: Operand) {
        match value.source {
            Source::Const(bits) => self.emit_const(d, bits),
            Source::Temp(slot) | Source::Local(slot) if value.wrapped => {
                self.push_defining(d, [word(Op::I32Wrap, d, slot, 0)]);
            }
            Source::Temp(slot) | Source::Local(slot) => {
                if slot != d {
                    self.push_defining(d, [word(Op::Copy, d, slot, 0)]);
                }
            }
        }
    }

    /// The slot that holds a value; a constant is put into its home first.
    pub(super) fn slot_of(&mut self, value: Operand) -> u16 {
        match value.source {
            Source::Temp(slot) | Source::Local(slot) => slot,
            Source::Const(bits) => {
                self.emit_const(value.home, bits);
                value.home
            }
        }
    }

    /// Whether the last instruction made this value, which nothing else uses.
    pub(super) fn made_by_last(&self, value: Operand) -> Option<Last> {
        match (value.source, self.last) {
            (Source::Temp(slot), Some(last)) if last.slot == slot && !value.wrapped => Some(last),
            _ => None,
        }
    }

    /// Writes a popped value into a local.
    pub(super) fn write_local(&mut self, local: u32, value: Operand) -> Result<(), TranslationError> {
        if local >= self.operands.locals() {
            return Err(TranslationError::Malformed);
        }
        let d = local as u16;
        if value.source == Source::Local(d) {
            return Ok(());
        }
        // Operands that are the local's present value get it before it changes.
        while let Some(height) = self.operands.highest_alias(local) {
            if let Some(alias) = self.operands.move_home(height)? {
                self.copy_to(alias.home, alias);
            }
        }
        if let Some(last) = self.made_by_last(value)
            && let Some(first) = self.words.get_mut(last.word)
        {
            *first = *first & !(0xffff << 16) | u64::from(d) << 16;
            self.last = None;
            return Ok(());
        }
        self.copy_to(d, value);
        self.last = None;
        Ok(())
    }

    /// Moves the `count` topmost operands to their homes.
    pub(super) fn move_top_home(&mut self, count: u32) -> Result<(), TranslationError> {
        let height = self.operands.height();
        let bottom = height.checked_sub(count).ok_or(TranslationError::Malformed)?;
        for at in (bottom..height).rev() {
            if let Some(value) = self.operands.move_home(at)? {
                self.copy_to(value.home, value);
            }
        }
        Ok(())
    }

    /// Moves all operands out of locals: a block begins, in which locals may be written on one way and not on another.
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

    /// Makes a condition of a popped value; a comparison that was the last instruction becomes part of it.
    pub(super) fn condition(&mut self, value: Operand) -> Condition {
        if let Some(last) = self.made_by_last(value)
            && let Some(first) = self.words.get(last.word).copied()
            && let Some(op) = Op::of(first)
            && op.branch_if().is_some()
        {
            debug_assert_eq!(a(first), last.slot);
            self.words.truncate(last.word);
            self.last = None;
            return Condition::Compare(op, b(first), c(first));
        }
        Condition::NotZero32(self.slot_of(value))
    }

    /// Emits a branch that is taken when the condition holds; distance and gas come later. Gives back its word.
    pub(super) fn emit_branch_if(&mut self, condition: Condition) -> u32 {
        let at = self.words.len() as u32;
        let (op, x, y) = condition.branch();
        self.push_word(word(op, x, y, 0));
        self.push_word(0);
        at
    }
}
