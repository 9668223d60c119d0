//! Copies functions to where they are called: those that are small, and those that are called once.
use std::collections::HashMap;

use super::{blocks, blocks_mut};
use crate::builtin::{Builtin, Effect};
use crate::ir::{
    Block, End, Function, FunctionId, Instruction, Kind, Label, Program, Scope, Value,
};

/// The greatest weight of a function that is copied to each of its calls. A call is about as long:
/// its arguments and results are moved.
const SMALL: usize = 6;

/// The greatest weight of a function that is copied to its only call.
const ONCE: usize = 2_000;

/// The greatest weight that a function grows to.
const MOST: usize = 20_000;

pub(super) fn run(program: &mut Program) {
    let count = program.functions.len();
    let mut calls = vec![0usize; count];
    let mut reached = vec![false; count];
    let mut order = Vec::new();
    visit(program, FunctionId(0), &mut reached, &mut order);
    for (id, function) in program.functions.iter().enumerate() {
        if reached[id] {
            each_call(&function.body, &mut |callee| calls[callee.0 as usize] += 1);
        }
    }
    let mut weights: Vec<usize> =
        program.functions.iter().map(|function| weight(&function.body)).collect();
    // Callees first, so that what is copied is as small as it gets.
    for id in order {
        let at = id.0 as usize;
        let mut function = std::mem::take(&mut program.functions[at]);
        let body = std::mem::take(&mut function.body);
        let mut inliner = Inliner {
            program,
            function: &mut function,
            id,
            calls: &calls,
            weights: &weights,
            weight: weights[at],
        };
        let body = inliner.block(body);
        weights[at] = inliner.weight;
        function.body = body;
        program.functions[at] = function;
    }
    // What is not called any more goes; the others keep their numbers.
    let mut reached = vec![false; count];
    visit(program, FunctionId(0), &mut reached, &mut Vec::new());
    for (function, reached) in program.functions.iter_mut().zip(reached) {
        if !reached {
            *function =
                Function { name: std::mem::take(&mut function.name), ..Function::default() };
        }
    }
}

fn each_call(block: &Block, each: &mut impl FnMut(FunctionId)) {
    blocks(block, &mut |block| {
        for instruction in &block.instructions {
            if let Kind::Call(_, callee, _) = &instruction.kind {
                each(*callee);
            }
        }
    });
}

/// Puts the functions that one calls, and then itself, into an order: callees first.
fn visit(program: &Program, from: FunctionId, seen: &mut [bool], order: &mut Vec<FunctionId>) {
    // By hand, since a program can have a call chain of any length.
    let callees = |id: FunctionId| {
        let mut callees = Vec::new();
        each_call(&program.functions[id.0 as usize].body, &mut |callee| callees.push(callee));
        callees
    };
    seen[from.0 as usize] = true;
    let mut open = vec![(from, callees(from))];
    while let Some((id, rest)) = open.last_mut() {
        match rest.pop() {
            Some(callee) => {
                if !std::mem::replace(&mut seen[callee.0 as usize], true) {
                    open.push((callee, callees(callee)));
                }
            }
            None => {
                order.push(*id);
                open.pop();
            }
        }
    }
}

/// How long a block is, in instructions of about the same length.
fn weight(block: &Block) -> usize {
    let mut weight = 0;
    blocks(block, &mut |block| {
        for instruction in &block.instructions {
            weight += match &instruction.kind {
                Kind::Constant(..) => 0,
                Kind::Builtin(_, Builtin::Revert | Builtin::Return, _) => 2,
                Kind::Builtin(_, builtin, _) => match builtin.effect() {
                    Effect::Pure | Effect::Frame => 1,
                    _ => 2,
                },
                Kind::Call(results, _, arguments) => 1 + (results.len() + arguments.len()) / 2,
                Kind::If(_) | Kind::Loop(_) | Kind::Switch(_) => 2,
                _ => 1,
            };
        }
    });
    weight
}

struct Inliner<'a> {
    program: &'a Program,
    function: &'a mut Function,
    id: FunctionId,
    calls: &'a [usize],
    weights: &'a [usize],
    weight: usize,
}

impl Inliner<'_> {
    fn block(&mut self, block: Block) -> Block {
        let mut out = Vec::with_capacity(block.instructions.len());
        for mut instruction in block.instructions {
            if let Kind::Call(results, callee, arguments) = &instruction.kind
                && self.is_inlined(*callee)
            {
                let (results, callee, arguments) = (results.clone(), *callee, arguments.clone());
                self.weight += self.weights[callee.0 as usize];
                let kind = self.copy(callee, &arguments, results);
                out.push(Instruction { kind, origin: instruction.origin });
                continue;
            }
            for inner in instruction.kind.blocks_mut() {
                let block = std::mem::take(inner);
                *inner = self.block(block);
            }
            out.push(instruction);
        }
        Block { instructions: out, end: block.end }
    }

    fn is_inlined(&self, callee: FunctionId) -> bool {
        let at = callee.0 as usize;
        let weight = self.weights[at];
        // Itself, or one that is being worked on and calls this one, is not there.
        callee != self.id
            && !self.is_recursive(callee)
            && self.weight + weight <= MOST
            && (weight <= SMALL || (self.calls[at] == 1 && weight <= ONCE))
    }

    fn is_recursive(&self, callee: FunctionId) -> bool {
        let mut found = false;
        each_call(&self.program.functions[callee.0 as usize].body, &mut |inner| {
            found |= inner == callee || inner == self.id;
        });
        found
    }

    /// A function's body as a scope of this one.
    fn copy(&mut self, callee: FunctionId, arguments: &[Value], results: Vec<Value>) -> Kind {
        let callee = &self.program.functions[callee.0 as usize];
        let label = self.function.label();
        let mut copier = Copier {
            function: self.function,
            values: callee.parameters.iter().copied().zip(arguments.iter().copied()).collect(),
            labels: HashMap::new(),
            label,
        };
        let mut body = callee.body.clone();
        copier.define(&mut body);
        copier.rename(&mut body);
        Kind::Scope(Scope { label, body, results })
    }
}

/// Gives a copy of a function's body names of its own.
struct Copier<'a> {
    function: &'a mut Function,
    values: HashMap<Value, Value>,
    labels: HashMap<Label, Label>,
    /// What it returns to.
    label: Label,
}

impl Copier<'_> {
    fn define(&mut self, body: &mut Block) {
        let Self { function, values, labels, .. } = self;
        blocks_mut(body, &mut |block| {
            for instruction in &mut block.instructions {
                let mut renew = |value: &mut Value| {
                    let new = function.value();
                    values.insert(*value, new);
                    *value = new;
                };
                instruction.kind.results_mut(&mut renew);
                if let Kind::Loop(region) = &mut instruction.kind {
                    region.parameters.iter_mut().for_each(|(parameter, _)| renew(parameter));
                }
                if let Some(label) = instruction.kind.label_mut() {
                    let new = function.label();
                    labels.insert(*label, new);
                    *label = new;
                }
            }
        });
    }

    fn rename(&self, body: &mut Block) {
        let of = |value: &mut Value| *value = self.values.get(value).copied().unwrap_or(*value);
        blocks_mut(body, &mut |block| {
            for instruction in &mut block.instructions {
                instruction.kind.operands_mut(of);
            }
            block.end.values_mut().iter_mut().for_each(of);
            match &mut block.end {
                End::Exit(label, _) | End::Again(label, _) => {
                    *label = self.labels.get(label).copied().unwrap_or(*label);
                }
                End::Return(values) => block.end = End::Exit(self.label, std::mem::take(values)),
                End::Unreachable => {}
            }
        });
    }
}
