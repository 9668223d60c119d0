//! Why code is not a contract.
use alloc::string::String;
use core::fmt;

use crate::ewasm::interface::InterfaceFunction;
use crate::revision::Revision;
use crate::wasm::{FuncType, ModuleError, ValType};

/// Why code is not a valid contract.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ContractError {
    /// The code does not begin with WebAssembly's magic number.
    NotWasm,
    /// The code is not a module that the engine accepts.
    Module(ModuleError),
    /// The section with the module's length says something that cannot be.
    DeclaredLength {
        /// What it says, in bytes; none when it is no number of four bytes.
        declared: Option<u32>,
        /// How long the code is.
        code: usize,
    },
    /// The module has a start function.
    StartFunction {
        /// Its index.
        function: u32,
    },
    /// An import that the interface does not have.
    UnknownImport {
        /// The module that it is imported from.
        module: String,
        /// Its name there.
        name: String,
    },
    /// An import that is a table, memory or global.
    ImportIsNoFunction {
        /// The module that it is imported from.
        module: String,
        /// Its name there.
        name: String,
    },
    /// An import with another type than the interface function.
    ImportType {
        /// The interface function.
        function: &'static InterfaceFunction,
        /// The type that the module gives it.
        found: FuncType,
    },
    /// An import that a later revision introduced.
    ImportFromLaterRevision {
        /// The interface function.
        function: &'static InterfaceFunction,
        /// The revision that is in force.
        revision: Revision,
    },
    /// An import of the extension set, which is switched off.
    ExtensionImport {
        /// The interface function.
        function: &'static InterfaceFunction,
    },
    /// An import of the module `debug` outside debug mode.
    DebugImport {
        /// The interface function.
        function: &'static InterfaceFunction,
    },
    /// Nothing is exported as `memory`.
    NoMemoryExport,
    /// What is exported as `memory` is something else.
    MemoryExportIsNoMemory,
    /// Nothing is exported as `main`.
    NoMainExport,
    /// What is exported as `main` is not a function.
    MainExportIsNoFunction,
    /// `main` has parameters or results.
    MainType {
        /// Its type.
        found: FuncType,
    },
    /// What is exported as `main` is an imported function.
    MainIsImported,
    /// An export besides `memory` and `main`.
    SuperfluousExport {
        /// Its name.
        name: String,
    },
}

impl From<ModuleError> for ContractError {
    fn from(error: ModuleError) -> Self {
        Self::Module(error)
    }
}

impl fmt::Display for ContractError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotWasm => {
                write!(f, "the code does not begin with the WebAssembly magic number `\\0asm`")
            }
            Self::Module(error) => error.fmt(f),
            Self::DeclaredLength { declared: Some(declared), code } => write!(
                f,
                "the module says that it has {declared} bytes, which cannot be: the code has {code}"
            ),
            Self::DeclaredLength { declared: None, .. } => {
                write!(f, "the section `length` does not hold a number of four bytes")
            }
            Self::StartFunction { function } => {
                write!(
                    f,
                    "the contract has a start function (function {function}); only `main` may run"
                )
            }
            Self::UnknownImport { module, name } => {
                write!(f, "the contract imports `{module}.{name}`, which does not exist")
            }
            Self::ImportIsNoFunction { module, name } => {
                write!(
                    f,
                    "the contract imports `{module}.{name}` as something other than a function"
                )
            }
            Self::ImportType { function, found } => write!(
                f,
                "the contract imports `{function}` with type {}, but it is {}",
                Signature(found),
                Signature(&function.ty())
            ),
            Self::ImportFromLaterRevision { function, revision } => {
                write!(
                    f,
                    "the contract imports `{function}`, which came with {}; in force is {revision}",
                    function.since
                )
            }
            Self::ExtensionImport { function } => {
                write!(
                    f,
                    "the contract imports `{function}`, an extension, and extensions are \
                     switched off"
                )
            }
            Self::DebugImport { function } => {
                write!(f, "the contract imports `{function}`, which exists only in debug mode")
            }
            Self::NoMemoryExport => {
                write!(f, "the contract does not export its memory as `memory`")
            }
            Self::MemoryExportIsNoMemory => {
                write!(f, "the contract's export `memory` is not a memory")
            }
            Self::NoMainExport => write!(f, "the contract does not export a function `main`"),
            Self::MainExportIsNoFunction => {
                write!(f, "the contract's export `main` is not a function")
            }
            Self::MainType { found } => {
                write!(
                    f,
                    "the contract's `main` has type {}, but must be () -> ()",
                    Signature(found)
                )
            }
            Self::MainIsImported => {
                write!(f, "the contract exports an imported function as `main`")
            }
            Self::SuperfluousExport { name } => {
                write!(f, "the contract exports `{name}` besides `memory` and `main`")
            }
        }
    }
}

impl core::error::Error for ContractError {}

/// A function type for people: `(i32, i64) -> i32`.
struct Signature<'a>(&'a FuncType);

impl fmt::Display for Signature<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(")?;
        list(f, self.0.params())?;
        f.write_str(") -> ")?;
        match self.0.results() {
            [one] => write!(f, "{one}"),
            results => {
                f.write_str("(")?;
                list(f, results)?;
                f.write_str(")")
            }
        }
    }
}

fn list(f: &mut fmt::Formatter<'_>, types: &[ValType]) -> fmt::Result {
    for (index, ty) in types.iter().enumerate() {
        write!(f, "{}{}", if index == 0 { "" } else { ", " }, ty)?;
    }
    Ok(())
}
