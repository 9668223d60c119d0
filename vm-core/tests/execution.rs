//! Running small modules: results, gas, traps and where they happen.
use tephra_core::wasm::{
    Config, Engine, Event, Execution, Features, FuncType, GasTank, InstructionCosts, Limits,
    Module, Store, TrapCode, Val, ValType,
};

fn engine(costs: InstructionCosts) -> Engine {
    Engine::new(Config { features: Features::ALL, limits: Limits::GENERAL, costs })
}

/// Each instruction class costs something different, so that a sum tells what was counted.
fn counting() -> InstructionCosts {
    InstructionCosts { constant: 1, local: 10, simple: 100, branch: 1000, ..InstructionCosts::FREE }
}

fn invoke(
    wat: &str,
    name: &str,
    args: &[Val],
    costs: InstructionCosts,
) -> (Result<Vec<Val>, TrapCode>, u64) {
    let engine = engine(costs);
    let module = Module::new(&engine, &wat::parse_str(wat).unwrap()).unwrap();
    let mut store = Store::new(&engine);
    let instance = store.instantiate(&module, &[]).unwrap();
    let func = instance.export(&store, name).unwrap().func().unwrap();
    let mut execution = Execution::new(&store, func, args, GasTank::new(1 << 40)).unwrap();
    let result = match execution.run(&mut store) {
        Event::Finished => Ok(execution.results()),
        Event::Trapped(trap) => Err(trap.code),
        Event::HostCall(_) => panic!("no host functions"),
    };
    let particles = u128::from(1u64 << 40) * 10_000;
    let mut probe = *execution.gas();
    let mut used = 0u128;
    // What was used, in particles: take the rest in whole gas, then particle by particle.
    let whole = probe.left();
    probe.charge(whole).unwrap();
    let mut rest = 0u128;
    while probe.charge_particles(1).is_ok() {
        rest += 1;
    }
    used += particles - u128::from(whole) * 10_000 - rest;
    (result, used as u64)
}

const FIBONACCI: &str = r#"(module (func $fib (export "fib") (param i32) (result i32)
    (if (result i32) (i32.lt_u (local.get 0) (i32.const 2))
        (then (local.get 0))
        (else (i32.add
            (call $fib (i32.sub (local.get 0) (i32.const 1)))
            (call $fib (i32.sub (local.get 0) (i32.const 2))))))))"#;

#[test]
fn recursion_computes_fibonacci() {
    let (result, _) = invoke(FIBONACCI, "fib", &[Val::I32(20)], InstructionCosts::EWASM);
    assert_eq!(result, Ok(vec![Val::I32(6765)]));
}

#[test]
fn a_segment_is_charged_once_for_each_time_that_it_is_entered() {
    // fib(0): local.get, const, lt_u, if; then local.get, else.
    let (_, used) = invoke(FIBONACCI, "fib", &[Val::I32(0)], counting());
    assert_eq!(used, 1111 + 1010);
    // fib(2): the head three times, the then branch twice, the else branch once.
    let (_, used) = invoke(FIBONACCI, "fib", &[Val::I32(2)], counting());
    assert_eq!(used, 3 * 1111 + 2 * 1010 + 2 * (10 + 1 + 100) + 100);
}

#[test]
fn a_loop_pays_for_its_head_on_every_turn() {
    let wat = r#"(module (func (export "f") (param i32) (result i32) (local i32)
        (loop
            (local.set 1 (i32.add (local.get 1) (i32.const 2)))
            (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
        (local.get 1)))"#;
    let (result, used) = invoke(wat, "f", &[Val::I32(10)], counting());
    assert_eq!(result, Ok(vec![Val::I32(20)]));
    assert_eq!(used, 1000 + 10 * (10 + 1 + 100 + 10 + 10 + 1 + 100 + 10 + 1000) + 10);
}

#[test]
fn the_end_of_a_block_starts_a_segment_on_every_way_to_it() {
    let wat = r#"(module (memory 1) (func (export "f") (param i32) (result i32)
        (block
            (br_if 0 (local.get 0))
            (i32.store (i32.const 0) (i32.const 7)))
        (i32.const 3)))"#;
    let (_, used) = invoke(wat, "f", &[Val::I32(1)], counting());
    assert_eq!(used, 1010 + 1);
    let (_, used) = invoke(wat, "f", &[Val::I32(0)], counting());
    assert_eq!(used, 1010 + 2 + 1);
}

#[test]
fn a_value_pays_for_each_edge_that_it_crosses() {
    let costs = InstructionCosts { branch_value: 1, argument: 100, ..InstructionCosts::FREE };
    let used = |body: &str| {
        let wat = format!(
            "(module
                (type $two (func (param i64 i64) (result i64 i64)))
                (table funcref (elem $swap))
                (func $swap (type $two) (local.get 1) (local.get 0))
                (func (export \"f\") (param i32) {body}))"
        );
        invoke(&wat, "f", &[Val::I32(0)], costs).1
    };
    let two = "(i64.const 1) (i64.const 2)";
    let gone = "(drop) (drop)";
    // Into and out of a block, a loop, and both ways through an `if`.
    assert_eq!(used(&format!("{two} (block (type $two)) {gone}")), 2 + 2);
    assert_eq!(used(&format!("{two} (loop (type $two)) {gone}")), 2 + 2);
    assert_eq!(used(&format!("{two} (if (type $two) (local.get 0) (then) (else)) {gone}")), 2 + 2);
    // Out by a branch: the `end` is not run into.
    assert_eq!(used(&format!("(block (result i64 i64) {two} (br 0)) {gone}")), 2);
    // A branch that is not taken pays too, and then the `end`.
    assert_eq!(
        used(&format!("(block (result i64 i64) {two} (br_if 0 (local.get 0))) {gone}")),
        2 + 2
    );
    // Arguments, and the results that fall out of the function.
    assert_eq!(used(&format!("(call $swap {two}) {gone}")), 200 + 2);
    assert_eq!(used(&format!("(call_indirect (type $two) {two} (i32.const 0)) {gone}")), 200 + 2);
    // What is below the parameters crosses nothing, nor what is not reached.
    assert_eq!(used("(i64.const 1) (block) (drop)"), 0);
    assert_eq!(used(&format!("(return) {two} (block (type $two)) {gone}")), 0);
}

#[test]
fn a_charge_that_is_too_large_is_not_applied() {
    let engine = engine(InstructionCosts { constant: 70_000, ..InstructionCosts::FREE });
    let wat = r#"(module (func (export "f") (result i32) (block (br 0)) (i32.const 1)))"#;
    let module = Module::new(&engine, &wat::parse_str(wat).unwrap()).unwrap();
    for (gas, enough) in [(6, false), (7, true)] {
        let mut store = Store::new(&engine);
        let instance = store.instantiate(&module, &[]).unwrap();
        let func = instance.func(&store, 0).unwrap();
        let mut execution = Execution::new(&store, func, &[], GasTank::new(gas)).unwrap();
        let event = execution.run(&mut store);
        if enough {
            assert_eq!(event, Event::Finished);
            assert_eq!(execution.gas().left(), 0);
        } else {
            assert_eq!(event, Event::Trapped(TrapCode::OutOfGas.into()));
            assert_eq!(execution.gas().left(), gas);
        }
    }
}

#[test]
fn a_trap_tells_its_function_and_byte() {
    let engine = engine(InstructionCosts::FREE);
    let wat = r#"(module (func nop) (func (export "f") (result i32)
        (i32.div_u (i32.const 1) (i32.const 0))))"#;
    let bytes = wat::parse_str(wat).unwrap();
    let module = Module::new(&engine, &bytes).unwrap();
    let mut store = Store::new(&engine);
    let instance = store.instantiate(&module, &[]).unwrap();
    let func = instance.func(&store, 1).unwrap();
    let mut execution = Execution::new(&store, func, &[], GasTank::new(1)).unwrap();
    assert_eq!(execution.run(&mut store), Event::Trapped(TrapCode::IntegerDivisionByZero.into()));
    let trap = execution.locate(&store).unwrap();
    assert_eq!(trap.function, Some(1));
    // i32.div_u
    assert_eq!(bytes[trap.offset.unwrap() as usize], 0x6e);
    assert_eq!(execution.backtrace(&store), [(instance, 1)]);
}

#[test]
fn a_host_function_suspends_the_execution_until_it_has_results() {
    let engine = engine(InstructionCosts::FREE);
    let wat = r#"(module (import "host" "f" (func $f (param i32 i64) (result i64)))
        (func (export "g") (param i64) (result i64)
            (i64.add (local.get 0) (call $f (i32.const -1) (i64.const 5)))))"#;
    let module = Module::new(&engine, &wat::parse_str(wat).unwrap()).unwrap();
    let mut store = Store::new(&engine);
    let host = store.host_func(FuncType::new(&[ValType::I32, ValType::I64], &[ValType::I64]));
    let instance = store.instantiate(&module, &[host.into()]).unwrap();
    let func = instance.func(&store, 1).unwrap();
    let mut execution = Execution::new(&store, func, &[Val::I64(30)], GasTank::new(1)).unwrap();
    let Event::HostCall(call) = execution.run(&mut store) else { panic!() };
    assert_eq!(call.instance, Some(instance));
    assert_eq!(execution.args()[..2], [0xffff_ffff, 5]);
    execution.set_results(&store, &[12]);
    assert_eq!(execution.run(&mut store), Event::Finished);
    assert_eq!(execution.results(), [Val::I64(42)]);
}

#[test]
fn endless_recursion_ends_with_a_stack_overflow() {
    let wat = r#"(module (func $f (export "f") (call $f)))"#;
    let (result, _) = invoke(wat, "f", &[], InstructionCosts::FREE);
    assert_eq!(result, Err(TrapCode::StackOverflow));
}

#[test]
fn an_endless_tail_call_ends_with_the_gas() {
    let engine = engine(InstructionCosts::EWASM);
    let module = Module::new(
        &engine,
        &wat::parse_str(r#"(module (func $f (export "f") (return_call $f)))"#).unwrap(),
    )
    .unwrap();
    let mut store = Store::new(&engine);
    let instance = store.instantiate(&module, &[]).unwrap();
    let func = instance.func(&store, 0).unwrap();
    let mut execution = Execution::new(&store, func, &[], GasTank::new(1000)).unwrap();
    assert_eq!(execution.run(&mut store), Event::Trapped(TrapCode::OutOfGas.into()));
}

#[test]
fn operands_keep_a_local_s_old_value() {
    let wat = r#"(module (func (export "f") (param i32) (result i32)
        (i32.sub (local.get 0) (local.tee 0 (i32.add (local.get 0) (i32.const 5))))))"#;
    let (result, _) = invoke(wat, "f", &[Val::I32(9)], InstructionCosts::FREE);
    assert_eq!(result, Ok(vec![Val::I32(-5)]));
}

#[test]
fn the_low_half_of_a_wrapped_value_is_what_counts() {
    let wat = r#"(module (func (export "f") (param i64) (result i64) (local i32)
        (local.set 1 (i32.wrap_i64 (local.get 0)))
        (i64.add (i64.extend_i32_u (i32.wrap_i64 (local.get 0)))
            (i64.extend_i32_u (local.get 1)))))"#;
    let (result, _) = invoke(wat, "f", &[Val::I64(-1)], InstructionCosts::FREE);
    assert_eq!(result, Ok(vec![Val::I64(2 * 0xffff_ffff)]));
}

/// The worked example of `docs/gas.md`.
#[test]
fn the_documented_example_costs_what_the_page_says() {
    let wat = r#"(module (func (export "sum") (param $n i32) (result i32) (local $s i32)
        (loop
            (local.set $s (i32.add (local.get $s) (local.get $n)))
            (br_if 0 (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (local.get $s)))"#;
    let (result, used) = invoke(wat, "sum", &[Val::I32(3)], InstructionCosts::EWASM);
    assert_eq!(result, Ok(vec![Val::I32(6)]));
    assert_eq!(used, 4410);
}

#[test]
fn a_module_tells_the_segments_of_its_functions() {
    let engine = engine(InstructionCosts::EWASM);
    let wat = r#"(module (func (export "sum") (param $n i32) (result i32) (local $s i32)
        (loop
            (local.set $s (i32.add (local.get $s) (local.get $n)))
            (br_if 0 (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (local.get $s)))"#;
    let module = Module::new(&engine, &wat::parse_str(wat).unwrap()).unwrap();
    let costs: Vec<u64> = module.segments(0).unwrap().iter().map(|segment| segment.cost).collect();
    assert_eq!(costs, [270, 1305, 0, 225]);
    assert_eq!(module.segments(1), None);
}

/// Far more instructions of every kind than a stack could hold calls: no backend may nest.
#[test]
fn no_instruction_leaves_anything_on_the_host_s_stack() {
    let wat = r#"(module
        (memory 1) (table $t 2 funcref) (elem (i32.const 0) $leaf)
        (global $g (mut i64) (i64.const 0))
        (func $leaf (param i32) (result i32) (local.get 0))
        (func $tail (param i32) (result i32) (return_call $leaf (local.get 0)))
        (func $tail_indirect (param i32) (result i32)
            (return_call_indirect (param i32) (result i32) (local.get 0) (i32.const 0)))
        (func $two (result i32 i32) (i32.const 1) (i32.const 2))
        (func (export "f") (param $n i32) (result i64) (local $x i64) (local $i i32)
            (loop $again
                (local.set $x (i64.add (local.get $x)
                    (i64.extend_i32_u (call $leaf (local.get $n)))))
                (local.set $x (i64.mul (local.get $x) (i64.const 0x123456789abcdef)))
                (local.set $x (i64.xor (local.get $x) (i64.rotl (local.get $x) (i64.const 13))))
                (local.set $x (i64.sub (local.get $x)
                    (i64.extend_i32_s (call $tail (local.get $n)))))
                (local.set $x (i64.or (local.get $x)
                    (i64.extend_i32_u (call $tail_indirect (local.get $n)))))
                (drop (call_indirect (param i32) (result i32) (local.get $n) (i32.const 0)))
                (drop (i32.add (call $two)))
                (local.set $i (i32.and (local.get $n) (i32.const 0xfff)))
                (i64.store (local.get $i) (local.get $x))
                (i64.store offset=8 (i32.const 16) (local.get $x))
                (i32.store8 (i32.add (local.get $i) (i32.const 9)) (local.get $n))
                (i32.store16 offset=60000 (local.get $i) (i32.const 7))
                (local.set $x (i64.add (local.get $x)
                    (i64.load8_s (i32.add (local.get $i) (local.get $i)))))
                (local.set $x (i64.add (local.get $x)
                    (i64.load32_u (i32.add (local.get $i) (i32.const -0)))))
                (local.set $x (i64.div_u (local.get $x) (i64.or (local.get $x) (i64.const 1))))
                (local.set $x (i64.rem_s (local.get $x) (i64.const 1000003)))
                (global.set $g (i64.add (global.get $g) (local.get $x)))
                (memory.fill (i32.const 100) (local.get $n) (i32.const 3))
                (memory.copy (i32.const 200) (i32.const 100) (i32.const 3))
                (drop (memory.grow (i32.const 0)))
                (drop (memory.size))
                (table.set $t (i32.const 1) (ref.func $leaf))
                (drop (ref.is_null (table.get $t (i32.const 1))))
                (drop (table.size $t))
                (block $b (block $a (br_table $a $b $a (i32.and (local.get $n) (i32.const 3))))
                    (drop (i32.clz (local.get $n))))
                (drop (select (local.get $n) (local.get $i) (i32.popcnt (local.get $n))))
                (drop (f64.sqrt (f64.nearest (f64.mul (f64.convert_i64_s (local.get $x))
                    (f64.const 1.5)))))
                (drop (i32.trunc_sat_f32_u (f32.min (f32.ceil (f32.convert_i32_u (local.get $n)))
                    (f32.const 9))))
                (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
            (global.get $g)))"#;
    let (result, _) = invoke(wat, "f", &[Val::I32(300_000)], InstructionCosts::EWASM);
    assert!(result.is_ok());
}
