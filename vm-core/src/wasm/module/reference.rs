//! What is wrong with a module, in the words of [`wasmparser`], the field's reference.
//!
//! The engine's own validation is quick and only says yes or no. When it says no, the reference
//! validates the same bytes, up to where that happened, and its error is what the embedder is told.
//! Tests hold the two against each other.
use wasmparser::{Error, FuncValidatorAllocations, Parser, Payload, ValidPayload, Validator};

use super::ModuleError;
use super::error::Fault;
use crate::wasm::Config;
use crate::work::{self, Unit};

/// The error for bytes that are not a valid module.
#[cold]
pub(super) fn explain(config: &Config, bytes: &[u8], fault: Fault) -> ModuleError {
    work::add(
        Unit::Explained,
        if matches!(fault, Fault::Invalid) { bytes.len() as u64 } else { 0 },
    );
    match fault {
        Fault::Final(error) => *error,
        Fault::Invalid => match validate(config, bytes) {
            Err(error) => ModuleError::invalid(error.message(), error.offset()),
            // Floats in code that cannot be reached are such a case.
            Ok(()) => ModuleError::invalid("invalid module", 0),
        },
    }
}

fn validate(config: &Config, bytes: &[u8]) -> Result<(), Error> {
    let features = config.features.to_wasmparser();
    let mut validator = Validator::new_with_features(features);
    let mut parser = Parser::new(0);
    parser.set_features(features);
    let mut allocations = FuncValidatorAllocations::default();
    for payload in parser.parse_all(bytes) {
        let payload = payload?;
        // It makes room for as many items as a section announces.
        if more_than_possible(&payload) {
            return Ok(());
        }
        if let ValidPayload::Func(function, body) = validator.payload(&payload)? {
            let mut function = function.into_validator(allocations);
            function.validate(&body)?;
            allocations = function.into_allocations();
        }
    }
    Ok(())
}

/// Whether a section announces more items than its bytes can hold, or the types of it are not known
/// to be harmless.
fn more_than_possible(payload: &Payload<'_>) -> bool {
    let (range, count) = match payload {
        Payload::TypeSection(s) => (s.range(), s.count()),
        Payload::ImportSection(s) => (s.range(), s.count()),
        Payload::FunctionSection(s) => (s.range(), s.count()),
        Payload::TableSection(s) => (s.range(), s.count()),
        Payload::GlobalSection(s) => (s.range(), s.count()),
        Payload::ExportSection(s) => (s.range(), s.count()),
        Payload::ElementSection(s) => (s.range(), s.count()),
        Payload::DataSection(s) => (s.range(), s.count()),
        _ => return false,
    };
    u64::from(count) > range.end - range.start
}
