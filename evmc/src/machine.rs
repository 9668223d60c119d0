//! The virtual machine behind the ABI.
use std::ffi::c_int;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use alloy_primitives::{Address, U256};
use tephra_core::ewasm::{
    CallKind, Code, Contract, Frame, Inspector, Message, Outcome, Schedule, Status, Step, Vm,
    is_wasm,
};
use tephra_core::precompile::{Address9, PrecompileError, Precompiles};
use tephra_core::revision::Revision;
use tephra_core::state::{Held, OpenLimits};
use tephra_core::wasm::GasTank;

use crate::abi;
use crate::client::Client;
use crate::memo::Memo;
use crate::observer::Observer;
use crate::options::{Evm1Mode, OptionError, Settings};
use crate::transaction::{MachineId, Running, TransactionCode, Waiting, with_code};

/// What a client asks: a message and its code, of a revision, a kind and flags that are known.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The rules.
    pub revision: Revision,
    /// The message. For a create, the input is empty.
    pub message: Message,
    /// The code to run; for a create the init code.
    pub code: &'a [u8],
}

/// What a client is answered.
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
    machine: MachineId,
}

impl Setup {
    fn new(settings: Settings, machine: MachineId) -> Self {
        Self { vm: Vm::new(settings.vm.clone()), memo: Memo::new(), settings, machine }
    }
}

/// A virtual machine. Any number of threads use it at the same time, and clients call it again
/// while it waits for them.
pub struct Machine {
    setup: RwLock<Arc<Setup>>,
}

impl Machine {
    /// A machine with all options at their defaults.
    pub fn new() -> Self {
        Self { setup: RwLock::new(Arc::new(Setup::new(Settings::default(), MachineId::new()))) }
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

    /// Runs a message to its end; the client is asked for everything around it.
    pub fn execute(&self, request: Request<'_>, client: &mut dyn Client) -> Reply {
        // The lock is not held while the message runs.
        let setup = self.setup.read().unwrap_or_else(PoisonError::into_inner).clone();
        setup.execute(request, client)
    }
}

/// Threads can share it: everything in it is safe Rust, of which the compiler proves that.
const _: fn() = || {
    fn is_shared<T: Send + Sync>() {}
    is_shared::<Machine>();
};

impl Default for Machine {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Machine").finish_non_exhaustive()
    }
}

impl Setup {
    fn execute(&self, request: Request<'_>, client: &mut dyn Client) -> Reply {
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
        observer.message_enter(&message);
        let mut outcome = self.run(revision, message, code, client, &mut observer);
        let trap = outcome.trap.take();
        let (reply, trap) = match client.fault() {
            None => (outcome.into(), trap),
            Some(fault) => (Reply::of_status(fault.status()), None),
        };
        observer.ended(&reply, trap);
        reply
    }

    fn run(
        &self,
        revision: Revision,
        message: Message,
        code: &[u8],
        client: &mut dyn Client,
        inspector: &mut dyn Inspector,
    ) -> Outcome {
        let is_create = message.kind.is_create();
        let mut frame = match self.begin(revision, message, code) {
            Ok(frame) => frame,
            Err(outcome) => return outcome,
        };
        loop {
            match step(&mut frame, client, inspector) {
                Step::Nested(message) => {
                    let outcome = self.nested(revision, message, &frame, client);
                    if client.fault().is_some() {
                        // The contract learns nothing of it, and does nothing any more.
                        return Outcome::failure(Status::InternalError);
                    }
                    frame.resume(outcome);
                }
                Step::Done(outcome) if is_create && outcome.status == Status::Success => {
                    return self.checked(revision, outcome);
                }
                Step::Done(outcome) => return outcome,
            }
        }
    }

    /// A frame that is about to run, or an outcome when there is no code to run.
    // As for `step`.
    #[inline(never)]
    fn begin(&self, revision: Revision, message: Message, code: &[u8]) -> Result<Frame, Outcome> {
        if message.depth > Schedule::of(revision).call_depth {
            return Err(Outcome::failure(Status::CallDepthExceeded));
        }
        if code.is_empty() {
            return Err(Outcome { gas_left: message.gas, ..Outcome::failure(Status::Success) });
        }
        with_code(self.machine, |paid, held| self.frame(revision, message, code, paid, held))
    }

    /// A frame whose code is paid for before it is looked at, as with all hosts of the engine.
    fn frame(
        &self,
        revision: Revision,
        message: Message,
        code: &[u8],
        codes: &mut TransactionCode,
        held: Held,
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
                if !held.has_room_for_code(code.len(), &codes.paid, &OpenLimits::DEFAULT) {
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
    // As for `step`.
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

    /// Runs a nested message of a frame.
    fn nested(
        &self,
        revision: Revision,
        message: Message,
        frame: &Frame,
        client: &mut dyn Client,
    ) -> Outcome {
        let Some(_open) = Waiting::for_nested(frame) else {
            return Outcome::failure(Status::Failure);
        };
        let moves_value = message.kind == CallKind::Call && message.value != U256::ZERO;
        let is_keccak = message.code_address == KECCAK && !message.kind.is_create();
        // What is reached by delegation has no precompiled contract (EIP-7702).
        if self.settings.keccak_precompile && is_keccak && !moves_value && !client.is_delegated() {
            return keccak(revision, &message);
        }
        client.call(message)
    }
}

// What takes much stack is not inlined: what is on the stack while the client runs a nested message
// is there a thousand times.
#[inline(never)]
fn step(frame: &mut Frame, client: &mut dyn Client, inspector: &mut dyn Inspector) -> Step {
    frame.run(client, inspector)
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
