//! Records the messages of a dry run.
use alloc::vec::Vec;

use tephra_core::ewasm::{Inspector, Message, Outcome};

use crate::api::runtime_api::{
    ExecutionStatus, MAX_TRACE_BYTES, MAX_TRACED_BYTES, MAX_TRACED_MESSAGES, MessageKind,
    TracedMessage,
};
use crate::engine::convert::to_h160;

/// Records messages and how they end.
pub(crate) struct Tracer {
    pub messages: Vec<TracedMessage>,
    pub is_cut: bool,
    /// Bytes of inputs and outputs that may still be recorded.
    bytes_left: usize,
    /// The indices of the open messages; none for those left out.
    open: Vec<Option<usize>>,
}

impl Tracer {
    pub fn new() -> Self {
        Self { messages: Vec::new(), is_cut: false, bytes_left: MAX_TRACE_BYTES, open: Vec::new() }
    }

    /// Returns as much of an input or output as the trace records.
    fn beginning(&mut self, bytes: &[u8]) -> Vec<u8> {
        let wanted = bytes.len().min(MAX_TRACED_BYTES);
        let noted = wanted.min(self.bytes_left);
        self.bytes_left = self.bytes_left.saturating_sub(noted);
        self.is_cut |= noted < wanted;
        bytes.iter().take(noted).copied().collect()
    }
}

impl Inspector for Tracer {
    fn message_enter(&mut self, message: &Message) {
        if self.messages.len() >= MAX_TRACED_MESSAGES {
            self.is_cut = true;
            self.open.push(None);
            return;
        }
        self.open.push(Some(self.messages.len()));
        let input = self.beginning(&message.input);
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
            input,
            output: Vec::new(),
        });
    }

    fn message_exit(&mut self, outcome: &Outcome) {
        let Some(place) = self.open.pop().flatten() else { return };
        let output = self.beginning(&outcome.output);
        let Some(message) = self.messages.get_mut(place) else { return };
        message.gas_used = message.gas.saturating_sub(outcome.gas_left);
        message.status = outcome.status.into();
        message.output = output;
    }
}
