//! The Ewasm interface: the functions that a contract can import.
//!
//! [`INTERFACE`] is the one table of them. Validation, linking, gas, traces and the page
//! `docs/interface.md` are made from it.
mod block;
mod call;
mod calls;
mod create;
mod data;
mod debug;
mod docs;
mod ending;
mod environment;
mod log;
mod memory;
mod storage;
mod table;
#[cfg(test)]
mod tests;

use core::fmt;

pub use docs::interface_docs;
pub use table::INTERFACE;

pub(super) use call::{Call, Failure, Flow, MAX_PARAMS, Pending};

use super::Schedule;
use crate::revision::Revision;
use crate::wasm::{FuncType, ValType};

/// Something that a pointer points to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pointee {
    /// 20 bytes, as they are.
    Address,
    /// 32 bytes, as they are.
    Bytes32,
    /// 16 bytes, a little-endian integer.
    U128,
    /// 32 bytes, a little-endian integer.
    U256,
    /// As many bytes as another parameter says.
    Bytes,
}

impl Pointee {
    /// How much memory it takes, in bytes; none when another parameter says so.
    pub fn size(self) -> Option<u32> {
        match self {
            Self::Address => Some(20),
            Self::Bytes32 | Self::U256 => Some(32),
            Self::U128 => Some(16),
            Self::Bytes => None,
        }
    }
}

impl fmt::Display for Pointee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Address => "address",
            Self::Bytes32 => "bytes32",
            Self::U128 => "u128",
            Self::U256 => "u256",
            Self::Bytes => "bytes",
        })
    }
}

/// What a parameter means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamKind {
    /// A 32-bit number.
    I32,
    /// A 64-bit number.
    I64,
    /// An `i32` that points to something that the function reads.
    In(Pointee),
    /// An `i32` that points to where the function writes something.
    Out(Pointee),
}

impl ParamKind {
    /// Its WebAssembly type.
    pub fn ty(self) -> ValType {
        match self {
            Self::I64 => ValType::I64,
            Self::I32 | Self::In(_) | Self::Out(_) => ValType::I32,
        }
    }
}

/// A parameter of an interface function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Param {
    /// Its name, for people.
    pub name: &'static str,
    /// What it means.
    pub kind: ParamKind,
}

/// Which part of the interface a function belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FunctionSet {
    /// Revision 4 of the Ethereum Environment Interface: always there.
    Core,
    /// What came later; a host can switch it off as a whole.
    Extension,
    /// For developers; only in an engine that was asked for debug mode.
    Debug,
}

/// When an interface function charges its base cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charged {
    /// Before it does anything.
    First,
    /// After it has looked at its arguments, in the order that its section of the interface
    /// defines.
    Inside,
}

/// One function of the interface.
pub struct InterfaceFunction {
    /// The module to import it from: `ethereum` or `debug`.
    pub module: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its parameters.
    pub params: &'static [Param],
    /// The type of its result and what the result means.
    pub result: Option<(ValType, &'static str)>,
    /// The revision that introduced it.
    pub since: Revision,
    /// The part of the interface that it belongs to.
    pub set: FunctionSet,
    /// Its base cost in gas; for a function that accesses an account or slot, when that is warm
    /// (EIP-2929).
    pub cost: fn(&Schedule) -> u64,
    /// When the base cost is charged.
    pub charged: Charged,
    /// What it costs beyond the base cost, for people: a pattern with the costs in it.
    pub extra_cost: fn(&Schedule) -> alloc::string::String,
    /// What it does.
    pub(super) run: fn(&mut Call<'_>) -> Result<Flow, Failure>,
}

impl InterfaceFunction {
    /// Its WebAssembly type.
    pub fn ty(&self) -> FuncType {
        let params: alloc::vec::Vec<_> = self.params.iter().map(|param| param.kind.ty()).collect();
        let results: alloc::vec::Vec<_> = self.result.iter().map(|(ty, _)| *ty).collect();
        FuncType::new(&params, &results)
    }

    /// Whether its type is this one.
    pub fn has_type(&self, ty: &FuncType) -> bool {
        self.params.iter().map(|param| param.kind.ty()).eq(ty.params().iter().copied())
            && self.result.iter().map(|(ty, _)| *ty).eq(ty.results().iter().copied())
    }

    /// The function with this module and name, and its index in [`INTERFACE`].
    pub fn find(module: &str, name: &str) -> Option<(usize, &'static Self)> {
        INTERFACE
            .iter()
            .enumerate()
            .find(|(_, function)| function.name == name && function.module == module)
    }
}

impl fmt::Debug for InterfaceFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Module and name: `ethereum.call`.
impl fmt::Display for InterfaceFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.module, self.name)
    }
}
