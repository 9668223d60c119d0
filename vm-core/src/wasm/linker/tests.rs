//! Programs that call their host.
use alloc::string::ToString;
use alloc::vec;

use super::*;
use crate::wasm::{Config, Engine};

/// What the host functions of these tests work on.
#[derive(Default)]
struct Host {
    printed: Vec<u8>,
}

struct World {
    engine: Engine,
    store: Store,
    linker: Linker<Host>,
    host: Host,
}

const GAS: u64 = 1_000_000;

impl World {
    fn new() -> Self {
        let engine = Engine::new(Config::default());
        let store = Store::new(&engine);
        Self { engine, store, linker: Linker::new(), host: Host::default() }
    }

    fn host_func<F>(
        &mut self,
        name: &str,
        params: &[ValType],
        results: &[ValType],
        closure: F,
    ) -> Func
    where
        F: Fn(&mut Caller<'_, Host>, &[Val], &mut [Val]) -> Result<(), HostError> + 'static,
    {
        self.linker.func(&mut self.store, "host", name, FuncType::new(params, results), closure)
    }

    fn instantiate(&mut self, text: &str) -> Result<Instance, LinkError> {
        let module = Module::new(&self.engine, &wat::parse_str(text).unwrap()).unwrap();
        self.linker.instantiate(&mut self.store, &mut self.host, &module, GAS)
    }

    fn call(&mut self, func: Func, args: &[Val]) -> Result<(Vec<Val>, GasTank), CallError> {
        self.linker.call(&mut self.store, &mut self.host, func, args, GasTank::new(GAS))
    }

    /// Instantiates a module and calls its export `main`.
    fn main(&mut self, text: &str, args: &[Val]) -> Result<(Vec<Val>, GasTank), CallError> {
        let instance = self.instantiate(text).unwrap();
        let main = instance.export(&self.store, "main").and_then(Extern::func).unwrap();
        self.call(main, args)
    }
}

#[test]
fn a_host_function_gets_arguments_and_gives_results() {
    let mut world = World::new();
    world.host_func(
        "swap",
        &[ValType::I32, ValType::I64],
        &[ValType::I64, ValType::I32],
        |_, args, results| {
            results.copy_from_slice(&[args[1], args[0]]);
            Ok(())
        },
    );
    let text = r#"(module (import "host" "swap" (func (param i32 i64) (result i64 i32)))
        (func (export "main") (param i32) (result i64 i32) local.get 0 i64.const -5 call 0))"#;
    let (results, gas) = world.main(text, &[Val::I32(-7)]).unwrap();
    assert_eq!(results, [Val::I64(-5), Val::I32(-7)]);
    assert!(gas.left() < GAS);
}

#[test]
fn a_host_function_reads_and_writes_the_memory_of_its_caller() {
    let mut world = World::new();
    world.host_func("shout", &[ValType::I32, ValType::I32], &[], |caller, args, _| {
        let [Val::I32(start), Val::I32(len)] = args else { panic!("{args:?}") };
        let bytes = caller.slice(*start as u64, *len as u64)?.to_ascii_uppercase();
        caller.write(*start as u64, &bytes)?;
        let mut copy = vec![0; bytes.len()];
        caller.read(*start as u64, &mut copy)?;
        caller.data().printed = copy;
        Ok(())
    });
    let text = r#"(module (import "host" "shout" (func (param i32 i32))) (memory 1)
        (data (i32.const 8) "tephra")
        (func (export "main") (param i32) (result i32)
            local.get 0 i32.const 6 call 0 i32.const 8 i32.load8_u))"#;
    assert_eq!(world.main(text, &[Val::I32(8)]).unwrap().0, [Val::I32(i32::from(b'T'))]);
    assert_eq!(world.host.printed, b"TEPHRA");
    let error = world.main(text, &[Val::I32(65_531)]).unwrap_err();
    assert_eq!(error.to_string(), "the call trapped: out of bounds memory access");
}

#[test]
fn without_a_memory_every_access_is_out_of_bounds() {
    let mut world = World::new();
    let touch = world.host_func("touch", &[], &[], |caller, _, _| {
        assert_eq!(caller.memory(), None);
        Ok(caller.write(0, &[])?)
    });
    let error = world
        .main(r#"(module (import "host" "touch" (func)) (export "main" (func 0)))"#, &[])
        .unwrap_err();
    assert!(matches!(
        error.reason,
        CallFailure::Trap(Trap { code: TrapCode::MemoryOutOfBounds, .. })
    ));
    assert!(world.call(touch, &[]).is_err());
}

#[test]
fn a_host_function_charges_gas() {
    let mut world = World::new();
    world.host_func("use", &[ValType::I64], &[ValType::I64], |caller, args, results| {
        let [Val::I64(gas)] = args else { panic!("{args:?}") };
        let before = caller.gas_left();
        caller.charge(*gas as u64)?;
        results[0] = Val::I64((before - caller.gas_left()) as i64);
        Ok(())
    });
    let text = r#"(module (import "host" "use" (func (param i64) (result i64)))
        (func (export "main") (param i64) (result i64) local.get 0 call 0))"#;
    let (results, gas) = world.main(text, &[Val::I64(1000)]).unwrap();
    assert_eq!(results, [Val::I64(1000)]);
    assert!(gas.left() < GAS - 1000);
    let error = world.main(text, &[Val::I64(GAS as i64 + 1)]).unwrap_err();
    assert!(matches!(error.reason, CallFailure::Trap(Trap { code: TrapCode::OutOfGas, .. })));
    // What did not fit was not taken.
    assert!(error.gas.left() > 0);
}

#[test]
fn a_host_function_traps_fails_or_ends_the_execution() {
    let mut world = World::new();
    world.host_func("end", &[ValType::I32], &[], |_, args, _| {
        Err(match args[0] {
            Val::I32(0) => TrapCode::Unreachable.into(),
            Val::I32(1) => HostError::Error("the disk is full".into()),
            _ => HostError::Exit(3),
        })
    });
    let text = r#"(module (import "host" "end" (func (param i32)))
        (func (export "main") (param i32) local.get 0 call 0))"#;
    let mut end = |how| world.main(text, &[Val::I32(how)]).unwrap_err();
    assert_eq!(end(0).to_string(), "the call trapped: unreachable");
    assert_eq!(end(1).to_string(), "a host function failed: the disk is full");
    let error = end(2);
    assert!(matches!(error.reason, CallFailure::Exit(3)));
    // The function that called the host was open.
    assert_eq!(error.backtrace.len(), 1);
    assert_eq!(error.backtrace[0].1, 1);
}

#[test]
fn results_of_the_wrong_type_end_the_call() {
    let mut world = World::new();
    world.host_func("wrong", &[], &[ValType::I32], |_, _, results| {
        results[0] = Val::I64(0);
        Ok(())
    });
    world.host_func("foreign", &[], &[ValType::FuncRef], |_, _, results| {
        results[0] = Val::FuncRef(Some(Func::of_instance(77, 0)));
        Ok(())
    });
    for text in [
        r#"(module (import "host" "wrong" (func (result i32))) (export "main" (func 0)))"#,
        r#"(module (import "host" "foreign" (func (result funcref))) (export "main" (func 0)))"#,
    ] {
        assert!(matches!(world.main(text, &[]).unwrap_err().reason, CallFailure::Results));
    }
}

#[test]
fn arguments_have_the_types_of_the_parameters() {
    let mut world = World::new();
    let text = r#"(module (func (export "main") (param i32)))"#;
    for args in [&[][..], &[Val::I64(0)], &[Val::I32(0), Val::I32(0)]] {
        let error = world.main(text, args).unwrap_err();
        assert!(matches!(error.reason, CallFailure::Arguments));
        assert_eq!(error.gas, GasTank::new(GAS));
    }
    assert!(world.main(text, &[Val::I32(0)]).is_ok());
}

#[test]
fn a_host_function_of_another_linker_cannot_be_called() {
    let mut world = World::new();
    let other = world.store.host_func(FuncType::new(&[], &[]));
    let error = world.call(other, &[]).unwrap_err();
    assert_eq!(error.to_string(), "host function 0 is not of this linker");
}

#[test]
fn the_start_function_runs_with_gas() {
    let mut world = World::new();
    let instance = world
        .instantiate(
            r#"(module (global (export "g") (mut i32) (i32.const 1))
                (func i32.const 2 global.set 0) (start 0))"#,
        )
        .unwrap();
    let global = instance.export(&world.store, "g").and_then(Extern::global).unwrap();
    assert_eq!(world.store.global_get(global), Some(Val::I32(2)));
    let error = world.instantiate("(module (func unreachable) (start 0))").unwrap_err();
    assert!(matches!(error, LinkError::Start(CallError { reason: CallFailure::Trap(_), .. })));
    let error = world.instantiate("(module (func (loop br 0)) (start 0))").unwrap_err();
    assert_eq!(
        error.to_string().split(" in ").next(),
        Some("the start function failed: the call trapped: out of gas")
    );
}

#[test]
fn imports_are_found_by_both_names() {
    let mut world = World::new();
    world.instantiate(r#"(module (import "host" "f" (func)))"#).unwrap_err();
    let first = world.host_func("f", &[], &[], |_, _, _| Ok(()));
    world.instantiate(r#"(module (import "host" "f" (func)))"#).unwrap();
    let error = world.instantiate(r#"(module (import "host" "g" (func)))"#).unwrap_err();
    assert_eq!(error.to_string(), "unknown import `host.g`");
    let error = world.instantiate(r#"(module (import "guest" "f" (func)))"#).unwrap_err();
    assert_eq!(error.to_string(), "unknown import `guest.f`");
    let error =
        world.instantiate(r#"(module (import "host" "f" (func (param i32))))"#).unwrap_err();
    assert_eq!(error.to_string(), "incompatible import type: `host.f` is of another type");
    // A later meaning replaces the earlier one.
    let second = world.host_func("f", &[], &[], |_, _, _| Ok(()));
    assert_ne!(first, second);
    assert_eq!(world.linker.get("host", "f"), Some(Extern::Func(second)));
}

#[test]
fn exports_of_an_instance_serve_as_imports() {
    let mut world = World::new();
    let text =
        r#"(module (func (export "seven") (result i32) i32.const 7) (memory (export "m") 1))"#;
    let library = world.instantiate(text).unwrap();
    world.linker.define_instance(&world.store, "library", library);
    let text = r#"(module (import "library" "seven" (func (result i32)))
        (import "library" "m" (memory 1))
        (func (export "main") (result i32) call 0))"#;
    assert_eq!(world.main(text, &[]).unwrap().0, [Val::I32(7)]);
}
