//! The operand stack at translation time: where each value is.
use alloc::vec::Vec;

use super::TranslationError;
use crate::wasm::code::Slot;
use crate::wasm::steps;

const NONE: u32 = u32::MAX;

/// Operands that stand on each other in most functions.
const USUAL_HEIGHT: usize = 16;

/// Where a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// In a slot of its own, that of its height.
    Temp(Slot),
    /// In a local, as long as the local is not written.
    Local(Slot),
    /// Nowhere yet.
    Const(u64),
}

/// A value that may need an instruction before it can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Value {
    pub source: Source,
    /// The value is the low half of the slot: `i32.wrap_i64` without an instruction.
    pub wrapped: bool,
    /// To be added, as a 32-bit number: `i32.add` with a constant without an instruction. Loads and
    /// stores add it themselves.
    pub addend: i16,
}

impl Value {
    /// The value is just what is in its slot, in all its bits.
    pub fn is_plain(&self) -> bool {
        !self.wrapped && self.addend == 0
    }
}

/// A value that was on the operand stack.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operand {
    pub value: Value,
    /// The slot of its height.
    pub home: Slot,
}

struct Entry {
    value: Value,
    /// Operands below it.
    height: u32,
    /// For a local: the next lower entry that is the same local.
    below: u32,
}

fn plain(source: Source) -> Value {
    Value { source, wrapped: false, addend: 0 }
}

/// The operand stack. Operands that are in the slots of their heights, as instructions leave them
/// there, only count: two bytes of a module can push 16 of them, and use 64.
#[derive(Default)]
pub(super) struct Operands {
    height: u32,
    /// Those that are not in the slot of their height, or were not, in rising order.
    away: Vec<Entry>,
    /// For each local the highest entry that is in it. There may be more than the function has:
    /// they are [`NONE`] again after each function.
    aliases: Vec<u32>,
    /// Slots before the first operand.
    locals: u32,
    /// Entries before this one are in no local.
    flushed: usize,
    greatest_height: u32,
    frame_slots: u32,
}

impl Operands {
    /// Makes it an empty stack above `locals` locals, in a frame of at most `frame_slots` slots.
    pub fn begin(&mut self, locals: u32, frame_slots: u32) {
        self.truncate(0);
        self.away.reserve(USUAL_HEIGHT);
        if self.aliases.len() < locals as usize {
            self.aliases.resize(locals as usize, NONE);
        }
        self.locals = locals;
        self.greatest_height = 0;
        self.frame_slots = frame_slots.min(u32::from(u16::MAX));
    }

    /// Bytes that it holds on to.
    pub fn room(&self) -> usize {
        self.away.capacity() * size_of::<Entry>() + self.aliases.capacity() * size_of::<u32>()
    }

    pub fn height(&self) -> u32 {
        self.height
    }

    pub fn greatest_height(&self) -> u32 {
        self.greatest_height
    }

    pub fn locals(&self) -> u32 {
        self.locals
    }

    /// The slot of an operand at a height.
    pub fn home(&self, height: u32) -> Result<Slot, TranslationError> {
        let slot = self.locals.saturating_add(height);
        if slot >= self.frame_slots {
            return Err(TranslationError::FrameTooLarge);
        }
        Ok(Slot(slot as u16))
    }

    fn push(&mut self, value: Value, below: u32) -> Result<(), TranslationError> {
        self.away.push(Entry { value, height: self.height, below });
        self.push_temp().map(drop)
    }

    /// Pushes a value that an instruction leaves in the slot of its height; gives back the slot.
    pub fn push_temp(&mut self) -> Result<Slot, TranslationError> {
        let home = self.home(self.height)?;
        self.height += 1;
        self.greatest_height = self.greatest_height.max(self.height);
        Ok(home)
    }

    /// Pushes `count` values that are in the slots of their heights.
    pub fn push_temps(&mut self, count: u32) -> Result<(), TranslationError> {
        let Some(last) = count.checked_sub(1) else { return Ok(()) };
        self.home(self.height.saturating_add(last))?;
        self.height += count;
        self.greatest_height = self.greatest_height.max(self.height);
        Ok(())
    }

    pub fn push_const(&mut self, value: u64) -> Result<(), TranslationError> {
        self.push(plain(Source::Const(value)), NONE)
    }

    pub fn push_local(&mut self, local: u32) -> Result<(), TranslationError> {
        self.push_value(plain(Source::Local(Slot(local as u16))))
    }

    /// Pushes a value that was popped at this height, or is independent of it.
    pub fn push_value(&mut self, mut value: Value) -> Result<(), TranslationError> {
        let mut below = NONE;
        match &mut value.source {
            Source::Temp(slot) => {
                *slot = self.home(self.height)?;
                if value.is_plain() {
                    return self.push_temp().map(drop);
                }
            }
            Source::Local(local) => {
                let alias = self
                    .aliases
                    .get_mut(usize::from(local.0))
                    .ok_or(TranslationError::Malformed)?;
                below = core::mem::replace(alias, self.away.len() as u32);
            }
            Source::Const(_) => {}
        }
        self.push(value, below)
    }

    pub fn pop(&mut self) -> Result<Operand, TranslationError> {
        let height = self.height.checked_sub(1).ok_or(TranslationError::Malformed)?;
        let home = self.home(height)?;
        self.height = height;
        let value = self.pop_away(height).unwrap_or(plain(Source::Temp(home)));
        Ok(Operand { value, home })
    }

    /// Forgets the highest entry if it is not below a height; gives back what it was.
    #[inline]
    fn pop_away(&mut self, height: u32) -> Option<Value> {
        let entry = self.away.pop_if(|entry| entry.height >= height)?;
        steps::count(1);
        self.flushed = self.flushed.min(self.away.len());
        self.forget(entry.value.source, entry.below);
        Some(entry.value)
    }

    fn forget(&mut self, source: Source, below: u32) {
        if let Source::Local(local) = source
            && let Some(alias) = self.aliases.get_mut(usize::from(local.0))
        {
            *alias = below;
        }
    }

    /// Drops everything above a height.
    pub fn truncate(&mut self, height: u32) {
        while self.pop_away(height).is_some() {}
        self.height = self.height.min(height);
    }

    /// Moves an entry home. Gives back what to copy, if anything. Entries above it that are in the
    /// same local must have been moved before.
    pub fn move_home(&mut self, entry: u32) -> Result<Option<Operand>, TranslationError> {
        steps::count(1);
        let height = self.away.get(entry as usize).ok_or(TranslationError::Malformed)?.height;
        let home = self.home(height)?;
        let entry = self.away.get_mut(entry as usize).ok_or(TranslationError::Malformed)?;
        let before = Operand { value: entry.value, home };
        if before.value == plain(Source::Temp(home)) {
            return Ok(None);
        }
        let below = core::mem::replace(&mut entry.below, NONE);
        entry.value = plain(Source::Temp(home));
        self.forget(before.value.source, below);
        Ok(Some(before))
    }

    /// Entries from the height `bottom` on, which [`Self::move_home`] may have to move;
    /// [`Self::set_at_home`] forgets them then, so that each is looked at once.
    pub fn not_at_home(&self, bottom: u32) -> core::ops::Range<u32> {
        let count = self.away.iter().rev().take_while(|entry| entry.height >= bottom).count();
        steps::count(count);
        (self.away.len() - count) as u32..self.away.len() as u32
    }

    /// Whether there are `count` operands from `bottom` on, all in the slots of their height.
    pub fn are_at_home(&self, bottom: u32, count: u32) -> bool {
        self.height.checked_sub(count) == Some(bottom) && self.not_at_home(bottom).is_empty()
    }

    /// All entries from `bottom` on have been moved home.
    pub fn set_at_home(&mut self, bottom: u32) {
        while self.pop_away(bottom).is_some() {}
    }

    /// The highest entry that is in a local, for one that is about to be written.
    pub fn highest_alias(&self, local: u32) -> Option<u32> {
        self.aliases.get(local as usize).copied().filter(|entry| *entry != NONE)
    }

    /// Entries that may be in locals, down to the last flush.
    pub fn unflushed(&self) -> core::ops::Range<u32> {
        steps::count(self.away.len().saturating_sub(self.flushed));
        self.flushed as u32..self.away.len() as u32
    }

    /// Whether an entry is in a local.
    pub fn is_local(&self, entry: u32) -> bool {
        self.away
            .get(entry as usize)
            .is_some_and(|entry| matches!(entry.value.source, Source::Local(_)))
    }

    /// All entries are out of the locals.
    pub fn set_flushed(&mut self) {
        self.flushed = self.away.len();
    }
}
