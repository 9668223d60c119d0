//! The node as a person runs it: `--dev`, stopped and started again, and its other commands.
mod node;

use std::{fs, path::Path, process::Command};

use codec::Encode;
use node::{Node, eventually};
use serde_json::{Value, json};
use sp_core::{H256, bytes::to_hex};
use sp_keyring::Sr25519Keyring::{Alice, Ferdie};
use tephra_chain_tests::signed;
use tephra_runtime::{RuntimeCall, fees::UNIT};

const PURGED: &str = "chains/tephra_dev";

fn transfer() -> RuntimeCall {
    RuntimeCall::Balances(pallet_balances::Call::transfer_keep_alive {
        dest: Ferdie.to_account_id().into(),
        value: 3 * UNIT,
    })
}

/// The storage key of Ferdie's account.
fn ferdie() -> String {
    to_hex(&frame_system::Account::<tephra_runtime::Runtime>::hashed_key_for(Ferdie.to_account_id()), false)
}

fn run(arguments: &[&str], base: &Path) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_tephra-node"))
        .args(arguments)
        .args(["--chain", "dev", "--base-path"])
        .arg(base)
        .output()
        .expect("the node is built");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn a_development_chain_keeps_its_state_when_the_node_is_stopped_and_started() {
    if tephra_chain_tests::blob::Blob::get().is_none() {
        return;
    }
    let directory = tempfile::tempdir().expect("a temporary directory");
    let base = directory.path();

    let mut node = Node::start(&["--dev"], base);
    assert_eq!(node.ask("system_chain", json!([])), "Tephra development");
    let genesis = node.ask("chain_getBlockHash", json!([0]));
    let genesis: H256 = serde_json::from_value(genesis).expect("a hash");
    let before = node.ask("state_getStorage", json!([ferdie()]));
    let transaction = signed(Alice, 0, genesis, transfer());
    node.ask("author_submitExtrinsic", json!([to_hex(&transaction.encode(), false)]));
    eventually("a transaction makes a block, final at once", || {
        node.ask("chain_getFinalizedHead", json!([])) != to_hex(genesis.as_bytes(), false)
    });
    let after = node.ask("state_getStorage", json!([ferdie()]));
    assert_ne!(before, after);
    let nonce = node.ask("system_accountNextIndex", json!([Alice.to_account_id()]));
    assert_eq!(nonce, 1);
    let head = node.ask("chain_getFinalizedHead", json!([]));
    node.stop();

    let mut node = Node::start(&["--dev", "--sealing", "interval=100"], base);
    assert_eq!(node.ask("state_getStorage", json!([ferdie()])), after, "the state is there again");
    assert_eq!(node.ask("chain_getBlockHash", json!([1])), head);
    eventually("blocks are made without transactions", || node.number() >= 4);
    let second = node.ask("chain_getBlockHash", json!([2]));
    node.stop();

    // What was exported can be imported elsewhere, and is the same chain.
    let blocks = base.join("blocks");
    let file = blocks.to_str().expect("text");
    run(&["export-blocks", "--binary", "--to", "3", file], base);
    run(&["check-block", "2"], base);
    run(&["purge-chain", "-y"], base);
    assert!(!base.join(PURGED).join("paritydb").exists());
    run(&["import-blocks", "--binary", file], base);
    let mut node = Node::start(&["--dev"], base);
    assert_eq!(node.number(), 3);
    assert_eq!(node.ask("chain_getBlockHash", json!([2])), second);
    assert_eq!(node.ask("state_getStorage", json!([ferdie()])), after);
    node.stop();
}

#[test]
fn a_specification_is_exported_in_words_and_raw() {
    if tephra_chain_tests::blob::Blob::get().is_none() {
        return;
    }
    let export = |more: &[&str]| -> Value {
        let output = Command::new(env!("CARGO_BIN_EXE_tephra-node"))
            .args(["export-chain-spec", "--chain", "local"])
            .args(more)
            .output()
            .expect("the node is built");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("JSON")
    };
    let words = export(&[]);
    assert_eq!(words["properties"]["tokenDecimals"], 18);
    let patch = &words["genesis"]["runtimeGenesis"]["patch"];
    assert_eq!(patch["aura"]["authorities"].as_array().map(Vec::len), Some(4), "{patch}");
}

#[test]
fn a_network_does_not_seal_on_demand() {
    let output = Command::new(env!("CARGO_BIN_EXE_tephra-node"))
        .args(["--chain", "local", "--tmp", "--sealing", "instant"])
        .output()
        .expect("the node is built");
    assert!(!output.status.success());
}

#[test]
fn a_chain_that_nobody_knows_is_named() {
    let output = Command::new(env!("CARGO_BIN_EXE_tephra-node"))
        .args(["export-chain-spec", "--chain", "no-such-chain.json"])
        .output()
        .expect("the node is built");
    assert!(!output.status.success());
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("no-such-chain.json"), "{error}");
    fs::metadata("no-such-chain.json").expect_err("nothing is written");
}
