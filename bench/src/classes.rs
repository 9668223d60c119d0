//! Time per gas, instruction class by instruction class: one unit of gas should cost about the same
//! time whatever it buys.
//!
//! Each class is measured by a loop over a short sequence of its slowest instructions, with the
//! others that they need: what a contract could buy.
use std::collections::BTreeMap;
use std::time::Instant;

use tephra_bench_report::statistics::median;
use tephra_core::wasm::{Config, Engine, Event, Execution, Extern, GasTank, Module, Store, Val};

use crate::error::{Error, Result};

/// A class of [`InstructionCosts`](tephra_core::wasm::InstructionCosts), what of it where it has
/// several things to show, and a sequence of instructions. `$x` and `$y` are locals of 32 bits,
/// `$a` and `$b` of 64, `$f` is a float; `$x` stays small.
const CLASSES: &[(&str, &str)] = &[
    (
        "constant",
        "(drop (call $many (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4) (i32.const 5) \
         (i32.const 6)))",
    ),
    (
        "constant, two operands",
        "(local.set $a (i64.shl (i64.const 0x123456789abcdef) \
         (i64.const 0x123456789abcdef)))",
    ),
    (
        "constant, wide operands",
        "(local.set $a (i64.shl (i64.shl (i64.shl (i64.shl (local.get $a) \
         (i64.const 0x123456789abcdef)) (i64.const 0x123456789abcdef)) \
         (i64.const 0x123456789abcdef)) (i64.const 0x123456789abcdef)))",
    ),
    (
        "constant, small operands",
        "(local.set $a (i64.xor (i64.xor (i64.xor (i64.xor (local.get $a) (i64.const 1)) \
         (i64.const 2)) (i64.const 3)) (i64.const 4)))",
    ),
    ("constant, stored", "(i64.store offset=8 (i32.const 8000) (i64.const 0x123456789abcdef))"),
    ("constant, selected", "(local.set $a (select (i64.const 5) (i64.const 6) (i32.const 1)))"),
    ("reference", "(drop (ref.func $leaf))"),
    ("loop", "(loop)"),
    ("loop, branched from", "(if (i32.const 1) (then) (else))"),
    ("local", "(local.set $a (local.get $b)) (local.set $b (local.get $a))"),
    ("global", "(global.set $g (i64.add (global.get $g) (local.get $a)))"),
    ("select", "(local.set $a (select (local.get $a) (local.get $b) (local.get $x)))"),
    ("simple, 32 bits", "(local.set $y (i32.add (local.get $y) (local.get $x)))"),
    ("simple, 64 bits", "(local.set $a (i64.xor (local.get $a) (local.get $b)))"),
    ("simple, comparison", "(local.set $y (i64.lt_s (local.get $a) (local.get $b)))"),
    (
        "simple, on the operand stack",
        "(local.set $y (i32.extend8_s (i32.extend16_s (i32.extend8_s (i32.extend16_s \
         (i32.extend8_s (i32.extend16_s (local.get $y))))))))",
    ),
    (
        "simple, independent",
        "(local.set $y (i32.extend8_s (local.get $x))) (local.set $y (i32.extend16_s \
         (local.get $x)))",
    ),
    ("shift", "(local.set $a (i64.rotl (local.get $a) (local.get $b)))"),
    ("count_bits", "(local.set $a (i64.popcnt (local.get $a)))"),
    ("multiply", "(local.set $a (i64.mul (local.get $a) (local.get $b)))"),
    ("divide, 32 bits", "(local.set $y (i32.div_s (local.get $y) (local.get $x)))"),
    (
        "divide, 64 bits",
        "(local.set $a (i64.rem_s (i64.or (local.get $a) (i64.const 0x4000000000000000)) \
         (local.get $b)))",
    ),
    ("float, add", "(local.set $f (f64.add (local.get $f) (f64.const 1.5)))"),
    ("float, square root", "(local.set $f (f64.sqrt (f64.add (local.get $f) (f64.const 1e30))))"),
    ("load", "(local.set $a (i64.load offset=8 (local.get $x)))"),
    ("load, chained", "(local.set $y (i32.load (i32.and (local.get $y) (i32.const 0xfff8))))"),
    (
        "load, on the operand stack",
        "(local.set $y (i32.load (i32.load \
         (i32.load (i32.load (i32.load (i32.load (i32.and (local.get $y) \
         (i32.const 0xfff8)))))))))",
    ),
    ("store", "(i64.store offset=8 (local.get $x) (local.get $a))"),
    ("store, 8 bits", "(i32.store8 offset=8 (local.get $x) (local.get $y))"),
    ("branch, taken", "(block (br_if 0 (local.get $x)) (unreachable))"),
    ("branch, not taken", "(block (br_if 0 (i32.eqz (local.get $x))))"),
    (
        "branch, unpredictable",
        "(local.set $y (i32.add (i32.mul (local.get $y) (i32.const 1664525)) \
         (i32.const 1013904223)))
        (if (i32.lt_s (local.get $y) (i32.const 0)) (then (local.set $a (local.get $b))))",
    ),
    ("branch_table", "(block (block (block (br_table 0 1 2 (local.get $x)))))"),
    (
        "branch_table, with a value",
        "(local.set $a (block (result i64) (block (result i64) (block (result i64) (br_table 0 1 2 \
         (local.get $b) (local.get $x))) (drop) (local.get $a))))",
    ),
    ("branch, always", "(block (br 0))"),
    (
        "call, 16 constants",
        "(call $wide (i64.const 0x123456789abcdef0) (i64.const 0x123456789abcdef1) \
         (i64.const 0x123456789abcdef2) (i64.const 0x123456789abcdef3) \
         (i64.const 0x123456789abcdef4) (i64.const 0x123456789abcdef5) \
         (i64.const 0x123456789abcdef6) (i64.const 0x123456789abcdef7) \
         (i64.const 0x123456789abcdef8) (i64.const 0x123456789abcdef9) \
         (i64.const 0x123456789abcdefa) (i64.const 0x123456789abcdefb) \
         (i64.const 0x123456789abcdefc) (i64.const 0x123456789abcdefd) \
         (i64.const 0x123456789abcdefe) (i64.const 0x123456789abcdeff))",
    ),
    (
        "multiply, on the operand stack",
        "(local.set $a (i64.mul (i64.mul (i64.mul (i64.mul (local.get $a) (i64.const 3)) \
         (i64.const 5)) (i64.const 7)) (i64.const 9)))",
    ),
    (
        "count_bits, on the operand stack",
        "(local.set $a (i64.popcnt (i64.popcnt (i64.popcnt (i64.popcnt (local.get $a))))))",
    ),
    (
        "select, on the operand stack",
        "(local.set $a (select (select (select (select (local.get $a) (i64.const 5) \
         (local.get $x)) (i64.const 6) (local.get $x)) (i64.const 6) (local.get $x)) (i64.const 6) \
         (local.get $x)))",
    ),
    ("branch_value", "(local.set $a (block (result i64) (br 0 (local.get $b))))"),
    (
        "branch_value, 16 into a block",
        "(local.get $a) (local.get $a) (local.get $a) (local.get $a) (local.get $a) (local.get $a) \
         (local.get $a) (local.get $a) (block (param i64 i64 i64 i64 i64 i64 i64 i64) (drop) \
         (drop) (drop) (drop) (drop) (drop) (drop) (drop))",
    ),
    (
        "branch_value, 8 constants out of a block",
        "(block (result i64 i64 i64 i64 i64 i64 i64 i64) (i64.const 1) (i64.const 1) (i64.const 1) \
         (i64.const 1) (i64.const 1) (i64.const 1) (i64.const 1) (i64.const 1)) (drop) (drop) \
         (drop) (drop) (drop) (drop) (drop) (drop)",
    ),
    (
        "branch_value, conditional",
        "(drop (block (result i64) (drop (br_if 0 (i64.const 3) (local.get $x))) (local.get $a)))",
    ),
    (
        "branch_value, conditional not taken",
        "(drop (block (result i64) (drop (local.get $a)) (br_if 0 (local.get $a) \
         (i32.eqz (local.get $x)))))",
    ),
    (
        "branch_value, 8 results",
        "(call $eight) (drop) (drop) (drop) (drop) (drop) (drop) (drop) \
         (drop)",
    ),
    ("call", "(call $leaf)"),
    (
        "call, 6 arguments",
        "(drop (call $many (local.get $x) (local.get $x) (local.get $x) (local.get $x) \
         (local.get $x) (local.get $x)))",
    ),
    ("call_indirect", "(call_indirect (type $nothing) (local.get $x))"),
    ("entry_local", "(call $locals)"),
    ("size", "(local.set $y (memory.size))"),
    ("table", "(table.set $t (local.get $x) (table.get $t (i32.const 0)))"),
    ("bulk, no bytes", "(memory.fill (local.get $x) (i32.const 7) (i32.const 0))"),
    ("bulk, memory.init", "(memory.init $segment (local.get $x) (i32.const 0) (i32.const 0))"),
    ("bulk, memory.grow", "(drop (memory.grow (i32.const 0)))"),
    ("bulk, data.drop", "(data.drop $segment)"),
    ("bulk, table.fill", "(table.fill $t (local.get $x) (ref.null func) (i32.const 0))"),
    ("bulk, table.init", "(table.init $t $functions (local.get $x) (i32.const 0) (i32.const 0))"),
    ("bulk, table.grow", "(drop (table.grow $t (ref.null func) (i32.const 0)))"),
    ("bulk, elem.drop", "(elem.drop $functions)"),
    ("bulk, 8 bytes", "(memory.copy (local.get $x) (i32.const 64) (i32.const 8))"),
    ("bulk_byte, fill 4096", "(memory.fill (local.get $x) (i32.const 7) (i32.const 4096))"),
    ("bulk_byte, copy 4096", "(memory.copy (local.get $x) (i32.const 8192) (i32.const 4096))"),
    ("bulk_element, 8", "(table.copy $t $t (i32.const 0) (i32.const 8) (i32.const 8))"),
];

/// Times that the sequence stands in the loop.
const COPIES: usize = 16;
const ROUNDS: usize = 15;
/// Turns of the loop that take no time to speak of.
const FEW: i32 = 100;

fn module(sequence: &str) -> Result<Vec<u8>> {
    let body = sequence.repeat(COPIES);
    let text = format!(
        r#"(module
            (type $nothing (func))
            (memory 1)
            (table $t 16 funcref)
            (elem (table $t) (i32.const 0) func $leaf $leaf $leaf $leaf)
            (global $g (mut i64) (i64.const 1))
            (data $segment "data")
            (elem $functions func $leaf)
            (func $leaf)
            (func $wide (param i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64))
            (func $eight (result i64 i64 i64 i64 i64 i64 i64 i64) (i64.const 1) (i64.const 2)
                (i64.const 3) (i64.const 4) (i64.const 5) (i64.const 6) (i64.const 7) (i64.const 8))
            (func $many (param i32 i32 i32 i32 i32 i32) (result i32) (local.get 3))
            (func $locals (local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64))
            (func (export "run") (param $left i32) (local $x i32) (local $y i32) (local $a i64)
                (local $b i64) (local $f f64)
                (local.set $x (i32.const 1))
                (local.set $y (i32.const 77777))
                (local.set $a (i64.const 0x123456789abcdef1))
                (local.set $b (i64.const 0x1000001b3))
                (local.set $f (f64.const 2.5))
                (loop $again
                    {body}
                    (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))))"#
    );
    wat::parse_str(text).map_err(|error| Error::new(error.to_string()))
}

/// Returns the seconds of a number of turns of a module's loop, somewhere.
pub type Timer<'a> = dyn FnMut(&[u8], i32) -> Result<f64> + 'a;

/// Natively: seconds, and gas.
fn run(wasm: &[u8], turns: i32) -> Result<(f64, u64)> {
    let failed = |error: &dyn std::fmt::Display| Error::new(error.to_string());
    let module =
        Module::new(&Engine::new(Config::default()), wasm).map_err(|error| failed(&error))?;
    let mut found = (0.0, 0);
    // The first time its functions are translated.
    for turns in [1, turns] {
        let mut store = Store::new(module.engine());
        let instance = store.instantiate(&module, &[]).map_err(|error| failed(&error))?;
        let func = instance
            .export(&store, "run")
            .and_then(Extern::func)
            .ok_or_else(|| failed(&"no function"))?;
        let tank = GasTank::new(1 << 62);
        let mut execution = Execution::new(&store, func, &[Val::I32(turns)], tank)
            .map_err(|error| failed(&error))?;
        let start = Instant::now();
        match execution.run(&mut store) {
            Event::Finished => {}
            Event::Trapped(trap) => return Err(failed(&trap)),
            Event::HostCall(_) => return Err(failed(&"a host call")),
        }
        found = (start.elapsed().as_secs_f64(), tank.left() - execution.gas().left());
    }
    Ok(found)
}

/// Seconds natively.
///
/// # Errors
/// When the module cannot be run.
pub fn natively(wasm: &[u8], turns: i32) -> Result<f64> {
    run(wasm, turns).map(|found| found.0)
}

/// The class, without what of it.
fn class_of(name: &str) -> &str {
    name.split_once(',').map_or(name, |(class, _)| class)
}

/// One class, prepared.
struct Class {
    name: &'static str,
    wasm: Vec<u8>,
    turns: i32,
    /// Nanoseconds of a turn in the round that was disturbed least.
    time: f64,
    /// Gas of a turn.
    gas: f64,
}

impl Class {
    fn new(name: &'static str, sequence: &str, turn: f64, timer: &mut Timer<'_>) -> Result<Self> {
        let wasm = module(sequence)?;
        // Of so long a run that rounding to whole gas does not matter.
        let gas = run(&wasm, 100 * FEW)?.1 as f64 / f64::from(100 * FEW);
        let seconds = timer(&wasm, FEW)?;
        let turns = (f64::from(FEW) * turn / seconds).clamp(f64::from(FEW), 1e9) as i32;
        Ok(Self { name, wasm, turns, time: f64::INFINITY, gas })
    }
}

/// Measures every class: a table of its time per gas, and the worst of them over the median.
///
/// # Errors
/// When a class cannot be run.
pub fn report(quick: bool, timer: &mut Timer<'_>) -> Result<String> {
    let turn = if quick { 0.001 } else { 0.01 };
    let prepare = |(name, sequence): &(&'static str, &str)| {
        Class::new(name, sequence, turn, timer)
            .map_err(|error| Error::new(format!("the class {name}: {error}")))
    };
    let mut classes: Vec<Class> = CLASSES.iter().map(prepare).collect::<Result<_>>()?;
    for _ in 0..ROUNDS {
        for class in &mut classes {
            let seconds = timer(&class.wasm, class.turns)?;
            class.time = class.time.min(seconds * 1e9 / f64::from(class.turns));
        }
    }
    let mut rows: Vec<(&str, f64, f64)> = classes
        .iter()
        .map(|class| (class.name, class.time / COPIES as f64, class.time / class.gas))
        .collect();
    rows.sort_by(|a, b| a.2.total_cmp(&b.2));
    // Each class counts once, by what takes it longest.
    let worst_of_class: BTreeMap<&str, f64> =
        rows.iter().map(|row| (class_of(row.0), row.2)).collect();
    let middle = median(&worst_of_class.into_values().collect::<Vec<_>>());
    let mut text =
        String::from("| class | ns | ns per gas | over the median |\n|---|--:|--:|--:|\n");
    for (name, time, per_gas) in &rows {
        text += &format!("| {name} | {time:.2} | {per_gas:.0} | {:.2} |\n", per_gas / middle);
    }
    let worst = rows.last().ok_or_else(|| Error::new("there are no classes"))?;
    text += &format!(
        "\nMedian of the classes, each by its worst: {middle:.0} ns per gas; the worst is {} with \
         {:.2} times that.\n",
        worst.0,
        worst.2 / middle
    );
    Ok(text)
}
