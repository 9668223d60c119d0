//! The structures of EVMC ABI 12, as C lays them out on a 64-bit machine.
//!
//! What C has enumerations for are integers here: a number that a newer client knows and this
//! library does not is then a number like any other. For the same reason `bool` is a byte.
use std::ffi::{c_char, c_int, c_void};
use std::mem::{offset_of, size_of};

use alloy_primitives::{Address, B256, U256};
use tephra_core::ewasm::Status;

/// The version of the ABI.
pub const ABI_VERSION: c_int = 12;

/// `EVMC_CAPABILITY_EWASM`: the only one that is declared. A client that saw precompiles among them
/// would call the machine without a host.
pub const CAPABILITY_EWASM: u32 = 1 << 1;

/// `EVMC_STATIC`: no state may change.
pub const FLAG_STATIC: u32 = 1;
/// `EVMC_DELEGATED`: the code is there by delegation (EIP-7702).
pub const FLAG_DELEGATED: u32 = 2;

/// `EVMC_INTERNAL_ERROR`: the machine or its host could not do its part.
pub const INTERNAL_ERROR: c_int = Status::InternalError.evmc_number();
/// `EVMC_REJECTED`: not for this machine; a client may have another one.
pub const REJECTED: c_int = -2;
/// `EVMC_OUT_OF_MEMORY`.
pub const OUT_OF_MEMORY: c_int = -3;

/// `EVMC_SET_OPTION_SUCCESS`.
pub const SET_OPTION_SUCCESS: c_int = 0;
/// `EVMC_SET_OPTION_INVALID_NAME`.
pub const SET_OPTION_INVALID_NAME: c_int = 1;
/// `EVMC_SET_OPTION_INVALID_VALUE`.
pub const SET_OPTION_INVALID_VALUE: c_int = 2;

/// `EVMC_ACCESS_COLD`.
pub const ACCESS_COLD: c_int = 0;
/// `EVMC_ACCESS_WARM`.
pub const ACCESS_WARM: c_int = 1;

/// `evmc_address`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct AddressBytes {
    /// The bytes as they are.
    pub bytes: [u8; 20],
}

/// `evmc_bytes32` and `evmc_uint256be`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Bytes32 {
    /// The bytes as they are; of a number the most significant one first.
    pub bytes: [u8; 32],
}

impl From<&Address> for AddressBytes {
    fn from(address: &Address) -> Self {
        Self { bytes: address.0.0 }
    }
}

impl From<AddressBytes> for Address {
    fn from(address: AddressBytes) -> Self {
        address.bytes.into()
    }
}

impl From<&B256> for Bytes32 {
    fn from(word: &B256) -> Self {
        Self { bytes: word.0 }
    }
}

impl From<Bytes32> for B256 {
    fn from(word: Bytes32) -> Self {
        word.bytes.into()
    }
}

impl From<U256> for Bytes32 {
    fn from(number: U256) -> Self {
        Self { bytes: number.to_be_bytes() }
    }
}

impl From<Bytes32> for U256 {
    fn from(number: Bytes32) -> Self {
        Self::from_be_bytes(number.bytes)
    }
}

/// `evmc_message`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Message {
    /// `evmc_call_kind`.
    pub kind: c_int,
    /// `evmc_flags`.
    pub flags: u32,
    /// Messages around this one.
    pub depth: i32,
    /// Gas that it may use.
    pub gas: i64,
    /// The account whose storage and balance are used.
    pub recipient: AddressBytes,
    /// Who sent it.
    pub sender: AddressBytes,
    /// Call data; for a create that goes to the host the init code. May be null when there is none.
    pub input_data: *const u8,
    /// Bytes of it.
    pub input_size: usize,
    /// Wei.
    pub value: Bytes32,
    /// For CREATE2.
    pub create2_salt: Bytes32,
    /// The account whose code runs.
    pub code_address: AddressBytes,
    /// Code of EOFCREATE; else null.
    pub code: *const u8,
    /// Bytes of it.
    pub code_size: usize,
}

/// `evmc_tx_initcode`, of which the machine has no use.
#[repr(C)]
pub struct TxInitcode {
    _hash: Bytes32,
    _code: *const u8,
    _code_size: usize,
}

/// `evmc_tx_context`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct TxContext {
    /// Wei per gas.
    pub tx_gas_price: Bytes32,
    /// Who signed the transaction.
    pub tx_origin: AddressBytes,
    /// The block's beneficiary.
    pub block_coinbase: AddressBytes,
    /// The block's number.
    pub block_number: i64,
    /// Seconds since 1970.
    pub block_timestamp: i64,
    /// Gas limit of the block.
    pub block_gas_limit: i64,
    /// Randomness; before Paris the difficulty.
    pub block_prev_randao: Bytes32,
    /// EIP-155.
    pub chain_id: Bytes32,
    /// Wei per gas (EIP-3198).
    pub block_base_fee: Bytes32,
    /// Wei per blob gas (EIP-7516).
    pub blob_base_fee: Bytes32,
    /// EIP-4844. May be null when there are none.
    pub blob_hashes: *const Bytes32,
    /// How many.
    pub blob_hashes_count: usize,
    /// EIP-7873. May be null when there are none.
    pub initcodes: *const TxInitcode,
    /// How many.
    pub initcodes_count: usize,
}

/// `evmc_release_result_fn`.
pub type ReleaseFn = unsafe extern "C" fn(*const ExecutionResult);

/// `evmc_result`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct ExecutionResult {
    /// `evmc_status_code`.
    pub status_code: c_int,
    /// Gas that is left; zero unless success or revert.
    pub gas_left: i64,
    /// Change of the refund counter; zero unless success.
    pub gas_refund: i64,
    /// Null exactly when there is no output.
    pub output_data: *const u8,
    /// Bytes of it.
    pub output_size: usize,
    /// Frees the output; null when there is nothing to free.
    pub release: Option<ReleaseFn>,
    /// The new account of a create, from a host.
    pub create_address: AddressBytes,
    /// Unused.
    pub padding: [u8; 4],
}

/// `evmc_host_context`: the client's own.
pub type HostContext = c_void;

/// A function of the host that reads a word of an account.
pub type WordFn = unsafe extern "C" fn(*mut HostContext, *const AddressBytes) -> Bytes32;
/// A function of the host that reads a slot of an account.
pub type SlotFn =
    unsafe extern "C" fn(*mut HostContext, *const AddressBytes, *const Bytes32) -> Bytes32;

/// `evmc_host_interface`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
#[expect(missing_docs, reason = "the names are EVMC's, and so are their meanings")]
pub struct HostInterface {
    pub account_exists: Option<unsafe extern "C" fn(*mut HostContext, *const AddressBytes) -> u8>,
    pub get_storage: Option<SlotFn>,
    pub set_storage: Option<
        unsafe extern "C" fn(
            *mut HostContext,
            *const AddressBytes,
            *const Bytes32,
            *const Bytes32,
        ) -> c_int,
    >,
    pub get_balance: Option<WordFn>,
    pub get_code_size: Option<unsafe extern "C" fn(*mut HostContext, *const AddressBytes) -> usize>,
    pub get_code_hash: Option<WordFn>,
    pub copy_code: Option<
        unsafe extern "C" fn(*mut HostContext, *const AddressBytes, usize, *mut u8, usize) -> usize,
    >,
    pub selfdestruct: Option<
        unsafe extern "C" fn(*mut HostContext, *const AddressBytes, *const AddressBytes) -> u8,
    >,
    pub call: Option<unsafe extern "C" fn(*mut HostContext, *const Message) -> ExecutionResult>,
    pub get_tx_context: Option<unsafe extern "C" fn(*mut HostContext) -> TxContext>,
    pub get_block_hash: Option<unsafe extern "C" fn(*mut HostContext, i64) -> Bytes32>,
    pub emit_log: Option<
        unsafe extern "C" fn(
            *mut HostContext,
            *const AddressBytes,
            *const u8,
            usize,
            *const Bytes32,
            usize,
        ),
    >,
    pub access_account:
        Option<unsafe extern "C" fn(*mut HostContext, *const AddressBytes) -> c_int>,
    pub access_storage: Option<
        unsafe extern "C" fn(*mut HostContext, *const AddressBytes, *const Bytes32) -> c_int,
    >,
    pub get_transient_storage: Option<SlotFn>,
    pub set_transient_storage: Option<
        unsafe extern "C" fn(*mut HostContext, *const AddressBytes, *const Bytes32, *const Bytes32),
    >,
}

/// `evmc_execute_fn`.
pub type ExecuteFn = unsafe extern "C" fn(
    *mut Vm,
    *const HostInterface,
    *mut HostContext,
    c_int,
    *const Message,
    *const u8,
    usize,
) -> ExecutionResult;

/// `evmc_vm`.
#[derive(Debug)]
#[repr(C)]
pub struct Vm {
    /// Version of the ABI.
    pub abi_version: c_int,
    /// Name of the machine.
    pub name: *const c_char,
    /// Version of the machine.
    pub version: *const c_char,
    /// Frees the machine.
    pub destroy: Option<unsafe extern "C" fn(*mut Vm)>,
    /// Runs a message.
    pub execute: Option<ExecuteFn>,
    /// What the machine can do.
    pub get_capabilities: Option<unsafe extern "C" fn(*mut Vm) -> u32>,
    /// Sets an option; the value may be null.
    pub set_option: Option<unsafe extern "C" fn(*mut Vm, *const c_char, *const c_char) -> c_int>,
}

#[cfg(target_pointer_width = "64")]
const _: () = {
    assert!(size_of::<AddressBytes>() == 20 && size_of::<Bytes32>() == 32);

    assert!(size_of::<Message>() == 184);
    assert!(offset_of!(Message, gas) == 16);
    assert!(offset_of!(Message, recipient) == 24);
    assert!(offset_of!(Message, sender) == 44);
    assert!(offset_of!(Message, input_data) == 64);
    assert!(offset_of!(Message, value) == 80);
    assert!(offset_of!(Message, create2_salt) == 112);
    assert!(offset_of!(Message, code_address) == 144);
    assert!(offset_of!(Message, code) == 168);

    assert!(size_of::<TxContext>() == 256);
    assert!(offset_of!(TxContext, block_number) == 72);
    assert!(offset_of!(TxContext, block_prev_randao) == 96);
    assert!(offset_of!(TxContext, blob_hashes) == 224);

    assert!(size_of::<ExecutionResult>() == 72);
    assert!(offset_of!(ExecutionResult, gas_left) == 8);
    assert!(offset_of!(ExecutionResult, gas_refund) == 16);
    assert!(offset_of!(ExecutionResult, output_data) == 24);
    assert!(offset_of!(ExecutionResult, release) == 40);
    assert!(offset_of!(ExecutionResult, create_address) == 48);

    assert!(size_of::<HostInterface>() == 16 * 8);
    assert!(size_of::<Vm>() == 56);
    assert!(offset_of!(Vm, name) == 8);
    assert!(offset_of!(Vm, set_option) == 48);
};
