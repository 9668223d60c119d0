//! Token transfers from many accounts: the throughput, the latency of transfers, and the resources
//! of the node.
//!
//! `scripts/load` runs it for ten minutes. As a test it takes a few seconds.
mod accounts;
mod chart;
mod report;
mod watch;

use std::{
    collections::HashMap,
    env,
    path::PathBuf,
    str::FromStr,
    sync::{Mutex, PoisonError, mpsc},
    thread,
    time::{Duration, Instant},
};

use accounts::Account;
use codec::Encode;
use report::Report;
use serde_json::{Value, json};
use sp_core::H256;
use sp_io::hashing::blake2_256;
use sp_keyring::Sr25519Keyring::Ferdie;
use sp_runtime::generic::Era;
use tephra_chain_tests::{contract::address_of, signed_in};
use watch::Watch;

use crate::harness::{
    Node, eventually,
    rpc::result_of,
    token::{self, hex},
};

/// The most transactions of a request.
const BATCH: usize = 50;
/// The number of threads that sign and send.
const SENDERS: usize = 2;

/// The settings of a run.
struct Plan {
    seconds: u64,
    accounts: usize,
    sealing: String,
    /// The folder of the report.
    directory: Option<PathBuf>,
}

fn variable<T: FromStr>(name: &str, otherwise: T) -> T {
    let Ok(text) = env::var(name) else { return otherwise };
    text.parse().unwrap_or_else(|_| panic!("{name} cannot be {text}"))
}

/// The number of blocks for which a transaction is valid, as with wallets. Of transactions that pay
/// the same, the one that expires first comes first.
const PERIOD: u64 = 64;

/// An account that may send its next transfer.
struct Free {
    account: usize,
    nonce: u32,
    /// The number and the hash of the block from which it is valid.
    since: (u64, H256),
}

/// The transactions that are in no block yet: their accounts, and when they were sent.
type Waiting = Mutex<HashMap<H256, (usize, Instant)>>;

/// Signs and sends the next transfer of each account that comes in. Returns how many were refused.
fn send(
    node: &Node,
    accounts: &[Account],
    genesis: H256,
    gas_limit: u64,
    waiting: &Waiting,
    free: &Mutex<mpsc::Receiver<Free>>,
) -> usize {
    let mut refused = 0;
    loop {
        let mut batch = Vec::new();
        {
            let free = free.lock().unwrap_or_else(PoisonError::into_inner);
            let Ok(first) = free.recv() else { return refused };
            batch.push(first);
            batch.extend(free.try_iter().take(BATCH - 1));
        }
        let mut hashes = Vec::new();
        let mut calls = Vec::new();
        for (id, Free { account, nonce, since: (number, hash) }) in batch.into_iter().enumerate() {
            let call = token::transfer_call(address_of(Ferdie), 1, gas_limit);
            let era = (Era::mortal(PERIOD, number), hash);
            let transaction =
                signed_in(&accounts[account].pair, nonce, genesis, era, call).encode();
            calls.push(json!({
                "jsonrpc": "2.0",
                "id": id,
                "method": "author_submitExtrinsic",
                "params": [hex(&transaction)],
            }));
            hashes.push((H256(blake2_256(&transaction)), account));
        }
        let now = Instant::now();
        let sent = hashes.iter().map(|(hash, account)| (*hash, (*account, now)));
        waiting.lock().unwrap_or_else(PoisonError::into_inner).extend(sent);
        let (_, answers) =
            node.rpc.post(Value::from(calls).to_string().as_bytes()).expect("the node answers");
        let answers: Vec<Value> =
            serde_json::from_str(&answers).unwrap_or_else(|error| panic!("{error}: {answers}"));
        for answer in answers {
            let id = answer["id"].as_u64().expect("the id that was sent") as usize;
            if let Err(refusal) = result_of(answer) {
                eprintln!("refused: {refusal}");
                waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&hashes[id].0);
                refused += 1;
            }
        }
    }
}

fn run(plan: &Plan) -> Report {
    let directory = tempfile::tempdir().expect("a temporary directory");
    // Small caches fill up within the time, so that other growth is visible.
    let small = ["--trie-cache-size", "33554432", "--state-pruning", "32"];
    let node = Node::start(
        &[&["--dev", "--sealing", &plan.sealing][..], &small].concat(),
        directory.path(),
    );
    let accounts = accounts::make(plan.accounts);
    let genesis = node.genesis();
    accounts::fund(&node, &accounts, genesis);
    let gas_limit = accounts::gas_limit(&node, &accounts[0]);
    println!("{} accounts have tokens at block {}", accounts.len(), node.number());

    let waiting = Waiting::default();
    let (freed, free) = mpsc::channel();
    let free = Mutex::new(free);
    let mut watch = Watch::start(&node, directory.path());
    let before = node.rpc.tokens(address_of(Ferdie), &Value::Null);
    let (refused, included) = thread::scope(|scope| {
        let senders: Vec<_> = (0..SENDERS)
            .map(|_| scope.spawn(|| send(&node, &accounts, genesis, gas_limit, &waiting, &free)))
            .collect();
        // Each account has one transfer under way at a time.
        let mut nonces = vec![0_u32; accounts.len()];
        for account in 0..accounts.len() {
            freed.send(Free { account, nonce: 0, since: watch.before }).expect("the senders run");
        }
        let end = Instant::now() + Duration::from_secs(plan.seconds);
        while Instant::now() < end {
            for account in watch.look(&node, &waiting) {
                nonces[account] += 1;
                freed
                    .send(Free { account, nonce: nonces[account], since: watch.before })
                    .expect("the senders run");
            }
            thread::sleep(Duration::from_millis(25));
        }
        watch.ended();
        drop(freed);
        let refused: usize =
            senders.into_iter().map(|sender| sender.join().expect("senders do not fail")).sum();
        eventually("what was sent is in blocks", || {
            watch.look(&node, &waiting).into_iter().for_each(|account| nonces[account] += 1);
            waiting.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
        });
        (refused, nonces.into_iter().map(u64::from).sum::<u64>())
    });
    let after = node.rpc.tokens(address_of(Ferdie), &Value::Null);
    let received = sp_core::U256::from_big_endian(&after) - sp_core::U256::from_big_endian(&before);
    assert_eq!(received, included.into(), "every transfer that is in a block succeeded");
    node.stop();
    Report::new(plan, refused, watch)
}

#[test]
fn many_accounts_send_tokens() {
    if tephra_chain_tests::blob::Blob::get().is_none() {
        return;
    }
    let plan = Plan {
        seconds: variable("TEPHRA_LOAD_SECONDS", 5),
        accounts: variable("TEPHRA_LOAD_ACCOUNTS", 8),
        sealing: variable("TEPHRA_LOAD_SEALING", "interval=500".to_owned()),
        directory: env::var_os("TEPHRA_LOAD_REPORT").map(PathBuf::from),
    };
    let report = run(&plan);
    println!("{report}");
    let temporary = tempfile::tempdir().expect("a temporary directory");
    let directory = plan.directory.as_deref().unwrap_or(temporary.path());
    let (json, svg) = (directory.join("load.json"), directory.join("load.svg"));
    std::fs::write(&json, report.json()).expect("the report can be written");
    chart::draw(&report, &svg).expect("the chart can be drawn");
    println!("{} and {}", json.display(), svg.display());

    assert_eq!(report.refused, 0);
    assert!(
        report.transactions >= plan.accounts as u64,
        "each account has sent something: {report}"
    );
    let drawn = std::fs::read_to_string(&svg).expect("the chart was written");
    assert!(drawn.matches("<polyline").count() >= 6, "{drawn}");
}
