//! Matching of imports.
use super::*;

/// The message of the error that importing `item` as `import` gives; empty when they match.
fn import(make: impl FnOnce(&mut Store) -> Extern, import: &str) -> alloc::string::String {
    let engine = engine();
    let mut store = Store::new(&engine);
    let item = make(&mut store);
    let module = module(&engine, &alloc::format!(r#"(module (import "env" "it" {import}))"#));
    store
        .instantiate(&module, &[item])
        .err()
        .map_or_else(Default::default, |error| error.to_string())
}

const INCOMPATIBLE: &str = "incompatible import type: `env.it` is of another type";

#[test]
fn functions_match_when_their_types_are_equal() {
    let func = |store: &mut Store| {
        Extern::Func(store.host_func(FuncType::new(&[ValType::I32], &[ValType::I64])))
    };
    assert_eq!(import(func, "(func (param i32) (result i64))"), "");
    assert_eq!(import(func, "(func (param i32))"), INCOMPATIBLE);
    assert_eq!(import(func, "(func (param i32 i64))"), INCOMPATIBLE);
    assert_eq!(import(func, "(global i32)"), INCOMPATIBLE);
}

#[test]
fn globals_match_when_type_and_mutability_are_equal() {
    let constant = |store: &mut Store| Extern::Global(store.global_new(I32, Val::I32(0)).unwrap());
    assert_eq!(import(constant, "(global i32)"), "");
    assert_eq!(import(constant, "(global i64)"), INCOMPATIBLE);
    assert_eq!(import(constant, "(global (mut i32))"), INCOMPATIBLE);
    let variable =
        |store: &mut Store| Extern::Global(store.global_new(MUTABLE, Val::I32(0)).unwrap());
    assert_eq!(import(variable, "(global (mut i32))"), "");
    assert_eq!(import(variable, "(global i32)"), INCOMPATIBLE);
}

#[test]
fn a_memory_matches_when_its_present_size_and_maximum_lie_in_the_limits() {
    let memory = |store: &mut Store| Extern::Memory(store.memory_new(ONE_PAGE).unwrap());
    for fitting in ["(memory 0)", "(memory 1)", "(memory 0 2)", "(memory 1 3)"] {
        assert_eq!(import(memory, fitting), "");
    }
    for other in ["(memory 2)", "(memory 0 1)", "(table 1 funcref)"] {
        assert_eq!(import(memory, other), INCOMPATIBLE);
    }
    let grown = |store: &mut Store| {
        let memory = store.memory_new(ONE_PAGE).unwrap();
        store.memory_grow(memory, 1).unwrap();
        Extern::Memory(memory)
    };
    assert_eq!(import(grown, "(memory 2 2)"), "");
    let unbounded = |store: &mut Store| {
        Extern::Memory(store.memory_new(MemoryType { minimum: 1, maximum: None }).unwrap())
    };
    assert_eq!(import(unbounded, "(memory 1)"), "");
    assert_eq!(import(unbounded, "(memory 1 65536)"), INCOMPATIBLE);
}

#[test]
fn a_table_matches_when_its_present_size_maximum_and_elements_fit() {
    let table = |store: &mut Store| Extern::Table(store.table_new(FUNCS).unwrap());
    for fitting in ["(table 2 funcref)", "(table 0 4 funcref)", "(table 1 5 funcref)"] {
        assert_eq!(import(table, fitting), "");
    }
    for other in ["(table 3 funcref)", "(table 2 3 funcref)", "(table 2 externref)", "(memory 1)"] {
        assert_eq!(import(table, other), INCOMPATIBLE);
    }
}

#[test]
fn a_missing_item_is_an_unknown_import() {
    let engine = engine();
    let mut store = Store::new(&engine);
    let module =
        module(&engine, r#"(module (import "env" "a" (global i32)) (import "env" "b" (func)))"#);
    let global = store.global_new(I32, Val::I32(0)).unwrap();
    let error = store.instantiate(&module, &[global.into()]).err().unwrap();
    assert_eq!(error.to_string(), "unknown import `env.b`");
    // As is one of another store.
    let error =
        store.instantiate(&module, &[global.into(), Func::of_host(5).into()]).err().unwrap();
    assert_eq!(error.to_string(), "unknown import `env.b`");
    let error = store.instantiate(&module, &[global.into(); 3]).err().unwrap();
    assert_eq!(error.to_string(), "more given than the 2 imports of the module");
    assert!(store.instances.is_empty());
}

#[test]
fn module_and_store_have_the_same_engine() {
    let mut store = Store::new(&engine());
    let error = store.instantiate(&module(&engine(), "(module)"), &[]).err();
    assert_eq!(error, Some(InstantiationError::OtherEngine));
}

#[test]
fn functions_resolved_before_are_taken_as_they_are() {
    let engine = engine();
    let mut store = Store::new(&engine);
    let module = module(
        &engine,
        r#"(module (import "env" "a" (func)) (import "env" "b" (func (param i32))))"#,
    );
    let a = store.host_func(FuncType::new(&[], &[]));
    let b = store.host_func(FuncType::new(&[ValType::I32], &[]));
    let instance = store.instantiate_resolved(&module, [a, b].into()).unwrap();
    assert_eq!(instance.func(&store, 1), Some(b));
    let error = store.instantiate_resolved(&module, [a].into()).err().unwrap();
    assert_eq!(error.to_string(), "unknown import `env.b`");
    let error = store.instantiate_resolved(&module, [a, b, b].into()).err().unwrap();
    assert_eq!(error, InstantiationError::TooManyImports { expected: 2 });
    let other = super::module(&engine, r#"(module (import "env" "m" (memory 1)))"#);
    let error = store.instantiate_resolved(&other, [a].into()).err().unwrap();
    assert_eq!(error.to_string(), "incompatible import type: `env.m` is of another type");
    let error = store.instantiate_resolved(&other, [].into()).err().unwrap();
    assert_eq!(error.to_string(), "incompatible import type: `env.m` is of another type");
}
