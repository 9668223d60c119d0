//! Running functions.
use alloc::vec::Vec;

use super::{Func, GasTank, Instance, Memory, Store, Trap, Val};

/// Why [`Execution::run`] came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The function returned; [`Execution::results`] has what.
    Finished,
    /// A host function was called. [`Execution::args`] has its arguments; give its results with [`Execution::set_results`] and run on, or drop the execution. It may stay
    /// suspended for as long as the embedder likes.
    HostCall(HostCall),
    /// The execution is over.
    Trapped(Trap),
}

/// A call of a host function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostCall {
    /// The host function, by the number that [`Func::host_number`] gives.
    pub number: u32,
    /// The instance that called it; none when the embedder itself did.
    pub instance: Option<Instance>,
}

/// A call of a function by the embedder, from its start to its end, with the gas that it may use.
pub struct Execution {
    gas: GasTank,
}

/// The arguments of a call do not have the types of the function's parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArgumentMismatch;

/// Looks on at calls of functions. For profiles.
pub trait Observer {
    /// A function begins; its entry is not charged yet.
    fn enter(&mut self, instance: Instance, function: u32, gas: &GasTank);
    /// The innermost function ends.
    fn exit(&mut self, gas: &GasTank);
}

impl Execution {
    /// Prepares a call; nothing runs yet.
    ///
    /// # Errors
    /// [`ArgumentMismatch`] when the arguments do not fit.
    pub fn new(_store: &Store, _func: Func, _args: &[Val], gas: GasTank) -> Result<Self, ArgumentMismatch> {
        Ok(Self { gas })
    }

    /// Runs until something is to be told. After [`Event::HostCall`] call it again to go on; after the other events it answers the same again.
    pub fn run(&mut self, _store: &mut Store) -> Event {
        Event::Finished
    }

    /// As [`Self::run`], with somebody looking on.
    pub fn run_observed(&mut self, _store: &mut Store, _observer: &mut dyn Observer) -> Event {
        Event::Finished
    }

    /// The arguments of the pending host call, as slots ([`Val::from_slot`]). Of a 32-bit argument only the low half has a meaning.
    pub fn args(&self) -> &[u64] {
        &[]
    }

    /// Gives the results of the pending host call, as slots. Missing ones are zero, superfluous ones are dropped.
    pub fn set_results(&mut self, _results: &[u64]) {}

    /// The results of the finished call.
    pub fn results(&self) -> Vec<Val> {
        Vec::new()
    }

    /// What is left.
    pub fn gas(&self) -> &GasTank {
        &self.gas
    }

    /// To charge, or to give back.
    pub fn gas_mut(&mut self) -> &mut GasTank {
        &mut self.gas
    }

    /// The memory of the instance that called the pending host function.
    pub fn memory(&self, _store: &Store) -> Option<Memory> {
        None
    }

    /// The functions that are open, innermost first: instance and function index.
    pub fn backtrace(&self, _store: &Store) -> Vec<(Instance, u32)> {
        Vec::new()
    }
}
