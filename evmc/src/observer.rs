//! Observes executions for the options `trace` and `debug`.
use std::io::Write;

use serde_json::{Value, json};
use tephra_core::ewasm::{CallKind, Inspector, InterfaceCall, Message};
use tephra_core::wasm::Trap;

use crate::options::Settings;
use crate::tables;
use crate::trace::TraceFile;
use crate::vm::Reply;

/// The observer of one execution.
pub struct Observer<'a> {
    trace: Option<(&'a TraceFile, u64)>,
    prints: bool,
    depth: u32,
}

impl<'a> Observer<'a> {
    pub fn new(settings: &'a Settings) -> Self {
        let trace = settings.trace.as_deref().map(|file| (file, file.number()));
        Self { trace, prints: settings.vm.debug, depth: 0 }
    }

    /// Writes how the message ended, as the client is told it.
    pub fn ended(&self, reply: &Reply, trap: Option<Trap>) {
        self.write(|| {
            json!({
                "event": "end", "status": tables::status_name(reply.status), "gas_left": reply.gas_left,
                "gas_refund": reply.gas_refund, "output_size": reply.output.len(),
                "trap": trap.map(|trap| trap.to_string()),
            })
        });
    }

    fn write(&self, line: impl FnOnce() -> Value) {
        let Some((file, execution)) = self.trace else { return };
        let mut line = line();
        line["execution"] = execution.into();
        line["depth"] = self.depth.into();
        file.write(&line);
    }
}

impl Inspector for Observer<'_> {
    fn wants_interface_calls(&self) -> bool {
        self.prints || self.trace.is_some()
    }

    fn message_enter(&mut self, message: &Message) {
        self.depth = message.depth;
        self.write(|| {
            json!({
                "event": "message", "kind": kind_name(message.kind), "is_static": message.is_static,
                "from": message.sender.to_checksum(None), "to": message.recipient.to_checksum(None),
                "code": message.code_address.to_checksum(None), "value": message.value.to_string(),
                "gas": message.gas, "input_size": message.input.len(),
            })
        });
    }

    fn interface_call(&mut self, call: &InterfaceCall<'_>) {
        self.write(|| {
            json!({
                "event": "interface", "module": call.module, "name": call.name, "args": call.args, "result": call.result,
                "gas": call.gas_before.saturating_sub(call.gas_after), "gas_left": call.gas_after, "detail": call.detail,
            })
        });
        if self.prints && call.module == "debug" {
            // Escaped, as it may go to a terminal. An error of writing is not one of the message.
            let _ = writeln!(std::io::stderr(), "{}: {}", call.name, call.detail.escape_debug());
        }
    }
}

fn kind_name(kind: CallKind) -> &'static str {
    match kind {
        CallKind::Call => "call",
        CallKind::DelegateCall => "delegate-call",
        CallKind::CallCode => "call-code",
        CallKind::Create => "create",
        CallKind::Create2 => "create2",
    }
}
