//! Contracts that were compiled, least recently used out first.
use alloc::collections::BTreeMap;
use alloc::sync::Arc;

use alloy_primitives::B256;

use super::{Contract, ContractError};
use crate::work;

/// What compiling some code gave.
type Compiled = Result<Arc<Contract>, ContractError>;

/// A bounded cache. What is in it depends only on the order of its calls, and never changes a
/// result.
pub(super) struct Cache {
    max_entries: usize,
    max_bytes: usize,
    bytes: usize,
    /// Rises with every use.
    clock: u64,
    entries: BTreeMap<B256, Entry>,
    /// The code hash for each time of last use.
    by_use: BTreeMap<u64, B256>,
}

struct Entry {
    compiled: Compiled,
    /// Whether the code was validated by this engine, rather than vouched for by the host.
    validated: bool,
    bytes: usize,
    last_use: u64,
}

impl Cache {
    pub fn new(max_entries: usize, max_bytes: usize) -> Self {
        Self {
            max_entries,
            max_bytes,
            bytes: 0,
            clock: 0,
            entries: BTreeMap::new(),
            by_use: BTreeMap::new(),
        }
    }

    /// What compiling this code gave, if it is known; with `validated`, only if it was validated.
    pub fn get(&mut self, code_hash: &B256, validated: bool) -> Option<Compiled> {
        work::looked_up(self.entries.len());
        let entry = self.entries.get_mut(code_hash)?;
        if validated && !entry.validated {
            return None;
        }
        work::looked_up(self.by_use.len());
        self.by_use.remove(&entry.last_use);
        self.clock += 1;
        entry.last_use = self.clock;
        self.by_use.insert(self.clock, *code_hash);
        Some(entry.compiled.clone())
    }

    /// The code with this hash, if it is that of a contract that is kept. That is no use of the
    /// contract.
    pub fn code(&self, code_hash: &B256) -> Option<Arc<[u8]>> {
        let contract = self.entries.get(code_hash)?.compiled.as_ref().ok()?;
        Some(contract.module().shared_bytes().clone())
    }

    /// Keeps what compiling gave, unless it is larger than the whole cache.
    pub fn insert(&mut self, code_hash: &B256, compiled: Compiled, validated: bool, bytes: usize) {
        self.remove(code_hash);
        if bytes > self.max_bytes || self.max_entries == 0 {
            return;
        }
        while self.entries.len() >= self.max_entries || self.bytes > self.max_bytes - bytes {
            let Some((_, oldest)) = self.by_use.first_key_value() else { break };
            let oldest = *oldest;
            self.remove(&oldest);
        }
        self.clock += 1;
        self.bytes += bytes;
        self.by_use.insert(self.clock, *code_hash);
        self.entries.insert(*code_hash, Entry { compiled, validated, bytes, last_use: self.clock });
    }

    fn remove(&mut self, code_hash: &B256) {
        if let Some(entry) = self.entries.remove(code_hash) {
            self.by_use.remove(&entry.last_use);
            self.bytes -= entry.bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(byte: u8) -> B256 {
        B256::repeat_byte(byte)
    }

    fn insert(cache: &mut Cache, byte: u8, bytes: usize) {
        cache.insert(&hash(byte), Err(ContractError::NotWasm), true, bytes);
    }

    #[test]
    fn the_least_recently_used_entry_goes_first() {
        let mut cache = Cache::new(2, 100);
        insert(&mut cache, 1, 10);
        insert(&mut cache, 2, 10);
        assert!(cache.get(&hash(1), true).is_some());
        insert(&mut cache, 3, 10);
        assert!(cache.get(&hash(1), true).is_some());
        assert!(cache.get(&hash(2), true).is_none());
        assert!(cache.get(&hash(3), true).is_some());
    }

    #[test]
    fn bytes_are_bounded() {
        let mut cache = Cache::new(10, 100);
        insert(&mut cache, 1, 60);
        insert(&mut cache, 2, 40);
        insert(&mut cache, 3, 50);
        assert!(cache.get(&hash(1), true).is_none());
        assert!(cache.get(&hash(2), true).is_some());
        assert_eq!(cache.bytes, 90);
        insert(&mut cache, 4, 101);
        assert!(cache.get(&hash(4), true).is_none());
        assert_eq!(cache.bytes, 90);
    }

    #[test]
    fn the_same_code_is_kept_once() {
        let mut cache = Cache::new(10, 100);
        insert(&mut cache, 1, 60);
        insert(&mut cache, 1, 60);
        assert_eq!((cache.entries.len(), cache.by_use.len(), cache.bytes), (1, 1, 60));
    }

    #[test]
    fn trusted_code_is_not_validated_code() {
        let mut cache = Cache::new(10, 100);
        cache.insert(&hash(1), Err(ContractError::NotWasm), false, 1);
        assert!(cache.get(&hash(1), true).is_none());
        assert!(cache.get(&hash(1), false).is_some());
    }

    #[test]
    fn a_cache_of_no_entries_keeps_nothing() {
        let mut cache = Cache::new(0, 100);
        insert(&mut cache, 1, 1);
        assert!(cache.get(&hash(1), true).is_none());
    }
}
