//! The command `key`.
use std::{fs, path::Path};

use serde_json::{Value, json};
use sp_core::{bytes::to_hex, crypto::Ss58Codec};
use sp_keyring::{
    Ed25519Keyring,
    Sr25519Keyring::{Alice, Bob},
};

use crate::harness::{Node, fail, run, succeed};

fn text(path: &Path) -> &str {
    path.to_str().expect("text")
}

#[test]
fn a_generated_key_can_be_inspected() {
    let made: Value = serde_json::from_str(&succeed(&["key", "generate", "--output-type", "json"]))
        .expect("JSON");
    let phrase = made["secretPhrase"].as_str().expect("a phrase");
    assert_eq!(phrase.split(' ').count(), 12);
    let inspected = succeed(&["key", "inspect", phrase, "--output-type", "json"]);
    let inspected: Value = serde_json::from_str(&inspected).expect("JSON");
    assert_eq!(inspected["ss58Address"], made["ss58Address"]);
    assert_eq!(inspected["secretSeed"], made["secretSeed"]);
}

#[test]
fn accounts_are_shown_by_name_and_by_scheme() {
    let alice = succeed(&["key", "inspect", "//Alice"]);
    assert!(alice.contains(&Alice.to_account_id().to_ss58check()), "{alice}");
    let alice = succeed(&["key", "inspect", "//Alice", "--scheme", "ed25519"]);
    assert!(alice.contains(&Ed25519Keyring::Alice.to_account_id().to_ss58check()), "{alice}");
}

#[test]
fn an_invalid_key_is_named() {
    let output = run(&["key", "inspect", "no such phrase"]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("Invalid phrase/URI given"), "{said}");
}

#[test]
fn the_node_has_an_inserted_key() {
    if tephra_chain_tests::blob::Blob::get().is_none() {
        return;
    }
    let directory = tempfile::tempdir().expect("a temporary directory");
    let base = text(directory.path());
    let insert =
        ["key", "insert", "--chain", "dev", "--base-path", base, "--scheme", "sr25519", "--suri"];
    succeed(&[&insert[..], &["//Bob", "--key-type", "aura"]].concat());
    let said = fail(&[&insert[..], &["//Bob", "--key-type", "much too long"]].concat());
    assert!(said.contains("4-character"), "{said}");
    let said = fail(&[&insert[..], &["no such phrase", "--key-type", "aura"]].concat());
    assert!(said.contains("Invalid phrase"), "{said}");

    let node = Node::start(&["--dev"], directory.path());
    let has = |key: &[u8], kind| node.ask("author_hasKey", json!([to_hex(key, false), kind]));
    assert_eq!(has(&Bob.to_raw_public(), "aura"), true);
    assert_eq!(has(&Bob.to_raw_public(), "gran"), false);
    node.stop();
}

#[test]
fn a_node_key_gives_the_node_its_identity() {
    if tephra_chain_tests::blob::Blob::get().is_none() {
        return;
    }
    let directory = tempfile::tempdir().expect("a temporary directory");
    let file = directory.path().join("node-key");
    let output = run(&["key", "generate-node-key", "--file", text(&file)]);
    let peer = String::from_utf8(output.stderr).expect("text").trim().to_owned();
    assert_eq!(succeed(&["key", "inspect-node-key", "--file", text(&file)]).trim(), peer);

    let node = Node::start(&["--dev", "--node-key-file", text(&file)], directory.path());
    assert_eq!(node.ask("system_localPeerId", json!([])), peer);
    node.stop();
}

#[test]
fn a_node_key_is_never_overwritten() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let generate =
        ["key", "generate-node-key", "--chain", "local", "--base-path", text(directory.path())];
    if tephra_chain_tests::blob::Blob::get().is_none() {
        return;
    }
    succeed(&generate);
    let said = fail(&generate);
    assert!(said.contains("already exists"), "{said}");
}

#[test]
fn an_invalid_node_key_is_refused() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let file = directory.path().join("garbage");
    fs::write(&file, "garbage").expect("it can be written");
    let said = fail(&["key", "inspect-node-key", "--file", text(&file)]);
    assert!(said.contains("hex"), "{said}");
    let said =
        fail(&["key", "inspect-node-key", "--file", text(&directory.path().join("nothing"))]);
    assert!(said.contains("No such file"), "{said}");
}
