//! A message of a host, and the reply to it.
use std::ffi::c_int;

use tephra_core::ewasm::{Message, Outcome};
use tephra_core::revision::Revision;

/// What a host asks: a message and its code, of a revision, a kind and flags that are known.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The rules.
    pub revision: Revision,
    /// The message. For a create, the input is empty.
    pub message: Message,
    /// The code to run; for a create the init code.
    pub code: &'a [u8],
}

/// What a host is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// EVMC's number of the status.
    pub status: c_int,
    /// Gas that is left; zero unless success or revert.
    pub gas_left: i64,
    /// Change of the refund counter; zero unless success.
    pub gas_refund: i64,
    /// Return data; for a create the code of the new contract.
    pub output: Vec<u8>,
}

impl Reply {
    /// A reply with a status alone.
    pub fn of_status(status: c_int) -> Self {
        Self { status, gas_left: 0, gas_refund: 0, output: Vec::new() }
    }
}

impl From<Outcome> for Reply {
    fn from(outcome: Outcome) -> Self {
        let gas_left = i64::try_from(outcome.gas_left).unwrap_or(i64::MAX);
        let status = outcome.status.evmc_number();
        Self { status, gas_left, gas_refund: outcome.gas_refund, output: outcome.output }
    }
}
