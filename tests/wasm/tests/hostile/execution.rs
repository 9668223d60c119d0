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
    let indirect = assemble("(module (table funcref (elem $f $g)) (func $f (export \"f\") (call_indirect (i32.const 1))) (func $g (call_indirect (i32.const 0))))").unwrap();
    assert_eq!(call(&indirect, free(), 0, &[]), Err(TrapCode::StackOverflow));
    let wide =
        assemble(&format!("(module (func $f (export \"f\") (local {}) (call $f)))", "i64 ".repeat(50_000))).unwrap();
    assert_eq!(call(&wide, free(), 0, &[]), Err(TrapCode::StackOverflow));
}

#[test]
fn the_call_depth_is_exactly_its_limit() {
    let count = "(module (func $f (export \"f\") (param i32) (if (local.get 0) (then (call $f (i32.sub (local.get 0) (i32.const 1)))))))";
    let module = assemble(count).unwrap();
    let limited = Config { limits: Limits { call_depth: 100, ..Limits::GENERAL }, ..free() };
    // The outermost call counts, too.
    assert_eq!(call(&module, limited.clone(), 0, &[Val::I32(99)]), Ok(vec![]));
    assert_eq!(call(&module, limited, 0, &[Val::I32(100)]), Err(TrapCode::StackOverflow));
}

#[test]
fn tail_calls_without_end_use_no_stack_but_gas() {
    let module = assemble("(module (table funcref (elem $f $g)) (func $f (export \"f\") (return_call_indirect (i32.const 1))) (func $g (return_call $f)))").unwrap();
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
    assert_eq!(call(&module, limited, 0, &[]), Ok(vec![Val::I32(0), Val::I32(-1), Val::I32(0x0700_0000)]));
}

#[test]
fn the_largest_memory_of_all_is_not_touched_where_it_is_not_used() {
    let text = "(module (memory 65536) (func (export \"f\") (result i32 i32) (i32.store (i32.const 100000) (i32.const 7)) (i32.load (i32.const 100000)) (memory.size)))";
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
        let module = assemble(&format!("(module (memory 1) (data $d \"a\") (func (export \"f\") {access}))")).unwrap();
        assert_eq!(call(&module, free(), 0, &[]), Err(TrapCode::MemoryOutOfBounds), "{access}");
    }
}

#[test]
fn tables_grow_to_the_limit_and_no_further() {
    let text = "(module (table $t 0 externref) (func (export \"f\") (result i32 i32 i32)
        (table.grow $t (ref.null extern) (i32.const 1000)) (table.grow $t (ref.null extern) (i32.const 1)) (table.grow $t (ref.null extern) (i32.const -1))))";
    let limited = Config { limits: Limits { table_elements: 1000, ..Limits::GENERAL }, ..free() };
    assert_eq!(call(&assemble(text).unwrap(), limited, 0, &[]), Ok(vec![Val::I32(0), Val::I32(-1), Val::I32(-1)]));
}

#[test]
fn bulk_instructions_are_paid_for_before_they_act() {
    let text = "(module (memory 16) (func (export \"f\") (loop (memory.fill (i32.const 0) (i32.const 1) (i32.const 0x100000)) (br 0))))";
    assert_eq!(call(&assemble(text).unwrap(), config(), 1_000, &[]), Err(TrapCode::OutOfGas));
}
