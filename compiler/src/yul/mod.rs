//! Yul: the language between Solidity or Fe and a machine.
pub mod ast;
mod lexer;
mod parser;
#[cfg(test)]
mod tests;

pub use parser::parse;
pub(crate) use parser::word;
