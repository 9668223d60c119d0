//! Modules as an embedder sees them.
mod features;
mod hostile;
mod limits;
mod start;

use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;

use super::{Module, ModuleError};
use crate::wasm::{Config, Engine, ExternType, Features, FuncType, GlobalType, Limits, ValType};

fn engine() -> Engine {
    Engine::new(Config::default())
}

fn with_limits(change: impl FnOnce(&mut Limits)) -> Engine {
    let mut config = Config::default();
    change(&mut config.limits);
    Engine::new(config)
}

fn binary(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap()
}

fn module(text: &str) -> Result<Module, ModuleError> {
    Module::new(&engine(), &binary(text))
}

/// The module with a custom section `name` of these contents.
fn with_name_section(text: &str, contents: &[u8]) -> Vec<u8> {
    let mut bytes = binary(text);
    bytes.extend([0, contents.len() as u8 + 5, 4]);
    bytes.extend(b"name");
    bytes.extend(contents);
    bytes
}

const CONTRACT: &str = r#"(module
    (import "ethereum" "finish" (func $finish (param i32 i32)))
    (import "ethereum" "getCallDataSize" (func (result i32)))
    (memory (export "memory") 1)
    (global $sp (mut i32) (i32.const 4096))
    (func $helper (param i32) (result i32) local.get 0)
    (func (export "main") i32.const 0 call $helper i32.const 0 call $finish)
    (data (i32.const 16) "abc")
)"#;

#[test]
fn imports_and_exports_keep_their_order_and_types() {
    let module = module(CONTRACT).unwrap();
    let imports: Vec<_> =
        module.imports().map(|import| (import.module, import.name, import.ty)).collect();
    let finish = FuncType::new(&[ValType::I32, ValType::I32], &[]);
    let size = FuncType::new(&[], &[ValType::I32]);
    assert_eq!(
        imports,
        [
            ("ethereum", "finish", ExternType::Func(finish)),
            ("ethereum", "getCallDataSize", ExternType::Func(size))
        ]
    );
    let names: Vec<_> = module.exports().map(|export| export.name).collect();
    assert_eq!(names, ["memory", "main"]);
    assert_eq!(module.export("main"), Some(ExternType::Func(FuncType::new(&[], &[]))));
    assert_eq!(module.export("nothing"), None);
}

#[test]
fn functions_have_types_sizes_and_names() {
    let module = Module::new(&engine(), &binary(CONTRACT)).unwrap();
    assert_eq!((module.func_count(), module.imported_func_count()), (4, 2));
    assert_eq!(module.func_type(2).unwrap().params(), [ValType::I32]);
    assert_eq!(module.func_type(4), None);
    assert_eq!(module.body_size(1), None);
    assert_eq!(module.body_size(2), Some(4));
    assert_eq!(module.body_size(4), None);
    let names: Vec<_> = (0..5).map(|index| module.func_name(index)).collect();
    let name = |name: &str| Some(String::from(name));
    assert_eq!(
        names,
        [name("finish"), name("ethereum.getCallDataSize"), name("helper"), name("main"), None]
    );
    assert!(module.code_size() > 0 && module.data_size() > 0);
}

#[test]
fn a_malformed_name_section_is_ignored() {
    let text = r#"(module (func (export "f")))"#;
    // Names out of order; a subsection longer than the section; bytes that are no UTF-8; nothing at
    // all.
    for contents in
        [&[1, 7, 2, 0, 1, b'a', 0, 1, b'b'][..], &[1, 200, 1], &[1, 4, 1, 0, 1, 0xff], &[]]
    {
        let bytes = with_name_section(text, contents);
        let module = Module::new(&engine(), &bytes).unwrap();
        assert!(module.func_name(0).is_some_and(|name| name == "f" || name == "a"));
    }
}

#[test]
fn a_trusted_module_equals_the_validated_one() {
    let bytes = binary(CONTRACT);
    let validated = Module::new(&engine(), &bytes).unwrap();
    let trusted = Module::new_trusted(&engine(), Arc::<[u8]>::from(bytes.clone())).unwrap();
    assert!(validated.imports().eq(trusted.imports()));
    assert!(validated.exports().eq(trusted.exports()));
    assert_eq!(validated.bytes(), trusted.bytes());
    assert_eq!(validated.body_size(3), trusted.body_size(3));
}

#[test]
fn errors_are_one_sentence_with_the_place() {
    let error = Module::new(&engine(), b"\0asm\x01\0\0\0\x7f\0").err().unwrap();
    assert_eq!(error.to_string(), "invalid module: malformed section id: 127 at byte 0xa");
    let error = Module::new(&with_limits(|limits| limits.module_size = 7), b"\0asm\x01\0\0\0")
        .err()
        .unwrap();
    assert_eq!(error.to_string(), "module too large: more than 7 bytes of a module at byte 0x0");
}

#[test]
fn equal_types_share_a_number() {
    let module = module(
        "(module (type (func)) (type (func (param i32))) (type (func)) (type (func (result i32))))",
    );
    assert_eq!(*module.unwrap().0.canonical_types, [0, 1, 0, 3]);
}

#[test]
fn many_exports_are_found_by_name() {
    let mut text = String::from("(module (func)");
    for index in 0..20_000 {
        text += &alloc::format!("(export \"f{index}\" (func 0))");
    }
    let module = module(&(text + ")")).unwrap();
    assert!((0..20_000).all(|index| module.export(&alloc::format!("f{index}")).is_some()));
    assert_eq!(module.export("f20000"), None);
    assert_eq!(module.exports().nth(2).map(|export| export.name), Some("f2"));
}

#[test]
fn extended_constant_expressions_on_imported_globals_are_evaluated_later() {
    let module = module(
        r#"(module (import "" "g" (global i64))
            (global i64 (i64.sub (i64.mul (global.get 0) (i64.const 3)) (i64.const 1))))"#,
    )
    .unwrap();
    let expr = &module.0.global_inits[0];
    assert_eq!(expr.eval(|_| 5, |_| 0), 14);
    assert_eq!(expr.eval(|_| 0, |_| 0), u64::MAX);
    assert_eq!(module.0.globals[1], GlobalType { value: ValType::I64, mutable: false });
}

#[test]
fn thirty_two_bit_constants_wrap_and_stay_zero_extended() {
    let module = module(
        "(module
            (global i32 (i32.add (i32.const -1) (i32.const 2)))
            (global i32 (i32.sub (i32.const 0) (i32.const 1)))
            (global i32 (i32.mul (i32.const 0x10000) (i32.const 0x10000))))",
    )
    .unwrap();
    let values: Vec<_> = module.0.global_inits.iter().map(|init| init.eval(|_| 0, |_| 0)).collect();
    assert_eq!(values, vec![1, 0xffff_ffff, 0]);
}

#[test]
fn float_constants_are_kept_bit_by_bit() {
    let module =
        module("(module (global f32 (f32.const nan:0x200001)) (global f64 (f64.const -0)))")
            .unwrap();
    let values: Vec<_> = module.0.global_inits.iter().map(|init| init.eval(|_| 0, |_| 0)).collect();
    assert_eq!(values, vec![0x7fa0_0001, 1 << 63]);
}

fn features(change: impl FnOnce(&mut Features)) -> Engine {
    let mut config = Config::default();
    change(&mut config.features);
    Engine::new(config)
}

#[test]
fn a_block_has_only_the_operands_that_it_was_given() {
    let is_valid =
        |body: &str| module(&alloc::format!("(module (func (result i32) {body}))")).is_ok();
    let invalid = [
        "i32.const 1 block (result i32) end",
        "i32.const 1 i32.const 2 block (param i32) (result i32 i32) end drop",
        "i32.const 1 loop (result i32) end",
        "i32.const 1 i32.const 0 if (result i32) else i32.const 2 end",
        "i32.const 1 i32.const 0 if (result i32) i32.const 2 else end",
        "i32.const 1 block (param i32) (result i32) \
         block (result i32) i32.const 0 br_if 0 end drop end",
        "i32.const 1 i64.const 2 block (param i32 i32) (result i32) drop end",
        "block (result i32) i32.const 1 i32.const 2 end",
    ];
    for body in invalid {
        assert!(!is_valid(body), "{body}");
    }
    let valid = [
        "i32.const 1 block (param i32) (result i32) end",
        "unreachable block (param i32 i32) (result i32) drop end",
        "unreachable loop (param i64 i32) (result i32) \
         i32.const 0 br_if 0 drop drop i32.const 3 end",
        "block (result i32) unreachable end",
        "i32.const 1 i32.const 0 if (param i32) (result i32) else drop i32.const 2 end",
    ];
    for body in valid {
        assert!(is_valid(body), "{body}");
    }
}
