//! Address 1: the address that signed a hash with ECDSA over secp256k1 (Yellow Paper, appendix E).

use alloc::vec::Vec;

use alloy_primitives::keccak256;
use k256::ecdsa::{RecoveryId, Signature, VerifyingKey};

use super::{PrecompileError, words};
use crate::ewasm::PrecompileCosts;
use crate::work::{self, Unit};

pub(super) fn gas(_: &PrecompileCosts, _: &[u8]) -> u64 {
    3000
}

/// The signer's address after 12 zero bytes, or no bytes when the signature is not valid: that is
/// no error.
pub(super) fn run(_: &PrecompileCosts, input: &[u8]) -> Result<Vec<u8>, PrecompileError> {
    Ok(recover(words(input)).unwrap_or_default())
}

/// The input is hash, v, r, s, each 32 bytes. v is 27 or 28, r and s from 1 to the order of the
/// curve less one; unlike in transactions, s may be in the upper half.
fn recover([hash, v, r, s]: [[u8; 32]; 4]) -> Option<Vec<u8>> {
    let [zeros @ .., v] = v;
    if zeros.iter().any(|byte| *byte != 0) {
        return None;
    }
    let recovery_id = match v {
        27 => RecoveryId::new(false, false),
        28 => RecoveryId::new(true, false),
        _ => return None,
    };
    let signature = Signature::from_scalars(r, s).ok()?;
    work::add(Unit::Ecrecover, 1);
    let key = VerifyingKey::recover_from_prehash(&hash, &signature, recovery_id).ok()?;
    let point = key.to_sec1_point(false);
    let (_tag, coordinates) = point.as_bytes().split_first()?;
    let mut output = keccak256(coordinates).to_vec();
    output.iter_mut().take(12).for_each(|byte| *byte = 0);
    Some(output)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::precompile::tests::COSTS;
    use alloy_primitives::{U256, hex};

    const HASH: [u8; 32] = hex!("18c547e4f7b0f325ad1e56f57e26c745b09a3e503d86e00e5255ff7f715d3d1c");
    const R: [u8; 32] = hex!("73b1693892219d736caba55bdb67216e485557ea6b6af75f37096c9aa6a5a75f");
    const S: [u8; 32] = hex!("eeb940b1d03b21e36b0e47e79769f095fe2ab855bd91e3a38756b7d75a9c4549");
    const SIGNER: [u8; 20] = hex!("a94f5374fce5edbc8e2a8697c15331677e6ebf0b");
    const ORDER: [u8; 32] =
        hex!("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");

    fn word(number: u64) -> [u8; 32] {
        U256::from(number).to_be_bytes()
    }

    fn signer(hash: [u8; 32], v: [u8; 32], r: [u8; 32], s: [u8; 32]) -> Option<[u8; 20]> {
        let output = run(COSTS, [hash, v, r, s].as_flattened()).unwrap();
        if output.is_empty() {
            return None;
        }
        assert_eq!(output.len(), 32);
        assert_eq!(output[..12], [0; 12]);
        output[12..].try_into().ok()
    }

    #[test]
    fn the_signer_is_recovered_also_when_s_is_in_the_upper_half() {
        assert_eq!(signer(HASH, word(28), R, S), Some(SIGNER));
    }

    #[test]
    fn negating_s_and_the_parity_gives_the_same_signer() {
        let negated = U256::from_be_bytes(ORDER) - U256::from_be_bytes(S);
        assert_eq!(signer(HASH, word(27), R, negated.to_be_bytes()), Some(SIGNER));
    }

    #[test]
    fn v_is_27_or_28_in_all_its_32_bytes() {
        for v in [0, 1, 26, 29, 30, 255, 256 + 28, 1 << 40 | 28] {
            assert_eq!(signer(HASH, word(v), R, S), None, "{v}");
        }
        let mut v = word(28);
        v[0] = 0x10;
        assert_eq!(signer(HASH, v, R, S), None);
    }

    #[test]
    fn r_and_s_are_from_one_to_the_order_less_one() {
        for bad in [word(0), ORDER, [0xff; 32]] {
            assert_eq!(signer(HASH, word(28), bad, S), None);
            assert_eq!(signer(HASH, word(28), R, bad), None);
        }
        let mut largest = ORDER;
        largest[31] -= 1;
        assert!(signer(HASH, word(28), R, largest).is_some());
    }

    #[test]
    fn r_that_is_the_abscissa_of_no_point_gives_nothing() {
        assert_eq!(signer(HASH, word(27), word(5), S), None);
    }

    #[test]
    fn a_key_at_infinity_gives_nothing() {
        // r is the abscissa of the generator, whose ordinate is even, and s equals the hash.
        let generator = hex!("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");
        assert_eq!(signer(word(5), word(27), generator, word(5)), None);
        assert!(signer(word(5), word(28), generator, word(5)).is_some());
    }

    #[test]
    fn input_is_padded_with_zeros_and_excess_ignored() {
        let mut input = [HASH, word(28), R, S].concat();
        input.push(1);
        assert_eq!(run(COSTS, &input).unwrap()[12..], SIGNER);
        assert_eq!(run(COSTS, &input[..96]), Ok(Vec::new()));
        assert_eq!(run(COSTS, &[]), Ok(Vec::new()));
    }
}
