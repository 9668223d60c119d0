//! What the tests of this layer share: a host in memory, and a scene in which a contract runs.
use alloc::collections::{BTreeMap, BTreeSet, VecDeque};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use alloy_primitives::{Address, B256, Bytes, U256, keccak256};

use super::*;
use crate::revision::Revision;
use crate::wasm::InstructionCosts;

/// The account that runs.
pub const THIS: Address = Address::repeat_byte(0x11);
/// Who sent the message.
pub const CALLER: Address = Address::repeat_byte(0x22);
/// An account that exists, with a balance of 5 and some code.
pub const OTHER: Address = Address::repeat_byte(0x33);
/// An account that does not exist.
pub const NOBODY: Address = Address::repeat_byte(0x44);
/// Gas of the message.
pub const GAS: u64 = 1_000_000;
/// Code of [`OTHER`].
pub const OTHER_CODE: &[u8] = b"code of another account";

/// An account of [`MockHost`].
#[derive(Clone, Debug, Default)]
pub struct Account {
    pub balance: U256,
    pub code: Vec<u8>,
    pub storage: BTreeMap<B256, B256>,
}

/// A host in memory. It undoes nothing, and answers nested messages with what the test wants.
#[derive(Default)]
pub struct MockHost {
    pub accounts: BTreeMap<Address, Account>,
    /// Storage of [`THIS`] at the start of the transaction.
    pub original: BTreeMap<B256, B256>,
    /// Accounts that delegate their code, and to whom.
    pub delegates: BTreeMap<Address, Address>,
    /// Accounts whose nonce is the last one.
    pub exhausted: BTreeSet<Address>,
    pub transient: BTreeMap<(Address, B256), B256>,
    pub warm_accounts: BTreeSet<Address>,
    pub warm_slots: BTreeSet<(Address, B256)>,
    pub logs: Vec<(Address, Vec<B256>, Bytes)>,
    pub destructed: Vec<(Address, Address)>,
    pub context: TransactionContext,
    pub block_hashes: BTreeMap<u64, B256>,
    /// Nested messages that were asked for.
    pub calls: Vec<Message>,
    /// Their outcomes, in order; without one, a message succeeds and uses no gas.
    pub outcomes: VecDeque<Outcome>,
}

impl Host for MockHost {
    fn account_exists(&mut self, address: &Address) -> bool {
        self.accounts.contains_key(address)
    }

    fn balance(&mut self, address: &Address) -> U256 {
        self.accounts.get(address).map(|account| account.balance).unwrap_or_default()
    }

    fn code_size(&mut self, address: &Address) -> usize {
        self.accounts.get(address).map_or(0, |account| account.code.len())
    }

    fn code_hash(&mut self, address: &Address) -> B256 {
        self.accounts.get(address).map(|account| keccak256(&account.code)).unwrap_or_default()
    }

    fn copy_code(&mut self, address: &Address, offset: usize, buffer: &mut [u8]) -> usize {
        let code = &self.accounts[address].code[offset..];
        let length = code.len().min(buffer.len());
        buffer[..length].copy_from_slice(&code[..length]);
        length
    }

    fn delegate(&mut self, address: &Address) -> Option<Address> {
        self.delegates.get(address).copied()
    }

    fn nonce_is_exhausted(&mut self, address: &Address) -> bool {
        self.exhausted.contains(address)
    }

    fn storage(&mut self, address: &Address, key: &B256) -> B256 {
        self.accounts
            .get(address)
            .and_then(|account| account.storage.get(key))
            .copied()
            .unwrap_or_default()
    }

    fn set_storage(&mut self, address: &Address, key: &B256, value: &B256) -> StorageStatus {
        let original = self.original.get(key).copied().unwrap_or_default();
        let status = StorageStatus::of(&original, &self.storage(address, key), value);
        self.accounts.entry(*address).or_default().storage.insert(*key, *value);
        status
    }

    fn transient_storage(&mut self, address: &Address, key: &B256) -> B256 {
        self.transient.get(&(*address, *key)).copied().unwrap_or_default()
    }

    fn set_transient_storage(&mut self, address: &Address, key: &B256, value: &B256) {
        self.transient.insert((*address, *key), *value);
    }

    fn access_account(&mut self, address: &Address) -> AccessStatus {
        if self.warm_accounts.insert(*address) { AccessStatus::Cold } else { AccessStatus::Warm }
    }

    fn access_storage(&mut self, address: &Address, key: &B256) -> AccessStatus {
        if self.warm_slots.insert((*address, *key)) {
            AccessStatus::Cold
        } else {
            AccessStatus::Warm
        }
    }

    fn log(&mut self, address: &Address, topics: &[B256], data: &[u8]) {
        self.logs.push((*address, topics.into(), Bytes::copy_from_slice(data)));
    }

    fn self_destruct(&mut self, address: &Address, beneficiary: &Address) -> bool {
        let first = self.destructed.iter().all(|(destructed, _)| destructed != address);
        self.destructed.push((*address, *beneficiary));
        first
    }

    fn context(&mut self) -> &TransactionContext {
        &self.context
    }

    fn block_hash(&mut self, number: u64) -> Option<B256> {
        self.block_hashes.get(&number).copied()
    }
}

impl MockHost {
    fn call(&mut self, message: Message) -> Outcome {
        let success = Outcome { gas_left: message.gas, ..Outcome::failure(Status::Success) };
        self.calls.push(message);
        self.outcomes.pop_front().unwrap_or(success)
    }
}

/// A message to [`THIS`], with the world around it.
pub struct Scene {
    pub config: VmConfig,
    pub revision: Revision,
    pub host: MockHost,
    pub message: Message,
    /// What the contract's memory begins with.
    pub memory: Vec<u8>,
}

impl Scene {
    /// Byzantium, instructions free, debug mode.
    pub fn new() -> Self {
        let mut host = MockHost::default();
        host.accounts.insert(THIS, Account { balance: U256::from(100), ..Account::default() });
        host.accounts.insert(
            OTHER,
            Account { balance: U256::from(5), code: OTHER_CODE.into(), ..Account::default() },
        );
        let message = Message {
            kind: CallKind::Call,
            is_static: false,
            depth: 0,
            gas: GAS,
            recipient: THIS,
            code_address: THIS,
            sender: CALLER,
            input: [1, 2, 3, 4, 5][..].into(),
            value: U256::from(7),
            salt: B256::ZERO,
        };
        let config =
            VmConfig { metering: InstructionCosts::FREE, debug: true, ..VmConfig::default() };
        Self { config, revision: Revision::Byzantium, host, message, memory: Vec::new() }
    }

    /// The same in another revision.
    pub fn at(revision: Revision) -> Self {
        Self { revision, ..Self::new() }
    }

    /// Puts bytes into the contract's memory, from which it begins.
    pub fn with_memory(mut self, address: usize, bytes: &[u8]) -> Self {
        let end = address + bytes.len();
        if self.memory.len() < end {
            self.memory.resize(end, 0);
        }
        self.memory[address..end].copy_from_slice(bytes);
        self
    }

    /// Runs a contract with this body of `main`.
    pub fn run(&mut self, main: &str) -> Outcome {
        let code = contract(&self.memory, main);
        self.run_code(&code)
    }

    /// Runs a contract.
    pub fn run_code(&mut self, code: &[u8]) -> Outcome {
        self.run_inspected(code, &mut ())
    }

    /// Runs a contract with an inspector. Its message is a transaction of its own, which pays for
    /// the code.
    pub fn run_inspected(&mut self, code: &[u8], inspector: &mut dyn Inspector) -> Outcome {
        let vm = Vm::new(self.config.clone());
        let mut handler =
            Handler { vm: &vm, revision: self.revision, code: Some(code), host: &mut self.host };
        drive(&mut handler, self.message.clone(), inspector)
    }

    /// Runs a contract that ends by finishing with the first `length` bytes of its memory.
    pub fn output(&mut self, main: &str, length: u32) -> (Vec<u8>, u64) {
        let outcome =
            self.run(&format!("{main} (call $finish (i32.const 0) (i32.const {length}))"));
        assert_eq!(outcome.status, Status::Success, "{main}");
        let used = used(&outcome);
        (outcome.output, used)
    }
}

/// Runs the code of the first message, and has the host answer nested ones.
struct Handler<'a> {
    vm: &'a Vm,
    revision: Revision,
    /// The code of the first message, until that begins.
    code: Option<&'a [u8]>,
    host: &'a mut MockHost,
}

impl Handler<'_> {
    fn frame(&self, message: Message, code: &[u8]) -> Result<Frame, Outcome> {
        if code.is_empty() {
            return Err(outcome(Status::Success, message.gas, b""));
        }
        let gas = self.vm.pay_for_code(message.gas, code.len())?;
        let contract = if message.kind.is_create() {
            self.vm.compile(self.revision, code)
        } else {
            self.vm.contract(self.revision, Code::unknown(code))
        };
        let contract = contract.map_err(|_| Outcome::failure(Status::ContractValidationFailure))?;
        Ok(self.vm.frame_with(self.revision, message, contract, gas))
    }
}

impl MessageHandler for Handler<'_> {
    /// Whether the message is a create.
    type Begun = bool;

    fn host(&mut self) -> &mut dyn Host {
        self.host
    }

    fn begin(
        &mut self,
        message: Message,
        _around: Usage,
        inspector: &mut dyn Inspector,
    ) -> Result<alloc::boxed::Box<OpenFrame<bool>>, Outcome> {
        let Some(code) = self.code.take() else { return Err(self.host.call(message)) };
        inspector.message_enter(&message);
        let is_create = message.kind.is_create();
        match self.frame(message, code) {
            Ok(frame) => Ok(OpenFrame::new(frame, is_create)),
            Err(outcome) => {
                inspector.message_exit(&outcome);
                Err(outcome)
            }
        }
    }

    fn end(
        &mut self,
        is_create: bool,
        _frame: &Frame,
        mut outcome: Outcome,
        inspector: &mut dyn Inspector,
    ) -> Outcome {
        if is_create
            && outcome.status == Status::Success
            && let Err(error) = self.vm.check_new_code(self.revision, &outcome.output)
        {
            outcome = Outcome::failure(error.status());
        }
        inspector.message_exit(&outcome);
        outcome
    }

    fn has_failed(&self) -> bool {
        false
    }
}

/// Gas that a message with [`GAS`] used.
pub fn used(outcome: &Outcome) -> u64 {
    GAS - outcome.gas_left
}

/// A contract with one page of memory that begins with `memory`, and this body of `main`. It
/// imports whatever function of the interface the body calls by its name.
pub fn contract(memory: &[u8], main: &str) -> Vec<u8> {
    let imports: String = INTERFACE
        .iter()
        .filter(|function| {
            main.contains(&format!("${} ", function.name))
                || main.contains(&format!("${})", function.name))
        })
        .map(import)
        .collect();
    let data: String = memory.iter().map(|byte| format!("\\{byte:02x}")).collect();
    let text = format!(
        "(module {imports} (memory (export \"memory\") 1) (data (i32.const 0) \"{data}\") (func (export \"main\") {main}))"
    );
    wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The contract with a custom section that fills it up to so many bytes; the section's last byte is
/// zero.
pub fn sized(mut code: Vec<u8>, bytes: usize) -> Vec<u8> {
    // The section's number, its size in five bytes, and an empty name.
    let rest = bytes - code.len() - 6;
    code.push(0);
    code.extend((0..5).map(|at| (rest >> (7 * at)) as u8 & 0x7f | if at < 4 { 0x80 } else { 0 }));
    code.resize(bytes, 0);
    code
}

/// The import of a function, in the text format.
pub fn import(function: &InterfaceFunction) -> String {
    let ty = function.ty();
    let name =
        |ty: &crate::wasm::ValType| if *ty == crate::wasm::ValType::I64 { " i64" } else { " i32" };
    let params: String = ty.params().iter().map(name).collect();
    let results: String = ty.results().iter().map(name).collect();
    let (module, name) = (function.module, function.name);
    format!("(import \"{module}\" \"{name}\" (func ${name} (param{params}) (result{results})))\n")
}

/// An outcome of a nested message.
pub fn outcome(status: Status, gas_left: u64, output: &[u8]) -> Outcome {
    Outcome { gas_left, output: output.into(), ..Outcome::failure(status) }
}
