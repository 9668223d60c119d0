//! The chain that semantic tests run on: accounts, blocks and values as solc's own tool has them.
use std::sync::Arc;

use alloy_primitives::{Address, B256, Log, U256, address, b256};
use tephra_core::ewasm::{CallKind, Message, Outcome, TransactionContext, Vm, VmConfig};
use tephra_core::revision::Revision;
use tephra_core::state::{Driver, DriverConfig, JournaledState, MemoryAccount, MemoryBackend};
use tephra_core::wasm::InstructionCosts;

/// Who calls.
pub const SENDER: Address = address!("1212121212121212121212121212120000000012");

/// Gas of every message.
const GAS: u64 = 1 << 40;

/// A chain in memory.
pub struct Chain {
    vm: Vm,
    state: JournaledState<MemoryBackend>,
    number: u64,
}

impl Chain {
    pub fn new() -> Self {
        let config = VmConfig { metering: InstructionCosts::FREE, ..VmConfig::default() };
        let mut backend = MemoryBackend::new();
        let ether = U256::from(10).pow(U256::from(18));
        let rich = MemoryAccount::new(0, ether * U256::from(1 << 20), Arc::default());
        backend.insert(SENDER, rich);
        // Precompiled contracts exist.
        for at in 1..=8 {
            let account = MemoryAccount::new(0, U256::ONE, Arc::default());
            backend.insert(Address::with_last_byte(at), account);
        }
        Self {
            vm: Vm::new(config),
            state: JournaledState::new(backend, Revision::NEWEST),
            number: 0,
        }
    }

    /// Runs a message in a block of its own.
    pub fn message(
        &mut self,
        kind: CallKind,
        to: Address,
        value: U256,
        input: Vec<u8>,
    ) -> (Outcome, Vec<Log>) {
        self.number += 1;
        let message = Message {
            kind,
            is_static: false,
            depth: 0,
            gas: GAS,
            recipient: to,
            code_address: to,
            sender: SENDER,
            input: input.into(),
            value,
            salt: B256::ZERO,
        };
        self.state.begin(TransactionContext {
            origin: address!("9292929292929292929292929292929292929292"),
            gas_price: U256::from(3_000_000_000_u64),
            coinbase: Address::repeat_byte(0x78),
            number: self.number,
            timestamp: self.number * 15,
            gas_limit: 20_000_000,
            chain_id: U256::ONE,
            base_fee: U256::from(7),
            blob_base_fee: U256::ONE,
            prev_randao: b256!("a86c2e601b6c44eb4848f7d23d9df3113fbcac42041c49cbed5000cb4f118777"),
            blob_hashes: [1_u8, 2]
                .map(|last| B256::right_padding_from(&[1]) | B256::with_last_byte(last))
                .to_vec(),
        });
        let driver = Driver::new(&self.vm, DriverConfig::default());
        let outcome = driver.run_message(&mut self.state, message, &mut ());
        let logs = self.state.take_logs();
        let Ok(changes) = self.state.finish();
        self.state.backend_mut().apply(changes);
        (outcome, logs)
    }

    pub fn balance(&self, address: &Address) -> U256 {
        self.state
            .backend()
            .accounts()
            .get(address)
            .map_or(U256::ZERO, |account| account.info.balance)
    }

    pub fn storage_is_empty(&self, address: &Address) -> bool {
        let account = self.state.backend().accounts().get(address);
        account.is_none_or(|account| account.storage.values().all(B256::is_zero))
    }
}
