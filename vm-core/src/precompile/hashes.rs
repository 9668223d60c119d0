//! Addresses 2, 3 and 9: SHA-256 (FIPS 180-4), RIPEMD-160 and, in Ewasm, Keccak-256.

use alloc::vec::Vec;

use ripemd::Ripemd160;
use sha2::{Digest, Sha256};

use super::{PrecompileError, price_by_words};
use crate::ewasm::PrecompileCosts;
use crate::work::{self, Unit};

pub(super) fn sha256_gas(_: &PrecompileCosts, input: &[u8]) -> u64 {
    price_by_words(60, 12, input)
}

pub(super) fn sha256(_: &PrecompileCosts, input: &[u8]) -> Result<Vec<u8>, PrecompileError> {
    work::add(Unit::Sha256, input.len() as u64 / 64 + 1);
    Ok(Sha256::digest(input).to_vec())
}

pub(super) fn ripemd160_gas(_: &PrecompileCosts, input: &[u8]) -> u64 {
    price_by_words(600, 120, input)
}

/// The 20 bytes of the hash after 12 zero bytes.
pub(super) fn ripemd160(_: &PrecompileCosts, input: &[u8]) -> Result<Vec<u8>, PrecompileError> {
    work::add(Unit::Ripemd, input.len() as u64 / 64 + 1);
    let mut output = Vec::with_capacity(32);
    output.extend_from_slice(&[0; 12]);
    output.extend_from_slice(&Ripemd160::digest(input));
    Ok(output)
}

/// The price that the recorded gas of Ewasm's contracts holds: that of copying the words.
pub(super) fn keccak256_gas(_: &PrecompileCosts, input: &[u8]) -> u64 {
    price_by_words(0, 3, input)
}

pub(super) fn keccak256(_: &PrecompileCosts, input: &[u8]) -> Result<Vec<u8>, PrecompileError> {
    work::keccak(input.len());
    Ok(alloy_primitives::keccak256(input).to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::precompile::tests::COSTS;
    use alloy_primitives::hex;

    #[test]
    fn sha256_gives_the_vectors_of_nist() {
        for (input, expected) in [
            ("", hex!("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")),
            ("abc", hex!("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")),
        ] {
            assert_eq!(sha256(COSTS, input.as_bytes()).unwrap(), expected);
        }
    }

    #[test]
    fn ripemd160_gives_its_authors_vectors_in_a_word_of_32_bytes() {
        for (input, expected) in [
            ("", hex!("0000000000000000000000009c1185a5c5e9fc54612808977ee8f548b2258d31")),
            ("abc", hex!("0000000000000000000000008eb208f7e05d987a9b044a8e98c6b087f15a0bfc")),
        ] {
            assert_eq!(ripemd160(COSTS, input.as_bytes()).unwrap(), expected);
        }
    }

    #[test]
    fn keccak256_is_the_hash_of_ethereum_not_sha3() {
        for (input, expected) in [
            ("", hex!("c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")),
            ("abc", hex!("4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45")),
        ] {
            assert_eq!(keccak256(COSTS, input.as_bytes()).unwrap(), expected);
        }
    }
}
