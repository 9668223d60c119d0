use crate::folder::{Folder, token};

#[test]
fn a_wrong_command_line_is_code_2_and_names_the_remedy() {
    let folder = Folder::with_token();
    let cases: &[(&[&str], &str)] = &[
        (&["call", "nobody", "f()"], "nobody is called `nobody`; known names are alice"),
        (&["call", "0x12", "f()"], "40 hexadecimal digits"),
        (&["call", "token", "transfer", "bob"], "takes 2 arguments, but got 1"),
        (
            &["call", "token", "transfer", "bob", "x"],
            "argument 2 (amount) of transfer(address,uint256)",
        ),
        (&["call", "token", "transfer", "nobody", "1"], "nobody is called `nobody`"),
        (&["call", "token", "fly"], "no function `fly`; it has allowance(address,address)"),
        (&["call", "token", "transfer(address", "bob", "1"], "not a function signature"),
        (&["call", "token", "transfer(adress,uint256)", "bob", "1"], "not a function signature"),
        (&["call", "token", "--data", "0x1"], "even number of hexadecimal digits"),
        (&["call", "alice", "transfer", "bob", "1"], "ABI of this contract is not known"),
        (&["call", "token", "transfer", "bob", "1", "--from", "token"], "sender"),
        (&["call", "token", "transfer", "bob", "1", "--gas", "10"], "gas limit of 10 is too small"),
        (
            &["call", "token", "transfer", "bob", "1", "--value", "9999999ether"],
            "has 1000000000000000000000000",
        ),
        (&["view", "token", "--returns", "uint9", "--data", "0x"], "not a list of result types"),
        (&["deploy", &token(), "T"], "takes 4 arguments"),
        (&["deploy", &token(), "T", "T", "256", "1"], "argument 3 (decimals)"),
        (
            &["deploy", &token(), "T", "T", "1", "1", "--name", "alice"],
            "one of the funded accounts",
        ),
        (&["deploy", &token(), "T", "T", "1", "1", "--name", "token"], "belongs to 0x"),
        (&["deploy", &token(), "T", "T", "1", "1", "--name", "a b"], "cannot be a name"),
        (&["trace"], "which contract?"),
        (&["state", "code", "alice"], "has no code"),
        (&["state", "storage", "token", "x"], "not a key"),
        (&["state", "fund", "bob", "much"], "not an amount"),
        (&["run", &token(), "--invoke", "nothing"], "exports main"),
    ];
    for (args, reason) in cases {
        let sentence = folder.run(args).fails_with(if args[0] == "run" { 3 } else { 2 });
        let expected = if args[0] == "run" { "import" } else { reason };
        assert!(sentence.contains(expected), "{args:?}: {sentence}");
    }
    assert_eq!(folder.json(&["state", "account", "alice"])["nonce"], 1);
}

#[test]
fn unknown_and_misfit_options_are_code_2() {
    let folder = Folder::new();
    let cases: &[&[&str]] = &[
        &["fly"],
        &["call"],
        &["call", "token"],
        &["call", "token", "f()", "--gas", "-1"],
        &["call", "token", "f()", "--gas", "99999999999999999999"],
        &["call", "token", "f()", "--value", "-1"],
        &["call", "token", "f()", "--revision", "frontier"],
        &["call", "token", "f()", "--revision", "tomorrow"],
        &["call", "token", "f()", "--metering", "maybe"],
        &["call", "token", "f()", "--instruction-price", "0"],
        &["call", "token", "f()", "--data", "0x"],
        &["completions", "cmd"],
        &["state"],
    ];
    for args in cases {
        let ended = folder.run(args);
        assert_eq!(ended.code, Some(2), "{args:?}: {}", ended.stderr);
        assert!(!ended.stderr.contains("panicked"));
    }
}

#[test]
fn files_that_cannot_be_used_are_code_3() {
    let folder = Folder::new();
    folder.write("empty.wasm", "");
    folder.write("text.wat", "(module (func $f (call $g)))");
    folder.write("noise.wasm", [0xff, 0xfe, 0xfd]);
    folder.write("odd.hex", "0061736d0");
    folder.write("evm.hex", "0x600160005500");
    folder.write("good.wat", r#"(module (memory (export "memory") 1) (func (export "main")))"#);
    folder.write("bad.abi.json", "{}");
    let cases: &[(&[&str], &str)] = &[
        (&["deploy", "nothing.wasm"], "no such file"),
        (&["deploy", "."], "a folder"),
        (&["deploy", "empty.wasm"], "empty"),
        (&["deploy", "text.wat"], "not valid WebAssembly text: unknown func"),
        (&["deploy", "noise.wasm"], "neither a WebAssembly binary"),
        (&["deploy", "odd.hex"], "one is missing"),
        (&["deploy", "evm.hex"], "not WebAssembly"),
        (&["deploy", "good.wat", "--abi", "bad.abi.json"], "not an ABI"),
        (&["deploy", "good.wat", "--abi", "nothing.json"], "no such file"),
        (&["inspect", "noise.wasm"], "neither"),
        (&["run", "noise.wasm"], "neither"),
        (&["profile", "--deploy", "good.wat", "-o", "no/such/folder.svg"], "cannot be written"),
        (&["state", "code", "good", "-o", "no/such/folder"], "cannot be written"),
    ];
    folder.run(&["deploy", "good.wat", "--runtime", "--name", "good"]).succeeds();
    for (args, reason) in cases {
        let sentence = folder.run(args).fails_with(3);
        assert!(sentence.contains(reason), "{args:?}: {sentence}");
    }
}

#[test]
fn an_invalid_contract_is_refused_by_the_chain() {
    let folder = Folder::new();
    folder.write("bad.wat", "(module)");
    for args in [&["deploy", "bad.wat"][..], &["deploy", "bad.wat", "--runtime"]] {
        let ended = folder.run(args);
        assert!(ended.stdout.contains("contract-validation-failure"), "{}", ended.stdout);
        assert!(ended.stderr.contains("tephra inspect bad.wat"), "{}", ended.stderr);
        let sentence = ended.fails_with(1);
        assert!(sentence.contains("does not export its memory as `memory`"), "{sentence}");
    }
}

#[test]
fn a_call_of_an_address_without_code_gives_a_note() {
    let folder = Folder::new();
    let ended = folder.run(&["call", "bob", "f()", "--value", "1"]);
    assert!(ended.stderr.contains("no contract at this address"), "{}", ended.stderr);
    ended.succeeds();
}

#[test]
fn output_of_a_contract_cannot_steer_the_terminal() {
    let folder = Folder::new();
    folder.write(
        "evil.wat",
        r#"(module (import "ethereum" "revert" (func $revert (param i32 i32)))
            (memory (export "memory") 1) (data (i32.const 0) "\1b[2Jhello\07")
            (func (export "main") (call $revert (i32.const 0) (i32.const 10))))"#,
    );
    let ended = folder.run(&["deploy", "evil.wat"]);
    assert!(!ended.stderr.contains('\u{1b}') && !ended.stdout.contains('\u{1b}'));
    ended.fails_with(1);
}
