//! Candidates from nothing.
use fastrand::Rng;
use tephra_core::ewasm::INTERFACE;

use super::{Candidate, Contract, Data, Elements, Function, Kind, Module, Node, Shape, Target};

/// A number that is small, or a power of two, or near one, or any up to `most`.
pub(super) fn number(rng: &mut Rng, most: u64) -> u64 {
    let value = match rng.u8(..8) {
        0 => 0,
        1 => 1,
        2 | 3 => rng.u64(..8),
        4 => 1 << rng.u32(..48),
        5 => (1_u64 << rng.u32(1..48)) - 1,
        6 => most,
        _ => rng.u64(..=most),
    };
    value.min(most)
}

pub(super) fn constant(rng: &mut Rng) -> i64 {
    match rng.u8(..7) {
        0 => rng.i64(..),
        1 => -(number(rng, 1 << 40) as i64),
        // Where cells are.
        2 => 32 * rng.i64(0..64),
        3 => 32 * rng.i64(0..256),
        4 => 192 * rng.i64(0..9),
        _ => number(rng, 1 << 48) as i64,
    }
}

pub(super) fn shape(rng: &mut Rng, most: u64) -> Shape {
    Shape {
        params: number(rng, most) as u8,
        results: number(rng, most.min(16)) as u8,
        types: rng.u8(..4),
    }
}

fn boxed(rng: &mut Rng, depth: u32) -> Box<Node> {
    Box::new(node(rng, depth.saturating_sub(1)))
}

pub(super) fn list(rng: &mut Rng, depth: u32) -> Vec<Node> {
    (0..rng.usize(1..4)).map(|_| node(rng, depth.saturating_sub(1))).collect()
}

fn times(rng: &mut Rng) -> u16 {
    number(rng, 1000).max(1) as u16
}

/// A function of the interface by name.
fn named(name: &str, args: Vec<Node>) -> Node {
    let index = INTERFACE.iter().position(|function| function.name == name);
    Node::Host(index.unwrap_or_default() as u8, args)
}

/// A call of a precompiled contract with an input that it takes.
fn precompile(rng: &mut Rng) -> Node {
    let contract = rng.u8(1..10);
    let length = match contract {
        1 | 6 => 128,
        7 => 96,
        8 => 192 * rng.i64(0..9),
        9 if rng.bool() => 213,
        5 => 96 + 3072,
        _ => self::number(rng, 60_000) as i64,
    };
    let cell = i64::from(crate::library::PRECOMPILES + contract - 1) * 32;
    let input = crate::library::input_of(contract).into();
    named("callStatic", [1 << 40, cell, input, length].map(Node::Const).into())
}

/// A call of another contract.
fn call(rng: &mut Rng) -> Node {
    let gas = if rng.bool() { 1 << 40 } else { number(rng, 20_000) as i64 };
    let (cell, pointer, length) = (32 * rng.i64(0..4), constant(rng), number(rng, 40_000) as i64);
    let value = if rng.u8(..4) == 0 { crate::library::ONE } else { crate::library::NOTHING };
    match rng.u8(..4) {
        0 => named("callStatic", [gas, cell, pointer, length].map(Node::Const).into()),
        1 => named("callDelegate", [gas, cell, pointer, length].map(Node::Const).into()),
        2 => named("callCode", [gas, cell, value, pointer, length].map(Node::Const).into()),
        _ => named("call", [gas, cell, value, pointer, length].map(Node::Const).into()),
    }
}

/// A create of the call data.
fn create(rng: &mut Rng) -> Node {
    let size = || named("getCallDataSize", Vec::new());
    let pointer = 16 << 10;
    let copy = named("callDataCopy", vec![Node::Const(pointer), Node::Const(0), size()]);
    let out = Node::Const(crate::library::SCRATCH);
    let value = Node::Const(crate::library::NOTHING);
    let make = if rng.bool() {
        named("create", vec![value, Node::Const(pointer), size(), out])
    } else {
        named("create2", vec![value, Node::Const(pointer), size(), Node::Const(constant(rng)), out])
    };
    Node::Repeat(1, vec![copy, Node::Repeat(number(rng, 100) as u16, vec![make])])
}

/// A call of a function of the interface, mostly with arguments that make sense.
pub(super) fn host(rng: &mut Rng, depth: u32) -> Node {
    match rng.u8(..12) {
        0 => return precompile(rng),
        1 => return create(rng),
        2 => return call(rng),
        _ => {}
    }
    let function = rng.usize(..INTERFACE.len());
    let params = INTERFACE.get(function).map_or(0, |function| function.params.len());
    let args = (0..params).map(|_| {
        if rng.u8(..4) == 0 { node(rng, depth.min(2)) } else { Node::Const(constant(rng)) }
    });
    Node::Host(function as u8, args.collect())
}

/// A tree that is no deeper.
pub(super) fn node(rng: &mut Rng, depth: u32) -> Node {
    if depth == 0 {
        return match rng.u8(..6) {
            0 | 1 => Node::Const(constant(rng)),
            2 => Node::Global(rng.u16(..8)),
            3 => Node::Reference(rng.bool()),
            _ => Node::Local(rng.u16(..8)),
        };
    }
    match rng.u8(..28) {
        0 => Node::SetLocal(rng.u16(..8), boxed(rng, depth)),
        1 => Node::Tee(rng.u16(..8), boxed(rng, depth)),
        2 => Node::SetGlobal(rng.u16(..8), boxed(rng, depth)),
        3 | 4 => Node::Unary(rng.u8(..), times(rng), boxed(rng, depth)),
        5 | 6 => Node::Binary(rng.u8(..), boxed(rng, depth), boxed(rng, depth)),
        7 => Node::Fold(rng.u8(..), times(rng), boxed(rng, depth), boxed(rng, depth)),
        8 => Node::Load(rng.u8(..), number(rng, 1 << 20) as u32, times(rng), boxed(rng, depth)),
        9 => Node::Store(
            rng.u8(..),
            number(rng, 1 << 20) as u32,
            boxed(rng, depth),
            boxed(rng, depth),
        ),
        10 => Node::Select(boxed(rng, depth), boxed(rng, depth), boxed(rng, depth)),
        11..=13 => Node::Block(rng.u8(..3), shape(rng, 64), boxed(rng, depth), list(rng, depth)),
        14 | 15 => Node::Repeat(times(rng), list(rng, depth)),
        16 => Node::Branch(rng.u8(..8), rng.bool().then(|| boxed(rng, depth)), boxed(rng, depth)),
        17 => Node::BranchTable(
            number(rng, 4096) as u16,
            number(rng, 255) as u8,
            shape(rng, 16),
            boxed(rng, depth),
        ),
        18 | 19 => Node::Call(rng.u8(..4), rng.u8(..8), boxed(rng, depth)),
        20 => Node::Size(rng.bool()),
        21 => Node::Bulk(
            rng.u8(..12),
            rng.u8(..4),
            boxed(rng, depth),
            boxed(rng, depth),
            boxed(rng, depth),
        ),
        22 => Node::Dead(list(rng, depth)),
        23 => Node::Return(boxed(rng, depth)),
        24 => Node::Next(rng.u8(..64), rng.u8(..32), rng.u8(..16)),
        25 | 26 => host(rng, depth),
        _ => node(rng, 0),
    }
}

fn function(rng: &mut Rng, is_main: bool) -> Function {
    let shape = if is_main { Shape::default() } else { shape(rng, 64) };
    let depth = rng.u32(1..4);
    Function { shape, locals: number(rng, 4000) as u16, body: list(rng, depth) }
}

pub(super) fn elements(rng: &mut Rng) -> Elements {
    Elements { items: number(rng, 4096) as u16, passive: rng.bool(), expressions: rng.bool() }
}

fn module(rng: &mut Rng) -> Module {
    let functions = (0..rng.usize(1..4)).map(|index| function(rng, index == 0)).collect();
    Module {
        functions,
        last_repeated: if rng.u8(..4) == 0 { number(rng, 1000) as u16 } else { 0 },
        pages: if rng.bool() { rng.u16(..2) } else { number(rng, 64) as u16 },
        touched: if rng.bool() { 0 } else { number(rng, 2840) as u16 },
        table: number(rng, 4096) as u16,
        elements: (0..rng.usize(..3)).map(|_| elements(rng)).collect(),
        globals: (0..rng.usize(..3)).map(|_| number(rng, 20_000) as u32).collect(),
        plain_globals: number(rng, 1000) as u16,
        data: if rng.bool() {
            (0, 0)
        } else {
            (number(rng, 1000) as u16, number(rng, 4096) as u16)
        },
        stride: number(rng, 65_536) as u32,
        library: rng.bool(),
        padding: if rng.u8(..4) == 0 { number(rng, 120_000) as u32 } else { 0 },
    }
}

/// A candidate of a kind.
pub fn random(kind: Kind, rng: &mut Rng) -> Candidate {
    let contracts = if kind == Kind::Module { 1 } else { rng.usize(1..4) };
    let contracts = (0..contracts).map(|_| {
        let copies = if rng.u8(..4) == 0 { number(rng, 256).max(1) as u16 } else { 1 };
        Contract { module: module(rng), copies }
    });
    Candidate {
        kind,
        contracts: contracts.collect(),
        revision: if rng.bool() { 14 } else { rng.u8(4..15) },
        gas: match kind {
            Kind::Module => 300,
            Kind::Message | Kind::Transaction => 1 << rng.u32(14..16),
        },
        target: match rng.u8(..8) {
            0 => Target::Precompile(rng.u8(1..10)),
            1 => Target::Create(rng.u8(..3)),
            _ => Target::Contract(0),
        },
        data: Data { len: number(rng, 100_000) as u32, content: rng.u8(..12) },
        access_list: if rng.bool() {
            (0, 0)
        } else {
            (number(rng, 300) as u16, number(rng, 30) as u16)
        },
        slots: number(rng, 1000) as u16,
        modexp: [number(rng, 4096) as u16, number(rng, 4096) as u16, number(rng, 4096) as u16],
        blake2f: rng.u8(..4) == 0,
    }
}
