//! Addresses 2, 3 and 9: SHA-256 (FIPS 180-4), RIPEMD-160 and, in Ewasm, Keccak-256.

use alloc::vec::Vec;

use ripemd::Ripemd160;
use sha2::{Digest, Sha256};

use super::{PrecompileError, price_by_words};
use crate::revision::Revision;

pub(super) fn sha256_gas(_: Revision, input: &[u8]) -> u64 {
    price_by_words(60, 12, input)
}

pub(super) fn sha256(_: Revision, input: &[u8]) -> Result<Vec<u8>, PrecompileError> {
    Ok(Sha256::digest(input).to_vec())
}

pub(super) fn ripemd160_gas(_: Revision, input: &[u8]) -> u64 {
    price_by_words(600, 120, input)
}

/// The 20 bytes of the hash after 12 zero bytes.
pub(super) fn ripemd160(_: Revision, input: &[u8]) -> Result<Vec<u8>, PrecompileError> {
    let mut output = Vec::with_capacity(32);
    output.extend_from_slice(&[0; 12]);
    output.extend_from_slice(&Ripemd160::digest(input));
    Ok(output)
}

pub(super) fn keccak256_gas(_: Revision, input: &[u8]) -> u64 {
    price_by_words(30, 6, input)
}

pub(super) fn keccak256(_: Revision, input: &[u8]) -> Result<Vec<u8>, PrecompileError> {
    Ok(alloy_primitives::keccak256(input).to_vec())
}
