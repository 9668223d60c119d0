//! Puts values in the place of others.
use crate::ir::{Block, Value};

/// Which values stand for which.
#[derive(Clone, Debug, Default)]
pub(super) struct Replacements {
    by: Vec<Option<Value>>,
}

impl Replacements {
    /// Has `value` replaced from now on.
    pub fn insert(&mut self, value: Value, by: Value) {
        let at = value.0 as usize;
        if self.by.len() <= at {
            self.by.resize(at + 1, None);
        }
        self.by[at] = Some(self.of(by));
    }

    /// Returns what stands for a value.
    pub fn of(&self, mut value: Value) -> Value {
        while let Some(Some(by)) = self.by.get(value.0 as usize) {
            value = *by;
        }
        value
    }

    pub fn is_empty(&self) -> bool {
        self.by.is_empty()
    }

    /// Replaces all that a block uses.
    pub fn apply(&self, block: &mut Block) {
        for instruction in &mut block.instructions {
            instruction.kind.operands_mut(|value| *value = self.of(*value));
            for inner in instruction.kind.blocks_mut() {
                self.apply(inner);
            }
        }
        for value in block.end.values_mut() {
            *value = self.of(*value);
        }
    }
}
