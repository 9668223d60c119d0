//! The state in one file. Each transaction of the chain is one transaction of the database: killed
//! at any moment, the file holds the state after the last one that was finished.
mod guard;
mod open;
mod snapshot;

use std::path::{Path, PathBuf};

use alloy_primitives::{Address, KECCAK256_EMPTY};
use redb::{ReadableDatabase, TableDefinition, WriteTransaction};
use tephra_core::state::{AccountChange, AccountInfo, AccountUpdate, Changes};

use guard::guarded;
pub use open::{Access, remove};
pub use snapshot::Snapshot;

use crate::accounts;
use crate::error::{Error, Result};

/// The version of the tables below. It grows when their meaning changes.
const FORMAT: u64 = 1;

/// Numbers of the whole state: [`FORMAT_KEY`] and [`BLOCK_KEY`].
const META: TableDefinition<'_, &str, u64> = TableDefinition::new("tephra.meta");
const FORMAT_KEY: &str = "format";
/// The number of the last block. Every transaction is a block.
const BLOCK_KEY: &str = "block";
/// Address → nonce, balance, hash of the code: 8, 32 and 32 bytes, big-endian.
const ACCOUNTS: TableDefinition<'_, &[u8; 20], &[u8; ACCOUNT_SIZE]> =
    TableDefinition::new("tephra.accounts");
const ACCOUNT_SIZE: usize = 72;
/// Keccak-256 → code. Code stays when its account goes, as accounts share it.
const CODE: TableDefinition<'_, &[u8; 32], &[u8]> = TableDefinition::new("tephra.code");
/// Address and key → value. Zero is not stored.
const STORAGE: TableDefinition<'_, &[u8; SLOT_SIZE], &[u8; 32]> =
    TableDefinition::new("tephra.storage");
const SLOT_SIZE: usize = 52;
/// Name → address of a contract.
const NAMES: TableDefinition<'_, &str, &[u8; 20]> = TableDefinition::new("tephra.names");
/// Address of a contract → its ABI as JSON.
const ABIS: TableDefinition<'_, &[u8; 20], &str> = TableDefinition::new("tephra.abis");

/// An open state.
pub struct Database {
    /// There until it is dropped.
    inner: Option<redb::Database>,
    file: PathBuf,
}

/// What a transaction leaves in the state.
#[derive(Default)]
pub struct Commit<'a> {
    /// Accounts, storage and code.
    pub changes: Changes,
    /// The number of the block, if the transaction is one.
    pub block: Option<u64>,
    /// What to remember of a new contract.
    pub contract: Option<NewContract<'a>>,
}

/// What the command remembers of a contract, for people.
pub struct NewContract<'a> {
    /// Where it is.
    pub address: Address,
    /// A name for it, taken from the contract that had it before.
    pub name: Option<&'a str>,
    /// Its ABI as JSON.
    pub abi: Option<&'a str>,
}

impl Database {
    /// Opens the state; one that is not there yet begins with the funded accounts. For
    /// [`Access::Read`] it is then not written to disk.
    pub fn open(file: &Path, access: Access) -> Result<Self> {
        let inner = guarded(file, || open::open(file, access))?;
        Ok(Self { inner: Some(inner), file: file.to_owned() })
    }

    /// A state in memory, as it is at the start.
    pub fn in_memory() -> Result<Self> {
        let file = Path::new("state in memory");
        let inner = guarded(file, || open::in_memory(file))?;
        Ok(Self { inner: Some(inner), file: file.to_owned() })
    }

    fn inner(&self) -> Result<&redb::Database> {
        self.inner.as_ref().ok_or_else(|| failed(&self.file, redb::Error::DatabaseClosed))
    }

    /// The state as it is now.
    pub fn snapshot(&self) -> Result<Snapshot> {
        guarded(&self.file, || {
            let transaction =
                self.inner()?.begin_read().map_err(|error| failed(&self.file, error))?;
            Snapshot::new(&transaction, &self.file)
        })
    }

    /// Writes all of it, or nothing.
    pub fn commit(&self, commit: &Commit<'_>) -> Result<()> {
        guarded(&self.file, || {
            let database = self.inner()?;
            try_commit(database, commit).map_err(|error| failed(&self.file, error))
        })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // Closing only saves work for the next one who opens it; everything that matters was
        // written before.
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

fn write_changes(transaction: &WriteTransaction, changes: &Changes) -> Result<(), redb::Error> {
    let mut accounts = transaction.open_table(ACCOUNTS)?;
    let mut storage = transaction.open_table(STORAGE)?;
    let mut code = transaction.open_table(CODE)?;
    for (address, change) in &changes.accounts {
        match change {
            AccountChange::Delete => {
                accounts.remove(&address.into_array())?;
                let (first, last) = (slot_key(address, &[0; 32]), slot_key(address, &[0xff; 32]));
                storage.retain_in::<&[u8; SLOT_SIZE], _>(&first..=&last, |_, _| false)?;
            }
            AccountChange::Update(update) => {
                accounts.insert(&address.into_array(), &encode_account(update))?;
                if let Some(bytes) = &update.code {
                    code.insert(&update.code_hash.0, &**bytes)?;
                }
                for (key, value) in &update.storage {
                    let slot = slot_key(address, &key.0);
                    if value.is_zero() {
                        storage.remove(&slot)?;
                    } else {
                        storage.insert(&slot, &value.0)?;
                    }
                }
            }
        }
    }
    Ok(())
}

/// The funded accounts.
fn genesis() -> Changes {
    let update = AccountUpdate {
        nonce: 0,
        balance: accounts::genesis_balance(),
        code_hash: KECCAK256_EMPTY,
        code: None,
        storage: Vec::new(),
    };
    let mut accounts: Vec<_> = accounts::all()
        .map(|(_, address)| (address, AccountChange::Update(update.clone())))
        .collect();
    accounts.sort_by_key(|(address, _)| *address);
    Changes { accounts }
}

fn slot_key(address: &Address, key: &[u8; 32]) -> [u8; SLOT_SIZE] {
    let mut slot = [0; SLOT_SIZE];
    slot.iter_mut().zip(address.iter().chain(key)).for_each(|(to, from)| *to = *from);
    slot
}

fn encode_account(account: &AccountUpdate) -> [u8; ACCOUNT_SIZE] {
    let mut bytes = [0; ACCOUNT_SIZE];
    let nonce = account.nonce.to_be_bytes();
    let balance = account.balance.to_be_bytes::<32>();
    let fields = nonce.iter().chain(&balance).chain(account.code_hash.iter());
    bytes.iter_mut().zip(fields).for_each(|(to, from)| *to = *from);
    bytes
}

fn decode_account(bytes: &[u8; ACCOUNT_SIZE]) -> AccountInfo {
    let (nonce, rest) =
        bytes.split_first_chunk::<8>().map_or(([0; 8], &[][..]), |(nonce, rest)| (*nonce, rest));
    let (balance, hash) = rest
        .split_first_chunk::<32>()
        .map_or(([0; 32], &[][..]), |(balance, rest)| (*balance, rest));
    AccountInfo {
        nonce: u64::from_be_bytes(nonce),
        balance: alloy_primitives::U256::from_be_bytes(balance),
        code_hash: hash.try_into().map_or(KECCAK256_EMPTY, alloy_primitives::B256::new),
    }
}

/// What the database says, for a person.
fn failed(file: &Path, error: impl Into<redb::Error>) -> Error {
    let reason = match error.into() {
        redb::Error::DatabaseAlreadyOpen | redb::Error::LockProtocolMismatch => {
            "another tephra is using this state and does not end; wait for it, or give another file with --state"
                .to_owned()
        }
        redb::Error::Io(error) => return unusable(file, &error),
        redb::Error::Corrupted(what) => format!("the state is damaged ({what}); begin anew with `tephra state reset`"),
        redb::Error::UpgradeRequired(version) => {
            format!(
                "written in version {version} of the database's format, which this tephra no longer reads; use the tephra that wrote it"
            )
        }
        redb::Error::TableDoesNotExist(_) | redb::Error::TableTypeMismatch { .. } => {
            "a database, but not one of tephra's; give another file with --state".to_owned()
        }
        other => format!("the state cannot be used: {other}"),
    };
    Error::Database { file: file.to_owned(), reason }
}

fn unusable(file: &Path, error: &std::io::Error) -> Error {
    use std::io::ErrorKind;
    let reason = match error.kind() {
        ErrorKind::InvalidData | ErrorKind::UnexpectedEof => {
            "not a state database of tephra; give another file with --state".to_owned()
        }
        ErrorKind::IsADirectory => "this is a folder; name a file in it with --state".to_owned(),
        ErrorKind::NotFound | ErrorKind::NotADirectory => {
            "the folder of the state does not exist; make it, or give another file with --state"
                .to_owned()
        }
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            "no permission to read and write the state; give another file with --state".to_owned()
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "no space is left for the state; nothing was changed".to_owned()
        }
        _ => format!("the state cannot be read or written: {error}"),
    };
    Error::Database { file: file.to_owned(), reason }
}

#[cfg(test)]
mod tests;
