//! The chain of one machine: every transaction is a block, on the state in the database.
use std::sync::Arc;

use alloy_primitives::{Address, B256, U256, keccak256};
use tephra_core::ewasm::{Code, CodeOrigin, Contract, ContractError, Inspector, Vm, VmConfig};
use tephra_core::state::{
    Backend, BlockEnv, Changes, Driver, DriverConfig, JournaledState, Receipt, Transaction,
};
use tephra_core::wasm::InstructionCosts;

use crate::args::{EngineOptions, Switch};
use crate::database::{Commit, Database, NewContract, Snapshot};
use crate::error::{Error, Result};

/// The time of block 0, in seconds since 1970: the beginning of 2024. No clock is read, so that the
/// same commands give the same results.
const GENESIS_TIME: u64 = 1_704_067_200;

/// Seconds between two blocks.
const BLOCK_TIME: u64 = 12;

/// EIP-155 chain id: the one that is usual for chains of one machine.
const CHAIN_ID: u64 = 1337;

/// A transaction to be.
#[derive(Clone)]
pub struct Request {
    /// Who sends it.
    pub from: Address,
    /// Whom it calls; none to create a contract.
    pub to: Option<Address>,
    /// In wei.
    pub value: U256,
    /// Gas that it may use.
    pub gas: u64,
    /// Call data or init code.
    pub data: Arc<[u8]>,
}

/// A transaction that was run; the state does not know yet.
pub struct Executed {
    /// What it did.
    pub receipt: Receipt,
    /// The number of its block.
    pub block: u64,
    /// What it changes in the state.
    pub changes: Changes,
}

/// The engine on a database.
pub struct Chain {
    /// The state.
    pub database: Database,
    vm: Vm,
    options: EngineOptions,
}

impl Chain {
    /// An engine on a database.
    pub fn new(database: Database, options: &EngineOptions) -> Self {
        Self { database, vm: machine(options), options: options.clone() }
    }

    /// Runs a transaction on the state as it is now, and changes nothing.
    pub fn run(&self, request: &Request, inspector: &mut dyn Inspector) -> Result<Executed> {
        let snapshot = self.database.snapshot()?;
        let block = block_after(snapshot.block());
        let nonce = snapshot.account(&request.from)?.unwrap_or_default().nonce;
        let transaction = Transaction {
            gas_limit: request.gas,
            value: request.value,
            ..Transaction::new(request.from, nonce, request.to, request.data.clone())
        };
        let mut state = JournaledState::new(snapshot, self.options.revision);
        let driver = Driver::new(&self.vm, DriverConfig::default());
        let receipt = driver.transact(&mut state, &block, &transaction, inspector);
        // A database that failed has the first word: the receipt is then made up.
        let changes = state.finish()?;
        let receipt = receipt
            .map_err(|error| Error::usage(format!("the transaction is not possible: {error}")))?;
        Ok(Executed { receipt, block: block.number, changes })
    }

    /// Makes what a transaction did part of the state.
    pub fn commit(&self, executed: &Executed, contract: Option<NewContract<'_>>) -> Result<()> {
        let commit =
            Commit { changes: executed.changes.clone(), block: Some(executed.block), contract };
        self.database.commit(&commit)
    }

    /// The contract that an account has; none without code, or when the code is no valid contract.
    pub fn contract_at(
        &self,
        snapshot: &Snapshot,
        address: &Address,
    ) -> Result<Option<Arc<Contract>>> {
        let account = snapshot.account(address)?.unwrap_or_default();
        if !account.has_code() {
            return Ok(None);
        }
        let bytes = snapshot.code(&account.code_hash)?;
        let code = Code {
            bytes: (&bytes).into(),
            hash: Some(&account.code_hash),
            origin: CodeOrigin::Unknown,
        };
        Ok(self.vm.contract(self.options.revision, code).ok())
    }

    /// The contract that code is.
    pub fn contract_of(&self, code: &[u8]) -> Result<Arc<Contract>, ContractError> {
        self.vm.compile(self.options.revision, code)
    }
}

/// A virtual machine with these options.
pub fn machine(options: &EngineOptions) -> Vm {
    let metering = costs(options.metering).scaled(options.instruction_price);
    Vm::new(VmConfig { metering, debug: options.debug, ..VmConfig::default() })
}

/// What instructions cost.
pub fn costs(metering: Switch) -> InstructionCosts {
    match metering {
        Switch::On => InstructionCosts::EWASM,
        Switch::Off => InstructionCosts::FREE,
    }
}

/// The block that a transaction gets.
fn block_after(last: u64) -> BlockEnv {
    let number = last.saturating_add(1);
    BlockEnv {
        number,
        timestamp: number.saturating_mul(BLOCK_TIME).saturating_add(GENESIS_TIME),
        prev_randao: number_hash("tephra randao", number),
        chain_id: CHAIN_ID,
        ..BlockEnv::default()
    }
}

/// A hash that differs from number to number and is the same for everybody: blocks have no headers
/// here.
pub fn number_hash(label: &str, number: u64) -> B256 {
    let mut text = label.as_bytes().to_vec();
    text.extend(number.to_be_bytes());
    keccak256(text)
}
