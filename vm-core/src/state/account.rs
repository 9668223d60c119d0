//! An account and its slots while a transaction runs.
use alloy_primitives::{Address, B256};

use super::AccountInfo;

/// A storage slot that was touched.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    /// The place of the account that has it.
    pub account: u32,
    pub key: B256,
    /// None as long as only the access list has named the slot.
    pub value: Option<SlotValue>,
    /// EIP-2929.
    pub warm: bool,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct SlotValue {
    /// At the start of the transaction.
    pub original: B256,
    pub present: B256,
}

/// A slot of transient storage (EIP-1153).
#[derive(Clone, Debug)]
pub(super) struct TransientSlot {
    /// The place of the account that has it.
    pub account: u32,
    pub key: B256,
    pub value: B256,
}

/// Things that happened to an account in this transaction. Each happens once and is undone by
/// taking it away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Mark {
    /// In the list of touched addresses (EIP-2929).
    Warm = 1,
    /// Touched in the sense of EIP-161: deleted at the end when it is empty.
    Touched = 2,
    /// Made by a create.
    Created = 4,
    /// To be deleted at the end of the transaction.
    Destroyed = 8,
}

/// An account that was read or written.
#[derive(Clone, Debug)]
pub(super) struct Account {
    pub address: Address,
    /// At the start of the transaction; none when it did not exist.
    pub original: Option<AccountInfo>,
    pub present: AccountInfo,
    marks: u8,
}

impl Account {
    pub fn new(address: Address, original: Option<AccountInfo>) -> Self {
        Self { address, original, present: original.unwrap_or_default(), marks: 0 }
    }

    pub fn has(&self, mark: Mark) -> bool {
        self.marks & mark as u8 != 0
    }

    pub fn set(&mut self, mark: Mark, on: bool) {
        if on {
            self.marks |= mark as u8;
        } else {
            self.marks &= !(mark as u8);
        }
    }
}
