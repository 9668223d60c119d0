//! What open frames hold, and how much of it they may.
use crate::ewasm::Frame;

/// What the open frames of a transaction may hold together, the innermost one left aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenLimits {
    /// Pages (64 KiB) of memory that the frames have reached, those of each frame rounded up ([`Frame::memory_pages`]). A frame counts as one page at least.
    pub pages: u32,
    /// Bytes of call data, init code and return data, as [`Frame::data_bytes`] counts them.
    pub data: u64,
    /// Bytes of the code that is open, init code included. Code that several frames run counts once.
    pub code: u64,
}

impl OpenLimits {
    /// 8192 pages, 512 MiB of data, any code.
    pub const DEFAULT: Self = Self { pages: 8192, data: 512 << 20, code: u64::MAX };
}

/// What frames that are open hold together: memory, data and code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    pages: u32,
    data: u64,
    code: u64,
}

impl Held {
    /// Of no frame.
    pub const NONE: Self = Self { pages: 0, data: 0, code: 0 };

    /// With another frame, which waits, and the bytes of its code that no frame around it has.
    pub fn and(self, frame: &Frame, code: u64) -> Self {
        Self {
            pages: self.pages.saturating_add(frame.memory_pages().max(1)),
            data: self.data.saturating_add(frame.data_bytes()),
            code: self.code.saturating_add(code),
        }
    }

    /// Whether a message may begin within these frames.
    pub fn fits(self, limits: &OpenLimits) -> bool {
        self.pages <= limits.pages && self.data <= limits.data
    }

    /// Whether so many bytes of code may be opened besides.
    pub fn has_room_for_code(self, code: u64, limits: &OpenLimits) -> bool {
        self.code.saturating_add(code) <= limits.code
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;
    use crate::ewasm::testing::*;
    use crate::ewasm::{Code, Vm, VmConfig};
    use crate::revision::Revision;

    const LIMITS: OpenLimits = OpenLimits { pages: 2, data: 64, code: 100 };

    #[test]
    fn a_frame_without_memory_counts_as_a_page() {
        let vm = Vm::new(VmConfig::default());
        let contract = vm.contract(Revision::NEWEST, Code::unknown(&contract(&[], ""))).unwrap();
        let mut message = Scene::new().message;
        message.input = vec![1; 16].into();
        let frame = vm.frame(Revision::NEWEST, message, contract);
        let one = Held::NONE.and(&frame, 10);
        assert_eq!(one, Held { pages: 1, data: 32, code: 10 });
        let two = one.and(&frame, 0);
        assert!(two.fits(&LIMITS));
        assert!(!two.and(&frame, 0).fits(&LIMITS));
    }

    #[test]
    fn each_limit_is_the_last_that_fits() {
        let held = Held { pages: 2, data: 64, code: 50 };
        assert!(held.fits(&LIMITS) && held.has_room_for_code(50, &LIMITS));
        assert!(!Held { pages: 3, ..held }.fits(&LIMITS));
        assert!(!Held { data: 65, ..held }.fits(&LIMITS));
        assert!(!held.has_room_for_code(51, &LIMITS));
        assert!(held.has_room_for_code(u64::MAX - 50, &OpenLimits::DEFAULT));
    }
}
