//! Where operands are when blocks of many values begin and end.
use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

use super::{Scratch, translate};
use crate::wasm::code::{Instruction, instructions};
use crate::wasm::{Config, Engine, Event, Execution, Extern, GasTank, Module, Store, Val};

/// What a function of three parameters, one more local and three results gives, called with 10, 20
/// and 30.
fn run(body: &str) -> Vec<Val> {
    let text = format!(
        "(module
            (func $three (result i32 i32 i32) i32.const 1 i32.const 2 i32.const 3)
            (func (export \"main\") (param i32 i32 i32) (result i32 i32 i32) (local i32) {body}))"
    );
    let engine = Engine::new(Config::default());
    let module = Module::new(&engine, &wat::parse_str(&text).unwrap())
        .unwrap_or_else(|error| panic!("{error}\n{text}"));
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

/// Particles that pay for an instruction of the register code, at least.
const PARTICLES_PER_UNIT: u64 = 75;

/// Units of work in the register code of a function, each instruction run once, and the particles
/// of its segments.
fn work_and_price(body: &str) -> (u64, u64) {
    let wide = "i64 ".repeat(64);
    let text = format!(
        "(module
            (type $in (func (param i64 i64 i64 i64 i64 i64 i64 i64)))
            (type $out (func (result i64 i64 i64 i64 i64 i64 i64 i64)))
            (type $both (func (param i64 i64 i64 i64 i64 i64 i64 i64) (result i64 i64 i64 i64 i64 i64 i64 i64)))
            (memory 1) (table $t 1 funcref) (elem declare func $wide) (global $g (mut i64) (i64.const 0))
            (func $wide (param {wide}))
            (func (export \"main\") (param $x i32) (param $a i64) (local $y i32) (local $b i64) {body}))"
    );
    let engine = Engine::new(Config::default());
    let module = Module::new(&engine, &wat::parse_str(&text).unwrap())
        .unwrap_or_else(|error| panic!("{error}\n{text}"));
    let code = translate(&module.0, 1, &mut Scratch::default()).unwrap();
    let units = instructions(&code.words).map(|(_, instruction, _)| match instruction {
        Instruction::Copy2(_) => 2,
        // Eight slots are copied in the time of an instruction.
        Instruction::CopyMany(copy) => 1 + u64::from(copy.count.0) / 8,
        Instruction::ReturnMany(values) => 1 + u64::from(values.count.0) / 8,
        _ => 1,
    });
    (units.sum(), module.segments(1).unwrap().iter().map(|segment| segment.cost).sum())
}

#[test]
fn every_instruction_of_the_register_code_is_paid_for() {
    let constants = (0..8)
        .map(|k| format!("i64.const {} ", 0x1234_5678_9abc_0000_u64 + k))
        .collect::<Vec<_>>()
        .concat();
    let many = constants.repeat(8);
    let (gone, locals) = ("drop ".repeat(8), "local.get $a ".repeat(8));
    let shapes = [
        // Values that cross the edges of blocks, whatever they are.
        format!("(block (type $out) {constants}) {gone}"),
        format!("{constants} (block (type $in) {gone})"),
        format!("{constants} (loop (type $in) {gone})"),
        format!("{constants} (block (type $both)) (loop (type $both)) {gone}"),
        format!("{locals} (block (type $both)) (local.set $a (i64.const 1)) {gone}"),
        format!("{constants} local.get $x (if (type $both) (then) (else)) {gone}"),
        format!("local.get $x (if (type $out) (then {constants}) (else {locals})) {gone}"),
        format!("(block (type $out) {constants} br 0) {gone}"),
        format!("(block (type $out) {locals} local.get $x br_if 0 {gone} {constants}) {gone}"),
        format!("(block (type $out) i64.const 7 {constants} local.get $x br_if 0 br 0) {gone}"),
        format!("(block (type $out) (block (type $out) i64.const 7 {constants} local.get $x br_table 0 1 0)) {gone}"),
        "(block (result i64) (br_if 0 (i64.const 7) (local.get $x)) (br_if 0 (local.get $x)) (br_if 0 (local.get $x))) drop".into(),
        // Branches that go nowhere, loops that nobody repeats, ways out that are jumps.
        "(loop)".into(),
        "(loop (loop (loop (loop))))".into(),
        "(block (br 0))".into(),
        "(if (i32.const 1) (then) (else))".into(),
        "(block (br_if 0 (i32.const 1)))".into(),
        "(block (br_table 0 0 0 0 (i32.const 1)))".into(),
        // Constants, and who takes them.
        format!("{many} call $wide"),
        format!("{many} i32.const 0 call_indirect (param {}) ", "i64 ".repeat(64)),
        "(drop (select (i64.const 0x123456789abc) (i64.const 0x123456789abd) (i32.const 1)))".into(),
        "(drop (i64.shl (i64.const 0x123456789abc) (i64.const 0x123456789abd)))".into(),
        "(drop (i64.gt_u (i64.const 0x123456789abc) (i64.const 0x123456789abd)))".into(),
        "(drop (i32.clz (i32.const 5)))".into(),
        "(i64.store (i32.const 100000) (i64.const 0x123456789abc))".into(),
        "(i64.store offset=100000 (local.get $x) (i64.const 0x123456789abc))".into(),
        "(local.set $a (i64.const 0x123456789abc)) (global.set $g (i64.const 0x123456789abc))".into(),
        "(memory.fill (i32.const 0) (i32.const 7) (i32.const 0))".into(),
        "(drop (ref.func $wide)) (drop (ref.null func))".into(),
        "(table.set $t (i32.const 0) (ref.func $wide)) (drop (table.get $t (i32.const 0)))".into(),
        // What stays on the operand stack.
        "local.get $y i32.eqz i32.extend8_s i32.extend16_s i32.eqz i32.popcnt local.set $y".into(),
        "local.get $y i32.load i32.load i32.load i32.load local.set $y".into(),
        "local.get $a i32.wrap_i64 i64.extend_i32_u i32.wrap_i64 i64.extend_i32_u local.set $b".into(),
        "local.get $x i32.const 1 i32.add local.tee $y local.get $y i32.const 2 i32.sub i32.store8".into(),
        "local.get $a i64.const 1 i64.xor i64.const 70000 i64.xor i64.const 5000000000 i64.xor local.set $a".into(),
        // Operands that have to leave a local before it is written.
        format!("{locals} (local.set $a (i64.const 5)) {gone}"),
        format!("{locals} (block) {gone}"),
        "local.get $x (if (then (i32.store (local.get $y) (i32.const 5))))".into(),
    ];
    for shape in shapes {
        let (once, _) = work_and_price(&shape);
        let (units, particles) = work_and_price(&format!("{shape} ").repeat(64));
        // What stands once in a function, such as its return, is paid by its call.
        assert!(units > 60 && once > 0, "{shape}: {units}");
        assert!(
            units * PARTICLES_PER_UNIT <= particles + 4 * PARTICLES_PER_UNIT,
            "{shape}: {units} units for {particles} particles"
        );
    }
}

#[test]
fn what_is_never_reached_is_nothing() {
    let (units, particles) = work_and_price(&format!(
        "return {}",
        "(drop (i64.add (i64.const 1) (i64.const 2)))".repeat(64)
    ));
    assert!(units <= 2 && particles <= 1000, "{units} {particles}");
}
