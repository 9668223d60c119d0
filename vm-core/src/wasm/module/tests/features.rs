//! Each proposal is a switch.
use super::*;

/// Asserts that the module is valid with everything on, and no longer with one feature off, be it
/// validated or (where `trusted`) parsed only.
fn needs(text: &str, off: impl FnOnce(&mut Features)) {
    let bytes = binary(text);
    Module::new(&engine(), &bytes).unwrap();
    let error = Module::new(&features(off), &bytes).err();
    assert!(matches!(error, Some(ModuleError::Invalid { .. })), "{text}: {error:?}");
}

#[test]
fn mutable_globals_cross_modules_only_when_on() {
    needs(r#"(module (global (export "g") (mut i32) (i32.const 0)))"#, |f| {
        f.mutable_globals = false
    });
    needs(r#"(module (import "" "" (global (mut i32))))"#, |f| f.mutable_globals = false);
    let engine = features(|f| f.mutable_globals = false);
    Module::new(&engine, &binary("(module (global (mut i32) (i32.const 0)))")).unwrap();
}

#[test]
fn sign_extension_is_a_switch() {
    needs("(module (func (drop (i32.extend8_s (i32.const 0)))))", |f| f.sign_extension = false);
}

#[test]
fn several_results_are_a_switch() {
    needs("(module (func (result i32 i32) i32.const 0 i32.const 0))", |f| f.multi_value = false);
    needs("(module (type (func (param i32))) (func i32.const 0 block (type 0) drop end))", |f| {
        f.multi_value = false
    });
}

#[test]
fn saturating_conversions_are_a_switch() {
    needs("(module (func (drop (i32.trunc_sat_f32_s (f32.const 0)))))", |f| {
        f.saturating_float_to_int = false
    });
}

#[test]
fn bulk_memory_is_a_switch() {
    needs(
        "(module (memory 1) (func (memory.fill (i32.const 0) (i32.const 0) (i32.const 0))))",
        |f| {
            f.bulk_memory = false;
        },
    );
    needs("(module (memory 1) (data \"\"))", |f| f.bulk_memory = false);
}

#[test]
fn reference_types_are_a_switch() {
    needs("(module (table 1 externref))", |f| f.reference_types = false);
    needs("(module (table 1 funcref) (table 1 funcref))", |f| f.reference_types = false);
    needs("(module (func (drop (ref.null func))))", |f| f.reference_types = false);
    needs("(module (func (param externref)))", |f| f.reference_types = false);
}

#[test]
fn extended_constants_are_a_switch() {
    needs("(module (global i32 (i32.add (i32.const 1) (i32.const 1))))", |f| {
        f.extended_const = false
    });
}

#[test]
fn tail_calls_are_a_switch() {
    needs("(module (func return_call 0))", |f| f.tail_call = false);
}

#[test]
fn without_floats_no_float_is_valid_anywhere() {
    for text in [
        "(module (type (func (param f32))))",
        "(module (type (func (result f64))))",
        r#"(module (import "" "" (global f32)))"#,
        "(module (global f64 (f64.const 0)))",
        "(module (func (local f32)))",
        "(module (func (drop (f32.const 0))))",
        "(module (func (drop (block (result f64) unreachable))))",
        "(module (func unreachable select (result f32) drop))",
        "(module (func unreachable f32.add drop))",
        "(module (func unreachable f64.promote_f32 drop))",
        "(module (func unreachable i32.trunc_f64_s drop))",
        "(module (func unreachable i32.trunc_sat_f64_s drop))",
        "(module (func unreachable i32.reinterpret_f32 drop))",
        "(module (func unreachable f64.reinterpret_i64 drop))",
        "(module (memory 1) (func unreachable f32.load drop))",
        "(module (memory 1) (func unreachable f64.store))",
        "(module (func unreachable f32.eq drop))",
        "(module (func unreachable f64.convert_i32_u drop))",
    ] {
        needs(text, |f| f.floats = false);
    }
}

#[test]
fn without_floats_every_integer_instruction_is_valid() {
    let text = "(module (memory 1) (func (param i32 i64) (result i64)
        (memory.fill (i32.const 0) (i32.const 0) (i32.const 0))
        (i64.store8 (i32.wrap_i64 (local.get 1))
            (i64.rotr (local.get 1) (i64.extend_i32_u (local.get 0))))
        (drop (i32.ge_u (i64.eqz (local.get 1))
            (i32.extend8_s (i32.load (i32.rotr (local.get 0) (local.get 0))))))
        (i64.extend32_s (i64.extend_i32_s (i64.ge_u (local.get 1) (i64.const 0))))))";
    Module::new(&features(|f| f.floats = false), &binary(text)).unwrap();
}

#[test]
fn proposals_that_the_engine_lacks_are_refused() {
    for text in [
        "(module (func (drop (v128.const i32x4 0 0 0 0))))",
        "(module (type (func (param v128))))",
        "(module (memory i64 1))",
        "(module (memory 1) (memory 1))",
        "(module (memory 1 1 shared))",
        "(module (memory 1 (pagesize 1)))",
        "(module (table i64 1 funcref))",
        "(module (table 1 funcref (ref.null func)))",
        "(module (tag))",
        r#"(module (import "" "" (tag)))"#,
        "(module (type (struct)))",
        "(module (type (array i32)))",
        "(module (rec (type (func)) (type (func))))",
        "(module (type (sub (func))))",
        "(module (type $t (func)) (func (param (ref $t))))",
        "(module (func (param anyref)))",
        "(module (table 1 (ref null extern)) (func (param (ref extern))))",
        "(module (global i32 (i32.const 0)) (global i32 (global.get 0)))",
        "(module (func i64.const 0 i64.const 0 i64.const 0 i64.const 0 i64.add128 drop drop))",
        "(component)",
    ] {
        let error = module(text).err();
        assert!(matches!(error, Some(ModuleError::Invalid { .. })), "{text}: {error:?}");
    }
}

#[test]
fn references_to_functions_and_externals_are_valid() {
    module(
        r#"(module
            (import "" "" (global externref))
            (table funcref (elem 0)) (table 3 externref)
            (func $f (param externref) (result funcref) (ref.func $f))
            (global funcref (ref.func $f)) (global externref (ref.null extern))
            (global externref (global.get 0))
            (elem declare func $f) (elem externref (ref.null extern) (global.get 0))
            (elem (table 1) (i32.const 0) externref (global.get 0))
            (export "t" (table 1)))"#,
    )
    .unwrap();
}
