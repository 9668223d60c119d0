//! All that a transaction makes grow, counted.
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use alloy_primitives::{Address, B256, Log, U256};

use super::account::{Account, Mark, Slot, SlotValue, TransientSlot};
use super::pieces::Pieces;
use crate::work::{self, Unit};

/// Bytes that an entry counts for, whatever it takes on a given machine: a limit must be met at the
/// same place everywhere.
///
/// They are what an entry takes at most inside a runtime, where pointers have 32 bits and what is
/// allocated is rounded up to a power of two, with 8 bytes besides: the entry itself, its part of a
/// node of the index (104 bytes, where nodes are as empty as they may be), and what the pallet's
/// backend notes beside it. The pallet's `limits` add up how much of it can be of one size.
pub(super) mod weight {
    /// An account that was looked at: 180 and 104 bytes, and 240 that a backend may note.
    pub const ACCOUNT: u64 = 576;
    /// An address that is warm from the start: 104 bytes.
    pub const WARM: u64 = 128;
    /// A slot that was looked at: 106 and 104 bytes, and 208 that a backend may note.
    pub const SLOT: u64 = 448;
    /// A slot of transient storage: 69 and 104 bytes.
    pub const TRANSIENT: u64 = 176;
    /// How to undo one change: 41 bytes.
    pub const UNDO: u64 = 48;
    /// A log. Of its 48 bytes, rounded up, a list that has just doubled may have four times as many
    /// allocated; and 24 for who shares its data.
    pub const LOG: u64 = 288;
    /// The topics of a log that has some: 136 bytes.
    pub const TOPICS: u64 = 144;
    /// A byte of a log's data, which may have come in any size.
    pub const LOG_BYTE: u64 = 2;
    /// A code, besides its bytes.
    pub const CODE: u64 = 256;
}

/// What of its limit a message leaves to those around it: enough for 32 slots. Gas does the same
/// for its senders (EIP-150).
const RESERVE: u64 = 16 << 10;

/// How to undo one change. Accounts, slots and transient slots are named by their places.
#[derive(Clone, Copy, Debug)]
pub(super) enum Undo {
    Mark(u32, Mark),
    Balance(u32, [u8; 32]),
    Nonce(u32, [u8; 8]),
    CodeHash(u32, B256),
    Storage(u32, B256),
    WarmSlot(u32),
    Transient(u32, B256),
}

/// How many entries there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Extent {
    accounts: u32,
    slots: u32,
    transients: u32,
    undos: u32,
    logs: u32,
}

/// A point to go back to.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Point {
    extent: Extent,
    /// That of the point before.
    outer: Extent,
    outer_limit: u64,
}

/// The accounts, slots, logs and ways back of a transaction. What is older than the latest point
/// needs a way back when it changes; what is newer goes as a whole.
#[derive(Debug)]
pub(super) struct Entries {
    accounts: Pieces<Account>,
    places: BTreeMap<Address, u32>,
    /// Addresses that are warm from the start of the transaction.
    warm: BTreeSet<Address>,
    slots: Pieces<Slot>,
    slot_places: BTreeMap<(u32, B256), u32>,
    transients: Pieces<TransientSlot>,
    transient_places: BTreeMap<(u32, B256), u32>,
    undos: Pieces<Undo>,
    logs: Vec<Log>,
    /// What topics and data of the logs count for.
    log_bytes: u64,
    code_bytes: u64,
    /// The latest point that is open.
    since: Extent,
    /// Bytes that all may count for.
    limit: u64,
    is_full: bool,
}

impl Entries {
    pub fn new(limit: u64) -> Self {
        Self {
            accounts: Pieces::new(),
            places: BTreeMap::new(),
            warm: BTreeSet::new(),
            slots: Pieces::new(),
            slot_places: BTreeMap::new(),
            transients: Pieces::new(),
            transient_places: BTreeMap::new(),
            undos: Pieces::new(),
            logs: Vec::new(),
            log_bytes: 0,
            code_bytes: 0,
            since: Extent::default(),
            limit,
            is_full: false,
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self, limit: u64) {
        self.accounts.clear();
        self.places.clear();
        self.warm.clear();
        self.slots.clear();
        self.slot_places.clear();
        self.transients.clear();
        self.transient_places.clear();
        self.undos.clear();
        self.logs.clear();
        self.log_bytes = 0;
        self.code_bytes = 0;
        self.since = Extent::default();
        self.limit = limit;
        self.is_full = false;
    }

    /// Bytes that all of it counts for.
    pub fn bytes(&self) -> u64 {
        let Extent { accounts, slots, transients, undos, logs } = self.extent();
        let counts = [
            (weight::ACCOUNT, u64::from(accounts)),
            (weight::WARM, self.warm.len() as u64),
            (weight::SLOT, u64::from(slots)),
            (weight::TRANSIENT, u64::from(transients)),
            (weight::UNDO, u64::from(undos)),
            (weight::LOG, u64::from(logs)),
            (1, self.log_bytes),
            (1, self.code_bytes),
        ];
        counts
            .into_iter()
            .fold(0, |sum, (each, count)| sum.saturating_add(each.saturating_mul(count)))
    }

    /// Whether something has grown beyond the limit since the latest point that was rolled back.
    pub fn is_full(&self) -> bool {
        self.is_full
    }

    fn extent(&self) -> Extent {
        Extent {
            accounts: self.accounts.len(),
            slots: self.slots.len(),
            transients: self.transients.len(),
            undos: self.undos.len(),
            logs: self.logs.len() as u32,
        }
    }

    /// To be called whenever something has grown.
    fn check(&mut self) {
        self.is_full |= self.bytes() > self.limit;
    }

    /// Marks a point to go back to. Until it is closed, the limit is somewhat lower.
    pub fn point(&mut self) -> Point {
        let extent = self.extent();
        let point = Point { extent, outer: self.since, outer_limit: self.limit };
        self.since = extent;
        self.limit = self.limit.saturating_sub(RESERVE);
        point
    }

    /// Keeps what happened since the point.
    pub fn keep(&mut self, point: &Point) {
        self.since = point.outer;
        self.limit = point.outer_limit;
        self.is_full = self.bytes() > self.limit;
    }

    /// Undoes what happened since the point. `forget` is told of the accounts that go, and of the
    /// slots.
    pub fn undo(&mut self, point: &Point, mut forget: impl FnMut(&Address, Option<&B256>)) {
        while self.undos.len() > point.extent.undos {
            work::add(Unit::Change, 1);
            match self.undos.pop() {
                Some(undo) => self.apply(undo),
                None => break,
            }
        }
        for log in self.logs.drain((point.extent.logs as usize).min(self.logs.len())..) {
            self.log_bytes =
                self.log_bytes.saturating_sub(log_bytes(log.topics().len(), log.data.data.len()));
        }
        while self.transients.len() > point.extent.transients {
            work::add(Unit::Change, 1);
            let Some(slot) = self.transients.pop() else { break };
            self.transient_places.remove(&(slot.account, slot.key));
        }
        while self.slots.len() > point.extent.slots {
            work::add(Unit::Change, 1);
            let Some(slot) = self.slots.pop() else { break };
            self.slot_places.remove(&(slot.account, slot.key));
            forget(&self.accounts[slot.account].address, Some(&slot.key));
        }
        while self.accounts.len() > point.extent.accounts {
            work::add(Unit::Change, 1);
            let Some(account) = self.accounts.pop() else { break };
            self.places.remove(&account.address);
            forget(&account.address, None);
        }
        self.since = point.outer;
        self.limit = point.outer_limit;
        self.is_full = false;
    }

    fn apply(&mut self, undo: Undo) {
        match undo {
            Undo::Mark(place, mark) => self.accounts[place].set(mark, false),
            Undo::Balance(place, balance) => {
                self.accounts[place].present.balance = U256::from_le_bytes(balance)
            }
            Undo::Nonce(place, nonce) => {
                self.accounts[place].present.nonce = u64::from_le_bytes(nonce)
            }
            Undo::CodeHash(place, hash) => self.accounts[place].present.code_hash = hash,
            Undo::Storage(place, value) => {
                if let Some(slot) = &mut self.slots[place].value {
                    slot.present = value;
                }
            }
            Undo::WarmSlot(place) => self.slots[place].warm = false,
            Undo::Transient(place, value) => self.transients[place].value = value,
        }
    }

    fn note(&mut self, undo: Undo) {
        self.undos.push(undo);
        self.check();
    }

    fn note_of_account(&mut self, place: u32, undo: Undo) {
        if place < self.since.accounts {
            self.note(undo);
        }
    }

    fn note_of_slot(&mut self, place: u32, undo: Undo) {
        if place < self.since.slots {
            self.note(undo);
        }
    }

    // Accounts.

    /// The place of an account that was looked at.
    pub fn place(&self, address: &Address) -> Option<u32> {
        work::looked_up(self.places.len());
        self.places.get(address).copied()
    }

    /// Adds an account that has no place, and answers it.
    pub fn add_account(&mut self, mut account: Account) -> u32 {
        let address = account.address;
        account.set(Mark::Warm, self.warm.contains(&address));
        let place = self.accounts.push(account);
        self.places.insert(address, place);
        self.check();
        place
    }

    pub fn account(&self, place: u32) -> &Account {
        &self.accounts[place]
    }

    /// The accounts, by ascending address.
    pub fn accounts(&self) -> impl Iterator<Item = (u32, &Account)> {
        self.places.values().map(|place| (*place, self.account(*place)))
    }

    /// How many accounts there are. Their places are the numbers below.
    pub fn account_count(&self) -> u32 {
        self.accounts.len()
    }

    /// Puts an address into the list of touched ones (EIP-2929) from the start of the transaction
    /// on.
    pub fn warm_from_the_start(&mut self, address: &Address) {
        self.warm.insert(*address);
        if let Some(place) = self.place(address) {
            self.accounts[place].set(Mark::Warm, true);
        }
        self.check();
    }

    /// Answers whether the mark was not there before.
    pub fn mark(&mut self, place: u32, mark: Mark) -> bool {
        let account = &mut self.accounts[place];
        if account.has(mark) {
            return false;
        }
        account.set(mark, true);
        self.note_of_account(place, Undo::Mark(place, mark));
        true
    }

    pub fn set_balance(&mut self, place: u32, balance: U256) {
        let previous = core::mem::replace(&mut self.accounts[place].present.balance, balance);
        if previous != balance {
            self.note_of_account(place, Undo::Balance(place, previous.to_le_bytes()));
        }
    }

    pub fn set_nonce(&mut self, place: u32, nonce: u64) {
        let previous = core::mem::replace(&mut self.accounts[place].present.nonce, nonce);
        self.note_of_account(place, Undo::Nonce(place, previous.to_le_bytes()));
    }

    /// Gives an account the hash of its code. `bytes` is the size of a code that was not there
    /// before.
    pub fn set_code_hash(&mut self, place: u32, hash: B256, bytes: Option<usize>) {
        let previous = core::mem::replace(&mut self.accounts[place].present.code_hash, hash);
        if let Some(bytes) = bytes {
            self.code_bytes =
                self.code_bytes.saturating_add(weight::CODE).saturating_add(bytes as u64);
        }
        self.note_of_account(place, Undo::CodeHash(place, previous));
        self.check();
    }

    // Slots.

    /// The slot of the account at a place.
    pub fn slot(&self, account: u32, key: &B256) -> Option<&Slot> {
        work::looked_up(self.slot_places.len());
        self.slot_places.get(&(account, *key)).map(|place| &self.slots[*place])
    }

    /// The slots of the account at a place, by ascending key.
    pub fn slots_of(&self, account: u32) -> impl Iterator<Item = &Slot> {
        let range = (account, B256::ZERO)..=(account, B256::repeat_byte(0xff));
        self.slot_places.range(range).map(|(_, place)| &self.slots[*place])
    }

    /// The place of a slot, which is added when it is not there yet.
    fn slot_place(&mut self, account: u32, key: &B256) -> u32 {
        work::looked_up(self.slot_places.len());
        if let Some(place) = self.slot_places.get(&(account, *key)) {
            return *place;
        }
        let place = self.slots.push(Slot { account, key: *key, value: None, warm: false });
        self.slot_places.insert((account, *key), place);
        self.check();
        place
    }

    /// Answers whether the slot was not warm before.
    pub fn warm_slot(&mut self, account: u32, key: &B256) -> bool {
        let place = self.slot_place(account, key);
        if core::mem::replace(&mut self.slots[place].warm, true) {
            return false;
        }
        self.note_of_slot(place, Undo::WarmSlot(place));
        true
    }

    /// Takes over what a slot has at the start of the transaction.
    pub fn read_slot(&mut self, account: u32, key: &B256, value: SlotValue) {
        let place = self.slot_place(account, key);
        self.slots[place].value = Some(value);
    }

    /// Writes a slot that was read before.
    pub fn set_slot(&mut self, account: u32, key: &B256, value: B256) {
        let place = self.slot_place(account, key);
        let Some(slot) = &mut self.slots[place].value else { return };
        let previous = core::mem::replace(&mut slot.present, value);
        if previous != value {
            self.note_of_slot(place, Undo::Storage(place, previous));
        }
    }

    pub fn transient_slot(&self, account: u32, key: &B256) -> B256 {
        work::looked_up(self.transient_places.len());
        let place = self.transient_places.get(&(account, *key));
        place.map(|place| self.transients[*place].value).unwrap_or_default()
    }

    pub fn set_transient_slot(&mut self, account: u32, key: &B256, value: B256) {
        work::looked_up(self.transient_places.len());
        if let Some(place) = self.transient_places.get(&(account, *key)).copied() {
            let previous = core::mem::replace(&mut self.transients[place].value, value);
            if previous != value && place < self.since.transients {
                self.note(Undo::Transient(place, previous));
            }
        } else if !value.is_zero() {
            let place = self.transients.push(TransientSlot { account, key: *key, value });
            self.transient_places.insert((account, *key), place);
            self.check();
        }
    }

    // Logs.

    /// Adds a log, unless it is too large for what is left.
    pub fn log(&mut self, address: &Address, topics: &[B256], data: &[u8]) {
        work::add(Unit::Log, 1);
        work::copied(data.len() as u64);
        let bytes = log_bytes(topics.len(), data.len());
        self.log_bytes = self.log_bytes.saturating_add(bytes);
        self.check();
        if self.is_full {
            self.log_bytes = self.log_bytes.saturating_sub(bytes);
            return;
        }
        self.logs.push(Log::new_unchecked(*address, topics.to_vec(), data.to_vec().into()));
        self.check();
    }

    pub fn logs(&self) -> &[Log] {
        &self.logs
    }

    /// Takes the logs out.
    pub fn take_logs(&mut self) -> Vec<Log> {
        self.log_bytes = 0;
        core::mem::take(&mut self.logs)
    }
}

/// What a log counts for besides itself.
fn log_bytes(topics: usize, data: usize) -> u64 {
    let topics = if topics == 0 { 0 } else { weight::TOPICS };
    weight::LOG_BYTE.saturating_mul(data as u64).saturating_add(topics)
}
