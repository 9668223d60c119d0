//! What the boundary of EVMC costs: an empty contract called through the library, as a client calls it, and through the machine's Rust interface.
//!
//! `cargo build --release -p libtephra && cargo run --release -p tephra-tests --example evmc_boundary -- target/release/libtephra.so`
//!
//! Both are measured in turn, so that what else the machine does touches both, and the medians are compared. The difference is what goes over the boundary, finding the contract by
//! its bytes included; `--size BYTES` pads the contract to so many.
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use alloy_primitives::{Address, U256, keccak256};
use tephra_core::ewasm::state::{Driver, DriverConfig, JournaledState, MemoryAccount, MemoryBackend};
use tephra_core::ewasm::{CallKind, Code, CodeOrigin, Message, Status, Step, TransactionContext, Vm, VmConfig};
use tephra_core::revision::Revision;
use tephra_tests::evmc::LoadedVm;

const CONTRACT: Address = Address::repeat_byte(0xcc);
const BATCH: u32 = 100;
const BATCHES: usize = 2001;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(library) = arguments.first() else {
        eprintln!("usage: evmc_boundary LIBRARY [--size BYTES]");
        std::process::exit(2);
    };
    let size = arguments.iter().skip_while(|argument| *argument != "--size").nth(1);
    let code = contract(size.and_then(|size| size.parse().ok()).unwrap_or(0));
    let hash = keccak256(&code);
    let loaded = LoadedVm::load(Path::new(library)).unwrap_or_else(|error| {
        eprintln!("{library}: {error}");
        std::process::exit(2);
    });

    let vm = Vm::new(VmConfig::default());
    let driver = Driver::new(&vm, DriverConfig::default());
    let mut backend = MemoryBackend::new();
    backend.insert(CONTRACT, MemoryAccount::new(0, U256::ZERO, code.clone().into()));
    let mut state = JournaledState::new(backend, Revision::Cancun);
    state.begin(TransactionContext::default());

    let code = Code { bytes: &code, hash: Some(&hash), origin: CodeOrigin::Unknown };
    let mut by_rust = || {
        let contract = vm.contract(Revision::Cancun, code).expect("it is a contract");
        let mut frame = vm.frame(Revision::Cancun, message(), contract);
        match frame.run(&mut state, &mut ()) {
            Step::Done(outcome) => assert_eq!(outcome.status, Status::Success),
            Step::Nested(_) => unreachable!("it calls nobody"),
        }
    };
    let mut times = (Vec::new(), Vec::new());
    let mut client_state = JournaledState::new(MemoryBackend::new(), Revision::Cancun);
    client_state.begin(TransactionContext::default());
    for _ in 0..BATCHES {
        times.0.push(batch(&mut by_rust));
        times.1.push(batch(&mut || {
            let outcome = loaded.execute(driver, &mut client_state, black_box(&message()), code.bytes);
            assert_eq!(outcome.status, Status::Success);
        }));
    }
    let (rust, evmc) = (median(times.0), median(times.1));
    println!("contract of {} bytes; medians of {BATCHES} batches of {BATCH} calls", code.bytes.len());
    println!("Rust {rust:.0} ns, EVMC {evmc:.0} ns, difference {:.0} ns", evmc - rust);
}

/// A contract that does nothing, with a custom section of so many bytes.
fn contract(padding: usize) -> Vec<u8> {
    let mut code = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x05\x03\x01\0\x01\x07\x11\x02\x06memory\x02\0\x04main\0\0\x0a\x04\x01\x02\0\x0b".to_vec();
    if padding > 0 {
        let mut length = padding + 1;
        code.push(0);
        while length > 0x7f {
            code.push((length & 0x7f) as u8 | 0x80);
            length >>= 7;
        }
        code.push(length as u8);
        code.resize(code.len() + padding + 1, 0);
    }
    code
}

fn message() -> Message {
    Message {
        kind: CallKind::Call,
        is_static: false,
        depth: 0,
        gas: 1_000_000,
        recipient: CONTRACT,
        code_address: CONTRACT,
        sender: Address::ZERO,
        input: Default::default(),
        value: U256::ZERO,
        salt: Default::default(),
    }
}

/// Nanoseconds of a call.
fn batch(call: &mut dyn FnMut()) -> f64 {
    let begin = Instant::now();
    for _ in 0..BATCH {
        call();
    }
    begin.elapsed().as_nanos() as f64 / f64::from(BATCH)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
