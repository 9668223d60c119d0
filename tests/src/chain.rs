//! A chain in memory, for tests: accounts, contracts, transactions one after the other.
use std::sync::Arc;

use alloy_primitives::{Address, B256, Log, U256};
use tephra_core::ewasm::{CallKind, Inspector, Message, Outcome, TransactionContext, Vm, VmConfig};
use tephra_core::revision::Revision;
use tephra_core::state::{Driver, DriverConfig, JournaledState, MemoryAccount, MemoryBackend};
use tephra_core::wasm::InstructionCosts;

/// Gas of every message: enough for 1024 nested ones, each of which gets 63/64 of what is left.
pub const GAS: u64 = 1 << 62;

/// The effects of a message.
#[derive(Clone, Debug)]
pub struct Ran {
    /// The status.
    pub outcome: Outcome,
    /// Gas of the message alone: no transaction around it, refunds not counted.
    pub gas_used: u64,
    /// The messages that it sent itself: to whom, and the gas that each used, which is part of the
    /// above.
    pub nested: Vec<(Address, u64)>,
    /// Its logs.
    pub logs: Vec<Log>,
}

/// A chain in memory.
#[derive(Debug)]
pub struct Chain {
    vm: Vm,
    driver: DriverConfig,
    state: JournaledState<MemoryBackend>,
}

impl Chain {
    /// A chain without accounts on which only interface calls cost gas.
    pub fn unmetered(revision: Revision) -> Self {
        Self::new(revision, VmConfig { metering: InstructionCosts::FREE, ..VmConfig::default() })
    }

    /// A chain without accounts.
    pub fn new(revision: Revision, config: VmConfig) -> Self {
        Self {
            vm: Vm::new(config),
            driver: DriverConfig::default(),
            state: JournaledState::new(MemoryBackend::new(), revision),
        }
    }

    /// Puts an account there.
    pub fn put(&mut self, address: Address, balance: U256, code: impl Into<Arc<[u8]>>) {
        self.state.backend_mut().insert(address, MemoryAccount::new(0, balance, code.into()));
    }

    /// Runs messages from now on by another configuration of the driver.
    pub fn set_driver(&mut self, config: DriverConfig) {
        self.driver = config;
    }

    /// Creates a contract.
    pub fn create(&mut self, sender: Address, init_code: impl Into<Arc<[u8]>>) -> Ran {
        self.message(CallKind::Create, sender, Address::ZERO, init_code.into())
    }

    /// Calls a contract.
    pub fn call(&mut self, sender: Address, to: Address, data: impl Into<Arc<[u8]>>) -> Ran {
        self.message(CallKind::Call, sender, to, data.into())
    }

    /// The code of an account.
    pub fn code(&self, at: Address) -> Arc<[u8]> {
        self.state
            .backend()
            .accounts()
            .get(&at)
            .map(|account| account.code.clone())
            .unwrap_or_default()
    }

    /// The account, if it exists.
    pub fn account(&self, at: Address) -> Option<&MemoryAccount> {
        self.state.backend().accounts().get(&at)
    }

    /// A storage slot, by a small key, as a number.
    pub fn slot(&self, at: Address, key: u64) -> U256 {
        let key = B256::from(U256::from(key));
        let value = self.account(at).and_then(|account| account.storage.get(&key));
        value.map_or(U256::ZERO, |value| (*value).into())
    }

    /// Sets a storage slot, by a small key, of an account that is there.
    pub fn set_slot(&mut self, at: Address, key: u64, value: U256) {
        if let Some(mut account) = self.account(at).cloned() {
            account.storage.insert(B256::from(U256::from(key)), B256::from(value));
            self.state.backend_mut().insert(at, account);
        }
    }

    fn message(&mut self, kind: CallKind, sender: Address, to: Address, input: Arc<[u8]>) -> Ran {
        let message = Message {
            kind,
            is_static: false,
            depth: 0,
            gas: GAS,
            recipient: to,
            code_address: to,
            sender,
            input,
            value: U256::ZERO,
            salt: B256::ZERO,
        };
        self.state.begin(TransactionContext {
            origin: sender,
            number: 1,
            ..TransactionContext::default()
        });
        let driver = Driver::new(&self.vm, self.driver);
        let mut nested = Nested::default();
        let outcome = driver.run_message(&mut self.state, message, &mut nested);
        let logs = self.state.take_logs();
        let Ok(changes) = self.state.finish();
        self.state.backend_mut().apply(changes);
        Ran { gas_used: GAS - outcome.gas_left, nested: nested.ended, outcome, logs }
    }
}

/// Remembers the messages at depth 1.
#[derive(Default)]
struct Nested {
    ended: Vec<(Address, u64)>,
    /// To whom the open messages go, and the gas that they were given.
    open: Vec<(Address, u64)>,
}

impl Inspector for Nested {
    fn message_enter(&mut self, message: &Message) {
        self.open.push((message.code_address, message.gas));
    }

    fn message_exit(&mut self, outcome: &Outcome) {
        let Some((to, given)) = self.open.pop() else { return };
        if self.open.len() == 1 {
            self.ended.push((to, given - outcome.gas_left));
        }
    }
}
