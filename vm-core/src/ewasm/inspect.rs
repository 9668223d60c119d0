//! Looking on while contracts run: traces and profiles. Looking never changes results or gas.
use super::{Message, Outcome};

/// One call of an interface function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InterfaceCall<'a> {
    /// Module of the function: `ethereum` or `debug`.
    pub module: &'static str,
    /// Name of the function.
    pub name: &'static str,
    /// The arguments, as the contract gave them.
    pub args: &'a [u64],
    /// The result, if the function has one and came to its end.
    pub result: Option<u64>,
    /// Whole gas before the call.
    pub gas_before: u64,
    /// Whole gas after it.
    pub gas_after: u64,
    /// Something readable about what went in and came out: a key and its value, an address, the
    /// text of a debug print.
    pub detail: &'a str,
}

/// Somebody who looks on. Every method does nothing unless given.
pub trait Inspector {
    /// Whether [`InterfaceCall::detail`] and interface calls are wanted: making them takes time.
    fn wants_interface_calls(&self) -> bool {
        false
    }
    /// Whether [`Self::function_enter`] and [`Self::function_exit`] are wanted.
    fn wants_functions(&self) -> bool {
        false
    }
    /// Whether the place of a trap is wanted in nested frames too, in [`Outcome::trap`]. That of a
    /// transaction's own frame is always there.
    fn wants_traps(&self) -> bool {
        false
    }
    /// A message begins.
    fn message_enter(&mut self, _message: &Message) {}
    /// The innermost message that began has ended.
    fn message_exit(&mut self, _outcome: &Outcome) {}
    /// An interface function was called and has come to its end, or the frame fails in it.
    fn interface_call(&mut self, _call: &InterfaceCall<'_>) {}
    /// A function of the contract begins; `gas_left` in particles before its own entry is charged.
    fn function_enter(&mut self, _function: u32, _gas_left: u128) {}
    /// The innermost function that began has ended.
    fn function_exit(&mut self, _gas_left: u128) {}
}

/// Nobody looks on.
impl Inspector for () {}
