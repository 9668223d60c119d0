//! Drives messages, nested ones included, on one journaled state.
use alloc::boxed::Box;
use alloc::vec::Vec;

use super::held::Held;
use super::open::{OpenFrame, Ready};
use super::{Backend, HostPrecompiles, JournaledState, OpenLimits};
use crate::ewasm::{Inspector, Message, Outcome, Status, Step, Vm};
use crate::precompile::Address9;

/// What a [`Driver`] is configured with. Everything in it changes results: it is the same on all
/// machines of a chain, and a change of it is a fork.
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
}

impl Default for DriverConfig {
    fn default() -> Self {
        Self { address9: Address9::Keccak256, open: OpenLimits::DEFAULT }
    }
}

/// Runs messages and transactions by Ethereum's rules. Nested messages do not nest the machine's
/// stack: open frames lie on the heap.
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
        let mut open: Vec<Box<OpenFrame>> = Vec::new();
        // Of all frames but the innermost.
        let mut held = Held::default();
        // While the frame that had it waits for another.
        let mut room = self.vm.room();
        let mut message = message;
        loop {
            let begun = self.open(state, message, held, inspector);
            let mut ended = match begun {
                Ok(mut frame) => {
                    frame.frame.give_room(core::mem::take(&mut room));
                    open.push(frame);
                    None
                }
                Err(outcome) => Some(outcome),
            };
            message = loop {
                if let Some(outcome) = ended.take() {
                    inspector.message_exit(&outcome);
                    let Some(caller) = open.last_mut() else { return outcome };
                    held = caller.around;
                    caller.frame.give_room(core::mem::take(&mut room));
                    caller.frame.resume(outcome);
                }
                let Some(innermost) = open.last_mut() else {
                    return Outcome::failure(Status::InternalError);
                };
                match innermost.frame.run(state, inspector) {
                    Step::Nested(message) => {
                        innermost.around = held;
                        held = held.and(&innermost.frame);
                        room = innermost.frame.lend_room();
                        break message;
                    }
                    Step::Done(outcome) => {
                        room = innermost.frame.lend_room();
                        ended = open.pop().map(|frame| self.end(state, frame.begun, outcome));
                    }
                }
            };
        }
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
        match self.begin(state, message, Held::default(), &mut ()) {
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
