//! What contracts print in debug mode.
use tephra_core::ewasm::{Inspector, InterfaceCall};

use crate::args::EngineOptions;
use crate::output::{complain, plain};

/// Shows on standard error what contracts print.
pub struct DebugPrinter {
    on: bool,
}

impl DebugPrinter {
    /// Shows something only in debug mode.
    pub fn new(options: &EngineOptions) -> Self {
        Self { on: options.debug }
    }
}

impl Inspector for DebugPrinter {
    fn wants_interface_calls(&self) -> bool {
        self.on
    }

    fn interface_call(&mut self, call: &InterfaceCall<'_>) {
        if call.module == "debug" {
            complain(call.name, plain(call.detail));
        }
    }
}
