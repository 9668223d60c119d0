//! Whether a module is valid: the engine's own validator beside wasmparser's.
use std::fmt;
use std::ops::Range;
use std::sync::LazyLock;

use tephra_core::wasm::{Config, Engine, Features, Immediates, Instruction, Module, ModuleError};
use wasmparser::{Parser, Payload, Validator, WasmFeatures};

use crate::generate::Random;

/// What was compared.
#[derive(Clone, Copy, Debug, Default)]
pub struct Verdicts {
    /// Modules that both find valid.
    pub valid: usize,
    /// Modules that both find invalid.
    pub invalid: usize,
    /// Modules beyond one of the engine's limits, or with floats that only the engine minds.
    pub stricter: usize,
}

impl Verdicts {
    /// Adds what another one counts.
    pub fn add(&mut self, other: Self) {
        self.valid += other.valid;
        self.invalid += other.invalid;
        self.stricter += other.stricter;
    }
}

impl fmt::Display for Verdicts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} valid, {} invalid, {} beyond a limit",
            self.valid, self.invalid, self.stricter
        )
    }
}

/// Features that are worth comparing: everything, what contracts have, the first version, and each
/// proposal alone missing.
pub fn feature_sets() -> Vec<Features> {
    let all = Features::ALL;
    let contracts = Features { floats: false, ..all };
    vec![
        all,
        contracts,
        Features::MVP,
        Features { mutable_globals: false, ..all },
        Features { sign_extension: false, ..all },
        Features { multi_value: false, ..all },
        Features { saturating_float_to_int: false, ..all },
        Features { bulk_memory: false, ..all },
        Features { reference_types: false, ..all },
        Features { extended_const: false, ..all },
        Features { tail_call: false, ..all },
    ]
}

fn for_reference(features: Features) -> WasmFeatures {
    let mut set = WasmFeatures::GC_TYPES;
    set.set(WasmFeatures::MUTABLE_GLOBAL, features.mutable_globals);
    set.set(WasmFeatures::SIGN_EXTENSION, features.sign_extension);
    set.set(WasmFeatures::MULTI_VALUE, features.multi_value);
    set.set(WasmFeatures::SATURATING_FLOAT_TO_INT, features.saturating_float_to_int);
    set.set(WasmFeatures::BULK_MEMORY, features.bulk_memory);
    set.set(WasmFeatures::REFERENCE_TYPES, features.reference_types);
    set.set(WasmFeatures::EXTENDED_CONST, features.extended_const);
    set.set(WasmFeatures::TAIL_CALL, features.tail_call);
    set.set(WasmFeatures::FLOATS, features.floats);
    set
}

/// Validates with both.
///
/// # Errors
/// What each says, when they disagree.
pub fn compare(bytes: &[u8], features: Features) -> Result<Verdicts, String> {
    let engine = Engine::new(Config { features, ..Config::default() });
    let own = Module::new(&engine, bytes).map(drop);
    let reference =
        Validator::new_with_features(for_reference(features)).validate_all(bytes).map(drop);
    match (&own, &reference) {
        (Ok(()), Ok(())) => Ok(Verdicts { valid: 1, ..Verdicts::default() }),
        (Err(ModuleError::LimitExceeded { .. }), _) => {
            Ok(Verdicts { stricter: 1, ..Verdicts::default() })
        }
        (Err(_), Err(_)) => Ok(Verdicts { invalid: 1, ..Verdicts::default() }),
        // In code that cannot be reached the reference lets floats pass.
        (Err(ModuleError::Invalid { message, .. }), Ok(()))
            if !features.floats && message == "floating-point support is disabled" =>
        {
            Ok(Verdicts { stricter: 1, ..Verdicts::default() })
        }
        _ => Err(format!("with {features:?} the engine says {own:?}, the reference {reference:?}")),
    }
}

/// Compares `count` changed versions of a module, each with one of the [`feature_sets`].
///
/// # Errors
/// The first disagreement, and the bytes that show it.
pub fn compare_mutants(
    module: &[u8],
    seed: u64,
    count: usize,
) -> Result<Verdicts, (String, Vec<u8>)> {
    let mut random = Random::new(seed);
    let sets = feature_sets();
    let code = Code::of(module);
    let mut verdicts = Verdicts::default();
    for number in 0..count {
        let mutant = match &code {
            // Most changes of single bytes are noticed at once; those of whole instructions reach
            // deeper.
            Some(code) if number % 4 != 0 => code.mutant(module, &mut random),
            _ => flipped(module, &mut random),
        };
        // All features are where most is valid.
        let features = if random.below(2) == 0 { Features::ALL } else { *random.choose(&sets) };
        verdicts.add(compare(&mutant, features).map_err(|difference| (difference, mutant))?);
    }
    Ok(verdicts)
}

/// A module with some bytes changed.
fn flipped(module: &[u8], random: &mut Random) -> Vec<u8> {
    let mut module = module.to_vec();
    for _ in 0..1 + random.below(3) {
        let at = random.below(module.len() as u64) as usize;
        module[at] = match random.below(3) {
            0 => module[at] ^ (1 << random.below(8)),
            1 => *random.choose(&[
                0x00, 0x01, 0x0b, 0x40, 0x41, 0x60, 0x63, 0x6f, 0x70, 0x7d, 0x7e, 0x7f, 0x80, 0xff,
            ]),
            _ => random.next_u64() as u8,
        };
    }
    module
}

/// The instructions of a module's functions.
struct Code {
    /// From the section's number to its end.
    section: Range<usize>,
    functions: Vec<Function>,
}

struct Function {
    /// The declarations of locals.
    locals: Range<usize>,
    instructions: Vec<Range<usize>>,
}

impl Code {
    /// None when the module has no code.
    fn of(module: &[u8]) -> Option<Self> {
        let mut section = None;
        let mut functions = Vec::new();
        // The end of the section before.
        let mut end = 8;
        for payload in Parser::new(0).parse_all(module) {
            match payload.ok()? {
                Payload::CodeSectionStart { unchecked_range, .. } => {
                    section = Some(end..unchecked_range.end as usize)
                }
                Payload::CodeSectionEntry(body) => {
                    let mut reader = body.get_operators_reader().ok()?;
                    let first = reader.original_position() as usize;
                    let mut instructions = Vec::new();
                    while !reader.eof() {
                        let start = reader.original_position() as usize;
                        reader.read().ok()?;
                        instructions.push(start..reader.original_position() as usize);
                    }
                    functions.push(Function {
                        locals: body.range().start as usize..first,
                        instructions,
                    });
                }
                other => end = other.as_section().map_or(end, |(_, range)| range.end as usize),
            }
        }
        functions.iter().any(|function| !function.instructions.is_empty()).then_some(())?;
        Some(Self { section: section?, functions })
    }

    /// The module with instructions of one function left out, repeated, exchanged, or replaced by
    /// others of the module or by some that are rarely seen, or with more of them.
    fn mutant(&self, module: &[u8], random: &mut Random) -> Vec<u8> {
        let chosen = random.below(self.functions.len() as u64) as usize;
        let mut code = Vec::new();
        leb(self.functions.len(), &mut code);
        for (index, function) in self.functions.iter().enumerate() {
            let mut instructions: Vec<&[u8]> =
                function.instructions.iter().map(|range| &module[range.clone()]).collect();
            if index == chosen {
                for _ in 0..1 + random.below(2) {
                    if instructions.is_empty() {
                        break;
                    }
                    let at = random.below(instructions.len() as u64) as usize;
                    let other = random.below(instructions.len() as u64) as usize;
                    match random.below(9) {
                        0 => drop(instructions.remove(at)),
                        1 => instructions.insert(at, instructions[other]),
                        2 => instructions.swap(at, other),
                        3 => instructions[at] = rare(random),
                        4 => instructions.insert(at, rare(random)),
                        5 => instructions[at] = instructions[other],
                        _ => instructions.insert(at, harmless(random)),
                    }
                }
            }
            let body = [&module[function.locals.clone()], &instructions.concat()].concat();
            leb(body.len(), &mut code);
            code.extend(body);
        }
        let mut mutant = module[..self.section.start].to_vec();
        mutant.push(10);
        leb(code.len(), &mut mutant);
        mutant.extend(code);
        mutant.extend(&module[self.section.end..]);
        mutant
    }
}

/// An instruction that is rarely seen, or any plain one of the engine's table.
fn rare(random: &mut Random) -> &'static [u8] {
    static RARE: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
        [
            "unreachable",
            "return",
            "else",
            "end",
            "drop",
            "select",
            "typed-select 1 i32",
            "typed-select 1 funcref",
            "br 0",
            "br_if 0",
            "br_table 1 0 1",
            "block empty",
            "loop i32",
            "if i64",
            "block 0",
            "i32.const 0",
            "i64.const 0",
            "ref.null funcref",
            "ref.is_null",
            "ref.func 0",
            "local.tee 0",
        ]
        .map(encode)
        .to_vec()
    });
    static PLAIN: LazyLock<Vec<&[u8]>> = LazyLock::new(|| {
        let plain = |row: &&Instruction| row.immediates == Immediates::None;
        Instruction::all().iter().filter(plain).map(|row| row.opcode).collect()
    });
    if random.below(4) == 0 {
        random.choose::<&[u8]>(&PLAIN)
    } else {
        random.choose::<Vec<u8>>(&RARE)
    }
}

/// Instructions that can stand anywhere, at least where there are locals.
fn harmless(random: &mut Random) -> &'static [u8] {
    static HARMLESS: LazyLock<[Vec<u8>; 8]> = LazyLock::new(|| {
        [
            "nop",
            "i32.const 0 drop",
            "block empty end",
            "local.get 0 drop",
            "i32.const 0 br_if 0",
            "i32.const 0 if empty unreachable end",
            "block empty unreachable i32.add select drop end",
            "loop i64 i64.const 0 end i64.eqz drop",
        ]
        .map(encode)
    });
    random.choose::<Vec<u8>>(&*HARMLESS)
}

/// The bytes of instructions that are written as mnemonics, types and numbers of a byte.
fn encode(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for word in text.split_whitespace() {
        match word {
            "empty" => bytes.push(0x40),
            "i32" => bytes.push(0x7f),
            "i64" => bytes.push(0x7e),
            "funcref" => bytes.push(0x70),
            _ => match word.parse() {
                Ok(number) => bytes.push(number),
                Err(_) => bytes.extend(opcode(word)),
            },
        }
    }
    bytes
}

fn opcode(name: &str) -> &'static [u8] {
    let (mnemonic, immediates) = match name.strip_prefix("typed-") {
        Some(mnemonic) => (mnemonic, Some(Immediates::ValTypes)),
        None => (name, None),
    };
    let is_it = |row: &&Instruction| {
        row.mnemonic == mnemonic && immediates.is_none_or(|wanted| wanted == row.immediates)
    };
    Instruction::all().iter().find(is_it).expect("the table has it").opcode
}

fn leb(mut value: usize, bytes: &mut Vec<u8>) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}
