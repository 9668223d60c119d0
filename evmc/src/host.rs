//! The host: the client's side, which keeps the state, behind the host interface of ABI 12.
use std::ffi::c_int;

use alloy_primitives::{Address, B256, U256};
use tephra_core::ewasm::{
    AccessStatus, Host, Message, Outcome, Status, StorageStatus, TransactionContext,
};

use crate::abi::{self, AddressBytes, Bytes32, HostContext, HostInterface};
use crate::answer::Answer;
use crate::memory::{self, array};
use crate::tables;

/// Why a message ends with one of EVMC's negative statuses, which say nothing about the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The host has no such function, or gave an answer that the ABI does not know.
    Internal,
    /// There is no memory for what the host gives.
    OutOfMemory,
    /// A nested message ended with this negative status, known to the ABI or not. By the ABI no
    /// contract is told of it: it ends the messages around, too.
    Nested(c_int),
}

impl Fault {
    /// The status that the message ends with.
    pub fn status(self) -> c_int {
        match self {
            Self::Internal => abi::INTERNAL_ERROR,
            Self::OutOfMemory => abi::OUT_OF_MEMORY,
            Self::Nested(status) => status,
        }
    }
}

/// A host that runs nested messages itself, by calling back into a virtual machine. Its methods
/// cannot fail: the first error is kept, after which the host is not called again and every method
/// returns a default.
pub trait RecursiveHost: Host {
    /// Runs a nested message to its end. The checks of depth and balance that the interface defines
    /// have been made; the host moves value, makes accounts, and undoes what a failed message did.
    fn call(&mut self, message: Message) -> Outcome;

    /// The first thing that went wrong, if any.
    fn fault(&self) -> Option<Fault>;

    /// Whether the message that comes next runs code by delegation (EIP-7702).
    fn is_delegated(&self) -> bool {
        false
    }
}

/// How many blocks back hashes can be asked for.
const BLOCK_HASHES: u64 = 256;

/// What the code of an account begins with that delegates its code; the other account follows
/// (EIP-7702).
const DELEGATION: &[u8] = &[0xef, 0x01, 0x00];

/// A host of ABI 12.
pub struct AbiHost<'a> {
    interface: Option<&'a HostInterface>,
    handle: *mut HostContext,
    transaction: Option<TransactionContext>,
    /// What the account that is about to be called delegates its code to.
    delegate: Option<Address>,
    fault: Option<Fault>,
}

impl<'a> AbiHost<'a> {
    /// The host with these functions; with none, everything that needs one is a fault.
    ///
    /// # Safety
    /// The functions are those of EVMC ABI 12 and may be called with `handle` as long as the value
    /// lives.
    pub unsafe fn new(interface: Option<&'a HostInterface>, handle: *mut HostContext) -> Self {
        Self { interface, handle, transaction: None, delegate: None, fault: None }
    }

    fn fail(&mut self, fault: Fault) {
        self.fault.get_or_insert(fault);
    }

    /// Calls a function of the host, if it is there and nothing went wrong before.
    fn ask<F, T: Default>(
        &mut self,
        function: impl FnOnce(&HostInterface) -> Option<F>,
        call: impl FnOnce(F, *mut HostContext) -> T,
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
            abi::ACCESS_COLD => AccessStatus::Cold,
            abi::ACCESS_WARM => AccessStatus::Warm,
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
        // SAFETY: by the ABI the host has as many hashes there, and keeps them as long as the
        // message runs.
        let blob_hashes = unsafe { array(context.blob_hashes, context.blob_hashes_count) };
        let blob_hashes = blob_hashes.unwrap_or_else(|| {
            self.fail(Fault::Internal);
            &[]
        });
        TransactionContext {
            origin: context.tx_origin.into(),
            gas_price: context.tx_gas_price.into(),
            coinbase: context.block_coinbase.into(),
            number: unsigned(context.block_number),
            timestamp: unsigned(context.block_timestamp),
            gas_limit: unsigned(context.block_gas_limit),
            prev_randao: context.block_prev_randao.into(),
            chain_id: context.chain_id.into(),
            base_fee: context.block_base_fee.into(),
            blob_base_fee: context.blob_base_fee.into(),
            blob_hashes: self.copy(blob_hashes),
        }
    }

    /// Takes over what a nested message gave, and frees it.
    fn outcome(&mut self, message: &Message, result: abi::ExecutionResult) -> Outcome {
        let answer = Answer {
            status: result.status_code,
            gas_left: result.gas_left,
            gas_refund: result.gas_refund,
            output: result.output_data,
            output_size: result.output_size,
            create_address: result.create_address.into(),
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

    fn copy<T: Copy, U: From<T>>(&mut self, values: &[T]) -> Vec<U> {
        memory::copy(values).unwrap_or_else(|| {
            self.fail(Fault::OutOfMemory);
            Vec::new()
        })
    }
}

/// A number that is not negative unless the host is wrong.
fn unsigned(number: i64) -> u64 {
    number.max(0) as u64
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
        let answer = self.ask(
            |interface| interface.account_exists,
            |function, handle| unsafe { function(handle, &address.into()) },
        );
        answer != 0
    }

    fn balance(&mut self, address: &Address) -> U256 {
        self.ask(
            |interface| interface.get_balance,
            |function, handle| unsafe { function(handle, &address.into()) },
        )
        .into()
    }

    fn code_size(&mut self, address: &Address) -> usize {
        self.ask(
            |interface| interface.get_code_size,
            |function, handle| unsafe { function(handle, &address.into()) },
        )
    }

    fn code_hash(&mut self, address: &Address) -> B256 {
        self.ask(
            |interface| interface.get_code_hash,
            |function, handle| unsafe { function(handle, &address.into()) },
        )
        .into()
    }

    fn copy_code(&mut self, address: &Address, offset: usize, buffer: &mut [u8]) -> usize {
        let length = buffer.len();
        let copied = self.ask(
            |interface| interface.copy_code,
            |function, handle| unsafe {
                function(handle, &address.into(), offset, buffer.as_mut_ptr(), length)
            },
        );
        copied.min(length)
    }

    fn delegate(&mut self, address: &Address) -> Option<Address> {
        let mut code = [0; DELEGATION.len() + 20];
        let length = self.copy_code(address, 0, &mut code);
        let delegate = code.strip_prefix(DELEGATION).filter(|_| length == code.len());
        self.delegate = delegate.and_then(|delegate| Address::try_from(delegate).ok());
        self.delegate
    }

    fn storage(&mut self, address: &Address, key: &B256) -> B256 {
        let answer = self.ask(
            |interface| interface.get_storage,
            |function, handle| unsafe { function(handle, &address.into(), &key.into()) },
        );
        answer.into()
    }

    fn set_storage(&mut self, address: &Address, key: &B256, value: &B256) -> StorageStatus {
        let number = self.ask(
            |interface| interface.set_storage,
            |function, handle| unsafe {
                function(handle, &address.into(), &key.into(), &value.into())
            },
        );
        STORAGE_STATUSES.get(number as usize).copied().unwrap_or_else(|| {
            self.fail(Fault::Internal);
            StorageStatus::Assigned
        })
    }

    fn transient_storage(&mut self, address: &Address, key: &B256) -> B256 {
        let answer = self.ask(
            |interface| interface.get_transient_storage,
            |function, handle| unsafe { function(handle, &address.into(), &key.into()) },
        );
        answer.into()
    }

    fn set_transient_storage(&mut self, address: &Address, key: &B256, value: &B256) {
        self.ask(
            |interface| interface.set_transient_storage,
            |function, handle| unsafe {
                function(handle, &address.into(), &key.into(), &value.into())
            },
        );
    }

    fn access_account(&mut self, address: &Address) -> AccessStatus {
        let number = self.ask(
            |interface| interface.access_account,
            |function, handle| unsafe { function(handle, &address.into()) },
        );
        self.access_status(number)
    }

    fn access_storage(&mut self, address: &Address, key: &B256) -> AccessStatus {
        let number = self.ask(
            |interface| interface.access_storage,
            |function, handle| unsafe { function(handle, &address.into(), &key.into()) },
        );
        self.access_status(number)
    }

    fn log(&mut self, address: &Address, topics: &[B256], data: &[u8]) {
        let topics: Vec<Bytes32> = topics.iter().map(Bytes32::from).collect();
        self.ask(
            |interface| interface.emit_log,
            |function, handle| unsafe {
                function(
                    handle,
                    &address.into(),
                    pointer(data),
                    data.len(),
                    pointer(&topics),
                    topics.len(),
                );
            },
        );
    }

    fn self_destruct(&mut self, address: &Address, beneficiary: &Address) -> bool {
        let answer = self.ask(
            |interface| interface.selfdestruct,
            |function, handle| unsafe { function(handle, &address.into(), &beneficiary.into()) },
        );
        answer != 0
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
        let hash: B256 = self
            .ask(
                |interface| interface.get_block_hash,
                |function, handle| unsafe { function(handle, number) },
            )
            .into();
        (!hash.is_zero()).then_some(hash)
    }
}

/// In the order of EVMC's numbers.
const STORAGE_STATUSES: [StorageStatus; 9] = [
    StorageStatus::Assigned,
    StorageStatus::Added,
    StorageStatus::Deleted,
    StorageStatus::Modified,
    StorageStatus::DeletedAdded,
    StorageStatus::ModifiedDeleted,
    StorageStatus::DeletedRestored,
    StorageStatus::AddedDeleted,
    StorageStatus::ModifiedRestored,
];

impl RecursiveHost for AbiHost<'_> {
    fn call(&mut self, message: Message) -> Outcome {
        let of_static = if message.is_static { abi::FLAG_STATIC } else { 0 };
        let of_delegated =
            if self.is_delegated() && !message.kind.is_create() { abi::FLAG_DELEGATED } else { 0 };
        let request = abi::Message {
            kind: tables::kind_number(message.kind),
            flags: of_static | of_delegated,
            depth: i32::try_from(message.depth).unwrap_or(i32::MAX),
            gas: i64::try_from(message.gas).unwrap_or(i64::MAX),
            recipient: AddressBytes::from(&message.recipient),
            sender: AddressBytes::from(&message.sender),
            input_data: pointer(&message.input),
            input_size: message.input.len(),
            value: message.value.into(),
            create2_salt: Bytes32::from(&message.salt),
            code_address: AddressBytes::from(&message.code_address),
            code: std::ptr::null(),
            code_size: 0,
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

    fn is_delegated(&self) -> bool {
        self.delegate.is_some()
    }
}
