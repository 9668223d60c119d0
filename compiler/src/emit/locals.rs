//! Which values share a local: those that are not needed at the same time.
use std::collections::{BTreeMap, HashMap};

use wasm_encoder::ValType;

use crate::facts::Facts;
use crate::ir::{Block, Function, Kind, Value};

/// Where a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A constant, which is in no local.
    Constant,
    /// A local of 32 bits: the value has no more.
    Narrow(u32),
    /// Locals of 64 bits, the lowest first. What is above them is zero.
    Limbs(Vec<u32>),
    /// Nowhere: it is not used.
    Nowhere,
}

/// Returns the number of i64 limbs for a width in bits; `None` where an i32 suffices.
pub(super) fn limbs(bits: u16) -> Option<usize> {
    (bits > 32).then(|| usize::from(bits).div_ceil(64))
}

/// The places of a function's values.
pub(super) struct Locals {
    pub places: Vec<Place>,
    /// How many times each value is used.
    pub uses: Vec<u32>,
    /// The types of the locals that are no parameters.
    pub types: Vec<ValType>,
}

/// Assigns locals. The first `spilled` parameters that have no wasm parameter of their own are
/// treated as the others: they are set when the function begins.
pub(super) fn assign(function: &Function, facts: &Facts, parameters: &[ValType]) -> Locals {
    let mut ranges = Ranges {
        position: 0,
        start: vec![0; function.values as usize],
        last: vec![None; function.values as usize],
        uses: vec![0; function.values as usize],
        loops: Vec::new(),
    };
    ranges.block(&function.body);
    let mut expiring: BTreeMap<u32, Vec<Value>> = BTreeMap::new();
    for (at, last) in ranges.last.iter().enumerate() {
        if let Some(last) = last {
            expiring.entry(*last).or_default().push(Value(at as u32));
        }
    }
    let mut allocation = Allocation {
        facts,
        ranges: &ranges,
        position: 0,
        expiring,
        free: HashMap::new(),
        places: vec![Place::Nowhere; function.values as usize],
        parameters: parameters.len() as u32,
        types: Vec::new(),
    };
    // Parameters are where the caller put them, as far as they are handed over in order.
    let mut next = 0;
    for &parameter in &function.parameters {
        let take = |next: &mut u32| {
            let local = *next;
            *next += 1;
            local
        };
        let count = limbs(facts.bits(parameter));
        let fits = next as usize + count.unwrap_or(1) <= parameters.len();
        let place = match count {
            None if fits => Place::Narrow(take(&mut next)),
            Some(count) if fits => Place::Limbs((0..count).map(|_| take(&mut next)).collect()),
            _ => allocation.fresh(parameter),
        };
        allocation.places[parameter.0 as usize] = place;
    }
    allocation.block(&function.body);
    Locals { places: allocation.places, types: allocation.types, uses: ranges.uses }
}

/// When each value is needed, in the order of the code.
struct Ranges {
    position: u32,
    start: Vec<u32>,
    last: Vec<Option<u32>>,
    uses: Vec<u32>,
    /// Where open loops begin, and what from before them they need until they end.
    loops: Vec<(u32, Vec<Value>)>,
}

impl Ranges {
    fn needed(&mut self, value: Value) {
        let at = value.0 as usize;
        self.uses[at] += 1;
        self.last[at] = self.last[at].max(Some(self.position));
        let start = self.start[at];
        if let Some((_, keep)) = self.loops.iter_mut().find(|(begin, _)| start < *begin) {
            keep.push(value);
        }
    }

    /// Keeps the results of a region from its begin on: ends inside of it set them.
    fn defined(&mut self, value: Value) {
        let at = value.0 as usize;
        self.start[at] = self.position;
        self.last[at] = self.last[at].max(Some(self.position));
    }

    fn block(&mut self, block: &Block) {
        for instruction in &block.instructions {
            self.position += 1;
            let kind = &instruction.kind;
            kind.operands(|value| self.needed(value));
            kind.results(|value| self.defined(value));
            if let Kind::Loop(region) = kind {
                for (parameter, _) in &region.parameters {
                    self.defined(*parameter);
                }
                self.position += 1;
                self.loops.push((self.position, Vec::new()));
                self.block(&region.body);
                self.position += 1;
                let (_, mut keep) = self.loops.pop().unwrap_or_default();
                keep.extend(region.parameters.iter().map(|(parameter, _)| *parameter));
                for value in keep {
                    let at = value.0 as usize;
                    self.last[at] = self.last[at].max(Some(self.position));
                }
            } else {
                for block in kind.blocks() {
                    self.block(block);
                }
            }
            // Results are set wherever the region is left, its last end included.
            self.position += 1;
            kind.results(|value| {
                let at = value.0 as usize;
                self.last[at] = self.last[at].max(Some(self.position));
            });
        }
        self.position += 1;
        for value in block.end.values() {
            self.needed(*value);
        }
    }
}

struct Allocation<'a> {
    facts: &'a Facts,
    ranges: &'a Ranges,
    position: u32,
    expiring: BTreeMap<u32, Vec<Value>>,
    free: HashMap<ValType, Vec<u32>>,
    places: Vec<Place>,
    parameters: u32,
    types: Vec<ValType>,
}

impl Allocation<'_> {
    fn local(&mut self, ty: ValType) -> u32 {
        if let Some(local) = self.free.get_mut(&ty).and_then(Vec::pop) {
            return local;
        }
        self.types.push(ty);
        self.parameters + self.types.len() as u32 - 1
    }

    fn fresh(&mut self, value: Value) -> Place {
        match limbs(self.facts.bits(value)) {
            None => Place::Narrow(self.local(ValType::I32)),
            Some(count) => Place::Limbs((0..count).map(|_| self.local(ValType::I64)).collect()),
        }
    }

    fn define(&mut self, value: Value) {
        let at = value.0 as usize;
        self.places[at] = if self.facts.constant(value).is_some() {
            Place::Constant
        } else if self.ranges.uses[at] == 0 {
            Place::Nowhere
        } else {
            self.fresh(value)
        };
    }

    /// Goes on to a position and gives back what was needed before it for the last time.
    fn advance(&mut self) {
        self.position += 1;
        let later = self.expiring.split_off(&self.position);
        for value in std::mem::replace(&mut self.expiring, later).into_values().flatten() {
            match &self.places[value.0 as usize] {
                Place::Narrow(local) => {
                    self.free.entry(ValType::I32).or_default().push(*local);
                }
                Place::Limbs(locals) => {
                    let locals = locals.iter().rev().copied();
                    self.free.entry(ValType::I64).or_default().extend(locals);
                }
                Place::Constant | Place::Nowhere => {}
            }
        }
    }

    fn block(&mut self, block: &Block) {
        for instruction in &block.instructions {
            self.advance();
            let kind = &instruction.kind;
            let mut results = Vec::new();
            kind.results(|value| results.push(value));
            for value in results {
                self.define(value);
            }
            if let Kind::Loop(region) = kind {
                for (parameter, _) in &region.parameters {
                    self.define(*parameter);
                }
                self.advance();
                self.block(&region.body);
                self.advance();
            } else {
                for block in kind.blocks() {
                    self.block(block);
                }
            }
            self.advance();
        }
        self.advance();
    }
}
