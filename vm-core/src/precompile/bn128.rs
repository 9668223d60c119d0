//! Addresses 6, 7 and 8: addition, scalar multiplication and the pairing check on the curve
//! alt_bn128, also called BN254 (EIP-196 and EIP-197, prices of EIP-1108 from Istanbul on).

use alloc::vec::Vec;

use ark_bn254::{Bn254, Fq, Fq2, Fq12, Fr, G1Affine, G2Affine};
use ark_ec::pairing::{MillerLoopOutput, Pairing};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{BigInt, One, PrimeField, Zero};

use super::{PrecompileError, words};
use crate::ewasm::PrecompileCosts;
use crate::work::{self, Unit};

/// Bytes of a pair: a point of G1 (two coordinates) and one of G2 (four).
const PAIR_LENGTH: usize = 192;

/// Pairs whose Miller loops run together. They share their squarings, and each takes some 20 KB
/// while it runs, so that the number must not depend on the input.
const BATCH: usize = 4;

pub(super) fn add_gas(costs: &PrecompileCosts, _: &[u8]) -> u64 {
    costs.bn128_add
}

pub(super) fn mul_gas(costs: &PrecompileCosts, _: &[u8]) -> u64 {
    costs.bn128_mul
}

pub(super) fn pairing_gas(costs: &PrecompileCosts, input: &[u8]) -> u64 {
    let pairs = (input.len() / PAIR_LENGTH) as u64;
    costs.bn128_pairing.saturating_add(costs.bn128_pair.saturating_mul(pairs))
}

/// The sum of two points of G1.
pub(super) fn add(_: &PrecompileCosts, input: &[u8]) -> Result<Vec<u8>, PrecompileError> {
    let [ax, ay, bx, by] = words(input);
    work::add(Unit::CurveAdd, 1);
    let sum = g1(ax, ay)? + g1(bx, by)?;
    Ok(encode(sum.into_affine()))
}

/// A point of G1, multiplied by a number of 32 bytes.
pub(super) fn mul(_: &PrecompileCosts, input: &[u8]) -> Result<Vec<u8>, PrecompileError> {
    let [x, y, scalar] = words(input);
    // The order of G1 is that of the field Fr: reducing the scalar changes nothing.
    work::add(Unit::CurveMultiply, 1);
    let product = g1(x, y)? * Fr::from_be_bytes_mod_order(&scalar);
    Ok(encode(product.into_affine()))
}

/// 1 in 32 bytes when the product of the pairings of all pairs is the neutral element of the target
/// group, else 0.
pub(super) fn pairing(_: &PrecompileCosts, input: &[u8]) -> Result<Vec<u8>, PrecompileError> {
    let (pairs, []) = input.as_chunks::<PAIR_LENGTH>() else {
        return Err(PrecompileError::InvalidInput("the length is not a multiple of 192 bytes"));
    };
    let mut product = Fq12::one();
    for batch in pairs.chunks(BATCH) {
        let mut left = Vec::with_capacity(BATCH);
        let mut right = Vec::with_capacity(BATCH);
        for pair in batch {
            work::add(Unit::PairingPair, 1);
            let (p, q) = decode_pair(pair)?;
            if !p.is_zero() && !q.is_zero() {
                left.push(p);
                right.push(q);
            }
        }
        product *= Bn254::multi_miller_loop(left, right).0;
    }
    work::add(Unit::Pairing, 1);
    let holds = Bn254::final_exponentiation(MillerLoopOutput(product))
        .is_some_and(|result| result.is_zero());
    let mut output = Vec::from([0; 31]);
    output.push(u8::from(holds));
    Ok(output)
}

fn decode_pair(pair: &[u8; PAIR_LENGTH]) -> Result<(G1Affine, G2Affine), PrecompileError> {
    // Of an element of Fq2 the imaginary part comes first (EIP-197, "Encoding").
    let [px, py, qx_i, qx_r, qy_i, qy_r] = words(pair);
    let p = g1(px, py)?;
    let x = Fq2::new(coordinate(qx_r)?, coordinate(qx_i)?);
    let y = Fq2::new(coordinate(qy_r)?, coordinate(qy_i)?);
    Ok((p, g2(x, y)?))
}

/// Every point of the curve over Fq is in the group. (0, 0) stands for the point at infinity.
fn g1(x: [u8; 32], y: [u8; 32]) -> Result<G1Affine, PrecompileError> {
    let (x, y) = (coordinate(x)?, coordinate(y)?);
    if x.is_zero() && y.is_zero() {
        return Ok(G1Affine::zero());
    }
    let point = G1Affine::new_unchecked(x, y);
    if point.is_on_curve() {
        Ok(point)
    } else {
        Err(PrecompileError::InvalidInput("a point is not on the curve alt_bn128"))
    }
}

fn g2(x: Fq2, y: Fq2) -> Result<G2Affine, PrecompileError> {
    if x.is_zero() && y.is_zero() {
        return Ok(G2Affine::zero());
    }
    let point = G2Affine::new_unchecked(x, y);
    if !point.is_on_curve() {
        Err(PrecompileError::InvalidInput("a point is not on the twist of the curve alt_bn128"))
    } else if !point.is_in_correct_subgroup_assuming_on_curve() {
        Err(PrecompileError::InvalidInput("a point of the twist is not in the group G2"))
    } else {
        Ok(point)
    }
}

fn coordinate(bytes: [u8; 32]) -> Result<Fq, PrecompileError> {
    let (words, _) = bytes.as_chunks();
    let mut limbs = [0; 4];
    for (limb, word) in limbs.iter_mut().rev().zip(words) {
        *limb = u64::from_be_bytes(*word);
    }
    Fq::from_bigint(BigInt::new(limbs)).ok_or(PrecompileError::InvalidInput(
        "a coordinate is not less than the prime of the field",
    ))
}

fn encode(point: G1Affine) -> Vec<u8> {
    let (x, y) = point.xy().unwrap_or_default();
    [x, y]
        .iter()
        .flat_map(|coordinate| coordinate.into_bigint().0.into_iter().rev())
        .flat_map(u64::to_be_bytes)
        .collect()
}

/// The points were computed by another implementation, py_ecc.
#[cfg(test)]
mod tests {
    use super::*;
    use crate::precompile::tests::COSTS;
    use alloy_primitives::hex;

    const G1: [u8; 64] = {
        let mut point = [0; 64];
        point[31] = 1;
        point[63] = 2;
        point
    };
    /// Twice the generator of G1.
    const TWO_G1: [u8; 64] = hex!(
        "030644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd3"
        "15ed738c0e0a7c92e7845f96b2ae9c0a68a6a449e3538fc7ff3ebf7a5a18a2c4"
    );
    const MINUS_G1: [u8; 64] = hex!(
        "0000000000000000000000000000000000000000000000000000000000000001"
        "30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd45"
    );
    /// 12345678901234567890·G1.
    const A: [u8; 64] = hex!(
        "14e2946f9ea29efcd6c8d3bc8ebce97aff2267495f19207d83a5a278b3d1b675"
        "0d6d60e75a6a4aef02b7c664972665bbdfa16ef85493ca2cc449eea611b9ed31"
    );
    /// −987654321·G1.
    const B: [u8; 64] = hex!(
        "159580eefe61dac5c853b598904033d04d7eba6df9acfefbda7a3eed7553def9"
        "12b9ce6932a04a1eda34504a0299cec3e0880ab49446395157c127918d7e1d55"
    );
    const A_PLUS_B: [u8; 64] = hex!(
        "08664e03c0b02c215581a6ecb23d68a1969accc3ef21cf0263fb181de746f7a5"
        "01475cd59a11ab0b98b7a9cee9d5b560c01dfdcd1c530b899baf4b076e79712a"
    );
    /// (2^256 − 1)·A.
    const A_TIMES_MAX: [u8; 64] = hex!(
        "10ba612ffe0df5308ff41837ae1aa00c220e3932305b02deef65dba045b12b2a"
        "027beb57f5c2a8eeaf026745654b581b02af76baf3725f23ee8f3e2483c729c5"
    );
    /// 0x0123456789abcdef…·A, a scalar less than the order.
    const A_TIMES_SCALAR: [u8; 64] = hex!(
        "154e3cef97a6d4687e1d22d88d9ee7392d184a7bbb28952699ea055913052f99"
        "233c5751165ef577cdfbb82b31f1b04589b8278b774a924d8efe589df4f51343"
    );
    const SIX_G1: [u8; 64] = hex!(
        "09f4ca411a3f52f4e0792fd9e792779856719215d3b32a762afe3d5b8c684af9"
        "0d8ef3d795acd4b35d4366ab22e4ad335273aa59429e26929d0f64583474d9c8"
    );
    const MINUS_THIRTY_G1: [u8; 64] = hex!(
        "036083bfa420b15a4c11f66a3cffd55318b019feb45f833a876e93848625f5ae"
        "0a338b2a2117dc3c01005f8c02ef44fbec980877e04f957866b3e3636da05f11"
    );
    /// The generator of G2.
    const G2: [u8; 128] = hex!(
        "198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2"
        "1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"
        "090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b"
        "12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa"
    );
    const MINUS_G2: [u8; 128] = hex!(
        "198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2"
        "1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"
        "275dc4a288d1afb3cbb1ac09187524c7db36395df7be3b99e673b13a075a65ec"
        "1d9befcd05a5323e6da4d435f3b617cdb3af83285c2df711ef39c01571827f9d"
    );
    const FIVE_G2: [u8; 128] = hex!(
        "0a09ccf561b55fd99d1c1208dee1162457b57ac5af3759d50671e510e428b2a1"
        "2e539c423b302d13f4e5773c603948eaf5db5df8ae8a9a9113708390a06410d8"
        "19b763513924a736e4eebd0d78c91c1bc1d657fee4214057d21414011cfcc763"
        "2f8d9f9ab83727c77a2fec063cb7b6e5eb23044ccf535ad49d46d394fb6f6bf6"
    );
    /// A point of the twist, of abscissa 1, that is not in G2.
    const NOT_IN_SUBGROUP: [u8; 128] = hex!(
        "0000000000000000000000000000000000000000000000000000000000000000"
        "0000000000000000000000000000000000000000000000000000000000000001"
        "0d1271953ed9ea0836846e70a1934187998c7f790cb4d7511b7f8da82de048a4"
        "2869111d5381f072f8e2728fdb825a51aadd70e52c9830e9ab4b871c0531f1bb"
    );
    const INFINITY: [u8; 64] = [0; 64];
    const PRIME: [u8; 32] =
        hex!("30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47");
    const ORDER: [u8; 32] =
        hex!("30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001");

    const NOT_ON_CURVE: PrecompileError =
        PrecompileError::InvalidInput("a point is not on the curve alt_bn128");
    const NOT_IN_FIELD: PrecompileError =
        PrecompileError::InvalidInput("a coordinate is not less than the prime of the field");

    fn sum(parts: &[&[u8]]) -> Result<Vec<u8>, PrecompileError> {
        add(COSTS, &parts.concat())
    }

    fn product(point: &[u8], scalar: &[u8]) -> Result<Vec<u8>, PrecompileError> {
        mul(COSTS, &[point, scalar].concat())
    }

    /// Whether the product of the pairings is one.
    fn check(parts: &[&[u8]]) -> Result<bool, PrecompileError> {
        let output = pairing(COSTS, &parts.concat())?;
        assert_eq!(output.len(), 32);
        assert_eq!(output[..31], [0; 31]);
        assert!(output[31] <= 1);
        Ok(output[31] == 1)
    }

    #[test]
    fn points_are_added_doubled_and_cancelled() {
        assert_eq!(sum(&[&A, &B]).unwrap(), A_PLUS_B);
        assert_eq!(sum(&[&B, &A]).unwrap(), A_PLUS_B);
        assert_eq!(sum(&[&G1, &G1]).unwrap(), TWO_G1);
        assert_eq!(sum(&[&G1, &MINUS_G1]).unwrap(), INFINITY);
    }

    #[test]
    fn the_point_at_infinity_is_neutral() {
        assert_eq!(sum(&[&G1, &INFINITY]).unwrap(), G1);
        assert_eq!(sum(&[&INFINITY, &G1]).unwrap(), G1);
        assert_eq!(sum(&[&INFINITY, &INFINITY]).unwrap(), INFINITY);
        assert_eq!(product(&INFINITY, &[0xff; 32]).unwrap(), INFINITY);
    }

    #[test]
    fn input_is_padded_with_zeros_and_excess_ignored() {
        assert_eq!(sum(&[]).unwrap(), INFINITY);
        assert_eq!(sum(&[&G1]).unwrap(), G1);
        assert_eq!(sum(&[&G1, &G1, &[1]]).unwrap(), TWO_G1);
        assert_eq!(product(&[], &[]).unwrap(), INFINITY);
        assert_eq!(product(&G1, &[]).unwrap(), INFINITY);
        assert_eq!(product(&A, &[[0xff; 33].as_slice(), &[1; 9]].concat()).unwrap(), A_TIMES_MAX);
        // A scalar of one byte is its most significant byte.
        let mut scalar = [0; 32];
        scalar[0] = 1;
        assert_eq!(product(&G1, &[1]), product(&G1, &scalar));
    }

    #[test]
    fn a_scalar_may_be_any_number_of_32_bytes() {
        let scalar = hex!("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
        assert_eq!(product(&A, &scalar).unwrap(), A_TIMES_SCALAR);
        assert_eq!(product(&A, &[0xff; 32]).unwrap(), A_TIMES_MAX);
        assert_eq!(product(&G1, &ORDER).unwrap(), INFINITY);
        let mut scalar = ORDER;
        scalar[31] = 0;
        assert_eq!(product(&G1, &scalar).unwrap(), MINUS_G1);
        scalar[31] = 3;
        assert_eq!(product(&G1, &scalar).unwrap(), TWO_G1);
    }

    #[test]
    fn points_off_the_curve_are_refused() {
        let mut off = G1;
        off[63] = 3;
        assert_eq!(sum(&[&off]), Err(NOT_ON_CURVE));
        assert_eq!(sum(&[&G1, &off]), Err(NOT_ON_CURVE));
        assert_eq!(product(&off, &[0; 32]), Err(NOT_ON_CURVE));
        assert_eq!(check(&[&off, &[0; 128]]), Err(NOT_ON_CURVE));
        // (1, 0) and (0, 1) are not the point at infinity.
        assert_eq!(sum(&[&G1[..32]]), Err(NOT_ON_CURVE));
        assert_eq!(sum(&[&[0; 32], &G1[..32]]), Err(NOT_ON_CURVE));
    }

    #[test]
    fn coordinates_are_less_than_the_prime() {
        assert_eq!(sum(&[&PRIME, &[0; 32]]), Err(NOT_IN_FIELD));
        assert_eq!(product(&[[0; 32], PRIME].concat(), &[]), Err(NOT_IN_FIELD));
        // 1 + prime is 1 in the field, but no encoding of it.
        let mut one = PRIME;
        one[31] += 1;
        assert_eq!(sum(&[&one, &G1[32..]]), Err(NOT_IN_FIELD));
        for at in 0..6 {
            let mut pair = [G1.as_slice(), &G2].concat();
            pair[32 * at..32 * (at + 1)].copy_from_slice(&PRIME);
            assert_eq!(check(&[&pair]), Err(NOT_IN_FIELD), "{at}");
        }
    }

    #[test]
    fn a_pairing_and_its_inverse_cancel() {
        assert_eq!(check(&[&G1, &G2, &MINUS_G1, &G2]), Ok(true));
        assert_eq!(check(&[&G1, &G2, &G1, &MINUS_G2]), Ok(true));
        assert_eq!(check(&[&SIX_G1, &FIVE_G2, &MINUS_THIRTY_G1, &G2]), Ok(true));
    }

    #[test]
    fn other_products_are_not_one() {
        assert_eq!(check(&[&G1, &G2]), Ok(false));
        assert_eq!(check(&[&G1, &G2, &G1, &G2]), Ok(false));
        assert_eq!(check(&[&SIX_G1, &FIVE_G2, &MINUS_THIRTY_G1, &FIVE_G2]), Ok(false));
    }

    #[test]
    fn more_pairs_than_one_batch_are_multiplied() {
        let mut pairs: Vec<&[u8]> = Vec::new();
        for _ in 0..BATCH {
            pairs.extend([&G1[..], &G2]);
        }
        for _ in 0..BATCH {
            assert_eq!(check(&pairs), Ok(false));
            pairs.extend([&G1[..], &MINUS_G2]);
        }
        assert_eq!(check(&pairs), Ok(true));
    }

    #[test]
    fn no_pairs_and_points_at_infinity_give_one() {
        assert_eq!(check(&[]), Ok(true));
        assert_eq!(check(&[&INFINITY, &G2]), Ok(true));
        assert_eq!(check(&[&G1, &[0; 128]]), Ok(true));
        assert_eq!(check(&[&[0; 192], &G1, &G2]), Ok(false));
    }

    #[test]
    fn the_length_of_a_pairing_is_a_multiple_of_192() {
        let wrong = Err(PrecompileError::InvalidInput("the length is not a multiple of 192 bytes"));
        let pair = [G1.as_slice(), &G2].concat();
        assert_eq!(check(&[&pair[1..]]), wrong);
        assert_eq!(check(&[&pair, &[0]]), wrong);
        assert_eq!(check(&[&[0]]), wrong);
    }

    #[test]
    fn points_off_the_twist_or_outside_its_group_are_refused() {
        let mut off = G2;
        off[127] ^= 1;
        for p in [G1, INFINITY] {
            assert_eq!(
                check(&[&p, &off]),
                Err(PrecompileError::InvalidInput(
                    "a point is not on the twist of the curve alt_bn128"
                ))
            );
            assert_eq!(
                check(&[&p, &NOT_IN_SUBGROUP]),
                Err(PrecompileError::InvalidInput("a point of the twist is not in the group G2"))
            );
        }
    }
}
