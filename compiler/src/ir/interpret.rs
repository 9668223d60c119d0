//! What a program means: the IR, executed. Passes and machine code are checked against this.
use std::collections::{BTreeMap, HashMap};

use alloy_primitives::{U256, keccak256};

use super::{Block, End, Function, FunctionId, ImmutableId, Kind, Label, Part, Program, Value};
use crate::arithmetic::compute;
use crate::builtin::Builtin;

/// What surrounds a frame.
pub trait World {
    /// Returns what an instruction reads of the frame's surroundings: `caller`, `timestamp`, …
    fn frame(&mut self, builtin: Builtin, arguments: &[U256]) -> U256;
    /// Returns the call data.
    fn call_data(&self) -> &[u8];
    /// Returns the output of the last call.
    fn return_data(&self) -> &[u8];
    /// Returns the value at a key of the storage, or of the transient storage.
    fn load(&mut self, transient: bool, key: U256) -> U256;
    /// Sets the value at a key.
    fn store(&mut self, transient: bool, key: U256, value: U256);
    /// Writes a log.
    fn log(&mut self, topics: &[U256], data: &[u8]);
    /// Calls another contract or creates one: the instruction, its operands without ranges of
    /// memory, and the input. Returns the instruction's result.
    fn call(&mut self, builtin: Builtin, operands: &[U256], input: &[u8]) -> U256;
}

/// A world with call data and storage, and no other accounts.
#[derive(Clone, Debug, Default)]
pub struct Alone {
    input: Vec<u8>,
    storage: HashMap<(bool, U256), U256>,
}

impl Alone {
    /// Returns a world with empty storage.
    #[must_use]
    pub fn new(input: &[u8]) -> Self {
        Self { input: input.into(), storage: HashMap::new() }
    }
}

impl World for Alone {
    fn frame(&mut self, _: Builtin, _: &[U256]) -> U256 {
        U256::ZERO
    }

    fn call_data(&self) -> &[u8] {
        &self.input
    }

    fn return_data(&self) -> &[u8] {
        &[]
    }

    fn load(&mut self, transient: bool, key: U256) -> U256 {
        self.storage.get(&(transient, key)).copied().unwrap_or_default()
    }

    fn store(&mut self, transient: bool, key: U256, value: U256) {
        self.storage.insert((transient, key), value);
    }

    fn log(&mut self, _: &[U256], _: &[u8]) {}

    fn call(&mut self, _: Builtin, _: &[U256], _: &[u8]) -> U256 {
        U256::ZERO
    }
}

/// How a frame ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// By `return`, or by `stop` with no output.
    Return(Vec<u8>),
    /// By `revert`.
    Revert(Vec<u8>),
    /// By `invalid`, a copy out of bounds, or more memory than can be had.
    Failure,
    /// By `selfdestruct`.
    SelfDestruct(U256),
    /// The rounds and calls that it may take did not suffice.
    Unfinished,
}

/// What a run may take.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Instructions.
    pub steps: u64,
    /// Bytes of memory.
    pub memory: usize,
    /// Blocks within each other, through calls of functions, too: each takes some of the stack.
    pub depth: u32,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { steps: 10_000_000, memory: 16 << 20, depth: 200 }
    }
}

/// The code that a frame sees: what its parts are, and what follows it.
#[derive(Clone, Debug, Default)]
pub struct Code {
    bytes: Vec<u8>,
    parts: Vec<(usize, usize)>,
    itself: usize,
    immutables: HashMap<ImmutableId, U256>,
}

impl Code {
    /// Lays out a program's code: its parts, then `arguments`. `object` gives the bytes of an
    /// object inside of it.
    #[must_use]
    pub fn new(program: &Program, object: impl Fn(&[usize]) -> Vec<u8>, arguments: &[u8]) -> Self {
        let mut code = Self { bytes: vec![0xfe; 8], ..Self::default() };
        for part in &program.parts {
            let bytes = match part {
                Part::Itself => Vec::new(),
                Part::Object(path) => object(path),
                Part::Data(bytes) => bytes.clone(),
            };
            code.parts.push((code.bytes.len(), bytes.len()));
            code.bytes.extend(bytes);
        }
        code.itself = code.bytes.len();
        for (at, part) in program.parts.iter().enumerate() {
            if *part == Part::Itself {
                code.parts[at] = (0, code.itself);
            }
        }
        code.bytes.extend_from_slice(arguments);
        code
    }
}

/// Runs a program.
pub fn run(program: &Program, code: &Code, world: &mut dyn World, bounds: Bounds) -> Outcome {
    let mut machine =
        Machine { program, code, world, memory: Vec::new(), immutables: BTreeMap::new(), bounds };
    match machine.function(FunctionId(0), Vec::new()) {
        Ok(_) => Outcome::Return(Vec::new()),
        Err(outcome) => outcome,
    }
}

struct Machine<'a> {
    program: &'a Program,
    code: &'a Code,
    world: &'a mut dyn World,
    memory: Vec<u8>,
    /// What was stored into objects in memory, by address.
    immutables: BTreeMap<(usize, ImmutableId), U256>,
    bounds: Bounds,
}

/// The values of a function's run.
type Values = Vec<U256>;

/// Where a block goes on.
enum Next {
    Exit(Label, Vec<U256>),
    Again(Label, Vec<U256>),
    Return(Vec<U256>),
}

impl Machine<'_> {
    fn function(&mut self, id: FunctionId, arguments: Vec<U256>) -> Result<Vec<U256>, Outcome> {
        let program = self.program;
        let function: &Function = &program.functions[id.0 as usize];
        let mut values = vec![U256::ZERO; function.values as usize];
        for (parameter, argument) in function.parameters.iter().zip(arguments) {
            values[parameter.0 as usize] = argument;
        }
        let next = self.block(&function.body, &mut values)?;
        match next {
            Next::Return(results) => Ok(results),
            Next::Exit(..) | Next::Again(..) => Err(Outcome::Failure),
        }
    }

    fn block(&mut self, block: &Block, values: &mut Values) -> Result<Next, Outcome> {
        self.bounds.depth = self.bounds.depth.checked_sub(1).ok_or(Outcome::Unfinished)?;
        let next = self.inside(block, values)?;
        self.bounds.depth += 1;
        Ok(next)
    }

    fn inside(&mut self, block: &Block, values: &mut Values) -> Result<Next, Outcome> {
        for instruction in &block.instructions {
            if let Some(next) = self.instruction(&instruction.kind, values)? {
                return Ok(next);
            }
        }
        let handed = block.end.values().iter().map(|value| values[value.0 as usize]).collect();
        match &block.end {
            End::Exit(label, _) => Ok(Next::Exit(*label, handed)),
            End::Again(label, _) => Ok(Next::Again(*label, handed)),
            End::Return(_) => Ok(Next::Return(handed)),
            End::Unreachable => Err(Outcome::Failure),
        }
    }

    /// Runs an instruction. Returns where to go on when it is not at the next one.
    fn instruction(&mut self, kind: &Kind, values: &mut Values) -> Result<Option<Next>, Outcome> {
        self.bounds.steps = self.bounds.steps.checked_sub(1).ok_or(Outcome::Unfinished)?;
        let get = |value: &Value, values: &Values| values[value.0 as usize];
        let (block, label, results) = match kind {
            Kind::Constant(to, value) => {
                values[to.0 as usize] = *value;
                return Ok(None);
            }
            Kind::Builtin(to, builtin, arguments) => {
                let arguments: Vec<U256> = arguments.iter().map(|v| get(v, values)).collect();
                let result = self.builtin(*builtin, &arguments)?;
                if let Some(to) = to {
                    values[to.0 as usize] = result;
                }
                return Ok(None);
            }
            Kind::Call(results, function, arguments) => {
                let arguments = arguments.iter().map(|v| get(v, values)).collect();
                let given = self.function(*function, arguments)?;
                for (to, value) in results.iter().zip(given) {
                    values[to.0 as usize] = value;
                }
                return Ok(None);
            }
            Kind::PartOffset(to, part) => {
                values[to.0 as usize] = U256::from(self.code.parts[part.0 as usize].0);
                return Ok(None);
            }
            Kind::PartSize(to, part) => {
                values[to.0 as usize] = U256::from(self.code.parts[part.0 as usize].1);
                return Ok(None);
            }
            Kind::LoadImmutable(to, immutable) => {
                let value = self.code.immutables.get(immutable).copied().unwrap_or_default();
                values[to.0 as usize] = value;
                return Ok(None);
            }
            // A contract that asks for it cannot be compiled.
            Kind::Unlinked(..) => return Err(Outcome::Failure),
            Kind::SetImmutable(to, immutable, value) => {
                let (to, _) = self.range(get(to, values), U256::ONE)?;
                self.immutables.insert((to, *immutable), get(value, values));
                return Ok(None);
            }
            Kind::If(region) => {
                let block = match get(&region.condition, values).is_zero() {
                    true => &region.otherwise,
                    false => &region.then,
                };
                (block, region.label, &region.results)
            }
            Kind::Switch(region) => {
                let on = get(&region.on, values);
                let case = region.cases.iter().find(|(value, _)| *value == on);
                let block = case.map_or(&region.otherwise, |(_, block)| block);
                (block, region.label, &region.results)
            }
            Kind::Scope(region) => (&region.body, region.label, &region.results),
            Kind::Loop(region) => {
                let first: Vec<U256> =
                    region.parameters.iter().map(|(_, first)| get(first, values)).collect();
                for ((parameter, _), first) in region.parameters.iter().zip(first) {
                    values[parameter.0 as usize] = first;
                }
                (&region.body, region.label, &region.results)
            }
        };
        loop {
            match self.block(block, values)? {
                Next::Exit(to, handed) if to == label => {
                    for (to, value) in results.iter().zip(handed) {
                        values[to.0 as usize] = value;
                    }
                    return Ok(None);
                }
                Next::Again(to, handed) if to == label => {
                    let Kind::Loop(region) = kind else { return Err(Outcome::Failure) };
                    for ((parameter, _), value) in region.parameters.iter().zip(handed) {
                        values[parameter.0 as usize] = value;
                    }
                    self.bounds.steps =
                        self.bounds.steps.checked_sub(1).ok_or(Outcome::Unfinished)?;
                }
                next => return Ok(Some(next)),
            }
        }
    }

    /// Makes memory reach a range, and returns it.
    fn range(&mut self, offset: U256, length: U256) -> Result<(usize, usize), Outcome> {
        if length.is_zero() {
            return Ok((0, 0));
        }
        let end = offset.checked_add(length).and_then(|end| usize::try_from(end).ok());
        let end = end.filter(|&end| end <= self.bounds.memory).ok_or(Outcome::Failure)?;
        let words = end.div_ceil(32) * 32;
        if self.memory.len() < words {
            self.memory.resize(words, 0);
        }
        let length = usize::try_from(length).map_err(|_| Outcome::Failure)?;
        Ok((end - length, end))
    }

    fn bytes(&mut self, offset: U256, length: U256) -> Result<Vec<u8>, Outcome> {
        let (start, end) = self.range(offset, length)?;
        Ok(self.memory[start..end].to_vec())
    }

    fn copy(&mut self, to: U256, source: &[u8], from: U256, length: U256) -> Result<(), Outcome> {
        let (start, end) = self.range(to, length)?;
        let rest = usize::try_from(from).ok().and_then(|from| source.get(from..)).unwrap_or(&[]);
        let count = rest.len().min(end - start);
        self.memory[start..start + count].copy_from_slice(&rest[..count]);
        self.memory[start + count..end].fill(0);
        Ok(())
    }

    fn builtin(&mut self, builtin: Builtin, a: &[U256]) -> Result<U256, Outcome> {
        use Builtin as B;
        if let Some(value) = compute(builtin, a) {
            return Ok(value);
        }
        let word = U256::from(32);
        Ok(match builtin {
            B::CallDataLoad => load(self.world.call_data(), a[0]),
            B::CallDataSize => U256::from(self.world.call_data().len()),
            B::CodeSize => U256::from(self.code.bytes.len()),
            B::ReturnDataSize => U256::from(self.world.return_data().len()),
            B::MSize => U256::from(self.memory.len()),
            B::MLoad => {
                let (start, _) = self.range(a[0], word)?;
                U256::from_be_slice(&self.memory[start..start + 32])
            }
            B::MStore => {
                let (start, _) = self.range(a[0], word)?;
                self.memory[start..start + 32].copy_from_slice(&a[1].to_be_bytes::<32>());
                U256::ZERO
            }
            B::MStore8 => {
                let (start, _) = self.range(a[0], U256::ONE)?;
                self.memory[start] = a[1].byte(0);
                U256::ZERO
            }
            B::MCopy => {
                // Memory grows for both ranges before anything moves.
                self.range(a[0], a[2])?;
                let source = self.bytes(a[1], a[2])?;
                self.copy(a[0], &source, U256::ZERO, a[2])?;
                U256::ZERO
            }
            B::CallDataCopy => {
                let source = self.world.call_data().to_vec();
                self.copy(a[0], &source, a[1], a[2])?;
                U256::ZERO
            }
            B::CodeCopy => {
                let code = self.code;
                self.copy(a[0], &code.bytes, a[1], a[2])?;
                U256::ZERO
            }
            B::ReturnDataCopy => {
                let source = self.world.return_data().to_vec();
                let end = a[1].checked_add(a[2]).ok_or(Outcome::Failure)?;
                if end > U256::from(source.len()) {
                    return Err(Outcome::Failure);
                }
                self.copy(a[0], &source, a[1], a[2])?;
                U256::ZERO
            }
            B::ExtCodeCopy => {
                self.copy(a[1], &[], a[2], a[3])?;
                U256::ZERO
            }
            B::Keccak256 => U256::from_be_bytes(keccak256(self.bytes(a[0], a[1])?).0),
            B::SLoad => self.world.load(false, a[0]),
            B::TLoad => self.world.load(true, a[0]),
            B::SStore => {
                self.world.store(false, a[0], a[1]);
                U256::ZERO
            }
            B::TStore => {
                self.world.store(true, a[0], a[1]);
                U256::ZERO
            }
            B::Log0 | B::Log1 | B::Log2 | B::Log3 | B::Log4 => {
                let data = self.bytes(a[0], a[1])?;
                self.world.log(&a[2..], &data);
                U256::ZERO
            }
            B::Call | B::CallCode | B::DelegateCall | B::StaticCall => {
                let ranges = a.len() - 4;
                let input = self.bytes(a[ranges], a[ranges + 1])?;
                let (start, end) = self.range(a[ranges + 2], a[ranges + 3])?;
                let result = self.world.call(builtin, &a[..ranges], &input);
                let count = self.world.return_data().len().min(end - start);
                self.memory[start..start + count]
                    .copy_from_slice(&self.world.return_data()[..count]);
                result
            }
            B::Create | B::Create2 => {
                let input = self.bytes(a[1], a[2])?;
                let operands: Vec<U256> = a[..1].iter().chain(&a[3..]).copied().collect();
                self.world.call(builtin, &operands, &input)
            }
            B::Return => return Err(Outcome::Return(self.bytes(a[0], a[1])?)),
            B::Revert => return Err(Outcome::Revert(self.bytes(a[0], a[1])?)),
            B::Stop => return Err(Outcome::Return(Vec::new())),
            B::Invalid => return Err(Outcome::Failure),
            B::SelfDestruct => return Err(Outcome::SelfDestruct(a[0])),
            other => self.world.frame(other, a),
        })
    }
}

/// Returns the word at an offset of bytes, with zeros behind their end.
fn load(bytes: &[u8], offset: U256) -> U256 {
    let rest = usize::try_from(offset).ok().and_then(|offset| bytes.get(offset..)).unwrap_or(&[]);
    let mut word = [0; 32];
    let count = rest.len().min(32);
    word[..count].copy_from_slice(&rest[..count]);
    U256::from_be_bytes(word)
}
