//! Units of work: what the engine does, counted without a clock.
//!
//! A unit is what an addition takes that waits for the one before it, as in a loop of additions,
//! about 1.5 ns natively; of instructions that do not wait for each other the processor does
//! three in that time. With the feature `work` every place that does work says what it does, in
//! [`Unit`]s, whose weights are one table,
//! and [`measure`] reads them: the same number on every machine, for the search that tries to find
//! work that gas does not pay for (`tests/search`). Without the feature nothing of it is there. It
//! is no part
//! of any result.

macro_rules! units {
    ($($(#[$doc:meta])+ $unit:ident = $weight:literal,)*) => {
        /// A kind of work.
        #[cfg_attr(not(feature = "work"), allow(dead_code))]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Unit { $($(#[$doc])+ $unit),* }

        #[cfg_attr(not(feature = "work"), allow(dead_code))]
        impl Unit {
            /// All kinds.
            pub const ALL: &[Self] = &[$(Self::$unit),*];

            /// What one of the kind weighs, in hundredths of a unit.
            pub const fn weight(self) -> u64 {
                match self { $(Self::$unit => $weight),* }
            }

            /// Its name.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$unit => stringify!($unit)),* }
            }
        }
    };
}

units! {
    // Instructions: each is dispatched and done.
    /// A register instruction that reads and writes slots, or branches.
    Instruction = 30,
    /// That one of them reads what the one before has written: the processor waits until that is
    /// there.
    Waited = 70,
    /// A division or remainder: the processor's slowest arithmetic.
    Division = 300,
    /// A call of an own function: the frame's record, checks, and the registers that change.
    Call = 150,
    /// A return.
    Return = 100,
    /// A call by table: the element and its type are looked up besides.
    CallIndirect = 300,
    /// A call into the host: the interpreter is left and entered again.
    CallImport = 500,
    /// A branch by table, which the processor can seldom foretell.
    BranchTable = 200,
    /// An instruction of tables or references: it calls a function that finds the instance.
    Table = 80,
    /// The fixed part of instructions that fill, copy, initialise and drop, and of growing.
    Bulk = 400,
    /// An instruction on floats, most of which call a library.
    Float = 200,

    // Values.
    /// A slot that moves with others: arguments, results, values of a branch.
    SlotMoved = 10,
    /// A local that is cleared.
    SlotCleared = 10,
    /// Eight bytes that are copied or filled.
    Copied = 10,
    /// Eight bytes of memory that are made and zeroed, the machine's page faults included.
    Zeroed = 200,
    /// An access to memory that is not in the processor's first cache (a model of 512 lines of 64
    /// bytes).
    FirstCacheMiss = 100,
    /// An access that is not in the second cache either (a model of 32768 lines), and whose
    /// page has no cached address.
    SecondCacheMiss = 1500,

    // Tables, globals, segments.
    /// An element that is written from a list of functions.
    Element = 60,
    /// An expression that is evaluated when an instance is made.
    ConstExpression = 100,
    /// An operation of a longer constant expression.
    ConstOperation = 100,
    /// An active segment.
    Segment = 400,
    /// A slot of a table that is filled or copied.
    ElementMoved = 15,

    // Code.
    /// A byte of a module that is looked at: an opcode, a byte of a number.
    ByteRead = 25,
    /// An instruction that is validated: its rule is found.
    Validated = 80,
    /// A byte of a module that is not valid, which the reference reads again to say why.
    Explained = 600,
    /// An instruction that is translated: its rule and its price are found.
    Translated = 300,
    /// A step of validating or translating besides: types of operands that are compared, eight at a
    /// time, operands that are moved, places that enter a segment.
    Step = 60,
    /// A word of register code.
    WordEmitted = 40,

    // Allocation. Counted by programs with an allocator that counts.
    /// An allocation, with its end.
    Allocation = 800,
    /// Eight bytes that move when an allocation grows.
    Moved = 10,

    // Contracts.
    /// A function of the interface: arguments, price, the function itself.
    Interface = 1000,
    /// A message begins and ends: checks, checkpoint, what is handed over.
    Message = 2000,
    /// A frame begins: its store and its instance.
    Frame = 5000,
    /// A step towards a key in an ordered map, of which there are as many as its size has bits.
    MapStep = 150,
    /// A change that is noted, or is undone.
    Change = 150,
    /// An item of a list that is looked through.
    Compared = 40,
    /// A log.
    Log = 800,
    /// A question to the backend.
    Backend = 800,

    // Hashes and curves.
    /// A block of 136 bytes of Keccak-256.
    Keccak = 16_000,
    /// A block of 64 bytes of SHA-256.
    Sha256 = 8000,
    /// A block of 64 bytes of RIPEMD-160.
    Ripemd = 8000,
    /// A public key is recovered.
    Ecrecover = 3_500_000,
    /// Points of a curve are added.
    CurveAdd = 300_000,
    /// A point of a curve is multiplied.
    CurveMultiply = 3_500_000,
    /// The fixed part of a pairing check.
    Pairing = 30_000_000,
    /// A pair of points of a pairing check.
    PairingPair = 25_000_000,
    /// A multiplication of words of 64 bits within a power.
    WordMultiply = 80,
    /// A round of BLAKE2b.
    Blake2Round = 1200,
}

/// Notes work.
#[cfg(feature = "work")]
pub use counted::{Exhausted, Units, add, measure, measure_warm, measure_within};
#[cfg(feature = "work")]
pub(crate) use counted::{cached, check, touch};

/// Notes work: nothing without the feature `work`.
#[cfg(not(feature = "work"))]
#[inline(always)]
pub(crate) fn add(_: Unit, _: u64) {}

/// Counts a copy or fill of `bytes` bytes.
#[inline(always)]
pub(crate) fn copied(bytes: u64) {
    add(Unit::Copied, bytes.div_ceil(8));
}

/// Counts a search in an ordered map of `entries` entries.
#[inline(always)]
pub(crate) fn looked_up(entries: usize) {
    add(Unit::MapStep, u64::from(usize::BITS - entries.leading_zeros()) + 1);
}

/// Counts a Keccak-256 hash of `bytes` bytes.
#[inline(always)]
pub(crate) fn keccak(bytes: usize) {
    add(Unit::Keccak, bytes as u64 / 136 + 1);
}

/// Where work can be stopped, see `measure_within`: nothing without the feature `work`.
#[cfg(not(feature = "work"))]
#[inline(always)]
pub(crate) fn check() {}

/// Notes an access to memory: nothing without the feature `work`.
#[cfg(not(feature = "work"))]
#[inline(always)]
pub(crate) fn touch(_start: u64) {}

/// Notes that bytes have just been written, so that they are in the caches.
#[cfg(not(feature = "work"))]
#[inline(always)]
pub(crate) fn cached(_start: u64, _end: u64) {}

#[cfg(feature = "work")]
mod counted {
    extern crate std;

    use alloc::vec;
    use alloc::vec::Vec;
    use core::cell::{Cell, RefCell};

    use super::Unit;

    const KINDS: usize = Unit::ALL.len();

    /// What was counted, by kind.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Units {
        counts: [u64; KINDS],
    }

    impl Units {
        /// All work, in hundredths of a unit.
        pub fn total(&self) -> u64 {
            self.by_kind().map(|(_, _, weight)| weight).fold(0, u64::saturating_add)
        }

        /// The kinds that there are, how many there were of each, and what they weigh together in
        /// hundredths of a unit.
        pub fn by_kind(&self) -> impl Iterator<Item = (Unit, u64, u64)> {
            let counts = Unit::ALL.iter().zip(&self.counts);
            counts
                .filter(|(_, count)| **count > 0)
                .map(|(unit, count)| (*unit, *count, count * unit.weight()))
        }

        /// The kind that weighs most.
        pub fn heaviest(&self) -> Option<Unit> {
            self.by_kind().max_by_key(|(_, _, weight)| *weight).map(|(unit, _, _)| unit)
        }
    }

    std::thread_local! {
        static COUNTS: [Cell<u64>; KINDS] = const { [const { Cell::new(0) }; KINDS] };
        static TOTAL: Cell<u64> = const { Cell::new(0) };
        static LIMIT: Cell<u64> = const { Cell::new(u64::MAX) };
        static CACHES: RefCell<Caches> = RefCell::new(Caches::new());
    }

    /// Notes work of this thread.
    #[inline]
    pub fn add(unit: Unit, count: u64) {
        TOTAL.set(TOTAL.get().saturating_add(count.saturating_mul(unit.weight())));
        COUNTS.with(|counts| {
            if let Some(cell) = counts.get(unit as usize) {
                cell.set(cell.get().saturating_add(count));
            }
        });
    }

    /// The work was more than it might be, and was left in the middle of it.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Exhausted;

    /// Unwinds when the work is more than it may be.
    #[inline]
    pub(crate) fn check() {
        if TOTAL.get() > LIMIT.get() {
            LIMIT.set(u64::MAX);
            std::panic::resume_unwind(alloc::boxed::Box::new(Exhausted));
        }
    }

    /// As [`measure_warm`], but leaves the work when it weighs more than `limit` hundredths of a
    /// unit, so that work without end can be measured. What it worked on is not to be used then.
    ///
    /// # Errors
    /// When it was left.
    pub fn measure_within<T>(
        limit: u64,
        work: impl FnOnce() -> T,
    ) -> (Result<T, Exhausted>, Units) {
        LIMIT.set(TOTAL.get().saturating_add(limit));
        let result = measure_warm(|| std::panic::catch_unwind(core::panic::AssertUnwindSafe(work)));
        LIMIT.set(u64::MAX);
        match result {
            (Ok(result), units) => (Ok(result), units),
            (Err(payload), units) if payload.is::<Exhausted>() => (Err(Exhausted), units),
            (Err(payload), _) => std::panic::resume_unwind(payload),
        }
    }

    /// Runs something and answers what it did as well. The caches begin empty.
    pub fn measure<T>(work: impl FnOnce() -> T) -> (T, Units) {
        CACHES.with_borrow_mut(Caches::clear);
        measure_warm(work)
    }

    /// As [`measure`], with the caches as the work before has left them.
    pub fn measure_warm<T>(work: impl FnOnce() -> T) -> (T, Units) {
        let before = read();
        let result = work();
        let mut counts = read();
        for (count, before) in counts.iter_mut().zip(before) {
            *count -= before;
        }
        (result, Units { counts })
    }

    fn read() -> [u64; KINDS] {
        COUNTS.with(|counts| counts.each_ref().map(Cell::get))
    }

    /// Two direct-mapped caches of lines of 64 bytes, by address in the memory: a model that is the
    /// same everywhere.
    struct Caches {
        first: Vec<u32>,
        second: Vec<u32>,
    }

    impl Caches {
        fn new() -> Self {
            Self { first: vec![u32::MAX; 512], second: vec![u32::MAX; 32_768] }
        }

        fn clear(&mut self) {
            self.first.fill(u32::MAX);
            self.second.fill(u32::MAX);
        }

        fn touch(&mut self, line: u32) {
            if hits(&mut self.first, line) {
                return;
            }
            add(Unit::FirstCacheMiss, 1);
            if !hits(&mut self.second, line) {
                add(Unit::SecondCacheMiss, 1);
            }
        }
    }

    fn hits(lines: &mut [u32], line: u32) -> bool {
        let index = line as usize % lines.len().max(1);
        lines.get_mut(index).is_some_and(|entry| core::mem::replace(entry, line) == line)
    }

    /// Notes an access to memory.
    pub(crate) fn touch(start: u64) {
        CACHES.with_borrow_mut(|caches| caches.touch((start >> 6) as u32));
    }

    /// Notes that bytes have just been written, so that they are in the caches.
    pub(crate) fn cached(start: u64, end: u64) {
        CACHES.with_borrow_mut(|caches| {
            for line in start >> 6..end.div_ceil(64) {
                hits(&mut caches.first, line as u32);
                hits(&mut caches.second, line as u32);
            }
        });
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn what_is_measured_is_the_work_of_the_closure_alone() {
            add(Unit::Division, 5);
            let (answer, units) = measure(|| {
                add(Unit::Instruction, 3);
                add(Unit::Division, 1);
                7
            });
            assert_eq!(answer, 7);
            assert_eq!(
                units.by_kind().map(|(unit, count, _)| (unit, count)).collect::<Vec<_>>(),
                [(Unit::Instruction, 3), (Unit::Division, 1)]
            );
            assert_eq!(units.total(), 3 * Unit::Instruction.weight() + Unit::Division.weight());
            assert_eq!(units.heaviest(), Some(Unit::Division));
        }

        #[test]
        fn what_is_near_is_at_hand_and_what_is_far_is_not() {
            let misses = |far: u64| {
                let (_, units) = measure(|| {
                    for _ in 0..2 {
                        (0..far).step_by(64).for_each(touch);
                    }
                });
                units
                    .by_kind()
                    .find(|(unit, ..)| *unit == Unit::SecondCacheMiss)
                    .map_or(0, |(_, count, _)| count)
            };
            assert_eq!(misses(1 << 20), (1 << 20) / 64, "the second time all is cached");
            assert_eq!(misses(4 << 20), 2 * (4 << 20) / 64);
        }
    }
}
