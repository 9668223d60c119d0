//! `libtephra.so`: the functions by which an Ethereum client creates the virtual machine. The
//! client looks for the one that has the library's name first.
use tephra_evmc::abi::Vm;

/// A new virtual machine, which the client destroys through the machine's own `destroy`; null when
/// it cannot be made.
#[unsafe(no_mangle)]
pub extern "C" fn evmc_create_tephra() -> *mut Vm {
    tephra_evmc::create()
}

/// The same, for a library file of another name.
#[unsafe(no_mangle)]
pub extern "C" fn evmc_create() -> *mut Vm {
    tephra_evmc::create()
}
