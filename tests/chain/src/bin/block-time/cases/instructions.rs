//! Instructions, and interface functions that cost next to nothing.
use super::{Case, one_call};
use crate::module::text;

const ITEMS: &str = r#"
    (type $nothing (func))
    (table $t 16 funcref)
    (elem (table $t) (i32.const 0) func $leaf $leaf)
    (elem $functions func $leaf)
    (data $segment "data")
    (func $leaf)
    (func $many (param i32 i32 i32 i32 i32 i32) (result i32) (local.get 3))"#;

const INSTRUCTIONS: &[(&str, &str)] = &[
    ("branches", ""),
    (
        "constants as arguments",
        "(drop (call $many (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4) (i32.const 5) (i32.const 6)))",
    ),
    ("memory.init of no bytes", "(memory.init $segment (local.get $x) (i32.const 0) (i32.const 0))"),
    ("memory.grow by no pages", "(drop (memory.grow (i32.const 0)))"),
    ("table.get and table.set", "(table.set $t (local.get $x) (table.get $t (i32.const 0)))"),
    ("table.init of no elements", "(table.init $t $functions (local.get $x) (i32.const 0) (i32.const 0))"),
    ("call_indirect", "(call_indirect (type $nothing) (local.get $x))"),
    (
        "64-bit division",
        "(local.set $a (i64.rem_s (i64.or (local.get $a) (i64.const 0x4000000000000000)) (i64.const 77)))",
    ),
    ("loads", "(local.set $y (i32.load (i32.and (local.get $y) (i32.const 0xfff8))))"),
    ("useGas of nothing", "(call $use_gas (i64.const 0))"),
    ("getGasLeft", "(drop (call $gas))"),
    ("getAddress", "(call $address (i32.const 64))"),
    ("getBlockTimestamp", "(drop (call $timestamp))"),
    ("getBlockDifficulty", "(call $difficulty (i32.const 64))"),
    ("getSelfBalance", "(call $self_balance (i32.const 64))"),
    ("callDataCopy of no bytes", "(call $input (i32.const 64) (i32.const 0) (i32.const 0))"),
    ("codeCopy of no bytes", "(call $code (i32.const 64) (i32.const 0) (i32.const 0))"),
    ("codeCopy of 1 KiB", "(call $code (i32.const 64) (i32.const 0) (i32.const 1024))"),
];

pub fn cases() -> Vec<Case> {
    let case = |&(name, sequence): &(&'static str, &str)| {
        let body = format!(
            "(local $x i32) (local $y i32) (local $a i64) (local.set $x (i32.const 1)) (loop $again {} (br $again))",
            sequence.repeat(16)
        );
        // So that there is a kilobyte of code to copy.
        let items = format!("{ITEMS} (func $rest {})", "(drop (i32.const 1000000))".repeat(200));
        one_call(name, text(1, &[], &items, &body))
    };
    INSTRUCTIONS.iter().map(case).collect()
}
