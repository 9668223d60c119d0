//! The precompiled contracts: functions that live at fixed addresses and run natively instead of as
//! contract code.
//!
//! Addresses 1 to 8 are Ethereum's. Address 9 is Keccak-256 in Ewasm and BLAKE2F in Ethereum; the
//! host chooses by [`Address9`]. The contracts that Ethereum added at later addresses are not here:
//! Ewasm gives the addresses from 10 on to contracts of its own.
//!
//! Everything derives from one table: address, name, first revision, price, function. The price is
//! a function of the schedule and of the input's length and header alone; it is checked against the
//! gas limit before any other work.

mod blake2f;
mod bn128;
mod ecrecover;
mod hashes;
mod identity;
mod modexp;

use alloc::vec::Vec;
use core::fmt;

use alloy_primitives::Address;

use crate::ewasm::{PrecompileCosts, Schedule};
use crate::revision::Revision;

/// What the account at address 9 is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Address9 {
    /// Keccak-256 of the input, as in Ewasm, at every revision. It costs 3 gas per word of 32 bytes
    /// and nothing besides: what the recorded gas of contracts by the SOLL compiler holds. The call
    /// that asks for it pays its own base cost on top.
    Keccak256,
    /// BLAKE2b's compression function F (EIP-152), as in Ethereum from Istanbul on. Before Istanbul
    /// the address is empty.
    Blake2f,
}

/// What a precompiled contract gave when it succeeded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrecompileOutput {
    /// The price in gas, at most the gas limit.
    pub gas_used: u64,
    /// The return data.
    pub output: Vec<u8>,
}

/// Why a precompiled contract failed. Either way the message loses all its gas and returns no data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PrecompileError {
    /// The price is more than the gas limit of the message.
    OutOfGas,
    /// The input is not one that the contract accepts, for the reason given.
    InvalidInput(&'static str),
}

impl fmt::Display for PrecompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfGas => f.write_str("out of gas in a precompiled contract"),
            Self::InvalidInput(reason) => {
                write!(f, "invalid input to a precompiled contract: {reason}")
            }
        }
    }
}

impl core::error::Error for PrecompileError {}

/// One row of the table.
struct Precompile {
    /// The last byte of the address; all others are zero.
    address: u8,
    name: &'static str,
    /// The first revision that has it.
    since: Revision,
    /// The row holds only under this choice for address 9; `None` for any.
    address9: Option<Address9>,
    /// The price in gas.
    gas: fn(&PrecompileCosts, &[u8]) -> u64,
    run: fn(&PrecompileCosts, &[u8]) -> Result<Vec<u8>, PrecompileError>,
}

/// Sorted by address.
static TABLE: [Precompile; 10] = [
    Precompile {
        address: 1,
        name: "ecrecover",
        since: Revision::Frontier,
        address9: None,
        gas: ecrecover::gas,
        run: ecrecover::run,
    },
    Precompile {
        address: 2,
        name: "sha256",
        since: Revision::Frontier,
        address9: None,
        gas: hashes::sha256_gas,
        run: hashes::sha256,
    },
    Precompile {
        address: 3,
        name: "ripemd160",
        since: Revision::Frontier,
        address9: None,
        gas: hashes::ripemd160_gas,
        run: hashes::ripemd160,
    },
    Precompile {
        address: 4,
        name: "identity",
        since: Revision::Frontier,
        address9: None,
        gas: identity::gas,
        run: identity::run,
    },
    Precompile {
        address: 5,
        name: "modexp",
        since: Revision::Byzantium,
        address9: None,
        gas: modexp::gas,
        run: modexp::run,
    },
    Precompile {
        address: 6,
        name: "bn128_add",
        since: Revision::Byzantium,
        address9: None,
        gas: bn128::add_gas,
        run: bn128::add,
    },
    Precompile {
        address: 7,
        name: "bn128_mul",
        since: Revision::Byzantium,
        address9: None,
        gas: bn128::mul_gas,
        run: bn128::mul,
    },
    Precompile {
        address: 8,
        name: "bn128_pairing",
        since: Revision::Byzantium,
        address9: None,
        gas: bn128::pairing_gas,
        run: bn128::pairing,
    },
    Precompile {
        address: 9,
        name: "keccak256",
        since: Revision::Frontier,
        address9: Some(Address9::Keccak256),
        gas: hashes::keccak256_gas,
        run: hashes::keccak256,
    },
    Precompile {
        address: 9,
        name: "blake2f",
        since: Revision::Istanbul,
        address9: Some(Address9::Blake2f),
        gas: blake2f::gas,
        run: blake2f::run,
    },
];

/// The set of precompiled contracts of a schedule and a choice for address 9.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Precompiles {
    schedule: &'static Schedule,
    address9: Address9,
}

impl Precompiles {
    /// Returns the precompiled contracts of a schedule, with `address9` at address 9.
    pub const fn new(schedule: &'static Schedule, address9: Address9) -> Self {
        Self { schedule, address9 }
    }

    /// Whether a precompiled contract lives at `address`.
    pub fn is_precompile(&self, address: &Address) -> bool {
        self.find(address).is_some()
    }

    /// The name of the contract at `address`, such as `ecrecover`; `None` when there is none.
    pub fn name(&self, address: &Address) -> Option<&'static str> {
        self.find(address).map(|precompile| precompile.name)
    }

    /// The addresses of all precompiled contracts of this set, in ascending order.
    pub fn addresses(&self) -> impl Iterator<Item = Address> + use<> {
        let set = *self;
        TABLE
            .iter()
            .filter(move |precompile| set.has(precompile))
            .map(|precompile| Address::with_last_byte(precompile.address))
    }

    /// The price of running the contract at `address` on `input`, in gas; `None` when there is
    /// none.
    pub fn price(&self, address: &Address, input: &[u8]) -> Option<u64> {
        self.find(address).map(|precompile| (precompile.gas)(&self.schedule.precompiles, input))
    }

    /// Runs the contract at `address` on `input` with at most `gas_limit` gas; `None` when there is
    /// none.
    ///
    /// The price is compared with `gas_limit` first: a message that cannot pay causes no work and
    /// no allocation. Beyond the price, the memory used is proportional to the sizes of the input
    /// and of the output; the factor is small but for modexp, which tabulates up to 64 powers of
    /// the size of its modulus.
    pub fn run(
        &self,
        address: &Address,
        input: &[u8],
        gas_limit: u64,
    ) -> Option<Result<PrecompileOutput, PrecompileError>> {
        let precompile = self.find(address)?;
        let gas_used = (precompile.gas)(&self.schedule.precompiles, input);
        if gas_used > gas_limit {
            return Some(Err(PrecompileError::OutOfGas));
        }
        let output = (precompile.run)(&self.schedule.precompiles, input);
        Some(output.map(|output| PrecompileOutput { gas_used, output }))
    }

    fn has(&self, precompile: &Precompile) -> bool {
        self.schedule.revision >= precompile.since
            && precompile.address9.is_none_or(|choice| choice == self.address9)
    }

    fn find(&self, address: &Address) -> Option<&'static Precompile> {
        let [zeros @ .., last] = &address.0.0;
        if zeros.iter().any(|byte| *byte != 0) {
            return None;
        }
        TABLE.iter().find(|precompile| precompile.address == *last && self.has(precompile))
    }
}

/// A price of `base` gas and `word` gas per started word of 32 bytes of input.
fn price_by_words(base: u64, word: u64, input: &[u8]) -> u64 {
    let words = input.len().div_ceil(32) as u64;
    base.saturating_add(word.saturating_mul(words))
}

/// The first `N` words of 32 bytes of the input, as if zeros followed it without end.
fn words<const N: usize>(input: &[u8]) -> [[u8; 32]; N] {
    let mut words = [[0; 32]; N];
    for (to, from) in words.as_flattened_mut().iter_mut().zip(input) {
        *to = *from;
    }
    words
}

#[cfg(test)]
mod tests;
