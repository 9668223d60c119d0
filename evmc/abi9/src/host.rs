//! The host: the client's side, which keeps the state, behind the host interface of ABI 9.
use std::ffi::c_int;

use alloy_primitives::{Address, B256, U256};
use evmc_vm::ffi::{self, evmc_call_kind, evmc_flags};
use tephra_core::ewasm::{
    AccessStatus, CallKind, Host, Message, Outcome, Status, StorageStatus, TransactionContext,
};
use tephra_evmc::{Answer, Fault, RecursiveHost};

use crate::abi::{self, Handle};

/// How many blocks back hashes can be asked for.
const BLOCK_HASHES: u64 = 256;

/// A host of ABI 9.
pub struct AbiHost<'a> {
    interface: Option<&'a abi::HostInterface>,
    handle: Handle,
    transaction: Option<TransactionContext>,
    fault: Option<Fault>,
}

impl<'a> AbiHost<'a> {
    /// The host with these functions; with none, everything that needs one is a fault.
    ///
    /// # Safety
    /// The functions are those of EVMC ABI 9 and may be called with `handle` as long as the value
    /// lives.
    pub unsafe fn new(interface: Option<&'a abi::HostInterface>, handle: Handle) -> Self {
        Self { interface, handle, transaction: None, fault: None }
    }

    fn fail(&mut self, fault: Fault) {
        self.fault.get_or_insert(fault);
    }

    /// Calls a function of the host, if it is there and nothing went wrong before.
    fn ask<F, T: Default>(
        &mut self,
        function: impl FnOnce(&abi::HostInterface) -> Option<F>,
        call: impl FnOnce(F, Handle) -> T,
    ) -> T {
        match self.interface.and_then(function) {
            _ if self.fault.is_some() => T::default(),
            Some(function) => call(function, self.handle),
            None => {
                self.fail(Fault::Internal);
                T::default()
            }
        }
    }

    fn access_status(&mut self, number: c_int) -> AccessStatus {
        match number {
            tephra_evmc::abi::ACCESS_COLD => AccessStatus::Cold,
            tephra_evmc::abi::ACCESS_WARM => AccessStatus::Warm,
            _ => {
                self.fail(Fault::Internal);
                AccessStatus::Cold
            }
        }
    }

    fn read_context(&mut self) -> TransactionContext {
        // SAFETY: as `new` demands.
        let context = self.ask(
            |interface| interface.get_tx_context,
            |function, handle| Some(unsafe { function(handle) }),
        );
        let Some(context) = context else { return TransactionContext::default() };
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

    /// Takes over what a nested message gave, and frees it.
    fn outcome(&mut self, message: &Message, result: abi::ExecutionResult) -> Outcome {
        let answer = Answer {
            status: result.status_code,
            gas_left: result.gas_left,
            // The ABI has none: refunds are the host's affair.
            gas_refund: 0,
            output: result.output_data,
            output_size: result.output_size,
            create_address: result.create_address.bytes.into(),
        };
        // SAFETY: by the ABI the output is there until `release` is called.
        let outcome = unsafe { answer.outcome(message) };
        if let Some(release) = result.release {
            // SAFETY: by the ABI it is called once for each result.
            unsafe { release(&result) };
        }
        outcome.unwrap_or_else(|fault| {
            self.fail(fault);
            Outcome::failure(Status::InternalError)
        })
    }
}

/// A number that is not negative unless the host is wrong.
fn unsigned(number: i64) -> u64 {
    number.max(0) as u64
}

fn account(address: &Address) -> ffi::evmc_address {
    ffi::evmc_address { bytes: address.0.0 }
}

fn word(word: &B256) -> ffi::evmc_bytes32 {
    ffi::evmc_bytes32 { bytes: word.0 }
}

/// A pointer for C: null when there is nothing.
fn pointer<T>(values: &[T]) -> *const T {
    if values.is_empty() { std::ptr::null() } else { values.as_ptr() }
}

// SAFETY, for every call of a function of the host below: the functions may be called, as `new`
// demands, and all pointers are to values that outlive the call.
#[expect(clippy::undocumented_unsafe_blocks, reason = "one reason for all of them, above")]
impl Host for AbiHost<'_> {
    fn account_exists(&mut self, address: &Address) -> bool {
        self.ask(
            |interface| interface.account_exists,
            |function, handle| unsafe { function(handle, &account(address)) },
        ) != 0
    }

    fn balance(&mut self, address: &Address) -> U256 {
        let balance = self.ask(
            |interface| interface.get_balance,
            |function, handle| unsafe { function(handle, &account(address)) },
        );
        U256::from_be_bytes(balance.bytes)
    }

    fn code_size(&mut self, address: &Address) -> usize {
        self.ask(
            |interface| interface.get_code_size,
            |function, handle| unsafe { function(handle, &account(address)) },
        )
    }

    fn code_hash(&mut self, address: &Address) -> B256 {
        let hash = self.ask(
            |interface| interface.get_code_hash,
            |function, handle| unsafe { function(handle, &account(address)) },
        );
        hash.bytes.into()
    }

    fn copy_code(&mut self, address: &Address, offset: usize, buffer: &mut [u8]) -> usize {
        let length = buffer.len();
        let copied = self.ask(
            |interface| interface.copy_code,
            |function, handle| unsafe {
                function(handle, &account(address), offset, buffer.as_mut_ptr(), length)
            },
        );
        copied.min(length)
    }

    fn storage(&mut self, address: &Address, key: &B256) -> B256 {
        let value = self.ask(
            |interface| interface.get_storage,
            |function, handle| unsafe { function(handle, &account(address), &word(key)) },
        );
        value.bytes.into()
    }

    /// The ABI has five statuses: a slot that is changed again costs as much as one that stays as
    /// it is, and refunds are the host's affair.
    fn set_storage(&mut self, address: &Address, key: &B256, value: &B256) -> StorageStatus {
        let number = self.ask(
            |interface| interface.set_storage,
            |function, handle| unsafe {
                function(handle, &account(address), &word(key), &word(value))
            },
        );
        match number {
            abi::STORAGE_UNCHANGED | abi::STORAGE_MODIFIED_AGAIN => StorageStatus::Assigned,
            abi::STORAGE_MODIFIED => StorageStatus::Modified,
            abi::STORAGE_ADDED => StorageStatus::Added,
            abi::STORAGE_DELETED => StorageStatus::Deleted,
            _ => {
                self.fail(Fault::Internal);
                StorageStatus::Assigned
            }
        }
    }

    /// The ABI knows no revision that has transient storage, so that no contract asks for it.
    fn transient_storage(&mut self, _address: &Address, _key: &B256) -> B256 {
        self.fail(Fault::Internal);
        B256::ZERO
    }

    fn set_transient_storage(&mut self, _address: &Address, _key: &B256, _value: &B256) {
        self.fail(Fault::Internal);
    }

    fn access_account(&mut self, address: &Address) -> AccessStatus {
        let number = self.ask(
            |interface| interface.access_account,
            |function, handle| unsafe { function(handle, &account(address)) },
        );
        self.access_status(number)
    }

    fn access_storage(&mut self, address: &Address, key: &B256) -> AccessStatus {
        let number = self.ask(
            |interface| interface.access_storage,
            |function, handle| unsafe { function(handle, &account(address), &word(key)) },
        );
        self.access_status(number)
    }

    fn log(&mut self, address: &Address, topics: &[B256], data: &[u8]) {
        let topics: Vec<ffi::evmc_bytes32> = topics.iter().map(word).collect();
        self.ask(
            |interface| interface.emit_log,
            |function, handle| unsafe {
                function(
                    handle,
                    &account(address),
                    pointer(data),
                    data.len(),
                    pointer(&topics),
                    topics.len(),
                );
            },
        );
    }

    /// Refunds are the host's affair, so that it does not matter whether it was marked before.
    fn self_destruct(&mut self, address: &Address, beneficiary: &Address) -> bool {
        self.ask(
            |interface| interface.selfdestruct,
            |function, handle| unsafe {
                function(handle, &account(address), &account(beneficiary))
            },
        );
        false
    }

    fn context(&mut self) -> &TransactionContext {
        if self.transaction.is_none() {
            self.transaction = Some(self.read_context());
        }
        self.transaction.get_or_insert_default()
    }

    fn block_hash(&mut self, number: u64) -> Option<B256> {
        let present = self.context().number;
        if number >= present || present - number > BLOCK_HASHES {
            return None;
        }
        let number = i64::try_from(number).ok()?;
        let hash = self.ask(
            |interface| interface.get_block_hash,
            |function, handle| unsafe { function(handle, number) },
        );
        let hash = B256::from(hash.bytes);
        (!hash.is_zero()).then_some(hash)
    }
}

impl RecursiveHost for AbiHost<'_> {
    fn call(&mut self, message: Message) -> Outcome {
        let request = ffi::evmc_message {
            kind: match message.kind {
                CallKind::Call => evmc_call_kind::EVMC_CALL,
                CallKind::DelegateCall => evmc_call_kind::EVMC_DELEGATECALL,
                CallKind::CallCode => evmc_call_kind::EVMC_CALLCODE,
                CallKind::Create => evmc_call_kind::EVMC_CREATE,
                CallKind::Create2 => evmc_call_kind::EVMC_CREATE2,
            },
            flags: if message.is_static { evmc_flags::EVMC_STATIC as u32 } else { 0 },
            depth: i32::try_from(message.depth).unwrap_or(i32::MAX),
            gas: i64::try_from(message.gas).unwrap_or(i64::MAX),
            // Here the ABI wants the account whose code runs; that of the storage the host knows.
            destination: account(&message.code_address),
            sender: account(&message.sender),
            input_data: pointer(&message.input),
            input_size: message.input.len(),
            value: ffi::evmc_bytes32 { bytes: message.value.to_be_bytes() },
            create2_salt: word(&message.salt),
        };
        // SAFETY: as for the functions above.
        let result = self.ask(
            |interface| interface.call,
            |function, handle| Some(unsafe { function(handle, &request) }),
        );
        match result {
            Some(result) => self.outcome(&message, result),
            None => Outcome::failure(Status::InternalError),
        }
    }

    fn fault(&self) -> Option<Fault> {
        self.fault
    }
}
