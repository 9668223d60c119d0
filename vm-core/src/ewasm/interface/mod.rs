//! The Ewasm interface: the functions that a contract can import.
//!
//! [`INTERFACE`] declares them. What each costs and does is a second table, `BEHAVIOUR`; the
//! compiler checks that the two agree. The functions reach a contract's memory through the trait
//! [`GuestMemory`] alone, so that they do not depend on how the contract is executed.
mod assemblyscript;
mod behaviour;
mod block;
mod calls;
mod cost;
mod create;
mod data;
mod debug;
mod declaration;
mod docs;
mod ending;
mod environment;
mod flow;
mod invocation;
mod log;
mod memory;
mod storage;
#[cfg(test)]
mod tests;

pub use assemblyscript::interface_assemblyscript;
pub use behaviour::interface_costs;
pub use cost::{AccountAccess, Charged, ExtraCharge, ExtraCost, InterfaceCost, SlotAccess};
pub use declaration::{
    FunctionSet, INTERFACE, InterfaceFunction, Param, ParamKind, Pointee, ResultKind,
};
pub use docs::interface_docs;

pub(super) use behaviour::BEHAVIOUR;
pub(super) use declaration::MAX_PARAMS;
pub(super) use flow::{Flow, Pending};
pub(super) use invocation::{Invocation, Notes};
pub(super) use memory::StoreMemory;

use flow::Failure;
use memory::GuestMemory;
