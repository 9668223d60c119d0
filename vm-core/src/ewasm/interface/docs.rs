//! The page `docs/interface.md`, made from the table.
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

use super::{FunctionSet, INTERFACE, InterfaceFunction, Param, ParamKind};
use crate::ewasm::Schedule;
use crate::revision::Revision;
use crate::wasm::ValType;

const INTRODUCTION: &str = "\
# The interface

What a contract can import. This page is made from the engine's own table (`INTERFACE` in `vm-core/src/ewasm/interface/table.rs`); a test
fails when the two differ, and `UPDATE=1 cargo test -p tephra-core interface_page` writes the page again.

A parameter written `name: *kind` is an `i32` that points into the contract's memory, at something that the function reads; `name: *out kind` at
where it writes. `u128` and `u256` are little-endian integers of 16 and 32 bytes; `address` (20 bytes) and `bytes32` are stored as they are. A pointer or
range that is not all inside the memory, or inside what is copied, fails the frame: there is no zero padding. A word is 32 bytes, the last one rounded up.

Gas is that of the first and of the newest schedule; \"cold\" is the first access to an account or slot in a transaction (EIP-2929). When instructions are
metered, each call costs 0.4 gas more, and the data that a call or create hands on costs as much by byte as `memory.copy` does. What a function
reads or writes counts as reached by the contract, so that memory is paid where it is used first ([gas.md](gas.md#memory)). The first frame of a
transaction that runs a code pays 6 gas for each word of it, and init code pays them each time ([gas.md](gas.md#code)).

A call or create that does not begin answers 1, takes none of the gas that the other contract would get, and leaves the return buffer as it is: at a depth of 1024 messages, with a value
of more than the balance, and a create of an account whose nonce is 2^64−1 (EIP-2681). One that began and failed takes all of that gas and empties the buffer; so does a create at
an address that has an account with nonce, code or storage (EIP-684, EIP-7610). A create that began counts the nonce, however it ends.
";

/// The page `docs/interface.md`: every interface function with signature, gas and revision, in
/// Markdown.
pub fn interface_docs() -> String {
    let sections = [
        (FunctionSet::Core, "Revision 4", "Always there."),
        (
            FunctionSet::Extension,
            "Extensions",
            "A host can switch them off as a whole; a function is there from its revision on.",
        ),
        (
            FunctionSet::Debug,
            "Debugging",
            "Module `debug`, only in an engine in debug mode; importing one elsewhere makes the contract invalid.",
        ),
    ];
    let mut page = String::from(INTRODUCTION);
    for (set, title, note) in sections {
        let functions = INTERFACE.iter().filter(|function| function.set == set);
        let rows: Vec<String> = functions.map(row).collect();
        let (first, newest) =
            (Schedule::of(Revision::OLDEST_SUPPORTED), Schedule::of(Revision::NEWEST));
        // Writing to a string cannot fail.
        let _ = write!(
            page,
            "\n## {title}\n\n{note}\n\n| function | since | gas ({}) | gas ({}) |\n|---|---|---|---|\n{}",
            first.revision,
            newest.revision,
            rows.concat()
        );
    }
    page
}

fn row(function: &InterfaceFunction) -> String {
    let params: Vec<String> = function.params.iter().map(param).collect();
    let result = match function.result {
        Some((ty, "")) => format!(" → {}", name(ty)),
        Some((ty, meaning)) => format!(" → {} ({meaning})", name(ty)),
        None => String::new(),
    };
    let first = match function.since {
        Revision::OLDEST_SUPPORTED => cost(function, Schedule::of(Revision::OLDEST_SUPPORTED)),
        _ => "–".into(),
    };
    let newest = cost(function, Schedule::of(Revision::NEWEST));
    format!(
        "| `{}({})`{result} | {} | {first} | {newest} |\n",
        function.name,
        params.join(", "),
        function.since
    )
}

fn param(param: &Param) -> String {
    match param.kind {
        ParamKind::I32 => format!("{}: i32", param.name),
        ParamKind::I64 => format!("{}: i64", param.name),
        ParamKind::In(pointee) => format!("{}: *{pointee}", param.name),
        ParamKind::Out(pointee) => format!("{}: *out {pointee}", param.name),
    }
}

fn name(ty: ValType) -> &'static str {
    if ty == ValType::I64 { "i64" } else { "i32" }
}

fn cost(function: &InterfaceFunction, schedule: &Schedule) -> String {
    let (base, extra) = ((function.cost)(schedule), (function.extra_cost)(schedule));
    match extra.as_str() {
        "" => format!("{base}"),
        extra if base == 0 => extra.into(),
        extra if extra.starts_with(';') => format!("{base}{extra}"),
        extra => format!("{base} {extra}"),
    }
}
