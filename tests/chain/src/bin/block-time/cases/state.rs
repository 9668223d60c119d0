//! What contracts read and write of the state, and logs.
use super::{Case, Contract, MAIN, one_call};
use crate::module::{text, until};
use tephra_chain_tests::contract::{GAS, call_with};

/// Gas that is left for the end.
const REST: u64 = 60_000;

/// The number of the turn, as a key or an address at 32.
const KEY: &str = "(i32.store (i32.const 32) (i32.add (local.get $i) (i32.const 1)))";

/// A case of a loop until the gas is nearly gone, with a page of memory that has a one at 0.
fn looped(name: &'static str, body: &str) -> Case {
    one_call(name, text(1, &[(0, vec![1])], "", &until(REST, "", body)))
}

/// The same for a contract with slots from the start.
fn stored(name: &'static str, slots: u32, body: &str) -> Case {
    let code = text(1, &[(0, vec![2])], "", &until(REST, "", body));
    let contract = Contract { slots, ..Contract::new(MAIN, code) };
    Case { name, contracts: vec![contract], calls: vec![call_with(MAIN, [], 0, GAS)] }
}

pub fn cases() -> Vec<Case> {
    vec![
        stored(
            "reads of slots",
            8000,
            &format!("{KEY} (call $load (i32.const 32) (i32.const 64))"),
        ),
        looped(
            "reads of slots that are not there",
            &format!("{KEY} (call $load (i32.const 32) (i32.const 64))"),
        ),
        looped("reads of one slot", "(call $load (i32.const 32) (i32.const 64))"),
        looped("writes of new slots", &format!("{KEY} (call $store (i32.const 32) (i32.const 0))")),
        stored(
            "writes of old slots",
            3500,
            &format!("{KEY} (call $store (i32.const 32) (i32.const 0))"),
        ),
        stored(
            "zeros to old slots",
            3500,
            &format!("{KEY} (call $store (i32.const 32) (i32.const 96))"),
        ),
        looped(
            "writes of one slot",
            "(i32.store (i32.const 64) (local.get $i)) (call $store (i32.const 32) (i32.const 64))",
        ),
        looped(
            "writes of transient slots",
            &format!("{KEY} (call $store_transient (i32.const 32) (i32.const 0))"),
        ),
        looped(
            "logs without topics",
            "(call $log (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) \
             (i32.const 0) (i32.const 0))",
        ),
        looped(
            "logs with four topics",
            &format!(
                "{KEY} (call $log (i32.const 0) (i32.const 0) (i32.const 4) (i32.const 32) \
                 (i32.const 33) (i32.const 34) (i32.const 35))"
            ),
        ),
        one_call(
            "logs of 256 KiB",
            text(
                4,
                &[],
                "",
                &until(
                    2_300_000,
                    "",
                    "(call $log (i32.const 0) (i32.const 262144) (i32.const 0) (i32.const 0) \
                     (i32.const 0) (i32.const 0) (i32.const 0))",
                ),
            ),
        ),
        looped(
            "balances of accounts",
            &format!("{KEY} (call $balance (i32.const 32) (i32.const 64))"),
        ),
        looped("balance of one account", "(call $balance (i32.const 32) (i32.const 64))"),
        looped(
            "code sizes of accounts",
            &format!("{KEY} (drop (call $code_size_of (i32.const 32)))"),
        ),
        looped("hashes of blocks", "(drop (call $block_hash (i64.const 0) (i32.const 64)))"),
        looped(
            "value to new accounts",
            &format!(
                "{KEY} (drop (call $call (i64.const 0) (i32.const 32) (i32.const 0) (i32.const 0) \
                 (i32.const 0)))"
            ),
        ),
        looped(
            "value to one account",
            "(drop (call $call (i64.const 0) (i32.const 32) (i32.const 0) (i32.const 0) \
             (i32.const 0)))",
        ),
    ]
}
