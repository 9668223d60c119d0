//! Random programs: the interpreter gives the same results before and after the passes, and so does
//! the contract with and without them.
//!
//! `TEPHRA_YUL_PROGRAMS=1000000 cargo test --release -p tephra-tests --test yul` runs as many.
mod generate;

use std::env;
use std::fmt::Debug;

use alloy_primitives::{Address, U256};
use tephra_core::ewasm::Status;
use tephra_core::revision::Revision;
use tephra_tests::chain::Chain;
use tephra_yul::ir::build::build;
use tephra_yul::ir::interpret::{Alone, Bounds, Code, Outcome, World, run};
use tephra_yul::ir::verify::verify;
use tephra_yul::passes::{self, Passes};
use tephra_yul::{Options, compile, yul};

use generate::Random;

const CONTRACT: Address = Address::repeat_byte(7);

/// Keys of the storage that programs use.
const KEYS: u64 = 4;

/// How a program ended.
#[derive(Debug, PartialEq, Eq)]
enum Ended {
    Returned(Vec<u8>),
    Reverted(Vec<u8>),
    Failed,
}

type Result = (Ended, Vec<U256>);

fn interpret(source: &str, input: &[u8], passes: Passes) -> Option<Result> {
    let object = yul::parse(source).unwrap();
    let mut program = build(source, &object, &Default::default()).unwrap();
    passes::run(&mut program, passes);
    if let Err(error) = verify(&program) {
        panic!("{error}\n{source}\n{program}");
    }
    let code = Code::new(&program, |_| Vec::new(), &[]);
    let mut world = Alone::new(input);
    let bounds = Bounds { steps: 200_000, ..Bounds::default() };
    let ended = match run(&program, &code, &mut world, bounds) {
        Outcome::Return(bytes) => Ended::Returned(bytes),
        Outcome::Revert(bytes) => Ended::Reverted(bytes),
        Outcome::Failure => Ended::Failed,
        Outcome::SelfDestruct(_) | Outcome::Unfinished => return None,
    };
    let slots = (0..KEYS).map(|key| match ended {
        Ended::Returned(_) => world.load(false, U256::from(key)),
        _ => U256::ZERO,
    });
    let slots = slots.collect();
    Some((ended, slots))
}

fn execute(code: &[u8], input: &[u8]) -> Result {
    let mut chain = Chain::unmetered(Revision::NEWEST);
    chain.put(CONTRACT, U256::ZERO, code);
    let ran = chain.call(Address::ZERO, CONTRACT, input);
    let ended = match ran.outcome.status {
        Status::Success => Ended::Returned(ran.outcome.output.to_vec()),
        Status::Revert => Ended::Reverted(ran.outcome.output.to_vec()),
        _ => Ended::Failed,
    };
    (ended, (0..KEYS).map(|key| chain.slot(CONTRACT, key)).collect())
}

fn same<T: PartialEq + Debug>(seed: u64, source: &str, what: &str, got: T, wanted: T) {
    assert_eq!(got, wanted, "seed {seed}, {what}, of\n{source}");
}

fn check(seed: u64) -> bool {
    let mut random = Random::new(seed);
    let source = generate::program(&mut random);
    let compiled = |passes| {
        let options = Options { passes, ..Options::default() };
        compile(&source, &options).unwrap_or_else(|error| panic!("{error}\n{source}")).bytes
    };
    let plain = compiled(Passes::NONE);
    let fast = compiled(Passes::ALL);
    let mut finished = false;
    for _ in 0..3 {
        let input: Vec<u8> = (0..4).flat_map(|_| random.word().to_be_bytes::<32>()).collect();
        let Some(wanted) = interpret(&source, &input, Passes::NONE) else { continue };
        finished = true;
        same(seed, &source, "the contract", execute(&plain, &input), wanted);
        let wanted = execute(&plain, &input);
        if let Some(got) = interpret(&source, &input, Passes::ALL) {
            same(seed, &source, "the passes", &got, &wanted);
        }
        same(seed, &source, "the contract after the passes", execute(&fast, &input), wanted);
    }
    finished
}

#[test]
fn programs_mean_the_same_before_and_after_every_stage() {
    let count = env::var("TEPHRA_YUL_PROGRAMS").ok().and_then(|count| count.parse().ok());
    let count: u64 = count.unwrap_or(300);
    let first = env::var("TEPHRA_YUL_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let finished = (first..first + count).filter(|seed| check(*seed)).count() as u64;
    println!("{finished} of {count} programs ended");
    assert!(finished * 2 > count, "{finished} of {count} programs ended");
}
