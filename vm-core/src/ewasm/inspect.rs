//! Observing contracts while they run, for traces and profiles. It never changes results or gas.
use super::{ExtraCharge, Message, Outcome};

/// A call of an interface function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InterfaceCall<'a> {
    /// The module of the function: `ethereum` or `debug`.
    pub module: &'static str,
    /// The name of the function.
    pub name: &'static str,
    /// The arguments, as the contract gave them.
    pub args: &'a [u64],
    /// The result, if the function has one and did not fail.
    pub result: Option<u64>,
    /// Whole gas before the call.
    pub gas_before: u64,
    /// Whole gas after it.
    pub gas_after: u64,
    /// The costs beyond the function's base cost, in the order in which they were charged.
    pub extra_charges: &'a [ExtraCharge],
    /// Data that went in and came out, for people: a key and its value, an address, the text of a
    /// debug print.
    pub detail: &'a str,
}

/// Observes messages, interface calls and functions. Every method has a default that does nothing.
pub trait Inspector {
    /// Whether interface calls are observed: their [`InterfaceCall::detail`] takes time.
    fn wants_interface_calls(&self) -> bool {
        false
    }
    /// Whether [`Self::function_enter`] and [`Self::function_exit`] are observed.
    fn wants_functions(&self) -> bool {
        false
    }
    /// Whether [`Outcome::trap`] gives the place of a trap in nested frames too. In a transaction's
    /// own frame it always does.
    fn wants_traps(&self) -> bool {
        false
    }
    /// Observes the beginning of a message.
    fn message_enter(&mut self, _message: &Message) {}
    /// Observes the end of the innermost message that began.
    fn message_exit(&mut self, _outcome: &Outcome) {}
    /// Observes an interface call that has ended, or in which the frame fails.
    fn interface_call(&mut self, _call: &InterfaceCall<'_>) {}
    /// Observes function entry; `gas_left` in particles, before the entry is charged.
    fn function_enter(&mut self, _function: u32, _gas_left: u128) {}
    /// Observes the exit of the innermost function that was entered; `gas_left` in particles.
    fn function_exit(&mut self, _gas_left: u128) {}
}

/// Observes nothing.
impl Inspector for () {}
