//! The virtual machine behind the ABI, as EVMC knows it.
use std::ffi::c_int;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use alloy_primitives::{Address, U256};
use tephra_core::ewasm::{
    CallKind, Code, Contract, Frame, Host, Inspector, Message, MessageHandler, OpenFrame,
    OpenLimits, Outcome, Schedule, Status, Usage, Vm, drive, is_wasm,
};
use tephra_core::precompile::{Address9, PrecompileError, Precompiles};
use tephra_core::revision::Revision;
use tephra_core::wasm::GasTank;

use crate::abi;
use crate::host::RecursiveHost;
use crate::memo::Memo;
use crate::observer::Observer;
use crate::options::{Evm1Mode, OptionError, Settings};
use crate::transaction::{Running, TransactionCode, VmId, Waiting, with_code};

/// What a host asks: a message and its code, of a revision, a kind and flags that are known.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The rules.
    pub revision: Revision,
    /// The message. For a create, the input is empty.
    pub message: Message,
    /// The code to run; for a create the init code.
    pub code: &'a [u8],
}

/// What a host is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// EVMC's number of the status.
    pub status: c_int,
    /// Gas that is left; zero unless success or revert.
    pub gas_left: i64,
    /// Change of the refund counter; zero unless success.
    pub gas_refund: i64,
    /// Return data; for a create the code of the new contract.
    pub output: Vec<u8>,
}

impl Reply {
    /// A reply with a status alone.
    pub fn of_status(status: c_int) -> Self {
        Self { status, gas_left: 0, gas_refund: 0, output: Vec::new() }
    }
}

impl From<Outcome> for Reply {
    fn from(outcome: Outcome) -> Self {
        let gas_left = i64::try_from(outcome.gas_left).unwrap_or(i64::MAX);
        let status = outcome.status.evmc_number();
        Self { status, gas_left, gas_refund: outcome.gas_refund, output: outcome.output }
    }
}

/// Settings and what is made of them. It never changes: an option that is set makes another one.
struct Setup {
    settings: Settings,
    vm: Vm,
    memo: Memo,
    /// Of the machine. What a transaction paid for stays paid when an option is set.
    machine: VmId,
}

impl Setup {
    fn new(settings: Settings, machine: VmId) -> Self {
        Self { vm: Vm::new(settings.vm.clone()), memo: Memo::new(), settings, machine }
    }
}

/// A virtual machine of EVMC. Any number of threads use it at the same time, and hosts call it
/// again while it waits for them.
pub struct EvmcVm {
    setup: RwLock<Arc<Setup>>,
}

impl EvmcVm {
    /// A machine with all options at their defaults.
    pub fn new() -> Self {
        Self { setup: RwLock::new(Arc::new(Setup::new(Settings::default(), VmId::new()))) }
    }

    /// Sets an option, for the messages that begin after it. What runs already is not disturbed.
    ///
    /// # Errors
    /// When there is no such option, or it cannot have that value.
    pub fn set_option(&self, name: &str, value: Option<&str>) -> Result<(), OptionError> {
        let mut setup = self.setup.write().unwrap_or_else(PoisonError::into_inner);
        let mut settings = setup.settings.clone();
        settings.set(name, value)?;
        *setup = Arc::new(Setup::new(settings, setup.machine));
        Ok(())
    }

    /// Runs a message to its end; the host is asked for everything around it.
    pub fn execute(&self, request: Request<'_>, host: &mut dyn RecursiveHost) -> Reply {
        // The lock is not held while the message runs.
        let setup = self.setup.read().unwrap_or_else(PoisonError::into_inner).clone();
        setup.execute(request, host)
    }
}

/// Threads can share it: everything in it is safe Rust, of which the compiler proves that.
const _: fn() = || {
    fn is_shared<T: Send + Sync>() {}
    is_shared::<EvmcVm>();
};

impl Default for EvmcVm {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for EvmcVm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EvmcVm").finish_non_exhaustive()
    }
}

impl Setup {
    fn execute(&self, request: Request<'_>, host: &mut dyn RecursiveHost) -> Reply {
        let Request { revision, message, code } = request;
        let revision = self.settings.schedule.unwrap_or(revision);
        let replacement = if message.kind.is_create() {
            None
        } else {
            self.settings.system.get(&message.code_address)
        };
        let code = replacement.map_or(code, |code| code);
        if !code.is_empty() && !is_wasm(code) && self.settings.evm1 == Evm1Mode::Fallback {
            return Reply::of_status(abi::REJECTED);
        }
        let _running = Running::begin(message.depth);
        let mut observer = Observer::new(&self.settings);
        let mut messages = Messages { setup: self, revision, code: Some(code), host: &mut *host };
        let mut outcome = drive(&mut messages, message, &mut observer);
        let trap = outcome.trap.take();
        let (reply, trap) = match host.fault() {
            None => (outcome.into(), trap),
            Some(fault) => (Reply::of_status(fault.status()), None),
        };
        observer.ended(&reply, trap);
        reply
    }

    /// A frame that is about to run, or an outcome when there is no code to run.
    // What takes much stack is not inlined: what is on the stack while the host runs a nested
    // message is there a thousand times.
    #[inline(never)]
    fn begin(
        &self,
        revision: Revision,
        message: Message,
        code: &[u8],
    ) -> Result<Box<OpenFrame<Begun>>, Outcome> {
        if message.depth > Schedule::of(revision).call_depth {
            return Err(Outcome::failure(Status::CallDepthExceeded));
        }
        if code.is_empty() {
            return Err(Outcome { gas_left: message.gas, ..Outcome::failure(Status::Success) });
        }
        let begun = Begun { is_create: message.kind.is_create() };
        let frame =
            with_code(self.machine, |paid, open| self.frame(revision, message, code, paid, open))?;
        Ok(OpenFrame::new(frame, begun))
    }

    /// A frame whose code is paid for before it is looked at, as with all hosts of the engine.
    fn frame(
        &self,
        revision: Revision,
        message: Message,
        code: &[u8],
        codes: &mut TransactionCode,
        open: Usage,
    ) -> Result<Frame, Outcome> {
        if !is_wasm(code) {
            return Err(Outcome::failure(Status::Failure));
        }
        let is_create = message.kind.is_create();
        let hash = if is_create { None } else { codes.hash_of_paid(code) };
        let known = hash.and_then(|hash| self.vm.paid_contract(revision, &hash, &mut codes.paid));
        let (contract, gas) = match known {
            Some(contract) => (contract, GasTank::new(message.gas)),
            None => {
                if !open.has_room_for_code(code.len(), &codes.paid, &OpenLimits::DEFAULT) {
                    return Err(Outcome::failure(Status::Failure));
                }
                let gas = self.vm.pay_for_code(message.gas, code.len())?;
                let contract = if is_create {
                    self.vm.compile(revision, code).map_err(|_| Status::ContractValidationFailure)
                } else {
                    self.contract(revision, code, codes)
                };
                (contract, gas)
            }
        };
        let contract = contract.map_err(Outcome::failure)?;
        Ok(self.vm.frame_with(revision, message, contract, gas))
    }

    /// The outcome of init code, whose output is to be the code of the new contract.
    // As for `begin`.
    #[inline(never)]
    fn checked(&self, revision: Revision, outcome: Outcome) -> Outcome {
        match self.vm.check_new_code(revision, &outcome.output) {
            Ok(()) => outcome,
            Err(error) => Outcome::failure(error.status()),
        }
    }

    /// The contract of an account's code that has just been paid for. It is validated the first
    /// time: clients store code without knowing WebAssembly.
    fn contract(
        &self,
        revision: Revision,
        code: &[u8],
        codes: &mut TransactionCode,
    ) -> Result<Arc<Contract>, Status> {
        let hash = self.memo.hash(code);
        codes.remember(hash);
        let contract = self.vm.keep_paid(revision, Code::unknown(code), &hash, &mut codes.paid)?;
        self.memo.remember(&contract, hash);
        Ok(contract)
    }

    /// Runs a nested message of a frame, which waits and holds `around`.
    fn nested(
        &self,
        revision: Revision,
        message: Message,
        around: Usage,
        host: &mut dyn RecursiveHost,
    ) -> Outcome {
        let Some(_waiting) = Waiting::begin(around) else {
            return Outcome::failure(Status::Failure);
        };
        let moves_value = message.kind == CallKind::Call && message.value != U256::ZERO;
        let is_keccak = message.code_address == KECCAK && !message.kind.is_create();
        // What is reached by delegation has no precompiled contract (EIP-7702).
        if self.settings.keccak_precompile && is_keccak && !moves_value && !host.is_delegated() {
            return keccak(revision, &message);
        }
        host.call(message)
    }
}

/// The messages of one execution: the first one has a frame, those nested in it are the host's to
/// run.
struct Messages<'a> {
    setup: &'a Setup,
    revision: Revision,
    /// The code of the first message, until that begins.
    code: Option<&'a [u8]>,
    host: &'a mut dyn RecursiveHost,
}

/// What the end of a message needs.
struct Begun {
    is_create: bool,
}

impl MessageHandler for Messages<'_> {
    type Begun = Begun;

    fn host(&mut self) -> &mut dyn Host {
        self.host
    }

    fn begin(
        &mut self,
        message: Message,
        around: Usage,
        inspector: &mut dyn Inspector,
    ) -> Result<Box<OpenFrame<Begun>>, Outcome> {
        match self.code.take() {
            Some(code) => {
                inspector.message_enter(&message);
                self.setup.begin(self.revision, message, code)
            }
            None => Err(self.setup.nested(self.revision, message, around, self.host)),
        }
    }

    fn end(
        &mut self,
        begun: Begun,
        _frame: &Frame,
        outcome: Outcome,
        _inspector: &mut dyn Inspector,
    ) -> Outcome {
        if begun.is_create && outcome.status == Status::Success {
            self.setup.checked(self.revision, outcome)
        } else {
            outcome
        }
    }

    /// After a fault the contract learns nothing of it, and does nothing any more.
    fn has_failed(&self) -> bool {
        self.host.fault().is_some()
    }
}

/// Where Keccak-256 is in Ewasm.
const KECCAK: Address = Address::with_last_byte(9);

#[inline(never)]
fn keccak(revision: Revision, message: &Message) -> Outcome {
    let precompiles = Precompiles::new(Schedule::of(revision), Address9::Keccak256);
    match precompiles.run(&KECCAK, &message.input, message.gas) {
        Some(Ok(done)) => Outcome {
            gas_left: message.gas.saturating_sub(done.gas_used),
            output: done.output,
            ..Outcome::failure(Status::Success)
        },
        Some(Err(PrecompileError::OutOfGas)) => Outcome::failure(Status::OutOfGas),
        Some(Err(PrecompileError::InvalidInput(_))) | None => {
            Outcome::failure(Status::PrecompileFailure)
        }
    }
}
