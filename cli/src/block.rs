//! Blocks of the chain: each transaction is a block, and what contracts see of a block follows from
//! its number alone. No clock is read and nothing is random, so the same transactions always give
//! the same state.
use alloy_primitives::{B256, keccak256};
use tephra_core::state::BlockEnv;

/// EIP-155 chain id; development chains usually have this one.
pub const CHAIN_ID: u64 = 1337;

/// Time of block 0, in seconds since 1970: 2024-01-01 00:00:00 UTC.
pub const GENESIS_TIME: u64 = 1_704_067_200;

/// Seconds between two blocks.
pub const BLOCK_TIME: u64 = 12;

/// Returns the hash of a block. Blocks have no headers here: it is a hash of the number.
pub fn hash(number: u64) -> B256 {
    labelled_hash("tephra block", number)
}

/// Returns what contracts see of a block.
pub fn environment(number: u64) -> BlockEnv {
    BlockEnv {
        number,
        timestamp: number.saturating_mul(BLOCK_TIME).saturating_add(GENESIS_TIME),
        prev_randao: labelled_hash("tephra randao", number),
        chain_id: CHAIN_ID,
        ..BlockEnv::default()
    }
}

fn labelled_hash(label: &str, number: u64) -> B256 {
    let mut text = label.as_bytes().to_vec();
    text.extend(number.to_be_bytes());
    keccak256(text)
}
