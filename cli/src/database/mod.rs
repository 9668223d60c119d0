//! The state in one file: accounts, storage, code, and the names and ABIs of contracts.
//!
//! Each [`Commit`] is one transaction of the database. A process that is killed at any moment
//! leaves the state after the last finished commit.
mod error;
mod guard;
mod open;
mod snapshot;
mod tables;

use std::path::{Path, PathBuf};

use alloy_primitives::Address;
use redb::ReadableDatabase;
use tephra_core::state::Changes;

pub use error::{Error, Problem, Result};
use guard::guarded;
pub use guard::silence_caught_panics;
pub use open::{Access, remove};
pub use snapshot::Snapshot;
use tables::{ABIS, BLOCK_KEY, META, NAMES, write_changes};

/// An open state.
#[derive(Debug)]
pub struct Database {
    /// Present until the state is dropped.
    inner: Option<redb::Database>,
    file: PathBuf,
}

/// What a transaction writes to the state.
#[derive(Debug, Default)]
pub struct Commit<'a> {
    /// Accounts, storage and code.
    pub changes: Changes,
    /// The number of the block, if the transaction is one.
    pub block: Option<u64>,
    /// What to remember of a new contract.
    pub contract: Option<NewContract<'a>>,
}

/// What the state remembers of a contract for its users.
#[derive(Clone, Copy, Debug)]
pub struct NewContract<'a> {
    /// Its address.
    pub address: Address,
    /// Its name, taken from the contract that had it before.
    pub name: Option<&'a str>,
    /// Its ABI as JSON.
    pub abi: Option<&'a str>,
}

impl Database {
    /// Opens the state in a file. If there is no file, the state starts with the
    /// [funded accounts](crate::accounts): with [`Access::Write`] in a new file, with
    /// [`Access::Read`] in memory.
    ///
    /// One process at a time uses a file. If another one does, this waits for up to ten seconds.
    ///
    /// # Errors
    /// If the file is damaged, is no state, or cannot be used. It is then unchanged.
    pub fn open(file: &Path, access: Access) -> Result<Self> {
        let inner = guarded(file, || open::open(file, access))?;
        Ok(Self { inner: Some(inner), file: file.to_owned() })
    }

    /// Makes a state in memory with the [funded accounts](crate::accounts).
    ///
    /// # Errors
    /// If the database library fails.
    pub fn in_memory() -> Result<Self> {
        let file = Path::new("state in memory");
        let inner = guarded(file, || open::in_memory(file))?;
        Ok(Self { inner: Some(inner), file: file.to_owned() })
    }

    fn inner(&self) -> Result<&redb::Database> {
        self.inner.as_ref().ok_or_else(|| Error::database(&self.file, redb::Error::DatabaseClosed))
    }

    /// Returns the state after the last commit. Later commits do not change it.
    ///
    /// # Errors
    /// If the file is damaged or cannot be read.
    pub fn snapshot(&self) -> Result<Snapshot> {
        guarded(&self.file, || {
            let transaction =
                self.inner()?.begin_read().map_err(|error| Error::database(&self.file, error))?;
            Snapshot::new(&transaction, &self.file)
        })
    }

    /// Writes all of a commit, or nothing.
    ///
    /// # Errors
    /// If the file is damaged or cannot be written.
    pub fn commit(&self, commit: &Commit<'_>) -> Result<()> {
        guarded(&self.file, || {
            let database = self.inner()?;
            try_commit(database, commit).map_err(|error| Error::database(&self.file, error))
        })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // Closing only saves work for the next one to open the file; all that matters was written
        // before.
        let inner = self.inner.take();
        let _ = guarded(&self.file, || {
            drop(inner);
            Ok(())
        });
    }
}

fn try_commit(database: &redb::Database, commit: &Commit<'_>) -> Result<(), redb::Error> {
    let transaction = database.begin_write()?;
    write_changes(&transaction, &commit.changes)?;
    if let Some(block) = commit.block {
        transaction.open_table(META)?.insert(BLOCK_KEY, block)?;
    }
    if let Some(contract) = &commit.contract {
        let address = contract.address.into_array();
        if let Some(name) = contract.name {
            transaction.open_table(NAMES)?.insert(name, &address)?;
        }
        if let Some(abi) = contract.abi {
            transaction.open_table(ABIS)?.insert(&address, abi)?;
        }
    }
    transaction.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests;
