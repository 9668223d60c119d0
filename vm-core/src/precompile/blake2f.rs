//! Address 9 in Ethereum from Istanbul on: the compression function F of BLAKE2b (RFC 7693, section
//! 3.2) with the number of rounds as a parameter (EIP-152).

use alloc::vec::Vec;

use super::PrecompileError;
use crate::ewasm::PrecompileCosts;
use crate::work::{self, Unit};

/// The number of rounds (4 bytes, big-endian), then the words of h (8), m (16) and t (2),
/// little-endian, then f (1 byte).
const INPUT_LENGTH: usize = 4 + 8 * (8 + 16 + 2) + 1;

/// One gas per round. An input of the wrong length costs nothing here, and fails.
pub(super) fn gas(_: &PrecompileCosts, input: &[u8]) -> u64 {
    match input.first_chunk() {
        Some(rounds) if input.len() == INPUT_LENGTH => u64::from(u32::from_be_bytes(*rounds)),
        _ => 0,
    }
}

/// The new h.
pub(super) fn run(_: &PrecompileCosts, input: &[u8]) -> Result<Vec<u8>, PrecompileError> {
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
            return Err(PrecompileError::InvalidInput(
                "the flag of the final block is neither 0 nor 1",
            ));
        }
    };
    work::add(Unit::Blake2Round, rounds.into());
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
        // The mask changes nothing and shows the compiler that the index is in bounds.
        let m = order.map(|i| m[usize::from(i & 15)]);
        // The columns of the 4×4 matrix, then its diagonals.
        mix(&mut v, [0, 4, 8, 12], [m[0], m[1]]);
        mix(&mut v, [1, 5, 9, 13], [m[2], m[3]]);
        mix(&mut v, [2, 6, 10, 14], [m[4], m[5]]);
        mix(&mut v, [3, 7, 11, 15], [m[6], m[7]]);
        mix(&mut v, [0, 5, 10, 15], [m[8], m[9]]);
        mix(&mut v, [1, 6, 11, 12], [m[10], m[11]]);
        mix(&mut v, [2, 7, 8, 13], [m[12], m[13]]);
        mix(&mut v, [3, 4, 9, 14], [m[14], m[15]]);
    }
    let (low, high) = v.split_at(8);
    for ((word, low), high) in h.iter_mut().zip(low).zip(high) {
        *word ^= low ^ high;
    }
}

/// The function G of RFC 7693, section 3.1.
#[inline(always)]
fn mix(v: &mut [u64; 16], [a, b, c, d]: [usize; 4], [x, y]: [u64; 2]) {
    v[a] = v[a].wrapping_add(v[b]).wrapping_add(x);
    v[d] = (v[d] ^ v[a]).rotate_right(32);
    v[c] = v[c].wrapping_add(v[d]);
    v[b] = (v[b] ^ v[c]).rotate_right(24);
    v[a] = v[a].wrapping_add(v[b]).wrapping_add(y);
    v[d] = (v[d] ^ v[a]).rotate_right(16);
    v[c] = v[c].wrapping_add(v[d]);
    v[b] = (v[b] ^ v[c]).rotate_right(63);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::precompile::tests::COSTS;
    use alloy_primitives::hex;

    /// The input of EIP-152's test vectors: the first block of BLAKE2b-512 of "abc".
    fn abc(rounds: u32, f: u8) -> Vec<u8> {
        let h = hex!(
            "48c9bdf267e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5"
            "d182e6ad7f520e511f6c3e2b8c68059b6bbd41fbabd9831f79217e1319cde05b"
        );
        let mut input = rounds.to_be_bytes().to_vec();
        input.extend_from_slice(&h);
        input.extend_from_slice(b"abc");
        input.resize(4 + 64 + 128, 0);
        input.push(3);
        input.resize(INPUT_LENGTH - 1, 0);
        input.push(f);
        input
    }

    const WRONG_LENGTH: Result<Vec<u8>, PrecompileError> =
        Err(PrecompileError::InvalidInput("the length is not 213 bytes"));

    #[test]
    fn vectors_0_to_2_have_the_wrong_length() {
        assert_eq!(run(COSTS, &[]), WRONG_LENGTH);
        assert_eq!(run(COSTS, &abc(12, 1)[1..]), WRONG_LENGTH);
        let longer = [&[0], &abc(12, 1)[..]].concat();
        assert_eq!(run(COSTS, &longer), WRONG_LENGTH);
        assert_eq!(gas(COSTS, &longer), 0);
    }

    #[test]
    fn vector_3_has_an_invalid_flag() {
        assert_eq!(
            run(COSTS, &abc(12, 2)),
            Err(PrecompileError::InvalidInput("the flag of the final block is neither 0 nor 1"))
        );
    }

    #[test]
    fn vectors_4_to_7_are_reproduced() {
        for (rounds, f, expected) in [
            (
                0,
                1,
                hex!(
                    "08c9bcf367e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5"
                    "d282e6ad7f520e511f6c3e2b8c68059b9442be0454267ce079217e1319cde05b"
                ),
            ),
            (
                12,
                1,
                hex!(
                    "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
                    "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923"
                ),
            ),
            (
                12,
                0,
                hex!(
                    "75ab69d3190a562c51aef8d88f1c2775876944407270c42c9844252c26d28752"
                    "98743e7f6d5ea2f2d3e8d226039cd31b4e426ac4f2d3d666a610c2116fde4735"
                ),
            ),
            (
                1,
                1,
                hex!(
                    "b63a380cb2897d521994a85234ee2c181b5f844d2c624c002677e9703449d2fb"
                    "a551b3a8333bcdf5f2f7e08993d53923de3d64fcc68c034e717b9293fed7a421"
                ),
            ),
        ] {
            let input = abc(rounds, f);
            assert_eq!(run(COSTS, &input), Ok(expected.to_vec()));
            assert_eq!(gas(COSTS, &input), u64::from(rounds));
        }
    }

    #[test]
    fn the_rounds_of_vector_8_are_priced_before_they_are_done() {
        assert_eq!(gas(COSTS, &abc(u32::MAX, 1)), 4_294_967_295);
    }
}
