//! Drives messages, nested ones included, on one journaled state.
use alloc::boxed::Box;

use super::open::{Begun, Ready};
use super::{Backend, HostPrecompiles, JournaledState};
use crate::ewasm::{
    Frame, Host, Inspector, Message, MessageHandler, OpenFrame, OpenLimits, Outcome, Status, Usage,
    Vm, drive,
};
use crate::precompile::Address9;
use crate::wasm::MemoryRoom;

/// What a [`Driver`] is configured with. Everything in it but the size of parts changes results: it
/// is the same on all machines of a chain, and a change of it is a fork.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DriverConfig {
    /// What the precompiled contract at address 9 is. By default Keccak-256, as in Ewasm.
    pub address9: Address9,
    /// What the open frames of a transaction may hold together when one of them sends a nested
    /// message; with more the nested message fails with [`Status::Failure`] before it begins.
    ///
    /// Gas bounds this too, but not with metering off, and 1025 frames may be open at the same
    /// time. All memory of a transaction is then bounded by this and by what the limits allow one
    /// frame.
    pub open: OpenLimits,
    /// Bytes of the parts in which the memory of open frames is allocated, see [`MemoryRoom`]; 0
    /// for one part, which moves when it grows.
    pub memory_part: usize,
}

impl Default for DriverConfig {
    fn default() -> Self {
        Self { address9: Address9::Keccak256, open: OpenLimits::DEFAULT, memory_part: 0 }
    }
}

/// Runs messages and transactions by Ethereum's rules. Nested messages do not nest the machine's
/// stack: [`drive`] keeps open frames on the heap.
#[derive(Clone, Copy)]
pub struct Driver<'a, P = ()> {
    pub(super) vm: &'a Vm,
    pub(super) config: DriverConfig,
    /// Precompiled contracts of the host's own.
    pub(super) precompiles: P,
}

impl<'a> Driver<'a> {
    /// A driver that runs contracts on `vm`.
    pub fn new(vm: &'a Vm, config: DriverConfig) -> Self {
        Self { vm, config, precompiles: () }
    }

    /// The same with precompiled contracts of the host's own, which come before Ethereum's.
    pub fn with_precompiles<P>(self, precompiles: P) -> Driver<'a, P> {
        Driver { vm: self.vm, config: self.config, precompiles }
    }
}

impl<P> Driver<'_, P> {
    /// Runs a message to its end. What it did to the state is undone unless it succeeded, but for
    /// the nonce of a create's sender.
    ///
    /// The code that the message and its nested ones pay for stays at hand until the state begins
    /// another transaction, so that several messages of one transaction pay once.
    ///
    /// The message's recipient need not be set for a create. The outcome has
    /// [`Status::InternalError`] when the backend failed.
    pub fn run_message<B: Backend>(
        &self,
        state: &mut JournaledState<B>,
        message: Message,
        inspector: &mut dyn Inspector,
    ) -> Outcome
    where
        P: HostPrecompiles<B>,
    {
        drive(&mut Messages { driver: self, state }, message, inspector)
    }

    /// Runs a message to its end on another machine than the driver's, which `execute` asks with
    /// the message and its code; for a create the code is the init code and its output the code of
    /// the new contract. Code that machine runs sends nested messages by calling this again, so
    /// that they nest the machine's stack.
    ///
    /// What happens around the code is the same as in [`Self::run_message`], but for
    /// [`DriverConfig::open`] and the price of code: the memory of that machine
    /// is its own affair, and so is what it asks for code.
    pub fn run_message_on<B: Backend>(
        &self,
        state: &mut JournaledState<B>,
        message: Message,
        execute: impl FnOnce(&mut JournaledState<B>, &Message, &[u8]) -> Outcome,
    ) -> Outcome
    where
        P: HostPrecompiles<B>,
    {
        match self.begin(state, message, Usage::NONE, &mut ()) {
            Ok(Ready { message, code_hash, begun }) => {
                let code =
                    code_hash.map_or_else(|| message.input.clone(), |hash| state.code_of(hash));
                let outcome = if state.has_failed() {
                    Outcome::failure(Status::InternalError)
                } else {
                    execute(state, &message, &code)
                };
                self.end(state, begun, outcome)
            }
            Err(outcome) => outcome,
        }
    }
}

/// The messages of a driver on a state.
struct Messages<'a, 'vm, B: Backend, P> {
    driver: &'a Driver<'vm, P>,
    state: &'a mut JournaledState<B>,
}

impl<B: Backend, P: HostPrecompiles<B>> MessageHandler for Messages<'_, '_, B, P> {
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
        self.driver
            .open(self.state, message, around, inspector)
            .inspect_err(|outcome| inspector.message_exit(outcome))
    }

    fn end(
        &mut self,
        begun: Begun,
        frame: &Frame,
        outcome: Outcome,
        inspector: &mut dyn Inspector,
    ) -> Outcome {
        self.state.growth += frame.growth();
        let outcome = self.driver.end(self.state, begun, outcome);
        inspector.message_exit(&outcome);
        outcome
    }

    fn has_failed(&self) -> bool {
        self.state.has_failed()
    }
}
