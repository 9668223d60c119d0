//! How many bits each value of a program can have.
use alloy_primitives::U256;

use crate::builtin::Builtin;
use crate::ir::{Block, End, Function, FunctionId, Kind, Label, Program, Value};

/// What is known of a function's values.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    /// The most bits that each value has.
    bits: Vec<u16>,
    /// Values that are constants.
    constants: Vec<Option<U256>>,
}

impl Facts {
    pub fn bits(&self, value: Value) -> u16 {
        self.bits[value.0 as usize]
    }

    pub fn constant(&self, value: Value) -> Option<U256> {
        self.constants[value.0 as usize]
    }

    /// Adds the next value of the function, with its width in bits.
    pub fn push(&mut self, bits: u16) {
        self.bits.push(bits);
        self.constants.push(None);
    }

    /// Adds the next value of the function, a constant.
    pub fn push_constant(&mut self, value: U256) {
        self.bits.push(value.bit_len() as u16);
        self.constants.push(Some(value));
    }

    /// Notes that a value is a constant.
    pub fn set_constant(&mut self, to: Value, value: U256) {
        self.bits[to.0 as usize] = value.bit_len() as u16;
        self.constants[to.0 as usize] = Some(value);
    }
}

/// What is known of a program's functions.
pub(crate) struct ProgramFacts {
    /// By function.
    pub functions: Vec<Facts>,
    /// The most bits of what each returns.
    pub results: Vec<Vec<u16>>,
}

/// The round from which a width that still grows becomes 256 bits. Widths are rounded up at joins,
/// so that most programs need few rounds.
const ROUNDS: usize = 12;

/// Finds out what is known, beginning with nothing at all: no function is called, until a call is
/// seen.
pub(crate) fn analyse(program: &Program) -> ProgramFacts {
    let mut analysis = Analysis {
        facts: ProgramFacts {
            functions: program.functions.iter().map(start).collect(),
            results: program.functions.iter().map(|function| vec![0; function.results]).collect(),
        },
        changed: false,
        give_up: false,
    };
    for round in 0.. {
        analysis.changed = false;
        analysis.give_up = round >= ROUNDS;
        for (id, function) in program.functions.iter().enumerate() {
            let mut walk = Walk {
                id,
                program,
                analysis: &mut analysis,
                exits: Vec::new(),
                agains: Vec::new(),
            };
            walk.block(&function.body);
        }
        if !analysis.changed {
            break;
        }
    }
    analysis.facts
}

fn start(function: &Function) -> Facts {
    let count = function.values as usize;
    Facts { bits: vec![0; count], constants: vec![None; count] }
}

struct Analysis {
    facts: ProgramFacts,
    changed: bool,
    give_up: bool,
}

impl Analysis {
    fn join(&mut self, function: usize, value: Value, bits: u16) {
        let bits = self.rounded(bits);
        let known = &mut self.facts.functions[function].bits[value.0 as usize];
        if bits > *known {
            *known = if self.give_up { 256 } else { bits };
            self.changed = true;
        }
    }

    fn join_result(&mut self, function: FunctionId, at: usize, bits: u16) {
        let bits = self.rounded(bits);
        let known = &mut self.facts.results[function.0 as usize][at];
        if bits > *known {
            *known = if self.give_up { 256 } else { bits };
            self.changed = true;
        }
    }

    fn rounded(&self, bits: u16) -> u16 {
        match bits {
            0 | 1 => bits,
            2..=8 => 8,
            9..=16 => 16,
            17..=31 => 31,
            32 => 32,
            _ => bits.div_ceil(32) * 32,
        }
    }
}

struct Walk<'a> {
    id: usize,
    program: &'a Program,
    analysis: &'a mut Analysis,
    exits: Vec<(Label, Vec<Value>)>,
    agains: Vec<(Label, Vec<Value>)>,
}

impl Walk<'_> {
    fn bits(&self, value: Value) -> u16 {
        self.analysis.facts.functions[self.id].bits(value)
    }

    fn constant(&self, value: Value) -> Option<U256> {
        self.analysis.facts.functions[self.id].constant(value)
    }

    fn set(&mut self, value: Value, bits: u16) {
        let known = &mut self.analysis.facts.functions[self.id].bits[value.0 as usize];
        // Facts only grow, so that the rounds come to an end.
        if bits > *known {
            *known = bits;
            self.analysis.changed = true;
        }
    }

    fn block(&mut self, block: &Block) {
        for instruction in &block.instructions {
            self.instruction(&instruction.kind);
        }
        match &block.end {
            End::Exit(label, values) | End::Again(label, values) => {
                let open = match block.end {
                    End::Exit(..) => &self.exits,
                    _ => &self.agains,
                };
                let targets = open.iter().rev().find(|(other, _)| other == label);
                let targets = targets.map(|(_, targets)| targets.clone()).unwrap_or_default();
                for (target, value) in targets.into_iter().zip(values) {
                    let bits = self.bits(*value);
                    self.analysis.join(self.id, target, bits);
                }
            }
            End::Return(values) => {
                for (at, value) in values.iter().enumerate() {
                    let bits = self.bits(*value);
                    self.analysis.join_result(FunctionId(self.id as u32), at, bits);
                }
            }
            End::Unreachable => {}
        }
    }

    fn instruction(&mut self, kind: &Kind) {
        match kind {
            Kind::Constant(to, value) => {
                self.analysis.facts.functions[self.id].constants[to.0 as usize] = Some(*value);
                self.set(*to, value.bit_len() as u16);
            }
            Kind::Builtin(Some(to), builtin, arguments) => {
                let bits = self.result(*builtin, arguments);
                self.set(*to, bits);
            }
            Kind::Builtin(None, ..) | Kind::SetImmutable(..) => {}
            Kind::Call(results, callee, arguments) => {
                let parameters = &self.program.functions[callee.0 as usize].parameters;
                for (&parameter, argument) in parameters.iter().zip(arguments) {
                    let bits = self.bits(*argument);
                    self.analysis.join(callee.0 as usize, parameter, bits);
                }
                for (at, result) in results.iter().enumerate() {
                    let bits = self.analysis.facts.results[callee.0 as usize][at];
                    self.set(*result, bits);
                }
            }
            Kind::PartOffset(to, _) | Kind::PartSize(to, _) => self.set(*to, 31),
            Kind::LoadImmutable(to, _) => self.set(*to, 256),
            Kind::Unlinked(to, _) => self.set(*to, 160),
            Kind::If(_) | Kind::Switch(_) | Kind::Loop(_) | Kind::Scope(_) => self.region(kind),
        }
    }

    fn region(&mut self, kind: &Kind) {
        let Some(label) = kind.label() else { return };
        let mut results = Vec::new();
        kind.results(|value| results.push(value));
        self.exits.push((label, results));
        if let Kind::Loop(region) = kind {
            for (parameter, first) in &region.parameters {
                let bits = self.bits(*first);
                self.analysis.join(self.id, *parameter, bits);
            }
            let parameters = region.parameters.iter().map(|(parameter, _)| *parameter).collect();
            self.agains.push((label, parameters));
        }
        for block in kind.blocks() {
            self.block(block);
        }
        self.exits.pop();
        if matches!(kind, Kind::Loop(_)) {
            self.agains.pop();
        }
    }

    /// The most bits that an instruction's result has.
    fn result(&self, builtin: Builtin, arguments: &[Value]) -> u16 {
        use Builtin as B;
        let a = |at: usize| self.bits(arguments[at]);
        let constant = |at: usize| self.constant(arguments[at]);
        let small = |at: usize| constant(at).and_then(|value| u16::try_from(value).ok());
        match builtin {
            B::Add => (a(0).max(a(1)) + 1).min(256),
            B::Mul => match (a(0), a(1)) {
                (0, _) | (_, 0) => 0,
                (x, y) => (x + y).min(256),
            },
            B::Div => match constant(1) {
                Some(by) if !by.is_zero() => (a(0) + 1).saturating_sub(by.bit_len() as u16),
                _ => a(0),
            },
            // By zero the result is zero.
            B::Mod => a(0).min(a(1)),
            B::AddMod | B::MulMod => a(2),
            B::And => a(0).min(a(1)),
            B::Or | B::Xor => a(0).max(a(1)),
            B::Lt | B::Gt | B::SLt | B::SGt | B::Eq | B::IsZero => 1,
            B::Byte => 8,
            B::Shl => match small(0) {
                Some(n) => (a(1).saturating_add(n)).min(256),
                None if a(1) == 0 => 0,
                None => 256,
            },
            B::Shr => match small(0) {
                Some(n) => a(1).saturating_sub(n),
                None => a(1),
            },
            B::Sar if a(1) < 256 => match small(0) {
                Some(n) => a(1).saturating_sub(n),
                None => a(1),
            },
            B::Clz => 9,
            B::Address | B::Caller | B::Origin | B::Coinbase | B::Create | B::Create2 => 160,
            B::CallValue | B::GasPrice | B::ChainId | B::SelfBalance | B::Balance => 128,
            B::CallDataSize | B::CodeSize | B::ExtCodeSize | B::ReturnDataSize | B::MSize => 32,
            B::Timestamp | B::Number | B::GasLimit | B::Gas => 64,
            B::Call | B::CallCode | B::DelegateCall | B::StaticCall => 1,
            _ => 256,
        }
    }
}
