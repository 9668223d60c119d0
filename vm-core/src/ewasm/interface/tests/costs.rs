//! The costs that functions declare are the costs that they charge.
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::super::AccountAccess::{Balance, Beneficiary, Call, Code, CodeHash};
use super::super::ExtraCost::{
    Amount, ColdAccount, ColdSlot, CopiedWord, Delegation, HashedInitCodeWord, InitCodeWord,
    LogByte, LogTopic, NewAccount, NewBeneficiary, StorageWrite, Value,
};
use super::super::SlotAccess::{Load, Store};
use super::*;
use crate::ewasm::StorageStatus::Added;
use crate::ewasm::testing::*;
use crate::ewasm::{Inspector, InterfaceCall, Status};

/// The last interface call: name, gas, extra charges.
#[derive(Default)]
struct Last(&'static str, u64, Vec<ExtraCharge>);

impl Inspector for Last {
    fn wants_interface_calls(&self) -> bool {
        true
    }

    fn interface_call(&mut self, call: &InterfaceCall<'_>) {
        let gas = call.gas_before - call.gas_after;
        *self = Self(call.name, gas, call.extra_charges.to_vec());
    }
}

/// Runs a contract in the newest revision and returns its last interface call.
///
/// At 0 is the address of [`OTHER`], at 32 that of [`NOBODY`], which delegates its code to it, at
/// 64 the value 3. The first nested message returns 40 bytes.
fn last_call(main: &str) -> Last {
    let mut scene = Scene::at(Revision::NEWEST)
        .with_memory(0, OTHER.as_slice())
        .with_memory(32, NOBODY.as_slice())
        .with_memory(64, &[3]);
    scene.host.delegates.insert(NOBODY, OTHER);
    scene.host.outcomes.push_back(outcome(Status::Success, 0, &[0; 40]));
    let mut last = Last::default();
    scene.run_inspected(&contract(&scene.memory, main), &mut last);
    last
}

/// Calls that cost everything that their function can cost.
const DEAR: &[(&str, &[ExtraCost])] = &[
    ("(call $useGas (i64.const 7))", &[Amount]),
    ("(call $getExternalBalance (i32.const 0) (i32.const 200))", &[ColdAccount(Balance)]),
    ("(call $callDataCopy (i32.const 200) (i32.const 0) (i32.const 5))", &[CopiedWord]),
    ("(call $codeCopy (i32.const 200) (i32.const 0) (i32.const 40))", &[CopiedWord]),
    (
        "(drop (call $callStatic (i64.const 0) (i32.const 0) (i32.const 0) (i32.const 0)))
        (call $returnDataCopy (i32.const 200) (i32.const 0) (i32.const 40))",
        &[CopiedWord],
    ),
    ("(drop (call $getExternalCodeSize (i32.const 0)))", &[ColdAccount(Code)]),
    (
        "(call $externalCodeCopy (i32.const 0) (i32.const 200) (i32.const 0) (i32.const 4))",
        &[CopiedWord, ColdAccount(Code)],
    ),
    ("(call $storageLoad (i32.const 96) (i32.const 200))", &[ColdSlot(Load)]),
    ("(call $storageStore (i32.const 96) (i32.const 0))", &[ColdSlot(Store), StorageWrite(Added)]),
    (
        "(call $log (i32.const 0) (i32.const 9) (i32.const 2) \
            (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))",
        &[LogTopic, LogByte],
    ),
    (
        "(drop (call $call \
            (i64.const 0) (i32.const 32) (i32.const 64) (i32.const 0) (i32.const 0)))",
        &[ColdAccount(Call), Delegation, ColdAccount(Call), Value, NewAccount],
    ),
    (
        "(drop (call $callCode \
            (i64.const 0) (i32.const 32) (i32.const 64) (i32.const 0) (i32.const 0)))",
        &[ColdAccount(Call), Delegation, ColdAccount(Call), Value],
    ),
    (
        "(drop (call $callDelegate (i64.const 0) (i32.const 32) (i32.const 0) (i32.const 0)))",
        &[ColdAccount(Call), Delegation, ColdAccount(Call)],
    ),
    (
        "(drop (call $callStatic (i64.const 0) (i32.const 32) (i32.const 0) (i32.const 0)))",
        &[ColdAccount(Call), Delegation, ColdAccount(Call)],
    ),
    (
        "(drop (call $create (i32.const 96) (i32.const 0) (i32.const 33) (i32.const 200)))",
        &[InitCodeWord],
    ),
    ("(call $selfDestruct (i32.const 32))", &[ColdAccount(Beneficiary), NewBeneficiary]),
    (
        "(drop (call $create2 \
            (i32.const 96) (i32.const 0) (i32.const 33) (i32.const 0) (i32.const 200)))",
        &[HashedInitCodeWord],
    ),
    ("(call $getExternalCodeHash (i32.const 0) (i32.const 200))", &[ColdAccount(CodeHash)]),
];

#[test]
fn a_function_charges_its_base_cost_and_the_extra_costs_that_a_trace_shows() {
    for (main, extras) in DEAR {
        let Last(name, gas, charges) = last_call(main);
        let charged: Vec<_> = charges.iter().map(|charge| charge.cost).collect();
        assert_eq!(charged, *extras, "{name}");
        // A create hands on all the gas that it may.
        if !name.starts_with("create") {
            let schedule = Schedule::of(Revision::NEWEST);
            let replaces = charged.iter().any(|cost| matches!(cost, StorageWrite(_)));
            let base = if replaces { 0 } else { cost_of(name).base(schedule) };
            let extra: u64 = charges.iter().map(|charge| charge.gas).sum();
            // Calls with a value hand on none but the stipend, which the caller does not pay.
            assert_eq!(gas, base + extra, "{name}");
        }
    }
}

#[test]
fn every_declared_extra_cost_is_charged() {
    let declared: BTreeSet<String> = interface_costs()
        .flat_map(|(function, cost)| cost.extras.iter().map(move |extra| (function.name, *extra)))
        .filter(|(_, extra)| !matches!(extra, StorageWrite(status) if *status != Added))
        .map(|(name, extra)| format!("{name} {extra:?}"))
        .collect();
    let charged: BTreeSet<String> = DEAR
        .iter()
        .map(|(main, _)| last_call(main))
        .flat_map(|Last(name, _, charges)| {
            charges.into_iter().map(move |charge| format!("{name} {:?}", charge.cost))
        })
        .collect();
    assert_eq!(charged, declared);
}

#[test]
fn costs_are_put_in_words() {
    let words = |name, revision| cost_of(name).in_words(Schedule::of(revision));
    for (name, byzantium, osaka) in [
        ("finish", "0", "0"),
        ("useGas", "the amount", "the amount"),
        ("getAddress", "2", "2"),
        ("codeCopy", "3 + 3 per word", "3 + 3 per word"),
        ("externalCodeCopy", "700 + 3 per word", "100 + 3 per word; cold + 2500"),
        ("create", "32000", "32000 + 2 per word"),
        (
            "callCode",
            "700; with a value + 9000",
            "100; cold + 2500; when the account delegates its code + 100; with a value + 9000",
        ),
        (
            "storageStore",
            "5000; zero to non-zero 20000; first change of another value 5000",
            "100; zero to non-zero 20000; first change of another value 2900; cold + 2100",
        ),
    ] {
        assert_eq!(words(name, Revision::Byzantium), byzantium);
        assert_eq!(words(name, Revision::Osaka), osaka);
    }
}
