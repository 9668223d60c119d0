//! A slot as it is stored: its value and its deposit.
use codec::{Decode, Encode, HasCompact, MaxEncodedLen};
use frame_support::BoundedVec;
use scale_info::TypeInfo;
use sp_core::{ConstU32, H256};
use sp_runtime::traits::Zero;

/// A slot that is not zero. Each has its own deposit, so that the signer who frees it gets exactly
/// what was paid for it, by whomever and at whatever price.
///
/// Most slots are stored in at most 32 bytes, as much as the trie keeps inside its nodes
/// (`TRIE_VALUE_NODE_THRESHOLD`): a slot with its deposit makes no larger proof than the value
/// alone would.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Slot<Balance: HasCompact> {
    /// Held on the contract's account for this slot.
    #[codec(compact)]
    pub deposit: Balance,
    value: Word,
}

/// 32 bytes without the zeros at the end that has more of them. Numbers in big endian begin with
/// zeros, and numbers in little endian end with them.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
enum Word {
    /// The bytes after the zeros.
    ZerosFirst(BoundedVec<u8, ConstU32<32>>),
    /// The bytes before the zeros.
    ZerosLast(BoundedVec<u8, ConstU32<32>>),
}

impl<Balance: HasCompact> Slot<Balance> {
    /// Returns a slot with this value and deposit.
    pub fn new(value: H256, deposit: Balance) -> Self {
        Self { deposit, value: Word::of(value) }
    }

    /// Returns the value.
    pub fn value(&self) -> H256 {
        self.value.bytes()
    }
}

impl<Balance: HasCompact + Zero> Slot<Balance> {
    /// Returns a slot without a deposit, like those of the genesis.
    pub fn without_deposit(value: H256) -> Self {
        Self::new(value, Zero::zero())
    }
}

impl<Balance: HasCompact> MaxEncodedLen for Slot<Balance> {
    fn max_encoded_len() -> usize {
        // FRAME's balances have at most 128 bits. A word is its kind, its length and its bytes.
        codec::Compact::<u128>::max_encoded_len().saturating_add(2 + 32)
    }
}

impl Word {
    fn of(value: H256) -> Self {
        let zeros =
            |bytes: &mut dyn Iterator<Item = &u8>| bytes.take_while(|byte| **byte == 0).count();
        let (first, last) = (zeros(&mut value.0.iter()), zeros(&mut value.0.iter().rev()));
        if first >= last {
            Self::ZerosFirst(BoundedVec::truncate_from(
                value.0.iter().skip(first).copied().collect(),
            ))
        } else {
            Self::ZerosLast(BoundedVec::truncate_from(
                value.0.iter().take(32 - last).copied().collect(),
            ))
        }
    }

    fn bytes(&self) -> H256 {
        let mut value = H256::zero();
        let (Self::ZerosFirst(bytes) | Self::ZerosLast(bytes)) = self;
        let skipped = if matches!(self, Self::ZerosFirst(_)) {
            32_usize.saturating_sub(bytes.len())
        } else {
            0
        };
        for (to, from) in value.0.iter_mut().skip(skipped).zip(bytes) {
            *to = *from;
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(at: usize, bytes: &[u8]) -> H256 {
        let mut value = H256::zero();
        value.0[at..at + bytes.len()].copy_from_slice(bytes);
        value
    }

    #[test]
    fn every_value_comes_back() {
        for length in 0..=32 {
            for at in 0..=32 - length {
                let value = value(at, &vec![0x80; length]);
                let slot = Slot::new(value, 7_u128);
                assert_eq!(slot.value(), value);
                assert_eq!(Slot::<u128>::decode(&mut &slot.encode()[..]), Ok(slot));
            }
        }
    }

    #[test]
    fn numbers_and_addresses_fit_a_node_of_the_trie_with_their_deposits() {
        // 18 decimals, and a sixth of a unit for a slot.
        let deposit = 164_000_000_000_000_000_u128;
        for value in [
            value(16, &[0xff; 16]),
            value(0, &[0xff; 16]),
            value(12, &[0xff; 20]),
            value(0, &[0xff; 20]),
        ] {
            assert!(Slot::new(value, deposit).encode().len() <= 32);
        }
    }

    #[test]
    fn no_slot_is_larger_than_its_type_says() {
        let largest = Slot::new(H256::repeat_byte(0xff), u128::MAX);
        assert_eq!(largest.encode().len(), Slot::<u128>::max_encoded_len());
    }
}
