//! Tests of the interface: one per function, and one per rule that other tests do not pin.
mod accounts;
mod blocks;
mod calls;
mod costs;
mod creates;
mod data;
mod debug;
mod endings;
mod failures;
mod later;
mod reach;
mod storage;

use alloc::collections::BTreeSet;

use super::*;
use crate::ewasm::Schedule;
use crate::revision::Revision;

/// The cost of a function.
fn cost_of(name: &str) -> &'static InterfaceCost {
    interface_costs().find(|(function, _)| function.name == name).unwrap().1
}

#[test]
fn revision_4_has_33_functions() {
    let core = INTERFACE.iter().filter(|function| function.set == FunctionSet::Core);
    assert!(
        core.clone()
            .all(|function| function.since == Revision::Byzantium && function.module == "ethereum")
    );
    assert_eq!(core.count(), 33);
}

#[test]
fn every_function_has_a_name_of_its_own() {
    let names: BTreeSet<_> =
        INTERFACE.iter().map(|function| (function.module, function.name)).collect();
    assert_eq!(names.len(), INTERFACE.len());
}

#[test]
fn every_function_is_found_by_its_name() {
    for (index, function) in INTERFACE.iter().enumerate() {
        let (found, _) = InterfaceFunction::find(function.module, function.name).unwrap();
        assert_eq!(found, index);
    }
    assert!(InterfaceFunction::find("ethereum", "callx").is_none());
    assert!(InterfaceFunction::find("debug", "call").is_none());
}

#[test]
fn base_costs_of_byzantium_are_those_of_the_published_table() {
    let table: &[(&[&str], u64)] = &[
        (&["useGas", "finish", "revert"], 0),
        (&["getGasLeft", "getBlockGasLimit", "getBlockNumber", "getBlockTimestamp"], 2),
        (&["getCallDataSize", "getCodeSize", "getReturnDataSize"], 2),
        (&["getAddress", "getCaller", "getTxOrigin", "getBlockCoinbase"], 2),
        (&["getCallValue", "getTxGasPrice", "getBlockDifficulty", "getChainId"], 2),
        (&["callDataCopy", "codeCopy", "returnDataCopy"], 3),
        (&["storageLoad"], 200),
        (&["log"], 375),
        (&["getExternalBalance"], 400),
        (
            &[
                "externalCodeCopy",
                "getExternalCodeSize",
                "call",
                "callCode",
                "callDelegate",
                "callStatic",
            ],
            700,
        ),
        (&["getBlockHash"], 800),
        (&["storageStore", "selfDestruct"], 5000),
        (&["create", "create2"], 32_000),
    ];
    let listed: usize = table.iter().map(|(names, _)| names.len()).sum();
    // All of revision 4 and the two extensions that belong to no revision of Ethereum.
    assert_eq!(listed, 35);
    for (names, gas) in table {
        for name in *names {
            assert_eq!(cost_of(name).base(Schedule::of(Revision::Byzantium)), *gas, "{name}");
        }
    }
}

#[test]
fn the_interface_page_is_up_to_date() {
    is_up_to_date("docs/interface.md", &interface_docs());
}

#[test]
fn the_assemblyscript_bindings_are_up_to_date() {
    is_up_to_date("contracts/assembly/ethereum.ts", &interface_assemblyscript());
}

/// Compares a generated file with the committed one; with `UPDATE` set, writes it first.
fn is_up_to_date(name: &str, text: &str) {
    extern crate std;
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == text,
        "{name} is not what the interface's tables give: run the test with UPDATE=1"
    );
}
