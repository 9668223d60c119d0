//! The client of ABI 9, by its own structures: fewer statuses of storage, no refunds from the
//! machine, and for `callCode` and `callDelegate` another meaning of the destination.
#![expect(
    clippy::undocumented_unsafe_blocks,
    reason = "the functions are called by machines as the ABI demands"
)]
use std::ffi::c_int;
use std::mem::size_of;

use alloy_primitives::{Address, U256};
use tephra_core::ewasm::{CallKind, Host, Message, Outcome, Status, StorageStatus};
use tephra_core::revision::Revision;
use tephra_evmc::abi::{AddressBytes, Bytes32, FLAG_STATIC, HostContext};
use tephra_evmc::kind_number;

use super::context::{self, Context, address, leak, outcome, take_back, word};

#[repr(C)]
struct Message9 {
    kind: c_int,
    flags: u32,
    depth: i32,
    gas: i64,
    destination: AddressBytes,
    sender: AddressBytes,
    input_data: *const u8,
    input_size: usize,
    value: Bytes32,
    create2_salt: Bytes32,
}

#[repr(C)]
struct Result9 {
    status_code: c_int,
    gas_left: i64,
    output_data: *const u8,
    output_size: usize,
    release: Option<unsafe extern "C" fn(*const Result9)>,
    create_address: AddressBytes,
    padding: [u8; 4],
}

#[repr(C)]
struct TxContext9 {
    tx_gas_price: Bytes32,
    tx_origin: AddressBytes,
    block_coinbase: AddressBytes,
    block_number: i64,
    block_timestamp: i64,
    block_gas_limit: i64,
    block_difficulty: Bytes32,
    chain_id: Bytes32,
    block_base_fee: Bytes32,
}

type Handle = *mut HostContext;
type Account = *const AddressBytes;
type Word = *const Bytes32;

#[repr(C)]
struct Host9 {
    account_exists: unsafe extern "C" fn(Handle, Account) -> u8,
    get_storage: unsafe extern "C" fn(Handle, Account, Word) -> Bytes32,
    set_storage: unsafe extern "C" fn(Handle, Account, Word, Word) -> c_int,
    get_balance: unsafe extern "C" fn(Handle, Account) -> Bytes32,
    get_code_size: unsafe extern "C" fn(Handle, Account) -> usize,
    get_code_hash: unsafe extern "C" fn(Handle, Account) -> Bytes32,
    copy_code: unsafe extern "C" fn(Handle, Account, usize, *mut u8, usize) -> usize,
    selfdestruct: unsafe extern "C" fn(Handle, Account, Account),
    call: unsafe extern "C" fn(Handle, *const Message9) -> Result9,
    get_tx_context: unsafe extern "C" fn(Handle) -> TxContext9,
    get_block_hash: unsafe extern "C" fn(Handle, i64) -> Bytes32,
    emit_log: unsafe extern "C" fn(Handle, Account, *const u8, usize, Word, usize),
    access_account: unsafe extern "C" fn(Handle, Account) -> c_int,
    access_storage: unsafe extern "C" fn(Handle, Account, Word) -> c_int,
}

type Execute = unsafe extern "C" fn(
    *mut Vm9,
    *const Host9,
    Handle,
    c_int,
    *const Message9,
    *const u8,
    usize,
) -> Result9;

/// The machine, as far as it is used here.
#[repr(C)]
pub struct Vm9 {
    abi_version: c_int,
    name: usize,
    version: usize,
    destroy: usize,
    execute: Execute,
}

const _: () = {
    assert!(size_of::<Message9>() == 144);
    assert!(size_of::<TxContext9>() == 192);
    assert!(size_of::<Result9>() == 64);
    assert!(size_of::<Host9>() == 14 * 8);
};

static HOST: Host9 = Host9 {
    account_exists: context::account_exists,
    get_storage: context::get_storage,
    set_storage,
    get_balance: context::get_balance,
    get_code_size: context::get_code_size,
    get_code_hash: context::get_code_hash,
    copy_code: context::copy_code,
    selfdestruct,
    call,
    get_tx_context,
    get_block_hash: context::get_block_hash,
    emit_log: context::emit_log,
    access_account: context::access_account,
    access_storage: context::access_storage,
};

/// The number of a revision, if it has one.
pub fn revision(revision: Revision) -> Option<c_int> {
    match revision {
        Revision::Shanghai => Some(10),
        earlier if earlier <= Revision::London => Some(earlier as c_int),
        _ => None,
    }
}

/// Has the machine run a message.
pub fn execute(vm: *mut Vm9, context: &mut Context<'_>, message: &Message, code: &[u8]) -> Outcome {
    let input: &[u8] = if message.kind.is_create() { &[] } else { &message.input };
    let request = Message9 {
        kind: kind_number(message.kind),
        flags: if message.is_static { FLAG_STATIC } else { 0 },
        depth: message.depth as i32,
        gas: i64::try_from(message.gas).unwrap_or(i64::MAX),
        destination: (&message.recipient).into(),
        sender: (&message.sender).into(),
        input_data: if input.is_empty() { std::ptr::null() } else { input.as_ptr() },
        input_size: input.len(),
        value: message.value.into(),
        create2_salt: (&message.salt).into(),
    };
    let revision = revision(context.state.revision()).unwrap_or(-1);
    let outcome = unsafe {
        let execute = (*vm).execute;
        let result =
            execute(vm, &HOST, context.handle(), revision, &request, code.as_ptr(), code.len());
        let outcome =
            outcome(result.status_code, result.gas_left, 0, result.output_data, result.output_size);
        if let Some(release) = result.release {
            release(&result);
        }
        outcome
    };
    let gas_refund = if outcome.status == Status::Success { context.refund } else { 0 };
    Outcome { gas_refund, ..outcome }
}

/// What costs what the five statuses of this ABI cost. Where a write costs by what is there and
/// what comes, that alone counts.
unsafe extern "C" fn set_storage(context: Handle, at: Account, key: Word, value: Word) -> c_int {
    const UNCHANGED: c_int = 0;
    const MODIFIED: c_int = 1;
    const MODIFIED_AGAIN: c_int = 2;
    const ADDED: c_int = 3;
    const DELETED: c_int = 4;
    let context = unsafe { Context::of(context) };
    let status = unsafe { context.set_storage(&address(at), &word(key), &word(value)) };
    let costs = &context.schedule().storage;
    let is_net = costs.of(StorageStatus::Assigned).gas != costs.of(StorageStatus::Modified).gas;
    let number = match status {
        StorageStatus::Assigned => UNCHANGED,
        StorageStatus::Added => ADDED,
        StorageStatus::Deleted => DELETED,
        StorageStatus::Modified => MODIFIED,
        _ if is_net => MODIFIED_AGAIN,
        StorageStatus::DeletedAdded | StorageStatus::DeletedRestored => ADDED,
        StorageStatus::ModifiedDeleted | StorageStatus::AddedDeleted => DELETED,
        StorageStatus::ModifiedRestored => MODIFIED,
    };
    context.storage_status(number)
}

unsafe extern "C" fn selfdestruct(context: Handle, at: Account, beneficiary: Account) {
    unsafe { Context::of(context).self_destruct(&address(at), &address(beneficiary)) };
}

unsafe extern "C" fn get_tx_context(context: Handle) -> TxContext9 {
    let context = unsafe { Context::of(context) }.state.context();
    TxContext9 {
        tx_gas_price: context.gas_price.into(),
        tx_origin: (&context.origin).into(),
        block_coinbase: (&context.coinbase).into(),
        block_number: context.number as i64,
        block_timestamp: context.timestamp as i64,
        block_gas_limit: context.gas_limit as i64,
        block_difficulty: (&context.prev_randao).into(),
        chain_id: context.chain_id.into(),
        block_base_fee: context.base_fee.into(),
    }
}

unsafe extern "C" fn call(context: Handle, request: *const Message9) -> Result9 {
    let (context, request) = unsafe { (Context::of(context), &*request) };
    let kind = tephra_evmc::call_kind(request.kind).expect("the machine asks what the ABI knows");
    let input = if request.input_size == 0 {
        &[]
    } else {
        unsafe { std::slice::from_raw_parts(request.input_data, request.input_size) }
    };
    let this = context.message.recipient;
    let destination: Address = request.destination.into();
    let (sender, value): (Address, U256) = (request.sender.into(), request.value.into());
    let recipient = match kind {
        CallKind::Call | CallKind::Create | CallKind::Create2 => destination,
        CallKind::CallCode | CallKind::DelegateCall => this,
    };
    let (status_code, outcome) = context.call(Message {
        kind,
        is_static: request.flags & FLAG_STATIC != 0,
        depth: request.depth as u32,
        gas: request.gas.try_into().expect("gas is not negative"),
        recipient,
        code_address: destination,
        sender,
        input: input.into(),
        value,
        salt: request.create2_salt.into(),
    });
    let (output_data, output_size) = leak(outcome.output);
    Result9 {
        status_code,
        gas_left: outcome.gas_left as i64,
        output_data,
        output_size,
        release: Some(release),
        create_address: (&outcome.create_address.unwrap_or_default()).into(),
        padding: [0; 4],
    }
}

unsafe extern "C" fn release(result: *const Result9) {
    unsafe { take_back((*result).output_data, (*result).output_size) }
}
