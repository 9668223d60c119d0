//! `libtephra_abi9.so`: the virtual machine for Ethereum clients that speak EVMC ABI 9, with the
//! structures of the registry's crate for that version.
//!
//! With the feature `abi9` off the library is empty.
#[cfg(feature = "abi9")]
mod abi;
#[cfg(feature = "abi9")]
mod entry;
#[cfg(feature = "abi9")]
mod host;
