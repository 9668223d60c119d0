//! Contracts: modules that follow the rules of the Ewasm contract interface.
mod error;
mod sections;
#[cfg(test)]
mod tests;

use alloc::string::String;
use alloc::sync::Arc;

pub use error::ContractError;
pub use sections::{
    CONSTRUCTOR_SECTION, LENGTH_SECTION, append_constructor_arguments, constructor_arguments,
    declared_length,
};

use super::CodeBytes;
use super::interface::{FunctionSet, INTERFACE, InterfaceFunction};
use crate::revision::Revision;
use crate::wasm::{Engine, ExternType, Func, FuncType, Module, ModuleBytes, StartWork};

/// Whether code begins with WebAssembly's magic number.
pub fn is_wasm(code: &[u8]) -> bool {
    code.starts_with(b"\0asm")
}

/// The functions beyond revision 4 that contracts may import, and the detail of refusals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Allowed {
    pub extensions: bool,
    pub debug: bool,
    /// Whether refusals of code that is not valid say why, which takes time.
    pub reasons: bool,
}

/// Parts code into the module and what follows it.
fn module_of(code: CodeBytes<'_>) -> Result<ModuleBytes, ContractError> {
    let length = declared_length(&code)?.unwrap_or(code.len());
    Ok(ModuleBytes::new(code.shared(), length))
}

/// A contract: a module that follows the rules, and its imports.
pub struct Contract {
    module: Module,
    /// For each import, in the module's order, the host function whose number is its index in
    /// [`INTERFACE`].
    imports: Arc<[Func]>,
    /// Types of the interface functions, in the order of [`INTERFACE`].
    interface: Arc<[FuncType]>,
    /// The imported function with the latest revision.
    latest_import: Option<&'static InterfaceFunction>,
    /// Kibibytes that the memory reaches at the start.
    initial_kibibytes: u32,
    instance_items: u32,
    start_particles: u64,
}

impl Contract {
    /// Validates code and checks that it follows the rules.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub(super) fn new(
        engine: &Engine,
        allowed: Allowed,
        interface: &Arc<[FuncType]>,
        code: CodeBytes<'_>,
    ) -> Result<Self, ContractError> {
        if !is_wasm(&code) {
            return Err(ContractError::NotWasm);
        }
        let code = module_of(code)?;
        let module = if allowed.reasons {
            Module::new_shared(engine, code)
        } else {
            Module::new_without_reasons(engine, code)
        };
        Self::from_module(module?, allowed, interface)
    }

    /// As [`Self::new`], for code that has been validated before.
    pub(super) fn new_trusted(
        engine: &Engine,
        allowed: Allowed,
        interface: &Arc<[FuncType]>,
        code: CodeBytes<'_>,
    ) -> Result<Self, ContractError> {
        if !is_wasm(&code) {
            return Err(ContractError::NotWasm);
        }
        Self::from_module(Module::new_trusted(engine, module_of(code)?)?, allowed, interface)
    }

    fn from_module(
        module: Module,
        allowed: Allowed,
        interface: &Arc<[FuncType]>,
    ) -> Result<Self, ContractError> {
        let imports = resolve_imports(&module, allowed)?;
        if let Some(function) = module.start() {
            return Err(ContractError::StartFunction { function });
        }
        check_exports(&module)?;
        let functions = imports.iter().filter_map(|func| function(*func));
        let latest_import = functions.max_by_key(|function| function.since);
        let initial_kibibytes = module.initial_kibibytes();
        let start_work = StartWork { imports: 0, ..module.start_work() };
        let instance_items = u32::try_from(start_work.units()).unwrap_or(u32::MAX);
        let start_particles = module.start_particles();
        let interface = interface.clone();
        Ok(Self {
            module,
            imports,
            interface,
            latest_import,
            initial_kibibytes,
            instance_items,
            start_particles,
        })
    }

    /// Returns the code, as it is stored: the module, and what follows it where the module says how
    /// long it is.
    pub fn code(&self) -> &[u8] {
        self.module.shared_bytes()
    }

    /// Returns the module.
    pub fn module(&self) -> &Module {
        &self.module
    }

    /// Returns the interface functions that it imports, in the module's order.
    pub fn imports(&self) -> impl Iterator<Item = &'static InterfaceFunction> {
        self.imports.iter().filter_map(|func| function(*func))
    }

    /// Returns the imports as functions of a store that has the interface's functions first, in the
    /// order of [`INTERFACE`].
    pub(super) fn imported_funcs(&self) -> Arc<[Func]> {
        self.imports.clone()
    }

    /// Returns the types of the interface functions, in the order of [`INTERFACE`].
    pub(super) fn interface_types(&self) -> Arc<[FuncType]> {
        self.interface.clone()
    }

    /// Returns the earliest revision in which it can run.
    pub fn since(&self) -> Revision {
        self.latest_import.map_or(Revision::OLDEST_SUPPORTED, |function| function.since)
    }

    /// Returns the kibibytes (1024 bytes) that the memory reaches by active data segments, which
    /// are paid when a frame begins. Segments that are empty or out of bounds do not count.
    pub fn initial_kibibytes(&self) -> u32 {
        self.initial_kibibytes
    }

    /// Returns the work of setting up a frame, memory aside, in [units](StartWork::units) of a
    /// table's element.
    pub fn instance_items(&self) -> u32 {
        self.instance_items
    }

    /// Returns the same work by kind. Imports are linked once, not by each frame.
    pub fn start_work(&self) -> StartWork {
        StartWork { imports: 0, ..self.module.start_work() }
    }

    /// Returns the particles that each of its frames pays at its start, besides those for its
    /// memory; see [`Module::start_particles`].
    pub fn start_particles(&self) -> u64 {
        self.start_particles
    }

    /// Checks that the contract can run in a revision.
    ///
    /// # Errors
    /// When it imports a function that a later revision introduced.
    pub(super) fn check_revision(&self, revision: Revision) -> Result<(), ContractError> {
        // Schedules begin with the oldest supported revision, and so does the interface.
        match self.latest_import {
            Some(function) if function.since > revision.max(Revision::OLDEST_SUPPORTED) => {
                Err(ContractError::ImportFromLaterRevision { function, revision })
            }
            _ => Ok(()),
        }
    }
}

fn function(func: Func) -> Option<&'static InterfaceFunction> {
    INTERFACE.get(func.host_number()? as usize)
}

fn resolve_imports(module: &Module, allowed: Allowed) -> Result<Arc<[Func]>, ContractError> {
    module
        .imports()
        .map(|import| {
            let names = || (String::from(import.module), String::from(import.name));
            let ExternType::Func(ty) = import.ty else {
                let (module, name) = names();
                return Err(ContractError::ImportIsNoFunction { module, name });
            };
            let Some((index, function)) = InterfaceFunction::find(import.module, import.name)
            else {
                let (module, name) = names();
                return Err(ContractError::UnknownImport { module, name });
            };
            match function.set {
                FunctionSet::Extension if !allowed.extensions => {
                    return Err(ContractError::ExtensionImport { function });
                }
                FunctionSet::Debug if !allowed.debug => {
                    return Err(ContractError::DebugImport { function });
                }
                _ => {}
            }
            if !function.has_type(&ty) {
                return Err(ContractError::ImportType { function, found: ty });
            }
            Ok(Func::of_host(index as u32))
        })
        .collect()
}

fn check_exports(module: &Module) -> Result<(), ContractError> {
    let Some(memory) = module.export("memory") else { return Err(ContractError::NoMemoryExport) };
    let ExternType::Memory(_) = memory else { return Err(ContractError::MemoryExportIsNoMemory) };
    let Some(main) = module.export("main") else { return Err(ContractError::NoMainExport) };
    let ExternType::Func(ty) = main else { return Err(ContractError::MainExportIsNoFunction) };
    if !ty.params().is_empty() || !ty.results().is_empty() {
        return Err(ContractError::MainType { found: ty });
    }
    if module.exported_func("main").is_some_and(|index| index < module.imported_func_count()) {
        return Err(ContractError::MainIsImported);
    }
    match module.exports().find(|export| !matches!(export.name, "memory" | "main")) {
        Some(export) => Err(ContractError::SuperfluousExport { name: export.name.into() }),
        None => Ok(()),
    }
}

impl core::fmt::Debug for Contract {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Contract")
            .field("bytes", &self.code().len())
            .field("since", &self.since())
            .finish_non_exhaustive()
    }
}
