//! Traces: the messages and interface calls of a transaction, in order.
use alloy_primitives::{Address, U256};
use serde::{Serialize, Serializer};
use tephra_core::ewasm::{
    CallKind, ExtraCharge, Inspector, InterfaceCall, Message, Outcome, Status,
};

use crate::report::serialize_status;

/// An event of a trace. Serialized, it is a line of `tephra trace --json`: fields may be added, but
/// keep their meaning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "lowercase")]
#[non_exhaustive]
pub enum Event<'a> {
    /// A message begins.
    Message {
        /// Number of messages around it.
        depth: usize,
        /// The kind of call; serialized by its [name](kind_name).
        #[serde(serialize_with = "serialize_kind")]
        kind: CallKind,
        /// Whether it may not change the state.
        is_static: bool,
        /// The sender.
        #[serde(serialize_with = "serialize_address")]
        from: Address,
        /// The account whose code runs.
        #[serde(serialize_with = "serialize_address")]
        to: Address,
        /// Wei sent along; serialized as a decimal string.
        #[serde(serialize_with = "serialize_number")]
        value: U256,
        /// Gas given to it.
        gas: u64,
        /// Length of its input, in bytes.
        input_size: usize,
    },
    /// A contract called an interface function.
    Interface {
        /// Number of messages around it.
        depth: usize,
        /// Module of the function.
        module: &'static str,
        /// Name of the function.
        name: &'static str,
        /// The arguments.
        args: &'a [u64],
        /// The result, if the function has one and did not fail.
        result: Option<u64>,
        /// Gas of the call, including what it forwards to a message.
        gas: u64,
        /// Gas left after the call.
        gas_left: u64,
        /// The costs beyond the base cost, in the order in which they were charged.
        extra_charges: Vec<Charge>,
        /// What went in and out, as text: a key and its value, an address, a debug print.
        detail: &'a str,
    },
    /// A message ends.
    End {
        /// Number of messages around it.
        depth: usize,
        /// How it ended; serialized by its [name](Status::name).
        #[serde(serialize_with = "serialize_status")]
        status: Status,
        /// Gas left.
        gas_left: u64,
        /// Length of its output, in bytes.
        output_size: usize,
    },
}

/// A cost beyond the base cost of an interface call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Charge {
    /// What it is for, such as `cold account`.
    pub cost: String,
    /// Gas.
    pub gas: u64,
}

impl Charge {
    fn of(charge: &ExtraCharge) -> Self {
        Self { cost: charge.cost.to_string(), gas: charge.gas }
    }
}

/// Passes each event of a transaction to a closure as it happens: a long execution has more events
/// than memory holds.
pub struct Tracer<F> {
    each: F,
    depth: usize,
}

impl<F: FnMut(&Event<'_>)> Tracer<F> {
    /// Makes a tracer that calls `each` with every event.
    pub fn new(each: F) -> Self {
        Self { each, depth: 0 }
    }
}

impl<F: FnMut(&Event<'_>)> Inspector for Tracer<F> {
    fn wants_interface_calls(&self) -> bool {
        true
    }

    fn message_enter(&mut self, message: &Message) {
        (self.each)(&Event::Message {
            depth: self.depth,
            kind: message.kind,
            is_static: message.is_static,
            from: message.sender,
            to: message.code_address,
            value: message.value,
            gas: message.gas,
            input_size: message.input.len(),
        });
        self.depth += 1;
    }

    fn message_exit(&mut self, outcome: &Outcome) {
        self.depth = self.depth.saturating_sub(1);
        (self.each)(&Event::End {
            depth: self.depth,
            status: outcome.status,
            gas_left: outcome.gas_left,
            output_size: outcome.output.len(),
        });
    }

    fn interface_call(&mut self, call: &InterfaceCall<'_>) {
        (self.each)(&Event::Interface {
            depth: self.depth,
            module: call.module,
            name: call.name,
            args: call.args,
            result: call.result,
            gas: call.gas_before.saturating_sub(call.gas_after),
            gas_left: call.gas_after,
            extra_charges: call.extra_charges.iter().map(Charge::of).collect(),
            detail: call.detail,
        });
    }
}

/// Returns the name of a kind of call in JSON: lower case, words joined by a hyphen.
pub fn kind_name(kind: CallKind) -> &'static str {
    match kind {
        CallKind::Call => "call",
        CallKind::DelegateCall => "delegate-call",
        CallKind::CallCode => "call-code",
        CallKind::Create => "create",
        CallKind::Create2 => "create2",
    }
}

fn serialize_kind<S: Serializer>(kind: &CallKind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(kind_name(*kind))
}

fn serialize_address<S: Serializer>(address: &Address, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&address.to_checksum(None))
}

fn serialize_number<S: Serializer>(number: &U256, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&number.to_string())
}
