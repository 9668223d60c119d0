//! What a client knows while a machine runs a message, and the functions of the host interface that
//! all versions have alike.
//!
//! Each function may be called only by a machine that [`execute`](super::LoadedVm::run_message)
//! gave its context to, with pointers as the ABI demands.
#![expect(
    clippy::undocumented_unsafe_blocks,
    reason = "one reason for the functions that machines call, before them"
)]
use std::cell::Cell;
use std::ffi::c_int;
use std::slice;
use std::sync::atomic::Ordering;

use alloy_primitives::{Address, B256};
use tephra_core::ewasm::{AccessStatus, Host, Message, Outcome, Schedule, Status, StorageStatus};
use tephra_core::state::{Driver, JournaledState, MemoryBackend};
use tephra_evmc::abi::{AddressBytes, Bytes32, HostContext};

use super::LoadedVm;

thread_local! {
    /// The number of the status that a machine answered last: a message and those in it run on one
    /// thread.
    pub static LAST_STATUS: Cell<c_int> = const { Cell::new(0) };
}

/// The client's side of one message that a machine runs.
pub struct Context<'a> {
    vm: &'a LoadedVm,
    driver: Driver<'a>,
    pub state: &'a mut JournaledState<MemoryBackend>,
    /// The message that runs.
    pub message: Message,
    /// Refunds as the client counts them, for an ABI by which the machine does not.
    pub refund: i64,
}

impl<'a> Context<'a> {
    pub fn new(
        vm: &'a LoadedVm,
        driver: Driver<'a>,
        state: &'a mut JournaledState<MemoryBackend>,
        message: &Message,
    ) -> Self {
        Self { vm, driver, state, message: message.clone(), refund: 0 }
    }

    /// The context behind the pointer that a machine hands on.
    ///
    /// # Safety
    /// The pointer is one that [`Self::handle`] gave, and the context is there and in nobody else's
    /// hands.
    pub unsafe fn of<'b>(handle: *mut HostContext) -> &'b mut Self {
        // SAFETY: as demanded.
        unsafe { &mut *handle.cast() }
    }

    pub fn handle(&mut self) -> *mut HostContext {
        (self as *mut Self).cast()
    }

    pub fn schedule(&self) -> &'static Schedule {
        self.state.schedule()
    }

    /// Writes a slot, and counts its refund.
    pub fn set_storage(&mut self, address: &Address, key: &B256, value: &B256) -> StorageStatus {
        let status = self.state.set_storage(address, key, value);
        self.refund += self.schedule().storage.of(status).refund;
        status
    }

    /// The number of a status of storage, or the one that the client is to give in its place.
    pub fn storage_status(&self, number: c_int) -> c_int {
        let instead = self.vm.storage_status.load(Ordering::Relaxed);
        if instead == 0 { number } else { instead }
    }

    /// As for storage.
    fn access_status(&self, status: AccessStatus) -> c_int {
        let instead = self.vm.access_status.load(Ordering::Relaxed);
        if instead == 0 { (status == AccessStatus::Warm).into() } else { instead }
    }

    /// Destroys an account, and counts its refund.
    pub fn self_destruct(&mut self, address: &Address, beneficiary: &Address) -> bool {
        let is_new = self.state.self_destruct(address, beneficiary);
        if is_new {
            self.refund += self.schedule().self_destruct_refund;
        }
        is_new
    }

    /// Runs a nested message, and answers the number of its status, too: a negative one goes on as
    /// the machine gave it.
    pub fn call(&mut self, message: Message) -> (c_int, Outcome) {
        let instead = self.vm.nested_status.load(Ordering::Relaxed);
        if instead != 0 {
            return (instead, Outcome::failure(Status::Failure));
        }
        LAST_STATUS.set(0);
        let outcome = self.vm.run_message(self.driver, self.state, message);
        self.refund += outcome.gas_refund;
        let status = LAST_STATUS.get();
        (if status < 0 { status } else { outcome.status.evmc_number() }, outcome)
    }
}

/// The outcome of a message, from what the machine answered. The output is copied.
///
/// # Safety
/// There is as much output as the size says.
pub unsafe fn outcome(
    status: c_int,
    gas_left: i64,
    gas_refund: i64,
    output: *const u8,
    size: usize,
) -> Outcome {
    LAST_STATUS.set(status);
    assert_eq!(output.is_null(), size == 0, "the output is null exactly when it is empty");
    let status = Status::from_evmc_number(status).unwrap_or(Status::Failure);
    let keeps_gas = matches!(status, Status::Success | Status::Revert);
    assert!(keeps_gas || gas_left == 0, "{status} leaves gas");
    // SAFETY: as demanded.
    let output = if size == 0 {
        Vec::new()
    } else {
        unsafe { slice::from_raw_parts(output, size) }.to_vec()
    };
    Outcome {
        gas_left: gas_left.try_into().expect("gas is not negative"),
        gas_refund,
        output,
        ..Outcome::failure(status)
    }
}

/// Output for a machine: null when there is none.
pub fn leak(output: Vec<u8>) -> (*const u8, usize) {
    let size = output.len();
    if size == 0 {
        (std::ptr::null(), 0)
    } else {
        (Box::into_raw(output.into_boxed_slice()).cast_const().cast(), size)
    }
}

/// Takes such output back.
///
/// # Safety
/// It came from [`leak`], and is taken back once.
pub unsafe fn take_back(output: *const u8, size: usize) {
    if !output.is_null() {
        // SAFETY: as demanded.
        drop(unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(output.cast_mut(), size)) });
    }
}

/// An address or word behind a pointer.
///
/// # Safety
/// There is one.
pub unsafe fn address(pointer: *const AddressBytes) -> Address {
    // SAFETY: as demanded.
    unsafe { (*pointer).into() }
}

/// # Safety
/// There is one.
pub unsafe fn word(pointer: *const Bytes32) -> B256 {
    // SAFETY: as demanded.
    unsafe { (*pointer).into() }
}

type Account = *const AddressBytes;
type Word = *const Bytes32;

// SAFETY, for all functions below: machines call them as the module's documentation says.
pub unsafe extern "C" fn account_exists(context: *mut HostContext, at: Account) -> u8 {
    unsafe { Context::of(context).state.account_exists(&address(at)).into() }
}

pub unsafe extern "C" fn get_storage(context: *mut HostContext, at: Account, key: Word) -> Bytes32 {
    unsafe { (&Context::of(context).state.storage(&address(at), &word(key))).into() }
}

pub unsafe extern "C" fn get_balance(context: *mut HostContext, at: Account) -> Bytes32 {
    unsafe { Context::of(context).state.balance(&address(at)).into() }
}

pub unsafe extern "C" fn get_code_size(context: *mut HostContext, at: Account) -> usize {
    unsafe { Context::of(context).state.code_size(&address(at)) }
}

pub unsafe extern "C" fn get_code_hash(context: *mut HostContext, at: Account) -> Bytes32 {
    unsafe { (&Context::of(context).state.code_hash(&address(at))).into() }
}

pub unsafe extern "C" fn copy_code(
    context: *mut HostContext,
    at: Account,
    offset: usize,
    buffer: *mut u8,
    size: usize,
) -> usize {
    if size == 0 {
        return 0;
    }
    unsafe {
        Context::of(context).state.copy_code(
            &address(at),
            offset,
            slice::from_raw_parts_mut(buffer, size),
        )
    }
}

pub unsafe extern "C" fn get_block_hash(context: *mut HostContext, number: i64) -> Bytes32 {
    let hash = u64::try_from(number)
        .ok()
        .and_then(|number| unsafe { Context::of(context) }.state.block_hash(number));
    (&hash.unwrap_or_default()).into()
}

pub unsafe extern "C" fn emit_log(
    context: *mut HostContext,
    at: Account,
    data: *const u8,
    size: usize,
    topics: *const Bytes32,
    count: usize,
) {
    unsafe {
        let topics: Vec<B256> = (0..count).map(|index| word(topics.add(index))).collect();
        let data = if size == 0 { &[] } else { slice::from_raw_parts(data, size) };
        Context::of(context).state.log(&address(at), &topics, data);
    }
}

pub unsafe extern "C" fn access_account(context: *mut HostContext, at: Account) -> c_int {
    let context = unsafe { Context::of(context) };
    let status = unsafe { context.state.access_account(&address(at)) };
    context.access_status(status)
}

pub unsafe extern "C" fn access_storage(
    context: *mut HostContext,
    at: Account,
    key: Word,
) -> c_int {
    let context = unsafe { Context::of(context) };
    let status = unsafe { context.state.access_storage(&address(at), &word(key)) };
    context.access_status(status)
}
