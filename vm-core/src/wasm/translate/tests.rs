//! Where operands are when blocks of many values begin and end.
use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

use crate::wasm::{Config, Engine, Event, Execution, Extern, GasTank, Module, Store, Val};

/// What a function of three parameters, one more local and three results gives, called with 10, 20 and 30.
fn run(body: &str) -> Vec<Val> {
    let text = format!(
        "(module
            (func $three (result i32 i32 i32) i32.const 1 i32.const 2 i32.const 3)
            (func (export \"main\") (param i32 i32 i32) (result i32 i32 i32) (local i32) {body}))"
    );
    let engine = Engine::new(Config::default());
    let module =
        Module::new(&engine, &wat::parse_str(&text).unwrap()).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let mut store = Store::new(&engine);
    let instance = store.instantiate(&module, &[]).unwrap();
    let main = instance.export(&store, "main").and_then(Extern::func).unwrap();
    let args = [10, 20, 30].map(Val::I32);
    let mut execution = Execution::new(&store, main, &args, GasTank::new(1_000_000)).unwrap();
    let event = execution.run(&mut store);
    assert!(matches!(event, Event::Finished), "{event:?}\n{text}");
    execution.results()
}

#[test]
fn operands_of_blocks_are_where_the_code_expects_them() {
    const WIDE: &str = "(param i32 i32 i32) (result i32 i32 i32)";
    let cases = [
        // At home already, again and again.
        (format!("call $three block {WIDE} end loop {WIDE} end block {WIDE} br 0 end"), [1, 2, 3]),
        // In locals, which are written inside.
        (format!("local.get 0 local.get 1 local.get 2 block {WIDE} i32.const 7 local.set 1 end"), [10, 20, 30]),
        (format!("local.get 0 i32.const 5 local.get 0 loop {WIDE} i32.const 7 local.set 0 end"), [10, 5, 10]),
        // Below what is at home there is something that is not.
        (
            format!("i32.const 5 local.get 1 call $three drop i32.add block {WIDE} i32.const 8 local.set 1 end"),
            [5, 20, 3],
        ),
        // A pending addition, and what was narrowed.
        (
            format!("local.get 0 i32.const 1 i32.add i64.const 4294967299 i32.wrap_i64 local.get 2 block {WIDE} end"),
            [11, 3, 30],
        ),
        // More operands than results where a branch leaves: they are gone at the end.
        ("i32.const 5 block (result i32 i32) call $three br 0 end".into(), [5, 2, 3]),
        ("i32.const 5 block (result i32) call $three br 0 end i32.const 6".into(), [5, 3, 6]),
        ("block (result i32) call $three br 0 end local.get 1 local.get 0".into(), [3, 20, 10]),
        // The same, where somebody else has come with as many as there are results.
        (
            "block (result i32 i32) i32.const 4 i32.const 8 local.get 0 br_if 0 drop drop call $three br 0 end local.get 1".into(),
            [4, 8, 20],
        ),
        // Both ways through an `if`, with more operands left on one of them.
        (format!("call $three local.get 0 if {WIDE} drop local.get 1 else drop i32.const 9 end"), [1, 2, 20]),
        (format!("call $three local.get 3 if {WIDE} call $three br 0 else drop i32.const 9 end"), [1, 2, 9]),
        (format!("call $three local.get 0 if {WIDE} call $three br 0 else drop i32.const 9 end"), [1, 2, 3]),
        // Nothing comes to the end of the inner block.
        ("block (result i32 i32 i32) block (result i32) call $three br 1 end unreachable end".into(), [1, 2, 3]),
        // Popped, and pushed anew as something else.
        (
            format!(
                "call $three drop drop drop local.get 2 local.get 1 i32.const 4 block {WIDE} i32.const 0 local.set 2 end"
            ),
            [30, 20, 4],
        ),
    ];
    for (body, expected) in cases {
        assert_eq!(run(&body), expected.map(Val::I32).to_vec(), "{body}");
    }
    assert_eq!(run("call $three"), vec![Val::I32(1), Val::I32(2), Val::I32(3)]);
}
