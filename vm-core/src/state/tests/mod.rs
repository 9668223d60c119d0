extern crate std;

mod creates;
mod faults;
mod growth;
mod journal;
mod model;
mod paid;
mod prepaid;
mod properties;
mod transactions;

use alloy_primitives::{Address, B256, U256};

use super::{JournaledState, MemoryAccount, MemoryBackend};
use crate::ewasm::TransactionContext;
use crate::revision::Revision;

pub(super) fn address(number: u8) -> Address {
    Address::with_last_byte(number)
}

pub(super) fn word(number: u8) -> B256 {
    B256::with_last_byte(number)
}

/// A state of accounts with these numbers and balances, in a transaction that has begun.
pub(super) fn state_with(
    revision: Revision,
    balances: &[(u8, u64)],
) -> JournaledState<MemoryBackend> {
    let mut backend = MemoryBackend::new();
    for (number, balance) in balances {
        backend.insert(address(*number), MemoryAccount::new(0, U256::from(*balance), [].into()));
    }
    let mut state = JournaledState::new(backend, revision);
    state.begin(TransactionContext::default());
    state
}
