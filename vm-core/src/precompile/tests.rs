use super::*;
use alloc::vec;
use proptest::prelude::*;

const EWASM: Precompiles = of(Revision::Byzantium, Address9::Keccak256);
const ETHEREUM: Precompiles = of(Revision::NEWEST, Address9::Blake2f);

/// The costs for contracts that no revision changed.
pub const COSTS: &PrecompileCosts = &Schedule::of(Revision::Byzantium).precompiles;

const fn of(revision: Revision, address9: Address9) -> Precompiles {
    Precompiles::new(Schedule::of(revision), address9)
}

fn at(last_byte: u8) -> Address {
    Address::with_last_byte(last_byte)
}

fn last_bytes(set: Precompiles) -> Vec<u8> {
    set.addresses().map(|address| address[19]).collect()
}

#[test]
fn byzantium_has_addresses_1_to_8_and_keccak256_at_9() {
    let names: Vec<_> = EWASM.addresses().filter_map(|address| EWASM.name(&address)).collect();
    assert_eq!(
        names,
        [
            "ecrecover",
            "sha256",
            "ripemd160",
            "identity",
            "modexp",
            "bn128_add",
            "bn128_mul",
            "bn128_pairing",
            "keccak256",
        ]
    );
    assert_eq!(last_bytes(EWASM), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
}

#[test]
fn contracts_come_with_their_revision() {
    for (revision, expected) in [
        // The first schedule is Byzantium's.
        (Revision::Frontier, &[1, 2, 3, 4, 5, 6, 7, 8][..]),
        (Revision::Byzantium, &[1, 2, 3, 4, 5, 6, 7, 8]),
        (Revision::Petersburg, &[1, 2, 3, 4, 5, 6, 7, 8]),
        (Revision::Istanbul, &[1, 2, 3, 4, 5, 6, 7, 8, 9]),
        (Revision::NEWEST, &[1, 2, 3, 4, 5, 6, 7, 8, 9]),
    ] {
        let set = of(revision, Address9::Blake2f);
        assert_eq!(last_bytes(set), expected, "{revision}");
        for byte in 0..=255 {
            assert_eq!(set.is_precompile(&at(byte)), expected.contains(&byte));
        }
    }
}

#[test]
fn address_9_is_as_chosen_at_every_revision() {
    for revision in Revision::ALL {
        let keccak = of(revision, Address9::Keccak256);
        assert_eq!(keccak.name(&at(9)), Some("keccak256"));
        let blake = of(revision, Address9::Blake2f);
        let expected = (revision >= Revision::Istanbul).then_some("blake2f");
        assert_eq!(blake.name(&at(9)), expected);
    }
}

#[test]
fn other_addresses_have_none() {
    for address in [at(0), at(10), Address::repeat_byte(1), {
        let mut address = at(1);
        address[0] = 1;
        address
    }] {
        assert!(!EWASM.is_precompile(&address));
        assert_eq!(EWASM.name(&address), None);
        assert_eq!(EWASM.run(&address, &[], u64::MAX), None);
    }
}

/// Address, length of an input of zeros, price in Byzantium, from Istanbul and in the newest
/// revision; for lengths around a word's end and where the inputs are valid.
const PRICES: [(u8, usize, u64, u64, u64); 22] = [
    (1, 0, 3000, 3000, 3000),
    (1, 128, 3000, 3000, 3000),
    (2, 0, 60, 60, 60),
    (2, 1, 72, 72, 72),
    (2, 32, 72, 72, 72),
    (2, 33, 84, 84, 84),
    (3, 0, 600, 600, 600),
    (3, 32, 720, 720, 720),
    (3, 33, 840, 840, 840),
    (4, 0, 15, 15, 15),
    (4, 32, 18, 18, 18),
    (4, 33, 21, 21, 21),
    (5, 0, 0, 0, 500),
    (6, 128, 500, 150, 150),
    (7, 96, 40_000, 6000, 6000),
    (8, 0, 100_000, 45_000, 45_000),
    (8, 192, 180_000, 79_000, 79_000),
    (8, 1920, 900_000, 385_000, 385_000),
    (9, 0, 0, 0, 0),
    (9, 1, 3, 3, 3),
    (9, 32, 3, 3, 3),
    (9, 33, 6, 6, 6),
];

#[test]
fn the_price_is_enough_and_one_less_is_not() {
    for (address, length, byzantium, istanbul, newest) in PRICES {
        for (revision, price) in [
            (Revision::Byzantium, byzantium),
            (Revision::Petersburg, byzantium),
            (Revision::Istanbul, istanbul),
            (Revision::NEWEST, newest),
        ] {
            let set = of(revision, Address9::Keccak256);
            let input = vec![0; length];
            let result = set.run(&at(address), &input, price);
            let gas_used = result.unwrap().unwrap().gas_used;
            assert_eq!(gas_used, price, "{address} {length} {revision}");
            if let Some(less) = price.checked_sub(1) {
                let result = set.run(&at(address), &input, less);
                assert_eq!(result, Some(Err(PrecompileError::OutOfGas)));
            }
        }
    }
}

#[test]
fn blake2f_costs_one_gas_per_round() {
    let mut input = [0; 213];
    input[3] = 10;
    let result = ETHEREUM.run(&at(9), &input, 10).unwrap().unwrap();
    assert_eq!((result.gas_used, result.output.len()), (10, 64));
    let result = ETHEREUM.run(&at(9), &input, 9);
    assert_eq!(result, Some(Err(PrecompileError::OutOfGas)));
}

#[test]
fn a_modexp_of_claimed_length_2_to_the_255_is_not_computed() {
    let mut input = [0; 96];
    input[64] = 0x80;
    for set in [EWASM, ETHEREUM] {
        let result = set.run(&at(5), &input, i64::MAX as u64);
        assert_eq!(result, Some(Err(PrecompileError::OutOfGas)));
        let result = set.run(&at(5), &input, u64::MAX);
        assert!(matches!(result, Some(Err(PrecompileError::InvalidInput(_)))));
    }
}

#[test]
fn errors_say_what_happened() {
    use alloc::string::ToString;
    let result = ETHEREUM.run(&at(9), &[], 0);
    assert_eq!(
        result.unwrap().unwrap_err().to_string(),
        "invalid input to a precompiled contract: the length is not 213 bytes"
    );
    let result = ETHEREUM.run(&at(1), &[], 0);
    assert_eq!(result.unwrap().unwrap_err().to_string(), "out of gas in a precompiled contract");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_input_panics_or_uses_more_gas_than_the_limit(
        input in prop::collection::vec(prop_oneof![3 => Just(0), 1 => any::<u8>()], 0..500),
        // What a modexp with such an input may cost must stay quick.
        gas_limit in 0_u64..200_000,
        revision in prop::sample::select(&Revision::ALL[..]),
        address9 in prop::sample::select(&[Address9::Keccak256, Address9::Blake2f][..]),
    ) {
        let set = of(revision, address9);
        for address in set.addresses() {
            if let Some(Ok(output)) = set.run(&address, &input, gas_limit) {
                prop_assert!(output.gas_used <= gas_limit);
            }
        }
    }

    #[test]
    fn no_words_that_look_like_lengths_panic_modexp(
        lengths in prop::array::uniform3(prop_oneof![0_u64..40, Just(u64::MAX), any::<u64>()]),
        numbers in prop::collection::vec(any::<u8>(), 0..100),
        revision in prop::sample::select(&Revision::ALL[..]),
    ) {
        let set = of(revision, Address9::Blake2f);
        let header = lengths.map(|length| alloy_primitives::U256::from(length).to_be_bytes::<32>());
        let input = [header.as_flattened(), &numbers].concat();
        if let Some(Ok(output)) = set.run(&at(5), &input, 200_000) {
            prop_assert_eq!(output.output.len() as u64, lengths[2]);
        }
    }
}
