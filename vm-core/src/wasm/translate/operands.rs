//! The operand stack at translation time: where each value is.
use alloc::vec::Vec;

use super::TranslationError;

const NONE: u32 = u32::MAX;

/// Operands that stand on each other in most functions.
const USUAL_HEIGHT: u32 = 16;

/// Where a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// In a slot of its own, that of its height.
    Temp(u16),
    /// In a local, as long as the local is not written.
    Local(u16),
    /// Nowhere yet.
    Const(u64),
}

/// A value that may need an instruction before it can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Value {
    pub source: Source,
    /// The value is the low half of the slot: `i32.wrap_i64` without an instruction.
    pub wrapped: bool,
    /// To be added, as a 32-bit number: `i32.add` with a constant without an instruction. Loads and stores add it themselves.
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
    pub home: u16,
}

struct Entry {
    value: Value,
    /// For a local: the next lower entry that is the same local.
    below: u32,
}

fn plain(source: Source) -> Value {
    Value { source, wrapped: false, addend: 0 }
}

/// The operand stack.
pub(super) struct Operands {
    entries: Vec<Entry>,
    /// For each local the highest entry that is in it.
    aliases: Vec<u32>,
    /// Slots before the first operand.
    locals: u32,
    /// Entries below this height are in no local.
    flushed: usize,
    /// Entries below this height are in the slots of their height, and plain.
    at_home: usize,
    greatest_height: u32,
    frame_slots: u32,
}

impl Operands {
    /// An empty stack above `locals` locals, in a frame of at most `frame_slots` slots.
    pub fn new(locals: u32, frame_slots: u32) -> Self {
        let aliases = alloc::vec![NONE; locals as usize];
        let frame_slots = frame_slots.min(u32::from(u16::MAX));
        let entries = Vec::with_capacity(USUAL_HEIGHT.min(frame_slots) as usize);
        Self { entries, aliases, locals, flushed: 0, at_home: 0, greatest_height: 0, frame_slots }
    }

    pub fn height(&self) -> u32 {
        self.entries.len() as u32
    }

    pub fn greatest_height(&self) -> u32 {
        self.greatest_height
    }

    pub fn locals(&self) -> u32 {
        self.locals
    }

    /// The slot of an operand at a height.
    pub fn home(&self, height: u32) -> Result<u16, TranslationError> {
        let slot = self.locals.saturating_add(height);
        if slot >= self.frame_slots {
            return Err(TranslationError::FrameTooLarge);
        }
        Ok(slot as u16)
    }

    fn push(&mut self, mut value: Value, below: u32) -> Result<u16, TranslationError> {
        let home = self.home(self.height())?;
        if let Source::Temp(slot) = &mut value.source {
            *slot = home;
        }
        self.entries.push(Entry { value, below });
        self.greatest_height = self.greatest_height.max(self.height());
        Ok(home)
    }

    /// Pushes a value that an instruction leaves in the slot of its height; gives back the slot.
    pub fn push_temp(&mut self) -> Result<u16, TranslationError> {
        let home = self.push(plain(Source::Temp(0)), NONE)?;
        if self.at_home + 1 == self.entries.len() {
            self.at_home += 1;
        }
        Ok(home)
    }

    /// Pushes so many values that are in the slots of their heights.
    pub fn push_temps(&mut self, count: u32) -> Result<(), TranslationError> {
        let Some(last) = count.checked_sub(1) else { return Ok(()) };
        let bottom = self.height();
        let (first, last) = (self.home(bottom)?, self.home(bottom.saturating_add(last))?);
        self.entries.extend((first..=last).map(|home| Entry { value: plain(Source::Temp(home)), below: NONE }));
        self.greatest_height = self.greatest_height.max(self.height());
        self.set_at_home(bottom);
        Ok(())
    }

    pub fn push_const(&mut self, value: u64) -> Result<(), TranslationError> {
        self.push(plain(Source::Const(value)), NONE).map(drop)
    }

    pub fn push_local(&mut self, local: u32) -> Result<(), TranslationError> {
        self.push_value(plain(Source::Local(local as u16)))
    }

    /// Pushes a value that was popped at this height, or is independent of it.
    pub fn push_value(&mut self, value: Value) -> Result<(), TranslationError> {
        let mut below = NONE;
        if let Source::Local(local) = value.source {
            let alias = self.aliases.get_mut(usize::from(local)).ok_or(TranslationError::Malformed)?;
            below = core::mem::replace(alias, self.entries.len() as u32);
        }
        self.push(value, below).map(drop)
    }

    pub fn pop(&mut self) -> Result<Operand, TranslationError> {
        let entry = self.entries.pop().ok_or(TranslationError::Malformed)?;
        self.flushed = self.flushed.min(self.entries.len());
        self.at_home = self.at_home.min(self.entries.len());
        self.forget(entry.value.source, entry.below);
        let home = self.home(self.height())?;
        Ok(Operand { value: entry.value, home })
    }

    fn forget(&mut self, source: Source, below: u32) {
        if let Source::Local(local) = source
            && let Some(alias) = self.aliases.get_mut(usize::from(local))
        {
            *alias = below;
        }
    }

    /// Drops everything above a height.
    pub fn truncate(&mut self, height: u32) {
        while self.entries.len() > self.at_home.max(height as usize) {
            if let Some(entry) = self.entries.pop() {
                self.forget(entry.value.source, entry.below);
            }
        }
        // What is at home is in no local.
        self.entries.truncate(height as usize);
        self.flushed = self.flushed.min(self.entries.len());
        self.at_home = self.at_home.min(self.entries.len());
    }

    /// Moves the entry at `height` home. Gives back what to copy, if anything. Entries above it that are in the same local must have been moved before.
    pub fn move_home(&mut self, height: u32) -> Result<Option<Operand>, TranslationError> {
        let home = self.home(height)?;
        let entry = self.entries.get_mut(height as usize).ok_or(TranslationError::Malformed)?;
        let before = Operand { value: entry.value, home };
        if before.value == plain(Source::Temp(home)) {
            return Ok(None);
        }
        let below = core::mem::replace(&mut entry.below, NONE);
        entry.value = plain(Source::Temp(home));
        self.forget(before.value.source, below);
        Ok(Some(before))
    }

    /// Heights from `bottom` on that [`Self::move_home`] may have to move: few bytes can name many operands again and again that have long been where they belong.
    pub fn not_at_home(&self, bottom: u32) -> core::ops::Range<u32> {
        bottom.max(self.at_home as u32)..self.height()
    }

    /// Whether there are just so many entries from `bottom` on, all in the slots of their height.
    pub fn are_at_home(&self, bottom: u32, count: u32) -> bool {
        self.height().checked_sub(count) == Some(bottom) && self.not_at_home(bottom).is_empty()
    }

    /// All entries from `bottom` on have been moved home.
    pub fn set_at_home(&mut self, bottom: u32) {
        if bottom as usize <= self.at_home {
            self.at_home = self.entries.len();
        }
    }

    /// The height of the highest entry that is in a local, for one that is about to be written.
    pub fn highest_alias(&self, local: u32) -> Option<u32> {
        self.aliases.get(local as usize).copied().filter(|height| *height != NONE)
    }

    /// Heights that may hold entries in locals, from the top down to the last flush.
    pub fn unflushed(&self) -> core::ops::Range<u32> {
        self.flushed as u32..self.height()
    }

    /// Whether the entry at a height is in a local.
    pub fn is_local(&self, height: u32) -> bool {
        self.entries.get(height as usize).is_some_and(|entry| matches!(entry.value.source, Source::Local(_)))
    }

    /// All entries are out of the locals.
    pub fn set_flushed(&mut self) {
        self.flushed = self.entries.len();
    }
}
