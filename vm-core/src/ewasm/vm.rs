//! The virtual machine: compiles contracts, keeps them, and makes frames. [`drive`](super::drive)
//! runs them.
use alloc::sync::Arc;
use core::fmt;

use alloy_primitives::{B256, keccak256};
use spin::Mutex;

use super::cache::Cache;
use super::contract::{Allowed, is_wasm};
use super::interface::INTERFACE;
use super::{
    Code, CodeBytes, CodeOrigin, Contract, ContractError, Frame, Message, Schedule, Status,
};
use crate::revision::Revision;
use crate::wasm::{Config, Engine, Features, FuncType, GasTank, InstructionCosts, Limits};
use crate::work;

/// What a [`Vm`] is made with. Everything but the sizes of the cache decides results,
/// so all machines of a network need the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VmConfig {
    /// Gas of instructions and memory; [`InstructionCosts::FREE`] switches metering off.
    pub metering: InstructionCosts,
    /// Sizes that contracts and frames may not exceed.
    pub limits: Limits,
    /// Whether contracts may import the functions of the extension set.
    pub extensions: bool,
    /// Debug mode: whether contracts may import the module `debug`.
    pub debug: bool,
    /// Whether errors of code that is not valid say why. It takes several times as long as
    /// validating, and changes no result.
    pub reasons: bool,
    /// Compiled contracts that are kept, at most.
    pub cache_entries: usize,
    /// Bytes of code of the contracts that are kept, at most. What is kept is a small multiple of
    /// that.
    pub cache_bytes: usize,
}

impl Default for VmConfig {
    fn default() -> Self {
        Self {
            metering: InstructionCosts::EWASM,
            limits: Limits::CONTRACT,
            extensions: true,
            debug: false,
            reasons: true,
            cache_entries: 1024,
            cache_bytes: 16 << 20,
        }
    }
}

/// Why the output of a create's init code cannot become the code of an account.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum NewCodeError {
    /// The code is too large (EIP-170 and [`Schedule::contract_size`]).
    TooLarge {
        /// Its size in bytes.
        size: usize,
        /// The largest size in bytes.
        limit: u32,
    },
    /// The code begins with the byte `0xEF` (EIP-3541).
    StartsWithEf,
    /// The code begins as WebAssembly does, but is no valid contract.
    Contract(ContractError),
}

impl NewCodeError {
    /// The status of the create.
    pub fn status(&self) -> Status {
        match self {
            Self::TooLarge { .. } | Self::StartsWithEf => Status::Failure,
            Self::Contract(_) => Status::ContractValidationFailure,
        }
    }
}

impl fmt::Display for NewCodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { size, limit } => {
                write!(f, "the new code has {size} bytes, more than the {limit} that are allowed")
            }
            Self::StartsWithEf => {
                write!(f, "the new code begins with the byte 0xEF, which EIP-3541 reserves")
            }
            Self::Contract(error) => write!(f, "the new code is not a valid contract: {error}"),
        }
    }
}

impl core::error::Error for NewCodeError {}

/// A virtual machine for contracts. Threads can share it.
pub struct Vm {
    engine: Engine,
    allowed: Allowed,
    /// Types of the interface functions, in the order of [`INTERFACE`].
    interface: Arc<[FuncType]>,
    cache: Mutex<Cache>,
    #[cfg(test)]
    pub(crate) compilations: core::sync::atomic::AtomicUsize,
}

impl Vm {
    /// A virtual machine.
    pub fn new(config: VmConfig) -> Self {
        let VmConfig { metering, limits, extensions, debug, reasons, cache_entries, cache_bytes } =
            config;
        Self {
            engine: Engine::new(Config { features: Features::CONTRACT, limits, costs: metering }),
            allowed: Allowed { extensions, debug, reasons },
            interface: INTERFACE.iter().map(|function| function.ty()).collect(),
            cache: Mutex::new(Cache::new(cache_entries, cache_bytes)),
            #[cfg(test)]
            compilations: Default::default(),
        }
    }

    /// The engine that runs the contracts.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Validates code as a contract: for init code, which is not kept, and for code that is about
    /// to be stored.
    ///
    /// # Errors
    /// The first rule that the code breaks.
    pub fn compile<'a>(
        &self,
        revision: Revision,
        code: impl Into<CodeBytes<'a>>,
    ) -> Result<Arc<Contract>, ContractError> {
        self.note_compilation();
        let contract = Contract::new(&self.engine, self.allowed, &self.interface, code.into())?;
        contract.check_revision(revision)?;
        Ok(Arc::new(contract))
    }

    /// The contract that an account's code is, compiled now or before.
    ///
    /// # Errors
    /// The first rule that the code breaks.
    pub fn contract(
        &self,
        revision: Revision,
        code: Code<'_>,
    ) -> Result<Arc<Contract>, ContractError> {
        let contract = self.compiled(code)?;
        contract.check_revision(revision)?;
        Ok(contract)
    }

    /// As [`Self::contract`], for no revision in particular.
    pub(super) fn compiled(&self, code: Code<'_>) -> Result<Arc<Contract>, ContractError> {
        let hash = code.hash.copied().unwrap_or_else(|| {
            work::keccak(code.bytes.len());
            keccak256(&*code.bytes)
        });
        let validate = code.origin == CodeOrigin::Unknown;
        let known = self.cache.lock().get(&hash, validate);
        // Compiling happens outside the lock. Two threads that do the same do it twice, with the
        // same result.
        known.unwrap_or_else(|| {
            let new = if validate { Contract::new } else { Contract::new_trusted };
            self.note_compilation();
            let compiled =
                new(&self.engine, self.allowed, &self.interface, code.bytes).map(Arc::new);
            self.cache.lock().insert(&hash, compiled.clone(), validate, code.bytes.len());
            compiled
        })
    }

    /// Counts the times that code is compiled, for tests of what is not.
    fn note_compilation(&self) {
        #[cfg(test)]
        self.compilations.fetch_add(1, core::sync::atomic::Ordering::Relaxed);
    }

    /// The code with this hash, if the machine has it at hand with its contract: for hosts that
    /// would have to fetch it from afar.
    pub fn known_code(&self, hash: &B256) -> Option<Arc<[u8]>> {
        self.cache.lock().code(hash)
    }

    /// Whether what a create's init code gave may become the code of an account. Code that is not
    /// WebAssembly may: it is data that can never run.
    ///
    /// # Errors
    /// When it is too large, reserved, or begins as WebAssembly without being a valid contract.
    pub fn check_new_code<'a>(
        &self,
        revision: Revision,
        code: impl Into<CodeBytes<'a>>,
    ) -> Result<(), NewCodeError> {
        let code = code.into();
        let schedule = Schedule::of(revision);
        let limit = schedule.code_limit(&code);
        if code.len() > limit as usize {
            return Err(NewCodeError::TooLarge { size: code.len(), limit });
        }
        if schedule.reject_code_starting_with_ef && code.first() == Some(&0xef) {
            return Err(NewCodeError::StartsWithEf);
        }
        if is_wasm(&code) {
            self.compile(revision, code).map_err(NewCodeError::Contract)?;
        }
        Ok(())
    }

    /// Begins a frame with the message's gas; nothing runs yet. For a create, the contract is the
    /// init code.
    ///
    /// Nobody pays for the code: see [`Self::frame_with`].
    pub fn frame(&self, revision: Revision, message: Message, contract: Arc<Contract>) -> Frame {
        let gas = GasTank::new(message.gas);
        self.frame_with(revision, message, contract, gas)
    }

    /// As [`Self::frame`] with what [`Self::pay_for_code`] left of the message's gas.
    pub fn frame_with(
        &self,
        revision: Revision,
        message: Message,
        contract: Arc<Contract>,
        gas: GasTank,
    ) -> Frame {
        Frame::new(revision, message, contract, gas)
    }
}

impl fmt::Debug for Vm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vm")
            .field("engine", &self.engine)
            .field("allowed", &self.allowed)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
