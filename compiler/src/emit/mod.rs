//! From the IR to a contract of WebAssembly.
mod convention;

mod function;
mod layout;
mod link;
mod locals;
mod routines;

use std::collections::HashMap;
use std::sync::Arc;

use crate::ir::{FunctionId, Kind, Part, Program};

/// A contract, and where its immutables are.
#[derive(Clone, Debug)]
pub struct Contract {
    /// The module.
    pub bytes: Vec<u8>,
    /// Where the 32 bytes of each immutable that the contract loads are in the module.
    pub immutables: HashMap<String, u32>,
    /// How many bytes the code of each function has, by name; routines among them.
    pub sizes: Vec<(String, usize)>,
}

/// Emits a program. `objects` are the contracts of the objects that its parts name, in the order of
/// the parts.
#[must_use]
pub fn emit(program: &Program, objects: &[Option<Arc<Contract>>]) -> Contract {
    let reached = reached(program);
    let facts = crate::facts::analyse(program);
    let cells = program
        .immutables
        .iter()
        .map(|name| {
            objects.iter().flatten().filter_map(|object| object.immutables.get(name)).copied()
        })
        .map(Iterator::collect)
        .collect();
    let functions = reached.iter().map(|id| &program.functions[id.0 as usize]);
    let layout = layout::Layout::new(functions, cells);
    let emitted =
        reached.iter().map(|id| (*id, function::emit(program, &facts, &layout, *id))).collect();
    let parts: Vec<&[u8]> = program
        .parts
        .iter()
        .zip(objects)
        .map(|(part, object)| match (part, object) {
            (Part::Data(bytes), _) => bytes,
            (_, Some(object)) => object.bytes.as_slice(),
            _ => &[],
        })
        .collect();
    link::link(program, &layout, emitted, &parts)
}

/// Returns a library without an address that the program's code asks for, by its index in
/// [`Program::unlinked`].
#[must_use]
pub fn unlinked(program: &Program) -> Option<usize> {
    let mut found = None;
    for id in reached(program) {
        layout::walk(&program.functions[id.0 as usize].body, &mut |kind| {
            if let Kind::Unlinked(_, library) = kind {
                found = Some(*library as usize);
            }
        });
    }
    found
}

/// Returns the functions that the program's code calls, itself first.
fn reached(program: &Program) -> Vec<FunctionId> {
    let mut found = vec![FunctionId(0)];
    let mut seen = vec![false; program.functions.len()];
    seen[0] = true;
    let mut next = 0;
    while let Some(&id) = found.get(next) {
        next += 1;
        layout::walk(&program.functions[id.0 as usize].body, &mut |kind| {
            if let Kind::Call(_, callee, _) = kind
                && !std::mem::replace(&mut seen[callee.0 as usize], true)
            {
                found.push(*callee);
            }
        });
    }
    found
}
