use alloc::sync::Arc;

use alloy_primitives::{Address, B256, KECCAK256_EMPTY, U256};

use super::{address, word};
use crate::ewasm::testing::contract;
use crate::ewasm::{Host, Status, TransactionContext, Vm, VmConfig};
use crate::revision::Revision;
use crate::state::{
    AccountInfo, Backend, BlockEnv, Driver, DriverConfig, JournaledState, MemoryAccount,
    MemoryBackend, Receipt, Resources, Transaction, TransactionError, UnmeteredWork,
};

/// A backend that fails whenever it is asked.
struct Broken;

/// A backend that knows accounts, all of them rich and one with code, but fails for anything else.
struct HalfBroken;

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

impl Backend for HalfBroken {
    type Error = Fault;

    fn account(&self, address: &Address) -> Result<Option<AccountInfo>, Fault> {
        let code_hash =
            if *address == address_of_contract() { B256::ZERO } else { KECCAK256_EMPTY };
        Ok(Some(AccountInfo { nonce: 0, balance: U256::from(1_000_000), code_hash }))
    }

    fn storage(&self, address: &Address, key: &B256) -> Result<B256, Fault> {
        Broken.storage(address, key)
    }

    fn code(&self, hash: &B256) -> Result<Arc<[u8]>, Fault> {
        Broken.code(hash)
    }

    fn block_hash(&self, number: u64) -> Result<Option<B256>, Fault> {
        Broken.block_hash(number)
    }
}

fn address_of_contract() -> Address {
    address(0xcc)
}

fn transact<B: Backend>(state: &mut JournaledState<B>) -> Result<Receipt, TransactionError> {
    let transaction = Transaction::new(address(1), 0, Some(address_of_contract()), []);
    let vm = Vm::new(VmConfig::default());
    Driver::new(&vm, DriverConfig::default()).transact(
        state,
        &BlockEnv::default(),
        &transaction,
        &mut (),
    )
}

#[test]
fn a_transaction_whose_sender_cannot_be_read_is_not_run() {
    let mut state = JournaledState::new(Broken, Revision::Byzantium);
    assert_eq!(transact(&mut state), Err(TransactionError::StateUnavailable));
    assert_eq!(state.finish(), Err(Fault("account")));
}

#[test]
fn a_transaction_that_meets_a_fault_has_an_internal_error() {
    let mut state = JournaledState::new(HalfBroken, Revision::Byzantium);
    assert_eq!(transact(&mut state).unwrap().status, Status::InternalError);
    assert_eq!(state.finish(), Err(Fault("code")));
}

/// A state in memory that could fail.
struct Fallible(MemoryBackend);

impl Backend for Fallible {
    type Error = Fault;

    fn account(&self, address: &Address) -> Result<Option<AccountInfo>, Fault> {
        self.0.account(address).map_err(|never| match never {})
    }

    fn storage(&self, address: &Address, key: &B256) -> Result<B256, Fault> {
        self.0.storage(address, key).map_err(|never| match never {})
    }

    fn code(&self, hash: &B256) -> Result<Arc<[u8]>, Fault> {
        self.0.code(hash).map_err(|never| match never {})
    }

    fn block_hash(&self, number: u64) -> Result<Option<B256>, Fault> {
        self.0.block_hash(number).map_err(|never| match never {})
    }
}

/// Does not allow some work.
struct Reluctant(fn(&UnmeteredWork<'_>) -> bool);

impl Resources<Fallible> for Reluctant {
    fn work(&self, _: &Fallible, work: UnmeteredWork<'_>) -> Result<(), Fault> {
        if (self.0)(&work) { Err(Fault("work")) } else { Ok(()) }
    }
}

#[test]
fn work_that_is_not_allowed_is_a_fault() {
    // Calls the contract that hashes, and creates.
    let main = "
        (i32.store8 (i32.const 19) (i32.const 2))
        (drop (call $call (i64.const 1000) (i32.const 0) (i32.const 32) (i32.const 0) (i32.const 0)))
        (drop (call $create (i32.const 32) (i32.const 0) (i32.const 32) (i32.const 64)))";
    let run = |refuses| {
        let mut state = MemoryBackend::new();
        state.insert(address(1), MemoryAccount::new(0, U256::from(1_000_000), [].into()));
        state.insert(
            address_of_contract(),
            MemoryAccount::new(1, U256::ZERO, contract(&[], main).into()),
        );
        let mut state = JournaledState::new(Fallible(state), Revision::Byzantium);
        let transaction = Transaction {
            gas_limit: 200_000,
            ..Transaction::new(address(1), 0, Some(address_of_contract()), [])
        };
        let vm = Vm::new(VmConfig::default());
        let driver = Driver::new(&vm, DriverConfig::default()).with_resources(Reluctant(refuses));
        let receipt =
            driver.transact(&mut state, &BlockEnv::default(), &transaction, &mut ()).unwrap();
        (receipt.status, state.finish().err())
    };
    assert_eq!(run(|_| false), (Status::Success, None));
    let kinds: [fn(&UnmeteredWork<'_>) -> bool; 4] = [
        |work| matches!(work, UnmeteredWork::Code { is_validated: false, .. }),
        |work| matches!(work, UnmeteredWork::Frame { .. }),
        |work| matches!(work, UnmeteredWork::Precompile { gas: 60, .. }),
        |work| matches!(work, UnmeteredWork::InitCode { bytes: 32, depth: 1 }),
    ];
    for (number, refuses) in kinds.into_iter().enumerate() {
        assert_eq!(run(refuses), (Status::InternalError, Some(Fault("work"))), "{number}");
    }
}
