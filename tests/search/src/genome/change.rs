//! Candidates from others.
use fastrand::Rng;

use super::random::{constant, elements, host, list, node, number, shape};
use super::{Candidate, Function, Kind, Node, Target};

/// Nodes of a function, at most: what is larger is not mutated into what is larger still.
const LARGEST: usize = 120;

/// Changes something, once or several times.
pub fn mutate(candidate: &mut Candidate, rng: &mut Rng) {
    loop {
        change(candidate, rng);
        if rng.bool() {
            return;
        }
    }
}

/// Takes functions, contracts or parameters from another candidate of the same kind.
pub fn cross(candidate: &mut Candidate, other: &Candidate, rng: &mut Rng) {
    let Some(theirs) = pick(&other.contracts, rng) else { return };
    match rng.u8(..4) {
        0 if candidate.kind != Kind::Module => {
            let at = rng.usize(..=candidate.contracts.len().min(3));
            candidate.contracts.insert(at, theirs.clone());
            candidate.contracts.truncate(4);
        }
        1 => {
            candidate.data = other.data;
            candidate.access_list = other.access_list;
            candidate.modexp = other.modexp;
            candidate.target = other.target;
        }
        _ => {
            let Some(from) = pick(&theirs.module.functions, rng) else { return };
            let mut from = from.clone();
            let Some(contract) = pick_mut(&mut candidate.contracts, rng) else { return };
            let Some(function) = pick_mut(&mut contract.module.functions, rng) else { return };
            if rng.bool() {
                function.body = from.body;
            } else if let Some(place) = place(&mut function.body, rng)
                && let Some(taken) = place_in(&mut from, rng)
            {
                *place = taken;
            }
        }
    }
}

fn pick<'a, T>(items: &'a [T], rng: &mut Rng) -> Option<&'a T> {
    (!items.is_empty()).then(|| rng.usize(..items.len())).and_then(|index| items.get(index))
}

fn pick_mut<'a, T>(items: &'a mut [T], rng: &mut Rng) -> Option<&'a mut T> {
    (!items.is_empty()).then(|| rng.usize(..items.len())).and_then(|index| items.get_mut(index))
}

fn place_in(function: &mut Function, rng: &mut Rng) -> Option<Node> {
    place(&mut function.body, rng).map(|node| node.clone())
}

/// Any node.
fn place<'a>(body: &'a mut [Node], rng: &mut Rng) -> Option<&'a mut Node> {
    let mut node = pick_mut(body, rng)?;
    while rng.u8(..3) > 0 {
        let count = node.children().len();
        if count == 0 {
            break;
        }
        let index = rng.usize(..count);
        node = node.children().into_iter().nth(index)?;
    }
    Some(node)
}

fn scale(value: u64, most: u64, rng: &mut Rng) -> u64 {
    match rng.u8(..6) {
        0 => value.saturating_mul(2),
        1 => value / 2,
        2 => value + 1,
        3 => value.saturating_sub(1),
        4 => value.saturating_add(value / 4),
        _ => number(rng, most),
    }
    .min(most)
}

fn scale16(value: &mut u16, most: u64, rng: &mut Rng) {
    *value = scale(u64::from(*value), most, rng) as u16;
}

fn scale32(value: &mut u32, most: u64, rng: &mut Rng) {
    *value = scale(u64::from(*value), most, rng) as u32;
}

fn change(candidate: &mut Candidate, rng: &mut Rng) {
    let is_module = candidate.kind == Kind::Module;
    if !is_module && rng.u8(..3) == 0 {
        return around(candidate, rng);
    }
    let Some(contract) = pick_mut(&mut candidate.contracts, rng) else { return };
    let module = &mut contract.module;
    match rng.u8(..24) {
        0 => scale16(&mut module.last_repeated, 4000, rng),
        1 => scale16(&mut module.pages, if is_module { 512 } else { 64 }, rng),
        2 => scale16(&mut module.touched, 2840, rng),
        3 => scale16(&mut module.table, 4096, rng),
        4 => module.elements.push(elements(rng)),
        5 => drop(module.elements.pop()),
        6 => module.globals.push(number(rng, 20_000) as u32),
        7 => drop(module.globals.pop()),
        8 => scale16(&mut module.plain_globals, 1000, rng),
        9 => scale16(&mut module.data.0, 1000, rng),
        10 => scale16(&mut module.data.1, 60_000, rng),
        11 => scale32(&mut module.stride, 65_536, rng),
        12 => module.library = !module.library,
        13 if !is_module => scale16(&mut contract.copies, 400, rng),
        14 if !is_module => scale32(&mut module.padding, 120_000, rng),
        15 => {
            if let Some(items) = pick_mut(&mut module.elements, rng) {
                match rng.u8(..3) {
                    0 => items.passive = !items.passive,
                    1 => items.expressions = !items.expressions,
                    _ => scale16(&mut items.items, 40_000, rng),
                }
            }
            if let Some(global) = pick_mut(&mut module.globals, rng) {
                scale32(global, 80_000, rng);
            }
        }
        16 if module.functions.len() < 8 => {
            if let Some(function) = pick(&module.functions, rng).cloned() {
                module.functions.push(function);
            }
        }
        17 => {
            let is_main = rng.usize(..module.functions.len()) == 0;
            if let Some(function) = module.functions.get_mut(usize::from(!is_main)) {
                scale16(&mut function.locals, 4000, rng);
                function.shape = shape(rng, 64);
            }
        }
        _ => {
            if let Some(function) = pick_mut(&mut module.functions, rng) {
                body(function, rng);
            }
        }
    }
}

fn around(candidate: &mut Candidate, rng: &mut Rng) {
    match rng.u8(..10) {
        0 => candidate.revision = rng.u8(4..15),
        1 | 2 => candidate.gas = scale(candidate.gas, 1 << 16, rng).max(100),
        3 => {
            candidate.target = match rng.u8(..4) {
                0 => Target::Precompile(rng.u8(1..10)),
                1 => Target::Create(rng.u8(..4)),
                _ => Target::Contract(rng.u8(..4)),
            }
        }
        4 => scale32(&mut candidate.data.len, 250_000, rng),
        5 => candidate.data.content = rng.u8(..12),
        6 => {
            scale16(&mut candidate.access_list.0, 1000, rng);
            scale16(&mut candidate.access_list.1, 1000, rng);
        }
        7 => scale16(&mut candidate.slots, 2000, rng),
        8 => {
            if let Some(length) = pick_mut(&mut candidate.modexp, rng) {
                scale16(length, 4096, rng);
            }
        }
        _ => candidate.blake2f = !candidate.blake2f,
    }
}

fn body(function: &mut Function, rng: &mut Rng) {
    let size: usize = function.body.iter().map(Node::size).sum();
    if size > LARGEST || rng.u8(..6) == 0 {
        if function.body.len() > 1 {
            function.body.remove(rng.usize(..function.body.len()));
        } else if let Some(node) = place(&mut function.body, rng) {
            *node = self::node(rng, 1);
        }
        return;
    }
    let depth = rng.u32(..4);
    match rng.u8(..9) {
        0 => {
            let at = rng.usize(..=function.body.len());
            function.body.insert(at, node(rng, depth));
        }
        1 => {
            // All of it, more often.
            let body = std::mem::take(&mut function.body);
            function.body.push(Node::Repeat(number(rng, 1000).max(2) as u16, body));
        }
        2 => {
            let at = rng.usize(..=function.body.len());
            function.body.insert(at, host(rng, 2));
        }
        3 => {
            if let Some(copy) = pick(&function.body, rng).cloned() {
                function.body.push(copy);
            }
        }
        _ => {
            if let Some(place) = place(&mut function.body, rng) {
                edit(place, depth, rng);
            }
        }
    }
    if function.body.is_empty() {
        function.body.push(node(rng, 1));
    }
}

/// Changes a node.
fn edit(node: &mut Node, depth: u32, rng: &mut Rng) {
    if rng.u8(..4) == 0 {
        *node = self::node(rng, depth);
        return;
    }
    if rng.u8(..8) == 0
        && let Some(child) = node.children().into_iter().next().map(|child| child.clone())
    {
        *node = child;
        return;
    }
    if rng.u8(..4) == 0
        && let Some(body) = node.list()
    {
        if body.len() > 1 && rng.bool() {
            body.pop();
        } else {
            body.extend(list(rng, depth));
        }
        return;
    }
    match node {
        Node::Const(value) => *value = constant(rng),
        Node::Local(index)
        | Node::Global(index)
        | Node::SetLocal(index, _)
        | Node::SetGlobal(index, _) => {
            *index = rng.u16(..8);
        }
        Node::Unary(op, times, _) | Node::Fold(op, times, ..) => {
            if rng.bool() {
                *op = rng.u8(..);
            } else {
                scale16(times, 2000, rng);
            }
        }
        Node::Binary(op, ..) => *op = rng.u8(..),
        Node::Load(op, offset, times, _) => match rng.u8(..3) {
            0 => *op = rng.u8(..),
            1 => *offset = number(rng, 1 << 24) as u32,
            _ => scale16(times, 2000, rng),
        },
        Node::Store(op, offset, ..) => {
            if rng.bool() {
                *op = rng.u8(..);
            } else {
                *offset = number(rng, 1 << 24) as u32;
            }
        }
        Node::Block(kind, shape, ..) => match rng.u8(..4) {
            0 => *kind = rng.u8(..3),
            1 => shape.params = scale(shape.params.into(), 64, rng) as u8,
            2 => shape.results = scale(shape.results.into(), 16, rng) as u8,
            _ => shape.types = rng.u8(..4),
        },
        Node::Repeat(times, _) => scale16(times, 4000, rng),
        Node::Branch(to, ..) => *to = rng.u8(..8),
        Node::BranchTable(targets, blocks, shape, _) => match rng.u8(..4) {
            0 => scale16(targets, 4096, rng),
            1 => *blocks = scale(u64::from(*blocks), 255, rng) as u8,
            2 => shape.results = scale(shape.results.into(), 16, rng) as u8,
            _ => shape.types = rng.u8(..4),
        },
        Node::Call(kind, function, _) => {
            *kind = rng.u8(..4);
            *function = rng.u8(..8);
        }
        Node::Bulk(kind, segment, ..) => {
            *kind = rng.u8(..12);
            *segment = rng.u8(..4);
        }
        Node::Host(..) => *node = host(rng, depth),
        Node::Next(cell, offset, bits) => {
            *cell = rng.u8(..64);
            *offset = rng.u8(..32);
            *bits = rng.u8(..16);
        }
        _ => *node = self::node(rng, depth),
    }
}

/// Takes something away.
pub fn simplify(candidate: &mut Candidate, rng: &mut Rng) {
    match rng.u8(..10) {
        0 if candidate.contracts.len() > 1 => {
            candidate.contracts.pop();
            return;
        }
        1 => {
            candidate.access_list = (0, 0);
            candidate.slots = 0;
            return;
        }
        2 => {
            candidate.data.len = 0;
            candidate.modexp = [0; 3];
            return;
        }
        _ => {}
    }
    let Some(contract) = pick_mut(&mut candidate.contracts, rng) else { return };
    let module = &mut contract.module;
    match rng.u8(..16) {
        0 => module.last_repeated = 0,
        1 => module.plain_globals = 0,
        2 => drop(module.globals.pop()),
        3 => drop(module.elements.pop()),
        4 => module.data = (0, 0),
        5 => (module.padding, module.stride) = (0, 0),
        6 => module.touched = 0,
        7 => module.table = 0,
        8 if module.functions.len() > 1 => drop(module.functions.pop()),
        9 => contract.copies = 1,
        _ => {
            let Some(function) = pick_mut(&mut module.functions, rng) else { return };
            if rng.bool() && function.body.len() > 1 {
                function.body.remove(rng.usize(..function.body.len()));
            } else if rng.u8(..4) == 0 {
                function.locals = if function.locals > 8 { 8 } else { 0 };
            } else if let Some(place) = place(&mut function.body, rng) {
                let child = place.children().into_iter().next().map(|child| child.clone());
                match (place.list(), child) {
                    (Some(list), _) if list.len() > 1 => drop(list.pop()),
                    (_, Some(child)) if rng.bool() => *place = child,
                    _ => *place = Node::Const(0),
                }
            }
        }
    }
}
