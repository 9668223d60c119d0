//! Sizes of the engine inside the runtime, and the heap that they need.
use tephra_core::ewasm::OpenLimits;
use tephra_core::wasm::Limits;

/// Bytes of a page of memory.
const PAGE: u64 = 64 << 10;

/// Bytes of the largest piece that the executor's allocator gives.
const LARGEST_PIECE: u64 = 32 << 20;

/// Bytes that compiling a byte of code takes, at most: the code, its tables and its translation,
/// each rounded up.
const COMPILED: u64 = 16;

/// Bytes of the largest init code, and of twice the largest code of a contract: code that is
/// compiled only to be checked.
const CHECKED: u64 = 256 << 10;

/// Classes of sizes that code at hand can have, from 4 KiB to 256 KiB. It is there twice, once
/// rounded up.
const CODE_CLASSES: u64 = 7;

/// Bytes that a signed extrinsic's call may take when it is decoded: `DEFAULT_MAX_CALL_SIZE` of
/// `sp_runtime`.
const DECODED: u64 = 16 << 20;

/// Bytes for all small structures of frames.
const SMALL: u64 = 2 << 20;

/// The part of the journal's limit that its entries take, in hundredths, in each class of sizes.
/// Contracts choose the entries, so that each class may reach its most:
///
/// - 4 KiB: pieces of undo entries (41 bytes of 48);
/// - 512 bytes: nodes of transient slots (104 of 176);
/// - 1 KiB: notes on slots (208 of 448);
/// - 128 bytes: topics of logs (136 of 432), or notes on contracts (136 of 576);
/// - 16 bytes: reference counts of the data of logs (24 of 288);
/// - one class and the one below: the list of logs (256 of 288).
const JOURNAL_CLASSES: [u64; 6] = [86, 60, 47, 32, 9, 89];

/// The least gas for a byte of a log's data. Logs come in any size, rounded up.
const GAS_PER_LOG_BYTE: u64 = 8;

/// The least gas for a changed slot: 64 bytes in the list of changes, which comes in any size,
/// rounded up.
const GAS_PER_CHANGE: u64 = 2_900;

/// The least gas for reading an account, whose code may be one not seen before: 128 bytes are noted
/// for it.
const GAS_PER_CODE: u64 = 2_600;

/// Sizes of the engine inside the runtime. Contracts can observe all of them but those of the
/// cache, so that a change is an upgrade of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EngineLimits {
    /// Pages (64 KiB) of memory that a frame may have, used or not. The command and EVMC allow 512.
    pub memory_pages: u32,
    /// What the open frames of a transaction may hold together when one of them sends a nested
    /// message. Memory counts as far as it was reached. A frame counts as one page at least, so
    /// that the number of pages also bounds the depth of calls, besides Ethereum's 1024.
    pub open: OpenLimits,
    /// Slots (8 bytes) of a frame's stack. The command and EVMC allow 32768.
    pub stack_slots: u32,
    /// Bytes that a transaction's journal may count for: accounts, slots, transient slots and logs,
    /// and their undo entries, see
    /// [`JournalLimits::bytes`](tephra_core::state::JournalLimits::bytes). A message that needs
    /// more fails. The command allows 1 GiB.
    pub journal_bytes: u32,
    /// The most compiled contracts that an instance of the runtime keeps: for one block when it is
    /// imported, for one extrinsic when it is built.
    pub cache_entries: u32,
    /// The most bytes of code of the contracts that are kept, and of code that a transaction has at
    /// hand. Their compiled form takes a small multiple of that.
    pub cache_bytes: u32,
}

impl EngineLimits {
    /// Contracts take 128 MiB of the heap at most. With [what surrounds them](Self::around_bytes),
    /// a runtime should have 192 MiB: the storage item `:heappages` is 3072. The executor's default
    /// is 2048.
    pub const HEAP_128_MIB: Self = Self {
        memory_pages: 16,
        open: OpenLimits { pages: 200, data: 512 << 10, code: 512 << 10 },
        stack_slots: 1 << 11,
        // All slots (7989) or accounts (6452) that 2^24 gas can read, 23,000 transient slots, or
        // 14,000 logs.
        journal_bytes: 4 << 20,
        cache_entries: 32,
        cache_bytes: 512 << 10,
    };

    /// For runtimes with a heap of 1 GiB, [what surrounds contracts](Self::around_bytes) included:
    /// the storage item `:heappages` is 16384. Nodes use that much memory only while a block does.
    pub const HEAP_1_GIB: Self = Self {
        memory_pages: 64,
        open: OpenLimits { pages: 2048, data: 2 << 20, code: 4 << 20 },
        stack_slots: 1 << 14,
        // All that 2^24 gas can make grow.
        journal_bytes: 48 << 20,
        cache_entries: 128,
        cache_bytes: 2 << 20,
    };

    /// Bytes of the parts in which the memory of open frames is allocated.
    pub(crate) const fn memory_part(&self) -> u64 {
        let all = (self.open.pages as u64 + self.memory_pages as u64) * PAGE;
        if all > LARGEST_PIECE { LARGEST_PIECE } else { all.next_power_of_two() }
    }

    /// Bytes of the heap that contracts may take, at most, in any number of extrinsics that one
    /// instance of the runtime runs, without [`Self::paid_bytes`].
    ///
    /// The executor's allocator has a class for each power of two, rounds up to it, and never gives
    /// memory of one class to another. What counts is therefore not what is alive at one moment,
    /// but the sum over the classes of the most that was ever alive in each; and contracts choose
    /// when that is. Each summand here is such a sum for one structure, so that a block takes no
    /// more than its worst extrinsics together, in whatever order they come.
    ///
    /// A structure that grows by doubling may take twice what is alive, and one that comes in all
    /// sizes may take what is alive in each class. So the memory of frames is allocated in parts of
    /// one size, and the journal in pieces of one size.
    pub const fn heap_bytes(&self) -> u64 {
        let limits = Limits::CONTRACT;
        // Those that wait, and the one that runs.
        let frames = if self.open.pages < 1024 { self.open.pages as u64 + 1 } else { 1025 };
        let stack = 8 * self.stack_slots as u64;
        let calls = (12 * limits.call_depth as u64).next_power_of_two();
        let tables = 8 * (limits.table_elements as u64 + limits.globals as u64);
        let of_frames = 2 * frames * (stack + calls + tables);
        let cache = self.cache_bytes as u64;
        let code = COMPILED * (self.open.code + cache + CHECKED) + 2 * CODE_CLASSES * cache;
        self.memory() + of_frames + self.data(frames) + code + self.journal() + SMALL
    }

    /// Bytes of the heap that `gas` pays for by the byte, in whatever sizes they come: logs, and
    /// the list of changes.
    pub const fn paid_bytes(gas: u64) -> u64 {
        let logs = (gas / GAS_PER_LOG_BYTE).saturating_mul(2);
        let changes = (gas / GAS_PER_CHANGE).saturating_mul(2 * 64);
        let codes = (gas / GAS_PER_CODE).saturating_mul(128);
        logs.saturating_add(changes).saturating_add(codes)
    }

    /// Bytes of the heap that an extrinsic or a block of `bytes` bytes takes before and after it
    /// runs: as received, split, decoded, and encoded for the signature. `decoded` calls have all
    /// the memory that Substrate allows one, 16 MiB (`DEFAULT_MAX_CALL_SIZE`): in a batch, two
    /// bytes become a call of 48. Decoded and encoded data grow by doubling.
    pub const fn around_bytes(bytes: u32, decoded: u64) -> u64 {
        6 * (bytes as u64).next_power_of_two() + decoded * 2 * DECODED
    }

    /// Bytes of the journal.
    const fn journal(&self) -> u64 {
        let [pieces, nodes, slots, topics, shares, logs] = JOURNAL_CLASSES;
        (pieces + nodes + slots + topics + shares + logs) * self.journal_bytes as u64 / 100
    }

    /// Bytes of the memory of open frames. A part is full when the next frame's may not fit.
    const fn memory(&self) -> u64 {
        let part = self.memory_part();
        let frame = self.memory_pages as u64 * PAGE;
        // A frame as large as a part has one to itself.
        let filled = if part > frame { part - frame } else { PAGE };
        (1 + if part < LARGEST_PIECE { 0 } else { self.open.pages as u64 * PAGE / filled }) * part
    }

    /// Bytes of call data and return data. Each waiting frame holds two of them, rounded up, within
    /// the limit. The innermost frame has its return buffer, its output, its call data and those of
    /// a message that it sends, each as large as a frame's memory, and a few bytes more for a
    /// reference count.
    const fn data(&self, frames: u64) -> u64 {
        let memory = (self.memory_pages as u64 * PAGE).next_power_of_two();
        let mut sum = 0;
        let mut class = 8;
        while class <= 2 * memory {
            let waiting = if 2 * frames * class < self.open.data {
                2 * frames * class
            } else {
                self.open.data
            };
            let innermost = if class <= memory { 4 * class } else { 2 * class };
            sum += waiting + innermost;
            class *= 2;
        }
        sum
    }
}

impl Default for EngineLimits {
    fn default() -> Self {
        Self::HEAP_128_MIB
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_fit_the_heaps_named_in_them() {
        assert!(EngineLimits::HEAP_128_MIB.heap_bytes() <= 128 << 20);
        // A transaction of all its gas, in a block of three quarters of 5 MiB.
        let besides = EngineLimits::paid_bytes(1 << 24) + EngineLimits::around_bytes(15 << 18, 1);
        assert!(EngineLimits::HEAP_128_MIB.heap_bytes() + besides <= 192 << 20);
        assert!(EngineLimits::HEAP_1_GIB.heap_bytes() + besides <= 1 << 30);
    }

    #[test]
    fn every_larger_limit_takes_more_of_the_heap() {
        let least = EngineLimits::HEAP_128_MIB;
        let open = least.open;
        for more in [
            EngineLimits { memory_pages: 32, ..least },
            EngineLimits { open: OpenLimits { pages: 500, ..open }, ..least },
            EngineLimits { open: OpenLimits { data: 1 << 20, ..open }, ..least },
            EngineLimits { open: OpenLimits { code: 1 << 20, ..open }, ..least },
            EngineLimits { stack_slots: 1 << 12, ..least },
            EngineLimits { cache_bytes: 1 << 20, ..least },
            EngineLimits { journal_bytes: 5 << 20, ..least },
        ] {
            assert!(more.heap_bytes() > least.heap_bytes(), "{more:?}");
        }
    }

    #[test]
    fn memory_is_one_part_as_long_as_it_fits_the_largest_piece() {
        let limits = |pages| EngineLimits {
            open: OpenLimits { pages, ..OpenLimits::DEFAULT },
            ..EngineLimits::HEAP_128_MIB
        };
        assert_eq!((limits(200).memory_part(), limits(200).memory()), (16 << 20, 16 << 20));
        assert_eq!((limits(300).memory_part(), limits(300).memory()), (32 << 20, 32 << 20));
        // Each of them is full with 496 pages and one byte, since the next frame may have 16.
        assert_eq!((limits(1024).memory_part(), limits(1024).memory()), (32 << 20, 96 << 20));
    }
}
