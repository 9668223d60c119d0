//! The accounts that own ether at the start of every state.
//!
//! There are no keys, since nothing is signed: anyone may send transactions as any account.
use alloy_primitives::{Address, U256, keccak256};

/// Names of the funded accounts. The address of each is the last 20 bytes of the Keccak-256 of its
/// name.
pub const NAMES: [&str; 6] = ["alice", "bob", "carol", "dave", "eve", "ferdie"];

/// Returns the balance of each funded account at the start: a million ether, in wei.
pub fn genesis_balance() -> U256 {
    U256::from(1_000_000u64) * U256::from(1_000_000_000_000_000_000u64)
}

/// Returns the address of a funded account, or nothing if `name` is not one of [`NAMES`].
pub fn address(name: &str) -> Option<Address> {
    NAMES.contains(&name).then(|| derive(name))
}

/// Returns names and addresses of the funded accounts, in the order of [`NAMES`].
pub fn all() -> impl Iterator<Item = (&'static str, Address)> {
    NAMES.into_iter().map(|name| (name, derive(name)))
}

fn derive(name: &str) -> Address {
    Address::from_word(keccak256(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_the_end_of_the_hash_of_its_name() {
        let hash = keccak256("alice");
        assert_eq!(
            address("alice").map(|address| address.to_vec()),
            Some(hash.as_slice().get(12..).unwrap().to_vec())
        );
        assert_eq!(address("Alice"), None);
    }
}
