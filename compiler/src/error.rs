//! What can be wrong with a source.
use std::fmt;

/// Where in the source something stands: bytes from the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte behind the last one.
    pub end: u32,
}

impl Span {
    /// Returns the span from the start of this one to the end of `last`.
    #[must_use]
    pub fn to(self, last: Self) -> Self {
        Self { start: self.start, end: last.end }
    }
}

/// A refusal of a source, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What is wrong, in one sentence.
    pub message: String,
    /// The line, from 1; 0 where the error is about the whole.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// The text that the error is about: at most one line of it.
    pub text: String,
}

impl Error {
    /// Longest excerpt of the source in an error, in characters.
    const EXCERPT: usize = 80;

    /// Returns an error about a part of `source`.
    #[must_use]
    pub fn at(source: &str, span: Span, message: impl Into<String>) -> Self {
        let start = floor(source, span.start as usize);
        let end = floor(source, span.end as usize).max(start);
        let before = &source[..start];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let text = source[start..end].lines().next().unwrap_or_default();
        Self {
            message: message.into(),
            line: before.matches('\n').count() as u32 + 1,
            column: source[line_start..start].chars().count() as u32 + 1,
            text: text.chars().take(Self::EXCERPT).collect(),
        }
    }

    /// Returns an error about the whole source.
    #[must_use]
    pub fn whole(message: impl Into<String>) -> Self {
        Self { message: message.into(), line: 0, column: 0, text: String::new() }
    }
}

/// Returns the last boundary of a character that is not behind `at`.
fn floor(source: &str, at: usize) -> usize {
    let mut at = at.min(source.len());
    while !source.is_char_boundary(at) {
        at -= 1;
    }
    at
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(out, "{}:{}: ", self.line, self.column)?;
        }
        out.write_str(&self.message)?;
        if !self.text.is_empty() {
            write!(out, ": `{}`", self.text)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
