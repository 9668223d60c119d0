//! Names of accounts and contracts, and addresses as text.
use std::collections::BTreeMap;
use std::fmt;

use alloy_primitives::Address;

use crate::accounts;
use crate::database::{self, Snapshot};
use crate::text::shorten;

/// Greatest length of a contract's name, in bytes.
pub const LONGEST_NAME: usize = 64;

/// Why a word is no name or address. Texts are shortened and safe to show.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The word is no name in the state, and no address.
    #[error(
        "nobody is called `{word}`; known names are {}; an address is 0x and 40 hexadecimal digits",
        known.join(", ")
    )]
    Unknown {
        /// The word.
        word: String,
        /// All names in the state.
        known: Vec<String>,
    },
    /// The word begins like an address and is none.
    #[error("`{word}` is not an address: {problem}")]
    Address {
        /// The word.
        word: String,
        /// What is wrong.
        problem: AddressProblem,
    },
    /// The name belongs to a funded account.
    #[error("`{0}` is one of the funded accounts; choose another name")]
    Reserved(String),
    /// The name has other characters than those allowed, or too many.
    #[error(
        "`{0}` cannot be a name; a name is a letter followed by letters, digits, `-`, `_` or `.`, \
         at most {LONGEST_NAME} in all"
    )]
    Invalid(String),
}

/// What is wrong with an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddressProblem {
    /// A character is no hexadecimal digit.
    Digit(char),
    /// The number of digits is not 40.
    Length(usize),
    /// Upper and lower case are not the checksum of EIP-55.
    Checksum(Address),
}

impl fmt::Display for AddressProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Digit(other) => {
                write!(f, "40 hexadecimal digits follow 0x, not `{}`", other.escape_debug())
            }
            Self::Length(length) => write!(f, "40 hexadecimal digits follow 0x, not {length}"),
            Self::Checksum(right) => write!(
                f,
                "its upper and lower case do not match the checksum of EIP-55; write {right}, or \
                 all of it in lower case"
            ),
        }
    }
}

/// The names in a state, from name to address and back.
#[derive(Clone, Debug, Default)]
pub struct Names {
    by_name: BTreeMap<String, Address>,
    by_address: BTreeMap<Address, String>,
}

impl Names {
    /// Reads the names of a state: those of the [funded accounts](accounts) and of contracts.
    ///
    /// # Errors
    /// If the file is damaged or cannot be read.
    pub fn of(snapshot: &Snapshot) -> database::Result<Self> {
        let mut by_name: BTreeMap<String, Address> = snapshot.names()?.into_iter().collect();
        by_name.extend(accounts::all().map(|(name, address)| (name.to_owned(), address)));
        let by_address = by_name.iter().map(|(name, address)| (*address, name.clone())).collect();
        Ok(Self { by_name, by_address })
    }

    /// Adds a name that the state does not have yet.
    pub fn add(&mut self, name: &str, address: Address) {
        self.by_name.insert(name.to_owned(), address);
        self.by_address.insert(address, name.to_owned());
    }

    /// Returns the address that a word stands for: a name, or an address in hexadecimal.
    ///
    /// # Errors
    /// [`Error::Unknown`] or [`Error::Address`].
    pub fn resolve(&self, word: &str) -> Result<Address, Error> {
        if let Some(address) = self.by_name.get(word) {
            return Ok(*address);
        }
        if let Some(result) = parse_address(word) {
            return result;
        }
        let known = self.by_name.keys().cloned().collect();
        Err(Error::Unknown { word: shorten(word), known })
    }

    /// Returns the name of an address.
    pub fn name(&self, address: &Address) -> Option<&str> {
        self.by_address.get(address).map(String::as_str)
    }

    /// Returns an address for people: its name, or hexadecimal digits.
    pub fn show(&self, address: &Address) -> String {
        self.name(address).map_or_else(|| address.to_checksum(None), str::to_owned)
    }
}

/// Checks a name for a contract: a letter, then letters, digits, `-`, `_` and `.`, and no name of a
/// funded account.
///
/// # Errors
/// [`Error::Reserved`] or [`Error::Invalid`].
pub fn check_name(name: &str) -> Result<(), Error> {
    if accounts::NAMES.contains(&name) {
        return Err(Error::Reserved(name.to_owned()));
    }
    let letters = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if !letters || !name.starts_with(|c: char| c.is_ascii_alphabetic()) || name.len() > LONGEST_NAME
    {
        return Err(Error::Invalid(shorten(name)));
    }
    Ok(())
}

/// Reads an address: `0x` and 40 hexadecimal digits, whose mixed case must be the checksum of
/// EIP-55. Returns nothing if the word does not begin with `0x`.
///
/// # Errors
/// [`Error::Address`].
pub fn parse_address(word: &str) -> Option<Result<Address, Error>> {
    let digits = word.strip_prefix("0x")?;
    let wrong = |problem| Some(Err(Error::Address { word: shorten(word), problem }));
    if let Some(other) = digits.chars().find(|c| !c.is_ascii_hexdigit()) {
        return wrong(AddressProblem::Digit(other));
    }
    let Ok(address) = word.parse::<Address>() else {
        return wrong(AddressProblem::Length(digits.len()));
    };
    let mixed = digits.contains(|c: char| c.is_ascii_uppercase())
        && digits.contains(|c: char| c.is_ascii_lowercase());
    if mixed && address.to_checksum(None) != word {
        return wrong(AddressProblem::Checksum(address));
    }
    Some(Ok(address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_checksum_is_refused_and_lower_case_is_not() {
        let right = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
        assert!(parse_address(right).unwrap().is_ok());
        assert!(parse_address(&right.to_lowercase()).unwrap().is_ok());
        let problem = |word: &str| match parse_address(word).unwrap().unwrap_err() {
            Error::Address { problem, .. } => problem,
            other => panic!("{other}"),
        };
        assert_eq!(
            problem("0x5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed"),
            AddressProblem::Checksum(right.parse().unwrap())
        );
        assert_eq!(problem("0x12"), AddressProblem::Length(2));
        assert_eq!(problem("0x1z"), AddressProblem::Digit('z'));
        assert!(parse_address("bob").is_none());
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
