//! What a test is compared by.
use alloy_primitives::{B256, Log, U256, keccak256};
use alloy_trie::TrieAccount;
use alloy_trie::root::{state_root_unhashed, storage_root_unhashed};
use tephra_core::state::MemoryBackend;

/// The root of the Merkle-Patricia trie of a state.
pub fn state_root(state: &MemoryBackend) -> B256 {
    state_root_unhashed(state.accounts().iter().map(|(address, account)| {
        let slots = account.storage.iter().map(|(key, value)| (*key, U256::from_be_bytes(value.0)));
        let info = account.info;
        (
            *address,
            TrieAccount::new(
                info.nonce,
                info.balance,
                storage_root_unhashed(slots),
                info.code_hash,
            ),
        )
    }))
}

/// Keccak-256 of the RLP of a list of logs.
pub fn logs_hash(logs: &[Log]) -> B256 {
    let mut out = Vec::new();
    alloy_rlp::encode_list::<_, Log>(logs, &mut out);
    keccak256(&out)
}

#[cfg(test)]
mod tests {
    use alloy_primitives::b256;
    use alloy_trie::EMPTY_ROOT_HASH;

    use super::*;

    #[test]
    fn nothing_has_the_hashes_that_ethereum_gives_it() {
        assert_eq!(state_root(&MemoryBackend::new()), EMPTY_ROOT_HASH);
        // Keccak-256 of 0xc0, the empty list.
        let empty = b256!("1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347");
        assert_eq!(logs_hash(&[]), empty);
    }
}
