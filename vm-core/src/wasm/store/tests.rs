//! Stores and instances as an embedder sees them.
mod imports;
mod segments;

use alloc::string::ToString;
use alloc::vec::Vec;

use super::*;
use crate::wasm::{
    Config, Func, GasTank, Global, Instance, Memory, Module, Table, TableType, TrapCode, Val,
    ValType,
};

fn engine() -> Engine {
    Engine::new(Config::default())
}

fn module(engine: &Engine, text: &str) -> Module {
    Module::new(engine, &wat::parse_str(text).unwrap()).unwrap()
}

/// A store with an instance of a module that imports nothing.
fn instance(text: &str) -> (Store, Instance) {
    let engine = engine();
    let mut store = Store::new(&engine);
    let instance = store.instantiate(&module(&engine, text), &[]).unwrap();
    (store, instance)
}

fn memory_of(store: &Store, instance: Instance, len: usize) -> Vec<u8> {
    let mut bytes = alloc::vec![0xff; len];
    store.memory_read(instance.memory(store).unwrap(), 0, &mut bytes).unwrap();
    bytes
}

const I32: GlobalType = GlobalType { value: ValType::I32, mutable: false };
const MUTABLE: GlobalType = GlobalType { value: ValType::I32, mutable: true };
const FUNCS: TableType = TableType { element: ValType::FuncRef, minimum: 2, maximum: Some(4) };
const ONE_PAGE: MemoryType = MemoryType { minimum: 1, maximum: Some(2) };

#[test]
fn exports_are_found_by_name_and_listed_in_order() {
    let (store, instance) = instance(
        r#"(module (func (export "f")) (table (export "t") 1 funcref) (memory (export "m") 1)
            (global (export "g") i32 (i32.const 7)))"#,
    );
    let names: Vec<_> = instance.exports(&store).map(|(name, _)| name).collect();
    assert_eq!(names, ["f", "t", "m", "g"]);
    let global = instance.export(&store, "g").and_then(Extern::global).unwrap();
    assert_eq!(store.global_get(global), Some(Val::I32(7)));
    assert_eq!(instance.export(&store, "m"), instance.memory(&store).map(Extern::Memory));
    assert_eq!(instance.export(&store, "f"), instance.func(&store, 0).map(Extern::Func));
    assert_eq!(instance.export(&store, "x"), None);
    assert_eq!(instance.func(&store, 1), None);
}

#[test]
fn an_imported_function_is_itself_in_the_instance() {
    let engine = engine();
    let mut store = Store::new(&engine);
    let text =
        r#"(module (import "" "" (func)) (func) (export "a" (func 0)) (export "b" (func 1)))"#;
    let module = module(&engine, text);
    let host = store.host_func(FuncType::new(&[], &[]));
    let first = store.instantiate(&module, &[host.into()]).unwrap();
    assert_eq!(first.func(&store, 0), Some(host));
    let own = first.export(&store, "b").unwrap();
    let second = store.instantiate(&module, &[own]).unwrap();
    assert_eq!(second.export(&store, "a"), Some(own));
    assert_ne!(second.export(&store, "b"), Some(own));
}

#[test]
fn globals_are_evaluated_in_order_with_imported_ones() {
    let engine = engine();
    let mut store = Store::new(&engine);
    let text = r#"(module (import "" "" (global i32)) (func)
        (global (export "a") i32 (i32.add (global.get 0) (i32.const 2)))
        (global (export "b") (mut funcref) (ref.func 0))
        (export "c" (global 0)))"#;
    // Others before it, so that the instance's own globals do not start at zero.
    store.global_new(MUTABLE, Val::I32(1)).unwrap();
    let given = store.global_new(I32, Val::I32(40)).unwrap();
    let instance = store.instantiate(&module(&engine, text), &[given.into()]).unwrap();
    let global = |name| instance.export(&store, name).and_then(Extern::global).unwrap();
    assert_eq!(store.global_get(global("a")), Some(Val::I32(42)));
    assert_eq!(store.global_get(global("b")), Some(Val::FuncRef(instance.func(&store, 0))));
    assert_eq!(global("c"), given);
}

#[test]
fn the_start_function_is_named_and_not_run() {
    let (store, instance) = instance("(module (func unreachable) (start 0))");
    assert_eq!(instance.start(&store), instance.func(&store, 0));
    let (store, instance) = super::tests::instance("(module (func))");
    assert_eq!(instance.start(&store), None);
}

#[test]
fn only_mutable_globals_change_and_only_to_their_type() {
    let mut store = Store::new(&engine());
    let constant = store.global_new(I32, Val::I32(1)).unwrap();
    let variable = store.global_new(MUTABLE, Val::I32(-1)).unwrap();
    assert_eq!(store.global_set(constant, Val::I32(2)), Err(StoreError::Immutable));
    assert_eq!(store.global_set(variable, Val::I64(2)), Err(StoreError::TypeMismatch));
    assert_eq!(store.global_get(variable), Some(Val::I32(-1)));
    assert_eq!(store.global_set(variable, Val::I32(2)), Ok(()));
    assert_eq!(store.global_get(variable), Some(Val::I32(2)));
    assert_eq!(store.global_new(I32, Val::F32(0)), Err(StoreError::TypeMismatch));
}

#[test]
fn tables_hold_references_of_their_type_within_bounds() {
    let mut store = Store::new(&engine());
    let func = store.host_func(FuncType::new(&[], &[]));
    let table = store.table_new(FUNCS).unwrap();
    assert_eq!(store.table_size(table), Some(2));
    assert_eq!(store.table_get(table, 1), Some(Val::FuncRef(None)));
    assert_eq!(store.table_set(table, 1, Val::FuncRef(Some(func))), Ok(()));
    assert_eq!(store.table_get(table, 1), Some(Val::FuncRef(Some(func))));
    assert_eq!(store.table_get(table, 2), None);
    assert_eq!(store.table_set(table, 2, Val::FuncRef(None)), Err(StoreError::OutOfBounds));
    assert_eq!(store.table_set(table, 0, Val::ExternRef(None)), Err(StoreError::TypeMismatch));
    let externals = store.table_new(TableType { element: ValType::ExternRef, ..FUNCS }).unwrap();
    store.table_set(externals, 0, Val::ExternRef(Some(u32::MAX))).unwrap();
    assert_eq!(store.table_get(externals, 0), Some(Val::ExternRef(Some(u32::MAX))));
}

#[test]
fn sizes_beyond_a_limit_are_refused() {
    let mut store = Store::new(&engine());
    let memory = |minimum, maximum| MemoryType { minimum, maximum };
    assert_eq!(store.memory_new(memory(65_537, None)), Err(StoreError::TooLarge));
    assert_eq!(store.memory_new(memory(2, Some(1))), Err(StoreError::TooLarge));
    let table = |minimum, maximum| TableType { element: ValType::FuncRef, minimum, maximum };
    assert_eq!(store.table_new(table(u32::MAX, None)), Err(StoreError::TooLarge));
    assert_eq!(store.table_new(table(2, Some(1))), Err(StoreError::TooLarge));
    let numbers = TableType { element: ValType::I32, minimum: 0, maximum: None };
    assert_eq!(store.table_new(numbers), Err(StoreError::TypeMismatch));
}

#[test]
fn memory_is_read_and_written_within_bounds() {
    let mut store = Store::new(&engine());
    let memory = store.memory_new(ONE_PAGE).unwrap();
    store.memory_write(memory, 65_534, &[1, 2]).unwrap();
    assert_eq!(store.memory_slice(memory, 65_533, 3), Ok(&[0, 1, 2][..]));
    assert_eq!(store.memory_slice(memory, 65_533, 4), Err(OutOfBounds));
    assert_eq!(store.memory_slice(memory, u64::MAX, 2), Err(OutOfBounds));
    assert_eq!(store.memory_slice(memory, 65_536, 0), Ok(&[][..]));
    assert_eq!(store.memory_write(memory, 65_535, &[3, 4]), Err(OutOfBounds));
    assert_eq!(store.memory_grow(memory, 1), Some(1));
    assert_eq!(store.memory_grow(memory, 1), None);
    assert_eq!(store.memory_size(memory), Some(2));
    store.memory_slice_mut(memory, 131_071, 1).unwrap()[0] = 9;
    let mut byte = [0];
    store.memory_read(memory, 131_071, &mut byte).unwrap();
    assert_eq!(byte, [9]);
}

#[test]
fn handles_of_another_store_give_errors() {
    let mut gas = GasTank::new(u64::MAX);
    let engine = engine();
    let (other, instance) = instance(r#"(module (func) (memory 1) (table 1 funcref) (start 0))"#);
    let mut store = Store::new(&engine);
    let func = instance.func(&other, 0).unwrap();
    assert_eq!(store.func_type(func), None);
    assert_eq!(store.func_type(Func::of_host(0)), None);
    assert_eq!((instance.module(&store).is_some(), instance.memory(&store)), (false, None));
    assert_eq!((instance.start(&store), instance.func(&store, 0)), (None, None));
    assert_eq!(instance.exports(&store).count(), 0);
    assert_eq!(store.memory_slice(Memory(0), 0, 0), Err(OutOfBounds));
    assert_eq!(store.memory_read(Memory(0), 0, &mut []), Err(OutOfBounds));
    assert_eq!((store.memory_size(Memory(0)), store.memory_grow(Memory(0), 0)), (None, None));
    assert_eq!((store.table_get(Table(0), 0), store.table_size(Table(0))), (None, None));
    assert_eq!(store.table_set(Table(0), 0, Val::FuncRef(None)), Err(StoreError::UnknownHandle));
    assert_eq!(store.global_get(Global(0)), None);
    assert_eq!(store.global_set(Global(0), Val::I32(0)), Err(StoreError::UnknownHandle));
    let table = store.table_new(FUNCS).unwrap();
    assert_eq!(store.table_set(table, 0, Val::FuncRef(Some(func))), Err(StoreError::UnknownHandle));
    let ty = GlobalType { value: ValType::FuncRef, mutable: false };
    assert_eq!(store.global_new(ty, Val::FuncRef(Some(func))), Err(StoreError::UnknownHandle));
    assert_eq!(store.table_init(instance, 0, 0, 0, 0, 0), Err(TrapCode::TableOutOfBounds));
    assert_eq!(store.memory_init(instance, 0, 0, 0, 0, &mut gas), Err(TrapCode::MemoryOutOfBounds));
    store.elem_drop(instance, 0);
    store.data_drop(instance, 0);
}

#[test]
fn a_store_may_have_host_functions_from_the_start() {
    let types = [FuncType::new(&[], &[]), FuncType::new(&[ValType::I32], &[])];
    let mut store = Store::with_host_funcs(&engine(), types.clone().into());
    let later = store.host_func(FuncType::new(&[], &[ValType::I64]));
    assert_eq!(later.host_number(), Some(2));
    assert_eq!(store.func_type(Func::of_host(1)), Some(&types[1]));
    assert_eq!(store.func_type(later), Some(&FuncType::new(&[], &[ValType::I64])));
    assert_eq!(store.func_type(Func::of_host(3)), None);
}

#[test]
fn an_instance_of_a_huge_memory_and_table_needs_no_room() {
    let (store, instance) = instance("(module (memory 65536) (table 10000000 funcref))");
    assert_eq!(store.memories[0].capacity(), 0);
    assert_eq!(store.table_get(Table(0), 9_999_999), Some(Val::FuncRef(None)));
    assert_eq!(memory_of(&store, instance, 4), [0; 4]);
}
