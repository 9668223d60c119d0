//! Precompiled contracts that a host has besides Ethereum's.
use alloy_primitives::Address;

use super::{Backend, JournaledState};
use crate::ewasm::{Message, Outcome};

/// Precompiled contracts of a host's own. A [`Driver`](super::Driver) asks for them before
/// Ethereum's; `()` has none.
pub trait HostPrecompiles<B: Backend> {
    /// The addresses that have one, in ascending order. They are warm from the start (EIP-2929).
    fn addresses(&self) -> &[Address];

    /// Runs the contract at the message's code address; none when there is none. The value has been
    /// moved. What was done to the state is undone unless the outcome is a success.
    ///
    /// More than the message's gas is never given back.
    fn run(&self, state: &mut JournaledState<B>, message: &Message) -> Option<Outcome>;
}

impl<B: Backend> HostPrecompiles<B> for () {
    fn addresses(&self) -> &[Address] {
        &[]
    }

    fn run(&self, _state: &mut JournaledState<B>, _message: &Message) -> Option<Outcome> {
        None
    }
}

impl<B: Backend, P: HostPrecompiles<B>> HostPrecompiles<B> for &P {
    fn addresses(&self) -> &[Address] {
        (**self).addresses()
    }

    fn run(&self, state: &mut JournaledState<B>, message: &Message) -> Option<Outcome> {
        (**self).run(state, message)
    }
}
