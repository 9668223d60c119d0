//! One test per limit: at the limit a module is valid, one beyond it is refused, and so it is when
//! trusted where the limit concerns the sections.
use super::*;

/// Sets a limit to the greatest value that refuses the module, and to the least that accepts it.
/// Limits of function bodies do not concern trusted modules.
fn check(text: &str, what: &str, least: u32, in_bodies: bool, set: impl Fn(&mut Limits, u32)) {
    let bytes = binary(text);
    Module::new(&with_limits(|limits| set(limits, least)), &bytes).unwrap();
    let tight = with_limits(|limits| set(limits, least - 1));
    let mut errors = vec![Module::new(&tight, &bytes).err()];
    if !in_bodies {
        errors.push(Module::new_trusted(&tight, Arc::<[u8]>::from(bytes)).err());
    }
    for error in errors {
        let Some(ModuleError::LimitExceeded { what: found, limit, .. }) = error else {
            panic!("{text}: {error:?}");
        };
        assert_eq!((found, limit), (what, u64::from(least - 1)));
    }
}

#[test]
fn module_size() {
    check("(module)", "bytes of a module", 8, false, |limits, value| limits.module_size = value);
}

#[test]
fn function_size() {
    check("(module (func nop))", "bytes of a function body", 3, false, |limits, value| {
        limits.function_size = value
    });
}

#[test]
fn functions() {
    let text = r#"(module (import "" "" (func)) (func) (func))"#;
    check(text, "functions", 3, false, |limits, value| limits.functions = value);
    check(r#"(module (import "" "" (func)))"#, "functions", 1, false, |limits, value| {
        limits.functions = value
    });
}

#[test]
fn types() {
    check("(module (type (func)) (type (func)))", "types", 2, false, |limits, value| {
        limits.types = value
    });
}

#[test]
fn imports() {
    let text = r#"(module (import "" "" (func)) (import "" "" (global i32)))"#;
    check(text, "imports", 2, false, |limits, value| limits.imports = value);
}

#[test]
fn exports() {
    let text = r#"(module (func (export "a") (export "b")))"#;
    check(text, "exports", 2, false, |limits, value| limits.exports = value);
}

#[test]
fn globals() {
    let text = r#"(module (import "" "" (global i32)) (global i32 (i32.const 0)))"#;
    check(text, "globals", 2, false, |limits, value| limits.globals = value);
}

#[test]
fn tables() {
    let text = r#"(module (import "" "" (table 0 funcref)) (table 0 funcref))"#;
    check(text, "tables", 2, false, |limits, value| limits.tables = value);
}

#[test]
fn element_segments() {
    let text = "(module (elem func) (elem func))";
    check(text, "element segments", 2, false, |limits, value| limits.element_segments = value);
}

#[test]
fn data_segments() {
    let text = r#"(module (data "") (data ""))"#;
    check(text, "data segments", 2, false, |limits, value| limits.data_segments = value);
}

#[test]
fn params() {
    check("(module (type (func (param i32 i32))))", "parameters", 2, false, |limits, value| {
        limits.params = value
    });
}

#[test]
fn results() {
    check("(module (type (func (result i32 i32))))", "results", 2, false, |limits, value| {
        limits.results = value
    });
}

#[test]
fn locals_count_parameters() {
    let text = "(module (func (param i32) (local i32 i64 i32)))";
    check(text, "locals of a function", 4, true, |limits, value| limits.locals = value);
}

#[test]
fn frame_slots_are_locals_and_the_greatest_operand_height() {
    let text = "(module (func (param i32) (local i32) i32.const 0 i32.const 0 i32.add drop))";
    check(text, "slots of a frame", 4, true, |limits, value| limits.frame_slots = value);
    check("(module (func (local i32)))", "slots of a frame", 1, true, |limits, value| {
        limits.frame_slots = value
    });
}

#[test]
fn nesting() {
    let text = "(module (func block loop end end block end))";
    check(text, "nested blocks", 2, true, |limits, value| limits.nesting = value);
}

#[test]
fn br_table_targets() {
    let text = "(module (func i32.const 0 br_table 0 0 0 0))";
    check(text, "targets of a br_table", 3, true, |limits, value| limits.br_table_targets = value);
}

#[test]
fn memory_pages() {
    check("(module (memory 2))", "pages of memory", 2, false, |limits, value| {
        limits.memory_pages = value
    });
    let text = r#"(module (import "" "" (memory 2)))"#;
    check(text, "pages of memory", 2, false, |limits, value| limits.memory_pages = value);
    let engine = with_limits(|limits| limits.memory_pages = 2);
    Module::new(&engine, &binary("(module (memory 2 65536))")).unwrap();
}

#[test]
fn table_elements() {
    let text = "(module (table 2 funcref))";
    check(text, "elements of a table", 2, false, |limits, value| limits.table_elements = value);
}
