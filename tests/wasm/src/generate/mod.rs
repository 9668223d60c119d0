//! Random modules, the same for the same seed on every machine.
pub mod dense;
mod operators;

use std::sync::OnceLock;

use arbitrary::Unstructured;
use wasm_smith::{Config, MemoryOffsetChoices, Module};

/// What the generated modules may import, all from the module `host`: functions that both engines
/// answer alike, and constants.
const IMPORTS: &str = r#"(module
    (import "host" "none" (func))
    (import "host" "i32" (func (param i32) (result i32)))
    (import "host" "mix" (func (param i64 f64 f32 i32) (result i64)))
    (import "host" "pair" (func (param i32) (result i32 i64)))
    (import "host" "word" (global i32))
    (import "host" "double" (global i64))
)"#;

/// Loop iterations and calls that a module with a counter of its own may make.
const OWN_FUEL: u32 = 2_000;

/// A sequence of pseudo-random numbers (splitmix64): small, and the same everywhere.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The sequence that belongs to `seed`.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`, which is not zero.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.next_u64() % bound
    }

    /// One of some.
    pub fn choose<'a, T>(&mut self, some: &'a [T]) -> &'a T {
        &some[self.below(some.len() as u64) as usize]
    }

    /// `len` bytes.
    pub fn bytes(&mut self, len: usize) -> Vec<u8> {
        (0..len.div_ceil(8)).flat_map(|_| self.next_u64().to_le_bytes()).take(len).collect()
    }
}

/// The module that belongs to `seed`: every other one is [`dense`].
pub fn from_seed(seed: u64) -> Vec<u8> {
    if seed % 2 == 1 {
        return dense::from_seed(seed);
    }
    let mut random = Random::new(seed);
    loop {
        let len = 1024 + random.below(15 * 1024) as usize;
        if let Some(module) = from_data(&random.bytes(len)) {
            return module;
        }
    }
}

/// The module that a fuzzer's bytes make, if they are enough for one. It uses what the engine
/// supports and nothing else; memories and tables are exported and bounded, so that running out of
/// either is never the machine's doing.
pub fn from_data(data: &[u8]) -> Option<Vec<u8>> {
    let mut input = Unstructured::new(data);
    let config = config(&mut input).ok()?;
    let own_fuel = input.ratio(3u8, 4u8).ok()?;
    let mut module = Module::new(config, &mut input).ok()?;
    if own_fuel {
        module.ensure_termination(OWN_FUEL).ok()?;
    }
    Some(module.to_bytes())
}

fn config(input: &mut Unstructured) -> arbitrary::Result<Config> {
    static IMPORTS_BINARY: OnceLock<Vec<u8>> = OnceLock::new();
    let imports = IMPORTS_BINARY.get_or_init(|| {
        crate::text::assemble(IMPORTS).expect("the import description is well-formed")
    });
    let imports = input.ratio(1u8, 3u8)?.then(|| imports.clone());
    Ok(Config {
        max_imports: if imports.is_some() { 6 } else { 0 },
        available_imports: imports,
        export_everything: true,
        allow_start_export: input.ratio(1u8, 4u8)?,
        allow_floats: input.ratio(2u8, 3u8)?,
        disallow_traps: input.ratio(1u8, 2u8)?,
        min_funcs: 2,
        max_funcs: input.int_in_range(2..=12)?,
        max_instructions: input.int_in_range(20..=400)?,
        max_globals: input.int_in_range(0..=12)?,
        max_types: 12,
        max_type_size: 40,
        min_memories: input.int_in_range(0..=1)?,
        max_memories: 1,
        max_memory32_bytes: 4 << 16,
        memory_max_size_required: true,
        memory_offset_choices: MemoryOffsetChoices(90, 8, 2),
        max_tables: input.int_in_range(0..=3)?,
        max_table_elements: 200,
        table_max_size_required: true,
        max_data_segments: 6,
        max_element_segments: 6,
        max_elements: 20,
        bulk_memory_enabled: true,
        extended_const_enabled: true,
        multi_value_enabled: true,
        reference_types_enabled: true,
        saturating_float_to_int_enabled: true,
        sign_extension_ops_enabled: true,
        tail_call_enabled: true,
        compact_imports_enabled: false,
        exceptions_enabled: false,
        gc_enabled: false,
        memory64_enabled: false,
        relaxed_simd_enabled: false,
        simd_enabled: false,
        threads_enabled: false,
        wide_arithmetic_enabled: false,
        ..Config::default()
    })
}
