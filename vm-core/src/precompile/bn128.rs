//! Addresses 6, 7 and 8: addition, scalar multiplication and the pairing check on the curve alt_bn128, also called BN254
//! (EIP-196 and EIP-197, prices of EIP-1108 from Istanbul on).

use alloc::vec::Vec;

use ark_bn254::{Bn254, Fq, Fq2, Fq12, Fr, G1Affine, G2Affine};
use ark_ec::pairing::{MillerLoopOutput, Pairing};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{BigInt, One, PrimeField, Zero};

use super::{PrecompileError, words};
use crate::revision::Revision;

/// Bytes of a pair: a point of G1 (two coordinates) and one of G2 (four).
const PAIR_LENGTH: usize = 192;

/// Pairs whose Miller loops run together. They share their squarings, and each takes some 20 KB while it runs, so that
/// the number must not depend on the input.
const BATCH: usize = 4;

pub(super) fn add_gas(revision: Revision, _: &[u8]) -> u64 {
    if revision >= Revision::Istanbul { 150 } else { 500 }
}

pub(super) fn mul_gas(revision: Revision, _: &[u8]) -> u64 {
    if revision >= Revision::Istanbul { 6000 } else { 40_000 }
}

pub(super) fn pairing_gas(revision: Revision, input: &[u8]) -> u64 {
    let (base, pair) = if revision >= Revision::Istanbul { (45_000_u64, 34_000_u64) } else { (100_000, 80_000) };
    base.saturating_add(pair.saturating_mul((input.len() / PAIR_LENGTH) as u64))
}

/// The sum of two points of G1.
pub(super) fn add(_: Revision, input: &[u8]) -> Result<Vec<u8>, PrecompileError> {
    let [ax, ay, bx, by] = words(input);
    let sum = g1(ax, ay)? + g1(bx, by)?;
    Ok(encode(sum.into_affine()))
}

/// A point of G1, multiplied by a number of 32 bytes.
pub(super) fn mul(_: Revision, input: &[u8]) -> Result<Vec<u8>, PrecompileError> {
    let [x, y, scalar] = words(input);
    // The order of G1 is that of the field Fr: reducing the scalar changes nothing.
    let product = g1(x, y)? * Fr::from_be_bytes_mod_order(&scalar);
    Ok(encode(product.into_affine()))
}

/// 1 in 32 bytes when the product of the pairings of all pairs is the neutral element of the target group, else 0.
pub(super) fn pairing(_: Revision, input: &[u8]) -> Result<Vec<u8>, PrecompileError> {
    let (pairs, []) = input.as_chunks::<PAIR_LENGTH>() else {
        return Err(PrecompileError::InvalidInput("the length is not a multiple of 192 bytes"));
    };
    let mut product = Fq12::one();
    for batch in pairs.chunks(BATCH) {
        let mut left = Vec::with_capacity(BATCH);
        let mut right = Vec::with_capacity(BATCH);
        for pair in batch {
            let (p, q) = decode_pair(pair)?;
            if !p.is_zero() && !q.is_zero() {
                left.push(p);
                right.push(q);
            }
        }
        product *= Bn254::multi_miller_loop(left, right).0;
    }
    let holds = Bn254::final_exponentiation(MillerLoopOutput(product)).is_some_and(|result| result.is_zero());
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
    Fq::from_bigint(BigInt::new(limbs))
        .ok_or(PrecompileError::InvalidInput("a coordinate is not less than the prime of the field"))
}

fn encode(point: G1Affine) -> Vec<u8> {
    let (x, y) = point.xy().unwrap_or_default();
    [x, y]
        .iter()
        .flat_map(|coordinate| coordinate.into_bigint().0.into_iter().rev())
        .flat_map(u64::to_be_bytes)
        .collect()
}
