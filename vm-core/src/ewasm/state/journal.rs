//! The state with a journal: whatever happened since a checkpoint can be undone.
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::sync::Arc;
use alloc::vec::Vec;

use alloy_primitives::{Address, B256, KECCAK256_EMPTY, Log, U256, keccak256};

use super::account::{Account, Mark, SlotValue};
use super::changes::{AccountChange, AccountUpdate, Changes};
use super::{AccountInfo, Backend, Work};
use crate::ewasm::{Growth, PaidCode, TransactionContext};
use crate::revision::Revision;

/// How to undo one change. Accounts are named by their place in [`JournaledState::accounts`].
#[derive(Clone, Copy, Debug)]
enum Undo {
    Mark(u32, Mark),
    Balance(u32, U256),
    Nonce(u32, u64),
    CodeHash(u32, B256),
    Storage(u32, B256, B256),
    Transient(u32, B256, B256),
    WarmSlot(u32, B256),
    /// Somebody else wrote to the backend; accounts from this place on have been read since.
    Foreign(u32),
}

/// A point in a transaction to go back to.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "a checkpoint is either committed or rolled back"]
pub struct Checkpoint {
    undos: usize,
    logs: usize,
}

/// The state while a transaction runs: what the backend has, with the transaction's changes on top.
///
/// It is the [`Host`](crate::ewasm::Host) of the frames. Everything that a frame does to it can be undone: storage, transfers, nonces, new accounts, logs,
/// self-destructs, transient storage, and the lists of touched addresses and slots. Its memory is proportional to the gas that the transaction paid, plus the
/// code that the transaction runs ([`PaidCode`]) and a fixed cache of code that it looks at.
///
/// One value serves any number of transactions, one after the other: [`Self::begin`], run, [`Self::finish`], and write the changes to the backend.
#[derive(Debug)]
pub struct JournaledState<B: Backend> {
    pub(super) backend: B,
    pub(super) revision: Revision,
    pub(super) context: TransactionContext,
    accounts: Vec<Account>,
    places: BTreeMap<Address, u32>,
    /// Addresses that are warm from the start of the transaction and whose accounts nobody has asked for so far.
    warm: BTreeSet<Address>,
    undos: Vec<Undo>,
    logs: Vec<Log>,
    /// Checkpoints that are neither committed nor rolled back.
    open: u32,
    /// Whether somebody else may have changed balances in the backend while the transaction ran.
    has_foreign_balances: bool,
    /// Code that was made in this transaction.
    new_code: BTreeMap<B256, Arc<[u8]>>,
    /// Code from the backend.
    old_code: BTreeMap<B256, Arc<[u8]>>,
    old_code_bytes: usize,
    /// Code that frames of this transaction have paid for.
    pub(super) paid: PaidCode,
    /// What has been paid for in this transaction.
    pub(super) growth: Growth,
    error: Option<B::Error>,
}

impl<B: Backend> JournaledState<B> {
    /// The state of a backend under the rules of a revision.
    pub fn new(backend: B, revision: Revision) -> Self {
        Self {
            backend,
            revision,
            context: TransactionContext::default(),
            accounts: Vec::new(),
            places: BTreeMap::new(),
            warm: BTreeSet::new(),
            undos: Vec::new(),
            logs: Vec::new(),
            open: 0,
            has_foreign_balances: false,
            new_code: BTreeMap::new(),
            old_code: BTreeMap::new(),
            old_code_bytes: 0,
            paid: PaidCode::default(),
            growth: Growth::default(),
            error: None,
        }
    }

    /// Begins a transaction: what an earlier one left unfinished is forgotten.
    pub fn begin(&mut self, context: TransactionContext) {
        self.context = context;
        self.accounts.clear();
        self.places.clear();
        self.warm.clear();
        self.undos.clear();
        self.logs.clear();
        self.open = 0;
        self.has_foreign_balances = false;
        self.new_code.clear();
        self.old_code.clear();
        self.old_code_bytes = 0;
        self.paid = PaidCode::default();
        self.growth = Growth::default();
        self.error = None;
    }

    /// Ends the transaction: what it changed. Destroyed accounts and touched empty ones (EIP-161) are deleted. Logs are dropped: [`Self::take_logs`] before.
    ///
    /// # Errors
    /// When the backend failed during the transaction; then nothing of it may be kept.
    pub fn finish(&mut self) -> Result<Changes, B::Error> {
        if let Some(error) = self.error.take() {
            self.begin(TransactionContext::default());
            return Err(error);
        }
        let mut changes = Changes::default();
        let places = core::mem::take(&mut self.places);
        for (address, place) in places {
            if let Some(change) = self.change_of(place) {
                changes.accounts.push((address, change));
            }
        }
        self.begin(TransactionContext::default());
        Ok(changes)
    }

    fn change_of(&self, place: u32) -> Option<AccountChange> {
        let account = self.at(place);
        let is_gone = account.has(Mark::Destroyed) || (account.has(Mark::Touched) && account.present.is_empty());
        if is_gone {
            return account.original.map(|_| AccountChange::Delete);
        }
        let storage: Vec<_> = account
            .slots
            .iter()
            .filter_map(|(key, slot)| slot.value.map(|value| (*key, value)))
            .filter(|(_, value)| value.original != value.present)
            .map(|(key, value)| (key, value.present))
            .collect();
        let original = account.original.unwrap_or_default();
        if storage.is_empty() && account.present == original {
            return None;
        }
        let AccountInfo { nonce, balance, code_hash } = account.present;
        let code = (code_hash != original.code_hash).then(|| self.new_code.get(&code_hash).cloned()).flatten();
        Some(AccountChange::Update(AccountUpdate { nonce, balance, code_hash, code, storage }))
    }

    /// The rules that the state follows.
    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// What keeps the state between transactions.
    pub fn backend(&self) -> &B {
        &self.backend
    }

    /// What keeps the state between transactions. It is not to be changed while a transaction is open.
    pub fn backend_mut(&mut self) -> &mut B {
        &mut self.backend
    }

    /// Gives the backend back. A transaction that is not finished is forgotten.
    pub fn into_backend(self) -> B {
        self.backend
    }

    /// Whether the backend has failed since [`Self::begin`]. All answers after that are made up; [`Self::finish`] gives the error.
    pub fn has_failed(&self) -> bool {
        self.error.is_some()
    }

    /// Marks a point to go back to.
    pub fn checkpoint(&mut self) -> Checkpoint {
        self.open = self.open.saturating_add(1);
        Checkpoint { undos: self.undos.len(), logs: self.logs.len() }
    }

    /// How many checkpoints are open: neither committed nor rolled back.
    pub fn open_checkpoints(&self) -> u32 {
        self.open
    }

    /// Keeps what happened since the checkpoint; an outer checkpoint can still undo it.
    pub fn commit(&mut self, _checkpoint: Checkpoint) {
        self.open = self.open.saturating_sub(1);
        self.backend.checkpoint_closed(self.open, true);
    }

    /// Undoes everything that happened since the checkpoint.
    pub fn rollback(&mut self, checkpoint: Checkpoint) {
        self.logs.truncate(checkpoint.logs);
        let mut foreign = None;
        while self.undos.len() > checkpoint.undos {
            match self.undos.pop() {
                Some(Undo::Foreign(place)) => foreign = Some(place),
                Some(undo) => self.undo(undo),
                None => break,
            }
        }
        self.open = self.open.saturating_sub(1);
        self.backend.checkpoint_closed(self.open, false);
        if let Some(place) = foreign {
            self.reread_accounts(place);
        }
    }

    /// Reads accounts anew whose first reading saw what the backend has undone.
    fn reread_accounts(&mut self, first: u32) {
        for place in first..self.accounts.len() as u32 {
            let original = self.backend.account(&self.at(place).address);
            let original = self.or_default(original);
            let account = self.at_mut(place);
            account.original = original;
            account.present = original.unwrap_or_default();
        }
    }

    fn undo(&mut self, undo: Undo) {
        match undo {
            Undo::Foreign(_) => {}
            Undo::Mark(place, mark) => self.at_mut(place).set(mark, false),
            Undo::Balance(place, balance) => self.at_mut(place).present.balance = balance,
            Undo::Nonce(place, nonce) => self.at_mut(place).present.nonce = nonce,
            Undo::CodeHash(place, hash) => self.at_mut(place).present.code_hash = hash,
            Undo::Storage(place, key, value) => {
                if let Some(slot) = self.at_mut(place).slots.get_mut(&key).and_then(|slot| slot.value.as_mut()) {
                    slot.present = value;
                }
            }
            Undo::Transient(place, key, value) => put_transient(self.at_mut(place), key, value),
            Undo::WarmSlot(place, key) => {
                if let Some(slot) = self.at_mut(place).slots.get_mut(&key) {
                    slot.warm = false;
                }
            }
        }
    }

    /// What the account is at this moment; empty when it does not exist.
    pub fn account(&mut self, address: &Address) -> AccountInfo {
        let place = self.place(address);
        self.at(place).present
    }

    /// The accounts that were looked at, by ascending address, and their balances at this moment in wei.
    pub fn balances(&self) -> impl Iterator<Item = (Address, U256)> {
        self.places.iter().map(|(address, place)| (*address, self.at(*place).present.balance))
    }

    /// The balances that are other than the backend's, by ascending address, as [`Self::finish`] leaves them in wei: what reaches an account after its destruction is gone with it. Once
    /// [`Self::reread_balances`] was called, those of all accounts that were looked at.
    pub fn final_balances(&self) -> impl Iterator<Item = (Address, U256)> {
        self.places.iter().filter_map(|(address, place)| {
            let account = self.at(*place);
            let balance = if account.has(Mark::Destroyed) { U256::ZERO } else { account.present.balance };
            let original = account.original.unwrap_or_default().balance;
            (self.has_foreign_balances || balance != original).then_some((*address, balance))
        })
    }

    /// Takes over the balances of all accounts that were looked at from the backend, where somebody else has changed them. A rollback undoes it.
    pub fn reread_balances(&mut self) {
        self.has_foreign_balances = true;
        self.undos.push(Undo::Foreign(self.accounts.len() as u32));
        for place in 0..self.accounts.len() as u32 {
            let account = self.backend.account(&self.at(place).address);
            let balance = self.or_default(account).unwrap_or_default().balance;
            self.set_balance(place, balance);
        }
    }

    /// Tells the backend of work, and answers whether it may be done.
    pub(super) fn work(&mut self, work: Work<'_>) -> bool {
        let answer = self.backend.work(work);
        self.or_default(answer);
        !self.has_failed()
    }

    /// The size of the code with this hash, unless it takes the code to tell.
    pub(super) fn code_size_of(&mut self, hash: &B256) -> Option<usize> {
        if *hash == KECCAK256_EMPTY {
            return Some(0);
        }
        if let Some(code) = self.code_at_hand(hash) {
            return Some(code.len());
        }
        let size = self.backend.code_size(hash);
        self.or_default(size)
    }

    /// The code of the account; no bytes when it has none.
    pub fn code(&mut self, address: &Address) -> Arc<[u8]> {
        let hash = self.account(address).code_hash;
        self.code_of(hash)
    }

    /// The code with this hash, which an account names.
    pub(super) fn code_of(&mut self, hash: B256) -> Arc<[u8]> {
        if hash == KECCAK256_EMPTY {
            return Arc::default();
        }
        if let Some(code) = self.code_at_hand(&hash) {
            return code.clone();
        }
        let code = self.backend.code(&hash);
        let code = self.or_default(code);
        if self.old_code_bytes.saturating_add(code.len()) > self.backend.code_at_hand() {
            self.old_code.clear();
            self.old_code_bytes = 0;
        }
        self.old_code_bytes = self.old_code_bytes.saturating_add(code.len());
        self.old_code.insert(hash, code.clone());
        code
    }

    /// What needs no reading.
    fn code_at_hand(&self, hash: &B256) -> Option<&Arc<[u8]>> {
        self.paid.code(hash).or_else(|| self.new_code.get(hash)).or_else(|| self.old_code.get(hash))
    }

    /// Forgets code from the backend that is among [`Self::paid`] by now.
    pub(super) fn drop_read_code(&mut self, hash: &B256) {
        if let Some(code) = self.old_code.remove(hash) {
            self.old_code_bytes = self.old_code_bytes.saturating_sub(code.len());
        }
    }

    /// Whether the account's code was made in this transaction.
    pub fn is_new_code(&self, code_hash: &B256) -> bool {
        self.new_code.contains_key(code_hash)
    }

    /// Touches an account: when it is empty at the end of the transaction, it will not exist (EIP-161).
    pub fn touch(&mut self, address: &Address) {
        let place = self.place(address);
        self.mark(place, Mark::Touched);
    }

    /// Touches an account and adds to its balance, in wei. Stays at 2^256−1, which no real supply reaches.
    pub fn add_balance(&mut self, address: &Address, value: U256) {
        let place = self.place(address);
        self.mark(place, Mark::Touched);
        let balance = self.at(place).present.balance.saturating_add(value);
        self.set_balance(place, balance);
    }

    /// Touches an account and takes from its balance, in wei. Answers whether there was enough; otherwise nothing is taken.
    #[must_use]
    pub fn take_balance(&mut self, address: &Address, value: U256) -> bool {
        let place = self.place(address);
        let Some(balance) = self.at(place).present.balance.checked_sub(value) else {
            return false;
        };
        self.mark(place, Mark::Touched);
        self.set_balance(place, balance);
        true
    }

    /// Moves wei and touches both accounts. Answers whether there was enough; otherwise nothing happens.
    #[must_use]
    pub fn transfer(&mut self, from: &Address, to: &Address, value: U256) -> bool {
        let taken = self.take_balance(from, value);
        if taken {
            self.add_balance(to, value);
        }
        taken
    }

    /// Adds one to the nonce and answers what it was before; none when it cannot grow any further (EIP-2681).
    #[must_use]
    pub fn increment_nonce(&mut self, address: &Address) -> Option<u64> {
        let place = self.place(address);
        let nonce = self.at(place).present.nonce;
        let next = nonce.checked_add(1)?;
        self.mark(place, Mark::Touched);
        self.set_nonce(place, next);
        Some(nonce)
    }

    /// Makes the account of a new contract: nonce 1 (EIP-161), no code yet, and the balance that the address may have already. Answers whether the address is free: an account with nonce, code or
    /// storage (EIP-684, EIP-7610) is in the way.
    #[must_use]
    pub fn create_account(&mut self, address: &Address) -> bool {
        let place = self.place(address);
        let present = self.at(place).present;
        let has_storage = self.backend.has_storage(address);
        if present.nonce != 0 || present.has_code() || self.or_default(has_storage) {
            return false;
        }
        self.mark(place, Mark::Touched);
        self.mark(place, Mark::Created);
        self.set_nonce(place, 1);
        true
    }

    /// Gives an account its code.
    pub fn set_code(&mut self, address: &Address, code: Arc<[u8]>) {
        let place = self.place(address);
        let hash = keccak256(&code);
        self.mark(place, Mark::Touched);
        self.undos.push(Undo::CodeHash(place, self.at(place).present.code_hash));
        self.at_mut(place).present.code_hash = hash;
        if hash != KECCAK256_EMPTY {
            self.new_code.insert(hash, code);
        }
    }

    /// The logs so far.
    pub fn logs(&self) -> &[Log] {
        &self.logs
    }

    /// Takes the logs out.
    pub fn take_logs(&mut self) -> Vec<Log> {
        core::mem::take(&mut self.logs)
    }

    pub(super) fn push_log(&mut self, log: Log) {
        self.logs.push(log);
    }

    pub(super) fn balance_at(&self, place: u32) -> U256 {
        self.at(place).present.balance
    }

    pub(super) fn has_mark(&self, place: u32, mark: Mark) -> bool {
        self.at(place).has(mark)
    }

    /// Answers whether the mark was not there before.
    pub(super) fn mark(&mut self, place: u32, mark: Mark) -> bool {
        let account = self.at_mut(place);
        if account.has(mark) {
            return false;
        }
        account.set(mark, true);
        self.undos.push(Undo::Mark(place, mark));
        true
    }

    /// Puts an address into the list of touched ones (EIP-2929) from the start of the transaction on. Its account is not read for that.
    pub(super) fn warm_from_the_start(&mut self, address: &Address) {
        match self.places.get(address) {
            Some(place) => self.at_mut(*place).set(Mark::Warm, true),
            None => {
                self.warm.insert(*address);
            }
        }
    }

    /// Answers whether the slot was not warm before.
    pub(super) fn warm_slot(&mut self, place: u32, key: &B256) -> bool {
        let slot = self.at_mut(place).slots.entry(*key).or_default();
        if slot.warm {
            return false;
        }
        slot.warm = true;
        self.undos.push(Undo::WarmSlot(place, *key));
        true
    }

    pub(super) fn set_balance(&mut self, place: u32, balance: U256) {
        let previous = core::mem::replace(&mut self.at_mut(place).present.balance, balance);
        if previous != balance {
            self.undos.push(Undo::Balance(place, previous));
        }
    }

    fn set_nonce(&mut self, place: u32, nonce: u64) {
        let previous = core::mem::replace(&mut self.at_mut(place).present.nonce, nonce);
        self.undos.push(Undo::Nonce(place, previous));
    }

    pub(super) fn slot(&mut self, place: u32, key: &B256) -> SlotValue {
        let account = self.at(place);
        if let Some(value) = account.slots.get(key).and_then(|slot| slot.value) {
            return value;
        }
        // What did not exist has no storage to look for.
        let original = match account.original {
            Some(_) => self.backend.storage(&account.address, key),
            None => Ok(B256::ZERO),
        };
        let original = self.or_default(original);
        let value = SlotValue { original, present: original };
        self.at_mut(place).slots.entry(*key).or_default().value = Some(value);
        value
    }

    /// The slot was read before.
    pub(super) fn set_slot(&mut self, place: u32, key: &B256, value: B256) {
        let Some(slot) = self.at_mut(place).slots.get_mut(key).and_then(|slot| slot.value.as_mut()) else { return };
        let previous = core::mem::replace(&mut slot.present, value);
        if previous != value {
            self.undos.push(Undo::Storage(place, *key, previous));
        }
    }

    pub(super) fn transient_slot(&self, place: u32, key: &B256) -> B256 {
        self.at(place).transient.get(key).copied().unwrap_or_default()
    }

    pub(super) fn set_transient_slot(&mut self, place: u32, key: &B256, value: B256) {
        let previous = self.transient_slot(place, key);
        if previous != value {
            put_transient(self.at_mut(place), *key, value);
            self.undos.push(Undo::Transient(place, *key, previous));
        }
    }

    /// The place of an account, which is read when it is not there yet.
    pub(super) fn place(&mut self, address: &Address) -> u32 {
        if let Some(place) = self.places.get(address) {
            return *place;
        }
        let original = self.backend.account(address);
        let original = self.or_default(original);
        let place = self.accounts.len() as u32;
        let mut account = Account::new(*address, original);
        account.set(Mark::Warm, self.warm.remove(address));
        self.accounts.push(account);
        self.places.insert(*address, place);
        place
    }

    // Places come from `place` alone, and accounts are only ever added while they are in use.
    fn at(&self, place: u32) -> &Account {
        &self.accounts[place as usize]
    }

    fn at_mut(&mut self, place: u32) -> &mut Account {
        &mut self.accounts[place as usize]
    }

    /// The first error is remembered: everything after it is made up anyway.
    pub(super) fn or_default<T: Default>(&mut self, result: Result<T, B::Error>) -> T {
        result.unwrap_or_else(|error| {
            self.error.get_or_insert(error);
            T::default()
        })
    }
}

fn put_transient(account: &mut Account, key: B256, value: B256) {
    if value.is_zero() {
        account.transient.remove(&key);
    } else {
        account.transient.insert(key, value);
    }
}
