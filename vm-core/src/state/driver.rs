//! Drives messages, nested ones included, on one journaled state.
use super::messages::{Messages, Ready};
use super::{Backend, HostPrecompiles, JournaledState, Resources};
use crate::ewasm::{Inspector, Message, OpenLimits, Outcome, Status, Usage, Vm, drive};
use crate::precompile::Address9;

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
    /// Bytes of the parts in which the memory of open frames is allocated, see
    /// [`MemoryRoom`](crate::wasm::MemoryRoom); 0
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
pub struct Driver<'a, P = (), R = ()> {
    pub(super) vm: &'a Vm,
    pub(super) config: DriverConfig,
    /// Precompiled contracts of the host's own.
    pub(super) precompiles: P,
    /// What is measured besides gas.
    pub(super) resources: R,
}

impl<'a> Driver<'a> {
    /// Returns a driver that runs contracts on `vm`.
    pub fn new(vm: &'a Vm, config: DriverConfig) -> Self {
        Self { vm, config, precompiles: (), resources: () }
    }
}

impl<'a, P, R> Driver<'a, P, R> {
    /// Returns the driver with precompiled contracts of the host's own, which come before
    /// Ethereum's.
    pub fn with_precompiles<Q>(self, precompiles: Q) -> Driver<'a, Q, R> {
        let Self { vm, config, precompiles: _, resources } = self;
        Driver { vm, config, precompiles, resources }
    }

    /// Returns the driver with a measure of resources besides gas.
    pub fn with_resources<S>(self, resources: S) -> Driver<'a, P, S> {
        let Self { vm, config, precompiles, resources: _ } = self;
        Driver { vm, config, precompiles, resources }
    }

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
        R: Resources<B>,
    {
        drive(&mut Messages { driver: self, state }, message, inspector)
    }

    /// Runs a message to its end with the code executed elsewhere: `execute` is given the message
    /// and its code, by which a create means its init code, and returns the outcome, in which a
    /// create's output is the code of the new contract. For a nested message it calls this again,
    /// so that messages nest the stack.
    ///
    /// What happens around the code is the same as in [`Self::run_message`], but for
    /// [`DriverConfig::open`] and the price of code, which are up to `execute`.
    pub fn run_message_on<B: Backend>(
        &self,
        state: &mut JournaledState<B>,
        message: Message,
        execute: impl FnOnce(&mut JournaledState<B>, &Message, &[u8]) -> Outcome,
    ) -> Outcome
    where
        P: HostPrecompiles<B>,
        R: Resources<B>,
    {
        let mut messages = Messages { driver: self, state };
        let Ready { message, code_hash, begun } =
            match messages.prepare(message, Usage::NONE, &mut ()) {
                Ok(ready) => ready,
                Err(outcome) => return outcome,
            };
        let state = &mut *messages.state;
        let code = code_hash.map_or_else(|| message.input.clone(), |hash| state.code_of(hash));
        let outcome = if state.has_failed() {
            Outcome::failure(Status::InternalError)
        } else {
            execute(state, &message, &code)
        };
        messages.settle(begun, outcome)
    }
}
