//! Precompiled contracts: functions of the runtime that contracts call at fixed addresses.
//!
//! A runtime names its own in [`Config::Precompiles`], as a tuple of types that implement
//! [`Precompile`]. They come before Ethereum's, and so can replace them.
mod dispatch;
mod host;

use alloc::vec::Vec;
use core::marker::PhantomData;

use alloy_primitives::Address;
use sp_core::H160;
use tephra_core::ewasm::{CallKind, Message, Outcome, Status};
use tephra_core::precompile::{Address9, Precompiles};
use tephra_core::state::{HostPrecompiles, JournaledState};

pub use self::dispatch::{Dispatch, MAX_CALL_BYTES, MAX_CALL_MEMORY};
use crate::engine::Engine;
use crate::engine::convert::{to_address, to_h160};
use crate::{Config, PalletBackend};

/// The state that a precompiled contract works on.
pub type State<T> = JournaledState<PalletBackend<T>>;

/// A precompiled contract.
pub trait Precompile<T: Config> {
    /// The address. Ethereum's are 1 to 9. No contract can be created at an address with many
    /// zeros.
    const ADDRESS: H160;

    /// Whether the contract answers messages that borrow its code (`callDelegate` and `callCode`).
    ///
    /// They act for the contract that sends them, on its storage and balance, and a delegate call
    /// shows the sender and the value of the call around it. A precompiled contract that relies on
    /// [`Message::sender`] must refuse them. By default they fail before it runs.
    const MAY_BE_BORROWED: bool = false;

    /// Answers a message. The value has been moved to the message's recipient. Unless the outcome
    /// is a success, the value and all changes of the state are undone.
    ///
    /// The contract charges its own gas, in proportion to its work and before doing it.
    /// [`Manner::of`] returns how it is called; in a static call nothing may change.
    fn run(state: &mut State<T>, message: &Message) -> Outcome;
}

/// How a contract is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// `call`: by the sender, on its own account.
    Plain,
    /// `callStatic`, or `call` inside one: by the sender, and nothing may change.
    Static,
    /// `callCode`: on the sender's account, which is the recipient.
    Code {
        /// Whether nothing may change.
        is_static: bool,
    },
    /// `callDelegate`: on the account of the delegating contract, which is the recipient. Sender
    /// and value are those of the call to that contract.
    Delegate {
        /// Whether nothing may change.
        is_static: bool,
    },
}

impl Manner {
    /// Returns how a message calls.
    pub fn of(message: &Message) -> Self {
        let is_static = message.is_static;
        match message.kind {
            CallKind::DelegateCall => Self::Delegate { is_static },
            CallKind::CallCode => Self::Code { is_static },
            CallKind::Call | CallKind::Create | CallKind::Create2 if is_static => Self::Static,
            CallKind::Call | CallKind::Create | CallKind::Create2 => Self::Plain,
        }
    }

    /// Returns whether the code acts on another account than its own.
    pub fn is_borrowed(self) -> bool {
        matches!(self, Self::Code { .. } | Self::Delegate { .. })
    }
}

/// Runs a precompiled contract, unless it does not answer the message's manner of call.
fn answer<T: Config, P: Precompile<T>>(state: &mut State<T>, message: &Message) -> Outcome {
    if Manner::of(message).is_borrowed() && !P::MAY_BE_BORROWED {
        return Outcome::failure(Status::PrecompileFailure);
    }
    P::run(state, message)
}

/// A set of precompiled contracts: `()`, or a tuple.
pub trait PrecompileSet<T: Config> {
    /// Returns the addresses.
    fn addresses() -> Vec<H160>;

    /// Runs the contract at an address; none when there is none.
    fn run(address: H160, state: &mut State<T>, message: &Message) -> Option<Outcome>;
}

impl<T: Config> PrecompileSet<T> for () {
    fn addresses() -> Vec<H160> {
        Vec::new()
    }

    fn run(_address: H160, _state: &mut State<T>, _message: &Message) -> Option<Outcome> {
        None
    }
}

macro_rules! tuples {
    ($($name:ident)+) => {
        impl<T: Config, $($name: Precompile<T>),+> PrecompileSet<T> for ($($name,)+) {
            fn addresses() -> Vec<H160> {
                let mut addresses = Vec::from([$($name::ADDRESS),+]);
                addresses.sort_unstable();
                addresses
            }

            fn run(address: H160, state: &mut State<T>, message: &Message) -> Option<Outcome> {
                $(if address == $name::ADDRESS {
                    return Some(answer::<T, $name>(state, message));
                })+
                None
            }
        }
    };
}

tuples!(A);
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D E);
tuples!(A B C D E F);
tuples!(A B C D E F G);
tuples!(A B C D E F G H);

/// Ends a message with an output. The message is out of gas when `gas_used` is more than it has.
pub fn succeed(message: &Message, gas_used: u64, output: Vec<u8>) -> Outcome {
    match message.gas.checked_sub(gas_used) {
        Some(gas_left) => Outcome { gas_left, output, ..Outcome::failure(Status::Success) },
        None => Outcome::failure(Status::OutOfGas),
    }
}

/// Reverts a message with a reason, and leaves the unused gas.
pub fn revert(message: &Message, gas_used: u64, output: Vec<u8>) -> Outcome {
    match message.gas.checked_sub(gas_used) {
        Some(gas_left) => Outcome { gas_left, output, ..Outcome::failure(Status::Revert) },
        None => Outcome::failure(Status::OutOfGas),
    }
}

/// The runtime's precompiled contracts, as the engine calls them.
pub(crate) struct Own<T> {
    addresses: Vec<Address>,
    address9: Address9,
    runtime: PhantomData<T>,
}

impl<T: Config> Own<T> {
    pub fn new() -> Self {
        let addresses = T::Precompiles::addresses().into_iter().map(to_address).collect();
        Self { addresses, address9: Engine::<T>::driver_config().address9, runtime: PhantomData }
    }
}

impl<T: Config> HostPrecompiles<PalletBackend<T>> for Own<T> {
    fn addresses(&self) -> &[Address] {
        &self.addresses
    }

    fn run(&self, state: &mut State<T>, message: &Message) -> Option<Outcome> {
        let own = T::Precompiles::run(to_h160(message.code_address), state, message);
        own.or_else(|| host::run(&Precompiles::new(state.schedule(), self.address9), message))
    }
}
