//! Types and values of WebAssembly, and handles to what a store owns.
use alloc::boxed::Box;
use alloc::sync::Arc;

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ValType {
    /// 32-bit integer.
    I32,
    /// 64-bit integer.
    I64,
    /// 32-bit float.
    F32,
    /// 64-bit float.
    F64,
    /// Nullable reference to a function.
    FuncRef,
    /// Nullable reference to something of the host.
    ExternRef,
}

/// The name in the text format: `i32`.
impl core::fmt::Display for ValType {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::I32 => "i32",
            Self::I64 => "i64",
            Self::F32 => "f32",
            Self::F64 => "f64",
            Self::FuncRef => "funcref",
            Self::ExternRef => "externref",
        })
    }
}

/// A value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Val {
    /// 32-bit integer.
    I32(i32),
    /// 64-bit integer.
    I64(i64),
    /// 32-bit float, as its bits.
    F32(u32),
    /// 64-bit float, as its bits.
    F64(u64),
    /// Reference to a function, or null.
    FuncRef(Option<Func>),
    /// Reference to something that the host numbers, or null.
    ExternRef(Option<u32>),
}

impl Val {
    /// The type of the value.
    pub fn ty(&self) -> ValType {
        match self {
            Self::I32(_) => ValType::I32,
            Self::I64(_) => ValType::I64,
            Self::F32(_) => ValType::F32,
            Self::F64(_) => ValType::F64,
            Self::FuncRef(_) => ValType::FuncRef,
            Self::ExternRef(_) => ValType::ExternRef,
        }
    }

    /// The value as a slot of the interpreter holds it. 32-bit values are zero-extended.
    pub fn to_slot(self) -> u64 {
        match self {
            Self::I32(v) => u64::from(v as u32),
            Self::I64(v) => v as u64,
            Self::F32(bits) => u64::from(bits),
            Self::F64(bits) => bits,
            Self::FuncRef(func) => func.map_or(0, |func| func.0),
            Self::ExternRef(host) => host.map_or(0, |host| u64::from(host) + 1),
        }
    }

    /// The value in a slot, read as `ty`.
    pub fn from_slot(ty: ValType, slot: u64) -> Self {
        match ty {
            ValType::I32 => Self::I32(slot as i32),
            ValType::I64 => Self::I64(slot as i64),
            ValType::F32 => Self::F32(slot as u32),
            ValType::F64 => Self::F64(slot),
            ValType::FuncRef => Self::FuncRef((slot != 0).then_some(Func(slot))),
            ValType::ExternRef => Self::ExternRef((slot != 0).then(|| (slot - 1) as u32)),
        }
    }
}

/// Parameters and results of a function. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FuncType {
    types: Arc<[ValType]>,
    params: u32,
}

impl FuncType {
    /// A function type.
    pub fn new(params: &[ValType], results: &[ValType]) -> Self {
        Self { types: params.iter().chain(results).copied().collect(), params: params.len() as u32 }
    }

    /// Types of the parameters.
    pub fn params(&self) -> &[ValType] {
        self.types.get(..self.params as usize).unwrap_or_default()
    }

    /// Types of the results.
    pub fn results(&self) -> &[ValType] {
        self.types.get(self.params as usize..).unwrap_or_default()
    }
}

/// The type of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableType {
    /// `FuncRef` or `ExternRef`.
    pub element: ValType,
    /// Elements at the start.
    pub minimum: u32,
    /// Elements that it may grow to, if bounded.
    pub maximum: Option<u32>,
}

/// The type of a memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryType {
    /// Pages (64 KiB) at the start.
    pub minimum: u32,
    /// Pages that it may grow to, if bounded.
    pub maximum: Option<u32>,
}

/// The type of a global.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GlobalType {
    /// The type of its value.
    pub value: ValType,
    /// Whether `global.set` may change it.
    pub mutable: bool,
}

/// The type of an import or export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExternType {
    /// A function.
    Func(FuncType),
    /// A table.
    Table(TableType),
    /// A memory.
    Memory(MemoryType),
    /// A global.
    Global(GlobalType),
}

/// A function in a store: one of an instance, or one of the host.
///
/// The high half is the instance plus one, or all ones for a host function; the low half is the
/// index in the instance's module, or the host's number. Zero is never a function: slots and tables
/// use it for null.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Func(pub(crate) u64);

impl Func {
    const HOST: u64 = 0xffff_ffff;

    pub(crate) fn of_instance(instance: u32, index: u32) -> Self {
        Self((u64::from(instance) + 1) << 32 | u64::from(index))
    }

    /// Returns the host function with this number.
    pub fn of_host(number: u32) -> Self {
        Self(Self::HOST << 32 | u64::from(number))
    }

    /// The number of the host function, if it is one.
    pub fn host_number(self) -> Option<u32> {
        (self.0 >> 32 == Self::HOST).then_some(self.0 as u32)
    }

    /// Instance and index, if it is not a host function.
    pub(crate) fn instance_and_index(self) -> Option<(u32, u32)> {
        let high = self.0 >> 32;
        (high != Self::HOST && high != 0).then(|| ((high - 1) as u32, self.0 as u32))
    }
}

/// A memory in a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Memory(pub(crate) u32);

/// A table in a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Table(pub(crate) u32);

/// A global in a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Global(pub(crate) u32);

/// Something in a store that can be imported, or is exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Extern {
    /// A function.
    Func(Func),
    /// A table.
    Table(Table),
    /// A memory.
    Memory(Memory),
    /// A global.
    Global(Global),
}

/// An instance in a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Instance(pub(crate) u32);

/// The name of something in a module.
pub(crate) type Name = Box<str>;
