//! The pallet's storage: accounts and addresses, contracts and code, the deposits for them, and how
//! a transaction reads and writes them.
pub(crate) mod accounts;
mod address;
pub(crate) mod backend;
pub(crate) mod code;
pub(crate) mod deletion;
pub(crate) mod deposit;
pub(crate) mod genesis;
pub(crate) mod nonce;
pub(crate) mod price;
pub(crate) mod records;
mod slot;
#[cfg(any(test, feature = "mock", feature = "try-runtime"))]
mod try_state;
pub(crate) mod writer;
pub(crate) mod writing;

pub use self::address::{AddressMapping, HashedMapping, IdentityMapping};
pub use self::backend::{BackendError, PalletBackend};
pub use self::genesis::GenesisContract;
pub use self::records::{BalanceOf, CodeInfo, ContractInfo, Deposits, EMPTY_CODE_HASH, Upload};
pub use self::slot::Slot;
