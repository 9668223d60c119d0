//! The stack of an execution: what an execution fills, and a store keeps for the next one.
use alloc::vec::Vec;

/// Slots of a stack that is kept at most, so that one deep recursion does not hold on to its memory
/// for as long as the store lives.
const KEPT_SLOTS: usize = 4096;

/// Frames that are kept at most.
const KEPT_FRAMES: usize = 1024;

/// A function that waits for the one it called.
#[derive(Clone, Copy)]
pub(crate) struct Frame {
    /// Where it goes on. Only the interpreter reads there.
    pub ip: *const u64,
    /// Slots between its frame and that of its callee.
    pub delta: u32,
    /// Its instance.
    pub instance: u32,
}

/// Slots and waiting functions.
#[derive(Default)]
pub(crate) struct Stack {
    /// The slots of all frames.
    pub slots: Vec<u64>,
    /// The functions that wait, outermost first.
    pub frames: Vec<Frame>,
}

impl Stack {
    /// A stack that holds arguments and has no room yet.
    pub fn of_arguments(slots: Vec<u64>) -> Self {
        Self { slots, frames: Vec::new() }
    }

    /// Moves what `stack` holds here, and all to `stack`, with `slots` slots at least.
    pub fn lend(&mut self, stack: &mut Self, slots: usize) {
        let mut spare = core::mem::take(&mut self.slots);
        if spare.len() < slots {
            spare.resize(slots, 0);
        }
        for (slot, value) in spare.iter_mut().zip(&stack.slots) {
            *slot = *value;
        }
        stack.slots = spare;
        stack.frames = core::mem::take(&mut self.frames);
    }

    /// Takes back what an execution needs no more.
    pub fn keep(&mut self, stack: &mut Self) {
        if stack.slots.len() <= KEPT_SLOTS {
            self.slots = core::mem::take(&mut stack.slots);
        }
        if stack.frames.capacity() <= KEPT_FRAMES {
            stack.frames.clear();
            self.frames = core::mem::take(&mut stack.frames);
        }
    }
}
