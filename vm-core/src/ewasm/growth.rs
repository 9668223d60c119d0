//! What makes the state larger.

/// What makes the state larger for good, and was paid for. Most of its gas pays for the place that
/// it takes from then on, not for the time in which it is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Growth {
    /// Storage slots that were zero.
    pub slots: u64,
    /// Accounts that did not exist and were sent a balance.
    pub accounts: u64,
    /// Bytes of code of new contracts.
    pub code_bytes: u64,
}

impl Growth {
    /// By a slot.
    pub const SLOT: Self = Self { slots: 1, accounts: 0, code_bytes: 0 };
    /// By an account.
    pub const ACCOUNT: Self = Self { slots: 0, accounts: 1, code_bytes: 0 };

    /// Returns the growth by code of a size in bytes.
    pub fn of_code(bytes: usize) -> Self {
        Self { code_bytes: bytes as u64, ..Self::default() }
    }
}

impl core::ops::AddAssign for Growth {
    fn add_assign(&mut self, other: Self) {
        self.slots = self.slots.saturating_add(other.slots);
        self.accounts = self.accounts.saturating_add(other.accounts);
        self.code_bytes = self.code_bytes.saturating_add(other.code_bytes);
    }
}
