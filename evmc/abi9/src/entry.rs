//! What C calls.
use std::ffi::{CStr, c_char, c_int, c_uint};
use std::mem::transmute;
use std::ptr;

use alloy_primitives::{Address, B256, U256};
use evmc_vm::ffi;
use tephra_core::ewasm::Message;
use tephra_core::revision::Revision;
use tephra_evmc::abi::{
    CAPABILITY_EWASM, FLAG_STATIC, INTERNAL_ERROR, OUT_OF_MEMORY, REJECTED,
    SET_OPTION_INVALID_NAME, SET_OPTION_INVALID_VALUE, SET_OPTION_SUCCESS,
};
use tephra_evmc::{EvmcVm, OptionError, Reply, Request, array, guarded, is_there, leak, take_back};

use crate::abi::{ExecutionResult, Handle, HostInterface};
use crate::host::AbiHost;

/// What a pointer to the machine points to: what the client sees, and behind it what only the
/// machine sees.
#[repr(C)]
struct Instance {
    vm: ffi::evmc_vm,
    machine: EvmcVm,
}

/// Both end with the zero byte of C.
const NAME: &str = "tephra\0";
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");

/// `evmc_execute_fn` with integers in place of the enumerations.
type Execute = unsafe extern "C" fn(
    *mut ffi::evmc_vm,
    *const ffi::evmc_host_interface,
    Handle,
    c_uint,
    *const ffi::evmc_message,
    *const u8,
    usize,
) -> ExecutionResult;

/// The same with the enumerations.
type DeclaredExecute = unsafe extern "C" fn(
    *mut ffi::evmc_vm,
    *const ffi::evmc_host_interface,
    Handle,
    ffi::evmc_revision,
    *const ffi::evmc_message,
    *const u8,
    usize,
) -> ffi::evmc_result;

/// `evmc_set_option_fn` with an integer in place of the enumeration.
type SetOption = unsafe extern "C" fn(*mut ffi::evmc_vm, *const c_char, *const c_char) -> c_uint;

/// The same with the enumeration.
type DeclaredSetOption = unsafe extern "C" fn(
    *mut ffi::evmc_vm,
    *const c_char,
    *const c_char,
) -> ffi::evmc_set_option_result;

/// A new virtual machine, which the client destroys through the machine's own `destroy`; null when
/// it cannot be made.
#[unsafe(no_mangle)]
pub extern "C" fn evmc_create_tephra_abi9() -> *mut ffi::evmc_vm {
    guarded(create, ptr::null_mut)
}

/// The same, for a library file of another name.
#[unsafe(no_mangle)]
pub extern "C" fn evmc_create() -> *mut ffi::evmc_vm {
    guarded(create, ptr::null_mut)
}

fn create() -> *mut ffi::evmc_vm {
    // SAFETY: the functions differ from their types in integers that C passes in the same way, and
    // in the name of a structure.
    let (execute, set_option) = unsafe {
        (
            transmute::<Execute, DeclaredExecute>(execute),
            transmute::<SetOption, DeclaredSetOption>(set_option),
        )
    };
    let vm = ffi::evmc_vm {
        abi_version: ffi::EVMC_ABI_VERSION as c_int,
        name: NAME.as_ptr().cast(),
        version: VERSION.as_ptr().cast(),
        destroy: Some(destroy),
        execute: Some(execute),
        get_capabilities: Some(get_capabilities),
        set_option: Some(set_option),
    };
    Box::into_raw(Box::new(Instance { vm, machine: EvmcVm::new() })).cast()
}

/// # Safety
/// `vm` is null or what [`create`] gave, and is used no more.
unsafe extern "C" fn destroy(vm: *mut ffi::evmc_vm) {
    if !vm.is_null() {
        // SAFETY: it came from `Box::into_raw` with this type.
        guarded(|| drop(unsafe { Box::from_raw(vm.cast::<Instance>()) }), || ());
    }
}

unsafe extern "C" fn get_capabilities(_vm: *mut ffi::evmc_vm) -> u32 {
    CAPABILITY_EWASM
}

/// # Safety
/// `vm` is null or what [`create`] gave.
unsafe fn machine<'a>(vm: *mut ffi::evmc_vm) -> Option<&'a EvmcVm> {
    // SAFETY: it points to an instance, which is only ever shared until it is destroyed.
    unsafe { vm.cast::<Instance>().as_ref() }.map(|instance| &instance.machine)
}

/// # Safety
/// `vm` is what [`create`] gave. The other pointers are null, or by the ABI to values that stay as
/// they are until this returns.
unsafe extern "C" fn execute(
    vm: *mut ffi::evmc_vm,
    host: *const ffi::evmc_host_interface,
    context: Handle,
    revision: c_uint,
    message: *const ffi::evmc_message,
    code: *const u8,
    code_size: usize,
) -> ExecutionResult {
    let run = || {
        // SAFETY: as demanded; the functions are read as those that give integers.
        let (machine, interface) = unsafe { (machine(vm), host.cast::<HostInterface>().as_ref()) };
        let Some(machine) = machine.filter(|_| !message.is_null()) else {
            return Reply::of_status(INTERNAL_ERROR);
        };
        // SAFETY: by the ABI the message begins with these two numbers; as such they are read
        // before they are read as enumerations.
        let (kind, flags) =
            unsafe { (message.cast::<c_uint>().read(), message.cast::<c_uint>().add(1).read()) };
        if kind > LAST_KIND || flags & !FLAG_STATIC != 0 {
            return Reply::of_status(REJECTED);
        }
        // SAFETY: it is not null, and its kind is one that the enumeration has.
        let message = unsafe { &*message };
        // SAFETY: by the ABI there are as many bytes of code and input.
        let (code, input) =
            unsafe { (array(code, code_size), array(message.input_data, message.input_size)) };
        let (Some(code), Some(input)) = (code, input) else {
            return Reply::of_status(INTERNAL_ERROR);
        };
        if !is_there(input.len()) {
            return Reply::of_status(OUT_OF_MEMORY);
        }
        let Some(request) = request(revision, message, code, input) else {
            return Reply::of_status(REJECTED);
        };
        // SAFETY: the host's functions may be called with its context until this returns.
        let mut host = unsafe { AbiHost::new(interface, context) };
        machine.execute(request, &mut host)
    };
    result(guarded(run, || Reply::of_status(INTERNAL_ERROR)))
}

/// CREATE2.
const LAST_KIND: c_uint = 4;

/// What the host asks; none when there is something in it that the engine does not know. In this
/// ABI the destination is this account, whatever the kind.
fn request<'a>(
    revision: c_uint,
    message: &ffi::evmc_message,
    code: &'a [u8],
    input: &[u8],
) -> Option<Request<'a>> {
    let kind = tephra_evmc::call_kind(message.kind as c_int)?;
    let destination = Address::from(message.destination.bytes);
    let message = Message {
        kind,
        is_static: message.flags & FLAG_STATIC != 0,
        depth: u32::try_from(message.depth).ok()?,
        gas: u64::try_from(message.gas).ok()?,
        recipient: destination,
        code_address: destination,
        sender: message.sender.bytes.into(),
        input: if kind.is_create() { Default::default() } else { input.into() },
        value: U256::from_be_bytes(message.value.bytes),
        salt: B256::from(message.create2_salt.bytes),
    };
    Some(Request { revision: known_revision(revision)?, message, code })
}

/// Paris changed nothing in this ABI, and has no number.
fn known_revision(number: c_uint) -> Option<Revision> {
    const LONDON: c_uint = ffi::evmc_revision::EVMC_LONDON as c_uint;
    const SHANGHAI: c_uint = ffi::evmc_revision::EVMC_SHANGHAI as c_uint;
    match number {
        SHANGHAI => Some(Revision::Shanghai),
        ..=LONDON => tephra_evmc::revision(number as c_int),
        _ => None,
    }
}

/// The reply; the ABI has no place for refunds, which are the host's affair.
fn result(reply: Reply) -> ExecutionResult {
    let (output_data, output_size) = leak(reply.output);
    ExecutionResult {
        status_code: reply.status,
        gas_left: reply.gas_left,
        output_data,
        output_size,
        release: if output_data.is_null() { None } else { Some(release) },
        create_address: ffi::evmc_address { bytes: [0; 20] },
        padding: [0; 4],
    }
}

/// # Safety
/// `result` is null, or to a result of [`execute`] that was not released before.
unsafe extern "C" fn release(result: *const ExecutionResult) {
    // SAFETY: as demanded.
    if let Some(result) = unsafe { result.as_ref() } {
        // SAFETY: the output came from `leak`.
        unsafe { take_back(result.output_data, result.output_size) };
    }
}

/// # Safety
/// `vm` is what [`create`] gave; the strings are null or end with a zero byte.
unsafe extern "C" fn set_option(
    vm: *mut ffi::evmc_vm,
    name: *const c_char,
    value: *const c_char,
) -> c_uint {
    let set = || -> c_int {
        // SAFETY: as demanded.
        let (machine, name, value) = unsafe { (machine(vm), text(name), text(value)) };
        let (Some(machine), Some(Ok(name))) = (machine, name.map(CStr::to_str)) else {
            return SET_OPTION_INVALID_NAME;
        };
        let value = value.and_then(|value| value.to_str().ok());
        match machine.set_option(name, value) {
            Ok(()) => SET_OPTION_SUCCESS,
            Err(OptionError::InvalidName) => SET_OPTION_INVALID_NAME,
            Err(OptionError::InvalidValue) => SET_OPTION_INVALID_VALUE,
        }
    };
    guarded(set, || SET_OPTION_INVALID_VALUE) as c_uint
}

/// # Safety
/// The pointer is null, or to a text that ends with a zero byte.
unsafe fn text<'a>(pointer: *const c_char) -> Option<&'a CStr> {
    // SAFETY: as demanded.
    (!pointer.is_null()).then(|| unsafe { CStr::from_ptr(pointer) })
}
