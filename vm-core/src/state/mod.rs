//! Ethereum's state transition: a journaled state over any database, nested messages, whole
//! transactions.
//!
//! EVMC's hosts keep their own state and need none of it. For all others: implement [`Backend`] on
//! the database, put a [`JournaledState`] on it, run [`Transaction`]s with a [`Driver`], and write
//! the [`Changes`] of each back. The driver begins and ends messages; the loop over their frames is
//! [`drive`](crate::ewasm::drive). A host with another measure
//! than gas, as a runtime has, gives it to the driver as [`Resources`].
//!
//! Not here, since they belong to a whole chain and not to the running of contracts: the calls that
//! a block itself makes (EIP-2935, EIP-4788, EIP-7002, EIP-7251), withdrawals, block rewards, and
//! code delegation by authorization lists (EIP-7702), which points accounts at EVM code.
mod account;
mod backend;
mod changes;
mod driver;
mod entries;
mod host;
mod journal;
mod memory;
mod messages;
mod pieces;
mod precompiles;
mod resources;
#[cfg(test)]
mod tests;
mod transact;
mod transaction;

pub use backend::{AccountInfo, Backend};
pub use changes::{AccountChange, AccountUpdate, Changes};
pub use driver::{Driver, DriverConfig};
pub use journal::{Checkpoint, JournalLimits, JournaledState};
pub use memory::{MemoryAccount, MemoryBackend};
pub use precompiles::HostPrecompiles;
pub use resources::{Resources, UnmeteredWork};
pub use transaction::{Blobs, BlockEnv, GasPrice, Receipt, Spent, Transaction, TransactionError};
