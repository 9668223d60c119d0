//! Creates that fail: what each of them takes and leaves, by Ethereum's rules.
use alloc::format;
use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};

use super::word;
use crate::ewasm::testing::contract;
use crate::ewasm::{
    AccessStatus, CallKind, Host, Message, Outcome, Status, TransactionContext, Vm, VmConfig,
};
use crate::revision::Revision;
use crate::state::{
    BlockEnv, Driver, DriverConfig, JournaledState, MemoryAccount, MemoryBackend, Receipt,
    Transaction,
};
use crate::wasm::InstructionCosts;

const ALICE: Address = Address::repeat_byte(0xaa);
const FACTORY: Address = Address::repeat_byte(0xfa);
/// Gas of the transaction.
const GAS: u64 = 1_000_000;
const BOTH: [&str; 2] = ["create", "create2"];

/// A contract that fills its return buffer with five bytes, creates with a value of 1 and the init
/// code, and finishes with the result, the size of the return buffer, and the address.
fn factory(function: &str, init: &[u8]) -> Vec<u8> {
    let mut memory = [0; 128].to_vec();
    // The value, and the identity's address.
    memory[0] = 1;
    memory[51] = 4;
    memory.extend_from_slice(init);
    let salt = if function == "create2" { "(i32.const 64)" } else { "" };
    let main = format!(
        "(drop (call $callStatic (i64.const 100) (i32.const 32) (i32.const 0) (i32.const 5)))
         (i32.store8 (i32.const 8192)
            (call ${function} (i32.const 0) (i32.const 128) (i32.const {}) {salt} (i32.const 8194)))
         (i32.store8 (i32.const 8193) (call $getReturnDataSize))
         (call $finish (i32.const 8192) (i32.const 22))",
        init.len()
    );
    contract(&memory, &main)
}

fn address_of(function: &str, nonce: u64, init: &[u8]) -> Address {
    if function == "create2" {
        FACTORY.create2_from_code(B256::ZERO, init)
    } else {
        FACTORY.create(nonce)
    }
}

struct Made {
    receipt: Receipt,
    state: JournaledState<MemoryBackend>,
}

impl Made {
    /// The create's result and the size of the return buffer after it.
    fn answer(&self) -> (u8, u8) {
        assert_eq!(self.receipt.status, Status::Success);
        (self.receipt.output[0], self.receipt.output[1])
    }
}

/// Has the factory, of this nonce and balance, create a contract; `more` are accounts that are
/// there already.
fn make(
    revision: Revision,
    function: &str,
    (nonce, balance): (u64, u64),
    init: &[u8],
    more: &[(Address, MemoryAccount)],
) -> Made {
    let mut backend = MemoryBackend::new();
    backend.insert(ALICE, MemoryAccount::new(0, U256::ZERO, [].into()));
    backend.insert(
        FACTORY,
        MemoryAccount::new(nonce, U256::from(balance), factory(function, init).into()),
    );
    for (at, account) in more {
        backend.insert(*at, account.clone());
    }
    let vm = Vm::new(VmConfig { metering: InstructionCosts::FREE, ..VmConfig::default() });
    let mut state = JournaledState::new(backend, revision);
    let transaction =
        Transaction { gas_limit: GAS, ..Transaction::new(ALICE, 0, Some(FACTORY), []) };
    let driver = Driver::new(&vm, DriverConfig::default());
    let receipt = driver.transact(&mut state, &BlockEnv::default(), &transaction, &mut ()).unwrap();
    Made { receipt, state }
}

/// Init code that would store something, and give a contract without code.
fn good_init() -> Vec<u8> {
    contract(
        &[0; 64],
        "(call $storageStore (i32.const 0) (i32.const 32)) \
         (call $finish (i32.const 0) (i32.const 0))",
    )
}

const REVISIONS: [Revision; 3] = [Revision::Byzantium, Revision::Berlin, Revision::NEWEST];

#[test]
fn a_create_with_the_last_nonce_does_not_begin() {
    let init = good_init();
    for revision in REVISIONS {
        for function in BOTH {
            let mut last = make(revision, function, (u64::MAX, 1), &init, &[]);
            // The five bytes of the call before.
            assert_eq!(last.answer(), (1, 5), "{revision} {function}");
            assert!(last.receipt.output[2..].iter().all(|byte| *byte == 0));
            let factory = last.state.account(&FACTORY);
            assert_eq!((factory.nonce, factory.balance), (u64::MAX, U256::from(1)));
            let created = address_of(function, u64::MAX, &init);
            assert_eq!(last.state.access_account(&created), AccessStatus::Cold);

            // The same gas as without the value: neither takes what the init code would get.
            let poor = make(revision, function, (1, 0), &init, &[]);
            assert_eq!(poor.answer(), (1, 5));
            assert_eq!(last.receipt.gas_used, poor.receipt.gas_used);
            assert!(last.receipt.gas_used < 70_000, "{}", last.receipt.gas_used);

            // The nonce before creates, and is then the last one.
            let mut before = make(revision, function, (u64::MAX - 1, 1), &init, &[]);
            assert_eq!(before.answer(), (0, 0));
            assert_eq!(before.state.account(&FACTORY).nonce, u64::MAX);
        }
    }
}

#[test]
fn a_create_that_began_and_failed_takes_its_gas_counts_the_nonce_and_warms_the_address() {
    let good = good_init();
    let traps = contract(&[], "unreachable");
    for revision in REVISIONS {
        for function in BOTH {
            let taken = |account| [(address_of(function, 7, &good), account)];
            let with_nonce = taken(MemoryAccount::new(1, U256::ZERO, [].into()));
            let with_code = taken(MemoryAccount::new(0, U256::ZERO, [1].into()));
            let mut with_storage = taken(MemoryAccount::new(0, U256::from(1), [].into()));
            with_storage[0].1.storage.insert(word(1), word(1));
            let cases: [(&[u8], &[_]); 5] = [
                (&good, &with_nonce),
                (&good, &with_code),
                (&good, &with_storage),
                (&traps, &[]),
                (b"no contract", &[]),
            ];
            for (init, more) in cases {
                let mut made = make(revision, function, (7, 1), init, more);
                assert_eq!(made.answer(), (1, 0), "{revision} {function}");
                let factory = made.state.account(&FACTORY);
                assert_eq!((factory.nonce, factory.balance), (8, U256::from(1)));
                // All but a 64th of what was left.
                assert!(made.receipt.gas_used > GAS - GAS / 64, "{}", made.receipt.gas_used);
                let created = address_of(function, 7, init);
                // Before Berlin nothing is warm; the state keeps the list all the same.
                assert_eq!(made.state.access_account(&created), AccessStatus::Warm);
            }
        }
    }
}

/// A message of its own, of the factory with this nonce and a balance of 1, as those send it who
/// drive messages themselves.
fn run_alone(nonce: u64, message: Message) -> (Outcome, JournaledState<MemoryBackend>) {
    let mut backend = MemoryBackend::new();
    backend.insert(FACTORY, MemoryAccount::new(nonce, U256::from(1), [].into()));
    let vm = Vm::new(VmConfig::default());
    let mut state = JournaledState::new(backend, Revision::NEWEST);
    state.begin(TransactionContext::default());
    let outcome =
        Driver::new(&vm, DriverConfig::default()).run_message(&mut state, message, &mut ());
    (outcome, state)
}

#[test]
fn a_message_that_does_not_begin_keeps_its_gas_and_changes_nothing() {
    for kind in [CallKind::Call, CallKind::CallCode, CallKind::Create, CallKind::Create2] {
        let message = Message {
            kind,
            is_static: false,
            depth: 0,
            gas: 50_000,
            recipient: ALICE,
            code_address: ALICE,
            sender: FACTORY,
            input: good_init().into(),
            value: U256::from(1),
            salt: B256::ZERO,
        };
        let deep = (1, Message { depth: 1025, ..message.clone() }, Status::CallDepthExceeded);
        let poor =
            (1, Message { value: U256::from(2), ..message.clone() }, Status::InsufficientBalance);
        let last = kind.is_create().then(|| (u64::MAX, message.clone(), Status::Failure));
        for (nonce, message, status) in [Some(deep), Some(poor), last].into_iter().flatten() {
            let (outcome, mut state) = run_alone(nonce, message);
            assert_eq!((outcome.status, outcome.gas_left), (status, 50_000), "{kind:?}");
            assert!(!outcome.has_begun() && outcome.output.is_empty());
            assert!(state.finish().unwrap().accounts.is_empty());
        }
        let (outcome, _) = run_alone(1, message);
        assert!(outcome.has_begun());
    }
}
