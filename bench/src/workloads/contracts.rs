//! Contracts: hashes, a multiplication, tokens.
use std::path::Path;

use alloy_primitives::hex;
use tephra_bench_common::Engine;

use super::directory::pattern;
use super::{CALLER, Workload, read, root};
use crate::error::{Error, Result};

const BOB: [u8; 20] = [0x0b; 20];

/// A word of 32 bytes with these at its end.
fn word(bytes: &[u8]) -> Vec<u8> {
    let mut word = vec![0; 32_usize.saturating_sub(bytes.len())];
    word.extend(bytes);
    word
}

fn call(selector: [u8; 4], words: &[&[u8]]) -> Vec<u8> {
    let mut data = selector.to_vec();
    words.iter().for_each(|bytes| data.extend(word(bytes)));
    data
}

const BALANCE_OF: [u8; 4] = hex!("70a08231");
const TRANSFER: [u8; 4] = hex!("a9059cbb");
const SUPPLY: u16 = 1000;

/// The contracts of the public data.
///
/// # Errors
/// When a file cannot be read, or the token cannot be deployed.
pub fn from_shared(shared: &Path, reference: &dyn Engine) -> Result<Vec<Workload>> {
    let eei = |name: &str| read(&shared.join("bench/eei").join(name));
    let small_token = eei("wrc20.wasm")?;
    let mut balance = hex!("9993021a").to_vec();
    balance.extend(CALLER);
    let mut transfer = hex!("5d359fbd").to_vec();
    transfer.extend(BOB);
    transfer.extend(0_u64.to_be_bytes());
    let mut workloads = vec![
        Workload::contract("blake2b_ref", eei("blake2b_ref.wasm")?, pattern(1024)),
        Workload::contract("mul256", eei("mul256.wasm")?, pattern(1024)),
        Workload::contract("sha256_rhash", eei("sha256_rhash.wasm")?, pattern(1024)),
        Workload::contract("wrc20/balance", small_token.clone(), balance),
        Workload::contract("wrc20/transfer", small_token, transfer),
    ];
    let init = read(&shared.join("fixtures/soll/node-erc20.wasm"))?;
    workloads.extend(token("soll_token", init, reference)?);
    Ok(workloads)
}

/// The project's own token.
///
/// # Errors
/// When it cannot be read or deployed.
pub fn own(reference: &dyn Engine) -> Result<Vec<Workload>> {
    let mut init = read(&root().join("contracts/token/token.wasm"))?;
    let mut arguments = Vec::new();
    for bytes in [&[0x80][..], &[0xc0], &[18], &SUPPLY.to_be_bytes(), &[5]] {
        arguments.extend(word(bytes));
    }
    arguments.extend(text("Token"));
    arguments.extend(word(&[3]));
    arguments.extend(text("TOK"));
    let mut section = b"\x0bconstructor".to_vec();
    section.extend(arguments);
    init.push(0);
    // Five bytes of LEB128, the last four of which could be fewer.
    let length = u32::try_from(section.len())
        .map_err(|_| Error::new("the constructor's arguments are too long"))?;
    init.extend([0, 7, 14, 21].map(|shift| (length >> shift) as u8 & 0x7f | 0x80));
    init.push((length >> 28) as u8);
    init.extend(section);
    token("token", init, reference)
}

fn text(text: &str) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    bytes.resize(32, 0);
    bytes
}

/// Deployment of a token, a transfer and a question for a balance.
fn token(name: &str, init: Vec<u8>, reference: &dyn Engine) -> Result<Vec<Workload>> {
    let deploy = Workload::contract(format!("{name}/deploy"), init, Vec::new());
    let deployed = deploy.run_once(reference)?;
    if deployed.world.reverted || !deployed.world.output.starts_with(b"\0asm") {
        return Err(Error::new(format!("{name} cannot be deployed: {:?}", deployed.world)));
    }
    let code = deployed.world.output.clone();
    let at = |what: &str, input: Vec<u8>| {
        let mut workload = Workload::contract(format!("{name}/{what}"), code.clone(), input);
        workload.task.world.storage = deployed.world.storage.clone();
        workload
    };
    let balance =
        at("balanceOf", call(BALANCE_OF, &[&CALLER])).finishing_with(word(&SUPPLY.to_be_bytes()));
    let transfer = at("transfer", call(TRANSFER, &[&BOB, &[3]]));
    let transferred = transfer.run_once(reference)?;
    if transferred.world.output != word(&[1]) {
        return Err(Error::new(format!("{name} cannot be transferred: {:?}", transferred.world)));
    }
    Ok(vec![
        Workload { expected: Some(deployed), ..deploy },
        Workload { expected: Some(transferred), ..transfer },
        balance,
    ])
}
