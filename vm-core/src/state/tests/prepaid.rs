//! Transactions whose gas is paid elsewhere, precompiled contracts of the host's own, and a backend
//! to whose database somebody else writes.
use alloc::format;
use alloc::vec;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};
use core::convert::Infallible;

use alloc::sync::Arc;
use alloy_primitives::{Address, B256, U256};

use super::{address, state_with, word};
use crate::ewasm::testing::contract;
use crate::ewasm::{AccessStatus, Growth, Host, Message, Outcome, Status, Vm, VmConfig};
use crate::revision::Revision;
use crate::state::{
    AccountChange, AccountInfo, Backend, BlockEnv, Driver, DriverConfig, GasPrice, HostPrecompiles,
    JournaledState, MemoryAccount, MemoryBackend, Receipt, Resources, Transaction,
    TransactionError,
};

const SENDER: Address = Address::repeat_byte(0xaa);

fn state(balance: u64) -> JournaledState<MemoryBackend> {
    let mut backend = MemoryBackend::new();
    backend.insert(SENDER, MemoryAccount::new(3, U256::from(balance), [].into()));
    JournaledState::new(backend, Revision::NEWEST)
}

fn prepaid(
    state: &mut JournaledState<MemoryBackend>,
    transaction: &Transaction,
    salt: Option<B256>,
) -> Result<Receipt, TransactionError> {
    let vm = Vm::new(VmConfig::default());
    let driver = Driver::new(&vm, DriverConfig::default());
    driver.transact_prepaid(state, &BlockEnv::default(), transaction, salt, &mut ())
}

#[test]
fn a_prepaid_transaction_takes_the_same_gas_and_no_wei() {
    let transaction = Transaction {
        gas_limit: 1_000_000,
        gas_price: GasPrice::Legacy(U256::from(2)),
        value: U256::from(5),
        ..Transaction::new(SENDER, 3, Some(address(1)), *b"data")
    };
    let mut paying = state(10_000_000);
    let vm = Vm::new(VmConfig::default());
    let driver = Driver::new(&vm, DriverConfig::default());
    let paid = driver.transact(&mut paying, &BlockEnv::default(), &transaction, &mut ()).unwrap();

    // There is no wei for gas at all.
    let mut state = state(5);
    let receipt = prepaid(&mut state, &transaction, None).unwrap();
    assert_eq!((receipt.status, receipt.gas_used), (Status::Success, paid.gas_used));
    assert_eq!(state.context().gas_price, U256::from(2));
    let changes = state.finish().unwrap();
    let balances: Vec<_> = changes
        .accounts
        .iter()
        .map(|(address, change)| match change {
            AccountChange::Update(update) => (*address, update.nonce, update.balance),
            AccountChange::Delete => (*address, 0, U256::ZERO),
        })
        .collect();
    assert_eq!(balances, vec![(address(1), 0, U256::from(5)), (SENDER, 4, U256::ZERO)]);
}

#[test]
fn a_prepaid_transaction_needs_its_value_and_its_nonce() {
    let transaction =
        Transaction { value: U256::from(6), ..Transaction::new(SENDER, 3, Some(address(1)), []) };
    let transaction = Transaction { gas_limit: 1_000_000, ..transaction };
    let poor = prepaid(&mut state(5), &transaction, None);
    assert!(matches!(poor, Err(TransactionError::InsufficientBalance { .. })), "{poor:?}");
    let early = prepaid(&mut state(6), &Transaction { nonce: 4, ..transaction }, None);
    assert_eq!(early, Err(TransactionError::Nonce { expected: 3, found: 4 }));
}

#[test]
fn a_salt_creates_by_eip_1014_and_the_hash_is_paid_by_the_word() {
    let init = contract(&[], "(call $finish (i32.const 0) (i32.const 0))");
    let transaction =
        Transaction { gas_limit: 1_000_000, ..Transaction::new(SENDER, 3, None, init.clone()) };
    let mut created = state(0);
    let plain = prepaid(&mut created, &transaction, None).unwrap();
    assert_eq!(plain.create_address, Some(SENDER.create(3)));
    let mut salted = state(0);
    let receipt = prepaid(&mut salted, &transaction, Some(word(9))).unwrap();
    assert_eq!(receipt.status, Status::Success);
    assert_eq!(receipt.create_address, Some(SENDER.create2_from_code(word(9), &init)));
    assert_eq!(receipt.gas_used, plain.gas_used + 6 * init.len().div_ceil(32) as u64);
}

/// Gives 3 bytes for 100 gas, unless it has less; writes a slot of its own before.
struct Own([Address; 1]);

impl<B: Backend> HostPrecompiles<B> for Own {
    fn addresses(&self) -> &[Address] {
        &self.0
    }

    fn run(&self, state: &mut JournaledState<B>, message: &Message) -> Option<Outcome> {
        if !self.0.contains(&message.code_address) {
            return None;
        }
        state.set_storage(&message.recipient, &word(1), &word(1));
        Some(match message.gas.checked_sub(100) {
            // More than it had is not given back.
            Some(_) if message.input.first() == Some(&1) => {
                Outcome { gas_left: u64::MAX, ..Outcome::failure(Status::Revert) }
            }
            Some(gas_left) => {
                Outcome { gas_left, output: b"own".to_vec(), ..Outcome::failure(Status::Success) }
            }
            None => Outcome::failure(Status::OutOfGas),
        })
    }
}

#[test]
fn the_hosts_precompiled_contracts_come_first_and_are_undone_like_others() {
    let vm = Vm::new(VmConfig::default());
    // In place of the identity.
    let driver = Driver::new(&vm, DriverConfig::default()).with_precompiles(Own([address(4)]));
    let run = |gas: u64, input: &[u8]| {
        let mut state = state(0);
        let transaction = Transaction {
            gas_limit: 21_000 + gas,
            ..Transaction::new(SENDER, 3, Some(address(4)), input)
        };
        let receipt = driver
            .transact_prepaid(&mut state, &BlockEnv::default(), &transaction, None, &mut ())
            .unwrap();
        assert_eq!(state.access_account(&address(4)), AccessStatus::Warm);
        let written = state.storage(&address(4), &word(1));
        (receipt.status, receipt.gas_used - 21_000, receipt.output, written)
    };
    assert_eq!(run(100, &[]), (Status::Success, 100, b"own".to_vec(), word(1)));
    assert_eq!(run(99, &[]), (Status::OutOfGas, 99, vec![], word(0)));
    let (status, _, _, written) = run(1_000, &[1]);
    assert_eq!((status, written), (Status::Revert, word(0)));
}

/// A backend whose database is written by others too: account 1 has as many wei as it says.
#[derive(Default)]
struct Shared(Cell<u64>);

impl Backend for Shared {
    type Error = Infallible;

    fn account(&self, at: &Address) -> Result<Option<AccountInfo>, Infallible> {
        let balance = U256::from(self.0.get());
        Ok((*at == address(1)).then_some(AccountInfo { balance, ..AccountInfo::EMPTY }))
    }

    fn storage(&self, _: &Address, _: &B256) -> Result<B256, Infallible> {
        Ok(B256::ZERO)
    }

    fn code(&self, _: &B256) -> Result<Arc<[u8]>, Infallible> {
        Ok(Arc::default())
    }

    fn block_hash(&self, _: u64) -> Result<Option<B256>, Infallible> {
        Ok(None)
    }
}

#[test]
fn balances_that_were_read_again_are_undone_with_their_checkpoint() {
    let mut state = JournaledState::new(Shared::default(), Revision::NEWEST);
    state.begin(Default::default());
    assert_eq!(state.balance(&address(1)), U256::ZERO);
    let outer = state.checkpoint();
    state.backend().0.set(1);
    state.reread_balances();
    assert_eq!(state.balances().collect::<Vec<_>>(), [(address(1), U256::from(1))]);
    state.rollback(outer);
    assert_eq!(state.balance(&address(1)), U256::ZERO);
}

#[test]
fn balances_are_those_of_this_moment() {
    let mut state = state_with(Revision::NEWEST, &[(1, 5), (2, 0), (3, 9)]);
    assert!(state.transfer(&address(1), &address(2), U256::from(2)));
    let balances: Vec<_> = state.balances().collect();
    assert_eq!(balances, [(address(1), U256::from(3)), (address(2), U256::from(2))]);
}

#[test]
fn final_balances_are_those_that_changed_and_all_once_somebody_else_changes_them() {
    let mut state = state_with(Revision::NEWEST, &[(1, 5), (2, 0), (3, 9)]);
    assert_eq!(state.balance(&address(3)), U256::from(9));
    assert!(state.transfer(&address(1), &address(2), U256::from(2)));
    let changed = [(address(1), U256::from(3)), (address(2), U256::from(2))];
    assert_eq!(state.final_balances().collect::<Vec<_>>(), changed);
    assert!(state.transfer(&address(2), &address(1), U256::from(2)));
    assert_eq!(state.final_balances().count(), 0, "they are what they were");
    state.reread_balances();
    let all = [(address(1), U256::from(5)), (address(2), U256::ZERO), (address(3), U256::from(9))];
    assert_eq!(state.final_balances().collect::<Vec<_>>(), all);
}

/// Remembers which accounts were read. The sender has the nonce 3.
#[derive(Default)]
struct Read(RefCell<Vec<Address>>);

impl Backend for Read {
    type Error = Infallible;

    fn account(&self, at: &Address) -> Result<Option<AccountInfo>, Infallible> {
        self.0.borrow_mut().push(*at);
        Ok((*at == SENDER).then_some(AccountInfo { nonce: 3, ..AccountInfo::EMPTY }))
    }

    fn storage(&self, _: &Address, _: &B256) -> Result<B256, Infallible> {
        Ok(B256::ZERO)
    }

    fn code(&self, _: &B256) -> Result<Arc<[u8]>, Infallible> {
        Ok(Arc::default())
    }

    fn block_hash(&self, _: u64) -> Result<Option<B256>, Infallible> {
        Ok(None)
    }
}

#[test]
fn what_is_warm_from_the_start_is_not_read() {
    let vm = Vm::new(VmConfig::default());
    let driver = Driver::new(&vm, DriverConfig::default()).with_precompiles(Own([address(0x90)]));
    let mut state = JournaledState::new(Read::default(), Revision::NEWEST);
    let listed = vec![(address(0x91), vec![]), (address(0x92), vec![word(1)])];
    let transaction = Transaction {
        gas_limit: 100_000,
        access_list: Some(listed),
        ..Transaction::new(SENDER, 3, Some(address(0x77)), [])
    };
    let block = BlockEnv { coinbase: address(0x88), gas_limit: 100_000, ..BlockEnv::default() };
    driver.transact_prepaid(&mut state, &block, &transaction, None, &mut ()).unwrap();
    // A slot that is listed belongs to an account.
    assert_eq!(*state.backend().0.borrow(), [SENDER, address(0x92), address(0x77)]);

    let inner = state.checkpoint();
    for warm in [
        SENDER,
        address(0x77),
        address(0x88),
        address(0x90),
        address(0x91),
        address(0x92),
        address(9),
    ] {
        assert_eq!(state.access_account(&warm), AccessStatus::Warm, "{warm}");
    }
    assert_eq!(state.access_account(&address(0x93)), AccessStatus::Cold);
    state.rollback(inner);
    assert_eq!(state.access_account(&address(0x91)), AccessStatus::Warm);
    assert_eq!(state.access_account(&address(0x93)), AccessStatus::Cold);
}

/// At 0 the number 1, at 32 the address of nobody, at 64 a value of 1, at 96 an address that
/// answers.
const SCENE: [u8; 128] = {
    let mut memory = [0; 128];
    memory[0] = 1;
    let mut at = 32;
    while at < 52 {
        memory[at] = 0x44;
        at += 1;
    }
    memory[64] = 1;
    memory[96 + 19] = 0xc2;
    memory
};

/// The receipt of a call of a contract, which has this body and the memory of [`SCENE`]; account
/// 0xc2 writes two new slots and then fails.
fn scene(revision: Revision, gas_limit: u64, body: &str) -> Receipt {
    prepaid(&mut scene_state(revision, body), &scene_call(gas_limit), None).unwrap()
}

fn scene_call(gas_limit: u64) -> Transaction {
    Transaction { gas_limit, ..Transaction::new(SENDER, 3, Some(address(0xc1)), *b"data") }
}

fn scene_state(revision: Revision, body: &str) -> JournaledState<MemoryBackend> {
    let mut backend = MemoryBackend::new();
    backend.insert(SENDER, MemoryAccount::new(3, U256::ZERO, [].into()));
    backend.insert(
        address(0xc1),
        MemoryAccount::new(1, U256::from(10), contract(&SCENE, body).into()),
    );
    let store = "(call $storageStore (i32.const 0) (i32.const 0)) (call $storageStore (i32.const 1) (i32.const 0))";
    backend.insert(
        address(0xc2),
        MemoryAccount::new(1, U256::ZERO, contract(&SCENE, &format!("{store} unreachable")).into()),
    );
    JournaledState::new(backend, revision)
}

/// Remembers what it was told.
#[derive(Default)]
struct Told {
    closed: RefCell<Vec<(u32, bool)>>,
    forgotten: RefCell<Vec<(Address, Option<B256>)>>,
}

impl<B: Backend> Resources<B> for Told {
    fn checkpoint_closed(&self, _: &B, open: u32, is_committed: bool) {
        self.closed.borrow_mut().push((open, is_committed));
    }

    fn forgotten(&self, _: &B, address: &Address, key: Option<&B256>) {
        self.forgotten.borrow_mut().push((*address, key.copied()));
    }
}

#[test]
fn resources_are_told_of_each_checkpoint_that_ends_and_of_what_is_forgotten() {
    let call = |to: u32| {
        format!(
            "(drop (call $call (i64.const 100000) (i32.const {to}) (i32.const 512) (i32.const 0) (i32.const 0)))"
        )
    };
    // One that fails, and one that succeeds.
    let mut state = scene_state(Revision::NEWEST, &[call(96), call(32)].concat());
    let vm = Vm::new(VmConfig::default());
    let driver = Driver::new(&vm, DriverConfig::default()).with_resources(Told::default());
    let (block, transaction) = (BlockEnv::default(), scene_call(1_000_000));
    let block = BlockEnv { gas_limit: 1_000_000, ..block };
    let receipt = driver.transact_prepaid(&mut state, &block, &transaction, None, &mut ()).unwrap();
    assert_eq!(receipt.status, Status::Success);
    let Told { closed, forgotten } = driver.resources;
    assert_eq!(closed.into_inner(), [(1, false), (1, true), (0, true)]);
    let mut first = [0; 32];
    first[0] = 1;
    let slots = [word(0x44), first.into()].map(|key| (address(0xc2), Some(key)));
    assert_eq!(forgotten.into_inner(), slots);
}

const STORE: &str = "(call $storageStore (i32.const 0) (i32.const 0))";
const CLEAR: &str = "(call $storageStore (i32.const 0) (i32.const 512))";

#[test]
fn growth_is_noted_once_it_has_been_paid_for() {
    for revision in [Revision::Byzantium, Revision::NEWEST] {
        let grown = |gas_limit, body: &str| {
            let receipt = scene(revision, gas_limit, body);
            let spent = receipt.spent;
            assert_eq!(
                spent.intrinsic + spent.execution,
                receipt.gas_used + receipt.gas_refunded,
                "{receipt:?}"
            );
            (receipt.status, spent.growth)
        };
        let ok = |body: &str| {
            let (status, growth) = grown(1_000_000, body);
            assert_eq!(status, Status::Success);
            growth
        };
        assert_eq!(ok(""), Growth::default());
        assert_eq!(ok(STORE), Growth::SLOT);
        assert_eq!(ok(&[STORE, STORE].concat()), Growth::SLOT);
        // What is undone has been paid for all the same, and so has what is made again.
        assert_eq!(ok(&[STORE, CLEAR, STORE].concat()), Growth { slots: 2, ..Growth::default() });
        let pay = |to: u32| {
            format!(
                "(drop (call $call (i64.const 100000) (i32.const {to}) (i32.const 64) (i32.const 0) (i32.const 0)))"
            )
        };
        assert_eq!(ok(&pay(32)), Growth::ACCOUNT);
        assert_eq!(ok(&[pay(32), pay(32)].concat()), Growth::ACCOUNT);
        assert_eq!(ok(&pay(96)), Growth { slots: 2, ..Growth::default() });
        assert_eq!(ok("(call $selfDestruct (i32.const 32))"), Growth::ACCOUNT);
        // The gas does not suffice.
        assert_eq!(grown(40_000, STORE), (Status::OutOfGas, Growth::default()));
    }
}

#[test]
fn the_code_of_a_contract_is_growth_of_its_bytes() {
    let init = contract(&[7; 300], "(call $finish (i32.const 0) (i32.const 300))");
    let transaction =
        Transaction { gas_limit: 1_000_000, ..Transaction::new(SENDER, 3, None, init) };
    let spent = prepaid(&mut state(0), &transaction, None).unwrap().spent;
    assert_eq!(spent.growth, Growth { code_bytes: 300, ..Growth::default() });
    assert!(spent.execution >= 300 * 200);
    let poor = Transaction { gas_limit: spent.intrinsic + spent.execution - 1, ..transaction };
    let receipt = prepaid(&mut state(0), &poor, None).unwrap();
    assert_eq!((receipt.status, receipt.spent.growth), (Status::OutOfGas, Growth::default()));
}
