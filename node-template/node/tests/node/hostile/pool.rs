//! More transactions than the pool accepts.
use std::thread;

use codec::Encode;
use serde_json::{Value, json};
use sp_core::H256;
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie, Dave, Ferdie};
use tephra_chain_tests::{
    contract::{GAS, address_of},
    signed,
};
use tephra_runtime::{RuntimeCall, fees::UNIT};

use super::{is_refused, is_unharmed, node};
use crate::harness::{
    Node, eventually,
    rpc::result_of,
    token::{hex, transfer_call},
};

/// The number of calls that wait.
const CALLS: u32 = 10_000;
/// The default of `--pool-limit`: the number of transactions that may wait.
const POOL: usize = 8192;
/// The error of a pool that is full of transactions with priority.
const DROPPED: i64 = 1016;

/// Returns a call of a contract, with all the gas of a transaction.
fn heavy() -> RuntimeCall {
    transfer_call(address_of(Ferdie), 1, GAS)
}

/// Returns a transaction with priority, since a block has room for more of its kind.
fn light() -> RuntimeCall {
    let dest = Ferdie.to_account_id().into();
    RuntimeCall::Balances(pallet_balances::Call::transfer_keep_alive { dest, value: UNIT })
}

/// Sends a call with each of these nonces, in batches. Each is accepted, or dropped because the
/// pool is full.
fn flood(
    node: &Node,
    signer: Sr25519Keyring,
    call: &RuntimeCall,
    genesis: H256,
    nonces: impl Iterator<Item = u32>,
) {
    let nonces: Vec<u32> = nonces.collect();
    for nonces in nonces.chunks(100) {
        let calls = nonces.iter().map(|nonce| {
            let transaction = hex(&signed(signer, *nonce, genesis, call.clone()).encode());
            json!({
                "jsonrpc": "2.0",
                "id": nonce,
                "method": "author_submitExtrinsic",
                "params": [transaction],
            })
        });
        let (_, answers) =
            node.rpc.post(Value::from_iter(calls).to_string().as_bytes()).expect("it answers");
        let answers: Vec<Value> =
            serde_json::from_str(&answers).unwrap_or_else(|error| panic!("{error}: {answers}"));
        assert_eq!(answers.len(), nonces.len());
        for answer in answers {
            if let Err(refusal) = result_of(answer) {
                assert_eq!(refusal.code, DROPPED, "{refusal}");
            }
        }
    }
}

fn pending(node: &Node) -> usize {
    node.ask("author_pendingExtrinsics", json!([])).as_array().map_or(0, Vec::len)
}

#[test]
fn ten_thousand_calls_wait_and_no_more_than_the_pool_accepts() {
    let base = tempfile::tempdir().expect("a temporary directory");
    let Some(node) = node(&["--sealing", "interval=3600000"], &base) else { return };
    let genesis = node.genesis();
    thread::scope(|scope| {
        for signer in [Alice, Bob, Charlie, Dave] {
            let node = &node;
            scope.spawn(move || flood(node, signer, &heavy(), genesis, 0..CALLS / 4));
        }
    });
    let waiting = pending(&node);
    println!("{waiting} of {CALLS} calls wait for a block");
    assert!((1..=POOL).contains(&waiting), "{waiting}");
    is_unharmed(node);
}

#[test]
fn a_full_pool_refuses_transactions_of_lower_priority() {
    let base = tempfile::tempdir().expect("a temporary directory");
    let Some(node) = node(&["--sealing", "interval=3600000", "--pool-limit", "500"], &base) else {
        return;
    };
    let genesis = node.genesis();
    flood(&node, Alice, &light(), genesis, 0..500);
    // Transactions whose turn has not come have a tenth of that.
    flood(&node, Bob, &light(), genesis, 1..51);
    assert_eq!(pending(&node), 500);
    for nonce in 0..100 {
        is_refused(
            node.rpc.submit(&signed(Charlie, nonce, genesis, heavy())),
            DROPPED,
            "Immediately Dropped",
        );
    }
    assert_eq!(pending(&node), 500, "nobody has lost a place");
    is_unharmed(node);
}

#[test]
fn the_chain_continues_while_the_pool_is_full() {
    let base = tempfile::tempdir().expect("a temporary directory");
    let Some(node) = node(&["--sealing", "interval=1000", "--pool-limit", "300"], &base) else {
        return;
    };
    let genesis = node.genesis();
    flood(&node, Alice, &heavy(), genesis, 0..2000);
    eventually("blocks take calls out of the pool", || {
        node.rpc.nonce(&Alice.to_account_id()) >= 100
    });
    eventually("whoever comes later has room", || {
        node.rpc.submit(&signed(Bob, 0, genesis, heavy())).is_ok()
    });
    eventually("and a turn", || node.rpc.nonce(&Bob.to_account_id()) == 1);
    is_unharmed(node);
}
