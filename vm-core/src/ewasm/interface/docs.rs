//! The page `docs/interface.md`, generated from the tables.
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

use super::{FunctionSet, InterfaceCost, InterfaceFunction, interface_costs};
use crate::ewasm::Schedule;
use crate::revision::Revision;

const INTRODUCTION: &str = "\
# The interface

What a contract can import. This page is generated from the engine's own tables
(`vm-core/src/ewasm/interface/declaration.rs` and `behaviour.rs`); a test fails when it differs from
them, and `UPDATE=1 cargo test -p tephra-core interface_page` writes it again.

A parameter written `name: *kind` is an `i32` that points to data in the contract's memory that the
function reads; `name: *out kind` points to where it writes. `u128` and `u256` are little-endian
integers of 16 and 32 bytes; `address` (20 bytes) and `bytes32` are stored as they are. A pointer or
range that is not all inside the memory, or inside the data that is copied, fails the frame: there
is no zero padding. A word is 32 bytes, the last one rounded up.

Gas is that of the first and of the newest schedule; \"cold\" is the first access to an account or
slot in a transaction (EIP-2929). When instructions are metered, each call costs 0.4 gas more, and
each byte of data that a call or create hands on costs as much as in `memory.copy`. Memory that a
function reads or writes counts as reached by the contract, so it is paid when it is first used
([gas.md](gas.md#memory)). The first frame of a transaction that runs a code pays 6 gas for each
word of it, and init code pays them each time ([gas.md](gas.md#code)).

A call or create that does not begin answers 1, takes none of the gas meant for the other contract,
and leaves the return buffer as it is: at a depth of 1024 messages, with a value of more than the
balance, and a create of an account whose nonce is 2^64−1 (EIP-2681). One that began and failed
takes all of that gas and empties the buffer; so does a create at an address that has an account
with nonce, code or storage (EIP-684, EIP-7610). A create that began counts the nonce, however it
ends.
";

/// Returns the page `docs/interface.md`, in Markdown: every interface function with its signature,
/// meaning, revision and gas.
pub fn interface_docs() -> String {
    let sections = [
        (FunctionSet::Core, "Revision 4", "Always available."),
        (
            FunctionSet::Extension,
            "Extensions",
            "Available from their revision on. A host can switch them off as a whole.",
        ),
        (
            FunctionSet::Debug,
            "Debugging",
            "Module `debug`, available only in debug mode; elsewhere the import makes the contract \
             invalid.",
        ),
    ];
    let (first, newest) =
        (Schedule::of(Revision::OLDEST_SUPPORTED), Schedule::of(Revision::NEWEST));
    let mut page = String::from(INTRODUCTION);
    for (set, title, note) in sections {
        // Writing to a string cannot fail.
        let _ = write!(
            page,
            "\n## {title}\n\n{note}\n\n| function | meaning | since | gas ({}) | gas ({}) |\n\
             |---|---|---|---|---|\n",
            first.revision, newest.revision,
        );
        for (function, cost) in interface_costs().filter(|(function, _)| function.set == set) {
            page.push_str(&row(function, cost, first, newest));
        }
    }
    page
}

fn row(
    function: &InterfaceFunction,
    cost: &InterfaceCost,
    first: &Schedule,
    newest: &Schedule,
) -> String {
    let since = function.since;
    let before = if since <= first.revision { cost.in_words(first) } else { "–".into() };
    format!(
        "| {} | {} | {since} | {before} | {} |\n",
        signature(function),
        function.about,
        cost.in_words(newest)
    )
}

/// Returns the signature in Markdown: `` `call(…)` → i32 (0 success, 1 failure, 2 revert) ``.
fn signature(function: &InterfaceFunction) -> String {
    let params: Vec<String> = function.params.iter().map(|param| format!("{param}")).collect();
    let result = match function.result.map(|result| (result.ty(), result.meaning())) {
        Some((ty, Some(meaning))) => format!(" → {ty} ({meaning})"),
        Some((ty, None)) => format!(" → {ty}"),
        None => String::new(),
    };
    format!("`{}({})`{result}", function.name, params.join(", "))
}
