//! The client in C.
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tephra_tests::library;

use crate::contracts;

#[test]
fn a_client_in_c_runs_contracts() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    let files: [(&str, Vec<u8>); 15] = [
        ("echo", contracts::echo()),
        ("relay", contracts::relay()),
        ("factory", contracts::factory()),
        ("endings", contracts::endings()),
        ("environment", contracts::environment()),
        ("later_environment", contracts::later_environment()),
        ("deep", contracts::deep()),
        ("repeat", contracts::repeat()),
        ("empty", contracts::empty()),
        ("debugging", contracts::debugging()),
        ("broken", b"\0asm\x01\0\0\0\xff".to_vec()),
        ("gives_echo", contracts::gives(&contracts::echo())),
        ("gives_evm", contracts::gives(&[0x60, 0])),
        ("gives_broken", contracts::gives(b"\0asm\x01\0\0\0")),
        ("gives_ef", contracts::gives(&[0xef])),
    ];
    for (name, code) in files {
        fs::write(directory.join(name).with_extension("wasm"), code).unwrap();
    }
    let client = compile(directory);
    let library = library::abi12();

    // The stack that a client has on most systems.
    let run = format!(
        "ulimit -s 8192 && exec {} {} {}",
        client.display(),
        library.display(),
        directory.display()
    );
    let output = Command::new("sh").args(["-c", &run]).output().unwrap();
    let (out, err) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    println!("{out}");
    assert!(output.status.success(), "{}: {out}{err}", output.status);
    assert_eq!(err.trim(), "print32: 42");

    let trace = fs::read_to_string(directory.join("trace")).unwrap();
    let events: Vec<serde_json::Value> =
        trace.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let names: Vec<_> = events.iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!((names[0], *names.last().unwrap()), ("message", "end"));
    assert!(names.contains(&"interface"));
    assert_eq!(events.last().unwrap()["status"], "SUCCESS");
}

/// Compiles the client with the system's compiler.
fn compile(directory: &Path) -> PathBuf {
    let client = directory.join("client");
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/evmc");
    let status = Command::new("cc")
        .args(["-std=c11", "-Wall", "-Wextra", "-Werror", "-O1", "-o"])
        .arg(&client)
        .args([sources.join("client.c"), sources.join("host.c")])
        .arg("-ldl")
        .status()
        .unwrap();
    assert!(status.success());
    client
}

#[test]
fn the_library_exports_what_a_client_looks_for_and_needs_little() {
    let library = library::abi12();
    let run = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).arg(&library).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let exported = run("nm", &["-D", "--defined-only"]);
    let mut names: Vec<_> =
        exported.lines().filter_map(|line| line.split_whitespace().last()).collect();
    names.sort_unstable();
    assert_eq!(names, ["evmc_create", "evmc_create_tephra"]);
    let needed = run("objdump", &["-p"]);
    for line in needed.lines().filter(|line| line.contains("NEEDED")) {
        let name = line.split_whitespace().last().unwrap();
        let is_known =
            ["libc.so.", "libgcc_s.so.", "ld-linux", "libm.so.", "libpthread.so.", "libdl.so."];
        assert!(is_known.iter().any(|known| name.starts_with(known)), "{name}");
    }
}
