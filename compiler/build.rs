//! Assembles the routines that contracts bring along (`src/runtime`).
use std::{env, fs, path::Path};

const FILES: [&str; 6] = ["imports", "words", "divide", "memory", "environment", "calls"];

fn main() {
    let mut text = String::from("(module\n");
    for file in FILES {
        let path = format!("src/runtime/{file}.wat");
        println!("cargo::rerun-if-changed={path}");
        text += &fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    }
    text += ")\n";
    let bytes = wat::parse_str(&text).unwrap_or_else(|error| panic!("src/runtime: {error}"));
    let out = env::var_os("OUT_DIR").unwrap_or_default();
    let to = Path::new(&out).join("runtime.wasm");
    fs::write(&to, bytes).unwrap_or_else(|error| panic!("{}: {error}", to.display()));
}
