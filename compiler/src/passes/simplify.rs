//! Computes what is known, and finds what was computed before.
use std::collections::HashMap;

use alloy_primitives::U256;

use super::rewrite::Replacements;
use crate::arithmetic::compute;
use crate::builtin::{Builtin, Effect};
use crate::facts::{Facts, analyse};
use crate::ir::{Block, End, Function, If, Instruction, Kind, Label, Program, Scope, Value};

pub(super) fn run(program: &mut Program) {
    let facts = analyse(program);
    for (function, facts) in program.functions.iter_mut().zip(facts.functions) {
        let body = std::mem::take(&mut function.body);
        let mut simplifier = Simplifier {
            function,
            facts,
            replacements: Replacements::default(),
            definitions: HashMap::new(),
            constants: HashMap::new(),
            computed: HashMap::new(),
            undo: Vec::new(),
        };
        let body = simplifier.block(body);
        let replacements = simplifier.replacements;
        function.body = body;
        if !replacements.is_empty() {
            replacements.apply(&mut function.body);
        }
    }
}

/// What computes a value that another instruction may be simplified by.
type Definition = (Builtin, Vec<Value>);

enum Undo {
    Constant(U256),
    Computed(Definition),
}

struct Simplifier<'a> {
    function: &'a mut Function,
    facts: Facts,
    replacements: Replacements,
    definitions: HashMap<Value, Definition>,
    /// Constants and computed values that can be used here.
    constants: HashMap<U256, Value>,
    computed: HashMap<Definition, Value>,
    undo: Vec<Undo>,
}

/// What becomes of an instruction.
enum Simple {
    /// It stays, with these operands.
    Stays(Builtin, Vec<Value>),
    /// Its value is another one.
    Is(Value),
    /// Its value is a constant.
    Constant(U256),
}

impl Simplifier<'_> {
    fn block(&mut self, block: Block) -> Block {
        let mark = self.undo.len();
        let mut out = Block { instructions: Vec::new(), end: End::Unreachable };
        let end = self.instructions(block.instructions, &mut out);
        out.end = end.unwrap_or(block.end);
        for value in out.end.values_mut() {
            *value = self.replacements.of(*value);
        }
        for undo in self.undo.drain(mark..) {
            match undo {
                Undo::Constant(constant) => {
                    self.constants.remove(&constant);
                }
                Undo::Computed(definition) => {
                    self.computed.remove(&definition);
                }
            }
        }
        out
    }

    /// Simplifies instructions. Returns an end where what follows them is not reached.
    fn instructions(&mut self, list: Vec<Instruction>, out: &mut Block) -> Option<End> {
        for mut instruction in list {
            let origin = instruction.origin;
            instruction.kind.operands_mut(|value| *value = self.replacements.of(*value));
            match instruction.kind {
                Kind::Constant(to, value) => self.constant(to, value, out),
                Kind::Builtin(Some(to), builtin, arguments)
                    if matches!(builtin.effect(), Effect::Pure | Effect::Frame) =>
                {
                    self.computation(to, builtin, arguments, out, origin);
                }
                Kind::If(region) => {
                    if let Some(constant) = self.truth(region.condition) {
                        let taken = if constant { region.then } else { region.otherwise };
                        let body = self.block(taken);
                        if let Some(end) =
                            self.region(region.label, body, region.results, out, origin)
                        {
                            return Some(end);
                        }
                        continue;
                    }
                    let condition = self.condition(region.condition);
                    let then = self.block(region.then);
                    let otherwise = self.block(region.otherwise);
                    let kind = Kind::If(If { condition, then, otherwise, ..region });
                    out.instructions.push(Instruction { kind, origin });
                }
                Kind::Switch(mut region) => {
                    if let Some(constant) = self.facts.constant(region.on) {
                        let case = region.cases.iter().position(|(value, _)| *value == constant);
                        let taken = match case {
                            Some(case) => region.cases.swap_remove(case).1,
                            None => region.otherwise,
                        };
                        let body = self.block(taken);
                        if let Some(end) =
                            self.region(region.label, body, region.results, out, origin)
                        {
                            return Some(end);
                        }
                        continue;
                    }
                    region.cases = region
                        .cases
                        .into_iter()
                        .map(|(value, block)| (value, self.block(block)))
                        .collect();
                    region.otherwise = self.block(region.otherwise);
                    out.instructions.push(Instruction { kind: Kind::Switch(region), origin });
                }
                mut kind => {
                    for inner in kind.blocks_mut() {
                        let block = std::mem::take(inner);
                        *inner = self.block(block);
                    }
                    out.instructions.push(Instruction { kind, origin });
                }
            }
        }
        None
    }

    /// Puts the one block of a region that is taken in its place.
    fn region(
        &mut self,
        label: Label,
        body: Block,
        results: Vec<Value>,
        out: &mut Block,
        origin: Option<crate::yul::ast::Origin>,
    ) -> Option<End> {
        // A scope that is left at its end alone is flattened when unused things are dropped.
        let kind = Kind::Scope(Scope { label, body, results });
        out.instructions.push(Instruction { kind, origin });
        None
    }

    fn constant(&mut self, to: Value, value: U256, out: &mut Block) {
        match self.constants.get(&value) {
            Some(known) => self.replacements.insert(to, *known),
            None => {
                self.constants.insert(value, to);
                self.undo.push(Undo::Constant(value));
                let kind = Kind::Constant(to, value);
                out.instructions.push(Instruction { kind, origin: None });
            }
        }
    }

    /// Returns a value that is a constant.
    fn new_constant(&mut self, value: U256, out: &mut Block) -> Value {
        if let Some(known) = self.constants.get(&value) {
            return *known;
        }
        let to = self.function.value();
        self.facts.push_constant(value);
        self.constant(to, value, out);
        to
    }

    fn computation(
        &mut self,
        to: Value,
        builtin: Builtin,
        arguments: Vec<Value>,
        out: &mut Block,
        origin: Option<crate::yul::ast::Origin>,
    ) {
        match self.simple(builtin, arguments, out) {
            Simple::Is(value) => self.replacements.insert(to, value),
            Simple::Constant(value) => {
                self.facts.set_constant(to, value);
                self.constant(to, value, out);
            }
            Simple::Stays(builtin, arguments) => {
                let definition = (builtin, arguments);
                if let Some(known) = self.computed.get(&definition) {
                    self.replacements.insert(to, *known);
                    return;
                }
                self.computed.insert(definition.clone(), to);
                self.undo.push(Undo::Computed(definition.clone()));
                self.definitions.insert(to, definition.clone());
                let kind = Kind::Builtin(Some(to), definition.0, definition.1);
                out.instructions.push(Instruction { kind, origin });
            }
        }
    }

    /// Returns whether a condition is met, where that is known.
    fn truth(&self, value: Value) -> Option<bool> {
        self.facts.constant(value).map(|value| !value.is_zero())
    }

    /// Returns a value that is zero where `value` is: the simplest one.
    fn condition(&self, mut value: Value) -> Value {
        while let Some((Builtin::IsZero, inner)) = self.definitions.get(&value)
            && let Some((Builtin::IsZero, inner)) = self.definitions.get(&inner[0])
        {
            value = inner[0];
        }
        value
    }

    /// The greatest number that a value can be.
    fn greatest(&self, value: Value) -> U256 {
        match self.facts.constant(value) {
            Some(constant) => constant,
            None => mask(self.facts.bits(value)),
        }
    }

    fn least(&self, value: Value) -> U256 {
        self.facts.constant(value).unwrap_or_default()
    }

    fn simple(&mut self, builtin: Builtin, mut a: Vec<Value>, out: &mut Block) -> Simple {
        use Builtin as B;
        let constants: Vec<Option<U256>> = a.iter().map(|v| self.facts.constant(*v)).collect();
        if let Some(all) = constants.iter().copied().collect::<Option<Vec<_>>>()
            && let Some(value) = compute(builtin, &all)
        {
            return Simple::Constant(value);
        }
        // Constants come second where the order does not matter.
        if matches!(builtin, B::Add | B::Mul | B::And | B::Or | B::Xor | B::Eq) {
            let swap = constants[0].is_some() || (constants[1].is_none() && a[0] > a[1]);
            if swap {
                a.swap(0, 1);
            }
        }
        let constant = |this: &Self, at: usize| this.facts.constant(a[at]);
        let zero = |value: Option<U256>| value == Some(U256::ZERO);
        let one = |value: Option<U256>| value == Some(U256::ONE);
        match builtin {
            B::Add | B::Or | B::Xor if zero(constant(self, 1)) => return Simple::Is(a[0]),
            B::Sub if zero(constant(self, 1)) => return Simple::Is(a[0]),
            B::Sub | B::Xor if a[0] == a[1] => return Simple::Constant(U256::ZERO),
            B::Mul if zero(constant(self, 1)) => return Simple::Constant(U256::ZERO),
            B::Mul | B::Div | B::SDiv if one(constant(self, 1)) => return Simple::Is(a[0]),
            B::Div | B::Mod | B::SDiv | B::SMod if zero(constant(self, 1)) => {
                return Simple::Constant(U256::ZERO);
            }
            B::Mul => {
                if let Some(shift) = constant(self, 1).and_then(power_of_two) {
                    let shift = self.new_constant(U256::from(shift), out);
                    return Simple::Stays(B::Shl, vec![shift, a[0]]);
                }
            }
            B::Div => {
                if let Some(shift) = constant(self, 1).and_then(power_of_two) {
                    let shift = self.new_constant(U256::from(shift), out);
                    return Simple::Stays(B::Shr, vec![shift, a[0]]);
                }
            }
            B::Mod => {
                if let Some(shift) = constant(self, 1).and_then(power_of_two) {
                    let mask = self.new_constant(mask(shift), out);
                    return self.simple(B::And, vec![a[0], mask], out);
                }
            }
            B::And if a[0] == a[1] => return Simple::Is(a[0]),
            B::And => {
                if let Some(mask) = constant(self, 1) {
                    if mask.is_zero() {
                        return Simple::Constant(U256::ZERO);
                    }
                    let bits = usize::from(self.facts.bits(a[0]));
                    if (!mask).trailing_zeros() >= bits {
                        return Simple::Is(a[0]);
                    }
                    // One mask after another.
                    if let Some((B::And, inner)) = self.definitions.get(&a[0])
                        && let Some(first) = self.facts.constant(inner[1])
                    {
                        let value = inner[0];
                        let both = self.new_constant(first & mask, out);
                        return Simple::Stays(B::And, vec![value, both]);
                    }
                }
            }
            B::Or if a[0] == a[1] => return Simple::Is(a[0]),
            B::Eq if a[0] == a[1] => return Simple::Constant(U256::ONE),
            B::Eq => {
                if let Some(constant) = constant(self, 1) {
                    if constant.is_zero() {
                        return self.simple(B::IsZero, vec![a[0]], out);
                    }
                    if constant > self.greatest(a[0]) {
                        return Simple::Constant(U256::ZERO);
                    }
                    if constant == U256::ONE && self.facts.bits(a[0]) == 1 {
                        return Simple::Is(a[0]);
                    }
                }
            }
            B::Lt | B::Gt => {
                let (low, high) = if builtin == B::Lt { (0, 1) } else { (1, 0) };
                if a[0] == a[1] || self.least(a[low]) >= self.greatest(a[high]) {
                    return Simple::Constant(U256::ZERO);
                }
                if self.greatest(a[low]) < self.least(a[high]) {
                    return Simple::Constant(U256::ONE);
                }
                if zero(constant(self, low)) {
                    // More than nothing.
                    let is_zero = self.derived(B::IsZero, vec![a[high]], out);
                    return self.simple(B::IsZero, vec![is_zero], out);
                }
                if one(constant(self, high)) {
                    return self.simple(B::IsZero, vec![a[low]], out);
                }
            }
            B::SLt | B::SGt if a[0] == a[1] => return Simple::Constant(U256::ZERO),
            B::SLt | B::SGt if self.facts.bits(a[0]) < 256 && self.facts.bits(a[1]) < 256 => {
                let unsigned = if builtin == B::SLt { B::Lt } else { B::Gt };
                return self.simple(unsigned, a, out);
            }
            B::IsZero => {
                if let Some((inner, operands)) = self.definitions.get(&a[0]) {
                    match inner {
                        B::IsZero if self.facts.bits(operands[0]) <= 1 => {
                            return Simple::Is(operands[0]);
                        }
                        // A difference is zero where both are equal.
                        B::Sub | B::Xor => {
                            let operands = operands.clone();
                            return self.simple(B::Eq, operands, out);
                        }
                        _ => {}
                    }
                }
            }
            B::Not => {
                if let Some((B::Not, inner)) = self.definitions.get(&a[0]) {
                    return Simple::Is(inner[0]);
                }
            }
            B::Shl | B::Shr | B::Sar if zero(constant(self, 0)) => return Simple::Is(a[1]),
            B::Shr | B::Shl => {
                if let Some(by) = constant(self, 0)
                    && let Some((inner @ (B::Shl | B::Shr), operands)) = self.definitions.get(&a[1])
                    && let Some(first) = self.facts.constant(operands[0])
                    && by < U256::from(256)
                    && first < U256::from(256)
                {
                    let (inner, value) = (*inner, operands[1]);
                    let by = by.to::<u16>();
                    let first = first.to::<u16>();
                    if inner == builtin {
                        if by + first > 255 {
                            return Simple::Constant(U256::ZERO);
                        }
                        let both = self.new_constant(U256::from(by + first), out);
                        return Simple::Stays(builtin, vec![both, value]);
                    }
                    // There and back leaves a part of the bits.
                    if by == first && inner == B::Shl && builtin == B::Shr {
                        let mask = self.new_constant(mask(256 - by), out);
                        return self.simple(B::And, vec![value, mask], out);
                    }
                }
            }
            B::SignExtend => {
                if let Some(bytes) = constant(self, 0)
                    && (bytes >= U256::from(31)
                        || usize::from(self.facts.bits(a[1])) <= bytes.to::<usize>() * 8 + 7)
                {
                    return Simple::Is(a[1]);
                }
            }
            B::Exp if constant(self, 0) == Some(U256::from(2)) => {
                let one = self.new_constant(U256::ONE, out);
                return Simple::Stays(B::Shl, vec![a[1], one]);
            }
            _ => {}
        }
        Simple::Stays(builtin, a)
    }

    /// Returns a new value that an instruction computes.
    fn derived(&mut self, builtin: Builtin, arguments: Vec<Value>, out: &mut Block) -> Value {
        let definition = (builtin, arguments);
        if let Some(known) = self.computed.get(&definition) {
            return *known;
        }
        let to = self.function.value();
        self.facts.push(1);
        self.computed.insert(definition.clone(), to);
        self.undo.push(Undo::Computed(definition.clone()));
        self.definitions.insert(to, definition.clone());
        let kind = Kind::Builtin(Some(to), definition.0, definition.1);
        out.instructions.push(Instruction { kind, origin: None });
        to
    }
}

/// The number whose lowest bits are set.
fn mask(bits: u16) -> U256 {
    match bits {
        0 => U256::ZERO,
        bits => U256::MAX >> (256 - usize::from(bits.min(256))),
    }
}

fn power_of_two(number: U256) -> Option<u16> {
    number.is_power_of_two().then(|| number.trailing_zeros() as u16)
}
