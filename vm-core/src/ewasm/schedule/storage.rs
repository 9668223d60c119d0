//! What a storage write costs, by what it does to the slot.
use crate::ewasm::StorageStatus;

/// Gas and refund of one kind of storage write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StorageCost {
    /// Gas.
    pub gas: u64,
    /// Change of the refund counter, in gas.
    pub refund: i64,
}

/// Gas and refunds of `storageStore`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StorageCosts {
    /// A write fails when no more gas than this is left (EIP-2200); zero when there is no such
    /// rule.
    pub sentry: u64,
    /// On top for a slot that is touched for the first time in the transaction (EIP-2929).
    pub cold: u64,
    /// By [`StorageStatus`], in its order.
    pub(super) by_status: [StorageCost; 9],
}

const fn cost(gas: u64, refund: i64) -> StorageCost {
    StorageCost { gas, refund }
}

impl StorageCosts {
    /// What a write with this effect costs; the surcharge for a cold slot is extra.
    pub fn of(&self, status: StorageStatus) -> StorageCost {
        self.by_status[status as usize]
    }

    /// Whether a write with this effect costs as much as a slot that the state did not have.
    pub fn pays_for_growth(&self, status: StorageStatus) -> bool {
        self.of(status).gas >= self.of(StorageStatus::Added).gas
    }

    /// The first rules: only the current value and the new one count.
    pub(super) const fn gross() -> Self {
        const SET: u64 = 20_000;
        const RESET: u64 = 5000;
        const CLEARED: i64 = 15_000;
        Self {
            sentry: 0,
            cold: 0,
            by_status: [
                cost(RESET, 0),       // assigned
                cost(SET, 0),         // added
                cost(RESET, CLEARED), // deleted
                cost(RESET, 0),       // modified
                cost(SET, 0),         // deleted, added
                cost(RESET, CLEARED), // modified, deleted
                cost(SET, 0),         // deleted, restored
                cost(RESET, CLEARED), // added, deleted
                cost(RESET, 0),       // modified, restored
            ],
        }
    }

    /// Net metering (EIP-1283, EIP-2200, EIP-2929, EIP-3529): a slot pays for its change once in a
    /// transaction, and a change that is taken back is refunded. `warm`: no change or a further
    /// one; `set`, `reset`: the first change of a zero or non-zero value; `cleared`: the refund for
    /// a slot that ends as zero.
    pub(super) const fn net(warm: u64, set: u64, reset: u64, cleared: i64) -> Self {
        let set_back = (set - warm) as i64;
        let reset_back = (reset - warm) as i64;
        Self {
            sentry: 0,
            cold: 0,
            by_status: [
                cost(warm, 0),                    // assigned
                cost(set, 0),                     // added
                cost(reset, cleared),             // deleted
                cost(reset, 0),                   // modified
                cost(warm, -cleared),             // deleted, added
                cost(warm, cleared),              // modified, deleted
                cost(warm, reset_back - cleared), // deleted, restored
                cost(warm, set_back),             // added, deleted
                cost(warm, reset_back),           // modified, restored
            ],
        }
    }
}
