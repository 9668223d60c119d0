//! The tables of the state, and how accounts are encoded in them.
use alloy_primitives::{Address, B256, KECCAK256_EMPTY, U256};
use redb::{TableDefinition, WriteTransaction};
use tephra_core::state::{AccountChange, AccountInfo, AccountUpdate, Changes};

use crate::accounts;

/// The version of the tables below. It increases when their meaning changes.
pub const FORMAT: u64 = 1;

/// Facts of the whole state: [`FORMAT_KEY`] and [`BLOCK_KEY`].
pub const META: TableDefinition<'_, &str, u64> = TableDefinition::new("tephra.meta");
/// The format version.
pub const FORMAT_KEY: &str = "format";
/// The number of the last block. Every transaction is a block.
pub const BLOCK_KEY: &str = "block";
/// Address → nonce, balance, hash of the code: 8, 32 and 32 bytes, big-endian.
pub const ACCOUNTS: TableDefinition<'_, &[u8; 20], &[u8; ACCOUNT_SIZE]> =
    TableDefinition::new("tephra.accounts");
/// Size of an account, in bytes.
pub const ACCOUNT_SIZE: usize = 72;
/// Keccak-256 → code. Accounts share code, so it stays when an account is deleted.
pub const CODE: TableDefinition<'_, &[u8; 32], &[u8]> = TableDefinition::new("tephra.code");
/// Address and key → value. Zero is not stored.
pub const STORAGE: TableDefinition<'_, &[u8; SLOT_SIZE], &[u8; 32]> =
    TableDefinition::new("tephra.storage");
/// Size of an address and a key, in bytes.
pub const SLOT_SIZE: usize = 52;
/// Name → address of a contract.
pub const NAMES: TableDefinition<'_, &str, &[u8; 20]> = TableDefinition::new("tephra.names");
/// Address of a contract → its ABI as JSON.
pub const ABIS: TableDefinition<'_, &[u8; 20], &str> = TableDefinition::new("tephra.abis");

/// Writes accounts, storage and code.
pub fn write_changes(transaction: &WriteTransaction, changes: &Changes) -> Result<(), redb::Error> {
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

/// Returns the accounts of a new state.
pub fn genesis() -> Changes {
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

/// Returns the key of a storage slot: address and key.
pub fn slot_key(address: &Address, key: &[u8; 32]) -> [u8; SLOT_SIZE] {
    let mut slot = [0; SLOT_SIZE];
    slot.iter_mut().zip(address.iter().chain(key)).for_each(|(to, from)| *to = *from);
    slot
}

/// Encodes an account for [`ACCOUNTS`].
pub fn encode_account(account: &AccountUpdate) -> [u8; ACCOUNT_SIZE] {
    let mut bytes = [0; ACCOUNT_SIZE];
    let nonce = account.nonce.to_be_bytes();
    let balance = account.balance.to_be_bytes::<32>();
    let fields = nonce.iter().chain(&balance).chain(account.code_hash.iter());
    bytes.iter_mut().zip(fields).for_each(|(to, from)| *to = *from);
    bytes
}

/// Decodes an account of [`ACCOUNTS`].
pub fn decode_account(bytes: &[u8; ACCOUNT_SIZE]) -> AccountInfo {
    let (nonce, rest) =
        bytes.split_first_chunk::<8>().map_or(([0; 8], &[][..]), |(nonce, rest)| (*nonce, rest));
    let (balance, hash) = rest
        .split_first_chunk::<32>()
        .map_or(([0; 32], &[][..]), |(balance, rest)| (*balance, rest));
    AccountInfo {
        nonce: u64::from_be_bytes(nonce),
        balance: U256::from_be_bytes(balance),
        code_hash: hash.try_into().map_or(KECCAK256_EMPTY, B256::new),
    }
}
