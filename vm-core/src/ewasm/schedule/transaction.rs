//! What a transaction costs before its code runs, and which transactions are valid.
use super::words;

/// Costs and rules of a transaction as a whole. Costs are in gas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransactionCosts {
    /// A transaction that calls.
    pub base: u64,
    /// A transaction that creates, everything included.
    pub create: u64,
    /// Each zero byte of the data.
    pub zero_byte: u64,
    /// Each other byte of the data (EIP-2028).
    pub nonzero_byte: u64,
    /// Each address of the access list (EIP-2930).
    pub access_list_address: u64,
    /// Each storage slot of the access list (EIP-2930).
    pub access_list_slot: u64,
    /// Each 32-byte word of init code, the last one rounded up (EIP-3860).
    pub init_code_word: u64,
    /// The least that a token of data costs in the end (EIP-7623). A zero byte is one token, any
    /// other byte four. Zero when there is no such rule.
    pub floor_token: u64,
    /// The refund is at most the gas used divided by this (EIP-3529).
    pub refund_divisor: u64,
    /// The largest gas limit of a transaction (EIP-7825).
    pub gas_limit_cap: u64,

    /// Whether a transaction may bring an access list (EIP-2930).
    pub access_list: bool,
    /// Whether a block has a base fee, which is burnt, and a transaction may name the most that it
    /// pays (EIP-1559).
    pub base_fee: bool,
    /// Whether accounts with code cannot send transactions (EIP-3607).
    pub sender_without_code: bool,
    /// Whether the beneficiary of the block is warm from the start (EIP-3651).
    pub warm_coinbase: bool,
    /// Blobs, if a transaction may carry them (EIP-4844).
    pub blobs: Option<BlobRules>,
}

/// The rules of blobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlobRules {
    /// Blobs of a transaction at most (EIP-4844, EIP-7691, EIP-7594).
    pub max: usize,
    /// How slowly the price of blob gas grows with the blob gas in excess (EIP-4844, EIP-7691).
    pub base_fee_update_fraction: u64,
}

impl TransactionCosts {
    /// Gas that is taken before the first instruction: the transaction itself, its data, its access
    /// list.
    pub fn intrinsic(&self, is_create: bool, data: &[u8], addresses: u64, slots: u64) -> u64 {
        let (zero, nonzero) = count(data);
        let (start, init_code) = if is_create {
            (self.create, words(data.len() as u64).saturating_mul(self.init_code_word))
        } else {
            (self.base, 0)
        };
        start
            .saturating_add(zero.saturating_mul(self.zero_byte))
            .saturating_add(nonzero.saturating_mul(self.nonzero_byte))
            .saturating_add(init_code)
            .saturating_add(addresses.saturating_mul(self.access_list_address))
            .saturating_add(slots.saturating_mul(self.access_list_slot))
    }

    /// The least gas that the transaction uses in the end, and therefore the least gas limit
    /// (EIP-7623); zero when there is no such rule.
    pub fn floor(&self, data: &[u8]) -> u64 {
        if self.floor_token == 0 {
            return 0;
        }
        let (zero, nonzero) = count(data);
        let tokens = zero.saturating_add(nonzero.saturating_mul(4));
        self.base.saturating_add(tokens.saturating_mul(self.floor_token))
    }

    /// The refund that counts: what was earned, but no more than the revision's part of the gas
    /// used. `used` is before refunds.
    pub fn refund(&self, earned: i64, used: u64) -> u64 {
        u64::try_from(earned).unwrap_or(0).min(used / self.refund_divisor)
    }
}

/// Zero bytes and other bytes.
fn count(data: &[u8]) -> (u64, u64) {
    let zero = data.iter().filter(|&&byte| byte == 0).count() as u64;
    (zero, data.len() as u64 - zero)
}
