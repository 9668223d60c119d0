//! What the boundary of EVMC costs: an empty contract called through the library, as a client calls
//! it, and through the machine's Rust interface.
//!
//! Both are measured in turn, so that what else the computer does touches both, and the medians are
//! compared. The difference is what goes over the boundary, finding the contract by its bytes
//! included.
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use alloy_primitives::{Address, B256, U256, keccak256};
use tephra_bench_report::statistics::median;
use tephra_core::ewasm::{
    CallKind, Code, CodeOrigin, Message, Status, Step, TransactionContext, Vm, VmConfig,
};
use tephra_core::revision::Revision;
use tephra_core::state::{Driver, DriverConfig, JournaledState, MemoryBackend};
use tephra_tests::evmc::LoadedVm;

use crate::error::{Error, Result};

/// Bytes that the contract has more than it needs: none, as many as a token has, and as many as a
/// large contract has.
const PADDING: [usize; 3] = [0, 20_000, 100_000];

const CONTRACT: Address = Address::repeat_byte(0xcc);
const REVISION: Revision = Revision::Cancun;
const BATCH: u32 = 100;

/// Measures: a table.
///
/// # Errors
/// When the library cannot be loaded or a call fails.
pub fn report(library: &Path, quick: bool) -> Result<String> {
    let loaded = LoadedVm::load(library)
        .map_err(|error| Error::new(format!("cannot load {}: {error}", library.display())))?;
    let batches = if quick { 201 } else { 2001 };
    let mut text = format!(
        "{}; medians of {batches} batches of {BATCH} calls of a contract that does nothing\n\n\
        | bytes of the contract | Rust, ns | EVMC, ns | difference, ns |\n|--:|--:|--:|--:|\n",
        loaded.describe()
    );
    for padding in PADDING {
        let code = contract(padding);
        let (rust, evmc) = measure(&loaded, &code, batches)?;
        text += &format!("| {} | {rust:.0} | {evmc:.0} | {:.0} |\n", code.len(), evmc - rust);
    }
    Ok(text)
}

/// Nanoseconds of a call through Rust and through EVMC.
fn measure(loaded: &LoadedVm, code: &[u8], batches: usize) -> Result<(f64, f64)> {
    let vm = Vm::new(VmConfig::default());
    let driver = Driver::new(&vm, DriverConfig::default());
    let state = || {
        let mut state = JournaledState::new(MemoryBackend::new(), REVISION);
        state.begin(TransactionContext::default());
        state
    };
    let (mut state, mut client_state) = (state(), state());
    let hash = keccak256(code);
    let known = Code { bytes: code.into(), hash: Some(&hash), origin: CodeOrigin::Unknown };
    let mut by_rust = || -> Result<Status> {
        let contract =
            vm.contract(REVISION, known).map_err(|error| Error::new(error.to_string()))?;
        match vm.frame(REVISION, black_box(message()), contract).run(&mut state, &mut ()) {
            Step::Done(outcome) => Ok(outcome.status),
            Step::Nested(_) => Err(Error::new("the contract calls another one")),
        }
    };
    let mut by_evmc =
        || Ok(loaded.execute(driver, &mut client_state, &black_box(message()), code).status);
    let (mut rust, mut evmc) = (Vec::new(), Vec::new());
    for _ in 0..batches {
        rust.push(batch(&mut by_rust)?);
        evmc.push(batch(&mut by_evmc)?);
    }
    Ok((median(&rust), median(&evmc)))
}

/// A contract that does nothing, with a custom section of the given size.
fn contract(padding: usize) -> Vec<u8> {
    let mut code = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x05\x03\x01\0\x01\
        \x07\x11\x02\x06memory\x02\0\x04main\0\0\x0a\x04\x01\x02\0\x0b"
        .to_vec();
    if padding > 0 {
        // Its name is empty, which takes a byte.
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
        salt: B256::ZERO,
    }
}

/// Nanoseconds of a call, which has to succeed.
fn batch(call: &mut dyn FnMut() -> Result<Status>) -> Result<f64> {
    let begin = Instant::now();
    for _ in 0..BATCH {
        let status = call()?;
        if status != Status::Success {
            return Err(Error::new(format!(
                "the contract that does nothing ended with {status:?}"
            )));
        }
    }
    Ok(begin.elapsed().as_nanos() as f64 / f64::from(BATCH))
}
