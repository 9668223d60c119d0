//! Keeps the modules of the library free of circles, and the command out of the library.
use std::fs;
use std::path::{Path, PathBuf};

/// The modules of the library, lowest first. A module uses only modules before it.
const MODULES: [&str; 11] = [
    "text", "accounts", "block", "code", "database", "names", "abi", "chain", "report", "trace",
    "profile",
];

/// Words that belong to the command.
const COMMAND: [&str; 6] =
    ["clap", "anstream", "println!", "eprintln!", "process::", "crate::command"];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Returns the text of a module without its comments and tests.
fn text(module: &str) -> String {
    let folder = source().join(module);
    let files = match fs::read_dir(&folder) {
        Ok(entries) => entries.map(|entry| entry.unwrap().path()).collect(),
        Err(_) => vec![folder.with_extension("rs")],
    };
    let mut all = String::new();
    for file in files.iter().filter(|file| !file.ends_with("tests.rs")) {
        let text = fs::read_to_string(file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        lines.for_each(|line| all.extend([line, "\n"]));
    }
    all
}

#[test]
fn modules_use_only_modules_below_them() {
    for (floor, module) in MODULES.iter().enumerate() {
        let text = text(module);
        assert!(!text.contains("use crate::{"), "{module} uses several modules in one line");
        for above in &MODULES[floor..] {
            assert!(!text.contains(&format!("crate::{above}")), "{module} uses {above}");
        }
    }
}

#[test]
fn every_module_of_the_library_has_a_floor() {
    let text = fs::read_to_string(source().join("lib.rs")).unwrap();
    let mut modules: Vec<_> =
        text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    modules.sort_unstable();
    let mut floors = MODULES;
    floors.sort_unstable();
    assert_eq!(modules, floors);
    assert!(!text.lines().any(|line| line.starts_with("mod ")), "a module without a floor");
}

#[test]
fn the_library_knows_nothing_of_the_command() {
    for module in MODULES {
        let text = text(module);
        for word in COMMAND {
            assert!(!text.contains(word), "{module} has `{word}`");
        }
    }
}
