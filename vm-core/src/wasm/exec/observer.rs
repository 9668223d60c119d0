//! Observing calls, for profiles.
use crate::wasm::{GasTank, Instance};

/// Observes function entry and exit.
pub trait Observer {
    /// A function begins; its entry is not charged yet.
    fn enter(&mut self, instance: Instance, function: u32, gas: &GasTank);
    /// The innermost function ends.
    fn exit(&mut self, gas: &GasTank);
}
