//! From a function of the IR to instructions of WebAssembly.
mod arithmetic;
mod builtins;
mod regions;

use std::collections::HashMap;

use alloy_primitives::U256;
use wasm_encoder::{Instruction as Wasm, ValType};

use self::builtins::GasValues;
use super::convention;
use super::layout::Layout;
use super::locals::{self, Locals, Place, limbs};
use super::routines::Routines;
use crate::facts::{Facts, ProgramFacts};
use crate::ir::{Block, Function, FunctionId, Kind, Label, Program, Value};

/// Numbers of functions of the program in calls: those below are routines.
pub(super) const PROGRAM_FUNCTIONS: u32 = 1 << 24;

/// Numbers of globals that the assembly of the module gives values to.
pub(super) const PART_OFFSETS: u32 = 1 << 24;
/// As [`PART_OFFSETS`], for sizes.
pub(super) const PART_SIZES: u32 = 2 << 24;
/// Globals that pass the words beyond a contract's limits on parameters and results.
pub(super) const SPILLED: u32 = 3 << 24;

/// A function, emitted.
pub(super) struct Emitted {
    pub parameters: Vec<ValType>,
    pub results: Vec<ValType>,
    pub locals: Vec<ValType>,
    pub instructions: Vec<Wasm<'static>>,
}

/// Emits a function.
pub(super) fn emit(
    program: &Program,
    facts: &ProgramFacts,
    layout: &Layout,
    id: FunctionId,
) -> Emitted {
    let function = &program.functions[id.0 as usize];
    let known = &facts.functions[id.0 as usize];
    let taken = convention::parameters(function.parameters.iter().map(|value| known.bits(*value)));
    let given = convention::results(facts.results[id.0 as usize].iter().copied());
    let mut emitter = Emitter {
        program,
        all: facts,
        facts: known,
        layout,
        routines: Routines::get(),
        id,
        locals: locals::assign(function, known, &taken.direct),
        gas_values: GasValues::of(function),
        open: Vec::new(),
        targets: HashMap::new(),
        pending: None,
        out: Vec::new(),
    };
    emitter.take_spilled(function, taken.words);
    emitter.block(&function.body);
    emitter.out.push(Wasm::End);
    Emitted {
        parameters: taken.direct,
        results: given.direct,
        locals: emitter.locals.types,
        instructions: emitter.out,
    }
}

/// A label of WebAssembly that is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    /// Leaves a region.
    Exit(Label),
    /// Begins a loop again.
    Again(Label),
    /// Is named by nothing.
    Plain,
}

struct Emitter<'a> {
    program: &'a Program,
    all: &'a ProgramFacts,
    facts: &'a Facts,
    layout: &'a Layout,
    routines: &'static Routines,
    id: FunctionId,
    locals: Locals,
    gas_values: GasValues,
    open: Vec<Open>,
    /// What ends that name an open region set: its results, and a loop's parameters.
    targets: HashMap<Label, (Vec<Value>, Vec<Value>)>,
    /// A value that is used once, and is still on the stack: its use may be the next.
    pending: Option<Value>,
    out: Vec<Wasm<'static>>,
}

impl Emitter<'_> {
    /// Emits an instruction that does not begin with an operand.
    fn push(&mut self, instruction: Wasm<'static>) {
        self.out.push(instruction);
    }

    /// Puts the value that is on the stack into its local.
    fn flush(&mut self) {
        if let Some(value) = self.pending.take() {
            match self.place(value) {
                Place::Narrow(local) => self.push(Wasm::LocalSet(local)),
                Place::Limbs(locals) => self.push(Wasm::LocalSet(locals[0])),
                Place::Constant | Place::Nowhere => self.push(Wasm::Drop),
            }
        }
    }

    fn call(&mut self, routine: &str) {
        let routine = self.routines.named(routine);
        self.push(Wasm::Call(routine.0));
    }

    fn i32(&mut self, value: u32) {
        self.flush();
        self.push(Wasm::I32Const(value as i32));
    }

    fn i64(&mut self, value: u64) {
        self.flush();
        self.push(Wasm::I64Const(value as i64));
    }

    fn place(&self, value: Value) -> Place {
        self.locals.places[value.0 as usize].clone()
    }

    fn constant(&self, value: Value) -> Option<U256> {
        self.facts.constant(value)
    }

    fn bits(&self, value: Value) -> u16 {
        self.facts.bits(value)
    }

    /// Returns how many i64 the value takes at most, if it is no constant that takes fewer.
    fn limbs(&self, value: Value) -> usize {
        limbs(self.bits(value)).unwrap_or(1)
    }

    fn is_narrow(&self, value: Value) -> bool {
        limbs(self.bits(value)).is_none()
    }

    /// Whether the value is on the stack, and is taken from there.
    fn take_pending(&mut self, value: Value) -> bool {
        let taken = self.pending == Some(value);
        if taken {
            self.pending = None;
        } else {
            self.flush();
        }
        taken
    }

    /// Pushes 64 bits of a value.
    fn limb(&mut self, value: Value, at: usize) {
        if let Some(constant) = self.constant(value) {
            return self.i64(constant.as_limbs()[at]);
        }
        match self.place(value) {
            Place::Narrow(local) if at == 0 => {
                if !self.take_pending(value) {
                    self.push(Wasm::LocalGet(local));
                }
                self.push(Wasm::I64ExtendI32U);
            }
            Place::Limbs(locals) if at < locals.len() => {
                if locals.len() > 1 || !self.take_pending(value) {
                    self.flush();
                    self.push(Wasm::LocalGet(locals[at]));
                }
            }
            _ => self.i64(0),
        }
    }

    /// Pushes a whole word.
    fn word(&mut self, value: Value) {
        self.some_limbs(value, 4);
    }

    fn some_limbs(&mut self, value: Value, count: usize) {
        for at in 0..count {
            self.limb(value, at);
        }
    }

    /// Pushes the lowest 32 bits of a value.
    fn low(&mut self, value: Value) {
        if let Some(constant) = self.constant(value) {
            return self.i32(constant.as_limbs()[0] as u32);
        }
        match self.place(value) {
            Place::Narrow(local) => {
                if !self.take_pending(value) {
                    self.push(Wasm::LocalGet(local));
                }
            }
            Place::Limbs(_) => {
                self.limb(value, 0);
                self.push(Wasm::I32WrapI64);
            }
            Place::Constant | Place::Nowhere => self.i32(0),
        }
    }

    /// Pushes a value as 32 bits; what has more becomes the greatest.
    fn saturated(&mut self, value: Value) {
        if let Some(constant) = self.constant(value) {
            return self.i32(u32::try_from(constant).unwrap_or(u32::MAX));
        }
        if self.is_narrow(value) {
            return self.low(value);
        }
        let count = self.limbs(value);
        self.limb(value, 0);
        if count == 1 {
            self.i64(0);
        } else {
            self.limb(value, 1);
            for at in 2..count {
                self.limb(value, at);
                self.push(Wasm::I64Or);
            }
        }
        self.call("saturate");
    }

    /// Pushes an i32 that is zero where the value is zero, or, if `inverted`, where it is not.
    fn test(&mut self, value: Value, inverted: bool) {
        if self.is_narrow(value) {
            self.low(value);
            if inverted {
                self.push(Wasm::I32Eqz);
            }
            return;
        }
        self.limb(value, 0);
        for at in 1..self.limbs(value) {
            self.limb(value, at);
            self.push(Wasm::I64Or);
        }
        if inverted {
            self.push(Wasm::I64Eqz);
        } else {
            self.push(Wasm::I64Const(0));
            self.push(Wasm::I64Ne);
        }
    }

    /// Pops an i32 into a value.
    fn set_narrow(&mut self, value: Value) {
        match self.place(value) {
            Place::Narrow(local) => match self.locals.uses[value.0 as usize] {
                1 => self.pending = Some(value),
                _ => self.push(Wasm::LocalSet(local)),
            },
            Place::Limbs(locals) => {
                self.push(Wasm::I64ExtendI32U);
                self.set_limbs_at(&locals, 1);
            }
            Place::Constant | Place::Nowhere => self.push(Wasm::Drop),
        }
    }

    /// Pops `count` limbs, pushed lowest first, into a value. Limbs that the value has no local for
    /// are known to be zero.
    fn set_limbs(&mut self, value: Value, count: usize) {
        match self.place(value) {
            Place::Narrow(local) => {
                for _ in 1..count {
                    self.push(Wasm::Drop);
                }
                self.push(Wasm::I32WrapI64);
                match self.locals.uses[value.0 as usize] {
                    1 => self.pending = Some(value),
                    _ => self.push(Wasm::LocalSet(local)),
                }
            }
            Place::Limbs(locals) => {
                if locals.len() == 1 && self.locals.uses[value.0 as usize] == 1 {
                    for _ in 1..count {
                        self.push(Wasm::Drop);
                    }
                    self.pending = Some(value);
                } else {
                    self.set_limbs_at(&locals, count);
                }
            }
            Place::Constant | Place::Nowhere => {
                for _ in 0..count {
                    self.push(Wasm::Drop);
                }
            }
        }
    }

    fn set_limbs_at(&mut self, locals: &[u32], count: usize) {
        for at in (0..count).rev() {
            match locals.get(at) {
                Some(local) => self.push(Wasm::LocalSet(*local)),
                None => self.push(Wasm::Drop),
            }
        }
        for local in locals.iter().skip(count) {
            self.push(Wasm::I64Const(0));
            self.push(Wasm::LocalSet(*local));
        }
    }

    /// Pushes a value in the representation of a width in bits.
    fn as_bits(&mut self, value: Value, bits: u16) {
        match limbs(bits) {
            None => self.low(value),
            Some(count) => self.some_limbs(value, count),
        }
    }

    /// Pops a value in the representation of a width in bits into one that may have another width.
    fn set_as_bits(&mut self, value: Value, bits: u16) {
        match limbs(bits) {
            None => self.set_narrow(value),
            Some(count) => self.set_limbs(value, count),
        }
    }

    fn block(&mut self, block: &Block) {
        for instruction in &block.instructions {
            self.instruction(&instruction.kind);
        }
        self.end(&block.end);
    }

    fn instruction(&mut self, kind: &Kind) {
        if let Some(label) = kind.label() {
            let (mut results, mut parameters) = (Vec::new(), Vec::new());
            kind.results(|value| results.push(value));
            if let Kind::Loop(region) = kind {
                parameters.extend(region.parameters.iter().map(|(parameter, _)| *parameter));
            }
            self.targets.insert(label, (results, parameters));
        }
        match kind {
            // What is reached is linked: the compilation has looked.
            Kind::Constant(..) | Kind::Unlinked(..) => {}
            Kind::Builtin(to, builtin, arguments) => self.builtin(*to, *builtin, arguments),
            Kind::Call(results, callee, arguments) => {
                self.call_function(results, *callee, arguments)
            }
            Kind::PartOffset(to, part) => {
                self.flush();
                self.push(Wasm::GlobalGet(PART_OFFSETS + part.0));
                self.set_narrow(*to);
            }
            Kind::PartSize(to, part) => {
                self.flush();
                self.push(Wasm::GlobalGet(PART_SIZES + part.0));
                self.set_narrow(*to);
            }
            Kind::LoadImmutable(to, immutable) => {
                self.i32(self.layout.immutable(*immutable));
                self.call("load_word");
                self.set_limbs(*to, 4);
            }
            Kind::SetImmutable(to, immutable, value) => {
                self.flush();
                for &cell in self.layout.cells(*immutable) {
                    self.saturated(*to);
                    self.i32(cell);
                    self.push(Wasm::I32Add);
                    self.word(*value);
                    self.call("mstore");
                }
            }
            Kind::If(region) => self.if_(region),
            Kind::Switch(region) => self.switch(region),
            Kind::Loop(region) => self.loop_(region),
            Kind::Scope(region) => self.scope(region),
        }
    }

    fn call_function(&mut self, results: &[Value], callee: FunctionId, arguments: &[Value]) {
        let at = callee.0 as usize;
        let parameters = &self.program.functions[at].parameters;
        let bits: Vec<u16> =
            parameters.iter().map(|value| self.all.functions[at].bits(*value)).collect();
        let taken = convention::parameters(bits.iter().copied());
        for (place, (argument, bits)) in arguments.iter().zip(&bits).enumerate().skip(taken.words) {
            self.spill(*argument, place, *bits);
        }
        for (argument, bits) in arguments.iter().zip(&bits).take(taken.words) {
            self.as_bits(*argument, *bits);
        }
        self.flush();
        self.push(Wasm::Call(PROGRAM_FUNCTIONS + callee.0));
        let bits = self.all.results[at].clone();
        let given = convention::results(bits.iter().copied());
        // What is on the stack is set first: the last of it is at the top.
        for (result, bits) in results.iter().zip(&bits).take(given.words).rev() {
            self.set_as_bits(*result, *bits);
            self.flush();
        }
        for (place, (result, bits)) in results.iter().zip(&bits).enumerate().skip(given.words) {
            self.take(*result, place, *bits);
        }
    }

    /// Passes a word through globals: the one at `place` of a list.
    fn spill(&mut self, value: Value, place: usize, bits: u16) {
        for at in 0..limbs(bits).unwrap_or(1) {
            self.limb(value, at);
            self.flush();
            self.push(Wasm::GlobalSet(SPILLED + (place * 4 + at) as u32));
        }
    }

    /// Receives a word that was passed through globals.
    fn take(&mut self, value: Value, place: usize, bits: u16) {
        let count = limbs(bits).unwrap_or(1);
        for at in 0..count {
            self.push(Wasm::GlobalGet(SPILLED + (place * 4 + at) as u32));
        }
        self.set_limbs(value, count);
        self.flush();
    }

    fn take_spilled(&mut self, function: &Function, words: usize) {
        for (place, &parameter) in function.parameters.iter().enumerate().skip(words) {
            self.take(parameter, place, self.bits(parameter));
        }
    }
}
