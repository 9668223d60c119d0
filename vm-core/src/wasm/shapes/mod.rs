//! What is hard for its size: validating, translating and instantiating take time in proportion to the bytes of a module, whatever is in them.
//!
//! `cargo test --release -p tephra-core --lib shapes -- --ignored --nocapture` measures nanoseconds a byte for every shape.
extern crate std;

mod build;
mod list;

use alloc::sync::Arc;
use alloc::vec::Vec;
use std::time::Instant;
use std::{print, println};

use super::translate::{Scratch, translate};
use super::{Config, Engine, Features, Limits, Module};
use list::Shape;

fn engine() -> Engine {
    Engine::new(Config { features: Features::CONTRACT, limits: Limits::CONTRACT, ..Config::default() })
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
            translate(&module.0, index as u32, &mut scratch).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
    }
}

/// The least of several rounds, in nanoseconds a byte.
fn measure(bytes: usize, mut run: impl FnMut()) -> f64 {
    let round = |_| {
        let start = Instant::now();
        run();
        start.elapsed().as_nanos() as f64 / bytes as f64
    };
    (0..25).map(round).fold(f64::INFINITY, f64::min)
}

#[test]
#[ignore = "measures time"]
fn nanoseconds_a_byte() {
    let engine = engine();
    println!("{:>8} {:>8}  of bytes: shape", "validate", "translate");
    for (name, bytes) in all() {
        let validate = measure(bytes.len(), || drop(Module::new_without_reasons(&engine, &bytes).unwrap()));
        let module = Module::new_trusted(&engine, Arc::from(&*bytes)).unwrap();
        let translate = measure(bytes.len(), || {
            let mut scratch = Scratch::default();
            for index in 0..module.0.bodies.len() {
                translate(&module.0, index as u32, &mut scratch).unwrap();
            }
        });
        let mark = if validate > 16.0 || translate > 16.0 { " <<<" } else { "" };
        print!("{validate:8.1} {translate:8.1} {:8}: {name}{mark}\n", bytes.len());
    }
}
