//! Standard output: text for people, JSON for programs.
use std::fmt::{Arguments, Display};
use std::io::{self, Write};

use anstream::AutoStream;
use anstyle::{AnsiColor, Style};
use serde::Serialize;

use crate::error::Result;

/// Labels in front of values.
const LABEL: Style = AnsiColor::Cyan.on_default();
/// Headings.
pub const HEADING: Style = Style::new().bold();
/// What went well.
pub const GOOD: Style = AnsiColor::Green.on_default().bold();
/// What did not.
pub const BAD: Style = AnsiColor::Red.on_default().bold();
/// What matters less.
pub const FAINT: Style = Style::new().dimmed();

/// Columns of the labels.
const LABEL_WIDTH: usize = 10;

/// Where results go. Colours only on a terminal, and not when `NO_COLOR` is set.
pub struct Output {
    stream: AutoStream<io::StdoutLock<'static>>,
    /// Whether a program reads.
    pub json: bool,
}

impl Output {
    /// Standard output.
    pub fn new(json: bool) -> Self {
        Self { stream: AutoStream::auto(io::stdout().lock()), json }
    }

    /// A line of text.
    pub fn line(&mut self, line: impl Display) -> Result<()> {
        Ok(writeln!(self.stream, "{line}")?)
    }

    /// A line in bold.
    pub fn heading(&mut self, line: impl Display) -> Result<()> {
        self.styled(HEADING, line)
    }

    /// A line in a style.
    pub fn styled(&mut self, style: Style, line: impl Display) -> Result<()> {
        Ok(writeln!(self.stream, "{style}{line}{style:#}")?)
    }

    /// A label and its value.
    pub fn field(&mut self, label: &str, value: impl Display) -> Result<()> {
        Ok(writeln!(self.stream, "{LABEL}{label:<LABEL_WIDTH$}{LABEL:#}{value}")?)
    }

    /// A label and its value in a style.
    pub fn styled_field(&mut self, label: &str, style: Style, value: impl Display) -> Result<()> {
        self.field(label, format_args!("{style}{value}{style:#}"))
    }

    /// Pieces of a line.
    pub fn write(&mut self, pieces: Arguments<'_>) -> Result<()> {
        Ok(self.stream.write_fmt(pieces)?)
    }

    /// Bytes as they are.
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<()> {
        // The lock that the stream holds is this thread's, which may take it again.
        Ok(io::stdout().write_all(bytes)?)
    }

    /// A value as one line of JSON.
    pub fn object(&mut self, value: &impl Serialize) -> Result<()> {
        let text = serde_json::to_string(value).map_err(io::Error::other)?;
        self.line(text)
    }

    /// Sees to it that everything was written.
    pub fn flush(&mut self) -> Result<()> {
        Ok(self.stream.flush()?)
    }
}

/// A message on standard error. Nobody can be told when that cannot be written.
pub fn complain(kind: &str, message: impl Display) {
    let mut stream = AutoStream::auto(io::stderr().lock());
    let style = if kind == "error" { BAD } else { HEADING };
    let _ = writeln!(stream, "{style}{kind}:{style:#} {message}");
}

/// Text from a contract or file, with everything made visible that a terminal would obey or that
/// would reorder what is shown.
pub fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' | '\'' | '\\' => shown.push(character),
            other => shown.extend(other.escape_debug()),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_from_contracts_cannot_steer_the_terminal() {
        assert_eq!(plain("größe\u{1b}[2J\n"), "größe\\u{1b}[2J\\n");
        assert_eq!(plain("a\u{202e}\"b\\"), "a\\u{202e}\"b\\");
    }
}
