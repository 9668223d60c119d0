//! What open frames hold, and how much of it they may.
use super::{Frame, PaidCode};

/// What a transaction may hold: its open frames together, the innermost one left aside, and its
/// code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenLimits {
    /// Pages (64 KiB) of memory that the frames have reached, those of each frame rounded up
    /// ([`Frame::memory_pages`]). A frame counts as one page at least.
    pub pages: u32,
    /// Bytes of call data, init code and return data, as [`Frame::data_bytes`] counts them.
    pub data: u64,
    /// Bytes of the code that the transaction has paid for, [`PaidCode::bytes`], and of the init
    /// code that is open.
    pub code: u64,
}

impl OpenLimits {
    /// 8192 pages, 512 MiB of data, 128 MiB of code: no transaction of 2^24 gas can pay for more.
    pub const DEFAULT: Self = Self { pages: 8192, data: 512 << 20, code: 128 << 20 };
}

impl Default for OpenLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// What open frames hold together: memory, data and init code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    pages: u32,
    data: u64,
    /// Init code, which belongs to its frame alone. Other code belongs to the transaction.
    code: u64,
}

impl Usage {
    /// That of no frame.
    pub const NONE: Self = Self { pages: 0, data: 0, code: 0 };

    /// Returns the usage with another frame, which waits.
    pub fn and(self, frame: &Frame) -> Self {
        let code =
            if frame.message().kind.is_create() { frame.contract().code().len() as u64 } else { 0 };
        self.plus(Self { pages: frame.memory_pages().max(1), data: frame.data_bytes(), code })
    }

    /// Returns the usage with that of other frames.
    pub fn plus(self, other: Self) -> Self {
        Self {
            pages: self.pages.saturating_add(other.pages),
            data: self.data.saturating_add(other.data),
            code: self.code.saturating_add(other.code),
        }
    }

    /// Returns whether a message may begin within these frames.
    pub fn fits(self, limits: &OpenLimits) -> bool {
        self.pages <= limits.pages && self.data <= limits.data
    }

    /// Returns whether a message may begin whose transaction has not paid for its code, which has
    /// `bytes` bytes, besides the code that it has paid for.
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
        let one = Usage::NONE.and(&frame);
        assert_eq!(one, Usage { pages: 1, data: 32, code: 0 });
        let two = one.and(&frame);
        assert!(two.fits(&LIMITS));
        assert!(!two.and(&frame).fits(&LIMITS));
    }

    #[test]
    fn each_limit_is_the_last_that_fits() {
        let usage = Usage { pages: 2, data: 64, code: 50 };
        let has_room =
            |usage: Usage, bytes| usage.has_room_for_code(bytes, &PaidCode::default(), &LIMITS);
        assert!(usage.fits(&LIMITS) && has_room(usage, 50));
        assert!(!Usage { pages: 3, ..usage }.fits(&LIMITS));
        assert!(!Usage { data: 65, ..usage }.fits(&LIMITS));
        assert!(!has_room(usage, 51));
        assert!(!has_room(Usage { code: u64::MAX, ..usage }, 1));
    }
}
