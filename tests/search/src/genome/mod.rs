//! What a candidate is made of: a small description that always gives a valid module, message or
//! transaction, so that every change of it is one, too.
mod change;
mod node;
mod random;

use serde::{Deserialize, Serialize};

pub use change::{cross, mutate, simplify};
pub use node::{Node, Shape};
pub use random::random;

/// What is measured.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, clap::ValueEnum,
)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A function of a plain module that has run before, by the particle.
    Module,
    /// A message to a contract, with all that belongs to it, by the gas.
    Message,
    /// A whole transaction, by the gas.
    Transaction,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Module, Self::Message, Self::Transaction];

    /// The name on the command line and in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Module => "module",
            Self::Message => "message",
            Self::Transaction => "transaction",
        }
    }
}

/// A candidate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// What is measured.
    pub kind: Kind,
    /// The revision's number, modulo how many there are. Of no meaning to a module.
    pub revision: u8,
    /// Gas of the run; for a transaction on top of what it needs before it runs.
    pub gas: u64,
    /// The target of the message.
    pub target: Target,
    /// The content.
    pub data: Data,
    /// Contracts. The first is the module, for a candidate of that kind.
    pub contracts: Vec<Contract>,
    /// Addresses in the access list, and slots of each.
    pub access_list: (u16, u16),
    /// Slots that the first contract has at the start.
    pub slots: u16,
    /// Lengths of base, exponent and modulus in the input for the precompiled contract.
    pub modexp: [u16; 3],
    /// Whether address 9 is BLAKE2F instead of Keccak-256.
    pub blake2f: bool,
}

/// The target of a message.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// A contract, by its number.
    Contract(u8),
    /// Nobody: the contract with this number is the init code.
    Create(u8),
    /// A precompiled contract.
    Precompile(u8),
}

/// The content of a message.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Data {
    /// In bytes.
    pub len: u32,
    /// Whether it is the inputs of precompiled contracts (from an offset on), zeros, or ones.
    pub content: u8,
}

/// An account with code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contract {
    /// The code.
    pub module: Module,
    /// How many accounts have it, each with a byte of its own in the code.
    pub copies: u16,
}

/// A module. Its first function is `main`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Module {
    /// Functions; the first has neither parameters nor results.
    pub functions: Vec<Function>,
    /// How often the last function is there again, under other numbers.
    pub last_repeated: u16,
    /// Pages of memory at the start.
    pub pages: u16,
    /// KiB of the memory that are touched before `main` is measured; for plain modules.
    pub touched: u16,
    /// Elements of the table.
    pub table: u16,
    /// Segments of elements.
    pub elements: Vec<Elements>,
    /// Constant expressions of globals: how many operations each has.
    pub globals: Vec<u32>,
    /// Globals with a plain constant.
    pub plain_globals: u16,
    /// Data segments besides the library: how many, and bytes of each.
    pub data: (u16, u16),
    /// Where data segments lie: bytes from one to the next.
    pub stride: u32,
    /// Whether addresses, keys and inputs of precompiled contracts are in its memory.
    pub library: bool,
    /// Bytes of a custom section.
    pub padding: u32,
}

/// A segment of elements.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Elements {
    /// Its items.
    pub items: u16,
    /// Whether an instruction copies it, rather than the start of the instance.
    pub passive: bool,
    /// Whether its items are expressions.
    pub expressions: bool,
}

/// A function.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Function {
    /// Parameters and results: how many, and of which types.
    pub shape: Shape,
    /// Declared locals.
    pub locals: u16,
    /// What it does; run for ever in `main`.
    pub body: Vec<Node>,
}
