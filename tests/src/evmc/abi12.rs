//! The client of ABI 12.
#![expect(
    clippy::undocumented_unsafe_blocks,
    reason = "the functions are called by machines as the ABI demands"
)]
use std::ffi::c_int;
use std::ptr;

use tephra_core::ewasm::{CallKind, Host, Message, Outcome, StorageStatus};
use tephra_evmc::abi::{
    self, AddressBytes, Bytes32, ExecutionResult, FLAG_STATIC, HostContext, HostInterface,
    TxContext, Vm,
};
use tephra_evmc::kind_number;

use super::context::{self, Context, address, leak, outcome, take_back, word};

static HOST: HostInterface = HostInterface {
    account_exists: Some(context::account_exists),
    get_storage: Some(context::get_storage),
    set_storage: Some(set_storage),
    get_balance: Some(context::get_balance),
    get_code_size: Some(context::get_code_size),
    get_code_hash: Some(context::get_code_hash),
    copy_code: Some(context::copy_code),
    selfdestruct: Some(selfdestruct),
    call: Some(call),
    get_tx_context: Some(get_tx_context),
    get_block_hash: Some(context::get_block_hash),
    emit_log: Some(context::emit_log),
    access_account: Some(context::access_account),
    access_storage: Some(context::access_storage),
    get_transient_storage: Some(get_transient_storage),
    set_transient_storage: Some(set_transient_storage),
};

/// Has the machine run a message.
pub fn execute(vm: *mut Vm, context: &mut Context<'_>, message: &Message, code: &[u8]) -> Outcome {
    let is_create = message.kind.is_create();
    let input: &[u8] = if is_create { &[] } else { &message.input };
    let request = abi::Message {
        kind: kind_number(message.kind),
        flags: if message.is_static { FLAG_STATIC } else { 0 },
        depth: message.depth as i32,
        gas: i64::try_from(message.gas).unwrap_or(i64::MAX),
        recipient: (&message.recipient).into(),
        sender: (&message.sender).into(),
        input_data: input.as_ptr(),
        input_size: input.len(),
        value: message.value.into(),
        create2_salt: (&message.salt).into(),
        code_address: (&message.code_address).into(),
        code: ptr::null(),
        code_size: 0,
    };
    let revision = context.state.revision() as c_int;
    unsafe {
        let execute = (*vm).execute.expect("a machine executes");
        let result =
            execute(vm, &HOST, context.handle(), revision, &request, code.as_ptr(), code.len());
        assert_eq!(
            result.create_address,
            AddressBytes::default(),
            "addresses are the client's affair"
        );
        let outcome = outcome(
            result.status_code,
            result.gas_left,
            result.gas_refund,
            result.output_data,
            result.output_size,
        );
        if let Some(release) = result.release {
            release(&result);
        }
        outcome
    }
}

unsafe extern "C" fn set_storage(
    context: *mut HostContext,
    at: *const AddressBytes,
    key: *const Bytes32,
    value: *const Bytes32,
) -> c_int {
    let context = unsafe { Context::of(context) };
    let status: StorageStatus =
        unsafe { context.set_storage(&address(at), &word(key), &word(value)) };
    context.storage_status(status as c_int)
}

unsafe extern "C" fn selfdestruct(
    context: *mut HostContext,
    at: *const AddressBytes,
    beneficiary: *const AddressBytes,
) -> u8 {
    unsafe { Context::of(context).self_destruct(&address(at), &address(beneficiary)).into() }
}

unsafe extern "C" fn get_transient_storage(
    context: *mut HostContext,
    at: *const AddressBytes,
    key: *const Bytes32,
) -> Bytes32 {
    unsafe { (&Context::of(context).state.transient_storage(&address(at), &word(key))).into() }
}

unsafe extern "C" fn set_transient_storage(
    context: *mut HostContext,
    at: *const AddressBytes,
    key: *const Bytes32,
    value: *const Bytes32,
) {
    unsafe {
        Context::of(context).state.set_transient_storage(&address(at), &word(key), &word(value))
    }
}

unsafe extern "C" fn get_tx_context(context: *mut HostContext) -> TxContext {
    let context = unsafe { Context::of(context) }.state.context();
    TxContext {
        tx_gas_price: context.gas_price.into(),
        tx_origin: (&context.origin).into(),
        block_coinbase: (&context.coinbase).into(),
        block_number: context.number as i64,
        block_timestamp: context.timestamp as i64,
        block_gas_limit: context.gas_limit as i64,
        block_prev_randao: (&context.prev_randao).into(),
        chain_id: context.chain_id.into(),
        block_base_fee: context.base_fee.into(),
        blob_base_fee: context.blob_base_fee.into(),
        // Words of 32 bytes, whatever they are called.
        blob_hashes: context.blob_hashes.as_ptr().cast(),
        blob_hashes_count: context.blob_hashes.len(),
        initcodes: ptr::null(),
        initcodes_count: 0,
    }
}

unsafe extern "C" fn call(
    context: *mut HostContext,
    request: *const abi::Message,
) -> ExecutionResult {
    let (context, request) = unsafe { (Context::of(context), &*request) };
    assert_eq!((request.code.is_null(), request.code_size), (true, 0));
    let kind = tephra_evmc::call_kind(request.kind).expect("the machine asks what the ABI knows");
    assert_eq!(request.flags & !FLAG_STATIC, 0);
    let input = if request.input_size == 0 {
        &[]
    } else {
        unsafe { std::slice::from_raw_parts(request.input_data, request.input_size) }
    };
    if kind == CallKind::Call {
        assert_eq!(request.recipient, request.code_address);
    }
    let (status_code, outcome) = context.call(Message {
        kind,
        is_static: request.flags & FLAG_STATIC != 0,
        depth: request.depth as u32,
        gas: request.gas.try_into().expect("gas is not negative"),
        recipient: request.recipient.into(),
        code_address: request.code_address.into(),
        sender: request.sender.into(),
        input: input.into(),
        value: request.value.into(),
        salt: request.create2_salt.into(),
    });
    let (output_data, output_size) = leak(outcome.output);
    ExecutionResult {
        status_code,
        gas_left: outcome.gas_left as i64,
        gas_refund: outcome.gas_refund,
        output_data,
        output_size,
        release: Some(release),
        create_address: (&outcome.create_address.unwrap_or_default()).into(),
        padding: [0; 4],
    }
}

unsafe extern "C" fn release(result: *const ExecutionResult) {
    unsafe { take_back((*result).output_data, (*result).output_size) }
}
