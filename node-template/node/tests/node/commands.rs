//! The commands that work on a chain's database.
use std::{fs, path::Path};

use codec::Encode;
use serde_json::{Value, json};
use sp_core::bytes::to_hex;
use sp_keyring::Sr25519Keyring::{Alice, Ferdie};
use tephra_chain_tests::signed;
use tephra_runtime::{RuntimeCall, fees::UNIT};

use crate::harness::{Node, complain, eventually, fail, succeed};

/// The folder of the development chain's database in the base path.
const DATABASE: &str = "chains/tephra_dev/paritydb";

fn text(path: &Path) -> &str {
    path.to_str().expect("text")
}

/// Runs a command on the development chain at a base path.
fn on<'a>(command: &[&'a str], base: &'a Path) -> Vec<&'a str> {
    [command, &["--chain", "dev", "--base-path", text(base)]].concat()
}

/// The storage key of Ferdie's account.
fn ferdie() -> String {
    to_hex(
        &frame_system::Account::<tephra_runtime::Runtime>::hashed_key_for(Ferdie.to_account_id()),
        false,
    )
}

/// Makes a development chain of a few blocks, in one of which Ferdie receives something. Returns
/// the hash of block 2 and Ferdie's account.
fn some_blocks(base: &Path) -> (Value, Value) {
    let node = Node::start(&["--dev", "--sealing", "interval=100"], base);
    let dest = Ferdie.to_account_id().into();
    let transfer =
        RuntimeCall::Balances(pallet_balances::Call::transfer_keep_alive { dest, value: 3 * UNIT });
    let before = node.ask("state_getStorage", json!([ferdie()]));
    node.ask(
        "author_submitExtrinsic",
        json!([to_hex(&signed(Alice, 0, node.genesis(), transfer).encode(), false)]),
    );
    eventually("Ferdie has it", || node.ask("state_getStorage", json!([ferdie()])) != before);
    let known = node.number();
    eventually("there are a few blocks that are final", || node.finalized() >= known + 5);
    let seen = (
        node.ask("chain_getBlockHash", json!([2])),
        node.ask("state_getStorage", json!([ferdie()])),
    );
    node.stop();
    seen
}

/// Returns what the database holds.
fn info(base: &Path) -> Value {
    serde_json::from_str(&succeed(&on(&["chain-info"], base))).expect("JSON")
}

#[test]
fn blocks_are_checked_exported_and_imported() {
    if tephra_chain_tests::blob::Blob::get().is_none() {
        return;
    }
    let directory = tempfile::tempdir().expect("a temporary directory");
    let base = &directory.path().join("here");
    let (second, account) = some_blocks(base);
    let here = info(base);
    let number = here["best_number"].as_u64().expect("a number");
    let finalized = here["finalized_number"].as_u64().expect("a number");
    assert!((5..=number).contains(&finalized), "{here}");

    succeed(&on(&["check-block", "2"], base));
    succeed(&on(&["check-block", second.as_str().expect("a hash")], base));
    assert_eq!(complain(&on(&["check-block", "1000000"], base)), "Unknown block");
    let said = fail(&on(&["check-block", "nonsense"], base));
    assert!(said.contains("nonsense"), "{said}");

    let number = number.to_string();
    for format in [&["--binary"][..], &[]] {
        let file = directory.path().join("blocks");
        succeed(&on(
            &[&["export-blocks", "--from", "1", "--to", &number, text(&file)][..], format].concat(),
            base,
        ));
        let there = &directory.path().join(format!("there{}", format.len()));
        succeed(&on(&[&["import-blocks", text(&file)][..], format].concat(), there));
        assert_eq!(info(there)["best_hash"], here["best_hash"], "the same chain");
        let node = Node::start(&["--dev"], there);
        assert_eq!(node.ask("state_getStorage", json!([ferdie()])), account);
        node.stop();
    }

    let said = complain(&on(
        &["export-blocks", "--from", "9", "--to", "3", text(&directory.path().join("none"))],
        base,
    ));
    assert!(said.contains("Invalid block range"), "{said}");
    let said =
        complain(&on(&["export-blocks", text(&directory.path().join("no/such/folder"))], base));
    assert!(said.contains("No such file"), "{said}");
    let said = complain(&on(&["import-blocks", text(&directory.path().join("nothing"))], base));
    assert!(said.contains("No such file"), "{said}");
    let garbage = directory.path().join("garbage");
    fs::write(&garbage, [0xff; 100]).expect("it can be written");
    for format in [&["--binary"][..], &[]] {
        let said = complain(&on(&[&["import-blocks", text(&garbage)][..], format].concat(), base));
        assert!(said.starts_with("Error reading block #1"), "{said}");
    }
}

#[test]
fn the_state_is_exported_as_the_start_of_another_chain() {
    if tephra_chain_tests::blob::Blob::get().is_none() {
        return;
    }
    let directory = tempfile::tempdir().expect("a temporary directory");
    let base = &directory.path().join("here");
    let (_, account) = some_blocks(base);
    let spec = directory.path().join("state.json");
    fs::write(&spec, succeed(&on(&["export-state"], base))).expect("it can be written");
    let said = complain(&on(&["export-state", "1000000"], base));
    assert!(said.contains("1000000"), "{said}");

    let node = Node::start(&["--chain", text(&spec)], &directory.path().join("there"));
    assert_eq!(node.number(), 0);
    assert_eq!(node.ask("state_getStorage", json!([ferdie()])), account, "the state is there");
    node.stop();
}

#[test]
fn final_blocks_are_not_reverted() {
    if tephra_chain_tests::blob::Blob::get().is_none() {
        return;
    }
    let directory = tempfile::tempdir().expect("a temporary directory");
    some_blocks(directory.path());
    let final_block = info(directory.path())["finalized_hash"].clone();
    for blocks in ["1000000", "2"] {
        succeed(&on(&["revert", blocks], directory.path()));
        assert_eq!(info(directory.path())["best_hash"], final_block);
        assert_eq!(info(directory.path())["finalized_hash"], final_block);
    }
    let said = fail(&on(&["revert", "two"], directory.path()));
    assert!(said.contains("Expected block number"), "{said}");
}

#[test]
fn blocks_that_are_not_final_are_reverted() {
    if tephra_chain_tests::blob::Blob::get().is_none() {
        return;
    }
    // One of four validators: it makes blocks in its slots, but they do not become final.
    let directory = tempfile::tempdir().expect("a temporary directory");
    let validator =
        ["--chain", "local", "--alice", "--force-authoring", "--unsafe-force-node-key-generation"];
    let node = Node::start(&validator, directory.path());
    eventually("a block is made", || node.number() >= 1);
    node.stop();
    let base = text(directory.path());
    let local =
        |command: &[&str]| succeed(&[command, &["--chain", "local", "--base-path", base]].concat());
    let info = || serde_json::from_str::<Value>(&local(&["chain-info"])).expect("JSON");
    let before = info();
    assert_eq!(before["finalized_number"], 0);
    let made = before["best_number"].as_u64().expect("a number");
    assert!(made >= 1);
    local(&["revert", "1"]);
    assert_eq!(info()["best_number"], made - 1);
}

#[test]
fn a_chain_is_purged() {
    if tephra_chain_tests::blob::Blob::get().is_none() {
        return;
    }
    let directory = tempfile::tempdir().expect("a temporary directory");
    let base = directory.path();
    some_blocks(base);
    // Without confirmation nothing is removed.
    succeed(&on(&["purge-chain"], base));
    assert!(base.join(DATABASE).exists());
    succeed(&on(&["purge-chain", "-y"], base));
    assert!(!base.join(DATABASE).exists());
    succeed(&on(&["purge-chain", "-y"], base));
}

#[test]
fn a_named_and_a_raw_specification_start_the_same_chain() {
    if tephra_chain_tests::blob::Blob::get().is_none() {
        return;
    }
    let directory = tempfile::tempdir().expect("a temporary directory");
    let node = Node::start(&["--dev"], &directory.path().join("named"));
    let genesis = node.genesis();
    node.stop();
    for format in [&[][..], &["--raw"]] {
        let spec = directory.path().join("spec.json");
        let written = succeed(&[&["export-chain-spec", "--chain", "dev"][..], format].concat());
        let words: Value = serde_json::from_str(&written).expect("JSON");
        assert_eq!(words["genesis"]["raw"].is_object(), !format.is_empty());
        fs::write(&spec, written).expect("it can be written");
        let base = directory.path().join(format!("spec{}", format.len()));
        let node = Node::start(&["--chain", text(&spec)], &base);
        assert_eq!(node.genesis(), genesis, "{format:?}");
        node.stop();
    }
}

#[test]
fn an_invalid_specification_is_refused() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let spec = directory.path().join("spec.json");
    for text_of_it in ["", "nonsense", "{}", "[1, 2"] {
        fs::write(&spec, text_of_it).expect("it can be written");
        let said = complain(&["--chain", text(&spec), "--tmp"]);
        assert!(said.contains("spec"), "{said}");
    }
}
