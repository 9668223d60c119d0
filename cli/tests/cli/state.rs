use std::fs;

use crate::folder::Folder;

#[test]
fn the_funded_accounts_are_there_from_the_start() {
    let folder = Folder::new();
    let accounts = folder.json(&["state", "accounts"]);
    let mut names: Vec<_> = accounts
        .as_array()
        .unwrap()
        .iter()
        .map(|account| account["name"].as_str().unwrap())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["alice", "bob", "carol", "dave", "eve", "ferdie"]);
    assert!(
        accounts
            .as_array()
            .unwrap()
            .iter()
            .all(|account| account["balance"] == "1000000000000000000000000")
    );
    assert!(!folder.path().join("tephra.redb").exists());
}

#[test]
fn code_can_be_exported_and_inspected() {
    let folder = Folder::with_token();
    folder.run(&["state", "code", "token", "-o", "runtime.wasm"]).succeeds();
    folder.run(&["inspect", "runtime.wasm"]).succeeds();
    let hex = folder.run(&["state", "code", "token"]).succeeds();
    assert_eq!(
        hex.trim().len(),
        2 + 2 * fs::read(folder.path().join("runtime.wasm")).unwrap().len()
    );
    assert!(
        folder.json(&["state", "code", "token"])["code"]
            .as_str()
            .unwrap()
            .starts_with("0x0061736d")
    );
}

#[test]
fn storage_can_be_listed_and_looked_up() {
    let folder = Folder::with_counter();
    folder.run(&["call", "counter", "--data", "0x"]).succeeds();
    assert_eq!(folder.json(&["state", "storage", "counter"]).as_array().unwrap().len(), 2);
    let slot = format!("0x01{}\n", "0".repeat(62));
    assert_eq!(folder.run(&["state", "storage", "counter", "0"]).succeeds(), slot);
    assert_eq!(
        folder.run(&["state", "storage", "counter", "7"]).succeeds(),
        format!("0x{}\n", "0".repeat(64))
    );
}

#[test]
fn an_account_can_be_funded() {
    let folder = Folder::new();
    let address = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
    folder.run(&["state", "fund", address, "2ether"]).succeeds();
    folder.run(&["state", "fund", address, "1"]).succeeds();
    assert_eq!(folder.json(&["state", "account", address])["balance"], "2000000000000000001");
    folder.run(&["state", "fund", address, &format!("0x{}", "f".repeat(64))]).fails_with(2);
}

#[test]
fn a_state_is_removed_only_with_consent() {
    let folder = Folder::with_counter();
    folder.run(&["state", "reset"]).fails_with(2);
    assert!(folder.path().join("tephra.redb").exists());
    folder.run(&["state", "reset", "--yes"]).succeeds();
    assert!(!folder.path().join("tephra.redb").exists());
    folder.run(&["state", "reset", "--yes"]).succeeds();
}

#[test]
fn a_name_can_be_given_to_another_contract() {
    let folder = Folder::with_counter();
    let first = folder.json(&["state", "account", "counter"])["address"].clone();
    folder
        .run(&["deploy", "counter.wat", "--runtime", "--name", "counter", "--replace"])
        .succeeds();
    assert_ne!(folder.json(&["state", "account", "counter"])["address"], first);
}

#[test]
fn a_file_that_is_no_state_is_code_4_and_unchanged() {
    let folder = Folder::new();
    folder.write("notes.txt", "important");
    for args in [&["state", "accounts"][..], &["call", "bob", "f()"], &["state", "reset", "--yes"]]
    {
        let sentence = folder.run(&[args, &["--state", "notes.txt"]].concat()).fails_with(4);
        assert!(sentence.contains("not a state database of tephra"), "{sentence}");
    }
    assert_eq!(fs::read_to_string(folder.path().join("notes.txt")).unwrap(), "important");
    folder.run(&["call", "bob", "f()", "--state", "no/such/folder"]).fails_with(4);
    folder.run(&["call", "bob", "f()", "--state", "."]).fails_with(4);
}

#[test]
fn a_damaged_state_is_code_4_and_can_be_reset() {
    let folder = Folder::with_counter();
    let file = folder.path().join("tephra.redb");
    let mut contents = fs::read(&file).unwrap();
    contents.truncate(contents.len() / 2);
    fs::write(&file, contents).unwrap();
    folder.run(&["state", "accounts"]).fails_with(4);
    folder.run(&["state", "reset", "--yes"]).succeeds();
    folder.run(&["state", "accounts"]).succeeds();
}
