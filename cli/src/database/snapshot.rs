//! Reads the state.
use std::iter;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use alloy_primitives::{Address, B256};
use redb::{ReadOnlyTable, ReadTransaction, ReadableTable};
use tephra_core::state::{AccountInfo, Backend};

use super::error::{Error, Problem, Result};
use super::guard::guarded;
use super::tables::{
    ABIS, ACCOUNT_SIZE, ACCOUNTS, BLOCK_KEY, CODE, META, NAMES, SLOT_SIZE, STORAGE, decode_account,
    slot_key,
};
use crate::block;

/// The state after one commit, unchanged by later ones.
pub struct Snapshot {
    file: PathBuf,
    block: u64,
    accounts: ReadOnlyTable<&'static [u8; 20], &'static [u8; ACCOUNT_SIZE]>,
    code: ReadOnlyTable<&'static [u8; 32], &'static [u8]>,
    storage: ReadOnlyTable<&'static [u8; SLOT_SIZE], &'static [u8; 32]>,
    names: ReadOnlyTable<&'static str, &'static [u8; 20]>,
    abis: ReadOnlyTable<&'static [u8; 20], &'static str>,
}

impl Snapshot {
    pub(super) fn new(transaction: &ReadTransaction, file: &Path) -> Result<Self> {
        Self::try_new(transaction, file).map_err(|error| Error::database(file, error))
    }

    fn try_new(transaction: &ReadTransaction, file: &Path) -> Result<Self, redb::Error> {
        let block = transaction.open_table(META)?.get(BLOCK_KEY)?.map_or(0, |guard| guard.value());
        Ok(Self {
            file: file.to_owned(),
            block,
            accounts: transaction.open_table(ACCOUNTS)?,
            code: transaction.open_table(CODE)?,
            storage: transaction.open_table(STORAGE)?,
            names: transaction.open_table(NAMES)?,
            abis: transaction.open_table(ABIS)?,
        })
    }

    fn read<T>(&self, read: impl FnOnce(&Self) -> Result<T, redb::StorageError>) -> Result<T> {
        guarded(&self.file, || read(self).map_err(|error| Error::database(&self.file, error)))
    }

    /// Returns the number of the last block.
    pub fn block(&self) -> u64 {
        self.block
    }

    /// Returns the address of the contract with this name.
    ///
    /// # Errors
    /// If the file is damaged or cannot be read.
    pub fn named(&self, name: &str) -> Result<Option<Address>> {
        self.read(|it| Ok(it.names.get(name)?.map(|guard| Address::from(guard.value()))))
    }

    /// Returns names and addresses of the contracts that have names, by name.
    ///
    /// # Errors
    /// If the file is damaged or cannot be read.
    pub fn names(&self) -> Result<Vec<(String, Address)>> {
        self.read(|it| {
            let named = it.names.iter()?.map(|entry| {
                let (name, address) = entry?;
                Ok((name.value().to_owned(), Address::from(address.value())))
            });
            named.collect()
        })
    }

    /// Returns the ABI of a contract as JSON.
    ///
    /// # Errors
    /// If the file is damaged or cannot be read.
    pub fn abi(&self, address: &Address) -> Result<Option<String>> {
        self.read(|it| {
            Ok(it.abis.get(&address.into_array())?.map(|guard| guard.value().to_owned()))
        })
    }

    /// Returns all accounts, by address.
    ///
    /// # Errors
    /// If the file is damaged or cannot be read; the iterator ends with the first error.
    pub fn accounts(&self) -> Result<impl Iterator<Item = Result<(Address, AccountInfo)>> + '_> {
        let mut range = self.read(|it| it.accounts.range::<&[u8; 20]>(..))?;
        Ok(until_error(move || {
            self.read(|_| {
                let Some(entry) = range.next() else { return Ok(None) };
                let (address, account) = entry?;
                Ok(Some((Address::from(address.value()), decode_account(account.value()))))
            })
        }))
    }

    /// Returns keys and values of the storage slots of an account that are not zero, by key.
    ///
    /// # Errors
    /// If the file is damaged or cannot be read; the iterator ends with the first error.
    pub fn slots(
        &self,
        address: &Address,
    ) -> Result<impl Iterator<Item = Result<(B256, B256)>> + '_> {
        let (first, last) = (slot_key(address, &[0; 32]), slot_key(address, &[0xff; 32]));
        let mut range = self.read(|it| it.storage.range::<&[u8; SLOT_SIZE]>(&first..=&last))?;
        Ok(until_error(move || {
            self.read(|_| {
                let Some(entry) = range.next() else { return Ok(None) };
                let (slot, value) = entry?;
                let key = slot.value().last_chunk::<32>().copied().unwrap_or_default();
                Ok(Some((B256::new(key), B256::new(*value.value()))))
            })
        }))
    }
}

/// Makes an iterator that ends after the first error.
fn until_error<T>(mut next: impl FnMut() -> Result<Option<T>>) -> impl Iterator<Item = Result<T>> {
    let mut ended = false;
    iter::from_fn(move || {
        let item = if ended { None } else { next().transpose() };
        ended = !matches!(item, Some(Ok(_)));
        item
    })
}

impl Backend for Snapshot {
    type Error = Error;

    fn account(&self, address: &Address) -> Result<Option<AccountInfo>> {
        self.read(|it| {
            Ok(it.accounts.get(&address.into_array())?.map(|guard| decode_account(guard.value())))
        })
    }

    fn storage(&self, address: &Address, key: &B256) -> Result<B256> {
        let slot = slot_key(address, &key.0);
        self.read(|it| {
            Ok(it.storage.get(&slot)?.map_or(B256::ZERO, |guard| B256::new(*guard.value())))
        })
    }

    fn code(&self, hash: &B256) -> Result<Arc<[u8]>> {
        let code =
            self.read(|it| Ok(it.code.get(&hash.0)?.map(|guard| Arc::from(guard.value()))))?;
        code.ok_or_else(|| {
            Error::new(&self.file, Problem::Damaged(format!("the code {hash} is missing")))
        })
    }

    fn code_size(&self, hash: &B256) -> Result<Option<usize>> {
        self.read(|it| Ok(it.code.get(&hash.0)?.map(|guard| guard.value().len())))
    }

    fn block_hash(&self, number: u64) -> Result<Option<B256>> {
        Ok((number <= self.block).then(|| block::hash(number)))
    }

    fn has_storage(&self, address: &Address) -> Result<bool> {
        let (first, last) = (slot_key(address, &[0; 32]), slot_key(address, &[0xff; 32]));
        self.read(|it| {
            Ok(it.storage.range::<&[u8; SLOT_SIZE]>(&first..=&last)?.next().transpose()?.is_some())
        })
    }
}
