//! The Ewasm layer: contracts with Ethereum's semantics on top of [`wasm`](crate::wasm).
//!
//! A [`Vm`] compiles code to a [`Contract`] and runs [`Message`]s in [`Frame`]s on a [`Host`]; each
//! ends with an [`Outcome`]. What contracts can import is the table [`INTERFACE`]; what that costs
//! in which revision is a [`Schedule`].
//!
//! A host of one's own is not needed: [`state`](crate::state) has one over any database, with Ethereum's rules
//! for nested messages and transactions.
mod cache;
mod contract;
mod frame;
mod host;
mod inspect;
mod interface;
mod limits;
mod message;
mod paid;
mod schedule;
#[cfg(test)]
pub(crate) mod testing;
mod vm;

pub use contract::{
    CONSTRUCTOR_SECTION, Contract, ContractError, append_constructor_arguments,
    constructor_arguments, is_wasm,
};
pub use frame::{Frame, Step};
pub use host::{AccessStatus, Growth, Host, RecursiveHost, StorageStatus, TransactionContext};
pub use inspect::{Inspector, InterfaceCall};
pub use interface::{
    AccountAccess, Charged, ExtraCharge, ExtraCost, FunctionSet, INTERFACE, InterfaceCost,
    InterfaceFunction, Param, ParamKind, Pointee, ResultKind, SlotAccess, interface_assemblyscript,
    interface_costs, interface_docs,
};
pub use message::{CallKind, Message, Outcome, Status};
pub use paid::PaidCode;
pub use schedule::{AccessCost, Schedule, StorageCost, StorageCosts, TransactionCosts};
pub use vm::{Code, CodeOrigin, NewCodeError, Vm, VmConfig};
