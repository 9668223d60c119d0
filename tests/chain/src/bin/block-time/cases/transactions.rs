//! Blocks of many transactions.
use codec::Encode;
use sp_core::H160;
use sp_keyring::Sr25519Keyring::Bob;
use tephra_chain_tests::contract::{GAS, call_with, create, init_code};
use tephra_runtime::RuntimeCall;

use super::{Case, Contract, MAIN, one_call};
use crate::module::{WIDE_CALLS, drops, filled, text, until, zeros};

fn upload(code: Vec<u8>) -> RuntimeCall {
    RuntimeCall::Ewasm(pallet_ewasm::Call::upload_code { code, storage_deposit_limit: None })
}

/// Modules that differ, `count` of them.
fn different(count: u8, code: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    (0..count).map(move |number| [code, &[0, 2, 1, number]].concat())
}

pub fn cases() -> Vec<Case> {
    let wide = filled(127 << 10, 16, &zeros(16), &[0x03, 1, 0x0b], &drops(16));
    let calls = filled(127 << 10, 16, &[], WIDE_CALLS, &[]);
    let plain = filled(127 << 10, 16, &[], &[0x41, 0, 0x1a], &[]);
    let invalid = filled(127 << 10, 16, &[], &[0x41, 0, 0x1a], &[0x1a]);
    let none = |name, calls| Case { name, contracts: Vec::new(), calls };
    let transfer: RuntimeCall = pallet_balances::Call::transfer_keep_alive {
        dest: Bob.to_account_id().into(),
        value: 1_000_000_000_000_000_000,
    }
    .into();
    let transfer = transfer.encode();
    let dispatch = format!(
        "(drop (call $call (i64.const 1000000000) (i32.const 32) (i32.const 64) (i32.const 1024) \
         (i32.const {})))",
        transfer.len()
    );
    let mut to = vec![0; 20];
    to[18] = 4;
    vec![
        none(
            "calls of accounts",
            (0..200)
                .map(|number| {
                    call_with(
                        H160::from_low_u64_be(1 << 32 | number),
                        [],
                        1_000_000_000_000,
                        21_000,
                    )
                })
                .collect(),
        ),
        Case {
            name: "transactions that call a contract that does nothing",
            contracts: vec![Contract::new(MAIN, filled(0, 0, &[], &[1], &[]))],
            calls: (0..200).map(|_| call_with(MAIN, [], 0, 50_000)).collect(),
        },
        Case {
            name: "calls with 128 KiB of call data",
            contracts: vec![Contract::new(MAIN, filled(0, 0, &[], &[1], &[]))],
            calls: (0..20).map(|_| call_with(MAIN, vec![1; 128 << 10], 0, 6_000_000)).collect(),
        },
        none("uploads of plain code", different(20, &plain).map(upload).collect()),
        none("uploads of wide loops", different(20, &wide).map(upload).collect()),
        none("uploads of wide calls", different(20, &calls).map(upload).collect()),
        none("uploads of invalid code", different(20, &invalid).map(upload).collect()),
        none("creates with plain init code", different(10, &plain).map(create).collect()),
        none("creates with init code of wide loops", different(10, &wide).map(create).collect()),
        none("creates with init code of wide calls", different(10, &calls).map(create).collect()),
        none(
            "creates with init code that is invalid",
            different(10, &invalid).map(create).collect(),
        ),
        one_call(
            "dispatches of transfers",
            text(1, &[(32, to), (1024, transfer)], "", &until(1_000_000, "", &dispatch)),
        ),
        none(
            "creates of contracts of 60 KiB",
            different(3, &filled(60 << 10, 16, &[], &[0x41, 0, 0x1a], &[]))
                .map(|code| create(init_code(&code)))
                .collect(),
        ),
        none(
            "calls with too little gas",
            (0..200).map(|_| call_with(MAIN, [], 0, GAS / 1000)).collect(),
        ),
    ]
}
