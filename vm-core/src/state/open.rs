//! The beginning and the end of a message: what Ethereum does around the code.
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

use alloy_primitives::{Address, B256, KECCAK256_EMPTY};

use super::held::Held;
use super::{Backend, Checkpoint, Driver, HostPrecompiles, JournaledState, Work};
use crate::ewasm::{
    CallKind, Code, CodeOrigin, Contract, Frame, Growth, Host, Inspector, Message, Outcome, Status,
};
use crate::precompile::{PrecompileError, Precompiles};
use crate::wasm::GasTank;
use crate::work::{self, Unit};

/// A frame that has begun.
pub(super) struct OpenFrame {
    pub frame: Frame,
    /// What the frames around it hold, while a nested message of this one is open.
    pub around: Held,
    pub begun: Begun,
}

/// What a message that has begun needs in the end.
pub(super) struct Begun {
    checkpoint: Checkpoint,
    creates: Option<Address>,
}

/// A message that has begun: its code is to be run.
pub(super) struct Ready {
    pub message: Message,
    /// The hash of an account's code, which has not been read so far. None for a create, whose code
    /// is the message's input.
    pub code_hash: Option<B256>,
    pub begun: Begun,
}

impl<P> Driver<'_, P> {
    /// Begins a message with a frame of this machine to run, or gives an outcome when there is
    /// nothing to run. The frames around it hold `held`.
    pub(super) fn open<B: Backend>(
        &self,
        state: &mut JournaledState<B>,
        message: Message,
        held: Held,
        inspector: &mut dyn Inspector,
    ) -> Result<Box<OpenFrame>, Outcome>
    where
        P: HostPrecompiles<B>,
    {
        let Ready { message, code_hash, begun } = self.begin(state, message, held, inspector)?;
        match self.frame(state, message, code_hash, held) {
            Ok(frame) => Ok(Box::new(OpenFrame { frame, around: held, begun })),
            Err(outcome) => Err(self.end(state, begun, outcome)),
        }
    }

    /// The frame of a message that has begun. Its code is paid for before it is read or looked at.
    fn frame<B: Backend>(
        &self,
        state: &mut JournaledState<B>,
        message: Message,
        code_hash: Option<B256>,
        held: Held,
    ) -> Result<Frame, Outcome> {
        let revision = state.revision();
        let known =
            code_hash.and_then(|hash| self.vm.paid_contract(revision, &hash, &mut state.paid));
        let (contract, gas) = match known {
            Some(contract) => (contract, GasTank::new(message.gas)),
            None => {
                let bytes = match &code_hash {
                    Some(hash) => {
                        state.code_size_of(hash).unwrap_or_else(|| state.code_of(*hash).len())
                    }
                    None => message.input.len(),
                };
                if !held.has_room_for_code(bytes, &state.paid, &self.config.open) {
                    return Err(Outcome::failure(Status::Failure));
                }
                let gas = self.vm.pay_for_code(message.gas, bytes)?;
                let contract = match &code_hash {
                    Some(hash) => self.contract(state, hash),
                    None => self.init_contract(state, &message),
                };
                (contract, gas)
            }
        };
        let contract = contract.map_err(Outcome::failure)?;
        if !state.work(Work::Frame { items: contract.instance_items() }) {
            return Err(Outcome::failure(Status::InternalError));
        }
        Ok(self.vm.frame_with(revision, message, contract, gas))
    }

    /// Begins a message: code to run, or an outcome when there is none. The frames around it hold
    /// `held`.
    pub(super) fn begin<B: Backend>(
        &self,
        state: &mut JournaledState<B>,
        mut message: Message,
        held: Held,
        inspector: &mut dyn Inspector,
    ) -> Result<Ready, Outcome>
    where
        P: HostPrecompiles<B>,
    {
        if let Some(address) = created_address(state, &message) {
            message.recipient = address;
            message.code_address = address;
        }
        work::check();
        work::add(Unit::Message, 1);
        inspector.message_enter(&message);
        if state.has_failed() {
            return Err(Outcome::failure(Status::InternalError));
        }
        if message.depth > state.schedule.call_depth {
            return Err(Outcome::not_begun(Status::CallDepthExceeded, &message));
        }
        if !held.fits(&self.config.open) {
            return Err(Outcome::failure(Status::Failure));
        }
        let pays = message.kind != CallKind::DelegateCall;
        if pays && state.balance(&message.sender) < message.value {
            return Err(Outcome::not_begun(Status::InsufficientBalance, &message));
        }
        let begun = if message.kind.is_create() {
            self.begin_create(state, message)
        } else {
            self.begin_call(state, message)
        };
        begun.map_err(|outcome| {
            if state.has_failed() { Outcome::failure(Status::InternalError) } else { outcome }
        })
    }

    fn begin_call<B: Backend>(
        &self,
        state: &mut JournaledState<B>,
        message: Message,
    ) -> Result<Ready, Outcome>
    where
        P: HostPrecompiles<B>,
    {
        let checkpoint = state.checkpoint();
        if message.kind == CallKind::Call
            && !state.transfer(&message.sender, &message.recipient, message.value)
        {
            return Err(undone(state, checkpoint, Status::InsufficientBalance));
        }
        if let Some(outcome) = self.precompiles.run(state, &message) {
            return Err(precompiled(state, checkpoint, &message, outcome));
        }
        let precompiles = Precompiles::new(state.schedule, self.config.address9);
        let price = precompiles.price(&message.code_address, &message.input);
        if let Some(gas) = price.filter(|gas| *gas <= message.gas) {
            let work =
                Work::Precompile { address: &message.code_address, input: &message.input, gas };
            if !state.work(work) {
                return Err(undone(state, checkpoint, Status::InternalError));
            }
        }
        if let Some(result) = precompiles.run(&message.code_address, &message.input, message.gas) {
            return Err(match result {
                Ok(done) => {
                    state.commit(checkpoint);
                    success(message.gas.saturating_sub(done.gas_used), done.output)
                }
                Err(PrecompileError::OutOfGas) => undone(state, checkpoint, Status::OutOfGas),
                Err(PrecompileError::InvalidInput(_)) => {
                    undone(state, checkpoint, Status::PrecompileFailure)
                }
            });
        }
        let code_hash = state.account(&message.code_address).code_hash;
        if code_hash == KECCAK256_EMPTY {
            state.commit(checkpoint);
            return Err(success(message.gas, Vec::new()));
        }
        Ok(Ready {
            message,
            code_hash: Some(code_hash),
            begun: Begun { checkpoint, creates: None },
        })
    }

    fn begin_create<B: Backend>(
        &self,
        state: &mut JournaledState<B>,
        message: Message,
    ) -> Result<Ready, Outcome> {
        let address = message.recipient;
        if state.increment_nonce(&message.sender).is_none() {
            return Err(Outcome::not_begun(Status::Failure, &message));
        }
        // The address stays warm when the create fails (EIP-2929).
        state.access_account(&address);
        let checkpoint = state.checkpoint();
        if !state.create_account(&address) {
            return Err(undone(state, checkpoint, Status::Failure));
        }
        if !state.transfer(&message.sender, &address, message.value) {
            return Err(undone(state, checkpoint, Status::InsufficientBalance));
        }
        if message.input.is_empty() {
            // As in Ethereum: an account without code.
            state.commit(checkpoint);
            return Err(created(message.gas, address));
        }
        Ok(Ready { message, code_hash: None, begun: Begun { checkpoint, creates: Some(address) } })
    }

    /// The contract of code in the state that has just been paid for.
    fn contract<B: Backend>(
        &self,
        state: &mut JournaledState<B>,
        hash: &B256,
    ) -> Result<Arc<Contract>, Status> {
        let code = state.code_of(*hash);
        let is_validated = state.backend().code_is_validated(hash) || state.is_new_code(hash);
        if state.has_failed() || !state.work(Work::Code { hash, bytes: code.len(), is_validated }) {
            return Err(Status::InternalError);
        }
        let origin = if is_validated { CodeOrigin::Validated } else { CodeOrigin::Unknown };
        let code = Code { bytes: &code, hash: Some(hash), origin };
        let contract = self.vm.keep_paid(state.revision(), code, hash, &mut state.paid);
        state.drop_read_code(hash);
        if !is_validated && contract.is_ok() {
            state.backend().code_was_validated(hash);
        }
        contract
    }

    /// The contract of the init code of a create.
    fn init_contract<B: Backend>(
        &self,
        state: &mut JournaledState<B>,
        message: &Message,
    ) -> Result<Arc<Contract>, Status> {
        if !state.work(Work::InitCode { bytes: message.input.len(), depth: message.depth }) {
            return Err(Status::InternalError);
        }
        self.vm
            .compile(state.revision(), &message.input)
            .map_err(|_| Status::ContractValidationFailure)
    }

    /// Ends a message whose code came to its end: stores the code of a new contract, and keeps or
    /// undoes what was done.
    pub(super) fn end<B: Backend>(
        &self,
        state: &mut JournaledState<B>,
        begun: Begun,
        outcome: Outcome,
    ) -> Outcome {
        let Begun { checkpoint, creates } = begun;
        if state.has_failed() {
            return undone(state, checkpoint, Status::InternalError);
        }
        if outcome.status != Status::Success {
            state.rollback(checkpoint);
            return outcome;
        }
        let Some(address) = creates else {
            state.commit(checkpoint);
            return outcome;
        };
        match self.deposit(state, &address, outcome) {
            Ok(outcome) => {
                state.commit(checkpoint);
                outcome
            }
            Err(status) => undone(state, checkpoint, status),
        }
    }

    /// Stores what init code gave as the code of the new contract.
    fn deposit<B: Backend>(
        &self,
        state: &mut JournaledState<B>,
        address: &Address,
        outcome: Outcome,
    ) -> Result<Outcome, Status> {
        let code = outcome.output;
        let cost = state.schedule.code_deposit_byte.saturating_mul(code.len() as u64);
        let gas_left = outcome.gas_left.checked_sub(cost).ok_or(Status::OutOfGas)?;
        self.vm.check_new_code(state.revision(), &code).map_err(|error| error.status())?;
        state.note_growth(Growth::of_code(code.len()));
        state.set_code(address, code.into());
        Ok(Outcome { gas_refund: outcome.gas_refund, ..created(gas_left, *address) })
    }
}

/// The address of the contract that a message makes, if it makes one.
fn created_address<B: Backend>(
    state: &mut JournaledState<B>,
    message: &Message,
) -> Option<Address> {
    match message.kind {
        CallKind::Create => {
            work::keccak(32);
            Some(message.sender.create(state.account(&message.sender).nonce))
        }
        CallKind::Create2 => {
            work::keccak(message.input.len());
            work::keccak(85);
            Some(message.sender.create2_from_code(message.salt, &message.input))
        }
        CallKind::Call | CallKind::CallCode | CallKind::DelegateCall => None,
    }
}

fn undone<B: Backend>(
    state: &mut JournaledState<B>,
    checkpoint: Checkpoint,
    status: Status,
) -> Outcome {
    state.rollback(checkpoint);
    Outcome::failure(status)
}

/// Ends a message to a precompiled contract of the host's own.
fn precompiled<B: Backend>(
    state: &mut JournaledState<B>,
    checkpoint: Checkpoint,
    message: &Message,
    outcome: Outcome,
) -> Outcome {
    let gas_left = outcome.gas_left.min(message.gas);
    match outcome.status {
        _ if state.has_failed() => undone(state, checkpoint, Status::InternalError),
        Status::Success => {
            state.commit(checkpoint);
            success(gas_left, outcome.output)
        }
        Status::Revert => {
            state.rollback(checkpoint);
            Outcome { gas_left, output: outcome.output, ..Outcome::failure(Status::Revert) }
        }
        status => undone(state, checkpoint, status),
    }
}

fn success(gas_left: u64, output: Vec<u8>) -> Outcome {
    Outcome { gas_left, output, ..Outcome::failure(Status::Success) }
}

fn created(gas_left: u64, address: Address) -> Outcome {
    Outcome { create_address: Some(address), ..success(gas_left, Vec::new()) }
}
