//! The machine behind the C structures of ABI 12. Whatever C calls is in this file.
use std::ffi::{CStr, c_char, c_int};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::sync::Arc;

use tephra_core::ewasm::Message;

use crate::abi::{self, AddressBytes, ExecutionResult, HostContext, HostInterface, Vm};
use crate::host::AbiHost;
use crate::memory::{array, is_there, leak, take_back};
use crate::options::OptionError;
use crate::tables;
use crate::vm::{EvmcVm, Reply, Request};

/// What a pointer to the machine points to: what the client sees, and behind it what only the
/// machine sees.
#[repr(C)]
struct Instance {
    vm: Vm,
    machine: EvmcVm,
}

/// Both end with the zero byte of C.
const NAME: &str = "tephra\0";
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");

/// Does something that a panic does not leave: the unwinding of Rust must not reach the frames of
/// C.
pub fn guarded<T>(work: impl FnOnce() -> T, otherwise: impl FnOnce() -> T) -> T {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(value) => value,
        Err(payload) => {
            // Dropping it could panic again.
            std::mem::forget(payload);
            otherwise()
        }
    }
}

/// A new machine; null when it cannot be made. The client frees it through its `destroy`.
pub fn create() -> *mut Vm {
    guarded(
        || {
            let vm = Vm {
                abi_version: abi::ABI_VERSION,
                name: NAME.as_ptr().cast(),
                version: VERSION.as_ptr().cast(),
                destroy: Some(destroy),
                execute: Some(execute),
                get_capabilities: Some(get_capabilities),
                set_option: Some(set_option),
            };
            Box::into_raw(Box::new(Instance { vm, machine: EvmcVm::new() })).cast()
        },
        ptr::null_mut,
    )
}

/// # Safety
/// `vm` is null or what [`create`] gave, and is used no more.
unsafe extern "C" fn destroy(vm: *mut Vm) {
    if !vm.is_null() {
        // SAFETY: it came from `Box::into_raw` with this type.
        guarded(|| drop(unsafe { Box::from_raw(vm.cast::<Instance>()) }), || ());
    }
}

/// # Safety
/// `vm` is null or what [`create`] gave.
unsafe fn machine<'a>(vm: *mut Vm) -> Option<&'a EvmcVm> {
    // SAFETY: it points to an instance, which is only ever shared until it is destroyed.
    unsafe { vm.cast::<Instance>().as_ref() }.map(|instance| &instance.machine)
}

unsafe extern "C" fn get_capabilities(_vm: *mut Vm) -> u32 {
    abi::CAPABILITY_EWASM
}

/// # Safety
/// `vm` is what [`create`] gave; the strings are null or end with a zero byte.
unsafe extern "C" fn set_option(vm: *mut Vm, name: *const c_char, value: *const c_char) -> c_int {
    let set = || {
        // SAFETY: as demanded.
        let (machine, name, value) = unsafe { (machine(vm), text(name), text(value)) };
        let (Some(machine), Some(name)) = (machine, name) else {
            return abi::SET_OPTION_INVALID_NAME;
        };
        // Bytes that are no UTF-8 are in no name, and in no value but that of a file's name on some
        // systems.
        let Ok(name) = name.to_str() else { return abi::SET_OPTION_INVALID_NAME };
        let value = value.and_then(|value| value.to_str().ok());
        match machine.set_option(name, value) {
            Ok(()) => abi::SET_OPTION_SUCCESS,
            Err(OptionError::InvalidName) => abi::SET_OPTION_INVALID_NAME,
            Err(OptionError::InvalidValue) => abi::SET_OPTION_INVALID_VALUE,
        }
    };
    guarded(set, || abi::SET_OPTION_INVALID_VALUE)
}

/// # Safety
/// The pointer is null, or to a text that ends with a zero byte.
unsafe fn text<'a>(pointer: *const c_char) -> Option<&'a CStr> {
    // SAFETY: as demanded.
    (!pointer.is_null()).then(|| unsafe { CStr::from_ptr(pointer) })
}

/// # Safety
/// `vm` is what [`create`] gave. The other pointers are null, or by the ABI to values that stay as
/// they are until this returns.
unsafe extern "C" fn execute(
    vm: *mut Vm,
    host: *const HostInterface,
    context: *mut HostContext,
    revision: c_int,
    message: *const abi::Message,
    code: *const u8,
    code_size: usize,
) -> ExecutionResult {
    let run = || {
        // SAFETY: as demanded.
        let (machine, message, interface) =
            unsafe { (machine(vm), message.as_ref(), host.as_ref()) };
        let (Some(machine), Some(message)) = (machine, message) else {
            return Reply::of_status(abi::INTERNAL_ERROR);
        };
        // SAFETY: by the ABI there are as many bytes of code and input.
        let (code, input) =
            unsafe { (array(code, code_size), array(message.input_data, message.input_size)) };
        let (Some(code), Some(input)) = (code, input) else {
            return Reply::of_status(abi::INTERNAL_ERROR);
        };
        if !is_there(input.len()) {
            return Reply::of_status(abi::OUT_OF_MEMORY);
        }
        let Some(request) = request(revision, message, code, input) else {
            return Reply::of_status(abi::REJECTED);
        };
        // SAFETY: the host's functions may be called with its context until this returns.
        let mut host = unsafe { AbiHost::new(interface, context) };
        machine.execute(request, &mut host)
    };
    result(guarded(run, || Reply::of_status(abi::INTERNAL_ERROR)))
}

/// What the host asks; none when there is something in it that the engine does not know.
fn request<'a>(
    revision: c_int,
    message: &abi::Message,
    code: &'a [u8],
    input: &[u8],
) -> Option<Request<'a>> {
    if message.flags & !(abi::FLAG_STATIC | abi::FLAG_DELEGATED) != 0 {
        return None;
    }
    let kind = tables::call_kind(message.kind)?;
    let message = Message {
        kind,
        is_static: message.flags & abi::FLAG_STATIC != 0,
        depth: u32::try_from(message.depth).ok()?,
        gas: u64::try_from(message.gas).ok()?,
        recipient: message.recipient.into(),
        code_address: message.code_address.into(),
        sender: message.sender.into(),
        input: if kind.is_create() { Arc::default() } else { input.into() },
        value: message.value.into(),
        salt: message.create2_salt.into(),
    };
    Some(Request { revision: tables::revision(revision)?, message, code })
}

fn result(reply: Reply) -> ExecutionResult {
    let Reply { status, gas_left, gas_refund, output } = reply;
    let (output_data, output_size) = leak(output);
    ExecutionResult {
        status_code: status,
        gas_left,
        gas_refund,
        output_data,
        output_size,
        release: if output_data.is_null() { None } else { Some(release) },
        create_address: AddressBytes::default(),
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

#[cfg(test)]
mod tests;
