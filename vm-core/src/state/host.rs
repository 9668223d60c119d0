//! The journaled state as the host of frames.
use alloy_primitives::{Address, B256, U256};

use super::account::Mark;
use super::{Backend, JournaledState};
use crate::ewasm::{AccessStatus, Host, StorageStatus, TransactionContext};
use crate::work;

/// How many blocks back hashes can be asked for.
const BLOCK_HASHES: u64 = 256;

impl<B: Backend> Host for JournaledState<B> {
    fn account_exists(&mut self, address: &Address) -> bool {
        !self.account(address).is_empty()
    }

    fn balance(&mut self, address: &Address) -> U256 {
        self.account(address).balance
    }

    fn code_size(&mut self, address: &Address) -> usize {
        let hash = self.account(address).code_hash;
        match self.code_size_of(&hash) {
            Some(size) => size,
            None => self.code(address).len(),
        }
    }

    fn code_hash(&mut self, address: &Address) -> B256 {
        let info = self.account(address);
        if info.is_empty() { B256::ZERO } else { info.code_hash }
    }

    fn copy_code(&mut self, address: &Address, offset: usize, buffer: &mut [u8]) -> usize {
        let code = self.code(address);
        let rest = code.get(offset..).unwrap_or_default();
        let length = rest.len().min(buffer.len());
        work::copied(length as u64);
        for (to, from) in buffer.iter_mut().zip(rest) {
            *to = *from;
        }
        length
    }

    fn nonce_is_exhausted(&mut self, address: &Address) -> bool {
        self.account(address).nonce == u64::MAX
    }

    fn storage(&mut self, address: &Address, key: &B256) -> B256 {
        let place = self.place(address);
        self.slot(place, key).present
    }

    fn set_storage(&mut self, address: &Address, key: &B256, value: &B256) -> StorageStatus {
        let place = self.place(address);
        let slot = self.slot(place, key);
        self.set_slot(place, key, *value);
        StorageStatus::of(&slot.original, &slot.present, value)
    }

    fn transient_storage(&mut self, address: &Address, key: &B256) -> B256 {
        let place = self.place(address);
        self.transient_slot(place, key)
    }

    fn set_transient_storage(&mut self, address: &Address, key: &B256, value: &B256) {
        let place = self.place(address);
        self.set_transient_slot(place, key, *value);
    }

    fn access_account(&mut self, address: &Address) -> AccessStatus {
        let place = self.place(address);
        status(self.mark(place, Mark::Warm))
    }

    fn access_storage(&mut self, address: &Address, key: &B256) -> AccessStatus {
        let place = self.place(address);
        status(self.warm_slot(place, key))
    }

    fn log(&mut self, address: &Address, topics: &[B256], data: &[u8]) {
        self.push_log(address, topics, data);
    }

    fn self_destruct(&mut self, address: &Address, beneficiary: &Address) -> bool {
        let place = self.place(address);
        let balance = self.balance_at(place);
        let is_deleted =
            !self.schedule.self_destruct_new_accounts_only || self.has_mark(place, Mark::Created);
        if address != beneficiary {
            self.set_balance(place, U256::ZERO);
            self.add_balance(beneficiary, balance);
        } else if is_deleted {
            // The wei are gone with the account.
            self.set_balance(place, U256::ZERO);
        }
        self.mark(place, Mark::Touched);
        is_deleted && self.mark(place, Mark::Destroyed)
    }

    fn has_overflown(&self) -> bool {
        self.has_overflown()
    }

    fn context(&mut self) -> &TransactionContext {
        &self.context
    }

    fn block_hash(&mut self, number: u64) -> Option<B256> {
        let present = self.context.number;
        if number >= present || present - number > BLOCK_HASHES {
            return None;
        }
        let hash = self.backend.block_hash(number);
        self.or_default(hash)
    }
}

fn status(is_first: bool) -> AccessStatus {
    if is_first { AccessStatus::Cold } else { AccessStatus::Warm }
}
