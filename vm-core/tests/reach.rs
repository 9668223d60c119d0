//! What memory costs: its reach, in kibibytes, whichever instruction and backend gets there.
use tephra_core::wasm::{
    Config, Engine, Event, Execution, Extern, Features, FuncType, GasTank, Instance,
    InstructionCosts, Limits, MemoryType, Module, Observer, PARTICLES_PER_GAS, Store, TrapCode,
    Val, ValType,
};

/// A kibibyte costs 1000 gas and its square 1; everything else is free.
const COSTS: InstructionCosts = InstructionCosts {
    kibibyte: 1000 * PARTICLES_PER_GAS,
    kibibytes_squared: PARTICLES_PER_GAS,
    ..InstructionCosts::FREE
};

/// Gas for a memory that reaches `kibibytes`.
fn price(kibibytes: u64) -> u64 {
    1000 * kibibytes + kibibytes * kibibytes
}

/// Observes nothing, so that the loop runs.
struct Nobody;

impl Observer for Nobody {
    fn enter(&mut self, _: Instance, _: u32, _: &GasTank) {}
    fn exit(&mut self, _: &GasTank) {}
}

/// How a run ended.
#[derive(Debug, PartialEq)]
struct Ended {
    result: Result<Vec<Val>, TrapCode>,
    used: u64,
    /// Bytes that the memory reaches.
    reach: u64,
}

/// A store with an instance of a module.
struct Machine {
    store: Store,
    instance: Instance,
    looped: bool,
}

impl Machine {
    fn new(wat: &str, costs: InstructionCosts, looped: bool) -> Self {
        let engine =
            Engine::new(Config { features: Features::ALL, limits: Limits::GENERAL, costs });
        let module = Module::new(&engine, &wat::parse_str(wat).unwrap()).unwrap();
        let mut store = Store::new(&engine);
        let instance = store.instantiate(&module, &[]).unwrap();
        Self { store, instance, looped }
    }

    fn reach(&self) -> u64 {
        self.store.memory_reach(self.instance.memory(&self.store).unwrap()).unwrap()
    }

    fn call(&mut self, name: &str, gas: u64) -> Ended {
        let func = self.instance.export(&self.store, name).and_then(Extern::func).unwrap();
        let mut execution = Execution::new(&self.store, func, &[], GasTank::new(gas)).unwrap();
        let event = if self.looped {
            execution.run_observed(&mut self.store, &mut Nobody)
        } else {
            execution.run(&mut self.store)
        };
        let result = match event {
            Event::Finished => Ok(execution.results()),
            Event::Trapped(trap) => Err(trap.code),
            Event::HostCall(_) => panic!("no host functions"),
        };
        Ended { result, used: gas - execution.gas().left(), reach: self.reach() }
    }
}

/// Runs `f` of a module with one page of memory and these fields besides, in each backend.
fn run_with(fields: &str, body: &str, gas: u64) -> Ended {
    let wat =
        format!(r#"(module (memory (export "memory") 1 3) {fields} (func (export "f") {body}))"#);
    let [mut looped, mut other] = [true, false].map(|looped| Machine::new(&wat, COSTS, looped));
    let ended = looped.call("f", gas);
    assert_eq!(other.call("f", gas), ended, "{body}: the backends do not agree");
    ended
}

fn run(body: &str) -> Ended {
    run_with("", body, 1 << 40)
}

/// Asserts that a body costs what a memory of that reach costs.
fn reaches(body: &str, kibibytes: u64) {
    let ended = run(body);
    assert!(ended.result.is_ok(), "{body}: {ended:?}");
    assert_eq!((ended.used, ended.reach), (price(kibibytes), kibibytes << 10), "{body}");
}

#[test]
fn memory_that_is_declared_or_grown_costs_nothing() {
    reaches("", 0);
    reaches("(drop (memory.grow (i32.const 2)))", 0);
    reaches("(drop (memory.grow (i32.const 65535)))", 0);
    reaches("(drop (memory.size))", 0);
}

#[test]
fn a_load_reaches_the_end_of_what_it_reads() {
    reaches("(drop (i32.load8_u (i32.const 0)))", 1);
    reaches("(drop (i32.load8_u (i32.const 1023)))", 1);
    reaches("(drop (i32.load8_u (i32.const 1024)))", 2);
    reaches("(drop (i64.load (i32.const 1016)))", 1);
    reaches("(drop (i64.load (i32.const 1017)))", 2);
    reaches("(drop (i32.load16_s (i32.const 2047)))", 3);
    reaches("(drop (i64.load32_u offset=60000 (i32.const 1000)))", 60);
    reaches("(drop (i64.load offset=65528 (i32.const 0)))", 64);
}

#[test]
fn a_store_reaches_the_end_of_what_it_writes() {
    reaches("(i32.store8 (i32.const 1023) (i32.const 1))", 1);
    reaches("(i64.store8 (i32.const 1024) (i64.const 1))", 2);
    reaches("(i64.store (i32.const 1017) (i64.const 1))", 2);
    reaches("(f64.store offset=2040 (i32.const 0) (f64.const 1))", 2);
    reaches("(i32.store16 (i32.const 65534) (i32.const 1))", 64);
}

#[test]
fn the_highest_end_counts_and_is_paid_once() {
    reaches(
        "(drop (i32.load (i32.const 9000))) (drop (i32.load (i32.const 100))) \
         (drop (i32.load (i32.const 9000)))",
        9,
    );
    reaches("(drop (i32.load (i32.const 100))) (i32.store (i32.const 9000) (i32.const 1))", 9);
    // Kibibyte by kibibyte it costs as much as at once.
    let climb = "(local i32) (loop (i32.store8 (local.get 0) (i32.const 1))
        (br_if 0 (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 8)))
            (i32.const 65536))))";
    reaches(climb, 64);
}

#[test]
fn every_form_of_an_access_reaches_as_far_as_its_address_says() {
    // What translation merges: sums, constants, wide offsets, stored constants, two loads in a row.
    let at = "(local i32 i32) (local.set 0 (i32.const 4000)) (local.set 1 (i32.const 95))";
    for access in [
        "(drop (i32.load8_u (i32.add (local.get 0) (local.get 1))))",
        "(drop (i32.load8_u (i32.add (local.get 0) (i32.const 95))))",
        "(drop (i32.load8_u offset=95 (local.get 0)))",
        "(drop (i32.load8_u (i32.sub (local.get 0) (i32.const -95))))",
        "(i32.store8 (i32.add (local.get 0) (i32.const 95)) (local.get 1))",
        "(i32.store8 (i32.add (local.get 0) (local.get 1)) (local.get 1))",
        "(i32.store8 offset=95 (local.get 0) (i32.const 7))",
        "(drop (i32.add (i32.load (local.get 1)) (i32.load8_u offset=95 (local.get 0))))",
        "(drop (i32.load (i32.load8_u offset=95 (local.get 0))))",
    ] {
        reaches(&format!("{at} {access}"), 4);
        reaches(&format!("{at} (local.set 1 (i32.const 96)) {}", access.replace("95", "96")), 5);
    }
}

#[test]
fn bulk_instructions_reach_the_ends_of_their_ranges() {
    // Few bytes, which are done at once, and many.
    for (count, end) in [(1, 4096), (64, 4096), (65, 4096), (3000, 4096)] {
        let start = end - count;
        reaches(&format!("(memory.fill (i32.const {start}) (i32.const 1) (i32.const {count}))"), 4);
        reaches(
            &format!("(memory.fill (i32.const {}) (i32.const 1) (i32.const {count}))", start + 1),
            5,
        );
        reaches(&format!("(memory.copy (i32.const {start}) (i32.const 0) (i32.const {count}))"), 4);
        reaches(
            &format!("(memory.copy (i32.const {}) (i32.const 0) (i32.const {count}))", start + 1),
            5,
        );
        reaches(
            &format!("(memory.copy (i32.const 0) (i32.const {}) (i32.const {count}))", start + 1),
            5,
        );
    }
}

#[test]
fn filling_with_zeros_reaches_as_far_as_filling_with_anything() {
    reaches("(memory.fill (i32.const 0) (i32.const 0) (i32.const 1))", 1);
    reaches("(memory.fill (i32.const 1000) (i32.const 0) (i32.const 64536))", 64);
}

#[test]
fn nothing_is_reached_by_no_bytes() {
    reaches("(memory.fill (i32.const 65536) (i32.const 1) (i32.const 0))", 0);
    reaches("(memory.copy (i32.const 65536) (i32.const 65536) (i32.const 0))", 0);
    let ended = run_with(
        r#"(data $d "abc")"#,
        "(memory.init $d (i32.const 65536) (i32.const 3) (i32.const 0))",
        0,
    );
    assert_eq!(ended, Ended { result: Ok(Vec::new()), used: 0, reach: 0 });
}

#[test]
fn memory_init_reaches_the_end_of_what_it_writes() {
    let fields = r#"(data $d "abc")"#;
    let init = |to, from, count| {
        let body =
            format!("(memory.init $d (i32.const {to}) (i32.const {from}) (i32.const {count}))");
        run_with(fields, &body, 1 << 40)
    };
    assert_eq!(init(1021, 0, 3), Ended { result: Ok(Vec::new()), used: price(1), reach: 1024 });
    assert_eq!(init(1022, 0, 3), Ended { result: Ok(Vec::new()), used: price(2), reach: 2048 });
    // Out of the bounds of the segment or of the memory.
    for (to, from, count) in [(0, 1, 3), (65_534, 0, 3)] {
        assert_eq!(
            init(to, from, count),
            Ended { result: Err(TrapCode::MemoryOutOfBounds), used: 0, reach: 0 }
        );
    }
}

#[test]
fn what_is_out_of_bounds_traps_whatever_gas_there_is_and_reaches_nothing() {
    for body in [
        "(drop (i32.load (i32.const 65533)))",
        "(drop (i32.load (i32.const -1)))",
        "(i64.store offset=4294967295 (i32.const -1) (i64.const 0))",
        "(memory.fill (i32.const 65535) (i32.const 0) (i32.const 2))",
        "(memory.copy (i32.const 0) (i32.const 65535) (i32.const 2))",
        "(memory.copy (i32.const 65500) (i32.const 0) (i32.const 100))",
        "(memory.fill (i32.const 65537) (i32.const 0) (i32.const 0))",
    ] {
        for gas in [0, 1 << 40] {
            let expected = Ended { result: Err(TrapCode::MemoryOutOfBounds), used: 0, reach: 0 };
            assert_eq!(run_with("", body, gas), expected, "{body}");
        }
    }
}

#[test]
fn the_gas_is_enough_exactly_when_it_covers_the_reach() {
    for body in [
        "(drop (i32.load (i32.const 9000)))",
        "(i32.store (i32.const 9000) (i32.const 1))",
        "(memory.fill (i32.const 9000) (i32.const 1) (i32.const 9))",
        "(memory.fill (i32.const 0) (i32.const 0) (i32.const 9009))",
        "(memory.copy (i32.const 0) (i32.const 9000) (i32.const 9))",
    ] {
        let enough = price(9);
        assert_eq!(
            run_with("", body, enough),
            Ended { result: Ok(Vec::new()), used: enough, reach: 9 << 10 }
        );
        // What cannot be paid is not done.
        let short = Ended { result: Err(TrapCode::OutOfGas), used: 0, reach: 0 };
        assert_eq!(run_with("", body, enough - 1), short);
    }
}

#[test]
fn what_was_paid_before_the_gas_ran_out_stays_paid() {
    let body =
        "(i32.store (i32.const 2000) (i32.const 1)) (i32.store (i32.const 9000) (i32.const 1))";
    let ended = run_with("", body, price(9) - 1);
    assert_eq!(ended, Ended { result: Err(TrapCode::OutOfGas), used: price(2), reach: 2 << 10 });
}

#[test]
fn gas_beyond_the_tanks_hot_part_pays_for_memory() {
    let most = u64::MAX;
    let ended = run_with("", "(drop (i32.load (i32.const 9000)))", most);
    assert_eq!(ended.used, price(9));
    // A reach whose price fits no 64 bits of particles.
    let costs = InstructionCosts {
        kibibyte: u64::MAX,
        kibibytes_squared: u64::MAX,
        ..InstructionCosts::FREE
    };
    let wat = r#"(module (memory (export "memory") 1)
        (func (export "f") (drop (i32.load (i32.const 65532)))))"#;
    for looped in [true, false] {
        let ended = Machine::new(wat, costs, looped).call("f", most);
        let particles = u128::from(u64::MAX) * (64 + 64 * 64);
        assert_eq!(u128::from(ended.used), particles.div_ceil(PARTICLES_PER_GAS.into()));
    }
}

#[test]
fn with_metering_off_memory_is_free_and_its_reach_the_same() {
    let wat = r#"(module (memory (export "memory") 1)
        (func (export "f") (drop (i32.load (i32.const 9000)))))"#;
    for looped in [true, false] {
        let ended = Machine::new(wat, InstructionCosts::FREE, looped).call("f", 0);
        assert_eq!(ended, Ended { result: Ok(Vec::new()), used: 0, reach: 9 << 10 });
    }
}

#[test]
fn a_later_call_finds_the_memory_paid() {
    let wat = r#"(module (memory (export "memory") 1)
        (func (export "f") (i32.store (i32.const 2000) (i32.const 1)))
        (func (export "g") (i32.store (i32.const 9000) (i32.const 1))))"#;
    for looped in [true, false] {
        let mut machine = Machine::new(wat, COSTS, looped);
        let used = ["f", "f", "g", "f"].map(|name| machine.call(name, 1 << 40).used);
        assert_eq!(used, [price(2), 0, price(9) - price(2), 0]);
    }
}

#[test]
fn grown_memory_is_paid_when_it_is_reached() {
    let body = "(drop (memory.grow (i32.const 1))) (i32.store8 (i32.const 131071) (i32.const 1))";
    reaches(body, 128);
    reaches(
        "(i32.store8 (i32.const 1) (i32.const 1)) (drop (memory.grow (i32.const 1))) \
         (drop (i32.load8_u (i32.const 65536)))",
        65,
    );
}

#[test]
fn data_segments_are_reached_at_instantiation_and_left_to_the_embedder_to_charge() {
    let wat = r#"(module (memory (export "memory") 1)
        (data (i32.const 5000) "abc") (data (i32.const 100) "abc") (data (i32.const 60000) "")
        (data "passive")
        (func (export "f") (drop (i32.load (i32.const 5000)))
            (drop (i32.load (i32.const 6000)))))"#;
    for looped in [true, false] {
        let mut machine = Machine::new(wat, COSTS, looped);
        assert_eq!(machine.reach(), 5 << 10);
        let ended = machine.call("f", 1 << 40);
        assert_eq!(ended.used, price(6) - price(5));
    }
}

#[test]
fn an_embedder_reads_and_writes_without_paying() {
    let wat = r#"(module (memory (export "memory") 1)
        (func (export "f") (drop (i32.load (i32.const 9000)))))"#;
    for looped in [true, false] {
        let mut machine = Machine::new(wat, COSTS, looped);
        let memory = machine.instance.memory(&machine.store).unwrap();
        machine.store.memory_write(memory, 9000, &[1, 2, 3]).unwrap();
        assert_eq!(machine.store.memory_slice(memory, 20_000, 2), Ok(&[0, 0][..]));
        assert_eq!(machine.reach(), 0);
        assert_eq!(machine.call("f", 1 << 40).used, price(9));
    }
}

#[test]
fn an_embedder_that_accesses_memory_for_the_guest_pays_as_the_guest_does() {
    let wat = r#"(module (import "host" "f" (func $f)) (memory (export "memory") 1)
        (func (export "g") (i32.store (i32.const 1000) (i32.const 1)) (call $f)
            (drop (i32.load (i32.const 9000)))))"#;
    let engine =
        Engine::new(Config { features: Features::ALL, limits: Limits::GENERAL, costs: COSTS });
    let module = Module::new(&engine, &wat::parse_str(wat).unwrap()).unwrap();
    let mut store = Store::new(&engine);
    let host = store.host_func(FuncType::new(&[], &[]));
    let instance = store.instantiate(&module, &[host.into()]).unwrap();
    let memory = instance.memory(&store).unwrap();
    let func = instance.export(&store, "g").and_then(Extern::func).unwrap();
    let mut execution = Execution::new(&store, func, &[], GasTank::new(100_000)).unwrap();
    let pay = |store: &mut Store, execution: &mut Execution, address, len| {
        store.memory_pay(memory, address, len, execution.gas_mut())
    };
    assert!(matches!(execution.run(&mut store), Event::HostCall(_)));
    assert_eq!(pay(&mut store, &mut execution, 8000, 1000), Ok(()));
    assert_eq!(100_000 - execution.gas().left(), price(9));
    assert_eq!(pay(&mut store, &mut execution, 65_536, 0), Ok(()));
    assert_eq!(pay(&mut store, &mut execution, 65_536, 1), Err(TrapCode::MemoryOutOfBounds));
    assert_eq!(pay(&mut store, &mut execution, u64::MAX, 2), Err(TrapCode::MemoryOutOfBounds));
    execution.gas_mut().charge(100_000 - price(9) - 5).unwrap();
    assert_eq!(pay(&mut store, &mut execution, 9216, 1), Err(TrapCode::OutOfGas));
    // The execution goes on with what is paid; nothing of it is charged again.
    assert_eq!(execution.run(&mut store), Event::Finished);
    assert_eq!(execution.gas().left(), 5);
}

#[test]
fn instances_that_share_a_memory_share_its_reach() {
    let engine =
        Engine::new(Config { features: Features::ALL, limits: Limits::GENERAL, costs: COSTS });
    let compile = |wat: &str| Module::new(&engine, &wat::parse_str(wat).unwrap()).unwrap();
    let owner = compile(
        r#"(module (import "m" "memory" (memory 1)) (data (i32.const 3000) "abc")
            (func (export "far") (drop (i32.load (i32.const 9000)))))"#,
    );
    let user = compile(
        r#"(module (import "m" "memory" (memory 1)) (import "m" "far" (func $far))
            (func (export "f") (drop (i32.load (i32.const 4000))) (call $far)
                (drop (i32.load (i32.const 9008)))))"#,
    );
    let mut store = Store::new(&engine);
    let memory = store.memory_new(MemoryType { minimum: 1, maximum: None }).unwrap();
    let owner = store.instantiate(&owner, &[memory.into()]).unwrap();
    assert_eq!(store.memory_reach(memory), Some(3 << 10));
    let far = owner.export(&store, "far").unwrap();
    let user = store.instantiate(&user, &[memory.into(), far]).unwrap();
    let func = user.export(&store, "f").and_then(Extern::func).unwrap();
    let mut execution = Execution::new(&store, func, &[], GasTank::new(1 << 40)).unwrap();
    assert_eq!(execution.run(&mut store), Event::Finished);
    assert_eq!((1 << 40) - execution.gas().left(), price(9) - price(3));
}

#[test]
fn the_known_product_of_128_bits_pays_as_its_code_does() {
    // LLVM's `__multi3`, which has an instruction of its own where the memory is reached already,
    // here through the edge of a kibibyte.
    let multiply = "(local $ly i64) (local $lx i64) (local $low i64) (local $hy i64) \
        (local $hx i64) (local $sum i64)
        (local.set $low (i64.mul
            (local.tee $ly (i64.and (local.get $y) (i64.const 0xffffffff)))
            (local.tee $lx (i64.and (local.get $x) (i64.const 0xffffffff)))))
        (local.set $lx (i64.mul (local.tee $hy (i64.shr_u (local.get $y) (i64.const 32))) \
            (local.get $lx)))
        (local.set $ly (i64.add
            (local.get $lx)
            (i64.mul (local.get $ly) (local.tee $hx (i64.shr_u (local.get $x) (i64.const 32))))))
        (i64.store (local.get $to)
            (local.tee $sum (i64.add (local.get $low) (i64.shl (local.get $ly) (i64.const 32)))))
        (i64.store offset=8 (local.get $to)
            (i64.add
                (i64.add
                    (i64.add
                        (i64.mul (local.get $hy) (local.get $hx))
                        (i64.or
                            (i64.shl
                                (i64.extend_i32_u (i64.lt_u (local.get $ly) (local.get $lx)))
                                (i64.const 32))
                            (i64.shr_u (local.get $ly) (i64.const 32))))
                    (i64.extend_i32_u (i64.lt_u (local.get $sum) (local.get $low))))
                (i64.add
                    (i64.mul (local.get $yh) (local.get $x))
                    (i64.mul (local.get $y) (local.get $xh)))))";
    let fields = format!(
        "(func $multiply (param $to i32) (param $x i64) (param $xh i64) (param $y i64) \
         (param $yh i64) {multiply})"
    );
    for (to, kibibytes) in [(1008, 1), (1009, 2), (1016, 2), (1017, 2), (65_520, 64)] {
        let call = format!(
            "(call $multiply (i32.const {to}) (i64.const 5) (i64.const 0) (i64.const 7) \
             (i64.const 0))"
        );
        let ended = run_with(&fields, &format!("{call} {call}"), 1 << 40);
        assert_eq!((ended.used, ended.reach), (price(kibibytes), kibibytes << 10), "{to}");
    }
    // Between the two stores the gas may end.
    let call =
        "(call $multiply (i32.const 1016) (i64.const 5) (i64.const 0) (i64.const 7) (i64.const 0))";
    let ended = run_with(&fields, call, price(2) - 1);
    assert_eq!(ended, Ended { result: Err(TrapCode::OutOfGas), used: price(1), reach: 1 << 10 });
}

#[test]
fn a_start_function_pays_for_what_it_reaches() {
    let engine =
        Engine::new(Config { features: Features::ALL, limits: Limits::GENERAL, costs: COSTS });
    let wat = r#"(module (memory (export "memory") 1) (start $s)
        (func $s (i32.store (i32.const 9000) (i32.const 1))))"#;
    let module = Module::new(&engine, &wat::parse_str(wat).unwrap()).unwrap();
    let mut store = Store::new(&engine);
    let instance = store.instantiate(&module, &[]).unwrap();
    assert_eq!(store.memory_reach(instance.memory(&store).unwrap()), Some(0));
    let start = instance.start(&store).unwrap();
    let mut execution = Execution::new(&store, start, &[], GasTank::new(price(9))).unwrap();
    assert_eq!(execution.run(&mut store), Event::Finished);
    assert_eq!(execution.gas().left(), 0);
}

#[test]
fn a_module_tells_what_its_memory_reaches_before_it_is_instantiated() {
    let engine =
        Engine::new(Config { features: Features::ALL, limits: Limits::GENERAL, costs: COSTS });
    let wat = r#"(module (import "m" "g" (global $g i32)) (memory 1)
        (data (i32.const 2000) "abc") (data (global.get $g) "abc"))"#;
    let module = Module::new(&engine, &wat::parse_str(wat).unwrap()).unwrap();
    assert_eq!(module.initial_kibibytes(), 2);
    // Where a segment goes by an imported global, it is known afterwards.
    let mut store = Store::new(&engine);
    let ty = tephra_core::wasm::GlobalType { value: ValType::I32, mutable: false };
    let global = store.global_new(ty, Val::I32(9000)).unwrap();
    let instance = store.instantiate(&module, &[global.into()]).unwrap();
    assert_eq!(store.memory_reach(instance.memory(&store).unwrap()), Some(9 << 10));
}
