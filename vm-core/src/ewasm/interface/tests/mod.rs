//! Tests of the interface: one per function, and one per rule that other tests do not pin.
mod accounts;
mod blocks;
mod calls;
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
fn arguments_have_room() {
    assert_eq!(INTERFACE.iter().map(|function| function.params.len()).max(), Some(MAX_PARAMS));
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
            let (_, function) = InterfaceFunction::find("ethereum", name).unwrap();
            assert_eq!((function.cost)(Schedule::of(Revision::Byzantium)), *gas, "{name}");
        }
    }
}

#[test]
fn the_interface_page_is_up_to_date() {
    extern crate std;
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/interface.md");
    let page = interface_docs();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs")).unwrap();
        std::fs::write(path, &page).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        committed == page,
        "docs/interface.md is not what the table gives: run the test with UPDATE=1"
    );
}
