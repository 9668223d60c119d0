//! Calls of contracts.
use sp_core::H160;

use super::{Case, Contract, one_call_with};
use crate::module::{LEAVE, WIDE_CALLS, crowded, drops, filled, text, times, until, zeros};

/// Gas that is left for the end.
const REST: u64 = 60_000;

fn address(number: u8) -> H160 {
    H160([number; 20])
}

/// Contracts of this code with addresses of one repeated number from 1 on; made a little different
/// from each other by a custom section.
pub fn several(count: u8, code: &[u8]) -> Vec<Contract> {
    let code = |number: u8| [code, &[0, 2, 1, number]].concat();
    (1..=count).map(|number| Contract::new(address(number), code(number))).collect()
}

/// Looks `turns` times at contracts, in turn, whose addresses are one repeated number from 1 to
/// `count`.
fn in_turn(count: u8, turns: u32, looks: &str) -> Vec<u8> {
    let next = format!("(i32.add (i32.rem_u (local.get $i) (i32.const {count})) (i32.const 1))");
    let body = format!("(memory.fill (i32.const 32) {next} (i32.const 20)) {looks}");
    text(1, &[], "", &times(turns, &body))
}

const CALL: &str = "(drop (call $call (i64.const 1000000) (i32.const 32) (i32.const 64) \
                    (i32.const 0) (i32.const 0)))";

/// A large function that is translated, of which nothing is executed.
fn large(size: usize, unit: &[u8]) -> Vec<u8> {
    filled(size, 16, LEAVE, unit, &[])
}

pub fn cases() -> Vec<Case> {
    let nothing = filled(0, 0, &[], &[1], &[]);
    let size = 127 << 10;
    vec![
        one_call_with(
            "calls of a contract that does nothing",
            in_turn(1, 25_000, CALL),
            several(1, &nothing),
        ),
        one_call_with(
            "calls of a contract that traps",
            in_turn(1, 25_000, &CALL.replace("1000000", "10")),
            several(1, &filled(0, 0, &[0], &[1], &[])),
        ),
        one_call_with(
            "calls of a contract with much to set up",
            in_turn(1, 300, CALL),
            several(1, &crowded(1, 100_000, 1024, 1024)),
        ),
        one_call_with(
            "calls of 8 contracts with 4096 functions",
            in_turn(8, 16, CALL),
            several(8, &crowded(4096, 80_000, 1024, 1024)),
        ),
        one_call_with(
            "calls of 8 large contracts",
            in_turn(8, 16, CALL),
            several(8, &large(size, &[0x41, 0, 0x1a])),
        ),
        one_call_with(
            "calls of 8 large contracts of branches",
            in_turn(8, 16, CALL),
            several(8, &large(size, &[0x41, 0, 0x0d, 0])),
        ),
        one_call_with(
            "calls of 8 large contracts of blocks",
            in_turn(8, 16, CALL),
            several(8, &large(size, &[0x02, 0x40, 0x0b])),
        ),
        one_call_with(
            "calls of 8 large contracts of wide loops",
            in_turn(8, 16, CALL),
            several(
                8,
                &filled(size, 16, &[LEAVE, &zeros(16)].concat(), &[0x03, 1, 0x0b], &drops(16)),
            ),
        ),
        one_call_with(
            "calls of 8 large contracts of wide calls",
            in_turn(8, 16, CALL),
            several(8, &large(size, WIDE_CALLS)),
        ),
        one_call_with(
            "calls of 16 large contracts, once each",
            in_turn(16, 16, CALL),
            several(16, &large(size, &[0x41, 0, 0x1a])),
        ),
        one_call_with(
            "code sizes of 60 large contracts",
            in_turn(60, 5_000, "(drop (call $code_size_of (i32.const 32)))"),
            several(60, &large(size, &[0x41, 0, 0x1a])),
        ),
        one_call_with(
            "code of 60 large contracts, no bytes copied",
            in_turn(
                60,
                2_000,
                "(call $code_of (i32.const 32) (i32.const 64) (i32.const 0) (i32.const 0))",
            ),
            several(60, &large(size, &[0x41, 0, 0x1a])),
        ),
        one_call_with(
            "copies of the code of a large contract",
            text(
                4,
                &[(32, vec![1; 20])],
                "",
                &until(
                    REST,
                    "",
                    "(call $code_of (i32.const 32) (i32.const 64) (i32.const 0) \
                     (i32.const 128000))",
                ),
            ),
            several(1, &large(size, &[0x41, 0, 0x1a])),
        ),
        one_call_with(
            "calls that revert",
            in_turn(1, 25_000, CALL),
            several(1, &text(0, &[], "", "(call $revert (i32.const 0) (i32.const 0))")),
        ),
    ]
}
