//! A backend in memory.
use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use core::convert::Infallible;

use alloy_primitives::{Address, B256, U256, keccak256};

use super::{AccountChange, AccountInfo, Backend, Changes};

/// An account of a [`MemoryBackend`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemoryAccount {
    /// Nonce, balance and code hash.
    pub info: AccountInfo,
    /// The code.
    pub code: Arc<[u8]>,
    /// Slots that are not zero.
    pub storage: BTreeMap<B256, B256>,
}

impl MemoryAccount {
    /// An account without storage.
    pub fn new(nonce: u64, balance: U256, code: Arc<[u8]>) -> Self {
        let code_hash = keccak256(&code);
        Self { info: AccountInfo { nonce, balance, code_hash }, code, storage: BTreeMap::new() }
    }
}

/// A state in memory, for tests and for programs that need none that lasts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryBackend {
    accounts: BTreeMap<Address, MemoryAccount>,
    block_hashes: BTreeMap<u64, B256>,
    code: BTreeMap<B256, Arc<[u8]>>,
}

impl MemoryBackend {
    /// A state without accounts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts an account, replacing what was there.
    pub fn insert(&mut self, address: Address, account: MemoryAccount) {
        self.code.insert(account.info.code_hash, account.code.clone());
        self.accounts.insert(address, account);
    }

    /// The accounts.
    pub fn accounts(&self) -> &BTreeMap<Address, MemoryAccount> {
        &self.accounts
    }

    /// Sets the hash of an earlier block.
    pub fn set_block_hash(&mut self, number: u64, hash: B256) {
        self.block_hashes.insert(number, hash);
    }

    /// Writes what a transaction changed.
    pub fn apply(&mut self, changes: Changes) {
        for (address, change) in changes.accounts {
            let update = match change {
                AccountChange::Delete => {
                    self.accounts.remove(&address);
                    continue;
                }
                AccountChange::Update(update) => update,
            };
            let account = self
                .accounts
                .entry(address)
                .or_insert_with(|| MemoryAccount::new(0, U256::ZERO, Arc::default()));
            account.info = AccountInfo {
                nonce: update.nonce,
                balance: update.balance,
                code_hash: update.code_hash,
            };
            if let Some(code) = update.code {
                self.code.insert(update.code_hash, code.clone());
                account.code = code;
            }
            for (key, value) in update.storage {
                if value.is_zero() {
                    account.storage.remove(&key);
                } else {
                    account.storage.insert(key, value);
                }
            }
        }
    }
}

impl Backend for MemoryBackend {
    type Error = Infallible;

    fn account(&self, address: &Address) -> Result<Option<AccountInfo>, Infallible> {
        Ok(self.accounts.get(address).map(|account| account.info))
    }

    fn storage(&self, address: &Address, key: &B256) -> Result<B256, Infallible> {
        let account = self.accounts.get(address);
        Ok(account.and_then(|account| account.storage.get(key)).copied().unwrap_or_default())
    }

    fn code(&self, hash: &B256) -> Result<Arc<[u8]>, Infallible> {
        Ok(self.code.get(hash).cloned().unwrap_or_default())
    }

    fn code_size(&self, hash: &B256) -> Result<Option<usize>, Infallible> {
        Ok(self.code.get(hash).map(|code| code.len()))
    }

    fn block_hash(&self, number: u64) -> Result<Option<B256>, Infallible> {
        Ok(self.block_hashes.get(&number).copied())
    }

    fn has_storage(&self, address: &Address) -> Result<bool, Infallible> {
        Ok(self.accounts.get(address).is_some_and(|account| !account.storage.is_empty()))
    }
}
