//! What C calls.
//!
//! The functions that `evmc-declare` makes take a revision and kinds as enumerations of Rust, which must not have other values than those they know, end the process on a null
//! pointer, hold a machine that many threads use as if it were theirs alone, and know no options. So the ones here stand before them.
use std::ffi::{c_char, c_int, c_uint, CStr};
use std::mem::transmute;
use std::ptr;

use evmc_vm::ffi;
use evmc_vm::{EvmcContainer, EvmcVm, ExecutionContext, ExecutionMessage};
use tephra_evmc::{abi, guarded, is_there, OptionError, Reply};

use crate::machine::{self, TephraDeclared};

/// `evmc_execute_fn` with an integer in place of the enumeration.
type Execute = unsafe extern "C" fn(
    *mut ffi::evmc_vm,
    *const ffi::evmc_host_interface,
    *mut ffi::evmc_host_context,
    c_uint,
    *const ffi::evmc_message,
    *const u8,
    usize,
) -> ffi::evmc_result;

/// The same with the enumeration.
type DeclaredExecute = unsafe extern "C" fn(
    *mut ffi::evmc_vm,
    *const ffi::evmc_host_interface,
    *mut ffi::evmc_host_context,
    ffi::evmc_revision,
    *const ffi::evmc_message,
    *const u8,
    usize,
) -> ffi::evmc_result;

/// `evmc_set_option_fn` with an integer in place of the enumeration.
type SetOption = unsafe extern "C" fn(*mut ffi::evmc_vm, *const c_char, *const c_char) -> c_uint;

/// The same with the enumeration.
type DeclaredSetOption =
    unsafe extern "C" fn(*mut ffi::evmc_vm, *const c_char, *const c_char) -> ffi::evmc_set_option_result;

/// A new virtual machine, which the client destroys through the machine's own `destroy`; null when it cannot be made.
#[no_mangle]
pub extern "C" fn evmc_create_tephra_abi9() -> *mut ffi::evmc_vm {
    guarded(create, ptr::null_mut)
}

/// The same, for a library file of another name.
#[no_mangle]
pub extern "C" fn evmc_create() -> *mut ffi::evmc_vm {
    guarded(create, ptr::null_mut)
}

fn create() -> *mut ffi::evmc_vm {
    let vm = machine::create();
    // SAFETY: the machine is new, and nobody else has it. The functions differ from their types in an argument or result that C passes as the same integer.
    unsafe {
        (*vm).destroy = Some(destroy);
        (*vm).execute = Some(transmute::<Execute, DeclaredExecute>(execute));
        (*vm).set_option = Some(transmute::<SetOption, DeclaredSetOption>(set_option));
    }
    vm
}

/// # Safety
/// `vm` is null or what [`create`] gave, and is used no more.
unsafe extern "C" fn destroy(vm: *mut ffi::evmc_vm) {
    if !vm.is_null() {
        // SAFETY: as demanded.
        guarded(|| drop(unsafe { EvmcContainer::<TephraDeclared>::from_ffi_pointer(vm) }), || ());
    }
}

/// # Safety
/// `vm` is null or what [`create`] gave.
unsafe fn container<'a>(vm: *mut ffi::evmc_vm) -> Option<&'a EvmcContainer<TephraDeclared>> {
    // SAFETY: it points to a container, which is only ever shared until it is destroyed.
    unsafe { vm.cast::<EvmcContainer<TephraDeclared>>().as_ref() }
}

/// # Safety
/// `vm` is what [`create`] gave. The other pointers are null, or by the ABI to values that stay as they are until this returns.
unsafe extern "C" fn execute(
    vm: *mut ffi::evmc_vm,
    host: *const ffi::evmc_host_interface,
    context: *mut ffi::evmc_host_context,
    revision: c_uint,
    message: *const ffi::evmc_message,
    code: *const u8,
    code_size: usize,
) -> ffi::evmc_result {
    let run = || {
        // SAFETY: as demanded.
        let (container, host) = unsafe { (container(vm), host.as_ref()) };
        let is_null = message.is_null() || (code.is_null() && code_size != 0);
        let Some(container) = container.filter(|_| !is_null) else {
            return Reply::of_status(abi::INTERNAL_ERROR).into_ffi();
        };
        // SAFETY: by the ABI the message begins with these two numbers; as such they are read before they are read as enumerations.
        let (kind, flags) = unsafe { (message.cast::<c_uint>().read(), message.cast::<c_uint>().add(1).read()) };
        let Some(revision) = known_revision(revision).filter(|_| kind <= LAST_KIND && flags & !abi::FLAG_STATIC == 0)
        else {
            return Reply::of_status(abi::REJECTED).into_ffi();
        };
        // SAFETY: it is not null, and its kind is one that the enumeration has.
        let message = unsafe { &*message };
        // It is copied twice.
        if !is_there(message.input_size.saturating_mul(2)) {
            return Reply::of_status(abi::OUT_OF_MEMORY).into_ffi();
        }
        let message = ExecutionMessage::from(message);
        // SAFETY: by the ABI there are as many bytes of code.
        let code = if code_size == 0 { &[] } else { unsafe { std::slice::from_raw_parts(code, code_size) } };
        let mut context = host.map(|host| ExecutionContext::new(host, context));
        container.execute(revision, code, &message, context.as_mut()).into()
    };
    guarded(run, || Reply::of_status(abi::INTERNAL_ERROR).into_ffi())
}

/// CREATE2.
const LAST_KIND: c_uint = 4;

fn known_revision(number: c_uint) -> Option<ffi::evmc_revision> {
    use ffi::evmc_revision::*;
    let known =
        [EVMC_BYZANTIUM, EVMC_CONSTANTINOPLE, EVMC_PETERSBURG, EVMC_ISTANBUL, EVMC_BERLIN, EVMC_LONDON, EVMC_SHANGHAI];
    known.into_iter().find(|revision| *revision as c_uint == number)
}

trait IntoFfi {
    fn into_ffi(self) -> ffi::evmc_result;
}

impl IntoFfi for Reply {
    fn into_ffi(self) -> ffi::evmc_result {
        machine::result(&self).into()
    }
}

/// # Safety
/// `vm` is what [`create`] gave; the strings are null or end with a zero byte.
unsafe extern "C" fn set_option(vm: *mut ffi::evmc_vm, name: *const c_char, value: *const c_char) -> c_uint {
    let set = || -> c_int {
        // SAFETY: as demanded.
        let (container, name, value) = unsafe { (container(vm), text(name), text(value)) };
        let (Some(container), Some(Ok(name))) = (container, name.map(CStr::to_str)) else {
            return abi::SET_OPTION_INVALID_NAME;
        };
        let value = value.and_then(|value| value.to_str().ok());
        match container.machine.set_option(name, value) {
            Ok(()) => abi::SET_OPTION_SUCCESS,
            Err(OptionError::InvalidName) => abi::SET_OPTION_INVALID_NAME,
            Err(OptionError::InvalidValue) => abi::SET_OPTION_INVALID_VALUE,
        }
    };
    guarded(set, || abi::SET_OPTION_INVALID_VALUE) as c_uint
}

/// # Safety
/// The pointer is null, or to a text that ends with a zero byte.
unsafe fn text<'a>(pointer: *const c_char) -> Option<&'a CStr> {
    // SAFETY: as demanded.
    (!pointer.is_null()).then(|| unsafe { CStr::from_ptr(pointer) })
}
