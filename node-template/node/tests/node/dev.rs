//! The node as a developer runs it: `--dev`, stopped and started again, and its errors for invalid
//! arguments.
use std::fs;

use codec::Encode;
use serde_json::{Value, json};
use sp_core::bytes::to_hex;
use sp_keyring::Sr25519Keyring::{Alice, Ferdie};
use tephra_chain_tests::signed;
use tephra_runtime::{RuntimeCall, fees::UNIT};

use crate::harness::{Node, complain, eventually, succeed};

fn transfer() -> RuntimeCall {
    RuntimeCall::Balances(pallet_balances::Call::transfer_keep_alive {
        dest: Ferdie.to_account_id().into(),
        value: 3 * UNIT,
    })
}

/// The storage key of Ferdie's account.
fn ferdie() -> String {
    to_hex(
        &frame_system::Account::<tephra_runtime::Runtime>::hashed_key_for(Ferdie.to_account_id()),
        false,
    )
}

#[test]
fn a_development_chain_keeps_its_state_when_the_node_restarts() {
    if tephra_chain_tests::blob::Blob::get().is_none() {
        return;
    }
    let directory = tempfile::tempdir().expect("a temporary directory");
    let base = directory.path();

    let node = Node::start(&["--dev"], base);
    assert_eq!(node.ask("system_chain", json!([])), "Tephra development");
    let genesis = node.genesis();
    let before = node.ask("state_getStorage", json!([ferdie()]));
    let transaction = signed(Alice, 0, genesis, transfer());
    node.ask("author_submitExtrinsic", json!([to_hex(&transaction.encode(), false)]));
    eventually("a transaction makes a block, and that is final", || {
        node.ask("chain_getFinalizedHead", json!([])) != to_hex(genesis.as_bytes(), false)
    });
    let after = node.ask("state_getStorage", json!([ferdie()]));
    assert_ne!(before, after);
    let nonce = node.ask("system_accountNextIndex", json!([Alice.to_account_id()]));
    assert_eq!(nonce, 1);
    let head = node.ask("chain_getFinalizedHead", json!([]));
    node.stop();

    let node = Node::start(&["--dev", "--sealing", "interval=100"], base);
    assert_eq!(node.ask("state_getStorage", json!([ferdie()])), after, "the state is there again");
    assert_eq!(node.ask("chain_getBlockHash", json!([1])), head);
    eventually("blocks are made without transactions", || node.number() >= 4);
    node.stop();
}

#[test]
fn a_network_has_four_validators_and_is_described_in_words() {
    if tephra_chain_tests::blob::Blob::get().is_none() {
        return;
    }
    let words: Value =
        serde_json::from_str(&succeed(&["export-chain-spec", "--chain", "local"])).expect("JSON");
    assert_eq!(words["properties"]["tokenDecimals"], 18);
    let patch = &words["genesis"]["runtimeGenesis"]["patch"];
    assert_eq!(patch["aura"]["authorities"].as_array().map(Vec::len), Some(4), "{patch}");
}

#[test]
fn a_network_does_not_seal_on_demand() {
    let said = complain(&[
        "--chain",
        "local",
        "--tmp",
        "--sealing",
        "instant",
        "--unsafe-force-node-key-generation",
    ]);
    assert_eq!(
        said,
        "Tephra local network is a network, whose validators make blocks in slots; --sealing is \
         for --dev"
    );
}

#[test]
fn an_unknown_chain_is_named() {
    let said = complain(&["export-chain-spec", "--chain", "no-such-chain.json"]);
    assert!(said.contains("no-such-chain.json"), "{said}");
    fs::metadata("no-such-chain.json").expect_err("nothing is written");
}
