//! Address 9 in Ethereum from Istanbul on: the compression function F of BLAKE2b (RFC 7693, section 3.2) with the number of
//! rounds as a parameter (EIP-152).

use alloc::vec::Vec;

use super::PrecompileError;
use crate::revision::Revision;

/// The number of rounds (4 bytes, big-endian), then the words of h (8), m (16) and t (2), little-endian, then f (1 byte).
const INPUT_LENGTH: usize = 4 + 8 * (8 + 16 + 2) + 1;

/// One gas per round. An input of the wrong length costs nothing here, and fails.
pub(super) fn gas(_: Revision, input: &[u8]) -> u64 {
    match input.first_chunk() {
        Some(rounds) if input.len() == INPUT_LENGTH => u64::from(u32::from_be_bytes(*rounds)),
        _ => 0,
    }
}

/// The new h.
pub(super) fn run(_: Revision, input: &[u8]) -> Result<Vec<u8>, PrecompileError> {
    if input.len() != INPUT_LENGTH {
        return Err(PrecompileError::InvalidInput("the length is not 213 bytes"));
    }
    let mut reader = Reader(input);
    let rounds = u32::from_be_bytes(reader.take());
    let mut h = reader.words();
    let m = reader.words();
    let t = reader.words();
    let is_last = match reader.take() {
        [0] => false,
        [1] => true,
        _ => {
            return Err(PrecompileError::InvalidInput("the flag of the final block is neither 0 nor 1"));
        }
    };
    compress(rounds, &mut h, &m, t, is_last);
    Ok(h.iter().flat_map(|word| word.to_le_bytes()).collect())
}

/// Reads from the front; what is not there reads as zero.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let (bytes, rest) = self.0.split_first_chunk().unwrap_or((&[0; N], &[]));
        self.0 = rest;
        *bytes
    }

    fn words<const N: usize>(&mut self) -> [u64; N] {
        core::array::from_fn(|_| u64::from_le_bytes(self.take()))
    }
}

/// RFC 7693, section 2.6: the fractional parts of the square roots of the first eight primes.
const IV: [u64; 8] = [
    0x6a09_e667_f3bc_c908,
    0xbb67_ae85_84ca_a73b,
    0x3c6e_f372_fe94_f82b,
    0xa54f_f53a_5f1d_36f1,
    0x510e_527f_ade6_82d1,
    0x9b05_688c_2b3e_6c1f,
    0x1f83_d9ab_fb41_bd6b,
    0x5be0_cd19_137e_2179,
];

/// RFC 7693, section 2.7: the order of the message's words in each round.
const SIGMA: [[u8; 16]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
    [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
    [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
    [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
    [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
    [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
    [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
    [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
    [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];

/// The places in v that each call of G in a round mixes: the columns of the 4×4 matrix, then its diagonals.
const PLACES: [[usize; 4]; 8] = [
    [0, 4, 8, 12],
    [1, 5, 9, 13],
    [2, 6, 10, 14],
    [3, 7, 11, 15],
    [0, 5, 10, 15],
    [1, 6, 11, 12],
    [2, 7, 8, 13],
    [3, 4, 9, 14],
];

fn compress(rounds: u32, h: &mut [u64; 8], m: &[u64; 16], t: [u64; 2], is_last: bool) {
    let mut v = [0; 16];
    for (to, from) in v.iter_mut().zip(h.iter().chain(&IV)) {
        *to = *from;
    }
    v[12] ^= t[0];
    v[13] ^= t[1];
    if is_last {
        v[14] = !v[14];
    }
    for (_, order) in (0..rounds).zip(SIGMA.iter().cycle()) {
        let (pairs, _) = order.as_chunks();
        for (places, [x, y]) in PLACES.iter().zip(pairs) {
            // The mask changes nothing and shows the compiler that the index is in bounds.
            mix(&mut v, *places, m[usize::from(x & 15)], m[usize::from(y & 15)]);
        }
    }
    let (low, high) = v.split_at(8);
    for ((word, low), high) in h.iter_mut().zip(low).zip(high) {
        *word ^= low ^ high;
    }
}

/// The function G of RFC 7693, section 3.1.
#[inline(always)]
fn mix(v: &mut [u64; 16], [a, b, c, d]: [usize; 4], x: u64, y: u64) {
    v[a] = v[a].wrapping_add(v[b]).wrapping_add(x);
    v[d] = (v[d] ^ v[a]).rotate_right(32);
    v[c] = v[c].wrapping_add(v[d]);
    v[b] = (v[b] ^ v[c]).rotate_right(24);
    v[a] = v[a].wrapping_add(v[b]).wrapping_add(y);
    v[d] = (v[d] ^ v[a]).rotate_right(16);
    v[c] = v[c].wrapping_add(v[d]);
    v[b] = (v[b] ^ v[c]).rotate_right(63);
}
