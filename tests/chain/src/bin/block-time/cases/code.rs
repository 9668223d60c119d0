//! Creates inside contracts, and what validates.
use super::{Case, one_call};
use crate::module::{LEAVE, WIDE_CALLS, drops, filled, text, times, zeros};

/// Bytes of init code: what a contract has room for that has it in its own code.
const LARGE: usize = 120 << 10;

/// A contract that creates with this init code again and again.
fn creator(salted: bool, turns: u32, init: &[u8]) -> Vec<u8> {
    let size = init.len();
    let create = if salted {
        format!(
            "(i32.store (i32.const 64) (local.get $i))
             (drop (call $create2 (i32.const 96) (i32.const 1024) (i32.const {size}) \
             (i32.const 64) (i32.const 128)))"
        )
    } else {
        format!(
            "(drop (call $create (i32.const 96) (i32.const 1024) (i32.const {size}) \
             (i32.const 128)))"
        )
    };
    let pages = size.div_ceil(1 << 16) as u32 + 1;
    text(pages, &[(1024, init.to_vec())], "", &times(turns, &create))
}

fn case(name: &'static str, turns: u32, init: &[u8]) -> Case {
    one_call(name, creator(false, turns, init))
}

pub fn cases() -> Vec<Case> {
    let invalid = filled(LARGE, 16, &[], &[0x41, 0, 0x1a], &[0x1a]);
    vec![
        case("creates with large init code", 12, &filled(LARGE, 16, &[], &[0x41, 0, 0x1a], &[])),
        case(
            "creates with large init code of branches",
            12,
            &filled(LARGE, 16, LEAVE, &[0x41, 0, 0x0d, 0], &[]),
        ),
        case(
            "creates with large init code of wide loops",
            12,
            &filled(LARGE, 16, &[LEAVE, &zeros(16)].concat(), &[0x03, 1, 0x0b], &drops(16)),
        ),
        case(
            "creates with large init code of wide calls",
            12,
            &filled(LARGE, 16, LEAVE, WIDE_CALLS, &[]),
        ),
        case("creates with large init code that is invalid", 12, &invalid),
        case(
            "creates with large init code of wide loops that is invalid",
            12,
            &filled(LARGE, 16, &zeros(16), &[0x03, 1, 0x0b], &drops(17)),
        ),
        one_call(
            "creates by a salt with large init code that is invalid",
            creator(true, 12, &invalid),
        ),
        case("creates of contracts without code", 300, &filled(0, 0, &[], &[1], &[])),
        case(
            "creates of contracts that end at once",
            300,
            &text(1, &[], "", "(call $destroy (i32.const 0))"),
        ),
    ]
}
