//! Transactions, which the ABI does not know: what a message shares with those that it is nested
//! in.
//!
//! A message of depth 0 begins a transaction. Messages of a greater depth on the same thread belong
//! to it until it ends, since the host recurses. A message of a greater depth that finds no
//! transaction on its thread begins one.
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::hash::BuildHasher;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use alloy_primitives::{B256, keccak256};
use foldhash::fast::RandomState;
use tephra_core::ewasm::{OpenLimits, PaidCode, Usage};

thread_local! {
    /// The transactions that are open on this thread, the innermost last: a host may begin one
    /// while another waits.
    static OPEN: RefCell<Vec<Transaction>> = const { RefCell::new(Vec::new()) };
}

/// What a transaction has until its end.
#[derive(Default)]
struct Transaction {
    /// What its frames hold that wait.
    waiting: Usage,
    /// The code that each machine was paid for.
    codes: Vec<(VmId, TransactionCode)>,
}

/// Tells machines apart, whatever options are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VmId(u64);

impl VmId {
    /// An identity that no other machine of the process has.
    pub fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// The code that one machine was paid for in a transaction.
#[derive(Default)]
pub struct TransactionCode {
    pub paid: PaidCode,
    /// Hashes by a fingerprint of the whole code. EVMC gives code without its hash, and computing
    /// that takes longer than the price of a call allows.
    hashes: BTreeMap<(u64, usize), B256>,
    /// Hashes of code whose fingerprint was not needed yet, as in a transaction of one message.
    latest: Vec<B256>,
}

/// Makes fingerprints. They depend on random numbers of this process, so that code cannot be chosen
/// to collide; no result depends on them.
static FINGERPRINTS: LazyLock<RandomState> = LazyLock::new(RandomState::default);

fn fingerprint(code: &[u8]) -> (u64, usize) {
    (FINGERPRINTS.hash_one(code), code.len())
}

impl TransactionCode {
    /// The hash of code that was paid for. What the fingerprint finds is compared byte by byte.
    pub fn hash_of_paid(&mut self, code: &[u8]) -> Option<B256> {
        for hash in self.latest.drain(..) {
            if let Some(code) = self.paid.code(&hash) {
                self.hashes.insert(fingerprint(code), hash);
            }
        }
        if self.hashes.is_empty() {
            return None;
        }
        let found = self.hashes.get(&fingerprint(code))?;
        let is_it = self.paid.code(found).is_some_and(|known| **known == *code);
        // Two codes may have one fingerprint, though hardly ever.
        let hash = if is_it { *found } else { keccak256(code) };
        self.paid.code(&hash).map(|_| hash)
    }

    /// Remembers the hash of code that is paid for.
    pub fn remember(&mut self, hash: B256) {
        self.latest.push(hash);
    }
}

/// A message that runs. When it began its transaction, the transaction ends with it.
pub struct Running {
    is_first: bool,
}

impl Running {
    /// Begins a message of this depth.
    pub fn begin(depth: u32) -> Self {
        OPEN.with_borrow_mut(|open| {
            let is_first = depth == 0 || open.is_empty();
            if is_first {
                open.push(Transaction::default());
            }
            Self { is_first }
        })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.is_first {
            OPEN.with_borrow_mut(Vec::pop);
        }
    }
}

/// Runs `work` on the code that the transaction has paid this machine for, and on what its waiting
/// frames hold. `work` must not ask the host for anything.
pub fn with_code<T>(machine: VmId, work: impl FnOnce(&mut TransactionCode, Usage) -> T) -> T {
    OPEN.with_borrow_mut(|open| {
        let Some(transaction) = open.last_mut() else {
            return work(&mut TransactionCode::default(), Usage::NONE);
        };
        let place = transaction.codes.iter().position(|(id, _)| *id == machine);
        let place = place.unwrap_or_else(|| {
            transaction.codes.push((machine, TransactionCode::default()));
            transaction.codes.len() - 1
        });
        match transaction.codes.get_mut(place) {
            Some((_, code)) => work(code, transaction.waiting),
            None => work(&mut TransactionCode::default(), transaction.waiting),
        }
    })
}

/// A frame that is counted among those that wait until this is dropped.
pub struct Waiting {
    before: Usage,
}

impl Waiting {
    /// Counts the usage of a frame that waits. None when it holds too much with the frames around
    /// it, by the limits that all hosts of the engine have.
    pub fn begin(frame: Usage) -> Option<Self> {
        OPEN.with_borrow_mut(|open| {
            let transaction = open.last_mut()?;
            let before = transaction.waiting;
            let all = before.plus(frame);
            if !all.fits(&OpenLimits::DEFAULT) {
                return None;
            }
            transaction.waiting = all;
            Some(Self { before })
        })
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        OPEN.with_borrow_mut(|open| {
            if let Some(transaction) = open.last_mut() {
                transaction.waiting = self.before;
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many codes the machine was paid for.
    fn paid(machine: VmId) -> usize {
        with_code(machine, |code, _| code.latest.len())
    }

    fn pay(machine: VmId, code: &[u8]) {
        with_code(machine, |codes, _| codes.remember(keccak256(code)));
    }

    #[test]
    fn a_nested_message_finds_what_its_transaction_has_paid() {
        let machine = VmId::new();
        let first = Running::begin(0);
        pay(machine, b"a");
        let nested = Running::begin(1);
        assert_eq!(paid(machine), 1);
        pay(machine, b"b");
        drop(nested);
        assert_eq!(paid(machine), 2);
        drop(first);
        let _next = Running::begin(0);
        assert_eq!(paid(machine), 0);
    }

    #[test]
    fn a_transaction_begun_while_another_waits_has_nothing_of_it() {
        let machine = VmId::new();
        let _outer = Running::begin(0);
        pay(machine, b"a");
        let inner = Running::begin(0);
        assert_eq!(paid(machine), 0);
        drop(inner);
        assert_eq!(paid(machine), 1);
    }

    #[test]
    fn a_message_of_depth_without_a_transaction_is_one_of_its_own() {
        let machine = VmId::new();
        let alone = Running::begin(3);
        pay(machine, b"a");
        drop(alone);
        let _next = Running::begin(3);
        assert_eq!(paid(machine), 0);
    }

    #[test]
    fn each_machine_is_paid_by_itself() {
        let (one, other) = (VmId::new(), VmId::new());
        let _running = Running::begin(0);
        pay(one, b"a");
        assert_eq!((paid(one), paid(other)), (1, 0));
    }

    #[test]
    fn each_thread_has_transactions_of_its_own() {
        let machine = VmId::new();
        let _running = Running::begin(0);
        pay(machine, b"a");
        let elsewhere = std::thread::spawn(move || {
            let _running = Running::begin(1);
            paid(machine)
        });
        assert_eq!(elsewhere.join().unwrap(), 0);
    }
}
