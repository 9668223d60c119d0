//! What is computed when a module is parsed, so that its instances need not.
use super::*;
use crate::wasm::module::ConstExpr;
use crate::wasm::{Extern, GlobalType, StartWork, Store, Table, Val};

fn work(text: &str) -> StartWork {
    module(text).unwrap().start_work()
}

fn expressions(text: &str) -> Vec<String> {
    let name = |expr: &ConstExpr| match expr {
        ConstExpr::Value(value) => value.to_string(),
        ConstExpr::Global(index) => alloc::format!("global {index}"),
        ConstExpr::FuncRef(index) => alloc::format!("function {index}"),
        ConstExpr::Postfix(operations) => alloc::format!("{} operations", operations.len()),
    };
    module(text).unwrap().0.global_inits.iter().map(name).collect()
}

#[test]
fn expressions_on_constants_become_one_value() {
    let sum = "(i64.add ".repeat(10_000) + "(i64.const 0)" + &"(i64.const 2))".repeat(10_000);
    assert_eq!(expressions(&alloc::format!("(module (global i64 {sum}))")), ["20000"]);
    let high = "(i64.add (i64.const 2) ".repeat(1000) + "(i64.const 0)" + &")".repeat(1000);
    assert_eq!(expressions(&alloc::format!("(module (global i64 {high}))")), ["2000"]);
}

#[test]
fn of_expressions_on_imported_globals_that_is_left_which_depends_on_them() {
    let found = expressions(
        r#"(module (import "" "g" (global i32)) (func)
            (global i32 (global.get 0))
            (global i32 (i32.add (global.get 0)
                (i32.mul (i32.const 3) (i32.add (i32.const 1) (i32.const 1)))))
            (global i32 (i32.sub (i32.sub (i32.const 9) (i32.const 2)) (global.get 0)))
            (global funcref (ref.func 0)) (global funcref (ref.null func)))"#,
    );
    assert_eq!(found, ["global 0", "3 operations", "3 operations", "function 0", "0"]);
}

#[test]
fn work_is_that_of_globals_tables_segments_and_imports() {
    assert_eq!(work("(module)"), StartWork::default());
    let found = work(
        r#"(module (import "" "f" (func)) (import "" "g" (global i32))
            (import "" "t" (table 5 funcref))
            (func) (memory 1) (table 100 funcref) (table 7 externref)
            (global i64 (i64.const 1)) (global i32 (i32.add (global.get 0) (i32.const 1)))
            (elem (table 0) (i32.const 0) func 0 1 1) (elem (table 1) (global.get 0) func 0 1)
            (elem func 0 1) (elem declare func 1)
            (data (i32.const 0) "four") (data (i32.add (global.get 0) (i32.const 1)) "a")
            (data "passive"))"#,
    );
    let expected = StartWork {
        imports: 3,
        globals: 1 + 3 + 2,
        table_elements: 107,
        active_segments: 4,
        active_items: 5,
        active_data_bytes: 5,
    };
    assert_eq!(found, expected);
    assert_eq!(found.units(), 6 * 6 + 107 + 5 + 1 + 7 * 16);
}

#[test]
fn items_that_overwrite_each_other_are_copied_once() {
    let segment = alloc::format!("(elem (i32.const 0) {})", "0 0 0 0 ".repeat(250));
    let text = alloc::format!("(module (func) (table 4096 funcref) {})", segment.repeat(40));
    assert_eq!(work(&text).active_items, 1000);
    // Items far from each other are copied one by one.
    assert_eq!(
        work("(module (func) (table 4096 funcref) (elem (i32.const 4000) 0))").active_items,
        1
    );
    let imported = r#"(module (import "" "t" (table 3 funcref)) (func) (elem (i32.const 0) 0 0)
        (elem (i32.const 0) 0 0 0))"#;
    assert_eq!(work(imported).active_items, 5);
}

#[test]
fn nothing_is_copied_when_a_segment_is_known_to_be_out_of_bounds() {
    let engine = engine();
    let text = r#"(module (memory 1) (func) (table 2 funcref) (data (i32.const 0) "a")
        (elem (i32.const 0) 0 0) (elem func 0) (elem (i32.const 1) 0 0) (elem (i32.const 9) 0))"#;
    let module = Module::new(&engine, &binary(text)).unwrap();
    assert_eq!(module.start_work(), StartWork { table_elements: 2, ..StartWork::default() });
    let error = Store::new(&engine).instantiate(&module, &[]).err();
    let code = crate::wasm::TrapCode::TableOutOfBounds;
    assert_eq!(error, Some(crate::wasm::InstantiationError::Segment { code, segment: 2 }));
}

#[test]
fn tables_hold_what_their_segments_leave_in_order() {
    let engine = engine();
    let text = r#"(module (import "" "f" (func)) (import "" "g" (global funcref))
        (func) (func) (table 12 funcref)
        (elem (i32.const 1) 1 1 1) (elem (i32.const 2) funcref (ref.null func) (global.get 0))
        (elem (i32.const 5) 0 2)
        (elem (i32.const 5)))"#;
    let module = Module::new(&engine, &binary(text)).unwrap();
    assert_eq!(module.0.table_images[0].as_ref().map(|image| image.len()), Some(7));
    let mut store = Store::new(&engine);
    let host = store.host_func(FuncType::new(&[], &[]));
    let held = store.host_func(FuncType::new(&[], &[]));
    let ty = GlobalType { value: ValType::FuncRef, mutable: false };
    let global = store.global_new(ty, Val::FuncRef(Some(held))).unwrap();
    let instance =
        store.instantiate(&module, &[Extern::Func(host), Extern::Global(global)]).unwrap();
    let own = |index| instance.func(&store, index);
    let expected = [None, own(1), None, Some(held), None, Some(host), own(2), None];
    for (index, func) in (0..).zip(expected) {
        assert_eq!(store.table_get(Table(0), index), Some(Val::FuncRef(func)), "element {index}");
    }
    assert_eq!(store.table_get(Table(0), 11), Some(Val::FuncRef(None)));
    assert_eq!(store.table_get(Table(0), 12), None);
}
