//! Executions that want too much.
use tephra_core::wasm::{Config, InstructionCosts, Limits, TrapCode, Val};
use tephra_wasm_tests::text::assemble;

use crate::{call, config};

fn free() -> Config {
    Config { costs: InstructionCosts::FREE, ..Config::default() }
}

#[test]
fn recursion_without_end_overflows_the_stack() {
    let direct = assemble("(module (func $f (export \"f\") (call $f)))").unwrap();
    assert_eq!(call(&direct, free(), 0, &[]), Err(TrapCode::StackOverflow));
    let indirect = assemble(
        "(module (table funcref (elem $f $g)) (func $f (export \"f\") \
         (call_indirect (i32.const 1))) (func $g (call_indirect (i32.const 0))))",
    )
    .unwrap();
    assert_eq!(call(&indirect, free(), 0, &[]), Err(TrapCode::StackOverflow));
    let wide = assemble(&format!(
        "(module (func $f (export \"f\") (local {}) (call $f)))",
        "i64 ".repeat(50_000)
    ))
    .unwrap();
    assert_eq!(call(&wide, free(), 0, &[]), Err(TrapCode::StackOverflow));
}

#[test]
fn the_call_depth_is_exactly_its_limit() {
    let count = "(module (func $f (export \"f\") (param i32) (if (local.get 0) \
                 (then (call $f (i32.sub (local.get 0) (i32.const 1)))))))";
    let module = assemble(count).unwrap();
    let limited = Config { limits: Limits { call_depth: 100, ..Limits::GENERAL }, ..free() };
    // The outermost call counts, too.
    assert_eq!(call(&module, limited.clone(), 0, &[Val::I32(99)]), Ok(vec![]));
    assert_eq!(call(&module, limited, 0, &[Val::I32(100)]), Err(TrapCode::StackOverflow));
}

#[test]
fn tail_calls_without_end_use_no_stack_but_gas() {
    let module = assemble(
        "(module (table funcref (elem $f $g)) (func $f (export \"f\") \
         (return_call_indirect (i32.const 1))) \
         (func $g (return_call $f)))",
    )
    .unwrap();
    assert_eq!(call(&module, config(), 100, &[]), Err(TrapCode::OutOfGas));
}

#[test]
fn a_loop_without_end_runs_out_of_gas() {
    let module = assemble("(module (func (export \"f\") (loop (br 0))))").unwrap();
    assert_eq!(call(&module, config(), 100, &[]), Err(TrapCode::OutOfGas));
}

#[test]
fn memory_grows_to_the_limit_and_no_further() {
    let text = "(module (memory 0) (func (export \"f\") (result i32 i32 i32)
        (memory.grow (i32.const 1024)) (memory.grow (i32.const 1))
        (i32.store8 (i32.const 0x3ffffff) (i32.const 7)) (i32.load (i32.const 0x3fffffc))))";
    let module = assemble(text).unwrap();
    let limited = Config { limits: Limits { memory_pages: 1024, ..Limits::GENERAL }, ..free() };
    assert_eq!(
        call(&module, limited, 0, &[]),
        Ok(vec![Val::I32(0), Val::I32(-1), Val::I32(0x0700_0000)])
    );
}

#[test]
fn the_largest_memory_of_all_is_not_touched_where_it_is_not_used() {
    let text = "(module (memory 65536) (func (export \"f\") (result i32 i32) \
                (i32.store (i32.const 100000) (i32.const 7)) (i32.load (i32.const 100000)) \
                (memory.size)))";
    let module = assemble(text).unwrap();
    let (ending, held) = crate::allocations::peak(|| call(&module, free(), 0, &[]));
    assert_eq!(ending, Ok(vec![Val::I32(7), Val::I32(65_536)]));
    assert!(held <= crate::CONSTANT, "{held} bytes held");
}

#[test]
fn accesses_at_the_end_of_the_address_space_trap() {
    for access in [
        "(drop (i32.load offset=0xffffffff (i32.const -1)))",
        "(drop (i64.load offset=0xffffffff (i32.const 0)))",
        "(i32.store8 (i32.const -1) (i32.const 0))",
        "(i64.store offset=65529 (i32.const 0) (i64.const 0))",
        "(drop (i64.load offset=65529 (i32.const 0)))",
        "(memory.fill (i32.const -1) (i32.const 0) (i32.const -1))",
        "(memory.copy (i32.const -1) (i32.const 1) (i32.const -1))",
        "(memory.copy (i32.const 1) (i32.const -1) (i32.const 1))",
        "(memory.init $d (i32.const 0) (i32.const -1) (i32.const -1))",
        "(memory.init $d (i32.const 65536) (i32.const 0) (i32.const 1))",
    ] {
        let module = assemble(&format!(
            "(module (memory 1) (data $d \"a\") (func (export \"f\") {access}))"
        ))
        .unwrap();
        assert_eq!(call(&module, free(), 0, &[]), Err(TrapCode::MemoryOutOfBounds), "{access}");
    }
}

#[test]
fn tables_grow_to_the_limit_and_no_further() {
    let text = "(module (table $t 0 externref) (func (export \"f\") (result i32 i32 i32)
        (table.grow $t (ref.null extern) (i32.const 1000)) (table.grow $t (ref.null extern) \
        (i32.const 1)) (table.grow $t (ref.null extern) (i32.const -1))))";
    let limited = Config { limits: Limits { table_elements: 1000, ..Limits::GENERAL }, ..free() };
    assert_eq!(
        call(&assemble(text).unwrap(), limited, 0, &[]),
        Ok(vec![Val::I32(0), Val::I32(-1), Val::I32(-1)])
    );
}

#[test]
fn bulk_instructions_are_paid_for_before_they_act() {
    let text = "(module (memory 16) (func (export \"f\") (loop (memory.fill (i32.const 0) \
                (i32.const 1) (i32.const 0x100000)) (br 0))))";
    assert_eq!(call(&assemble(text).unwrap(), config(), 1_000, &[]), Err(TrapCode::OutOfGas));
}

/// Instructions that leave nothing behind, to be run again and again.
const HARMLESS: &[&str] = &[
    "(drop (i32.load (i32.const 8))) (drop (i32.load8_s (local.get $n))) \
     (drop (i32.load8_u (local.get $n))) (drop (i32.load16_s (local.get $n))) \
     (drop (i32.load16_u (local.get $n)))",
    "(drop (i64.load (local.get $n))) (drop (i64.load8_s (local.get $n))) \
     (drop (i64.load8_u (local.get $n))) (drop (i64.load16_s (local.get $n))) \
     (drop (i64.load32_s (local.get $n)))",
    "(drop (i64.load32_u offset=70000 (local.get $n))) \
     (drop (i32.load offset=9 (i32.add (local.get $n) (local.get $n)))) \
     (drop (i64.load (i32.add (local.get $n) (i32.const 9))))",
    "(i32.store (local.get $n) (local.get $n)) (i32.store8 (local.get $n) (i32.const 7)) \
     (i32.store16 (local.get $n) (local.get $n)) (i64.store (i32.const 8) (i64.const 1))",
    "(i64.store offset=70000 (local.get $n) (i64.const 7)) (i64.store32 (i32.add (local.get $n) \
     (local.get $n)) (i64.const 7)) (i32.store offset=3 (i32.const 9) (local.get $n))",
    "(f32.store (local.get $n) (f32.load (local.get $n))) (f64.store (local.get $n) \
     (f64.load (local.get $n)))",
    "(call $nothing) (call $one (local.get $n))",
    "(call_indirect (local.get $zero))",
    "(call $tail) (call $tail_indirect)",
    "(drop (block (result i32) (br_if 0 (i32.const 1) (local.get $n)) (drop) (i32.const 2))) \
     (block (br_table 0 0 (local.get $n)))",
    "(if (i32.lt_s (local.get $n) (i32.const 9)) (then (drop (i32.const 1))) \
     (else (drop (i32.const 2))))",
    "(global.set $g (i64.add (global.get $g) (i64.const 1))) (drop (select (local.get $n) \
     (local.get $zero) (local.get $n)))",
    "(drop (i32.div_u (local.get $n) (i32.const 3))) (drop (i64.rem_s (global.get $g) \
     (i64.const 3))) (drop (i32.popcnt (local.get $n))) (drop (i64.mul (global.get $g) \
     (global.get $g)))",
    "(drop (f64.sqrt (f64.convert_i32_s (local.get $n)))) (drop (f64.ceil (f64.const 1.5))) \
     (drop (f32.nearest (f32.const 1.5))) (drop (i32.trunc_f64_s (f64.const 1.5))) \
     (drop (i64.trunc_sat_f32_u (f32.const 1.5)))",
    "(drop (memory.size)) (drop (memory.grow (i32.const 0))) (memory.fill (i32.const 0) \
     (local.get $zero) (i32.const 9)) (memory.copy (i32.const 0) (i32.const 3) (i32.const 9)) \
     (memory.init $d (i32.const 0) (i32.const 0) (i32.const 1))",
    "(drop (table.size $t)) (table.set $t (i32.const 1) (table.get $t (local.get $zero))) \
     (drop (table.grow $t (ref.null func) (i32.const 0))) (table.fill $t (i32.const 1) \
     (ref.null func) (i32.const 1)) (table.copy $t $t (i32.const 1) (i32.const 1) (i32.const 1)) \
     (table.init $t $e (i32.const 1) (i32.const 0) (i32.const 1)) (elem.drop $gone) \
     (data.drop $lost)",
];

#[test]
fn no_instruction_leaves_anything_on_the_stack_of_the_host() {
    for harmless in HARMLESS {
        let text = format!(
            "(module (memory 3) (data $d \"a\") (data $lost \"a\") (global $g (mut i64) \
             (i64.const 5)) (table $t 2 2 funcref) (elem (i32.const 0) $nothing) (elem $e funcref \
             (ref.null func)) (elem $gone func)
                (func $nothing) (func $one (param i32))
                (func $tail (return_call $nothing)) (func $tail_indirect (return_call_indirect \
                (i32.const 0)))
                (func (export \"f\") (local $n i32) (local $zero i32) (local $rounds i32)
                    (local.set $rounds (i32.const 10))
                    (loop
                        (local.set $n (i32.const 60000))
                        (loop {harmless} (br_if 0 (local.tee $n (i32.sub (local.get $n) \
                        (i32.const 1)))))
                        (br_if 0 (local.tee $rounds (i32.sub (local.get $rounds) \
                        (i32.const 1)))))))"
        );
        let module = assemble(&text).unwrap_or_else(|error| panic!("{harmless}: {error}"));
        assert_eq!(call(&module, free(), 0, &[]), Ok(vec![]), "{harmless}");
    }
}
