//! What executions that follow one another in a store allocate only once.
use alloc::vec::Vec;

use super::context::Frame;
use crate::wasm::translate::Scratch;

/// Slots of a stack that is kept at most, so that one deep recursion does not hold on to its memory
/// for as long as the store lives.
const KEPT_SLOTS: usize = 4096;

/// Frames that are kept at most.
const KEPT_FRAMES: usize = 1024;

/// Stack and frames of the last execution that finished, for the next one.
#[derive(Default)]
pub(crate) struct Spare {
    stack: Vec<u64>,
    /// Always empty: only its room counts.
    frames: Vec<Frame>,
    /// For the next function that is translated.
    pub scratch: Scratch,
}

// SAFETY: There are no frames, and so no pointers.
unsafe impl Send for Spare {}
// SAFETY: As above.
unsafe impl Sync for Spare {}

impl Spare {
    /// Gives an execution a stack of at least `slots` slots that starts with what `stack` holds,
    /// and room for frames.
    pub fn take(&mut self, stack: &mut Vec<u64>, frames: &mut Vec<Frame>, slots: usize) {
        let mut spare = core::mem::take(&mut self.stack);
        if spare.len() < slots {
            spare.resize(slots, 0);
        }
        for (slot, value) in spare.iter_mut().zip(&*stack) {
            *slot = *value;
        }
        *stack = spare;
        *frames = core::mem::take(&mut self.frames);
    }

    /// Takes back what an execution needs no more.
    pub fn keep(&mut self, stack: &mut Vec<u64>, frames: &mut Vec<Frame>) {
        if stack.len() <= KEPT_SLOTS {
            self.stack = core::mem::take(stack);
        }
        if frames.capacity() <= KEPT_FRAMES {
            frames.clear();
            self.frames = core::mem::take(frames);
        }
    }
}
