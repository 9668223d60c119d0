//! What open frames hold, and how much of it they may.
use crate::ewasm::{Frame, PaidCode};

/// What a transaction may hold: its open frames together, the innermost one left aside, and its
/// code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenLimits {
    /// Pages (64 KiB) of memory that the frames have reached, those of each frame rounded up
    /// ([`Frame::memory_pages`]). A frame counts as one page at least.
    pub pages: u32,
    /// Bytes of call data, init code and return data, as [`Frame::data_bytes`] counts them.
    pub data: u64,
    /// Bytes of the code that the transaction has paid for,
    /// [`PaidCode::bytes`](crate::ewasm::PaidCode::bytes), and of the init code that is open.
    pub code: u64,
}

impl OpenLimits {
    /// 8192 pages, 512 MiB of data, 128 MiB of code: no transaction of 2^24 gas can pay for more.
    pub const DEFAULT: Self = Self { pages: 8192, data: 512 << 20, code: 128 << 20 };
}

/// What frames that are open hold together: memory, data and init code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    pages: u32,
    data: u64,
    /// Init code, which belongs to its frame alone. Other code belongs to the transaction.
    code: u64,
}

impl Held {
    /// Of no frame.
    pub const NONE: Self = Self { pages: 0, data: 0, code: 0 };

    /// With another frame, which waits.
    pub fn and(self, frame: &Frame) -> Self {
        let code =
            if frame.message().kind.is_create() { frame.contract().code().len() as u64 } else { 0 };
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

    /// Whether a message with so many bytes of code that its transaction has not paid for may
    /// begin, besides what it has paid for.
    pub fn has_room_for_code(self, bytes: usize, paid: &PaidCode, limits: &OpenLimits) -> bool {
        self.code.saturating_add(paid.bytes()).saturating_add(bytes as u64) <= limits.code
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
        let one = Held::NONE.and(&frame);
        assert_eq!(one, Held { pages: 1, data: 32, code: 0 });
        let two = one.and(&frame);
        assert!(two.fits(&LIMITS));
        assert!(!two.and(&frame).fits(&LIMITS));
    }

    #[test]
    fn each_limit_is_the_last_that_fits() {
        let held = Held { pages: 2, data: 64, code: 50 };
        let has_room =
            |held: Held, bytes| held.has_room_for_code(bytes, &PaidCode::default(), &LIMITS);
        assert!(held.fits(&LIMITS) && has_room(held, 50));
        assert!(!Held { pages: 3, ..held }.fits(&LIMITS));
        assert!(!Held { data: 65, ..held }.fits(&LIMITS));
        assert!(!has_room(held, 51));
        assert!(!has_room(Held { code: u64::MAX, ..held }, 1));
    }
}
