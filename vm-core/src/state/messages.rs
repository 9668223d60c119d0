//! The beginning and the end of a message: what Ethereum does around the code.
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

use alloy_primitives::{Address, B256, KECCAK256_EMPTY};

use super::{
    Backend, Checkpoint, Driver, HostPrecompiles, JournaledState, Resources, UnmeteredWork,
};
use crate::ewasm::{
    CallKind, Code, CodeOrigin, Contract, Frame, Growth, Host, Inspector, Message, MessageHandler,
    OpenFrame, Outcome, Status, Usage,
};
use crate::precompile::{PrecompileError, Precompiles};
use crate::wasm::{GasTank, MemoryRoom};
use crate::work::{self, Unit};

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

/// The messages of a driver on a state.
pub(super) struct Messages<'a, 'vm, B: Backend, P, R> {
    pub driver: &'a Driver<'vm, P, R>,
    pub state: &'a mut JournaledState<B>,
}

impl<B, P, R> MessageHandler for Messages<'_, '_, B, P, R>
where
    B: Backend,
    P: HostPrecompiles<B>,
    R: Resources<B>,
{
    type Begun = Begun;

    fn host(&mut self) -> &mut dyn Host {
        self.state
    }

    fn memory_room(&self) -> MemoryRoom {
        MemoryRoom::in_parts(self.driver.config.memory_part)
    }

    fn begin(
        &mut self,
        message: Message,
        around: Usage,
        inspector: &mut dyn Inspector,
    ) -> Result<Box<OpenFrame<Begun>>, Outcome> {
        let begun = match self.prepare(message, around, inspector) {
            Ok(Ready { message, code_hash, begun }) => {
                match self.frame(message, code_hash, around) {
                    Ok(frame) => Ok(OpenFrame::new(frame, begun)),
                    Err(outcome) => Err(self.settle(begun, outcome)),
                }
            }
            Err(outcome) => Err(outcome),
        };
        begun.inspect_err(|outcome| inspector.message_exit(outcome))
    }

    fn end(
        &mut self,
        begun: Begun,
        frame: &Frame,
        outcome: Outcome,
        inspector: &mut dyn Inspector,
    ) -> Outcome {
        self.state.growth += frame.growth();
        let outcome = self.settle(begun, outcome);
        inspector.message_exit(&outcome);
        outcome
    }

    fn has_failed(&self) -> bool {
        self.state.has_failed()
    }
}

impl<B, P, R> Messages<'_, '_, B, P, R>
where
    B: Backend,
    P: HostPrecompiles<B>,
    R: Resources<B>,
{
    /// The frame of a message that has begun. Its code is paid for before it is read or looked at.
    fn frame(
        &mut self,
        message: Message,
        code_hash: Option<B256>,
        around: Usage,
    ) -> Result<Frame, Outcome> {
        let revision = self.state.revision();
        let known = code_hash
            .and_then(|hash| self.driver.vm.paid_contract(revision, &hash, &mut self.state.paid));
        let (contract, gas) = match known {
            Some(contract) => (contract, GasTank::new(message.gas)),
            None => {
                let bytes = match &code_hash {
                    Some(hash) => self
                        .state
                        .code_size_of(hash)
                        .unwrap_or_else(|| self.state.code_of(*hash).len()),
                    None => message.input.len(),
                };
                if !around.has_room_for_code(bytes, &self.state.paid, &self.driver.config.open) {
                    return Err(Outcome::failure(Status::Failure));
                }
                let gas = self.driver.vm.pay_for_code(message.gas, bytes)?;
                let contract = match &code_hash {
                    Some(hash) => self.contract(hash),
                    None => self.init_contract(&message),
                };
                (contract, gas)
            }
        };
        let contract = contract.map_err(Outcome::failure)?;
        if !self.work(UnmeteredWork::Frame { items: contract.instance_items() }) {
            return Err(Outcome::failure(Status::InternalError));
        }
        Ok(self.driver.vm.frame_with(revision, message, contract, gas))
    }

    /// Begins a message: returns its code to run, or its outcome when there is none. The frames
    /// that wait for it hold `around`.
    pub(super) fn prepare(
        &mut self,
        mut message: Message,
        around: Usage,
        inspector: &mut dyn Inspector,
    ) -> Result<Ready, Outcome> {
        if let Some(address) = created_address(self.state, &message) {
            message.recipient = address;
            message.code_address = address;
        }
        work::check();
        work::add(Unit::Message, 1);
        inspector.message_enter(&message);
        if self.state.has_failed() {
            return Err(Outcome::failure(Status::InternalError));
        }
        if message.depth > self.state.schedule().call_depth {
            return Err(Outcome::not_begun(Status::CallDepthExceeded, &message));
        }
        if !around.fits(&self.driver.config.open) {
            return Err(Outcome::failure(Status::Failure));
        }
        let pays = message.kind != CallKind::DelegateCall;
        if pays && self.state.balance(&message.sender) < message.value {
            return Err(Outcome::not_begun(Status::InsufficientBalance, &message));
        }
        let begun = if message.kind.is_create() {
            self.begin_create(message)
        } else {
            self.begin_call(message)
        };
        begun.map_err(|outcome| {
            if self.state.has_failed() { Outcome::failure(Status::InternalError) } else { outcome }
        })
    }

    fn begin_call(&mut self, message: Message) -> Result<Ready, Outcome> {
        let checkpoint = self.state.checkpoint();
        if message.kind == CallKind::Call
            && !self.state.transfer(&message.sender, &message.recipient, message.value)
        {
            return Err(self.undone(checkpoint, Status::InsufficientBalance));
        }
        if let Some(outcome) = self.driver.precompiles.run(self.state, &message) {
            return Err(self.precompiled(checkpoint, &message, outcome));
        }
        let precompiles = Precompiles::new(self.state.schedule(), self.driver.config.address9);
        let price = precompiles.price(&message.code_address, &message.input);
        if let Some(gas) = price.filter(|gas| *gas <= message.gas) {
            let address = &message.code_address;
            let work = UnmeteredWork::Precompile { address, input: &message.input, gas };
            if !self.work(work) {
                return Err(self.undone(checkpoint, Status::InternalError));
            }
        }
        if let Some(result) = precompiles.run(&message.code_address, &message.input, message.gas) {
            return Err(match result {
                Ok(done) => {
                    self.commit(checkpoint);
                    success(message.gas.saturating_sub(done.gas_used), done.output)
                }
                Err(PrecompileError::OutOfGas) => self.undone(checkpoint, Status::OutOfGas),
                Err(PrecompileError::InvalidInput(_)) => {
                    self.undone(checkpoint, Status::PrecompileFailure)
                }
            });
        }
        let code_hash = self.state.account(&message.code_address).code_hash;
        if code_hash == KECCAK256_EMPTY {
            self.commit(checkpoint);
            return Err(success(message.gas, Vec::new()));
        }
        Ok(Ready {
            message,
            code_hash: Some(code_hash),
            begun: Begun { checkpoint, creates: None },
        })
    }

    fn begin_create(&mut self, message: Message) -> Result<Ready, Outcome> {
        let address = message.recipient;
        if self.state.increment_nonce(&message.sender).is_none() {
            return Err(Outcome::not_begun(Status::Failure, &message));
        }
        // The address stays warm when the create fails (EIP-2929).
        self.state.access_account(&address);
        let checkpoint = self.state.checkpoint();
        if !self.state.create_account(&address) {
            return Err(self.undone(checkpoint, Status::Failure));
        }
        if !self.state.transfer(&message.sender, &address, message.value) {
            return Err(self.undone(checkpoint, Status::InsufficientBalance));
        }
        if message.input.is_empty() {
            // As in Ethereum: an account without code.
            self.commit(checkpoint);
            return Err(created(message.gas, address));
        }
        Ok(Ready { message, code_hash: None, begun: Begun { checkpoint, creates: Some(address) } })
    }

    /// The contract of code in the state that has just been paid for.
    fn contract(&mut self, hash: &B256) -> Result<Arc<Contract>, Status> {
        let code = self.state.code_of(*hash);
        let is_validated = self.driver.resources.code_is_validated(self.state.backend(), hash)
            || self.state.is_new_code(hash);
        if self.state.has_failed()
            || !self.work(UnmeteredWork::Code { hash, bytes: code.len(), is_validated })
        {
            return Err(Status::InternalError);
        }
        let origin = if is_validated { CodeOrigin::Validated } else { CodeOrigin::Unknown };
        let code = Code { bytes: (&code).into(), hash: Some(hash), origin };
        let contract =
            self.driver.vm.keep_paid(self.state.revision(), code, hash, &mut self.state.paid);
        self.state.drop_read_code(hash);
        if !is_validated && contract.is_ok() {
            self.driver.resources.code_was_validated(self.state.backend(), hash);
        }
        contract
    }

    /// The contract of the init code of a create.
    fn init_contract(&mut self, message: &Message) -> Result<Arc<Contract>, Status> {
        if !self.work(UnmeteredWork::InitCode { bytes: message.input.len(), depth: message.depth })
        {
            return Err(Status::InternalError);
        }
        self.driver
            .vm
            .compile(self.state.revision(), &message.input)
            .map_err(|_| Status::ContractValidationFailure)
    }

    /// Settles a message whose code has ended: stores the code of a new contract, and keeps or
    /// undoes what was done.
    pub(super) fn settle(&mut self, begun: Begun, outcome: Outcome) -> Outcome {
        let Begun { checkpoint, creates } = begun;
        if self.state.has_failed() {
            return self.undone(checkpoint, Status::InternalError);
        }
        if outcome.status != Status::Success {
            self.rollback(checkpoint);
            return outcome;
        }
        let Some(address) = creates else {
            self.commit(checkpoint);
            return outcome;
        };
        match self.deposit(&address, outcome) {
            Ok(outcome) => {
                self.commit(checkpoint);
                outcome
            }
            Err(status) => self.undone(checkpoint, status),
        }
    }

    /// Stores what init code gave as the code of the new contract.
    fn deposit(&mut self, address: &Address, outcome: Outcome) -> Result<Outcome, Status> {
        let schedule = self.state.schedule();
        let code: Arc<[u8]> = outcome.output.into();
        let cost = schedule.code_deposit_byte.saturating_mul(code.len() as u64);
        let gas_left = outcome.gas_left.checked_sub(cost).ok_or(Status::OutOfGas)?;
        self.driver
            .vm
            .check_new_code(self.state.revision(), &code)
            .map_err(|error| error.status())?;
        self.state.growth += Growth::of_code(code.len());
        self.state.set_code(address, code);
        Ok(Outcome { gas_refund: outcome.gas_refund, ..created(gas_left, *address) })
    }

    /// Undoes what a message did, and returns its outcome.
    fn undone(&mut self, checkpoint: Checkpoint, status: Status) -> Outcome {
        self.rollback(checkpoint);
        Outcome::failure(status)
    }

    /// Ends a message to a precompiled contract of the host's own.
    fn precompiled(
        &mut self,
        checkpoint: Checkpoint,
        message: &Message,
        outcome: Outcome,
    ) -> Outcome {
        let gas_left = outcome.gas_left.min(message.gas);
        match outcome.status {
            _ if self.state.has_failed() => self.undone(checkpoint, Status::InternalError),
            Status::Success => {
                self.commit(checkpoint);
                success(gas_left, outcome.output)
            }
            Status::Revert => {
                self.rollback(checkpoint);
                Outcome { gas_left, output: outcome.output, ..Outcome::failure(Status::Revert) }
            }
            status => self.undone(checkpoint, status),
        }
    }

    fn commit(&mut self, checkpoint: Checkpoint) {
        self.state.commit(checkpoint);
        self.tell_of_checkpoint(true);
    }

    fn rollback(&mut self, checkpoint: Checkpoint) {
        let resources = &self.driver.resources;
        self.state.rollback_telling(checkpoint, |backend, address, key| {
            resources.forgotten(backend, address, key);
        });
        self.tell_of_checkpoint(false);
    }

    fn tell_of_checkpoint(&self, is_committed: bool) {
        let open = self.state.open_checkpoints();
        self.driver.resources.checkpoint_closed(self.state.backend(), open, is_committed);
    }

    /// Announces unmetered work, and returns whether it may be done.
    fn work(&mut self, work: UnmeteredWork<'_>) -> bool {
        let answer = self.driver.resources.work(self.state.backend(), work);
        self.state.or_default(answer);
        !self.state.has_failed()
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

fn success(gas_left: u64, output: Vec<u8>) -> Outcome {
    Outcome { gas_left, output, ..Outcome::failure(Status::Success) }
}

fn created(gas_left: u64, address: Address) -> Outcome {
    Outcome { create_address: Some(address), ..success(gas_left, Vec::new()) }
}
