use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::folder::Folder;

fn spawn(folder: &Folder, args: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_tephra"))
        .args(args)
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Returns the counter's two slots.
fn counts(folder: &Folder) -> (String, String) {
    let slot = |key: &str| folder.run(&["state", "storage", "counter", key]).succeeds();
    (slot("0"), slot(&format!("0x01{}", "0".repeat(62))))
}

#[test]
fn a_killed_transaction_is_written_whole_or_not_at_all() {
    let folder = Folder::with_counter();
    let nonce = || folder.json(&["state", "account", "alice"])["nonce"].as_u64().unwrap();
    let begin = nonce();
    let mut last = begin;
    for round in 0..20 {
        let mut child = spawn(&folder, &["call", "counter", "--data", "0x"]);
        thread::sleep(Duration::from_millis(round * 3));
        child.kill().unwrap();
        child.wait().unwrap();
        let (first, second) = counts(&folder);
        assert_eq!(first, second);
        let now = nonce();
        assert!(now == last || now == last + 1, "{last} → {now}");
        // The count is a little-endian number at the start of the slot.
        let expected = u8::try_from(now - begin).unwrap();
        assert!(first.starts_with(&format!("0x{expected:02x}00")), "{first} after {expected}");
        last = now;
    }
    folder.run(&["call", "counter", "--data", "0x"]).succeeds();
}

#[test]
fn a_state_is_created_whole_or_not_at_all() {
    for round in 0..10 {
        let folder = Folder::new();
        let mut child = spawn(&folder, &["state", "fund", "bob", "1"]);
        thread::sleep(Duration::from_millis(round * 2));
        child.kill().unwrap();
        child.wait().unwrap();
        folder.run(&["state", "accounts"]).succeeds();
        folder.run(&["state", "fund", "bob", "1"]).succeeds();
    }
}

#[test]
fn concurrent_processes_take_turns() {
    let folder = Folder::with_counter();
    let mut children: Vec<_> =
        (0..8).map(|_| spawn(&folder, &["call", "counter", "--data", "0x"])).collect();
    let views: Vec<_> =
        (0..4).map(|_| spawn(&folder, &["view", "counter", "--data", "0x"])).collect();
    children.extend(views);
    for mut child in children {
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
    assert_eq!(counts(&folder).0, format!("0x08{}\n", "0".repeat(62)));
}

#[test]
fn the_first_two_processes_make_one_state() {
    let folder = Folder::new();
    let children: Vec<_> = (0..4)
        .map(|_| {
            spawn(&folder, &["state", "fund", "0x0000000000000000000000000000000000000aaa", "1"])
        })
        .collect();
    for mut child in children {
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
    let account = folder.json(&["state", "account", "0x0000000000000000000000000000000000000aaa"]);
    assert_eq!(account["balance"], "4");
}
