//! Programs in which nearly everything runs, and everything that runs is seen in the end.
//!
//! `wasm-smith` covers the breadth of the language, but much of what it makes traps early. These
//! programs hardly ever trap; what they have much of is what a register machine can get wrong:
//! operands that wait on the stack while locals change, blocks inside of expressions, branches that
//! carry values, comparisons that feed branches, constants as operands.
mod expressions;

use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, Encode, ExportKind, ExportSection, Function,
    FunctionSection, GlobalSection, GlobalType, Instruction as I, MemArg, MemArgTarget,
    MemorySection, MemoryType, Module, TypeSection, ValType,
};

use super::Random;
use super::operators::{self, INTEGERS, TYPES};

/// Locals of a function besides its parameters and counters.
const LOCALS: u64 = 10;
/// Nested loops; each has a counter of its own.
const LOOPS: usize = 3;
/// Instructions of a function, roughly.
const SIZE: u64 = 300;
/// Nested expressions and blocks.
const DEPTH: u32 = 12;
/// Pages of memory.
const PAGES: u64 = 2;
/// Index of the global that gathers what functions compute.
const GATHERED: u32 = 0;

type Signature = (Vec<ValType>, Vec<ValType>);

/// The program that belongs to `seed`.
pub fn from_seed(seed: u64) -> Vec<u8> {
    let mut random = Random::new(seed);
    let mut types = Types::default();
    let (mut functions, mut exports, mut code) =
        (FunctionSection::new(), ExportSection::new(), CodeSection::new());
    let mut signatures: Vec<Signature> = Vec::new();
    for index in 0..1 + random.below(4) as u32 {
        let signature = (some_types(&mut random, 4), some_types(&mut random, 3));
        functions.function(types.index(&signature));
        exports.export(&format!("f{index}"), ExportKind::Func, index);
        code.function(&Body::write(&mut random, &mut types, &signatures, &signature));
        signatures.push(signature);
    }
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: PAGES,
        maximum: Some(PAGES),
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    exports.export("memory", ExportKind::Memory, 0);
    let mut globals = GlobalSection::new();
    globals.global(
        GlobalType { val_type: ValType::I64, mutable: true, shared: false },
        &ConstExpr::i64_const(seed as i64),
    );
    exports.export("gathered", ExportKind::Global, GATHERED);
    let mut module = Module::new();
    module.section(&types.section).section(&functions).section(&memories).section(&globals);
    module.section(&exports).section(&code);
    module.finish()
}

fn some_types(random: &mut Random, at_most: u64) -> Vec<ValType> {
    (0..random.below(at_most + 1)).map(|_| some_type(random)).collect()
}

fn some_type(random: &mut Random) -> ValType {
    // Contracts are integers.
    if random.below(6) == 0 { *random.choose(&TYPES) } else { *random.choose(&INTEGERS) }
}

/// The type section, without repetitions.
#[derive(Default)]
struct Types {
    section: TypeSection,
    known: Vec<Signature>,
}

impl Types {
    fn index(&mut self, signature: &Signature) -> u32 {
        if let Some(known) = self.known.iter().position(|known| known == signature) {
            return known as u32;
        }
        self.section.ty().function(signature.0.iter().copied(), signature.1.iter().copied());
        self.known.push(signature.clone());
        self.known.len() as u32 - 1
    }
}

/// An open block.
struct Label {
    /// Types of the values that a branch to it carries; none for a loop, to which only its own end
    /// branches.
    carries: Option<Vec<ValType>>,
}

/// The body of a function that is being written.
struct Body<'a> {
    random: &'a mut Random,
    types: &'a mut Types,
    callable: &'a [Signature],
    /// Instructions as they are encoded.
    out: Vec<u8>,
    /// Types of the locals that may be written.
    locals: Vec<ValType>,
    labels: Vec<Label>,
    open_loops: usize,
    left: u64,
    depth: u32,
}

impl<'a> Body<'a> {
    fn write(
        random: &'a mut Random,
        types: &'a mut Types,
        callable: &'a [Signature],
        signature: &Signature,
    ) -> Function {
        let mut locals = signature.0.clone();
        locals.extend(TYPES);
        locals.extend((0..random.below(LOCALS)).map(|_| some_type(random)));
        let outermost = Label { carries: Some(signature.1.clone()) };
        let left = SIZE / 4 + random.below(SIZE);
        let mut body = Self {
            random,
            types,
            callable,
            out: Vec::new(),
            locals,
            labels: vec![outermost],
            open_loops: 0,
            left,
            depth: 0,
        };
        body.statements();
        while body.left > 0 {
            body.statement();
        }
        body.gather();
        body.values(&signature.1);
        let mut declared: Vec<ValType> = body.locals[signature.0.len()..].to_vec();
        declared.extend([ValType::I32; LOOPS]);
        let mut function = Function::new_with_locals_types(declared);
        function.raw(body.out);
        function.instruction(&I::End);
        function
    }

    fn emit(&mut self, instruction: impl Encode) {
        self.left = self.left.saturating_sub(1);
        instruction.encode(&mut self.out);
    }

    /// Writes instructions that do not count.
    fn add(&mut self, instructions: &[I<'static>]) {
        instructions.iter().for_each(|instruction| instruction.encode(&mut self.out));
    }

    /// Mixes all locals into the global.
    fn gather(&mut self) {
        for local in 0..self.locals.len() {
            let to_i64: &[I] = match self.locals[local] {
                ValType::I32 => &[I::I64ExtendI32U],
                ValType::F32 => &[I::I32ReinterpretF32, I::I64ExtendI32U],
                ValType::F64 => &[I::I64ReinterpretF64],
                _ => &[],
            };
            self.add(&[
                I::GlobalGet(GATHERED),
                I::I64Const(31),
                I::I64Mul,
                I::LocalGet(local as u32),
            ]);
            self.add(to_i64);
            self.add(&[I::I64Xor, I::GlobalSet(GATHERED)]);
        }
    }

    fn statements(&mut self) {
        for _ in 0..1 + self.random.below(4) {
            self.statement();
        }
    }

    fn statement(&mut self) {
        if self.depth >= DEPTH || self.left == 0 {
            return self.assign();
        }
        self.depth += 1;
        match self.random.below(20) {
            0..=6 => self.assign(),
            7..=8 => self.store(),
            9 => {
                let ty = some_type(self.random);
                self.value(ty);
                self.emit(I::Drop);
            }
            10..=11 => self.conditional(),
            12..=13 => self.plain_block(),
            14..=15 => self.counted_loop(),
            16 => self.carried_loop(),
            17 => self.table(),
            18 => self.call_statement(),
            _ => self.leave(),
        }
        self.depth -= 1;
    }

    fn assign(&mut self) {
        let local = self.random.below(self.locals.len() as u64) as usize;
        self.value(self.locals[local]);
        // Small numbers are often equal.
        match self.locals[local] {
            ValType::I32 if self.random.below(3) == 0 => self.add(&[I::I32Const(3), I::I32And]),
            ValType::I64 if self.random.below(3) == 0 => self.add(&[I::I64Const(3), I::I64And]),
            _ => {}
        }
        self.emit(I::LocalSet(local as u32));
    }

    fn store(&mut self) {
        let ty = some_type(self.random);
        let at = self.address();
        self.value(ty);
        let store = operators::store(self.random, ty, at);
        self.emit(store);
    }

    /// An address that is in bounds, nearly always, and an offset to go with it.
    fn address(&mut self) -> MemArg {
        match self.random.below(8) {
            0..=1 => {
                let constant = self.random.below(60_000) as i32;
                self.emit(I::I32Const(constant));
            }
            2 => {
                // Around the end.
                let constant = (PAGES << 16) as i32 - self.random.below(10) as i32;
                self.emit(I::I32Const(constant));
                return MemArg {
                    offset: 0,
                    align: 0,
                    target: MemArgTarget::default(),
                    ordering: None,
                };
            }
            _ => {
                self.value(ValType::I32);
                self.emit(I::I32Const(0xff));
                self.emit(I::I32And);
            }
        }
        let offset = *self.random.choose(&[0, 0, 0, 1, 8, 255, 65_000, 65_536, 70_000]);
        MemArg { offset, align: 0, target: MemArgTarget::default(), ordering: None }
    }

    fn conditional(&mut self) {
        self.condition();
        self.open(I::If(BlockType::Empty), Some(Vec::new()));
        self.statements();
        if self.random.below(2) == 0 {
            self.emit(I::Else);
            self.statements();
        }
        self.close();
    }

    fn plain_block(&mut self) {
        self.open(I::Block(BlockType::Empty), Some(Vec::new()));
        self.statements();
        self.condition();
        self.emit(I::BrIf(0));
        self.statements();
        self.close();
    }

    fn counted_loop(&mut self) {
        let Some(counter) = self.start_loop() else { return self.assign() };
        self.open(I::Loop(BlockType::Empty), None);
        self.statements();
        self.end_loop(counter);
        self.close();
    }

    /// A loop that carries a value from round to round.
    fn carried_loop(&mut self) {
        let ty = some_type(self.random);
        self.value(ty);
        let Some(counter) = self.start_loop() else { return self.emit(I::Drop) };
        let carries = self.types.index(&(vec![ty], vec![ty]));
        self.open(I::Loop(BlockType::FunctionType(carries)), None);
        if self.random.below(2) == 0 {
            self.statements();
        }
        self.value(ty);
        let operator = operators::binary(self.random, ty);
        self.emit(operator);
        self.end_loop(counter);
        self.close();
        let local = self.locals.iter().position(|local| *local == ty).unwrap_or_default();
        self.emit(I::LocalSet(local as u32));
    }

    fn start_loop(&mut self) -> Option<u32> {
        if self.open_loops == LOOPS {
            return None;
        }
        let counter = (self.locals.len() + self.open_loops) as u32;
        self.open_loops += 1;
        let rounds = 1 + self.random.below(4) as i32;
        self.emit(I::I32Const(rounds));
        self.emit(I::LocalSet(counter));
        Some(counter)
    }

    fn end_loop(&mut self, counter: u32) {
        self.open_loops -= 1;
        self.add(&[
            I::LocalGet(counter),
            I::I32Const(1),
            I::I32Sub,
            I::LocalTee(counter),
            I::BrIf(0),
        ]);
    }

    /// A `br_table` out of some blocks.
    fn table(&mut self) {
        let carries = some_types(self.random, 2);
        let ty = self.types.index(&(Vec::new(), carries.clone()));
        let blocks = 1 + self.random.below(3) as u32;
        for _ in 0..blocks {
            self.open(I::Block(BlockType::FunctionType(ty)), Some(carries.clone()));
        }
        self.values(&carries);
        self.value(ValType::I32);
        let targets: Vec<u32> =
            (0..self.random.below(5)).map(|_| self.random.below(blocks.into()) as u32).collect();
        let default = self.random.below(blocks.into()) as u32;
        self.emit(I::BrTable(targets.into(), default));
        for _ in 0..blocks {
            self.close();
            self.take(&carries);
            self.statements();
            self.values(&carries);
        }
        self.take(&carries);
    }

    fn call_statement(&mut self) {
        match self.call() {
            Some(results) => self.take(&results),
            None => self.assign(),
        }
    }

    /// A call of a function that was written before; not in a loop, so that the number of calls
    /// stays small.
    fn call(&mut self) -> Option<Vec<ValType>> {
        if self.callable.is_empty() || self.open_loops > 0 {
            return None;
        }
        let index = self.random.below(self.callable.len() as u64) as usize;
        let (params, results) = self.callable[index].clone();
        self.values(&params);
        self.emit(I::Call(index as u32));
        Some(results)
    }

    /// Leaves a block from its middle, on a condition, with what it carries; operands that wait
    /// below are dropped.
    fn leave(&mut self) {
        let some: Vec<usize> =
            (0..self.labels.len()).filter(|at| self.labels[*at].carries.is_some()).collect();
        let at = *self.random.choose(&some);
        let carries = self.labels[at].carries.clone().unwrap_or_default();
        self.condition();
        self.open(I::If(BlockType::Empty), Some(Vec::new()));
        let waiting = self.random.below(3);
        (0..waiting).for_each(|_| self.leaf(ValType::I64));
        if at == 0 {
            self.gather();
        }
        self.values(&carries);
        let depth = (self.labels.len() - 1 - at) as u32;
        if at == 0 && self.random.below(2) == 0 {
            self.emit(I::Return);
        } else {
            self.emit(I::Br(depth));
        }
        if self.random.below(4) == 0 {
            // Never reached.
            self.statement();
        }
        self.close();
    }

    fn open(&mut self, instruction: I<'static>, carries: Option<Vec<ValType>>) {
        self.emit(instruction);
        self.labels.push(Label { carries });
    }

    fn close(&mut self) {
        self.labels.pop();
        self.emit(I::End);
    }

    /// Moves values from the stack to locals.
    fn take(&mut self, types: &[ValType]) {
        for ty in types.iter().rev() {
            let some: Vec<usize> =
                (0..self.locals.len()).filter(|local| self.locals[*local] == *ty).collect();
            let local = *self.random.choose(&some) as u32;
            self.emit(I::LocalSet(local));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::peer;

    #[test]
    fn programs_are_valid_and_mostly_return() {
        let mut returned = 0;
        for seed in 0..100 {
            let module = from_seed(seed);
            wasmparser::Validator::new()
                .validate_all(&module)
                .unwrap_or_else(|error| panic!("seed {seed}: {error}"));
            let trace = peer::run(&module, 4).unwrap();
            returned += trace
                .iter()
                .skip(1)
                .filter(|step| matches!(step.ending, crate::trace::Ending::Returned(_)))
                .count();
        }
        assert!(returned > 200, "{returned} of 300 return");
    }
}
