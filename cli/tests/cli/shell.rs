use std::io::Read;
use std::process::{Command, Stdio};

use crate::folder::{Folder, token};

#[test]
fn every_shell_gets_completions() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = Folder::new().run(&["completions", shell]).succeeds();
        assert!(script.contains("deploy") && script.contains("metering"), "{shell}");
    }
}

#[test]
fn every_command_has_help_with_what_it_does() {
    let folder = Folder::new();
    let top = folder.run(&["--help"]).succeeds();
    assert!(
        top.contains("tephra deploy token.wasm Token TOK 18 1000") && top.contains("Exit codes:")
    );
    for command in [
        "deploy",
        "call",
        "view",
        "trace",
        "profile",
        "inspect",
        "state",
        "run",
        "schedule",
        "completions",
    ] {
        let help = folder.run(&["help", command]).succeeds();
        assert!(help.contains("Examples:"), "{command}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let folder = Folder::with_token();
    for args in [
        &["schedule"][..],
        &["completions", "bash"],
        &["demo"],
        &["trace", "token", "transfer", "bob", "3"],
        &["state", "accounts"],
        &["--help"],
    ] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_tephra"))
            .args(args)
            .current_dir(folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        assert_eq!((child.wait().unwrap().code(), stderr.as_str()), (Some(0), ""), "{args:?}");
    }
}

#[test]
fn there_are_no_colours_away_from_a_terminal() {
    let folder = Folder::with_token();
    let shown = folder.run(&["call", "token", "transfer", "bob", "1"]);
    assert!(!shown.stdout.contains('\u{1b}') && !shown.stderr.contains('\u{1b}'));
    let coloured = folder
        .command()
        .args(["call", "token", "transfer", "bob", "1"])
        .env("CLICOLOR_FORCE", "1")
        .output()
        .unwrap();
    assert!(coloured.stdout.contains(&0x1b));
}

#[test]
fn the_state_may_be_named_by_the_environment() {
    let folder = Folder::new();
    let mut command = folder.command();
    command
        .env("TEPHRA_STATE", "elsewhere.redb")
        .args(["deploy", &token(), "T", "T", "0", "1"])
        .assert()
        .success();
    assert!(
        folder.path().join("elsewhere.redb").exists()
            && !folder.path().join("tephra.redb").exists()
    );
}
