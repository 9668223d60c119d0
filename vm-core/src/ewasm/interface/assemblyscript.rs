//! The bindings of the AssemblyScript library, generated from the declaration.
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::{FunctionSet, INTERFACE, InterfaceFunction, Param, ParamKind, ResultKind};

const INTRODUCTION: &str = "\
/**
 * The Ethereum Environment Interface, revision 4, and its extensions.
 *
 * Generated from the engine's declaration of the interface; a test fails when it differs, and
 * `UPDATE=1 cargo test -p tephra-core assemblyscript_bindings` writes it again.
 *
 * A `usize` parameter points into the contract's memory: `*kind` is read, `*out kind` is written.
 * `u128` and `u256` are little-endian integers of 16 and 32 bytes; `address` (20 bytes) and
 * `bytes32` are stored as they are; of `bytes` there are `length`. A range that is not all inside
 * the memory, or inside the data that is copied, fails the frame. Only the functions that a
 * contract calls become imports.
 */
";

/// The longest line.
const WIDTH: usize = 100;

/// Returns `contracts/assembly/ethereum.ts`: the declarations of the interface functions in
/// AssemblyScript. Those for debugging are not among them.
pub fn interface_assemblyscript() -> String {
    let mut file = String::from(INTRODUCTION);
    for function in INTERFACE.iter().filter(|function| function.set != FunctionSet::Debug) {
        file.push_str(&binding(function));
    }
    file
}

fn binding(function: &InterfaceFunction) -> String {
    let (module, name) = (function.module, function.name);
    format!(
        "\n/**\n * {}\n{} */\n@external(\"{module}\", \"{name}\")\n{}\n",
        function.about,
        tags(function),
        declaration(function),
    )
}

/// Returns the lines of the comment that say what pointers point to and what results mean.
fn tags(function: &InterfaceFunction) -> String {
    let mut tags = String::new();
    if function.set == FunctionSet::Extension {
        tags.push_str(&format!(" * Extension, from {} on.\n", function.since));
    }
    for Param { name, kind } in function.params {
        if matches!(kind, ParamKind::In(_) | ParamKind::Out(_)) {
            tags.push_str(&format!(" * @param {name} {kind}\n"));
        }
    }
    if let Some(meaning) = function.result.and_then(ResultKind::meaning) {
        tags.push_str(&format!(" * @returns {meaning}\n"));
    }
    tags
}

fn declaration(function: &InterfaceFunction) -> String {
    let start = format!("export declare function {}(", function.name);
    let end = format!("): {};", function.result.map_or("void", result));
    let params: Vec<String> = function.params.iter().map(param).collect();
    let params = params.join(", ");
    if start.len() + params.len() + end.len() <= WIDTH {
        format!("{start}{params}{end}")
    } else {
        format!("{start}\n  {params},\n{end}")
    }
}

fn param(param: &Param) -> String {
    let ty = match param.kind {
        ParamKind::I32 => "u32",
        ParamKind::I64 => "i64",
        ParamKind::In(_) | ParamKind::Out(_) => "usize",
    };
    format!("{}: {ty}", param.name)
}

fn result(kind: ResultKind) -> &'static str {
    match kind {
        ResultKind::Size => "u32",
        ResultKind::Number => "i64",
        ResultKind::Found | ResultKind::Ended => "i32",
    }
}
