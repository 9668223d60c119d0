//! `libtephra_abi9.so`: the virtual machine for Ethereum clients that speak EVMC ABI 9, by way of the registry's crates for that version.
//!
//! With the feature `abi9` off the library is empty.
#[cfg(feature = "abi9")]
mod client;
#[cfg(feature = "abi9")]
mod entry;
#[cfg(feature = "abi9")]
mod machine;
