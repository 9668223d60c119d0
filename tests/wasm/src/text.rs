//! The text format.
use wast::Wat;
use wast::parser::{self, ParseBuffer};

/// The binary of a module in the text format.
///
/// # Errors
/// What is wrong with the text, and where.
pub fn assemble(text: &str) -> Result<Vec<u8>, wast::Error> {
    let buffer = ParseBuffer::new(text)?;
    parser::parse::<Wat>(&buffer)?.encode()
}
