//! Shows what contracts print in debug mode.
use tephra::text::plain;
use tephra_core::ewasm::{Inspector, InterfaceCall};

use super::options::EngineOptions;
use super::output::complain;

/// Shows on standard error what contracts print with the module `debug`.
pub struct DebugPrinter {
    on: bool,
}

impl DebugPrinter {
    /// Makes a printer that is on in debug mode only.
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
