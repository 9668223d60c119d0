//! A job: one call of one function of a module.
use alloc::string::String;
use alloc::vec::Vec;

use crate::World;

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// 32 bits.
    I32,
    /// 64 bits.
    I64,
}

/// An argument or a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// 32 bits.
    I32(i32),
    /// 64 bits.
    I64(i64),
}

impl Value {
    /// Its type.
    pub fn ty(self) -> Type {
        match self {
            Self::I32(_) => Type::I32,
            Self::I64(_) => Type::I64,
        }
    }
}

/// Makes `arguments`, a job's arguments as values of an engine, and `result_of`, the first of an
/// engine's results. The engine's type has variants `I32` and `I64`.
#[macro_export]
macro_rules! values {
    ($value:ident) => {
        fn arguments(job: &Job) -> Vec<$value> {
            let value = |arg: &$crate::Value| match *arg {
                $crate::Value::I32(value) => $value::I32(value),
                $crate::Value::I64(value) => $value::I64(value),
            };
            job.args.iter().map(value).collect()
        }

        fn result_of(results: &[$value]) -> Option<$crate::Value> {
            match results.first() {
                Some($value::I32(value)) => Some($crate::Value::I32(*value)),
                Some($value::I64(value)) => Some($crate::Value::I64(*value)),
                _ => None,
            }
        }
    };
}

/// One call of one function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// The exported function.
    pub function: String,
    /// Its arguments.
    pub args: Vec<Value>,
    /// The type of its result.
    pub result: Option<Type>,
    /// The memory before the call.
    pub memory: Vec<u8>,
    /// Bytes of memory, from its start, that are part of the result.
    pub look_at: usize,
}

impl Job {
    /// The call of a contract.
    pub fn contract() -> Self {
        Self {
            function: "main".into(),
            args: Vec::new(),
            result: None,
            memory: Vec::new(),
            look_at: 0,
        }
    }
}

/// The end of a job.
#[derive(Clone, Debug)]
pub struct Ended {
    /// The result of the function.
    pub result: Option<Value>,
    /// The start of the memory.
    pub memory: Vec<u8>,
    /// The world that it left behind.
    pub world: World,
}

impl PartialEq for Ended {
    fn eq(&self, other: &Self) -> bool {
        self.result == other.result
            && self.memory == other.memory
            && self.world.same_effects(&other.world)
    }
}
