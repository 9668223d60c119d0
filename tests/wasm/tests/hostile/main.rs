//! Hostile modules end in an error or a trap: no panic, no hang, no memory beyond a multiple of
//! their size.
mod allocations;
mod damaged;
mod execution;
mod shapes;

use tephra_core::wasm::{Config, TrapCode, Val};
use tephra_wasm_tests::hostile;
pub use tephra_wasm_tests::hostile::{Fate, config};
use tephra_wasm_tests::machine::{Extern, Machine};

#[global_allocator]
static ALLOCATOR: allocations::Counting = allocations::Counting;

/// Bytes that a module may make the engine hold, for each of its own. The densest are types, of
/// three bytes each.
const PER_BYTE: u64 = 128;

/// Bytes that any execution may hold: its stack at the general limit (8 MiB), which may be there
/// twice while it grows, and small things.
const CONSTANT: u64 = 24 << 20;

/// Runs a module as [`hostile::run`] does, and checks what that held in memory.
pub fn run(what: &str, bytes: &[u8], trusted: bool) -> Fate {
    let (fate, held) = allocations::peak(|| hostile::run(bytes, trusted));
    let allowed = PER_BYTE * bytes.len() as u64 + CONSTANT;
    assert!(
        held <= allowed,
        "{what}: {held} bytes held for a module of {}, more than {allowed}",
        bytes.len()
    );
    fate
}

/// A machine with a module in it whose exported function `f` can be called.
pub fn call(bytes: &[u8], config: Config, gas: u64, args: &[Val]) -> Result<Vec<Val>, TrapCode> {
    let mut machine = Machine::new(config, gas);
    let module = machine.compile(bytes).unwrap_or_else(|error| panic!("{error}"));
    let instance =
        machine.instantiate(&module, |_, _, _| None).unwrap_or_else(|failure| panic!("{failure}"));
    let Some(Extern::Func(func)) = machine.export(instance, "f") else { panic!("no function f") };
    machine.call(func, args)
}
