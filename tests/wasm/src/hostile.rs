//! Running a module that may be anything.
use tephra_core::wasm::{Config, Limits, ModuleError, TrapCode, Val};

use crate::differential;
use crate::machine::{Failure, Machine};

/// The stages that a module reaches.
#[derive(Clone, Debug, PartialEq)]
pub enum Fate {
    /// It is refused.
    Refused(ModuleError),
    /// It is not instantiated.
    NotInstantiated(Failure),
    /// Its functions are called, and end like this.
    Called(Vec<Result<Vec<Val>, TrapCode>>),
}

/// Gas for each call: about a million instructions.
const GAS: u64 = 100;

/// Exported functions that are called.
const CALLS: usize = 32;

/// A configuration in which everything costs gas, so that it ends.
pub fn config() -> Config {
    let costs = tephra_core::wasm::InstructionCosts {
        bulk_byte: 1,
        bulk_element: 1,
        interface_call: 0,
        entry_local: 1,
        branch_value: 1,
        argument: 1,
        ..differential::costs()
    };
    Config { limits: Limits { memory_pages: 1024, ..Limits::GENERAL }, costs, ..Config::default() }
}

/// Compiles a module, gives it what it imports, instantiates it and calls what it exports, with
/// zeros. `trusted` leaves the validation out.
pub fn run(bytes: &[u8], trusted: bool) -> Fate {
    let mut machine = Machine::new(config(), GAS);
    let module = match if trusted { machine.trust(bytes) } else { machine.compile(bytes) } {
        Ok(module) => module,
        Err(error) => return Fate::Refused(error),
    };
    let Ok(imports) = machine.stubs(&module) else { return Fate::Called(Vec::new()) };
    let instance = match machine.instantiate_with(&module, &imports, &mut |_, _| Vec::new()) {
        Ok(instance) => instance,
        Err(failure) => return Fate::NotInstantiated(failure),
    };
    let mut endings = Vec::new();
    for (_, func, ty) in machine.functions(instance).into_iter().take(CALLS) {
        let args: Vec<Val> = ty.params().iter().map(|ty| Val::from_slot(*ty, 0)).collect();
        endings.push(machine.call(func, &args));
    }
    Fate::Called(endings)
}
