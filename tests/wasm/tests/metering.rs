//! The gas that our engine charges is that of the definition, which `metering` writes down a second
//! time.
use std::fs;

use tephra_core::wasm::{Config, InstructionCosts, TrapCode, Val};
use tephra_wasm_tests::machine::{Extern, Instance, Machine};
use tephra_wasm_tests::metering_check::{check, costs};
use tephra_wasm_tests::{generate, shared, text};

/// Generated modules that are compared.
const MODULES: u64 = 200;

#[test]
fn generated_modules_cost_what_the_definition_says() {
    let mut compared = 0;
    let mut differences = Vec::new();
    for seed in 1_000_000..1_000_000 + MODULES {
        match check(&generate::from_seed(seed)) {
            Ok(calls) => compared += calls,
            Err(difference) => differences.push(format!("seed {seed}: {difference}")),
        }
    }
    println!("{compared} calls compared");
    assert!(
        differences.is_empty(),
        "{} differences\n{}",
        differences.len(),
        differences.join("\n")
    );
    assert!(compared as u64 > 3 * MODULES, "only {compared} calls were compared");
}

/// Functions whose gas is compared, for each thing that the definition speaks of.
const FUNCTIONS: &[(&str, &str)] = &[
    ("an empty function", "(func (export \"f\"))"),
    ("declared locals", "(func (export \"f\") (param i32) (local i32 i64) (local f32))"),
    (
        "a block",
        "(func (export \"f\") (result i32) (block (result i32) (i32.const 1)) \
         (i32.const 2) i32.add)",
    ),
    (
        "if and else",
        "(func (export \"f\") (param i32) (result i32) (if (result i32) (local.get 0) \
         (then (i32.const 1)) (else (i32.const 2) (i32.const 3) i32.mul)))",
    ),
    (
        "if without else",
        "(func (export \"f\") (param i32) (if (local.get 0) (then (drop (i32.const 1)))) \
         (drop (i32.const 2)))",
    ),
    (
        "a loop",
        "(func (export \"f\") (param i32) (local i32) (local.set 1 (i32.and (local.get 0) \
         (i32.const 7))) (loop (local.set 1 (i32.sub (local.get 1) (i32.const 1))) \
         (br_if 0 (i32.gt_s (local.get 1) (i32.const 0)))))",
    ),
    (
        "a loop with parameters",
        "(func (export \"f\") (param i32) (result i32) (i32.and (local.get 0) (i32.const 7)) \
         (loop (param i32) (result i32) (i32.const 1) i32.sub (local.tee 0) (local.get 0) \
         (i32.const 0) i32.gt_s (br_if 0)))",
    ),
    (
        "br with values",
        "(func (export \"f\") (result i32 i64 f32) (block (result i32 i64 f32) (br 0 (i32.const 1) \
         (i64.const 2) (f32.const 3))))",
    ),
    (
        "br_if with values",
        "(func (export \"f\") (param i32) (result i64 i64) (block (result i64 i64) (i64.const 1) \
         (i64.const 2) (br_if 0 (local.get 0)) (drop) (i64.const 3)))",
    ),
    (
        "br_table",
        "(func (export \"f\") (param i32) (block (block (block (br_table 0 1 2 (local.get 0))) \
         (drop (i32.const 1)) (return)) (drop (i64.mul (i64.const 1) (i64.const 2)))))",
    ),
    (
        "br_table with values",
        "(func (export \"f\") (param i32) (result i32) (block (result i32) (block (result i32) \
         (br_table 0 1 (i32.const 7) (local.get 0))) (i32.const 1) i32.add))",
    ),
    (
        "return with values",
        "(func (export \"f\") (result i32 i32) (return (i32.const 1) (i32.const 2)))",
    ),
    (
        "return from a block",
        "(func (export \"f\") (param i32) (result i32) (block (br_if 0 (local.get 0)) \
         (return (i32.const 1))) (i32.const 2))",
    ),
    (
        "what follows a branch",
        "(func (export \"f\") (block (br 0) (drop (i32.const 1)) (block (drop (i32.const 2)))) \
         (drop (i32.const 3)))",
    ),
    (
        "what follows unreachable",
        "(func (export \"f\") (drop (i32.const 1)) unreachable (drop (i32.mul (i32.const 2) \
         (i32.const 3))) (block (drop (i32.const 2))))",
    ),
    (
        "what follows a tail call",
        "(func $g (result i32) (i32.const 1)) (func (export \"f\") (result i32) (return_call $g) \
         (drop (i32.mul (i32.const 2) (i32.const 3))) (i32.const 1))",
    ),
    (
        "a trap in the midst of a segment",
        "(func (export \"f\") (param i32) (result i32) (i32.div_u (i32.const 1) (local.get 0)) \
         (i32.const 1) i32.add)",
    ),
    (
        "a call",
        "(func $g (param i32) (result i32) (local i64) (local.get 0)) (func (export \"f\") \
         (result i32) (call $g (i32.const 1)) (i32.const 1) i32.add)",
    ),
    (
        "an indirect call",
        "(type $t (func (result i32))) (table funcref (elem $g)) (func $g (result i32) \
         (i32.const 1)) (func (export \"f\") (param i32) (result i32) (call_indirect (type $t) \
         (local.get 0)))",
    ),
    (
        "a tail call",
        "(func $g (param i32) (result i32) (if (result i32) (local.get 0) \
         (then (return_call $g (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const 0)))) \
         (func (export \"f\") (result i32) (return_call $g (i32.const 5)))",
    ),
    (
        "an indirect tail call",
        "(type $t (func (result i32))) (table funcref (elem $g)) (func $g (result i32) \
         (i32.const 1)) (func (export \"f\") (param i32) (result i32) (return_call_indirect \
         (type $t) (local.get 0)))",
    ),
    (
        "globals",
        "(global $g (mut i32) (i32.const 1)) (func (export \"f\") (global.set $g \
         (i32.add (global.get $g) (i32.const 1))))",
    ),
    (
        "select",
        "(func (export \"f\") (param i32) (result i32) (select (i32.const 1) (i32.const 2) \
         (local.get 0)) (drop) (select (result i32) (i32.const 1) (i32.const 2) (local.get 0)))",
    ),
    (
        "integer arithmetic",
        "(func (export \"f\") (param i64) (result i64) (local.get 0) (i64.const 3) i64.shl \
         (i64.const 3) i64.rotr i64.clz i64.ctz i64.popcnt (i64.const 7) i64.div_u \
         (i64.const 5) i64.rem_s (i64.const 2) i64.mul \
         (i64.const 2) i64.xor i64.extend8_s i64.eqz i64.extend_i32_u i32.wrap_i64 \
         i64.extend_i32_s)",
    ),
    (
        "floats",
        "(func (export \"f\") (param f64) (result f64) (f64.sqrt (f64.add (local.get 0) \
         (f64.const 1))) i64.reinterpret_f64 f64.reinterpret_i64 f32.demote_f64 f64.promote_f32 \
         i32.trunc_sat_f64_s f64.convert_i32_u (f64.const 1) f64.copysign \
         (f64.const 2) f64.lt f64.convert_i32_s)",
    ),
    (
        "loads and stores",
        "(memory 1) (func (export \"f\") (param i32) (result i64) (i64.store8 (i32.const 1) \
         (i64.const 2)) (f32.store (i32.const 1) (f32.const 2)) \
         (drop (f64.load offset=3 (i32.const 2))) (i64.load32_u (local.get 0)))",
    ),
    (
        "size and growth of memory",
        "(memory 1 3) (func (export \"f\") (param i32) (result i32) (drop (memory.size)) \
         (drop (memory.grow (i32.const 1))) (drop (memory.grow (i32.const 100))) \
         (memory.grow (i32.and (local.get 0) (i32.const 0xffff))))",
    ),
    (
        "bulk memory",
        "(memory 1) (data $d \"abcdef\") (func (export \"f\") (param i32) \
         (memory.fill (i32.const 1) (i32.const 2) (i32.const 300)) (memory.copy (i32.const 1) \
         (i32.const 2) (i32.const 30)) (memory.init $d (i32.const 0) (i32.const 1) (i32.const 3)) \
         (data.drop $d) (memory.fill (local.get 0) (i32.const 2) (i32.const 300)))",
    ),
    (
        "bulk memory of no bytes",
        "(memory 1) (func (export \"f\") (param i32) (memory.fill (i32.const 1) (i32.const 2) \
         (i32.const 0)) (memory.copy (i32.const 1) (i32.const 2) (i32.const 0)))",
    ),
    (
        "bulk memory out of bounds",
        "(memory 1) (func (export \"f\") (memory.fill (i32.const 1) (i32.const 2) \
         (i32.const 70000)))",
    ),
    (
        "what memory reaches by loads and stores",
        "(memory 1) (func (export \"f\") (param i32) (drop (i32.load8_u (i32.const 1023))) \
         (drop (i64.load (i32.const 1017))) (i64.store32 offset=3 (i32.const 5000) (i64.const 1)) \
         (f64.store (i32.const 4000) (f64.const 1)) (f32.store (i32.const 9213) (f32.const 1)) \
         (drop (i32.load16_s (i32.and (local.get 0) (i32.const 0xffff)))) \
         (drop (i32.load (i32.const 65533))))",
    ),
    (
        "what memory reaches by bulk instructions",
        "(memory 1) (data $d \"abcdef\") (func (export \"f\") (param i32) \
         (memory.fill (i32.const 1020) (i32.const 0) (i32.const 5)) (memory.copy (i32.const 0) \
         (i32.const 5000) (i32.const 121)) (memory.copy (i32.const 9000) (i32.const 0) \
         (i32.const 300)) (memory.init $d (i32.const 10238) (i32.const 1) (i32.const 3)) \
         (memory.fill (i32.and (local.get 0) (i32.const 0xffff)) (i32.const 1) (i32.const 9)) \
         (data.drop $d) (memory.init $d (i32.const 60000) (i32.const 0) (i32.const 1)))",
    ),
    (
        "a segment that memory.init leaves",
        "(memory 1) (data $d \"abcdef\") (func (export \"f\") (memory.init $d (i32.const 60000) \
         (i32.const 4) (i32.const 3)))",
    ),
    (
        "memory that data segments reach",
        "(memory 1) (data (i32.const 3000) \"abc\") (data (i32.add (i32.const 1000) \
         (i32.const 24)) \"abc\") (data (i32.const 60000) \"\") (func (export \"f\") \
         (i32.store (i32.const 3000) (i32.const 1)) (i32.store (i32.const 3070) (i32.const 1)))",
    ),
    (
        "memory that is reached after it has grown",
        "(memory 1 4) (func (export \"f\") (param i32) (i32.store8 (i32.const 65535) \
         (i32.const 1)) (drop (memory.grow (i32.const 1))) (i32.store (i32.const 65600) \
         (local.get 0)) (memory.fill (i32.const 131000) (i32.const 0) (i32.const 73)))",
    ),
    (
        "tables",
        "(table $t 5 20 externref) (elem $e externref (ref.null extern) (ref.null extern)) \
         (func (export \"f\") (param externref) (drop (table.size $t)) (table.set $t (i32.const 1) \
         (local.get 0)) (drop (ref.is_null (table.get $t (i32.const 1)))) \
         (drop (table.grow $t (ref.null extern) (i32.const 3))) (table.fill $t (i32.const 0) \
         (local.get 0) (i32.const 4)) (table.copy $t $t (i32.const 0) (i32.const 1) (i32.const 2)) \
         (table.init $t $e (i32.const 0) (i32.const 0) (i32.const 2)) (elem.drop $e))",
    ),
    (
        "references to functions",
        "(elem declare func $f) (func $f (export \"f\") (drop (ref.is_null (ref.func $f))) \
         (drop (ref.null func)))",
    ),
    (
        "a start function",
        "(memory 2) (start $s) (func $s (i32.store (i32.const 0) (i32.const 1))) \
         (func (export \"f\"))",
    ),
];

#[test]
fn everything_that_the_definition_speaks_of_costs_what_it_says() {
    let mut differences = Vec::new();
    for (what, fields) in FUNCTIONS {
        let module = text::assemble(&format!("(module {fields})"))
            .unwrap_or_else(|error| panic!("{what}: {error}"));
        match check(&module) {
            // The instantiation and three calls, and some of them with less gas.
            Ok(compared) => assert!(compared >= 4, "{what}"),
            Err(difference) => differences.push(format!("{what}: {difference}")),
        }
    }
    assert!(
        differences.is_empty(),
        "{} differences\n{}",
        differences.len(),
        differences.join("\n")
    );
}

#[test]
fn expensive_segments_are_split() {
    let fills =
        "(memory.fill (i32.const 0) (local.get 0) (i32.const 2)) (i32.store8 (i32.const 5) \
         (i32.const 6))"
            .repeat(100);
    let locals = "i64 ".repeat(40_000);
    for fields in [
        format!("(memory 1) (func (export \"f\") (param i32) {fills})"),
        format!(
            "(memory 1) (func (export \"f\") (param i32) (block (br_if 0 (local.get 0)) {fills}))"
        ),
        format!(
            "(memory 1) (func (export \"f\") (param i32) (local {locals}) (i32.store (i32.const 5) \
             (i32.const 6)))"
        ),
    ] {
        let module = text::assemble(&format!("(module {fields})")).unwrap();
        let compared = check(&module).unwrap_or_else(|difference| panic!("{difference}"));
        assert!(compared >= 4);
    }
}

#[test]
fn a_gas_limit_is_enough_exactly_when_it_covers_what_is_used() {
    for (what, fields) in FUNCTIONS {
        let bytes = text::assemble(&format!("(module {fields})")).unwrap();
        let run = |gas| {
            let mut machine = Machine::new(Config { costs: costs(), ..Config::default() }, gas);
            let module = machine.compile(&bytes).unwrap();
            let instance = match machine.instantiate(&module, |_, _, _| None) {
                Ok(instance) => instance,
                Err(failure) => panic!("{what}: {failure}"),
            };
            call_f(&mut machine, instance)
        };
        // A start function runs with a limit of its own.
        if what.contains("start") {
            continue;
        }
        let (ending, used) = run(1 << 40);
        assert_eq!(run(used), (ending, used), "{what}: with exactly as much as it uses");
        if used > 0 {
            let (ending, _) = run(used - 1);
            assert_eq!(ending, Err(TrapCode::OutOfGas), "{what}: with less than it uses");
        }
    }
}

fn call_f(machine: &mut Machine, instance: Instance) -> (Result<Vec<Val>, TrapCode>, u64) {
    let Some(Extern::Func(func)) = machine.export(instance, "f") else { panic!("no function f") };
    let params = machine.store.func_type(func).unwrap().params().to_vec();
    let args: Vec<Val> = params.into_iter().map(|ty| Val::from_slot(ty, 0)).collect();
    let ending = machine.call(func, &args);
    (ending, machine.used())
}

#[test]
fn the_contracts_without_imports_cost_what_the_definition_says() {
    let Some(directory) = shared::directory("bench/pure") else { return };
    let mut compared = 0;
    for path in shared::files(&directory, "wasm") {
        let module = fs::read(&path).unwrap();
        compared +=
            check(&module).unwrap_or_else(|difference| panic!("{}: {difference}", path.display()));
    }
    println!("{compared} calls compared");
    assert!(compared > 10);
}

#[test]
fn metering_off_charges_nothing() {
    let bytes = text::assemble(
        "(module (memory 1) (func (export \"f\") (result i32) \
         (memory.fill (i32.const 0) (i32.const 1) (i32.const 9)) \
         (memory.grow (i32.const 2))))",
    )
    .unwrap();
    let mut machine =
        Machine::new(Config { costs: InstructionCosts::FREE, ..Config::default() }, 0);
    let module = machine.compile(&bytes).unwrap();
    let instance = machine.instantiate(&module, |_, _, _| None).unwrap();
    assert_eq!(call_f(&mut machine, instance), (Ok(vec![Val::I32(1)]), 0));
}
