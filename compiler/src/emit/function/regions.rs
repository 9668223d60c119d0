//! Control: regions of the IR are blocks of WebAssembly.
use wasm_encoder::{BlockType, Instruction as Wasm};

use super::{Emitter, Open};
use crate::emit::convention;
use crate::ir::{End, If, Label, Loop, Scope, Switch, Value};

impl Emitter<'_> {
    fn open(&mut self, open: Open, instruction: Wasm<'static>) {
        self.push(instruction);
        self.open.push(open);
    }

    fn close(&mut self) {
        self.flush();
        self.open.pop();
        self.push(Wasm::End);
    }

    pub(super) fn if_(&mut self, region: &If) {
        self.test(region.condition, false);
        self.flush();
        self.open(Open::Exit(region.label), Wasm::If(BlockType::Empty));
        self.block(&region.then);
        let nothing = region.otherwise.instructions.is_empty()
            && region.otherwise.end == End::Exit(region.label, Vec::new());
        if !nothing {
            self.flush();
            self.push(Wasm::Else);
            self.block(&region.otherwise);
        }
        self.close();
    }

    pub(super) fn switch(&mut self, region: &Switch) {
        self.flush();
        self.open(Open::Exit(region.label), Wasm::Block(BlockType::Empty));
        for (value, block) in &region.cases {
            if value.bit_len() > usize::from(self.bits(region.on)) {
                continue;
            }
            self.equals(region.on, *value);
            self.open(Open::Plain, Wasm::If(BlockType::Empty));
            self.block(block);
            self.close();
        }
        self.block(&region.otherwise);
        self.close();
    }

    pub(super) fn scope(&mut self, region: &Scope) {
        self.flush();
        self.open(Open::Exit(region.label), Wasm::Block(BlockType::Empty));
        self.block(&region.body);
        self.close();
    }

    pub(super) fn loop_(&mut self, region: &Loop) {
        let (parameters, first): (Vec<Value>, Vec<Value>) =
            region.parameters.iter().copied().unzip();
        self.moves(&first, &parameters);
        self.flush();
        self.open(Open::Exit(region.label), Wasm::Block(BlockType::Empty));
        self.open(Open::Again(region.label), Wasm::Loop(BlockType::Empty));
        self.block(&region.body);
        self.close();
        self.close();
    }

    /// Copies values, as if all at once.
    fn moves(&mut self, from: &[Value], to: &[Value]) {
        let pairs: Vec<_> = from.iter().zip(to).collect();
        for (from, to) in &pairs {
            self.as_bits(**from, self.bits(**to));
        }
        // One that would stay on the stack goes to its local: its use is not the next.
        self.flush();
        for (_, to) in pairs.iter().rev() {
            self.set_as_bits(**to, self.bits(**to));
            self.flush();
        }
    }

    pub(super) fn end(&mut self, end: &End) {
        match end {
            End::Exit(label, values) => {
                let results = self.results_of(*label);
                self.moves(values, &results);
                self.branch(Open::Exit(*label));
            }
            End::Again(label, values) => {
                let parameters = self.parameters_of(*label);
                self.moves(values, &parameters);
                self.branch(Open::Again(*label));
            }
            End::Return(values) => {
                let bits = self.all.results[self.id.0 as usize].clone();
                let given = convention::results(bits.iter().copied());
                for (place, (value, bits)) in values.iter().zip(&bits).enumerate().skip(given.words)
                {
                    self.spill(*value, place, *bits);
                }
                for (value, bits) in values.iter().zip(&bits).take(given.words) {
                    self.as_bits(*value, *bits);
                }
                self.flush();
                if !self.open.is_empty() {
                    self.push(Wasm::Return);
                }
            }
            End::Unreachable => {
                self.flush();
                self.push(Wasm::Unreachable);
            }
        }
    }

    fn branch(&mut self, to: Open) {
        self.flush();
        let depth = self.open.iter().rev().position(|open| *open == to).unwrap_or_default();
        // The end of the innermost block is where it goes on.
        if depth > 0 || matches!(to, Open::Again(_)) {
            self.push(Wasm::Br(depth as u32));
        }
    }

    fn results_of(&self, label: Label) -> Vec<Value> {
        self.targets.get(&label).map(|(results, _)| results.clone()).unwrap_or_default()
    }

    fn parameters_of(&self, label: Label) -> Vec<Value> {
        self.targets.get(&label).map(|(_, parameters)| parameters.clone()).unwrap_or_default()
    }
}
