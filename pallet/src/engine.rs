//! The engine as the runtime runs it.
use alloc::sync::Arc;

use frame_support::traits::Get;
use spin::Mutex;
use tephra_core::ewasm::state::DriverConfig;
use tephra_core::ewasm::{Vm, VmConfig};
use tephra_core::precompile::Address9;
use tephra_core::revision::Revision;
use tephra_core::wasm::Limits;

use crate::{Config, Pallet};

/// The version of the rules by which code is validated. Code that an earlier one validated is validated again when it is used next, without a migration.
///
/// It goes up whenever the engine accepts less than before, or gives code that it accepted another meaning.
pub const ENGINE_VERSION: u16 = 2;

/// Sizes of the engine inside the runtime. All of them can be seen by contracts, so that a change is an upgrade of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EngineLimits {
    /// Pages (64 KiB) of memory that a frame may have. The command and EVMC allow 512.
    pub memory_pages: u32,
    /// Pages that the open frames of a transaction may hold together when one of them sends a nested message, see [`DriverConfig::open_pages`].
    pub open_pages: u32,
    /// Slots (8 bytes) of a frame's stack. The command and EVMC allow 32768.
    pub stack_slots: u32,
    /// Compiled contracts that are kept while the runtime's instance lives, at most: during one block when it is imported, during one extrinsic when it is built. Contracts cannot see it.
    pub cache_entries: u32,
    /// Bytes of code of the contracts that are kept, at most. What is kept is a small multiple of that.
    pub cache_bytes: u32,
}

impl EngineLimits {
    /// For runtimes whose heap has 128 MiB, which is what the executor gives them by default.
    pub const HEAP_128_MIB: Self =
        Self { memory_pages: 16, open_pages: 32, stack_slots: 1 << 11, cache_entries: 32, cache_bytes: 512 << 10 };

    /// For runtimes whose heap has 1 GiB: the storage item `:heappages` is 16384. Nodes have that much memory only while a block uses it.
    pub const HEAP_1_GIB: Self =
        Self { memory_pages: 64, open_pages: 512, stack_slots: 1 << 14, cache_entries: 128, cache_bytes: 2 << 20 };

    /// Bytes of the heap that contracts may take in a block, at most, but for what they pay gas for by the byte.
    ///
    /// The executor's allocator has a class for each power of two, rounds up to it, and never gives memory of one class to another. So each class of sizes that a memory and
    /// what is copied out of it can have may grow to twice what is alive at the same time: open frames, and of the innermost one its memory, the memory that it was before it grew, and what it gives
    /// back. Then there are the stacks of 1024 frames, which move as they grow, compiled contracts, and code at hand.
    pub const fn heap_bytes(&self) -> u64 {
        let alive = self.open_pages as u64 + 3 * self.memory_pages as u64;
        let classes = self.memory_pages.next_power_of_two().ilog2() as u64 + 1;
        let stacks = 1024 * 8 * self.stack_slots as u64;
        2 * classes * alive * (64 << 10) + 2 * stacks + 16 * self.cache_bytes as u64 + (8 << 20)
    }
}

impl Default for EngineLimits {
    fn default() -> Self {
        Self::HEAP_128_MIB
    }
}

/// The machine that was used last. Instances of a runtime live for one call into them, and so does what the machine has compiled.
static LATEST: Mutex<Option<(VmConfig, Arc<Vm>)>> = Mutex::new(None);

impl<T: Config> Pallet<T> {
    /// The rules in force.
    pub(crate) fn revision() -> Revision {
        T::Revision::get()
    }

    pub(crate) fn driver_config() -> DriverConfig {
        DriverConfig { address9: Address9::Keccak256, open_pages: T::EngineLimits::get().open_pages }
    }

    /// Forgets what the engine has compiled.
    #[cfg(feature = "runtime-benchmarks")]
    pub(crate) fn forget_vm() {
        *LATEST.lock() = None;
    }

    /// The engine.
    pub(crate) fn vm() -> Arc<Vm> {
        let limits = T::EngineLimits::get();
        let config = VmConfig {
            metering: T::InstructionCosts::get(),
            limits: Limits { memory_pages: limits.memory_pages, stack_slots: limits.stack_slots, ..Limits::CONTRACT },
            // Nobody is told them, and finding them out takes time.
            reasons: false,
            cache_entries: limits.cache_entries as usize,
            cache_bytes: limits.cache_bytes as usize,
            ..VmConfig::default()
        };
        let mut latest = LATEST.lock();
        match &*latest {
            Some((known, vm)) if *known == config => vm.clone(),
            _ => {
                let vm = Arc::new(Vm::new(config.clone()));
                *latest = Some((config, vm.clone()));
                vm
            }
        }
    }
}
