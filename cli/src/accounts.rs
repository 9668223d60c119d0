//! Accounts that every fresh state has, and names for addresses.
use alloy_primitives::{Address, U256, keccak256};

use crate::error::{Error, Result};

/// Names of the funded accounts. The address of each is the last 20 bytes of the Keccak-256 of its
/// name, so anybody can compute it; there are no keys, since the command signs nothing.
pub const NAMES: [&str; 6] = ["alice", "bob", "carol", "dave", "eve", "ferdie"];

/// What each of them owns at the start: a million ether, in wei.
pub fn genesis_balance() -> U256 {
    U256::from(1_000_000u64) * U256::from(1_000_000_000_000_000_000u64)
}

/// The address of a funded account; none if `name` is not one of [`NAMES`].
#[cfg(test)]
pub fn named(name: &str) -> Option<Address> {
    NAMES.contains(&name).then(|| address_of(name))
}

/// The funded accounts, in their order.
pub fn all() -> impl Iterator<Item = (&'static str, Address)> {
    NAMES.into_iter().map(|name| (name, address_of(name)))
}

fn address_of(name: &str) -> Address {
    Address::from_word(keccak256(name))
}

/// Bytes of the longest name that a contract can be given.
const LONGEST_NAME: usize = 64;

/// Checks a name for a contract: a letter, then letters, digits, `-`, `_` and `.`; none of the
/// funded accounts'.
pub fn check_name(name: &str) -> Result<()> {
    if NAMES.contains(&name) {
        return Err(Error::usage(format!(
            "`{name}` is one of the funded accounts; choose another name"
        )));
    }
    let letters = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if !letters || !name.starts_with(|c: char| c.is_ascii_alphabetic()) || name.len() > LONGEST_NAME
    {
        return Err(Error::usage(format!(
            "`{}` cannot be a name; a name is a letter followed by letters, digits, `-`, `_` or `.`, {LONGEST_NAME} at most",
            name.escape_debug()
        )));
    }
    Ok(())
}

/// Reads a hexadecimal address: `0x` and 40 digits. Digits of mixed case must be the checksum of
/// EIP-55. None if `text` does not look like an address at all.
pub fn parse_hex(text: &str) -> Option<Result<Address>> {
    let digits = text.strip_prefix("0x")?;
    let wrong = |reason: String| {
        Some(Err(Error::usage(format!("`{}` is not an address: {reason}", text.escape_debug()))))
    };
    let Ok(address) = text.parse::<Address>() else {
        return wrong(format!("after 0x come 40 hexadecimal digits, not {}", describe(digits)));
    };
    let mixed = digits.contains(|c: char| c.is_ascii_uppercase())
        && digits.contains(|c: char| c.is_ascii_lowercase());
    if mixed && address.to_checksum(None) != text {
        return wrong(format!(
            "its upper and lower case is not the checksum of EIP-55; is it {address}? Or write it all in lower case"
        ));
    }
    Some(Ok(address))
}

fn describe(digits: &str) -> String {
    match digits.chars().find(|c| !c.is_ascii_hexdigit()) {
        Some(other) => format!("`{}`", other.escape_debug()),
        None => digits.len().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_the_end_of_the_hash_of_its_name() {
        let hash = keccak256("alice");
        assert_eq!(
            named("alice").map(|a| a.to_vec()),
            Some(hash.as_slice().get(12..).unwrap().to_vec())
        );
        assert_eq!(named("Alice"), None);
    }

    #[test]
    fn a_wrong_checksum_is_refused_and_lower_case_is_not() {
        let right = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
        assert!(parse_hex(right).unwrap().is_ok());
        assert!(parse_hex(&right.to_lowercase()).unwrap().is_ok());
        assert!(parse_hex("0x5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed").unwrap().is_err());
        assert!(parse_hex("0x12").unwrap().is_err());
        assert!(parse_hex("bob").is_none());
    }

    #[test]
    fn names_are_short_plain_words() {
        assert!(check_name("token").is_ok());
        assert!(check_name("my-token_2.0").is_ok());
        for wrong in ["", "alice", "0xab", "-x", "a b", "é", "a\u{1b}[31m", &"a".repeat(65)] {
            assert!(check_name(wrong).is_err(), "{wrong}");
        }
    }
}
