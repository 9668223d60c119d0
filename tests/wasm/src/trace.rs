//! What running a module shows to the outside, in terms that every engine shares.
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use tephra_core::wasm::{TrapCode, ValType};

use crate::generate::Random;

/// Calls of each exported function.
pub const CALLS_PER_FUNCTION: usize = 3;

/// A value, without the identity of references to functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// 32-bit integer.
    I32(i32),
    /// 64-bit integer.
    I64(i64),
    /// 32-bit float, as its bits.
    F32(u32),
    /// 64-bit float, as its bits.
    F64(u64),
    /// A reference to a function: whether it is one, or null.
    Func(bool),
    /// A reference to something of the host, or null.
    Extern(Option<u32>),
}

/// The end of a call or an instantiation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// With these results.
    Returned(Vec<Value>),
    /// With a trap.
    Trapped(TrapCode),
}

impl Ending {
    /// Whether engines may rightly differ from here on: they count gas and stack in units of their
    /// own.
    pub fn is_inconclusive(&self) -> bool {
        matches!(self, Self::Trapped(TrapCode::OutOfGas | TrapCode::StackOverflow))
    }
}

/// The value of an export after a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A memory: its pages and a hash of its bytes.
    Memory {
        /// Present size.
        pages: u64,
        /// Hash of all bytes.
        digest: u64,
    },
    /// A table.
    Table(Vec<Value>),
    /// A global.
    Global(Value),
}

/// One step: the instantiation (the first), or a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The exported function and its arguments; empty for the instantiation.
    pub call: String,
    /// The end.
    pub ending: Ending,
    /// Exports that hold something, by name, in the order of the module.
    pub state: Vec<(String, Content)>,
    /// Hash of all calls of host functions so far.
    pub host_log: u64,
}

/// Hash of a memory's bytes.
pub fn digest(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    hasher.finish()
}

/// The host functions of generated modules: what they answer depends only on what they were asked,
/// and when.
#[derive(Clone, Debug, Default)]
pub struct Host {
    /// Hash of all calls so far.
    pub log: u64,
}

impl Host {
    /// Value of the imported global `host.word`.
    pub const WORD: i32 = 0x1234_5678;
    /// Value of the imported global `host.double`.
    pub const DOUBLE: i64 = -2;

    /// Answers a call of the function `name`, whose results are integers.
    pub fn call(&mut self, name: &str, args: &[Value], results: &[ValType]) -> Vec<Value> {
        let mut hasher = DefaultHasher::new();
        (self.log, name, args).hash(&mut hasher);
        self.log = hasher.finish();
        let mut random = Random::new(self.log);
        results.iter().map(|ty| argument(*ty, &mut random)).collect()
    }
}

/// The arguments of the `nth` call of an exported function.
pub fn arguments(function: &str, nth: usize, params: &[ValType]) -> Vec<Value> {
    let mut hasher = DefaultHasher::new();
    (function, nth).hash(&mut hasher);
    let mut random = Random::new(hasher.finish());
    params.iter().map(|ty| argument(*ty, &mut random)).collect()
}

/// A value of a type, with a taste for corner cases.
fn argument(ty: ValType, random: &mut Random) -> Value {
    const F32: [f32; 8] =
        [0.0, -0.0, 1.0, -1.5, f32::INFINITY, f32::MIN_POSITIVE, 2_147_483_648.0, 16_777_217.0];
    const F64: [f64; 8] = [
        0.0,
        -0.0,
        1.0,
        -1.5,
        f64::INFINITY,
        f64::MIN_POSITIVE,
        9_223_372_036_854_775_808.0,
        1e300,
    ];
    let corner = random.below(8) as usize;
    let bits = random.next_u64();
    let integer = match corner {
        0 => 0,
        1 => 1,
        2 => u64::MAX,
        3 => i64::MIN as u64,
        4 => u64::from(i32::MIN as u32),
        5 => bits % 64,
        _ => bits,
    };
    let plain = bits & 1 == 0;
    match ty {
        ValType::I32 => Value::I32(integer as i32),
        ValType::I64 => Value::I64(integer as i64),
        ValType::F32 if plain => Value::F32(F32[corner].to_bits()),
        ValType::F64 if plain => Value::F64(F64[corner].to_bits()),
        ValType::F32 => Value::F32(bits as u32),
        ValType::F64 => Value::F64(bits),
        ValType::FuncRef => Value::Func(false),
        ValType::ExternRef => Value::Extern(plain.then_some(bits as u32 >> 8)),
    }
}
