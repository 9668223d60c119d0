//! The client, behind the host interface of ABI 9 as `evmc-vm` gives it.
use alloy_primitives::{Address, B256, U256};
use evmc_vm::ffi::{evmc_access_status, evmc_call_kind, evmc_flags, evmc_status_code, evmc_storage_status};
use evmc_vm::{Bytes32, ExecutionContext, ExecutionMessage};
use tephra_core::ewasm::{
    AccessStatus, CallKind, Host, Message, Outcome, RecursiveHost, Status, StorageStatus, TransactionContext,
};
use tephra_evmc::{Client, Fault};

/// How many blocks back hashes can be asked for.
const BLOCK_HASHES: u64 = 256;

/// A client of ABI 9. Its functions panic where the client has none; that ends the message as an internal error.
pub struct ContextClient<'a> {
    context: Option<&'a mut ExecutionContext<'a>>,
    transaction: TransactionContext,
    fault: Option<Fault>,
}

impl<'a> ContextClient<'a> {
    /// The client with this context; with none, everything that needs one is a fault.
    pub fn new(context: Option<&'a mut ExecutionContext<'a>>) -> Self {
        let transaction = context.as_deref().map(transaction).unwrap_or_default();
        Self { context, transaction, fault: None }
    }

    /// Asks the context, if there is one.
    fn ask<T: Default>(&mut self, question: impl FnOnce(&mut ExecutionContext<'a>) -> T) -> T {
        match self.context.as_deref_mut() {
            Some(context) => question(context),
            None => {
                self.fault.get_or_insert(Fault::Internal);
                T::default()
            }
        }
    }

    fn access(&mut self, question: impl FnOnce(&mut ExecutionContext<'a>) -> evmc_access_status) -> AccessStatus {
        let is_warm = self.ask(|context| question(context) == evmc_access_status::EVMC_ACCESS_WARM);
        if is_warm {
            AccessStatus::Warm
        } else {
            AccessStatus::Cold
        }
    }
}

fn transaction(context: &ExecutionContext<'_>) -> TransactionContext {
    let context = context.get_tx_context();
    TransactionContext {
        origin: context.tx_origin.bytes.into(),
        gas_price: U256::from_be_bytes(context.tx_gas_price.bytes),
        coinbase: context.block_coinbase.bytes.into(),
        number: unsigned(context.block_number),
        timestamp: unsigned(context.block_timestamp),
        gas_limit: unsigned(context.block_gas_limit),
        prev_randao: context.block_difficulty.bytes.into(),
        chain_id: U256::from_be_bytes(context.chain_id.bytes),
        base_fee: U256::from_be_bytes(context.block_base_fee.bytes),
        ..TransactionContext::default()
    }
}

/// A number that is not negative unless the client is wrong.
fn unsigned(number: i64) -> u64 {
    number.max(0) as u64
}

fn account(address: &Address) -> evmc_vm::Address {
    evmc_vm::Address { bytes: address.0 .0 }
}

fn word(word: &B256) -> Bytes32 {
    Bytes32 { bytes: word.0 }
}

impl Host for ContextClient<'_> {
    fn account_exists(&mut self, address: &Address) -> bool {
        self.ask(|context| context.account_exists(&account(address)))
    }

    fn balance(&mut self, address: &Address) -> U256 {
        U256::from_be_bytes(self.ask(|context| context.get_balance(&account(address))).bytes)
    }

    fn code_size(&mut self, address: &Address) -> usize {
        self.ask(|context| context.get_code_size(&account(address)))
    }

    fn code_hash(&mut self, address: &Address) -> B256 {
        self.ask(|context| context.get_code_hash(&account(address))).bytes.into()
    }

    fn copy_code(&mut self, address: &Address, offset: usize, buffer: &mut [u8]) -> usize {
        let length = buffer.len();
        self.ask(|context| context.copy_code(&account(address), offset, buffer)).min(length)
    }

    fn storage(&mut self, address: &Address, key: &B256) -> B256 {
        self.ask(|context| context.get_storage(&account(address), &word(key))).bytes.into()
    }

    /// The ABI has five statuses: a slot that is changed again costs as much as one that stays as it is, and refunds are the client's affair.
    fn set_storage(&mut self, address: &Address, key: &B256, value: &B256) -> StorageStatus {
        let status = self.ask(|context| Some(context.set_storage(&account(address), &word(key), &word(value))));
        match status {
            Some(evmc_storage_status::EVMC_STORAGE_ADDED) => StorageStatus::Added,
            Some(evmc_storage_status::EVMC_STORAGE_DELETED) => StorageStatus::Deleted,
            Some(evmc_storage_status::EVMC_STORAGE_MODIFIED) => StorageStatus::Modified,
            Some(evmc_storage_status::EVMC_STORAGE_UNCHANGED | evmc_storage_status::EVMC_STORAGE_MODIFIED_AGAIN)
            | None => StorageStatus::Assigned,
        }
    }

    /// The ABI knows no revision that has transient storage, so that no contract asks for it.
    fn transient_storage(&mut self, _address: &Address, _key: &B256) -> B256 {
        self.fault.get_or_insert(Fault::Internal);
        B256::ZERO
    }

    fn set_transient_storage(&mut self, _address: &Address, _key: &B256, _value: &B256) {
        self.fault.get_or_insert(Fault::Internal);
    }

    fn access_account(&mut self, address: &Address) -> AccessStatus {
        self.access(|context| context.access_account(&account(address)))
    }

    fn access_storage(&mut self, address: &Address, key: &B256) -> AccessStatus {
        self.access(|context| context.access_storage(&account(address), &word(key)))
    }

    fn log(&mut self, address: &Address, topics: &[B256], data: &[u8]) {
        let topics: Vec<Bytes32> = topics.iter().map(word).collect();
        self.ask(|context| context.emit_log(&account(address), data, &topics));
    }

    /// Refunds are the client's affair, so that it does not matter whether it was marked before.
    fn self_destruct(&mut self, address: &Address, beneficiary: &Address) -> bool {
        self.ask(|context| context.selfdestruct(&account(address), &account(beneficiary)));
        false
    }

    fn context(&mut self) -> &TransactionContext {
        if self.context.is_none() {
            self.fault.get_or_insert(Fault::Internal);
        }
        &self.transaction
    }

    fn block_hash(&mut self, number: u64) -> Option<B256> {
        let present = self.context().number;
        if number >= present || present - number > BLOCK_HASHES {
            return None;
        }
        let number = i64::try_from(number).ok()?;
        let hash = B256::from(self.ask(|context| context.get_block_hash(number)).bytes);
        (!hash.is_zero()).then_some(hash)
    }
}

impl RecursiveHost for ContextClient<'_> {
    fn call(&mut self, message: Message) -> Outcome {
        let kind = match message.kind {
            CallKind::Call => evmc_call_kind::EVMC_CALL,
            CallKind::DelegateCall => evmc_call_kind::EVMC_DELEGATECALL,
            CallKind::CallCode => evmc_call_kind::EVMC_CALLCODE,
            CallKind::Create => evmc_call_kind::EVMC_CREATE,
            CallKind::Create2 => evmc_call_kind::EVMC_CREATE2,
        };
        let request = ExecutionMessage::new(
            kind,
            if message.is_static { evmc_flags::EVMC_STATIC as u32 } else { 0 },
            i32::try_from(message.depth).unwrap_or(i32::MAX),
            i64::try_from(message.gas).unwrap_or(i64::MAX),
            // Here the ABI wants the account whose code runs; that of the storage the client knows.
            account(&message.code_address),
            account(&message.sender),
            (!message.input.is_empty()).then_some(&*message.input),
            evmc_vm::Uint256 { bytes: message.value.to_be_bytes() },
            word(&message.salt),
        );
        let Some(result) = self.ask(|context| Some(context.call(&request))) else {
            return Outcome::failure(Status::InternalError);
        };
        let status = match result.status_code() {
            evmc_status_code::EVMC_SUCCESS => Status::Success,
            evmc_status_code::EVMC_REVERT => Status::Revert,
            evmc_status_code::EVMC_INTERNAL_ERROR => {
                self.fault.get_or_insert(Fault::Internal);
                Status::InternalError
            }
            evmc_status_code::EVMC_OUT_OF_MEMORY => {
                self.fault.get_or_insert(Fault::OutOfMemory);
                Status::InternalError
            }
            _ => Status::Failure,
        };
        let is_success = status == Status::Success;
        let keeps_gas = is_success || status == Status::Revert;
        let created = result.create_address().filter(|_| is_success && message.kind.is_create());
        Outcome {
            gas_left: if keeps_gas { unsigned(result.gas_left()) } else { 0 },
            output: result.output().cloned().unwrap_or_default(),
            create_address: created.map(|address| address.bytes.into()),
            ..Outcome::failure(status)
        }
    }
}

impl Client for ContextClient<'_> {
    fn fault(&self) -> Option<Fault> {
        self.fault
    }
}
