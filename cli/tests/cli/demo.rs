use std::fs;

use crate::folder::Folder;

#[test]
fn the_demo_shows_a_token_deployed_and_used() {
    let shown = Folder::new().run(&["demo"]).succeeds();
    for line in [
        "$ tephra deploy token.wasm Token TOK 18 1000 --name token",
        "$ tephra view token balanceOf bob\n0\n",
        "event     token Transfer(from: alice, to: bob, amount: 250)",
        "$ tephra view token balanceOf alice\n750\n",
        "$ tephra view token balanceOf bob\n250\n",
    ] {
        assert!(shown.contains(line), "{line}\n{shown}");
    }
    assert!(shown.lines().any(|line| line.starts_with("gas ")));
}

#[test]
fn the_demo_leaves_nothing_behind() {
    let folder = Folder::new();
    folder.run(&["demo"]).succeeds();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// The commands that the demo shows print the same when they are typed.
#[test]
fn the_demos_commands_print_the_same_when_typed() {
    let folder = Folder::new();
    let shown = folder.run(&["demo", "--save", "."]).succeeds();
    let mut blocks = shown.split("$ tephra ").skip(1);
    assert_eq!(blocks.clone().count(), 6);
    assert!(blocks.all(|block| {
        let (command, rest) = block.split_once('\n').unwrap();
        let printed = rest.split("\n\n").next().unwrap();
        let words: Vec<_> = command.split(' ').collect();
        folder.run(&words).succeeds().trim_end() == printed.trim_end()
    }));
}

#[test]
fn the_demo_is_json_for_programs() {
    let steps = Folder::new().json(&["demo"]);
    let commands: Vec<_> =
        steps.as_array().unwrap().iter().map(|step| step["command"].as_str().unwrap()).collect();
    assert_eq!(commands, ["deploy", "view", "view", "call", "view", "view"]);
    assert_eq!(steps[5]["report"]["values"][0], "250");
}
