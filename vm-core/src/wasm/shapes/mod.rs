//! What is hard for its size: validating, translating and instantiating take time in proportion to
//! the bytes of a module, whatever is in them.
//!
//! `TEPHRA_SHAPE_ROUNDS=25 cargo test --release -p tephra-core --lib shapes -- --nocapture`
//! measures nanoseconds a byte for every shape.
extern crate std;

mod build;
mod list;

use alloc::sync::Arc;
use alloc::vec::Vec;
use std::println;
use std::time::Instant;

use super::translate::{Scratch, translate};
use super::{Config, Engine, Features, FuncType, Limits, Module, Store};
use list::Shape;

fn engine() -> Engine {
    Engine::new(Config {
        features: Features::CONTRACT,
        limits: Limits::CONTRACT,
        ..Config::default()
    })
}

fn all() -> Vec<Shape> {
    [list::instructions(), list::functions(), list::sections()].concat()
}

#[test]
fn every_shape_is_a_contract_s_module_and_can_be_translated() {
    let engine = engine();
    for (name, bytes) in all() {
        let module = Module::new(&engine, &bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut scratch = Scratch::default();
        for index in 0..module.0.bodies.len() {
            let code = translate(&module.0, index as u32, &mut scratch)
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(code.keeps_rules(), "{name}");
        }
    }
}

/// Steps for each byte of a module, besides reading it. A byte can name a row of 64 types, which
/// are compared by eight.
#[cfg(debug_assertions)]
const PER_BYTE: usize = 10;

/// Steps for a module in any case.
#[cfg(debug_assertions)]
const CONSTANT: usize = 10_000;

#[test]
#[cfg(debug_assertions)]
fn every_shape_takes_steps_in_proportion_to_its_bytes() {
    let engine = engine();
    for (name, bytes) in all() {
        let allowed = PER_BYTE * bytes.len() + CONSTANT;
        let validating = super::steps::of(|| drop(Module::new(&engine, &bytes).unwrap()));
        assert!(
            validating <= allowed,
            "{name}: {validating} steps to validate {} bytes",
            bytes.len()
        );
        let module = Module::new_trusted(&engine, Arc::from(&*bytes)).unwrap();
        let mut scratch = Scratch::default();
        let translating = super::steps::of(|| {
            for index in 0..module.0.bodies.len() {
                translate(&module.0, index as u32, &mut scratch).unwrap();
            }
        });
        assert!(
            translating <= allowed,
            "{name}: {translating} steps to translate {} bytes",
            bytes.len()
        );
    }
}

/// Returns the least of several rounds, in nanoseconds a byte.
fn measure(rounds: u32, bytes: usize, run: &mut dyn FnMut()) -> f64 {
    let round = |_| {
        let start = Instant::now();
        run();
        start.elapsed().as_nanos() as f64 / bytes as f64
    };
    (0..rounds).map(round).fold(f64::INFINITY, f64::min)
}

/// Prints nanoseconds a byte beside each shape, of as many rounds as `TEPHRA_SHAPE_ROUNDS` says:
/// one by default, which shows that it works and measures nothing.
#[test]
fn every_shape_is_validated_translated_and_instantiated() {
    let engine = engine();
    let rounds = std::env::var("TEPHRA_SHAPE_ROUNDS").map_or(1, |rounds| rounds.parse().unwrap());
    let measure = |bytes: usize, run: &mut dyn FnMut()| measure(rounds, bytes, run);
    println!("validate translate     begin");
    println!("ns/byte    ns/byte   ns/unit    bytes  units  shape");
    for (name, bytes) in all() {
        let bytes: Arc<[u8]> = Arc::from(&*bytes);
        let validate = measure(bytes.len(), &mut || {
            drop(Module::new_without_reasons(&engine, bytes.clone()).unwrap())
        });
        let module = Module::new_trusted(&engine, bytes.clone()).unwrap();
        let translate = measure(bytes.len(), &mut || {
            let mut scratch = Scratch::default();
            for index in 0..module.0.bodies.len() {
                translate(&module.0, index as u32, &mut scratch).unwrap();
            }
        });
        let units = module.start_work().units() as usize;
        // What every instance takes, in a store of its own.
        let begin = measure(units + 100, &mut || {
            let mut store = Store::new(&engine);
            let funcs: Vec<_> =
                module.imports().map(|_| store.host_func(FuncType::new(&[], &[]))).collect();
            store.instantiate_resolved(&module, funcs.into()).unwrap();
        });
        let mark = if validate > 16.0 || translate > 16.0 { " <<<" } else { "" };
        println!(
            "{validate:7.1} {translate:10.1} {begin:9.2} {:8} {units:6}  {name}{mark}",
            bytes.len()
        );
    }
}
