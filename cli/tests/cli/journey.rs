use crate::folder::{Folder, token};

#[test]
fn a_token_is_deployed_asked_and_used() {
    let folder = Folder::new();
    let deployed = folder
        .run(&["deploy", &token(), "Token", "TOK", "18", "1000", "--name", "token"])
        .succeeds();
    assert!(deployed.contains("status    success"), "{deployed}");
    assert_eq!(folder.run(&["view", "token", "name"]).succeeds(), "\"Token\"\n");
    assert_eq!(folder.run(&["view", "token", "decimals()"]).succeeds(), "18\n");
    assert_eq!(
        folder.run(&["view", "token", "balanceOf(address)(uint256)", "alice"]).succeeds(),
        "1000\n"
    );

    let sent = folder
        .run(&["call", "token", "transfer(address,uint256)", "bob", "3", "--from", "alice"])
        .succeeds();
    assert!(sent.contains("called    token.transfer(bob, 3)"), "{sent}");
    assert!(sent.contains("result    true"), "{sent}");
    assert!(sent.contains("event     token Transfer(from: alice, to: bob, amount: 3)"), "{sent}");
    assert_eq!(folder.run(&["view", "token", "balanceOf", "bob"]).succeeds(), "3\n");
    assert_eq!(folder.run(&["view", "token", "balanceOf", "alice"]).succeeds(), "997\n");
}

#[test]
fn a_contract_that_refuses_says_why() {
    let folder = Folder::with_token();
    let ended = folder.run(&["call", "token", "transfer", "alice", "1", "--from", "carol"]);
    assert!(ended.stdout.contains("status    revert"), "{}", ended.stdout);
    assert_eq!(
        ended.fails_with(1),
        "error: the contract reverted: \"ERC20: transfer amount exceeds balance\""
    );
    assert_eq!(folder.run(&["view", "token", "balanceOf", "carol"]).succeeds(), "0\n");
}

#[test]
fn allowances_work_between_accounts() {
    let folder = Folder::with_token();
    folder.run(&["call", "token", "approve", "dave", "10"]).succeeds();
    folder
        .run(&["call", "token", "transferFrom", "alice", "eve", "7", "--from", "dave"])
        .succeeds();
    assert_eq!(folder.run(&["view", "token", "allowance", "alice", "dave"]).succeeds(), "3\n");
    assert_eq!(folder.run(&["view", "token", "balanceOf", "eve"]).succeeds(), "7\n");
}

#[test]
fn instructions_can_have_the_price_of_a_chain() {
    let gas = |price: &str| {
        let folder = Folder::with_token();
        let report =
            folder.json(&["call", "token", "transfer", "bob", "3", "--instruction-price", price]);
        assert_eq!(report["values"], serde_json::json!([true]));
        report["gas_used"].as_u64().expect("gas is a number")
    };
    let of_instructions = gas("2") - gas("1");
    assert!(of_instructions > 0);
    // Gas is rounded once.
    assert!((gas("10") - gas("1")).abs_diff(9 * of_instructions) <= 9);
}

#[test]
fn the_same_commands_give_the_same_results() {
    let run = || {
        let folder = Folder::with_token();
        let sent = folder.json(&["call", "token", "transfer", "bob", "3"]);
        (sent, folder.json(&["state", "accounts"]), folder.json(&["state", "storage", "token"]))
    };
    assert_eq!(run(), run());
}

#[test]
fn programs_read_a_report() {
    let folder = Folder::with_token();
    let report = folder.json(&["call", "token", "transfer", "bob", "3"]);
    assert_eq!(
        (&report["status"], &report["block"], &report["values"]),
        (&"success".into(), &2.into(), &serde_json::json!([true]))
    );
    let event = &report["logs"][0]["event"];
    assert_eq!(
        (&event["signature"], &event["arguments"][2]["value"]),
        (&"Transfer(address,address,uint256)".into(), &"3".into())
    );
    let report = folder.json(&["call", "token", "transfer", "bob", "3000"]);
    assert_eq!(
        report["failure"]["revert"],
        serde_json::json!({ "kind": "error", "message": "ERC20: transfer amount exceeds balance" })
    );
}

#[test]
fn asking_changes_nothing() {
    let folder = Folder::with_token();
    let before = folder.json(&["state", "accounts"]);
    assert_eq!(folder.run(&["view", "token", "transfer", "bob", "3"]).succeeds(), "true\n");
    folder.run(&["trace", "token", "transfer", "bob", "3"]).succeeds();
    folder.run(&["profile", "token", "transfer", "bob", "3"]).succeeds();
    assert_eq!(folder.json(&["state", "accounts"]), before);
}

#[test]
fn a_signature_is_enough_without_an_abi() {
    let folder = Folder::new();
    let code = std::fs::read(token()).unwrap();
    folder.write("plain.wasm", &code);
    let constructor = "constructor(string,string,uint8,uint256)";
    folder
        .run(&[
            "deploy",
            "plain.wasm",
            "T",
            "T",
            "0",
            "5",
            "--constructor",
            constructor,
            "--name",
            "t",
        ])
        .succeeds();
    let of_alice = |words: &[&str]| folder.run(&[&["view", "t"], words].concat()).succeeds();
    assert_eq!(of_alice(&["balanceOf(address)(uint256)", "alice"]), "5\n");
    assert_eq!(of_alice(&["balanceOf(address)", "alice", "--returns", "uint256"]), "5\n");
    let raw = format!("0x{:064x}\n", 5);
    assert_eq!(of_alice(&["balanceOf(address)", "alice"]), raw);
    assert_eq!(of_alice(&["--data", "0x18160ddd"]), raw);
}

#[test]
fn code_comes_as_text_hex_or_from_a_pipe() {
    let folder = Folder::with_counter();
    let binary = wat::parse_str(crate::folder::COUNTER).unwrap();
    let hex: String = binary.iter().map(|byte| format!("{byte:02x}")).collect();
    folder.write("counter.hex", format!("0x{hex}\n"));
    folder.run(&["deploy", "counter.hex", "--runtime", "--name", "second"]).succeeds();
    let piped = folder
        .command()
        .args(["deploy", "-", "--runtime", "--name", "third"])
        .write_stdin(binary)
        .output();
    crate::folder::Ended::from(piped.unwrap()).succeeds();
    let size = |name: &str| folder.json(&["state", "account", name])["code_hash"].clone();
    assert_eq!((size("counter"), size("second")), (size("third"), size("third")));
}

#[test]
fn the_function_that_trapped_is_named() {
    let folder = Folder::with_counter();
    let report = folder.json(&["call", "counter", "--data", "0x02"]);
    assert_eq!(
        (&report["status"], &report["failure"]["function_name"]),
        (&"unreachable".into(), &"fail".into())
    );
    let sentence = folder.run(&["call", "counter", "--data", "0x02"]).fails_with(1);
    assert!(sentence.contains("`unreachable`, in function 6 `fail`"), "{sentence}");
    let sentence = folder.run(&["call", "counter", "--data", "0x01"]).fails_with(1);
    assert_eq!(sentence, "error: the contract reverted: \"no\"");
}

#[test]
fn gas_ends_what_would_not_end() {
    let folder = Folder::with_counter();
    let report = folder.json(&["call", "counter", "--data", "0x03", "--gas", "200000"]);
    assert_eq!((&report["status"], &report["gas_used"]), (&"out-of-gas".into(), &200_000.into()));
    assert_eq!(report["failure"]["function_name"], "forever");
}

#[test]
fn value_moves_with_a_transaction() {
    let folder = Folder::with_counter();
    let balance = |name: &str| folder.json(&["state", "account", name])["balance"].clone();
    folder
        .run(&["call", "counter", "--data", "0x", "--value", "1.5ether", "--from", "bob"])
        .succeeds();
    assert_eq!(balance("counter"), "1500000000000000000");
    assert_eq!(balance("bob"), "999998500000000000000000");
    folder
        .run(&["call", "counter", "--data", "0x01", "--value", "1ether", "--from", "bob"])
        .fails_with(1);
    assert_eq!(balance("counter"), "1500000000000000000");
}
