//! The engine as the runtime runs it.
pub(crate) mod convert;
mod limits;

use alloc::sync::Arc;
use core::marker::PhantomData;

use frame_support::traits::Get;
use spin::Mutex;
use tephra_core::ewasm::{Vm, VmConfig};
use tephra_core::precompile::Address9;
use tephra_core::revision::Revision;
use tephra_core::state::{DriverConfig, JournalLimits};
use tephra_core::wasm::Limits;

pub use self::limits::EngineLimits;
use crate::Config;

/// The version of the rules by which code is validated.
///
/// Code that an earlier version validated is validated again at its next use, without a migration.
/// The version goes up whenever the engine accepts less than before, or gives another meaning to
/// code that it accepted.
pub const ENGINE_VERSION: u16 = 2;

/// The machine used last. An instance of the runtime lives for one call into it, and so does what
/// the machine has compiled.
static LATEST: Mutex<Option<(VmConfig, Arc<Vm>)>> = Mutex::new(None);

/// The engine with the runtime's configuration.
pub(crate) struct Engine<T>(PhantomData<T>);

impl<T: Config> Engine<T> {
    /// Returns the revision in force.
    pub fn revision() -> Revision {
        T::Revision::get()
    }

    /// Returns the configuration of the driver that runs messages.
    pub fn driver_config() -> DriverConfig {
        let limits = T::EngineLimits::get();
        DriverConfig {
            address9: Address9::Keccak256,
            open: limits.open,
            memory_part: limits.memory_part() as usize,
        }
    }

    /// Returns the limits of a transaction's journal and of its code.
    pub fn journal_limits() -> JournalLimits {
        let limits = T::EngineLimits::get();
        JournalLimits { bytes: limits.journal_bytes.into(), code: limits.cache_bytes as usize }
    }

    /// Forgets all compiled code.
    #[cfg(feature = "runtime-benchmarks")]
    pub fn forget() {
        *LATEST.lock() = None;
    }

    /// Returns the machine that compiles and runs contracts.
    pub fn vm() -> Arc<Vm> {
        let limits = T::EngineLimits::get();
        let config = VmConfig {
            metering: T::InstructionCosts::get(),
            limits: Limits {
                memory_pages: limits.memory_pages,
                stack_slots: limits.stack_slots,
                ..Limits::CONTRACT
            },
            // The runtime does not report them, and finding them takes time.
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
