//! Memory of open frames. A message and the ones nested in it run on one thread, since the client recurses.
use std::cell::Cell;

use tephra_core::ewasm::state::DriverConfig;

thread_local! {
    /// Pages of the frames that wait on this thread.
    static OPEN: Cell<u32> = const { Cell::new(0) };
}

/// Pages that are counted until this is dropped.
pub struct OpenPages {
    before: u32,
}

impl OpenPages {
    /// Begins to count anew, for a message that no other one sent.
    pub fn none() -> Self {
        Self { before: OPEN.replace(0) }
    }

    /// Counts the pages of a frame that waits. None when they are too many with those of the frames around it, as for all hosts of the engine.
    pub fn of_waiting(pages: u32) -> Option<Self> {
        let before = OPEN.get();
        let all = before.saturating_add(pages);
        if all > DriverConfig::default().open_pages {
            return None;
        }
        OPEN.set(all);
        Some(Self { before })
    }
}

impl Drop for OpenPages {
    fn drop(&mut self) {
        OPEN.set(self.before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_counted_while_frames_wait() {
        let limit = DriverConfig::default().open_pages;
        let all = OpenPages::of_waiting(limit).unwrap();
        assert!(OpenPages::of_waiting(0).is_some());
        assert!(OpenPages::of_waiting(1).is_none());
        let anew = OpenPages::none();
        assert!(OpenPages::of_waiting(limit).is_some());
        drop(anew);
        assert!(OpenPages::of_waiting(1).is_none());
        drop(all);
        assert!(OpenPages::of_waiting(limit).is_some());
    }
}
