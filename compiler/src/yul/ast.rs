//! Yul as it stands in the source.
use std::rc::Rc;

use alloy_primitives::U256;

use crate::Span;

/// A name in the source.
#[derive(Clone, Debug)]
pub struct Name {
    /// The name itself.
    pub text: Rc<str>,
    /// Where it stands.
    pub span: Span,
}

/// An `object`: code, and what its code can refer to as data.
#[derive(Debug)]
pub struct Object {
    /// The name, without quotes.
    pub name: Rc<str>,
    /// The code that runs.
    pub code: Block,
    /// Objects inside of it.
    pub objects: Vec<Object>,
    /// Named constant bytes.
    pub data: Vec<Data>,
    /// Source files by the numbers that `@src` uses (`@use-src`).
    pub sources: Vec<(u32, String)>,
}

/// A `data` item of an object.
#[derive(Debug)]
pub struct Data {
    /// The name, without quotes.
    pub name: Rc<str>,
    /// The content.
    pub bytes: Vec<u8>,
}

/// Statements in braces.
#[derive(Debug, Default)]
pub struct Block {
    /// In order; functions among them are visible in the whole block.
    pub statements: Vec<Statement>,
}

/// A statement, with the place where it begins.
#[derive(Debug)]
pub struct Statement {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: StatementKind,
    /// The Solidity source that the last `@src` comment named, where there was one.
    pub origin: Option<Origin>,
}

/// A range of a Solidity file (`@src FILE:START:END`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The file, by its number in `@use-src`.
    pub file: u32,
    /// The first byte.
    pub start: u32,
    /// The byte behind the last one.
    pub end: u32,
}

/// The kinds of statements.
#[derive(Debug)]
pub enum StatementKind {
    /// `{ … }`
    Block(Block),
    /// `function f(a, b) -> c { … }`
    Function(FunctionDefinition),
    /// `let a, b := e`
    Let(Vec<Name>, Option<Expression>),
    /// `a, b := e`
    Assign(Vec<Name>, Expression),
    /// `if e { … }`
    If(Expression, Block),
    /// `switch e case 1 { … } default { … }`
    Switch(Expression, Vec<(U256, Block)>, Option<Block>),
    /// `for { … } e { … } { … }`: initial part, condition, what follows each round, body.
    For(Block, Expression, Block, Block),
    /// A call whose results are not used.
    Expression(Expression),
    /// `break`
    Break,
    /// `continue`
    Continue,
    /// `leave`
    Leave,
}

/// A function, as it is defined.
#[derive(Debug)]
pub struct FunctionDefinition {
    /// What it is called.
    pub name: Name,
    /// What it takes.
    pub parameters: Vec<Name>,
    /// What it returns.
    pub results: Vec<Name>,
    /// What it does.
    pub body: Block,
}

/// An expression.
#[derive(Debug)]
pub enum Expression {
    /// A number, a truth value, or a short string as a word.
    Literal(U256, Span),
    /// A string that is longer than a word, or names an object.
    Text(Rc<[u8]>, Span),
    /// A variable.
    Variable(Name),
    /// A call of a function or of an instruction.
    Call(Name, Vec<Expression>, Span),
}

impl Expression {
    /// Returns where it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Literal(_, span) | Self::Text(_, span) | Self::Call(_, _, span) => *span,
            Self::Variable(name) => name.span,
        }
    }
}
