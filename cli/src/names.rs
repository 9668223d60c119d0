//! Names of accounts and contracts, both ways.
use std::collections::BTreeMap;

use alloy_primitives::Address;

use crate::accounts;
use crate::database::Snapshot;
use crate::error::{Error, Result};
use crate::input::shorten;

/// The names in a state.
pub struct Names {
    by_name: BTreeMap<String, Address>,
    by_address: BTreeMap<Address, String>,
}

impl Names {
    /// The funded accounts, and the contracts that were given names.
    pub fn of(snapshot: &Snapshot) -> Result<Self> {
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

    /// The address that somebody means: by a name, or in hexadecimal.
    pub fn resolve(&self, word: &str) -> Result<Address> {
        if let Some(address) = self.by_name.get(word) {
            return Ok(*address);
        }
        if let Some(result) = accounts::parse_hex(word) {
            return result;
        }
        Err(Error::usage(format!(
            "nobody is called `{}`; known are {}, and addresses of 0x and 40 hexadecimal digits",
            shorten(word),
            self.by_name.keys().cloned().collect::<Vec<_>>().join(", ")
        )))
    }

    /// The name of an address.
    pub fn name(&self, address: &Address) -> Option<&str> {
        self.by_address.get(address).map(String::as_str)
    }

    /// How an address is shown to people: by its name, or in hexadecimal.
    pub fn show(&self, address: &Address) -> String {
        self.name(address).map_or_else(|| address.to_checksum(None), str::to_owned)
    }
}
