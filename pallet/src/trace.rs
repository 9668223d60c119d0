//! Looks on at messages.
use alloc::vec::Vec;

use tephra_core::ewasm::{Inspector, Message, Outcome};

use crate::runtime_api::{ExecutionStatus, MAX_TRACED_BYTES, MAX_TRACED_MESSAGES, MessageKind, TracedMessage};
use crate::types::to_h160;

/// Notes messages and how they end.
#[derive(Default)]
pub(crate) struct Tracer {
    pub messages: Vec<TracedMessage>,
    pub is_cut: bool,
    /// Places of the messages that are open; none for those that are left out.
    open: Vec<Option<usize>>,
}

impl Inspector for Tracer {
    fn message_enter(&mut self, message: &Message) {
        if self.messages.len() >= MAX_TRACED_MESSAGES {
            self.is_cut = true;
            self.open.push(None);
            return;
        }
        self.open.push(Some(self.messages.len()));
        self.messages.push(TracedMessage {
            depth: message.depth,
            kind: MessageKind::of(message.kind, message.is_static),
            from: to_h160(message.sender),
            to: to_h160(message.recipient),
            code_of: to_h160(message.code_address),
            value: sp_core::U256(message.value.into_limbs()),
            gas: message.gas,
            gas_used: message.gas,
            status: ExecutionStatus::InternalError,
            input: beginning(&message.input),
            output: Vec::new(),
        });
    }

    fn message_exit(&mut self, outcome: &Outcome) {
        let place = self.open.pop().flatten();
        let Some(message) = place.and_then(|place| self.messages.get_mut(place)) else { return };
        message.gas_used = message.gas.saturating_sub(outcome.gas_left);
        message.status = outcome.status.into();
        message.output = beginning(&outcome.output);
    }
}

fn beginning(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().take(MAX_TRACED_BYTES).copied().collect()
}
