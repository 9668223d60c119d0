//! The Ewasm layer: contracts with Ethereum's semantics on top of [`wasm`](crate::wasm).
//!
//! A [`Vm`] compiles code to a [`Contract`], which runs a [`Message`] in a [`Frame`] on a [`Host`].
//! [`drive`] is the loop that runs messages and those nested in them, each to its [`Outcome`]; what
//! a host does around their code is its [`MessageHandler`]. What contracts can import is the table
//! [`INTERFACE`]; what that costs in which revision is a [`Schedule`].
mod cache;
mod code;
mod contract;
mod drive;
mod frame;
mod growth;
mod host;
mod inspect;
mod interface;
mod limits;
mod message;
mod paid;
mod schedule;
mod status;
#[cfg(test)]
pub(crate) mod testing;
mod usage;
mod vm;

pub use code::{Code, CodeBytes, CodeOrigin};
pub use contract::{
    CONSTRUCTOR_SECTION, Contract, ContractError, LENGTH_SECTION, append_constructor_arguments,
    constructor_arguments, declared_length, is_wasm,
};
pub use drive::{MessageHandler, OpenFrame, drive};
pub use frame::{Frame, Step};
pub use growth::Growth;
pub use host::{AccessStatus, Host, StorageStatus, TransactionContext};
pub use inspect::{Inspector, InterfaceCall};
pub use interface::{
    AccountAccess, Charged, ExtraCharge, ExtraCost, FunctionSet, INTERFACE, InterfaceCost,
    InterfaceFunction, Param, ParamKind, Pointee, ResultKind, SlotAccess, interface_assemblyscript,
    interface_costs, interface_docs,
};
pub use message::{CallKind, Message, Outcome};
pub use paid::PaidCode;
pub use schedule::{
    AccessCost, BlobRules, ModexpComplexity, ModexpCosts, PrecompileCosts, Schedule, StorageCost,
    StorageCosts, TransactionCosts,
};
pub use status::Status;
pub use usage::{OpenLimits, Usage};
pub use vm::{NewCodeError, Vm, VmConfig};
