//! Address 5: base^exponent mod modulus for numbers of any length (EIP-198; prices of EIP-2565 from Berlin and of EIP-7883
//! from Osaka on, which also bounds the lengths by EIP-7823).

use alloc::vec;
use alloc::vec::Vec;

use alloy_primitives::U256;
use dashu_int::UBig;
use dashu_int::fast_div::ConstDivisor;

use super::{PrecompileError, words};
use crate::revision::Revision;

/// EIP-7823: the greatest length of each number in bytes from Osaka on.
const MAX_LENGTH_OSAKA: u128 = 1024;

/// The greatest length of the modulus, and so of the output, in bytes before Osaka. It bounds what a message can make the
/// host allocate, and no chain sees it: at this length the price is more than 8·10^11 gas whatever the exponent.
const MAX_MODULUS_LENGTH: u128 = 1 << 24;

/// The input: three lengths of 32 bytes, then the numbers, all big-endian; zeros follow the input without end.
struct Input<'a> {
    base_length: u128,
    exponent_length: u128,
    modulus_length: u128,
    numbers: &'a [u8],
}

impl<'a> Input<'a> {
    /// A length of 2^128 or more reads as 2^128 − 1, whose price is above any gas limit just as well.
    fn new(input: &'a [u8]) -> Self {
        let [base_length, exponent_length, modulus_length] =
            words(input).map(|word| U256::from_be_bytes(word).saturating_to());
        Self { base_length, exponent_length, modulus_length, numbers: input.get(96..).unwrap_or_default() }
    }

    /// The bytes from `offset` on, `length` of them or as many as there are.
    fn bytes(&self, offset: u128, length: u128) -> &'a [u8] {
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        let bytes = self.numbers.get(offset..).unwrap_or_default();
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        bytes.get(..length).unwrap_or(bytes)
    }

    fn base(&self) -> &'a [u8] {
        self.bytes(0, self.base_length)
    }

    fn exponent(&self) -> &'a [u8] {
        self.bytes(self.base_length, self.exponent_length)
    }

    fn modulus(&self) -> &'a [u8] {
        let offset = self.base_length.saturating_add(self.exponent_length);
        self.bytes(offset, self.modulus_length)
    }

    /// The number of multiplications that the exponent causes, as the EIPs estimate it: the index of the highest bit in its
    /// first 32 bytes, and `per_byte` for each further byte; at least 1.
    fn iterations(&self, per_byte: u128) -> u128 {
        let [first] = words(self.bytes(self.base_length, self.exponent_length.min(32)));
        let missing = 32_u128.saturating_sub(self.exponent_length) as usize;
        let first = U256::from_be_bytes(first) >> (8 * missing);
        let highest_bit = first.bit_len().saturating_sub(1) as u128;
        self.exponent_length.saturating_sub(32).saturating_mul(per_byte).saturating_add(highest_bit).max(1)
    }
}

pub(super) fn gas(revision: Revision, input: &[u8]) -> u64 {
    let input = Input::new(input);
    let length = input.base_length.max(input.modulus_length);
    let words = length.div_ceil(8);
    let price = if revision >= Revision::Osaka {
        let complexity = match length {
            0..=32 => 16,
            _ => words.saturating_mul(words).saturating_mul(2),
        };
        complexity.saturating_mul(input.iterations(16)).max(500)
    } else if revision >= Revision::Berlin {
        let complexity = words.saturating_mul(words);
        (complexity.saturating_mul(input.iterations(8)) / 3).max(200)
    } else {
        let square = length.saturating_mul(length);
        let complexity = match length {
            0..=64 => square,
            65..=1024 => square / 4 + 96 * length - 3072,
            _ => (square / 16).saturating_add(length.saturating_mul(480)).saturating_sub(199_680),
        };
        complexity.saturating_mul(input.iterations(8)) / 20
    };
    u64::try_from(price).unwrap_or(u64::MAX)
}

/// As many bytes as the modulus has; all zero for a modulus of zero.
pub(super) fn run(revision: Revision, input: &[u8]) -> Result<Vec<u8>, PrecompileError> {
    let input = Input::new(input);
    let lengths = [input.base_length, input.exponent_length, input.modulus_length];
    if revision >= Revision::Osaka && lengths.iter().any(|length| *length > MAX_LENGTH_OSAKA) {
        return Err(PrecompileError::InvalidInput("a length is more than 1024 bytes"));
    }
    if input.modulus_length > MAX_MODULUS_LENGTH {
        return Err(PrecompileError::InvalidInput("the modulus is longer than 16 MiB"));
    }
    let mut output = vec![0; input.modulus_length as usize];
    for (to, from) in output.iter_mut().zip(input.modulus()) {
        *to = *from;
    }
    let modulus = UBig::from_be_bytes(&output);
    output.fill(0);
    if modulus.is_zero() {
        return Ok(output);
    }
    let power = power(&input, &ConstDivisor::new(modulus)).to_be_bytes();
    for (to, from) in output.iter_mut().rev().zip(power.iter().rev()) {
        *to = *from;
    }
    Ok(output)
}

/// Where the base or the exponent reaches beyond the end of the input, its missing bytes are zeros, so that it is the given
/// part times a power of 256. Both are taken apart so, in order never to hold a number of a length that is only claimed.
fn power(input: &Input<'_>, ring: &ConstDivisor) -> UBig {
    let missing = |bytes: &[u8], length: u128| length.saturating_sub(bytes.len() as u128);
    let (base, exponent) = (input.base(), input.exponent());

    let shift = UBig::from(missing(base, input.base_length)) * UBig::from(8_u8);
    let shift = ring.reduce(UBig::from(2_u8)).pow(&shift);
    let base_residue = ring.reduce(UBig::from_be_bytes(base)) * shift;

    let exponent_given = UBig::from_be_bytes(exponent);
    let mut power = base_residue.pow(&exponent_given);
    if exponent_given.is_zero() {
        return power.residue();
    }
    let mut zeros = missing(exponent, input.exponent_length);
    while zeros > 0 {
        let step = zeros.min(MAX_ZEROS_AT_ONCE);
        power = power.pow(&(UBig::ONE << (8 * step as usize)));
        zeros -= step;
    }
    power.residue()
}

/// Bytes of zeros of the exponent that are raised to at once.
const MAX_ZEROS_AT_ONCE: u128 = 4096;
