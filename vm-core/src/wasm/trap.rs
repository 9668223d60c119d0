//! Ways in which WebAssembly code fails.
use core::fmt;

/// Why an execution trapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TrapCode {
    /// `unreachable` was executed.
    Unreachable,
    /// A memory access out of bounds.
    MemoryOutOfBounds,
    /// A table access out of bounds.
    TableOutOfBounds,
    /// `call_indirect` to an element beyond the table's end.
    UndefinedElement,
    /// `call_indirect` to a null element.
    IndirectCallToNull,
    /// `call_indirect` to a function of another type.
    BadSignature,
    /// Integer overflow in a division or conversion.
    IntegerOverflow,
    /// Integer division by zero.
    IntegerDivisionByZero,
    /// Conversion of a NaN to an integer.
    BadConversionToInteger,
    /// The call depth or the stack height exceeded its limit.
    StackOverflow,
    /// A charge was larger than the gas that was left.
    OutOfGas,
    /// A host function failed; its embedder knows why.
    HostFunction,
    /// The code is not valid WebAssembly. Only in a module that was trusted and should not have
    /// been.
    MalformedCode,
    /// The execution belongs to another store: nothing of it is in this one.
    OtherStore,
    /// The engine has broken a rule of its own. It never does; a build with debug assertions stops
    /// there.
    Internal,
}

impl TrapCode {
    /// For what cannot happen.
    #[cold]
    pub(crate) fn internal() -> Self {
        debug_assert!(false, "a rule of the engine does not hold");
        Self::Internal
    }

    /// The words of the WebAssembly specification's tests, where they have any.
    pub fn message(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::MemoryOutOfBounds => "out of bounds memory access",
            Self::TableOutOfBounds => "out of bounds table access",
            Self::UndefinedElement => "undefined element",
            Self::IndirectCallToNull => "uninitialized element",
            Self::BadSignature => "indirect call type mismatch",
            Self::IntegerOverflow => "integer overflow",
            Self::IntegerDivisionByZero => "integer divide by zero",
            Self::BadConversionToInteger => "invalid conversion to integer",
            Self::StackOverflow => "call stack exhausted",
            Self::OutOfGas => "out of gas",
            Self::HostFunction => "host function failed",
            Self::MalformedCode => "malformed code",
            Self::OtherStore => "the execution belongs to another store",
            Self::Internal => "internal error of the engine",
        }
    }
}

impl fmt::Display for TrapCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

/// A trap and where it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trap {
    /// Why.
    pub code: TrapCode,
    /// The index of the function in its module; none when no function was running yet.
    pub function: Option<u32>,
    /// Bytes from the start of the module to the instruction; none when not known.
    pub offset: Option<u32>,
}

impl From<TrapCode> for Trap {
    fn from(code: TrapCode) -> Self {
        Self { code, function: None, offset: None }
    }
}

impl fmt::Display for Trap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.code.fmt(f)?;
        if let Some(function) = self.function {
            write!(f, " in function {function}")?;
        }
        if let Some(offset) = self.offset {
            write!(f, " at byte {offset:#x}")?;
        }
        Ok(())
    }
}

impl core::error::Error for Trap {}
