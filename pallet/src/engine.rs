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
pub const ENGINE_VERSION: u16 = 1;

/// Sizes of the engine inside the runtime. All of them can be seen by contracts, so that a change is an upgrade of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EngineLimits {
    /// Pages (64 KiB) of memory that a frame may have. The command and EVMC allow 512.
    pub memory_pages: u32,
    /// Pages that the open frames of a transaction may have together when one of them sends a nested message, see [`DriverConfig::open_pages`].
    pub open_pages: u32,
    /// Compiled contracts that are kept while the runtime's instance lives, at most: during one block when it is imported, during one extrinsic when it is built. Contracts cannot see it.
    pub cache_entries: u32,
    /// Bytes of code of the contracts that are kept, at most. What is kept is a small multiple of that.
    pub cache_bytes: u32,
}

impl EngineLimits {
    /// For runtimes whose heap has 128 MiB, which is what the executor gives them by default.
    pub const HEAP_128_MIB: Self = Self { memory_pages: 256, open_pages: 256, cache_entries: 64, cache_bytes: 1 << 20 };

    /// Bytes of the heap that contracts may take, at most: the memories of all open frames and of the one that runs, and a growing memory once more, since it moves;
    /// the allocator rounds up to powers of two, which is again twice as much at worst.
    pub const fn heap_bytes(&self) -> u64 {
        let pages = self.open_pages as u64 + self.memory_pages as u64 + self.memory_pages as u64 / 2;
        pages * (64 << 10) + 16 * self.cache_bytes as u64
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

    /// The engine.
    pub(crate) fn vm() -> Arc<Vm> {
        let limits = T::EngineLimits::get();
        let config = VmConfig {
            limits: Limits { memory_pages: limits.memory_pages, ..Limits::CONTRACT },
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
