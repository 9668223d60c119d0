//! Address 5: base^exponent mod modulus for numbers of any length (EIP-198; prices of EIP-2565 from
//! Berlin and of EIP-7883 from Osaka on, which also bounds the lengths by EIP-7823).

use alloc::vec;
use alloc::vec::Vec;

use alloy_primitives::U256;
use aurora_engine_modexp::modexp;

use super::{PrecompileError, words};
use crate::ewasm::{ModexpComplexity, PrecompileCosts};
use crate::work::{self, Unit};

/// The greatest length of the modulus, and so of the output, in bytes without EIP-7823. It bounds
/// what a message can make the host allocate, and no chain sees it: at this length the price is
/// more than 3·10^9 gas whatever the exponent.
const MAX_MODULUS_LENGTH: u128 = 1 << 20;

/// The input: three lengths of 32 bytes, then the numbers, all big-endian; zeros follow the input
/// without end.
struct Input<'a> {
    base_length: u128,
    exponent_length: u128,
    modulus_length: u128,
    numbers: &'a [u8],
}

impl<'a> Input<'a> {
    /// A length of 2^128 or more reads as 2^128 − 1, whose price is above any gas limit just as
    /// well.
    fn new(input: &'a [u8]) -> Self {
        let [base_length, exponent_length, modulus_length] =
            words(input).map(|word| U256::from_be_bytes(word).saturating_to());
        Self {
            base_length,
            exponent_length,
            modulus_length,
            numbers: input.get(96..).unwrap_or_default(),
        }
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

    /// The number of multiplications that the exponent causes, as the EIPs estimate it: the index
    /// of the highest bit in its first 32 bytes, and `per_byte` for each further byte; at least 1.
    fn iterations(&self, per_byte: u128) -> u128 {
        let [first] = words(self.bytes(self.base_length, self.exponent_length.min(32)));
        let missing = 32_u128.saturating_sub(self.exponent_length) as usize;
        let first = U256::from_be_bytes(first) >> (8 * missing);
        let highest_bit = first.bit_len().saturating_sub(1) as u128;
        self.exponent_length
            .saturating_sub(32)
            .saturating_mul(per_byte)
            .saturating_add(highest_bit)
            .max(1)
    }
}

impl Input<'_> {
    /// About how many words of 64 bits are multiplied: twice for each pair of words of the modulus,
    /// for each bit of the exponent, for one in four bits again, and for a table; and the
    /// base is made as small as the modulus.
    fn multiplications(&self) -> u64 {
        let words = |bytes: &[u8]| bytes.len().div_ceil(8) as u64;
        let (base, exponent, modulus) =
            (words(self.base()), words(self.exponent()), words(self.modulus()));
        let powers = exponent.saturating_mul(64 + 16).saturating_add(16);
        let square = modulus.saturating_mul(modulus).saturating_mul(2);
        powers.saturating_mul(square).saturating_add(base.saturating_mul(modulus))
    }
}

pub(super) fn gas(costs: &PrecompileCosts, input: &[u8]) -> u64 {
    let costs = &costs.modexp;
    let input = Input::new(input);
    let length = input.base_length.max(input.modulus_length);
    let iterations = input.iterations(costs.exponent_byte.into());
    let work = complexity(costs.complexity, length).saturating_mul(iterations);
    let price = u64::try_from(work / u128::from(costs.divisor)).unwrap_or(u64::MAX);
    price.max(costs.minimum)
}

/// What a multiplication of numbers of `length` bytes counts for.
fn complexity(rule: ModexpComplexity, length: u128) -> u128 {
    let words = length.div_ceil(8);
    let square = |number: u128| number.saturating_mul(number);
    match (rule, length) {
        (ModexpComplexity::Karatsuba, 0..=64) => square(length),
        (ModexpComplexity::Karatsuba, 65..=1024) => square(length) / 4 + 96 * length - 3072,
        (ModexpComplexity::Karatsuba, _) => {
            (square(length) / 16).saturating_add(length.saturating_mul(480)).saturating_sub(199_680)
        }
        (ModexpComplexity::Words, _) => square(words),
        (ModexpComplexity::TwiceTheWords, 0..=32) => 16,
        (ModexpComplexity::TwiceTheWords, _) => square(words).saturating_mul(2),
    }
}

/// As many bytes as the modulus has; all zero for a modulus of zero.
pub(super) fn run(costs: &PrecompileCosts, input: &[u8]) -> Result<Vec<u8>, PrecompileError> {
    let input = Input::new(input);
    let lengths = [input.base_length, input.exponent_length, input.modulus_length];
    let most = costs.modexp.max_length.map_or(u128::MAX, u128::from);
    if lengths.iter().any(|length| *length > most) {
        return Err(PrecompileError::InvalidInput("a length is more than 1024 bytes"));
    }
    if input.modulus_length > MAX_MODULUS_LENGTH {
        return Err(PrecompileError::InvalidInput("the modulus is longer than 1 MiB"));
    }
    let mut output = vec![0; input.modulus_length as usize];
    for (to, from) in output.iter_mut().zip(input.modulus()) {
        *to = *from;
    }
    // Modulo 0 the EIP has the result zero. Where the modulus is not zero, some of it is in the
    // input, and since it comes last, the base and the exponent are there in full.
    if output.iter().any(|byte| *byte != 0) {
        work::add(Unit::WordMultiply, input.multiplications());
        let power = match small(&output) {
            Some(modulus) => {
                small_power(input.base(), input.exponent(), modulus).to_be_bytes().to_vec()
            }
            None => modexp(input.base(), input.exponent(), &output),
        };
        output.fill(0);
        for (to, from) in output.iter_mut().rev().zip(power.iter().rev()) {
            *to = *from;
        }
    }
    Ok(output)
}

/// The number, if it is below 2^16.
fn small(number: &[u8]) -> Option<u16> {
    let number = number.iter().try_fold(0_u32, |number, byte| {
        let longer = (number << 8) | u32::from(*byte);
        (longer <= u32::from(u16::MAX)).then_some(longer)
    });
    number.and_then(|number| u16::try_from(number).ok())
}

/// base^exponent modulo a number below 2^16 that is not zero.
///
/// Before Berlin numbers of one byte pay 0.4 gas for a byte of the exponent. A library for large
/// numbers takes 160 ns for it, 400 for a gas; this takes a fifth of that.
fn small_power(base: &[u8], exponent: &[u8], modulus: u16) -> u16 {
    let modulus = u64::from(modulus).max(1);
    // Barrett's reduction of a number below 2^32: a division would take several times as long.
    let reciprocal = u64::from(u32::MAX) / modulus;
    let reduce = |number: u64| {
        let quotient = (number * reciprocal) >> 32;
        let mut rest = number - quotient * modulus;
        // The quotient is too small by two at most.
        while rest >= modulus {
            rest -= modulus;
        }
        rest
    };
    let base = base.iter().fold(0, |rest, byte| reduce((rest << 8) | u64::from(*byte)));
    let mut powers = [reduce(1); 16];
    let mut power = reduce(1);
    for place in &mut powers {
        *place = power;
        power = reduce(power * base);
    }
    let digits = exponent.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let power = digits.fold(reduce(1), |power, digit| {
        let raised = (0..4).fold(power, |power, _| reduce(power * power));
        reduce(raised * powers.get(usize::from(digit)).copied().unwrap_or_default())
    });
    // Below the modulus.
    power as u16
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloy_primitives::hex;
    use num_bigint::BigUint;
    use proptest::prelude::*;

    use crate::ewasm::Schedule;
    use crate::revision::Revision;

    fn gas(revision: Revision, input: &[u8]) -> u64 {
        super::gas(&Schedule::of(revision).precompiles, input)
    }

    fn run(revision: Revision, input: &[u8]) -> Result<Vec<u8>, PrecompileError> {
        super::run(&Schedule::of(revision).precompiles, input)
    }

    const FERMAT: &[u8] = &hex!(
        "03"
        "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2e"
        "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f"
    );

    /// The header of three lengths, then the numbers.
    fn input(lengths: [u64; 3], numbers: &[u8]) -> Vec<u8> {
        let mut input = Vec::new();
        for length in lengths {
            input.extend_from_slice(&U256::from(length).to_be_bytes::<32>());
        }
        input.extend_from_slice(numbers);
        input
    }

    fn of(base: &[u8], exponent: &[u8], modulus: &[u8]) -> Vec<u8> {
        let lengths = [base, exponent, modulus].map(|number| number.len() as u64);
        input(lengths, &[base, exponent, modulus].concat())
    }

    fn power(base: &[u8], exponent: &[u8], modulus: &[u8]) -> Vec<u8> {
        run(Revision::Byzantium, &of(base, exponent, modulus)).unwrap()
    }

    fn one_in(length: usize) -> Vec<u8> {
        let mut one = vec![0; length];
        one[length - 1] = 1;
        one
    }

    #[test]
    fn fermats_theorem_holds_as_in_eip_198() {
        let input = input([1, 32, 32], FERMAT);
        assert_eq!(run(Revision::Byzantium, &input), Ok(one_in(32)));
        assert_eq!(gas(Revision::Byzantium, &input), 13_056);
        assert_eq!(gas(Revision::Berlin, &input), 1360);
        assert_eq!(gas(Revision::Osaka, &input), 4080);
    }

    #[test]
    fn a_base_of_length_zero_is_zero() {
        let input = input([0, 32, 32], &FERMAT[1..]);
        assert_eq!(run(Revision::Byzantium, &input), Ok(vec![0; 32]));
        assert_eq!(gas(Revision::Byzantium, &input), 13_056);
    }

    #[test]
    fn bytes_after_the_modulus_are_ignored_and_missing_ones_are_zero() {
        // 3^65535 mod 2^255, computed apart.
        let expected = hex!("3b01b01ac41f2d6e917c6d6a221ce793802469026d9ab7578fa2e79e4da6aaab");
        let mut numbers = hex!("03ffff80").to_vec();
        assert_eq!(run(Revision::Byzantium, &input([1, 2, 32], &numbers)), Ok(expected.to_vec()));
        numbers.extend_from_slice(&[0; 31]);
        numbers.push(7);
        assert_eq!(run(Revision::Byzantium, &input([1, 2, 32], &numbers)), Ok(expected.to_vec()));
    }

    #[test]
    fn anything_to_the_zeroth_is_one_except_modulo_one() {
        assert_eq!(power(&[], &[], &[2]), [1]);
        assert_eq!(power(&[0], &[0], &[2]), [1]);
        assert_eq!(power(&[5], &[], &[0, 0, 7]), [0, 0, 1]);
        assert_eq!(power(&[], &[], &[1]), [0]);
        assert_eq!(power(&[5], &[0], &[1]), [0]);
        assert_eq!(power(&[5], &[3], &[0, 1]), [0, 0]);
        assert_eq!(power(&[9; 40], &[0; 40], &[9; 40]), one_in(40));
        assert_eq!(power(&[9; 40], &[0; 40], &one_in(40)), [0; 40]);
    }

    #[test]
    fn modulo_zero_everything_is_zero() {
        assert_eq!(power(&[5], &[3], &[]), []);
        assert_eq!(power(&[5], &[3], &[0]), [0]);
        assert_eq!(power(&[5], &[0], &[0; 33]), [0; 33]);
        assert_eq!(power(&[], &[], &[0; 3]), [0; 3]);
    }

    #[test]
    fn an_empty_input_gives_an_empty_output() {
        assert_eq!(run(Revision::Byzantium, &[]), Ok(vec![]));
        assert_eq!(gas(Revision::Byzantium, &[]), 0);
        assert_eq!(gas(Revision::Berlin, &[]), 200);
        assert_eq!(gas(Revision::Osaka, &[]), 500);
    }

    /// The public test vectors "nagydani": base and modulus of the length given, the exponents 2, 3
    /// and 65537.
    #[test]
    fn prices_are_those_of_the_public_vectors() {
        for (length, byzantium, berlin, osaka) in [
            (64, [204, 204, 3276], [200, 200, 341], [500, 500, 2048]),
            (128, [665, 665, 10_649], [200, 200, 1365], [512, 512, 8192]),
            (256, [1894, 1894, 30_310], [341, 341, 5461], [2048, 2048, 32_768]),
            (512, [5580, 5580, 89_292], [1365, 1365, 21_845], [8192, 8192, 131_072]),
            (1024, [17_868, 17_868, 285_900], [5461, 5461, 87_381], [32_768, 32_768, 524_288]),
        ] {
            let number = vec![0xff; length];
            for (i, exponent) in [&[2][..], &[3], &[1, 0, 1]].into_iter().enumerate() {
                let input = of(&number, exponent, &number);
                assert_eq!(gas(Revision::Byzantium, &input), byzantium[i], "{length} {i}");
                assert_eq!(gas(Revision::Istanbul, &input), byzantium[i], "{length} {i}");
                assert_eq!(gas(Revision::Berlin, &input), berlin[i], "{length} {i}");
                assert_eq!(gas(Revision::Prague, &input), berlin[i], "{length} {i}");
                assert_eq!(gas(Revision::Osaka, &input), osaka[i], "{length} {i}");
            }
        }
    }

    #[test]
    fn an_exponent_is_priced_by_its_first_32_bytes_and_its_length() {
        let mut exponent = [0; 100];
        let price = |exponent: &[u8]| {
            let input = of(&[1; 64], exponent, &[1; 64]);
            [Revision::Byzantium, Revision::Berlin, Revision::Osaka]
                .map(|revision| gas(revision, &input))
        };
        // All zero: 8 or 16 for each of the 68 bytes from the 33rd on.
        let zero = [4096 * 544 / 20, 64 * 544 / 3, 128 * 1088];
        assert_eq!(price(&exponent), zero);
        // Bits from the 33rd byte on change nothing.
        exponent[32] = 0xff;
        assert_eq!(price(&exponent), zero);
        // Bit 232 of the first 256.
        exponent[2] = 1;
        assert_eq!(price(&exponent), [4096 * 776 / 20, 64 * 776 / 3, 128 * 1320]);
        assert_eq!(price(&[0, 0x80]), [4096 * 7 / 20, 200, 128 * 7]);
        // The input ends within the exponent.
        assert_eq!(
            gas(Revision::Berlin, &input([64, 32, 64], &[[1; 64], [0; 64]].concat()[..65])),
            200
        );
        let cut = input([1, 32, 64], &[1, 1]);
        assert_eq!(gas(Revision::Berlin, &cut), 64 * 248 / 3);
        let cut = input([1, 2, 64], &[1, 1]);
        assert_eq!(gas(Revision::Byzantium, &cut), 4096 * 8 / 20);
    }

    #[test]
    fn lengths_that_nobody_can_pay_for_cost_more_than_any_limit() {
        let huge = [0xff; 32];
        let numbers = &FERMAT[1..];
        let with = |lengths: [[u8; 32]; 3]| [lengths.as_flattened(), numbers].concat();
        let [zero, one, thirty_two] = [0_u64, 1, 32].map(|n| U256::from(n).to_be_bytes::<32>());
        let mut bit_255 = [0; 32];
        bit_255[0] = 0x80;
        for revision in [Revision::Byzantium, Revision::Berlin, Revision::Osaka] {
            for input in [
                with([zero, thirty_two, huge]),
                with([huge, thirty_two, zero]),
                with([one, huge, one]),
                with([one, bit_255, one]),
                with([bit_255, bit_255, bit_255]),
                with([huge, huge, huge]),
                with([huge, zero, huge]),
            ] {
                assert_eq!(gas(revision, &input), u64::MAX);
                // Nor does running it all the same do any harm.
                assert!(run(revision, &input).is_err() || revision < Revision::Osaka);
            }
        }
    }

    #[test]
    fn without_base_and_modulus_the_exponent_is_free_of_charge_before_berlin() {
        let input = [&[0; 32][..], &[0xff; 32], &[0; 32]].concat();
        assert_eq!(gas(Revision::Byzantium, &input), 0);
        assert_eq!(run(Revision::Byzantium, &input), Ok(vec![]));
        assert_eq!(gas(Revision::Berlin, &input), 200);
        assert_eq!(run(Revision::Berlin, &input), Ok(vec![]));
        assert_eq!(gas(Revision::Osaka, &input), u64::MAX);
    }

    #[test]
    fn osaka_takes_1024_bytes_of_each_number_and_no_more() {
        for at in 0..3 {
            let mut lengths = [1, 1, 1];
            lengths[at] = 1024;
            assert!(run(Revision::Osaka, &input(lengths, &[])).is_ok());
            lengths[at] = 1025;
            assert_eq!(
                run(Revision::Osaka, &input(lengths, &[])),
                Err(PrecompileError::InvalidInput("a length is more than 1024 bytes"))
            );
            assert!(run(Revision::Prague, &input(lengths, &[])).is_ok());
        }
    }

    #[test]
    fn a_modulus_of_more_than_1_mib_is_refused_and_was_dear() {
        let input = input([0, 0, (1 << 20) + 1], &[]);
        for revision in [Revision::Byzantium, Revision::Berlin] {
            assert!(gas(revision, &input) > 3_000_000_000);
            assert_eq!(
                run(revision, &input),
                Err(PrecompileError::InvalidInput("the modulus is longer than 1 MiB"))
            );
        }
    }

    fn number(length: impl Into<prop::collection::SizeRange>) -> impl Strategy<Value = Vec<u8>> {
        // Zeros and ones at both ends are where carries and even moduli live.
        let byte = prop_oneof![4 => any::<u8>(), 1 => Just(0), 1 => Just(0xff), 1 => Just(0x80)];
        prop::collection::vec(byte, length)
    }

    fn reference(base: &[u8], exponent: &[u8], modulus: &[u8]) -> Vec<u8> {
        let [base, exponent, divisor] = [base, exponent, modulus].map(BigUint::from_bytes_be);
        let mut output = vec![0; modulus.len()];
        if divisor != BigUint::ZERO {
            let power = base.modpow(&exponent, &divisor).to_bytes_le();
            for (to, from) in output.iter_mut().rev().zip(power) {
                *to = from;
            }
        }
        output
    }

    #[test]
    fn all_powers_of_small_numbers_agree_with_another_library() {
        for modulus in (0..=256_u16).chain([257, 0x7fff, 0x8000, 0xfffe, 0xffff]) {
            for base in [0, 1, 2, 3, 127, 128, 255] {
                for exponent in
                    [&[][..], &[0], &[1], &[2], &[0x10], &[0xff], &[1, 0, 1], &[0xff; 33]]
                {
                    let modulus = modulus.to_be_bytes();
                    assert_eq!(
                        power(&[base], exponent, &modulus),
                        reference(&[base], exponent, &modulus)
                    );
                    let [high, low] = modulus;
                    if high == 0 {
                        assert_eq!(
                            power(&[base], exponent, &[low]),
                            reference(&[base], exponent, &[low])
                        );
                    }
                }
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn agrees_with_another_library(
            base in number(0..=64),
            exponent in number(0..=64),
            modulus in number(0..=64),
            zeros in 0_usize..=64,
        ) {
            prop_assert_eq!(power(&base, &exponent, &modulus), reference(&base, &exponent, &modulus));
            // The same with a modulus that a power of two divides.
            let mut modulus = modulus;
            modulus.iter_mut().rev().take(zeros).for_each(|byte| *byte = 0);
            prop_assert_eq!(power(&base, &exponent, &modulus), reference(&base, &exponent, &modulus));
        }

        #[test]
        fn agrees_with_another_library_about_small_moduli(
            base in number(0..=64),
            exponent in number(0..=64),
            modulus in number(1..=3),
            zeros in 0_usize..=64,
        ) {
            let modulus = [&[0; 64][..zeros], &modulus].concat();
            prop_assert_eq!(power(&base, &exponent, &modulus), reference(&base, &exponent, &modulus));
        }

        #[test]
        fn an_input_cut_short_is_that_input_with_zeros(
            base in number(0..=40),
            exponent in number(0..=40),
            modulus in number(1..=40),
            cut in 0_usize..=120,
        ) {
            let whole = of(&base, &exponent, &modulus);
            let cut = &whole[..whole.len().saturating_sub(cut)];
            let mut padded = cut.to_vec();
            padded.resize(whole.len(), 0);
            for revision in [Revision::Byzantium, Revision::Berlin, Revision::Osaka] {
                prop_assert_eq!(gas(revision, cut), gas(revision, &padded));
                prop_assert_eq!(run(revision, cut), run(revision, &padded));
            }
        }
    }
}
