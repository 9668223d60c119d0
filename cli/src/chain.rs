//! The chain: runs transactions on the state in a database. Each transaction is a [block].
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use alloy_primitives::{Address, U256};
use tephra_core::ewasm::{
    Code, CodeOrigin, Contract, ContractError, Inspector, Status, Vm, VmConfig,
};
use tephra_core::revision::Revision;
use tephra_core::state::{
    AccountChange, AccountInfo, AccountUpdate, Backend, Changes, Driver, DriverConfig,
    JournaledState, Receipt, Transaction, TransactionError,
};
use tephra_core::wasm::InstructionCosts;

use crate::block;
use crate::database::{self, Commit, Database, NewContract, Snapshot};

/// Gas limit of a [`Request`] unless it says another.
pub const DEFAULT_GAS: u64 = 10_000_000;

/// How a chain runs contracts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Revision of the Ethereum protocol, which decides rules and gas costs. By default the newest;
    /// contracts run from [`Revision::OLDEST_SUPPORTED`] on.
    pub revision: Revision,
    /// Whether WebAssembly instructions and memory cost gas. Without metering a contract can run
    /// forever. On by default.
    pub metering: bool,
    /// Factor on the price of instructions, for chains that price them higher. By default 1.
    pub instruction_price: u32,
    /// Whether contracts may import the module `debug`. Off by default.
    pub debug: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { revision: Revision::NEWEST, metering: true, instruction_price: 1, debug: false }
    }
}

impl Options {
    /// Returns the cost of each instruction.
    pub fn costs(&self) -> InstructionCosts {
        let costs = if self.metering { InstructionCosts::EWASM } else { InstructionCosts::FREE };
        costs.scaled(self.instruction_price)
    }

    /// Makes a virtual machine with these options.
    pub fn machine(&self) -> Vm {
        Vm::new(VmConfig { metering: self.costs(), debug: self.debug, ..VmConfig::default() })
    }
}

/// A transaction before it runs. Its nonce is the next of its sender, and its gas is free.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The sender.
    pub from: Address,
    /// The account that it calls; none to create a contract.
    pub to: Option<Address>,
    /// Wei sent along.
    pub value: U256,
    /// Gas limit.
    pub gas: u64,
    /// Call data or init code.
    pub data: Arc<[u8]>,
}

impl Request {
    /// A call without value, with [`DEFAULT_GAS`].
    pub fn call(from: Address, to: Address, data: impl Into<Arc<[u8]>>) -> Self {
        Self { from, to: Some(to), value: U256::ZERO, gas: DEFAULT_GAS, data: data.into() }
    }

    /// The creation of a contract without value, with [`DEFAULT_GAS`].
    pub fn create(from: Address, init_code: impl Into<Arc<[u8]>>) -> Self {
        let data = init_code.into();
        Self { from, to: None, value: U256::ZERO, gas: DEFAULT_GAS, data }
    }
}

/// What the state remembers of a contract that a transaction creates.
#[derive(Clone, Copy, Debug, Default)]
pub struct Label<'a> {
    /// A name, taken from the contract that had it before.
    pub name: Option<&'a str>,
    /// The ABI as JSON.
    pub abi: Option<&'a str>,
}

/// A transaction that ran.
#[derive(Clone, Debug)]
pub struct Executed {
    /// The outcome: status, gas, output and logs.
    pub receipt: Receipt,
    /// The number of its block.
    pub block: u64,
    /// What it changes in the state.
    pub changes: Changes,
}

/// Why a transaction could not run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The state cannot be used.
    #[error(transparent)]
    Database(#[from] database::Error),
    /// The transaction is not valid, such as one whose sender lacks the value.
    #[error("the transaction is not possible: {0}")]
    Transaction(#[source] TransactionError),
    /// The engine has broken a rule of its own: what the transaction did means nothing.
    #[error("{}; the state is unchanged", Status::InternalError)]
    Internal,
}

/// The engine on a database.
///
/// A chain may be shared between threads: transactions that are sent at the same time take turns,
/// and all others see the state after one of them.
pub struct Chain {
    database: Database,
    vm: Vm,
    options: Options,
    /// Held from reading the state to committing a change of it.
    turn: Mutex<()>,
}

impl Chain {
    /// Makes a chain on a database.
    pub fn new(database: Database, options: Options) -> Self {
        Self { database, vm: options.machine(), options, turn: Mutex::new(()) }
    }

    /// Returns the state. Only one side may write: what is committed to the database directly is
    /// lost on a transaction that is sent at the same time.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Runs a transaction on the state after the last block, and does not change the state.
    ///
    /// A transaction that runs and fails is no error: [`Receipt::status`] says how it ended.
    ///
    /// # Errors
    /// If the transaction is not valid, the state cannot be read, or the engine is wrong.
    pub fn run(&self, request: &Request, inspector: &mut dyn Inspector) -> Result<Executed, Error> {
        let snapshot = self.database.snapshot()?;
        let block = block::environment(snapshot.block().saturating_add(1));
        let nonce = snapshot.account(&request.from)?.unwrap_or_default().nonce;
        let transaction = Transaction {
            gas_limit: request.gas,
            value: request.value,
            ..Transaction::new(request.from, nonce, request.to, request.data.clone())
        };
        let mut state = JournaledState::new(snapshot, self.options.revision);
        let driver = Driver::new(&self.vm, DriverConfig::default());
        let receipt = driver.transact(&mut state, &block, &transaction, inspector);
        // If the database failed, the receipt means nothing.
        let changes = state.finish()?;
        let receipt = receipt.map_err(Error::Transaction)?;
        if receipt.status == Status::InternalError {
            return Err(Error::Internal);
        }
        Ok(Executed { receipt, block: block.number, changes })
    }

    /// Runs a transaction and writes its changes to the state. A transaction that fails changes the
    /// state too: the sender's nonce and the number of the block increase.
    ///
    /// # Errors
    /// If the transaction is not valid, the state cannot be read or written, or the engine is
    /// wrong. The state is then unchanged.
    pub fn send(
        &self,
        request: &Request,
        label: Label<'_>,
        inspector: &mut dyn Inspector,
    ) -> Result<Executed, Error> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut executed = self.run(request, inspector)?;
        let Label { name, abi } = label;
        let contract = executed
            .receipt
            .create_address
            .map(|address| NewContract { address, name, abi })
            .filter(|_| name.is_some() || abi.is_some());
        let changes = mem::take(&mut executed.changes);
        let commit = Commit { changes, block: Some(executed.block), contract };
        self.database.commit(&commit)?;
        executed.changes = commit.changes;
        Ok(executed)
    }

    /// Adds wei to the balance of an account, without a transaction. Returns the new balance, or
    /// nothing if it would exceed 2^256−1 wei; the state is then unchanged.
    ///
    /// # Errors
    /// If the state cannot be read or written.
    pub fn fund(&self, address: Address, amount: U256) -> database::Result<Option<U256>> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let account = self.database.snapshot()?.account(&address)?.unwrap_or_default();
        let AccountInfo { nonce, balance, code_hash } = account;
        let Some(balance) = balance.checked_add(amount) else { return Ok(None) };
        let update = AccountUpdate { nonce, balance, code_hash, code: None, storage: Vec::new() };
        let changes = Changes { accounts: vec![(address, AccountChange::Update(update))] };
        self.database.commit(&Commit { changes, ..Commit::default() })?;
        Ok(Some(balance))
    }

    /// Returns the contract of an account. Returns nothing if the account has no code, or code that
    /// is no valid contract.
    ///
    /// # Errors
    /// If the state cannot be read.
    pub fn contract_at(
        &self,
        snapshot: &Snapshot,
        address: &Address,
    ) -> database::Result<Option<Arc<Contract>>> {
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

    /// Validates code as a contract.
    ///
    /// # Errors
    /// The first rule that the code breaks.
    pub fn contract_of(&self, code: &[u8]) -> Result<Arc<Contract>, ContractError> {
        self.vm.compile(self.options.revision, code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts;

    fn chain() -> Chain {
        Chain::new(Database::in_memory().unwrap(), Options::default())
    }

    #[test]
    fn transactions_of_several_threads_take_turns() {
        let chain = chain();
        let [alice, bob] = ["alice", "bob"].map(|name| accounts::address(name).unwrap());
        let one = Request { value: U256::from(1u64), ..Request::call(alice, bob, []) };
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| chain.send(&one, Label::default(), &mut ()).unwrap());
            }
        });
        let snapshot = chain.database().snapshot().unwrap();
        assert_eq!(snapshot.block(), 4);
        assert_eq!(snapshot.account(&alice).unwrap().unwrap().nonce, 4);
        let balance = snapshot.account(&bob).unwrap().unwrap().balance;
        assert_eq!(balance, accounts::genesis_balance() + U256::from(4u64));
    }

    #[test]
    fn funding_stops_at_the_greatest_balance() {
        let chain = chain();
        let address = Address::repeat_byte(1);
        assert_eq!(chain.fund(address, U256::from(3u64)).unwrap(), Some(U256::from(3u64)));
        assert_eq!(chain.fund(address, U256::MAX).unwrap(), None);
        let account = chain.database().snapshot().unwrap().account(&address).unwrap();
        assert_eq!(account.unwrap().balance, U256::from(3u64));
    }

    #[test]
    fn a_transaction_that_is_not_valid_changes_nothing() {
        let chain = chain();
        let poor = Request {
            value: U256::from(1u64),
            ..Request::call(Address::repeat_byte(1), Address::repeat_byte(2), [])
        };
        let error = chain.send(&poor, Label::default(), &mut ()).unwrap_err();
        assert!(
            matches!(error, Error::Transaction(TransactionError::InsufficientBalance { .. })),
            "{error}"
        );
        assert_eq!(chain.database().snapshot().unwrap().block(), 0);
    }
}
