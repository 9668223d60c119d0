//! The state with a journal: whatever happened since a checkpoint can be undone.
use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use alloy_primitives::{Address, B256, KECCAK256_EMPTY, Log, U256, keccak256};

use super::account::{Account, Mark, SlotValue};
use super::changes::{AccountChange, AccountUpdate, Changes};
use super::entries::{Entries, Point, weight};
use super::{AccountInfo, Backend};
use crate::ewasm::{Growth, PaidCode, Schedule, TransactionContext};
use crate::revision::Revision;
use crate::work::{self, Unit};

/// A point in a transaction to go back to.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "a checkpoint is either committed or rolled back"]
pub struct Checkpoint(Point);

/// What a [`JournaledState`] may keep while a transaction runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JournalLimits {
    /// Bytes that all that a transaction makes grow may count for: accounts and slots that it looks
    /// at, transient storage, logs, new code, and the ways back. The weights are the same on all
    /// machines, and so must this be on all that are to agree. A message that makes more grow fails
    /// with [`Status::Failure`](crate::ewasm::Status::Failure), and what it did is undone; a nested
    /// message leaves 16 KiB to its sender.
    pub bytes: u64,
    /// Bytes of code from the backend that are kept. Reading code is cheap in gas compared to its
    /// size, so that what is kept must not grow with it. Changes no result.
    pub code: usize,
}

impl JournalLimits {
    /// 1 GiB, which is more than 500 million gas can fill, and 8 MiB of code.
    pub const DEFAULT: Self = Self { bytes: 1 << 30, code: 8 << 20 };
}

impl Default for JournalLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// The state while a transaction runs: what the backend has, with the transaction's changes on top.
///
/// It is the [`Host`](crate::ewasm::Host) of the frames. Everything that a frame does to it can be
/// undone: storage, transfers, nonces, new accounts, logs, self-destructs, transient storage, and
/// the lists of touched addresses and slots. All that grows is counted, by fixed weights, and has a
/// limit: [`JournalLimits::bytes`]. The code that the transaction runs has its own
/// ([`PaidCode`]).
///
/// One value serves any number of transactions, one after the other: [`Self::begin`], run,
/// [`Self::finish`], and write the changes to the backend.
#[derive(Debug)]
pub struct JournaledState<B: Backend> {
    pub(super) backend: B,
    pub(super) schedule: &'static Schedule,
    pub(super) context: TransactionContext,
    limits: JournalLimits,
    entries: Entries,
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
        Self::with_limits(backend, revision, JournalLimits::DEFAULT)
    }

    /// As [`Self::new`] with limits of the host's own.
    pub fn with_limits(backend: B, revision: Revision, limits: JournalLimits) -> Self {
        Self {
            backend,
            schedule: Schedule::of(revision),
            context: TransactionContext::default(),
            limits,
            entries: Entries::new(limits.bytes),
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
        self.entries.clear(self.limits.bytes);
        self.open = 0;
        self.has_foreign_balances = false;
        self.new_code.clear();
        self.old_code.clear();
        self.old_code_bytes = 0;
        self.paid = PaidCode::default();
        self.growth = Growth::default();
        self.error = None;
    }

    /// Ends the transaction: what it changed. Destroyed accounts and touched empty ones (EIP-161)
    /// are deleted. Logs are dropped: [`Self::take_logs`] before.
    ///
    /// # Errors
    /// When the backend failed during the transaction; then nothing of it may be kept.
    pub fn finish(&mut self) -> Result<Changes, B::Error> {
        if let Some(error) = self.error.take() {
            self.begin(TransactionContext::default());
            return Err(error);
        }
        let changed = self.entries.accounts().filter_map(|(place, account)| {
            work::add(Unit::Change, 1);
            let change = self.change_of(place, account)?;
            Some((account.address, change))
        });
        let changes = Changes { accounts: changed.collect() };
        self.begin(TransactionContext::default());
        Ok(changes)
    }

    fn change_of(&self, place: u32, account: &Account) -> Option<AccountChange> {
        let is_gone = account.has(Mark::Destroyed)
            || (account.has(Mark::Touched) && account.present.is_empty());
        if is_gone {
            return account.original.map(|_| AccountChange::Delete);
        }
        let written = || {
            let values =
                self.entries.slots_of(place).filter_map(|slot| Some((slot.key, slot.value?)));
            values
                .filter(|(_, value)| value.original != value.present)
                .map(|(key, value)| (key, value.present))
        };
        // Without room to grow, which an allocator may never get back.
        let mut storage = Vec::with_capacity(written().count());
        storage.extend(written());
        work::add(Unit::Change, self.entries.slots_of(place).count() as u64);
        let original = account.original.unwrap_or_default();
        if storage.is_empty() && account.present == original {
            return None;
        }
        let AccountInfo { nonce, balance, code_hash } = account.present;
        let code = (code_hash != original.code_hash)
            .then(|| self.new_code.get(&code_hash).cloned())
            .flatten();
        Some(AccountChange::Update(AccountUpdate { nonce, balance, code_hash, code, storage }))
    }

    /// Returns the revision whose rules the state follows.
    pub fn revision(&self) -> Revision {
        self.schedule.revision
    }

    /// Returns the rules that the state follows.
    pub fn schedule(&self) -> &'static Schedule {
        self.schedule
    }

    /// What keeps the state between transactions.
    pub fn backend(&self) -> &B {
        &self.backend
    }

    /// What keeps the state between transactions. It is not to be changed while a transaction is
    /// open.
    pub fn backend_mut(&mut self) -> &mut B {
        &mut self.backend
    }

    /// Gives the backend back. A transaction that is not finished is forgotten.
    pub fn into_backend(self) -> B {
        self.backend
    }

    /// Whether the backend has failed since [`Self::begin`]. All answers after that are made up;
    /// [`Self::finish`] gives the error.
    pub fn has_failed(&self) -> bool {
        self.error.is_some()
    }

    /// Whether more has grown than [`JournalLimits::bytes`] allows: the message that runs is to
    /// fail.
    pub(super) fn has_overflown(&self) -> bool {
        self.entries.is_full()
    }

    /// Bytes that the transaction's journal counts for so far, see [`JournalLimits::bytes`].
    pub fn journal_bytes(&self) -> u64 {
        self.entries.bytes()
    }

    /// Marks a point to go back to.
    pub fn checkpoint(&mut self) -> Checkpoint {
        self.open = self.open.saturating_add(1);
        Checkpoint(self.entries.point())
    }

    /// How many checkpoints are open: neither committed nor rolled back.
    pub fn open_checkpoints(&self) -> u32 {
        self.open
    }

    /// Keeps what happened since the latest checkpoint; an outer checkpoint can still undo it.
    pub fn commit(&mut self, checkpoint: Checkpoint) {
        self.entries.keep(&checkpoint.0);
        self.open = self.open.saturating_sub(1);
    }

    /// Undoes everything that happened since the latest checkpoint. Accounts and slots that were
    /// looked at for the first time since then are cold again, and are read again.
    pub fn rollback(&mut self, checkpoint: Checkpoint) {
        self.rollback_telling(checkpoint, |_, _, _| ());
    }

    /// As [`Self::rollback`], and tells of the accounts and slots that the journal no longer knows.
    pub(super) fn rollback_telling(
        &mut self,
        checkpoint: Checkpoint,
        forget: impl Fn(&B, &Address, Option<&B256>),
    ) {
        let backend = &self.backend;
        self.entries.undo(&checkpoint.0, |address, key| forget(backend, address, key));
        self.open = self.open.saturating_sub(1);
    }

    /// What the account is at this moment; empty when it does not exist.
    pub fn account(&mut self, address: &Address) -> AccountInfo {
        let place = self.place(address);
        self.at(place).present
    }

    /// The accounts that were looked at, by ascending address, and their balances at this moment in
    /// wei.
    pub fn balances(&self) -> impl Iterator<Item = (Address, U256)> {
        self.entries.accounts().map(|(_, account)| (account.address, account.present.balance))
    }

    /// The balances that are other than the backend's, by ascending address, as [`Self::finish`]
    /// leaves them in wei: what reaches an account after its destruction is gone with it. Once
    /// [`Self::reread_balances`] was called, those of all accounts that were looked at.
    pub fn final_balances(&self) -> impl Iterator<Item = (Address, U256)> {
        self.entries.accounts().filter_map(|(_, account)| {
            let balance =
                if account.has(Mark::Destroyed) { U256::ZERO } else { account.present.balance };
            let original = account.original.unwrap_or_default().balance;
            (self.has_foreign_balances || balance != original).then_some((account.address, balance))
        })
    }

    /// Takes over the balances of all accounts that were looked at from the backend, where somebody
    /// else has changed them. A rollback undoes it.
    pub fn reread_balances(&mut self) {
        self.has_foreign_balances = true;
        for place in 0..self.entries.account_count() {
            work::add(Unit::Backend, 1);
            let account = self.backend.account(&self.at(place).address);
            let balance = self.or_default(account).unwrap_or_default().balance;
            self.set_balance(place, balance);
        }
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
        work::add(Unit::Backend, 1);
        let code = self.backend.code(&hash);
        let code = self.or_default(code);
        let size = code.len().saturating_add(weight::CODE as usize);
        if self.old_code_bytes.saturating_add(size) > self.limits.code {
            self.old_code.clear();
            self.old_code_bytes = 0;
        }
        self.old_code_bytes = self.old_code_bytes.saturating_add(size);
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

    /// Touches an account: when it is empty at the end of the transaction, it will not exist
    /// (EIP-161).
    pub fn touch(&mut self, address: &Address) {
        let place = self.place(address);
        self.mark(place, Mark::Touched);
    }

    /// Touches an account and adds to its balance, in wei. Stays at 2^256−1, which no real supply
    /// reaches.
    pub fn add_balance(&mut self, address: &Address, value: U256) {
        let place = self.place(address);
        self.mark(place, Mark::Touched);
        let balance = self.at(place).present.balance.saturating_add(value);
        self.set_balance(place, balance);
    }

    /// Touches an account and takes from its balance, in wei. Answers whether there was enough;
    /// otherwise nothing is taken.
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

    /// Moves wei and touches both accounts. Answers whether there was enough; otherwise nothing
    /// happens.
    #[must_use]
    pub fn transfer(&mut self, from: &Address, to: &Address, value: U256) -> bool {
        let taken = self.take_balance(from, value);
        if taken {
            self.add_balance(to, value);
        }
        taken
    }

    /// Adds one to the nonce and answers what it was before; none when it cannot grow any further
    /// (EIP-2681).
    #[must_use]
    pub fn increment_nonce(&mut self, address: &Address) -> Option<u64> {
        let place = self.place(address);
        let nonce = self.at(place).present.nonce;
        let next = nonce.checked_add(1)?;
        self.mark(place, Mark::Touched);
        self.entries.set_nonce(place, next);
        Some(nonce)
    }

    /// Makes the account of a new contract: nonce 1 (EIP-161), no code yet, and the balance that
    /// the address may have already. Answers whether the address is free: an account with nonce,
    /// code or storage (EIP-684, EIP-7610) is in the way.
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
        self.entries.set_nonce(place, 1);
        true
    }

    /// Gives an account its code.
    pub fn set_code(&mut self, address: &Address, code: Arc<[u8]>) {
        let place = self.place(address);
        let hash = keccak256(&code);
        work::keccak(code.len());
        self.mark(place, Mark::Touched);
        let is_new = hash != KECCAK256_EMPTY && !self.new_code.contains_key(&hash);
        self.entries.set_code_hash(place, hash, is_new.then_some(code.len()));
        if is_new {
            self.new_code.insert(hash, code);
        }
    }

    /// The logs so far.
    pub fn logs(&self) -> &[Log] {
        self.entries.logs()
    }

    /// Takes the logs out.
    pub fn take_logs(&mut self) -> Vec<Log> {
        self.entries.take_logs()
    }

    pub(super) fn push_log(&mut self, address: &Address, topics: &[B256], data: &[u8]) {
        self.entries.log(address, topics, data);
    }

    pub(super) fn balance_at(&self, place: u32) -> U256 {
        self.at(place).present.balance
    }

    pub(super) fn has_mark(&self, place: u32, mark: Mark) -> bool {
        self.at(place).has(mark)
    }

    /// Answers whether the mark was not there before.
    pub(super) fn mark(&mut self, place: u32, mark: Mark) -> bool {
        self.entries.mark(place, mark)
    }

    /// Puts an address into the list of touched ones (EIP-2929) from the start of the transaction
    /// on. Its account is not read for that.
    pub(super) fn warm_from_the_start(&mut self, address: &Address) {
        self.entries.warm_from_the_start(address);
    }

    /// Answers whether the slot was not warm before.
    pub(super) fn warm_slot(&mut self, place: u32, key: &B256) -> bool {
        self.entries.warm_slot(place, key)
    }

    pub(super) fn set_balance(&mut self, place: u32, balance: U256) {
        self.entries.set_balance(place, balance);
    }

    pub(super) fn slot(&mut self, place: u32, key: &B256) -> SlotValue {
        if let Some(value) = self.entries.slot(place, key).and_then(|slot| slot.value) {
            return value;
        }
        let account = self.at(place);
        // What did not exist has no storage to look for.
        let original = match account.original {
            Some(_) => {
                work::add(Unit::Backend, 1);
                self.backend.storage(&account.address, key)
            }
            None => Ok(B256::ZERO),
        };
        let original = self.or_default(original);
        let value = SlotValue { original, present: original };
        self.entries.read_slot(place, key, value);
        value
    }

    /// The slot was read before.
    pub(super) fn set_slot(&mut self, place: u32, key: &B256, value: B256) {
        self.entries.set_slot(place, key, value);
    }

    pub(super) fn transient_slot(&self, place: u32, key: &B256) -> B256 {
        self.entries.transient_slot(place, key)
    }

    pub(super) fn set_transient_slot(&mut self, place: u32, key: &B256, value: B256) {
        self.entries.set_transient_slot(place, key, value);
    }

    /// The place of an account, which is read when it is not there yet.
    pub(super) fn place(&mut self, address: &Address) -> u32 {
        if let Some(place) = self.entries.place(address) {
            return place;
        }
        work::add(Unit::Backend, 1);
        let original = self.backend.account(address);
        let original = self.or_default(original);
        self.entries.add_account(Account::new(*address, original))
    }

    fn at(&self, place: u32) -> &Account {
        self.entries.account(place)
    }

    /// The first error is remembered: everything after it is made up anyway.
    pub(super) fn or_default<T: Default>(&mut self, result: Result<T, B::Error>) -> T {
        result.unwrap_or_else(|error| {
            self.error.get_or_insert(error);
            T::default()
        })
    }
}
