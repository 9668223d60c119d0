//! An EVMC client: the state of the tests around a virtual machine that is loaded from a library,
//! of ABI 12 or 9.
//!
//! Nested messages recurse here as in every client: the machine calls the client, which calls the
//! machine.
mod abi12;
mod abi9;
mod context;

use std::ffi::{CStr, CString, c_char, c_int};
use std::path::Path;
use std::sync::atomic::{AtomicI32, Ordering};

use libloading::Library;
use tephra_core::ewasm::{Message, Outcome};
use tephra_core::revision::Revision;
use tephra_core::state::{Driver, JournaledState, MemoryBackend};
use tephra_evmc::abi;

use context::Context;

/// The version of the ABI that a machine has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Version {
    Abi9,
    Abi12,
}

/// A virtual machine from a library. Threads can share it, as EVMC promises.
#[derive(Debug)]
pub struct LoadedVm {
    /// All versions begin alike, up to the types that the functions work on.
    vm: *mut abi::Vm,
    version: Version,
    /// What the client answers to nested messages in place of running them; 0 for nothing.
    nested_status: AtomicI32,
    /// What the client answers for statuses of storage, and of access; 0 for what they are.
    storage_status: AtomicI32,
    access_status: AtomicI32,
    /// None for the one that is part of this program.
    _library: Option<Library>,
}

// SAFETY: by the ABI a machine may be used on any thread.
unsafe impl Send for LoadedVm {}
// SAFETY: by the ABI a machine may be used by many threads at once.
unsafe impl Sync for LoadedVm {}

impl LoadedVm {
    /// Loads a library.
    ///
    /// # Errors
    /// When there is no such library, or it has no machine of a version that is known here.
    pub fn load(path: &Path) -> Result<Self, String> {
        // SAFETY: as with every client, the caller who names the library vouches for it.
        let library = unsafe { Library::new(path) }.map_err(|error| error.to_string())?;
        let stem = path.file_name().unwrap_or_default().to_string_lossy();
        let stem = stem.split('.').next().unwrap_or_default();
        let name = stem.strip_prefix("lib").unwrap_or(stem).replace('-', "_");
        type Create = unsafe extern "C" fn() -> *mut abi::Vm;
        // SAFETY: functions of these names have this type, by the ABI.
        let create = unsafe {
            library
                .get::<Create>(format!("evmc_create_{name}\0").as_bytes())
                .or_else(|_| library.get::<Create>(b"evmc_create\0"))
                .map(|create| *create)
        };
        // SAFETY: by the ABI it may be called at any time.
        let vm = unsafe { create.map_err(|error| error.to_string())?() };
        if vm.is_null() {
            return Err("the library makes no machine".to_owned());
        }
        // SAFETY: it is a machine; every version has this field there.
        let version = match unsafe { (*vm).abi_version } {
            9 => Version::Abi9,
            12 => Version::Abi12,
            other => return Err(format!("the machine is of ABI {other}; known are 9 and 12")),
        };
        Ok(Self::new(vm, version, Some(library)))
    }

    /// The machine of ABI 12 without a library: for tools that look into the whole program.
    pub fn linked() -> Self {
        Self::new(tephra_evmc::create(), Version::Abi12, None)
    }

    fn new(vm: *mut abi::Vm, version: Version, library: Option<Library>) -> Self {
        let [nested_status, storage_status, access_status] = [0; 3].map(AtomicI32::new);
        Self { vm, version, nested_status, storage_status, access_status, _library: library }
    }

    /// Has the client answer nested messages with this status and nothing else, in place of running
    /// them; 0 has it run them again.
    pub fn answer_nested(&self, status: c_int) {
        self.nested_status.store(status, Ordering::Relaxed);
    }

    /// Has the client answer with these numbers for the statuses of storage and of access; 0 has it
    /// answer as is right.
    pub fn answer_statuses(&self, storage: c_int, access: c_int) {
        self.storage_status.store(storage, Ordering::Relaxed);
        self.access_status.store(access, Ordering::Relaxed);
    }

    /// The number of the status that a machine answered last on this thread.
    pub fn last_status() -> c_int {
        context::LAST_STATUS.get()
    }

    /// The machine's name and version, and that of its ABI.
    pub fn describe(&self) -> String {
        // SAFETY: by the ABI both are texts that live as long as the machine.
        let (name, version) =
            unsafe { (CStr::from_ptr((*self.vm).name), CStr::from_ptr((*self.vm).version)) };
        let abi = if self.version == Version::Abi9 { 9 } else { 12 };
        format!("{} {}, ABI {abi}", name.to_string_lossy(), version.to_string_lossy())
    }

    /// Sets an option; answers the ABI's number.
    pub fn set_option(&self, name: &str, value: Option<&str>) -> c_int {
        let text = |text: &str| CString::new(text).unwrap_or_default();
        let (name, value) = (text(name), value.map(text));
        let value = value.as_ref().map_or(std::ptr::null::<c_char>(), |value| value.as_ptr());
        // SAFETY: the machine is there, and the texts outlive the call.
        unsafe {
            (*self.vm).set_option.map_or(-1, |set_option| set_option(self.vm, name.as_ptr(), value))
        }
    }

    /// Whether the machine's ABI has a number for the revision.
    pub fn has_revision(&self, revision: Revision) -> bool {
        self.version == Version::Abi12 || abi9::revision(revision).is_some()
    }

    /// Runs a message with the state as the client's.
    pub fn run_message(
        &self,
        driver: Driver<'_>,
        state: &mut JournaledState<MemoryBackend>,
        message: Message,
    ) -> Outcome {
        driver.run_message_on(state, message, |state, message, code| {
            self.execute(driver, state, message, code)
        })
    }

    /// Has the machine run the code of a message, without what a client does around it.
    pub fn execute(
        &self,
        driver: Driver<'_>,
        state: &mut JournaledState<MemoryBackend>,
        message: &Message,
        code: &[u8],
    ) -> Outcome {
        let mut context = Context::new(self, driver, state, message);
        match self.version {
            Version::Abi9 => abi9::execute(self.vm.cast(), &mut context, message, code),
            Version::Abi12 => abi12::execute(self.vm, &mut context, message, code),
        }
    }
}

impl Drop for LoadedVm {
    fn drop(&mut self) {
        // SAFETY: nothing uses it any more.
        unsafe {
            if let Some(destroy) = (*self.vm).destroy {
                destroy(self.vm);
            }
        }
    }
}
