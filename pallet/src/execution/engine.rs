//! The engine as the runtime runs it.
use alloc::sync::Arc;

use frame_support::traits::Get;
use spin::Mutex;
use tephra_core::ewasm::{Vm, VmConfig};
use tephra_core::precompile::Address9;
use tephra_core::revision::Revision;
use tephra_core::state::DriverConfig;
use tephra_core::wasm::Limits;

use crate::{Config, Pallet};

/// The version of the rules by which code is validated. Code that an earlier one validated is
/// validated again when it is used next, without a migration.
///
/// It goes up whenever the engine accepts less than before, or gives code that it accepted another
/// meaning.
pub const ENGINE_VERSION: u16 = 2;

/// The machine that was used last. Instances of a runtime live for one call into them, and so does
/// what the machine has compiled.
static LATEST: Mutex<Option<(VmConfig, Arc<Vm>)>> = Mutex::new(None);

impl<T: Config> Pallet<T> {
    /// The rules in force.
    pub(crate) fn revision() -> Revision {
        T::Revision::get()
    }

    pub(crate) fn driver_config() -> DriverConfig {
        DriverConfig { address9: Address9::Keccak256, open: T::EngineLimits::get().open }
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
            limits: Limits {
                memory_pages: limits.memory_pages,
                stack_slots: limits.stack_slots,
                ..Limits::CONTRACT
            },
            // Nobody is told them, and finding them out takes time.
            reasons: false,
            cache_entries: limits.cache_entries as usize,
            cache_bytes: limits.cache_bytes as usize,
            memory_part: limits.memory_part() as usize,
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
