//! Trees of instructions.
use serde::{Deserialize, Serialize};

/// Numbers of values, and which of the types they have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Shape {
    /// Values that go in.
    pub params: u8,
    /// Values that come out.
    pub results: u8,
    /// 0: `i32`; 1: `i64`; 2: both in turn; 3: `funcref`.
    pub types: u8,
}

/// An instruction with its operands, or several.
///
/// Each can stand as a statement, which leaves nothing, and as an operand of any type: what it
/// gives is dropped, converted, or invented.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Node {
    /// A constant.
    Const(i64),
    /// `local.get`
    Local(u16),
    /// `local.set`
    SetLocal(u16, Box<Node>),
    /// `local.tee`
    Tee(u16, Box<Node>),
    /// `global.get`
    Global(u16),
    /// `global.set`
    SetGlobal(u16, Box<Node>),
    /// An instruction with one operand, on its own result again and again.
    Unary(u8, u16, Box<Node>),
    /// An instruction with two operands.
    Binary(u8, Box<Node>, Box<Node>),
    /// An instruction with two operands, whose second one is always the same, on its own result
    /// again and again.
    Fold(u8, u16, Box<Node>, Box<Node>),
    /// A load, from what it has loaded again and again.
    Load(u8, u32, u16, Box<Node>),
    /// A store.
    Store(u8, u32, Box<Node>, Box<Node>),
    /// `select`
    Select(Box<Node>, Box<Node>, Box<Node>),
    /// `block`, `loop` or `if`: the operand fills the parameters and the results that are missing,
    /// and is the condition.
    Block(u8, Shape, Box<Node>, Vec<Node>),
    /// The same instructions again and again.
    Repeat(u16, Vec<Node>),
    /// `br` or, with a condition, `br_if`; values that go along are filled.
    Branch(u8, Option<Box<Node>>, Box<Node>),
    /// `br_table` with the given number of targets, all of them `blocks` blocks around it.
    BranchTable(u16, u8, Shape, Box<Node>),
    /// `call` (0), `call_indirect` (1) or their tail calls in a block that they leave (2, 3);
    /// arguments are filled.
    Call(u8, u8, Box<Node>),
    /// `memory.size` or `table.size`
    Size(bool),
    /// `memory.grow`, `fill`, `copy`, `init`, `data.drop`, `table.grow`, `fill`, `copy`, `init`,
    /// `elem.drop`, `table.set`, `table.get`
    Bulk(u8, u8, Box<Node>, Box<Node>, Box<Node>),
    /// `ref.func`, `ref.null` with `ref.is_null` when something else is wanted
    Reference(bool),
    /// `nop`
    Nop,
    /// `unreachable`, with what follows it up to the end of a block that is jumped over.
    Dead(Vec<Node>),
    /// A function of the interface, with its arguments.
    Host(u8, Vec<Node>),
    /// Counts a number in memory up, in a cell, from an offset, modulo a power of two: a new key or
    /// address each time.
    Next(u8, u8, u8),
    /// Returns, from a function that is not `main`.
    Return(Box<Node>),
}

impl Node {
    /// Its name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Const(_) => "const",
            Self::Local(_) => "local",
            Self::SetLocal(..) => "set_local",
            Self::Tee(..) => "tee",
            Self::Global(_) => "global",
            Self::SetGlobal(..) => "set_global",
            Self::Unary(..) => "unary",
            Self::Binary(..) => "binary",
            Self::Fold(..) => "fold",
            Self::Load(..) => "load",
            Self::Store(..) => "store",
            Self::Select(..) => "select",
            Self::Block(..) => "block",
            Self::Repeat(..) => "repeat",
            Self::Branch(..) => "branch",
            Self::BranchTable(..) => "branch_table",
            Self::Call(..) => "call",
            Self::Size(_) => "size",
            Self::Bulk(..) => "bulk",
            Self::Reference(_) => "reference",
            Self::Nop => "nop",
            Self::Dead(_) => "dead",
            Self::Host(..) => "host",
            Self::Next(..) => "next",
            Self::Return(_) => "return",
        }
    }

    /// Its operands and what it contains.
    pub fn children(&mut self) -> Vec<&mut Self> {
        match self {
            Self::SetLocal(_, a)
            | Self::Tee(_, a)
            | Self::SetGlobal(_, a)
            | Self::Unary(_, _, a)
            | Self::Load(_, _, _, a)
            | Self::BranchTable(_, _, _, a)
            | Self::Call(_, _, a)
            | Self::Return(a) => vec![a],
            Self::Binary(_, a, b) | Self::Fold(_, _, a, b) | Self::Store(_, _, a, b) => vec![a, b],
            Self::Select(a, b, c) | Self::Bulk(_, _, a, b, c) => vec![a, b, c],
            Self::Block(_, _, a, body) => std::iter::once(&mut **a).chain(body).collect(),
            Self::Branch(_, a, b) => a.iter_mut().map(|a| &mut **a).chain([&mut **b]).collect(),
            Self::Repeat(_, body) | Self::Dead(body) | Self::Host(_, body) => {
                body.iter_mut().collect()
            }
            Self::Const(_)
            | Self::Local(_)
            | Self::Global(_)
            | Self::Size(_)
            | Self::Reference(_)
            | Self::Nop
            | Self::Next(..) => Vec::new(),
        }
    }

    /// The statements in it, if it is a list of them.
    pub fn list(&mut self) -> Option<&mut Vec<Self>> {
        match self {
            Self::Block(_, _, _, body) | Self::Repeat(_, body) | Self::Dead(body) => Some(body),
            _ => None,
        }
    }

    /// Returns the number of nodes.
    pub fn size(&self) -> usize {
        // Sizes are asked for seldom, and the list of children is that of mutable ones.
        let mut copy = self.clone();
        fn count(node: &mut Node) -> usize {
            1 + node.children().into_iter().map(count).sum::<usize>()
        }
        count(&mut copy)
    }
}
