//! Structures of EVMC ABI 9 in which the registry's crate has enumerations of Rust and `bool`:
//! those must not have other values than they know, and a client may give any. Here they are
//! integers, as in the library for ABI 12.
use std::ffi::c_int;
use std::mem::{offset_of, size_of};

use evmc_vm::ffi;

/// The client's own.
pub type Handle = *mut ffi::evmc_host_context;
type Account = *const ffi::evmc_address;
type Word = *const ffi::evmc_bytes32;

/// `evmc_host_interface`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct HostInterface {
    pub account_exists: Option<unsafe extern "C" fn(Handle, Account) -> u8>,
    pub get_storage: Option<unsafe extern "C" fn(Handle, Account, Word) -> ffi::evmc_bytes32>,
    pub set_storage: Option<unsafe extern "C" fn(Handle, Account, Word, Word) -> c_int>,
    pub get_balance: Option<unsafe extern "C" fn(Handle, Account) -> ffi::evmc_bytes32>,
    pub get_code_size: Option<unsafe extern "C" fn(Handle, Account) -> usize>,
    pub get_code_hash: Option<unsafe extern "C" fn(Handle, Account) -> ffi::evmc_bytes32>,
    pub copy_code: Option<unsafe extern "C" fn(Handle, Account, usize, *mut u8, usize) -> usize>,
    pub selfdestruct: Option<unsafe extern "C" fn(Handle, Account, Account)>,
    pub call: Option<unsafe extern "C" fn(Handle, *const ffi::evmc_message) -> ExecutionResult>,
    pub get_tx_context: Option<unsafe extern "C" fn(Handle) -> ffi::evmc_tx_context>,
    pub get_block_hash: Option<unsafe extern "C" fn(Handle, i64) -> ffi::evmc_bytes32>,
    pub emit_log: Option<unsafe extern "C" fn(Handle, Account, *const u8, usize, Word, usize)>,
    pub access_account: Option<unsafe extern "C" fn(Handle, Account) -> c_int>,
    pub access_storage: Option<unsafe extern "C" fn(Handle, Account, Word) -> c_int>,
}

/// `evmc_release_result_fn`.
pub type ReleaseFn = unsafe extern "C" fn(*const ExecutionResult);

/// `evmc_result`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct ExecutionResult {
    pub status_code: c_int,
    pub gas_left: i64,
    pub output_data: *const u8,
    pub output_size: usize,
    pub release: Option<ReleaseFn>,
    pub create_address: ffi::evmc_address,
    pub padding: [u8; 4],
}

/// `EVMC_STORAGE_UNCHANGED` and the others of `evmc_storage_status`.
pub const STORAGE_UNCHANGED: c_int = 0;
pub const STORAGE_MODIFIED: c_int = 1;
pub const STORAGE_MODIFIED_AGAIN: c_int = 2;
pub const STORAGE_ADDED: c_int = 3;
pub const STORAGE_DELETED: c_int = 4;

/// The crate's definitions come from the header of the ABI.
const _: () = {
    assert!(ffi::EVMC_ABI_VERSION as c_int == 9);
    assert!(size_of::<HostInterface>() == size_of::<ffi::evmc_host_interface>());
    assert!(offset_of!(HostInterface, call) == offset_of!(ffi::evmc_host_interface, call));
    assert!(
        offset_of!(HostInterface, access_storage)
            == offset_of!(ffi::evmc_host_interface, access_storage)
    );
    assert!(size_of::<ExecutionResult>() == size_of::<ffi::evmc_result>());
    assert!(offset_of!(ExecutionResult, gas_left) == offset_of!(ffi::evmc_result, gas_left));
    assert!(offset_of!(ExecutionResult, output_size) == offset_of!(ffi::evmc_result, output_size));
    assert!(
        offset_of!(ExecutionResult, create_address) == offset_of!(ffi::evmc_result, create_address)
    );
    assert!(offset_of!(ffi::evmc_message, kind) == 0 && offset_of!(ffi::evmc_message, flags) == 4);
    assert!(
        ffi::evmc_storage_status::EVMC_STORAGE_MODIFIED_AGAIN as c_int == STORAGE_MODIFIED_AGAIN
    );
    assert!(ffi::evmc_storage_status::EVMC_STORAGE_DELETED as c_int == STORAGE_DELETED);
};
