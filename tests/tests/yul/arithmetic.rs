//! The routines that contracts bring along, against big integers: all edges, and random words, as
//! variables and as constants.
use std::fmt::Write;

use alloy_primitives::{Address, U256};
use proptest::prelude::*;
use tephra_core::ewasm::Status;
use tephra_core::revision::Revision;
use tephra_tests::chain::Chain;
use tephra_yul::arithmetic::compute;
use tephra_yul::builtin::{Builtin, Effect};
use tephra_yul::{Options, compile};

const CONTRACT: Address = Address::repeat_byte(7);

fn pure() -> impl Iterator<Item = Builtin> {
    Builtin::ALL.iter().copied().filter(|builtin| builtin.effect() == Effect::Pure)
}

/// A contract that computes an instruction: words that are `None` come as call data.
fn contract(builtin: Builtin, words: &[Option<U256>]) -> Vec<u8> {
    let mut arguments = String::new();
    for (at, word) in words.iter().enumerate() {
        let comma = if at > 0 { ", " } else { "" };
        let _ = match word {
            Some(word) => write!(arguments, "{comma}{word}"),
            None => write!(arguments, "{comma}calldataload({})", at * 32),
        };
    }
    let name = builtin.name();
    let source = format!("{{ mstore(0, {name}({arguments})) return(0, 32) }}");
    compile(&source, &Options::default()).unwrap().bytes
}

fn run(code: &[u8], input: &[U256]) -> U256 {
    let mut chain = Chain::unmetered(Revision::NEWEST);
    chain.put(CONTRACT, U256::ZERO, code);
    let data: Vec<u8> = input.iter().flat_map(|word| word.to_be_bytes::<32>()).collect();
    let ran = chain.call(Address::ZERO, CONTRACT, data);
    assert_eq!(ran.outcome.status, Status::Success, "{:?}", ran.outcome);
    U256::from_be_slice(&ran.outcome.output)
}

fn check(builtin: Builtin, words: &[U256], constant: &[bool]) {
    let arguments: Vec<Option<U256>> =
        words.iter().zip(constant).map(|(word, constant)| constant.then_some(*word)).collect();
    let got = run(&contract(builtin, &arguments), words);
    let wanted = compute(builtin, words).unwrap();
    let name = builtin.name();
    assert_eq!(got, wanted, "{name} of {words:x?}, constants {constant:?}");
}

/// Words at the edges of limbs and signs.
fn edges() -> Vec<U256> {
    let one = U256::ONE;
    let mut edges = vec![U256::ZERO, one, U256::from(2), U256::from(31), U256::from(32)];
    for bit in [8, 16, 31, 32, 63, 64, 127, 128, 160, 191, 192, 255] {
        edges.extend([(one << bit) - one, one << bit]);
    }
    edges.extend([U256::MAX, U256::MAX - one, U256::from(255), U256::from(256)]);
    edges
}

#[test]
fn instructions_of_one_and_two_words_compute_as_big_integers_do_at_every_edge() {
    for builtin in pure().filter(|builtin| builtin.arguments() < 3) {
        let count = builtin.arguments();
        let code = contract(builtin, &vec![None; count]);
        for a in edges() {
            for b in edges() {
                let words = [a, b];
                let words = &words[..count];
                assert_eq!(
                    run(&code, words),
                    compute(builtin, words).unwrap(),
                    "{} of {words:x?}",
                    builtin.name(),
                );
            }
        }
    }
}

#[test]
fn modular_instructions_compute_as_big_integers_do_at_edges() {
    let edges: Vec<U256> = edges().into_iter().step_by(3).collect();
    for builtin in [Builtin::AddMod, Builtin::MulMod] {
        let code = contract(builtin, &[None, None, None]);
        for &a in &edges {
            for &b in &edges {
                for &m in &edges {
                    let words = [a, b, m];
                    let wanted = compute(builtin, &words).unwrap();
                    assert_eq!(run(&code, &words), wanted, "{} of {words:x?}", builtin.name());
                }
            }
        }
    }
}

/// Words of all lengths, many of them short.
fn word() -> impl Strategy<Value = U256> {
    (any::<[u64; 4]>(), 0usize..=256, any::<bool>()).prop_map(|(limbs, shift, ones)| {
        let word = U256::from_limbs(limbs) >> shift.min(255);
        if ones { !word } else { word }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn random_words_compute_as_big_integers_do(
        at in 0..pure().count(),
        words in [word(), word(), word()],
        constant in any::<[bool; 3]>(),
    ) {
        let builtin = pure().nth(at).unwrap();
        let count = builtin.arguments();
        check(builtin, &words[..count], &constant[..count]);
    }

    #[test]
    fn shifts_by_constants_compute_as_big_integers_do(
        at in 0..5usize,
        by in 0u64..300,
        x in word(),
    ) {
        let builtin =
            [Builtin::Shl, Builtin::Shr, Builtin::Sar, Builtin::Byte, Builtin::SignExtend][at];
        check(builtin, &[U256::from(by), x], &[true, false]);
    }
}
