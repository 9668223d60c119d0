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
        "(drop (call $many (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4) (i32.const 5) \
         (i32.const 6)))",
    ),
    (
        "memory.init of no bytes",
        "(memory.init $segment (local.get $x) (i32.const 0) (i32.const 0))",
    ),
    ("memory.grow by no pages", "(drop (memory.grow (i32.const 0)))"),
    ("table.get and table.set", "(table.set $t (local.get $x) (table.get $t (i32.const 0)))"),
    (
        "table.init of no elements",
        "(table.init $t $functions (local.get $x) (i32.const 0) (i32.const 0))",
    ),
    ("call_indirect", "(call_indirect (type $nothing) (local.get $x))"),
    (
        "64-bit division",
        "(local.set $a (i64.rem_s (i64.or (local.get $a) (i64.const 0x4000000000000000)) \
         (i64.const 77)))",
    ),
    ("br_table of constants", "(block (br_table 0 0 0 (i32.const 1)))"),
    (
        "results of blocks",
        "(block (result i64 i64 i64 i64 i64 i64 i64 i64) (i64.const 1) (i64.const 2) (i64.const 3) \
         (i64.const 4) (i64.const 5) (i64.const 6) (i64.const 7) \
         (i64.const 8)) drop drop drop drop drop drop drop drop",
    ),
    (
        "parameters of loops",
        "(i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4) \
         (loop (param i64 i64 i64 i64) drop drop drop drop)",
    ),
    ("jumps over nothing", "(if (i32.const 1) (then) (else))"),
    (
        "constants that are compared",
        "(drop (i64.gt_u (i64.const 0x123456789abcdef) (i64.const 0x123456789abcdee)))",
    ),
    (
        "extensions on the operand stack",
        "(local.set $y (i32.extend8_s (i32.extend16_s (i32.extend8_s (i32.extend16_s \
         (i32.extend8_s (i32.extend16_s (local.get $y))))))))",
    ),
    ("table.size", "(drop (table.size $t))"),
    ("ref.func", "(drop (ref.func $leaf))"),
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
            "(local $x i32) (local $y i32) (local $a i64) (local.set $x (i32.const 1)) \
             (loop $again {} (br $again))",
            sequence.repeat(16)
        );
        // So that there is a kilobyte of code to copy.
        let items = format!("{ITEMS} (func $rest {})", "(drop (i32.const 1000000))".repeat(200));
        one_call(name, text(1, &[], &items, &body))
    };
    INSTRUCTIONS.iter().map(case).chain([dependent_loads()]).collect()
}

/// Loads whose address is what the one before loaded, over all the memory that a frame may have:
/// lines of 64 bytes in an order that no processor foresees.
fn dependent_loads() -> Case {
    let body = format!(
        "(local $line i32) (local $at i32)
         (loop $fill
             (i32.store (i32.shl (local.get $line) (i32.const 6))
                 (i32.shl (i32.and (i32.add (i32.mul (local.get $line) (i32.const 8121)) \
                 (i32.const 28411)) (i32.const 16383)) (i32.const 6)))
             (br_if $fill (i32.lt_u (local.tee $line (i32.add (local.get $line) (i32.const 1))) \
             (i32.const 16384))))
         (loop $again (local.set $at {}(local.get $at){}) (br $again))",
        "(i32.load ".repeat(32),
        ")".repeat(32)
    );
    one_call("dependent loads over 16 pages", text(16, &[], "", &body))
}
