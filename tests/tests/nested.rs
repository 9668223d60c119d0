//! Contracts that call and create one another.
use std::thread;

use alloy_primitives::{Address, U256, hex};
use tephra_core::ewasm::{OpenLimits, Status};
use tephra_core::revision::Revision;
use tephra_core::state::DriverConfig;
use tephra_tests::chain::{Chain, Ran};

const CALLER: Address = Address::repeat_byte(0x0a);
const OUTER: Address = Address::repeat_byte(0x01);
const INNER: Address = Address::repeat_byte(0x02);

/// A contract with these imports, data and `main`. Its memory has the address of [`INNER`] at 0,
/// that of [`OUTER`] at 32, zeros from 64 on, and a one at 128.
fn contract(pages: u32, body: &str, functions: &str) -> Vec<u8> {
    let (inner, outer) = (escaped(INNER.as_slice()), escaped(OUTER.as_slice()));
    wat::parse_str(format!(
        r#"(module
            (import "ethereum" "call" (func $call (param i64 i32 i32 i32 i32) (result i32)))
            (import "ethereum" "create" (func $create (param i32 i32 i32 i32) (result i32)))
            (import "ethereum" "storageStore" (func $store (param i32 i32)))
            (import "ethereum" "storageLoad" (func $load (param i32 i32)))
            (import "ethereum" "selfDestruct" (func $destroy (param i32)))
            (import "ethereum" "log" (func $log (param i32 i32 i32 i32 i32 i32 i32)))
            (import "ethereum" "finish" (func $finish (param i32 i32)))
            (import "ethereum" "revert" (func $revert (param i32 i32)))
            (import "ethereum" "getGasLeft" (func $gas (result i64)))
            (memory (export "memory") {pages})
            (data (i32.const 0) "{inner}")
            (data (i32.const 32) "{outer}")
            (data (i32.const 128) "\01")
            {functions}
            (func (export "main") {body}))"#
    ))
    .unwrap()
}

fn escaped(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("\\{byte:02x}")).collect()
}

fn chain(revision: Revision, contracts: &[(Address, Vec<u8>)]) -> Chain {
    let mut chain = Chain::unmetered(revision);
    for (at, code) in contracts {
        chain.put(*at, U256::from(1000), code.clone());
    }
    chain
}

/// Counts how deep it gets: calls itself, then adds one to slot 0, and answers nothing.
fn counting_recursion(pages: u32) -> Vec<u8> {
    let end = (pages << 16) - 1;
    // To the end of the memory, so that it is reached.
    let body = format!(
        "
        (i32.store8 (i32.const {end}) (i32.const 1))
        (drop (call $call (i64.const 0x7fffffffffffffff) (i32.const 32) (i32.const 64) \
        (i32.const 64) (i32.const 0)))
        (call $load (i32.const 64) (i32.const 256))
        (i32.store (i32.const 256) (i32.add (i32.load (i32.const 256)) (i32.const 1)))
        (call $store (i32.const 64) (i32.const 256))"
    );
    contract(pages, &body, "")
}

/// What the recursion counted, a little-endian number at the start of the slot.
fn counted(chain: &Chain) -> u32 {
    let slot: [u8; 32] = chain.slot(OUTER, 0).to_be_bytes();
    u32::from_le_bytes([slot[0], slot[1], slot[2], slot[3]])
}

#[test]
fn messages_nest_1024_deep_on_a_small_stack() {
    let run = || {
        let mut chain = chain(Revision::Byzantium, &[(OUTER, counting_recursion(1))]);
        let ran = chain.call(CALLER, OUTER, []);
        assert_eq!(ran.outcome.status, Status::Success);
        assert_eq!(counted(&chain), 1025);
    };
    thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap().join().unwrap();
}

#[test]
fn open_frames_share_a_limit_on_memory() {
    let mut chain = chain(Revision::Byzantium, &[(OUTER, counting_recursion(10))]);
    let open = OpenLimits { pages: 100, ..OpenLimits::DEFAULT };
    chain.set_driver(DriverConfig { open, ..DriverConfig::default() });
    let ran = chain.call(CALLER, OUTER, []);
    assert_eq!(ran.outcome.status, Status::Success);
    // With eleven frames open there are 110 pages, and no twelfth begins.
    assert_eq!(counted(&chain), 11);
}

/// Calls [`INNER`] with 1 wei and 100,000 gas and stores the result plus one in slot 1.
fn calls_inner() -> Vec<u8> {
    let body = "
        (i32.store8 (i32.const 287) (i32.add (i32.const 1)
            (call $call (i64.const 100000) (i32.const 0) (i32.const 128) (i32.const 64) \
            (i32.const 0))))
        (i32.store8 (i32.const 351) (i32.const 1))
        (call $store (i32.const 320) (i32.const 256))";
    contract(1, body, "")
}

/// Does all that can be undone, and then something else.
fn changes_everything(then: &str) -> Vec<u8> {
    let body = format!(
        "(call $store (i32.const 64) (i32.const 128))
         (call $log (i32.const 0) (i32.const 20) (i32.const 0) (i32.const 0) (i32.const 0) \
         (i32.const 0) (i32.const 0))
         (drop (call $create (i32.const 128) (i32.const 0) (i32.const 0) (i32.const 512)))
         {then}"
    );
    contract(1, &body, "")
}

fn call_that_ends_with(then: &str) -> (Chain, Ran) {
    let mut chain =
        chain(Revision::Byzantium, &[(OUTER, calls_inner()), (INNER, changes_everything(then))]);
    let ran = chain.call(CALLER, OUTER, []);
    assert_eq!(ran.outcome.status, Status::Success);
    (chain, ran)
}

fn balance(chain: &Chain, at: Address) -> u64 {
    chain.account(at).map_or(0, |account| account.info.balance.to())
}

#[test]
fn what_a_successful_inner_frame_did_stays() {
    let (chain, ran) = call_that_ends_with("");
    assert_eq!(chain.slot(OUTER, 1), U256::from(1));
    assert_ne!(chain.slot(INNER, 0), U256::ZERO);
    assert_eq!(ran.logs.len(), 1);
    assert_eq!((balance(&chain, OUTER), balance(&chain, INNER)), (999, 1000));
    assert_eq!(balance(&chain, INNER.create(0)), 1);
    assert_eq!(chain.account(INNER).unwrap().info.nonce, 1);
}

#[test]
fn what_an_inner_frame_did_is_undone_when_it_fails_or_reverts() {
    let ways = [
        (2, "unreachable"),
        (2, "(drop (i32.load (i32.const -1)))"),
        (
            2,
            "(call $log (i32.const 0) (i32.const -1) (i32.const 0) (i32.const 0) (i32.const 0) \
             (i32.const 0) (i32.const 0))",
        ),
        (3, "(call $revert (i32.const 0) (i32.const 5))"),
        (2, "(call $destroy (i32.const -1))"),
    ];
    for (result, way) in ways {
        let (chain, ran) = call_that_ends_with(way);
        assert_eq!(chain.slot(OUTER, 1), U256::from(result), "{way}");
        assert_eq!(chain.slot(INNER, 0), U256::ZERO, "{way}");
        assert!(ran.logs.is_empty(), "{way}");
        assert_eq!((balance(&chain, OUTER), balance(&chain, INNER)), (1000, 1000), "{way}");
        assert!(chain.account(INNER.create(0)).is_none(), "{way}");
        assert_eq!(chain.account(INNER).unwrap().info.nonce, 0, "{way}");
    }
}

#[test]
fn a_self_destruct_is_undone_with_the_frame_around_it() {
    // The inner contract destroys itself in favour of the outer one, which then fails or not.
    let inner = contract(1, "(call $destroy (i32.const 32))", "");
    let outer = |then: &str| {
        let call = "(drop (call $call (i64.const 100000) (i32.const 0) (i32.const 64) \
                    (i32.const 64) (i32.const 0)))";
        contract(1, &format!("{call} {then}"), "")
    };
    let run = |then| {
        let mut chain = chain(Revision::Byzantium, &[(OUTER, outer(then)), (INNER, inner.clone())]);
        let refund = chain.call(CALLER, OUTER, []).outcome.gas_refund;
        (balance(&chain, OUTER), chain.account(INNER).is_some(), refund)
    };
    assert_eq!(run(""), (2000, false, 24_000));
    assert_eq!(run("unreachable"), (1000, true, 0));
}

#[test]
fn a_refund_is_undone_with_its_frame() {
    // The inner contract clears its slot 0.
    let inner = |then: &str| {
        contract(1, &format!("(call $store (i32.const 64) (i32.const 64)) {then}"), "")
    };
    let run = |then| {
        let mut chain = chain(Revision::Byzantium, &[(OUTER, calls_inner()), (INNER, inner(then))]);
        chain.set_slot(INNER, 0, U256::from(7));
        chain.call(CALLER, OUTER, []).outcome.gas_refund
    };
    assert_eq!(run(""), 15_000);
    assert_eq!(run("(call $revert (i32.const 0) (i32.const 0))"), 0);
    assert_eq!(run("unreachable"), 0);
}

/// Init code that finishes with these bytes.
fn gives(code: &[u8]) -> Vec<u8> {
    let length = code.len();
    let finish = format!("(call $finish (i32.const 1024) (i32.const {length}))");
    let data = format!("(data (i32.const 1024) \"{}\")", escaped(code));
    contract(1, &finish, &data)
}

fn creation(revision: Revision, code: &[u8]) -> Ran {
    chain(revision, &[]).create(CALLER, gives(code))
}

#[test]
fn new_code_is_stored_as_it_is() {
    let contract = contract(1, "", "");
    for code in [&contract[..], &[], &hex!("6000"), b"\0as", b"\0wasm"] {
        let mut chain = chain(Revision::Byzantium, &[]);
        let ran = chain.create(CALLER, gives(code));
        assert_eq!(ran.outcome.status, Status::Success);
        assert!(ran.outcome.output.is_empty());
        assert_eq!(*chain.code(CALLER.create(0)), *code);
        assert_eq!(ran.gas_used, 200 * code.len() as u64);
    }
}

#[test]
fn new_code_that_claims_to_be_webassembly_must_be_a_contract() {
    for code in [&b"\0asm"[..], b"\0asm\x01\0\0\0", b"\0asm\x02\0\0\0"] {
        assert_eq!(
            creation(Revision::Byzantium, code).outcome.status,
            Status::ContractValidationFailure
        );
    }
}

#[test]
fn new_code_has_a_largest_size_and_from_london_on_a_forbidden_first_byte() {
    let largest = 24_576;
    for (revision, code, is_stored) in [
        (Revision::Byzantium, vec![1; largest], true),
        (Revision::Byzantium, vec![1; largest + 1], false),
        (Revision::Byzantium, vec![0xef], true),
        (Revision::Berlin, vec![0xef], true),
        (Revision::London, vec![0xef], false),
        (Revision::London, vec![0xee, 0xef], true),
    ] {
        let ran = creation(revision, &code);
        assert_eq!(
            ran.outcome.status == Status::Success,
            is_stored,
            "{} bytes in {revision}",
            code.len()
        );
        assert_eq!(ran.outcome.gas_left > 0, is_stored);
    }
}

#[test]
fn a_contract_runs_in_the_transaction_that_creates_it() {
    // A factory whose init code makes an account; then it calls what it made.
    let made = contract(1, "(call $store (i32.const 64) (i32.const 128))", "");
    let init_code = gives(&made);
    let body = format!(
        "(drop (call $create (i32.const 64) (i32.const 4096) (i32.const {}) (i32.const 512)))
         (drop (call $call (i64.const 100000) (i32.const 512) (i32.const 64) (i32.const 64) \
         (i32.const 0)))",
        init_code.len()
    );
    let data = format!("(data (i32.const 4096) \"{}\")", escaped(&init_code));
    let mut chain = chain(Revision::Byzantium, &[(OUTER, contract(1, &body, &data))]);
    assert_eq!(chain.call(CALLER, OUTER, []).outcome.status, Status::Success);
    assert_ne!(chain.slot(OUTER.create(0), 0), U256::ZERO);
}
