//! What waiting frames hold. A message and the ones nested in it run on one thread, since the client recurses.
use std::cell::Cell;

use tephra_core::ewasm::Frame;
use tephra_core::ewasm::state::{Held, OpenLimits};

thread_local! {
    /// What the frames hold that wait on this thread.
    static HELD: Cell<Held> = const { Cell::new(Held::NONE) };
}

/// What is counted until this is dropped.
pub struct Waiting {
    before: Held,
}

impl Waiting {
    /// Begins to count anew, for a message that no other one sent.
    pub fn none() -> Self {
        Self { before: HELD.replace(Held::NONE) }
    }

    /// Counts a frame that waits. None when it holds too much with the frames around it, as for all hosts of the engine; their code, which the client has, is not counted.
    pub fn for_nested(frame: &Frame) -> Option<Self> {
        let before = HELD.get();
        let all = before.and(frame, 0);
        if !all.fits(&OpenLimits::DEFAULT) {
            return None;
        }
        HELD.set(all);
        Some(Self { before })
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        HELD.set(self.before);
    }
}
