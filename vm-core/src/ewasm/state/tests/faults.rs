use alloc::sync::Arc;

use alloy_primitives::{Address, B256, U256};

use super::{address, word};
use crate::ewasm::state::{AccountInfo, Backend, JournaledState};
use crate::ewasm::{Host, TransactionContext};
use crate::revision::Revision;

/// A backend that fails.
struct Broken;

#[derive(Debug, PartialEq)]
struct Fault(&'static str);

impl Backend for Broken {
    type Error = Fault;

    fn account(&self, _address: &Address) -> Result<Option<AccountInfo>, Fault> {
        Err(Fault("account"))
    }

    fn storage(&self, _address: &Address, _key: &B256) -> Result<B256, Fault> {
        Err(Fault("storage"))
    }

    fn code(&self, _hash: &B256) -> Result<Arc<[u8]>, Fault> {
        Err(Fault("code"))
    }

    fn block_hash(&self, _number: u64) -> Result<Option<B256>, Fault> {
        Err(Fault("block hash"))
    }
}

#[test]
fn the_first_fault_is_what_finish_answers() {
    let mut state = JournaledState::new(Broken, Revision::Byzantium);
    state.begin(TransactionContext { number: 5, ..TransactionContext::default() });
    assert!(!state.has_failed());
    assert_eq!(state.block_hash(4), None);
    assert_eq!(state.balance(&address(1)), U256::ZERO);
    assert_eq!(state.storage(&address(1), &word(1)), word(0));
    assert!(state.has_failed());
    assert_eq!(state.finish(), Err(Fault("block hash")));
    assert!(!state.has_failed());
}
