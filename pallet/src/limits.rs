//! Sizes of the engine inside the runtime, and what they take of its heap.
use tephra_core::ewasm::state::OpenLimits;
use tephra_core::wasm::Limits;

/// Bytes of a page of memory.
const PAGE: u64 = 64 << 10;

/// What the executor's allocator gives in one piece, at most.
const LARGEST_PIECE: u64 = 32 << 20;

/// Bytes that compiling a byte of code takes, at most: the code, what is known of it, and its translation, each of them rounded up.
const COMPILED: u64 = 16;

/// Bytes of the largest init code, and of twice the largest code of a contract, whose compilation ends with the check that it is valid.
const CHECKED: u64 = 256 << 10;

/// Classes of sizes that code at hand can have, from 4 KiB to 256 KiB. There is twice of it, once rounded up.
const CODE_CLASSES: u64 = 7;

/// Bytes for what belongs to a frame and is small, and to the runtime around the pallet.
const ELSE: u64 = 8 << 20;

/// Sizes of the engine inside the runtime. All but those of the cache can be seen by contracts, so that a change is an upgrade of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EngineLimits {
    /// Pages (64 KiB) of memory that a frame may have, used or not. The command and EVMC allow 512.
    pub memory_pages: u32,
    /// What the open frames of a transaction may hold together when one of them sends a nested message. Of memory that is what they have reached. A frame counts as a page at least, so that the number
    /// of pages bounds the depth of calls too, besides Ethereum's 1024.
    pub open: OpenLimits,
    /// Slots (8 bytes) of a frame's stack. The command and EVMC allow 32768.
    pub stack_slots: u32,
    /// Compiled contracts that are kept while the runtime's instance lives, at most: during one block when it is imported, during one extrinsic when it is built.
    pub cache_entries: u32,
    /// Bytes of code of the contracts that are kept, at most, and of code that a transaction has at hand. What is kept is a small multiple of that.
    pub cache_bytes: u32,
}

impl EngineLimits {
    /// For runtimes whose heap has 128 MiB, which is what the executor gives them by default.
    pub const HEAP_128_MIB: Self = Self {
        memory_pages: 16,
        open: OpenLimits { pages: 200, data: 512 << 10, code: 512 << 10 },
        stack_slots: 1 << 11,
        cache_entries: 32,
        cache_bytes: 512 << 10,
    };

    /// For runtimes whose heap has 1 GiB: the storage item `:heappages` is 16384. Nodes have that much memory only while a block uses it.
    pub const HEAP_1_GIB: Self = Self {
        memory_pages: 64,
        open: OpenLimits { pages: 2048, data: 2 << 20, code: 4 << 20 },
        stack_slots: 1 << 14,
        cache_entries: 128,
        cache_bytes: 2 << 20,
    };

    /// Bytes of the parts in which the memory of open frames is allocated.
    pub(crate) const fn memory_part(&self) -> u64 {
        let all = (self.open.pages as u64 + self.memory_pages as u64) * PAGE;
        if all > LARGEST_PIECE { LARGEST_PIECE } else { all.next_power_of_two() }
    }

    /// Bytes of the heap that contracts may take in a block, at most, but for what they pay gas for by the byte.
    ///
    /// The executor's allocator has a class for each power of two, rounds up to it, and never gives memory of one class to another. What grows by doubling may therefore take
    /// twice what is alive, and what comes in all sizes may take what is alive in each class. The memory of frames is allocated in parts of one size, and takes what is alive.
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
        self.memory() + of_frames + self.data(frames) + code + ELSE
    }

    /// Of the memory of open frames. A part is full when the next frame's may not fit.
    const fn memory(&self) -> u64 {
        let part = self.memory_part();
        let frame = self.memory_pages as u64 * PAGE;
        // A frame of the size of a part has one alone.
        let filled = if part > frame { part - frame } else { PAGE };
        (1 + if part < LARGEST_PIECE { 0 } else { self.open.pages as u64 * PAGE / filled }) * part
    }

    /// Of call data and return data: what waiting frames hold, and of the innermost one what it was given back and what it gives back, each of them as large as a frame's memory, and its
    /// call data, which are a few bytes more with the counter of who shares them.
    const fn data(&self, frames: u64) -> u64 {
        let memory = (self.memory_pages as u64 * PAGE).next_power_of_two();
        let alive = self.open.data + memory + memory + 2 * memory;
        let mut sum = 0;
        let mut class = 8;
        while class <= 2 * memory {
            let in_class = 2 * frames * class;
            sum += if in_class < alive { in_class } else { alive };
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
    fn limits_fit_the_heaps_that_they_are_named_after() {
        assert!(EngineLimits::HEAP_128_MIB.heap_bytes() <= 128 << 20);
        assert!(EngineLimits::HEAP_1_GIB.heap_bytes() <= 1 << 30);
    }

    #[test]
    fn more_of_anything_takes_more_of_the_heap() {
        let least = EngineLimits::HEAP_128_MIB;
        let open = least.open;
        for more in [
            EngineLimits { memory_pages: 32, ..least },
            EngineLimits { open: OpenLimits { pages: 500, ..open }, ..least },
            EngineLimits { open: OpenLimits { data: 1 << 20, ..open }, ..least },
            EngineLimits { open: OpenLimits { code: 1 << 20, ..open }, ..least },
            EngineLimits { stack_slots: 1 << 12, ..least },
            EngineLimits { cache_bytes: 1 << 20, ..least },
        ] {
            assert!(more.heap_bytes() > least.heap_bytes(), "{more:?}");
        }
    }

    #[test]
    fn memory_comes_in_one_part_as_long_as_it_fits_the_largest_piece() {
        let limits =
            |pages| EngineLimits { open: OpenLimits { pages, ..OpenLimits::DEFAULT }, ..EngineLimits::HEAP_128_MIB };
        assert_eq!((limits(200).memory_part(), limits(200).memory()), (16 << 20, 16 << 20));
        assert_eq!((limits(300).memory_part(), limits(300).memory()), (32 << 20, 32 << 20));
        // Each of them is full with 496 pages and one byte, since the next frame may have 16.
        assert_eq!((limits(1024).memory_part(), limits(1024).memory()), (32 << 20, 96 << 20));
    }
}
