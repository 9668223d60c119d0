//! Address 1: the address that signed a hash with ECDSA over secp256k1 (Yellow Paper, appendix E).

use alloc::vec::Vec;

use alloy_primitives::keccak256;
use k256::ecdsa::{RecoveryId, Signature, VerifyingKey};

use super::{PrecompileError, words};
use crate::revision::Revision;

pub(super) fn gas(_: Revision, _: &[u8]) -> u64 {
    3000
}

/// The signer's address after 12 zero bytes, or no bytes when the signature is not valid: that is no error.
pub(super) fn run(_: Revision, input: &[u8]) -> Result<Vec<u8>, PrecompileError> {
    Ok(recover(words(input)).unwrap_or_default())
}

/// The input is hash, v, r, s, each 32 bytes. v is 27 or 28, r and s from 1 to the order of the curve less one; unlike in
/// transactions, s may be in the upper half.
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
    let key = VerifyingKey::recover_from_prehash(&hash, &signature, recovery_id).ok()?;
    let point = key.to_sec1_point(false);
    let (_tag, coordinates) = point.as_bytes().split_first()?;
    let mut output = keccak256(coordinates).to_vec();
    output.iter_mut().take(12).for_each(|byte| *byte = 0);
    Some(output)
}
