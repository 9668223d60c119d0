//! The compiler's own form of a program: words of 256 bits in static single assignment, in
//! structured regions that take and give values.
//!
//! A [`Program`] is one object of Yul; a [`Function`] has parameters, results and a [`Block`]. A
//! block is instructions and an [`End`]. Regions have labels; an end leaves a region by its label
//! ([`End::Exit`]) with the region's results, or begins a loop again ([`End::Again`]) with its
//! parameters. So control flow is WebAssembly's from the start.
pub mod build;
pub mod interpret;
#[cfg(test)]
mod tests;
mod text;
pub mod verify;

use alloy_primitives::U256;

use crate::Span;
use crate::builtin::Builtin;
use crate::yul::ast::Origin;

/// A value of a function: a word of 256 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Value(pub u32);

/// A region of a function that ends can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Label(pub u32);

/// A function of a program, by its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FunctionId(pub u32);

/// An object's data or an object inside of it, by its index in [`Program::parts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PartId(pub u32);

/// An immutable variable, by its index in [`Program::immutables`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ImmutableId(pub u32);

/// One object of Yul, without the objects inside of it.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// Its name.
    pub name: String,
    /// Its functions. The first is the object's code.
    pub functions: Vec<Function>,
    /// What its code refers to by `dataoffset` and `datasize`.
    pub parts: Vec<Part>,
    /// Immutables that its code loads (`loadimmutable`), or that it stores into an object
    /// (`setimmutable`), by name.
    pub immutables: Vec<String>,
    /// Libraries without an address that its code asks for, and where it does.
    pub unlinked: Vec<(String, Span)>,
    /// Whether the source promises that memory is used as Solidity does (`memoryguard`).
    pub memory_guard: bool,
}

/// What a program can name as bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The program's own code.
    Itself,
    /// An object, by its path of indices from this one.
    Object(Vec<usize>),
    /// Constant bytes.
    Data(Vec<u8>),
}

/// A function.
#[derive(Clone, Debug, Default)]
pub struct Function {
    /// Its name in the source.
    pub name: String,
    /// What it takes.
    pub parameters: Vec<Value>,
    /// How many words it returns.
    pub results: usize,
    /// What it does.
    pub body: Block,
    /// How many values it has: the next unused one.
    pub values: u32,
    /// How many labels it has: the next unused one.
    pub labels: u32,
}

impl Function {
    /// Returns a value that is not used yet.
    pub fn value(&mut self) -> Value {
        self.values += 1;
        Value(self.values - 1)
    }

    /// Returns a label that is not used yet.
    pub fn label(&mut self) -> Label {
        self.labels += 1;
        Label(self.labels - 1)
    }
}

/// Instructions, and how they end.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// In order.
    pub instructions: Vec<Instruction>,
    /// What comes after them.
    pub end: End,
}

/// How a block ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum End {
    /// Leaves the region of that label; the values are its results.
    Exit(Label, Vec<Value>),
    /// Begins the loop of that label again; the values are its parameters.
    Again(Label, Vec<Value>),
    /// Returns from the function.
    Return(Vec<Value>),
    /// Is not reached: the last instruction does not come back.
    #[default]
    Unreachable,
}

/// An instruction, with the place in Solidity that it comes from.
#[derive(Clone, Debug)]
pub struct Instruction {
    /// What it does.
    pub kind: Kind,
    /// What it comes from.
    pub origin: Option<Origin>,
}

/// The kinds of instructions.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A constant.
    Constant(Value, U256),
    /// An instruction of the EVM, with its result if it has one.
    Builtin(Option<Value>, Builtin, Vec<Value>),
    /// A call of a function of the program.
    Call(Vec<Value>, FunctionId, Vec<Value>),
    /// The offset of a part in the code.
    PartOffset(Value, PartId),
    /// The size of a part in bytes.
    PartSize(Value, PartId),
    /// An immutable of this object.
    LoadImmutable(Value, ImmutableId),
    /// The address of a library that has none yet, by its index in [`Program::unlinked`].
    Unlinked(Value, u32),
    /// Sets an immutable in an object that was copied into memory: where, which, what.
    SetImmutable(Value, ImmutableId, Value),
    /// One of two blocks.
    If(If),
    /// One of many blocks.
    Switch(Switch),
    /// A block that begins again where an end says so.
    Loop(Loop),
    /// A block that is left by its label.
    Scope(Scope),
}

/// The first block where the condition is not zero, else the second.
#[derive(Clone, Debug)]
pub struct If {
    /// What ends name it by.
    pub label: Label,
    /// What decides.
    pub condition: Value,
    /// Where it is not zero.
    pub then: Block,
    /// Where it is zero.
    pub otherwise: Block,
    /// What it gives.
    pub results: Vec<Value>,
}

/// The block of the case that equals a value, else the default.
#[derive(Clone, Debug)]
pub struct Switch {
    /// What ends name it by.
    pub label: Label,
    /// What decides.
    pub on: Value,
    /// All different.
    pub cases: Vec<(U256, Block)>,
    /// Where no case fits.
    pub otherwise: Block,
    /// What it gives.
    pub results: Vec<Value>,
}

/// A loop.
#[derive(Clone, Debug)]
pub struct Loop {
    /// What ends name it by.
    pub label: Label,
    /// What it takes, and what these are at first.
    pub parameters: Vec<(Value, Value)>,
    /// What it does in each round.
    pub body: Block,
    /// What it gives.
    pub results: Vec<Value>,
}

/// A region that is left from inside.
#[derive(Clone, Debug)]
pub struct Scope {
    /// What ends name it by.
    pub label: Label,
    /// What it does.
    pub body: Block,
    /// What it gives.
    pub results: Vec<Value>,
}

impl Kind {
    /// Calls `each` with every value that the instruction itself reads, not its blocks.
    pub fn operands(&self, mut each: impl FnMut(Value)) {
        match self {
            Self::Constant(..) | Self::PartOffset(..) | Self::PartSize(..) => {}
            Self::LoadImmutable(..) | Self::Unlinked(..) | Self::Scope(_) => {}
            Self::Builtin(_, _, arguments) | Self::Call(_, _, arguments) => {
                arguments.iter().copied().for_each(each);
            }
            Self::SetImmutable(to, _, value) => {
                each(*to);
                each(*value);
            }
            Self::If(region) => each(region.condition),
            Self::Switch(region) => each(region.on),
            Self::Loop(region) => region.parameters.iter().for_each(|(_, first)| each(*first)),
        }
    }

    /// As [`operands`](Self::operands), to change them.
    pub fn operands_mut(&mut self, mut each: impl FnMut(&mut Value)) {
        match self {
            Self::Constant(..) | Self::PartOffset(..) | Self::PartSize(..) => {}
            Self::LoadImmutable(..) | Self::Unlinked(..) | Self::Scope(_) => {}
            Self::Builtin(_, _, arguments) | Self::Call(_, _, arguments) => {
                arguments.iter_mut().for_each(each);
            }
            Self::SetImmutable(to, _, value) => {
                each(to);
                each(value);
            }
            Self::If(region) => each(&mut region.condition),
            Self::Switch(region) => each(&mut region.on),
            Self::Loop(region) => region.parameters.iter_mut().for_each(|(_, first)| each(first)),
        }
    }

    /// Calls `each` with every value that is defined when the instruction is done.
    pub fn results(&self, mut each: impl FnMut(Value)) {
        match self {
            Self::Constant(to, _) | Self::PartOffset(to, _) | Self::PartSize(to, _) => each(*to),
            Self::LoadImmutable(to, _) | Self::Unlinked(to, _) => each(*to),
            Self::Builtin(to, ..) => to.iter().copied().for_each(each),
            Self::Call(to, ..) => to.iter().copied().for_each(each),
            Self::SetImmutable(..) => {}
            Self::If(If { results, .. })
            | Self::Switch(Switch { results, .. })
            | Self::Loop(Loop { results, .. })
            | Self::Scope(Scope { results, .. }) => results.iter().copied().for_each(each),
        }
    }

    /// As [`results`](Self::results), to change them.
    pub fn results_mut(&mut self, mut each: impl FnMut(&mut Value)) {
        match self {
            Self::Constant(to, _) | Self::PartOffset(to, _) | Self::PartSize(to, _) => each(to),
            Self::LoadImmutable(to, _) | Self::Unlinked(to, _) => each(to),
            Self::Builtin(to, ..) => to.iter_mut().for_each(each),
            Self::Call(to, ..) => to.iter_mut().for_each(each),
            Self::SetImmutable(..) => {}
            Self::If(If { results, .. })
            | Self::Switch(Switch { results, .. })
            | Self::Loop(Loop { results, .. })
            | Self::Scope(Scope { results, .. }) => results.iter_mut().for_each(each),
        }
    }

    /// Returns the blocks inside.
    pub fn blocks(&self) -> Vec<&Block> {
        match self {
            Self::If(region) => vec![&region.then, &region.otherwise],
            Self::Switch(region) => {
                region.cases.iter().map(|(_, block)| block).chain([&region.otherwise]).collect()
            }
            Self::Loop(Loop { body, .. }) | Self::Scope(Scope { body, .. }) => vec![body],
            _ => Vec::new(),
        }
    }

    /// Returns the blocks inside, to change them.
    pub fn blocks_mut(&mut self) -> Vec<&mut Block> {
        match self {
            Self::If(region) => vec![&mut region.then, &mut region.otherwise],
            Self::Switch(region) => region
                .cases
                .iter_mut()
                .map(|(_, block)| block)
                .chain([&mut region.otherwise])
                .collect(),
            Self::Loop(Loop { body, .. }) | Self::Scope(Scope { body, .. }) => vec![body],
            _ => Vec::new(),
        }
    }

    /// Returns the label of a region.
    #[must_use]
    pub fn label(&self) -> Option<Label> {
        match self {
            Self::If(If { label, .. })
            | Self::Switch(Switch { label, .. })
            | Self::Loop(Loop { label, .. })
            | Self::Scope(Scope { label, .. }) => Some(*label),
            _ => None,
        }
    }
}

impl Kind {
    /// Returns the label of a region, to change it.
    pub fn label_mut(&mut self) -> Option<&mut Label> {
        match self {
            Self::If(If { label, .. })
            | Self::Switch(Switch { label, .. })
            | Self::Loop(Loop { label, .. })
            | Self::Scope(Scope { label, .. }) => Some(label),
            _ => None,
        }
    }
}

impl End {
    /// Returns the values that it hands on.
    #[must_use]
    pub fn values(&self) -> &[Value] {
        match self {
            Self::Exit(_, values) | Self::Again(_, values) | Self::Return(values) => values,
            Self::Unreachable => &[],
        }
    }

    /// Returns the values that it hands on, to change them.
    pub fn values_mut(&mut self) -> &mut [Value] {
        match self {
            Self::Exit(_, values) | Self::Again(_, values) | Self::Return(values) => values,
            Self::Unreachable => &mut [],
        }
    }
}
