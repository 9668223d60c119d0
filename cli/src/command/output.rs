//! Writes to standard output: text for people, JSON for programs.
use std::fmt::{Arguments, Display};
use std::io::{self, Write};

use anstream::AutoStream;
use anstyle::{AnsiColor, Style};
use serde::Serialize;

use super::error::Result;

/// Style of labels in front of values.
const LABEL: Style = AnsiColor::Cyan.on_default();
/// Style of headings.
pub const HEADING: Style = Style::new().bold();
/// Style of good news.
pub const GOOD: Style = AnsiColor::Green.on_default().bold();
/// Style of bad news.
pub const BAD: Style = AnsiColor::Red.on_default().bold();
/// Style of what matters less.
pub const FAINT: Style = Style::new().dimmed();

/// Width of labels, in columns.
const LABEL_WIDTH: usize = 10;

/// Standard output. It has colours only on a terminal, and none if `NO_COLOR` is set.
pub struct Output {
    stream: AutoStream<io::StdoutLock<'static>>,
    /// Whether to print JSON.
    pub json: bool,
}

impl Output {
    /// Locks standard output.
    pub fn new(json: bool) -> Self {
        Self { stream: AutoStream::auto(io::stdout().lock()), json }
    }

    /// Writes a line.
    pub fn line(&mut self, line: impl Display) -> Result<()> {
        Ok(writeln!(self.stream, "{line}")?)
    }

    /// Writes a line in bold.
    pub fn heading(&mut self, line: impl Display) -> Result<()> {
        self.styled(HEADING, line)
    }

    /// Writes a line in a style.
    pub fn styled(&mut self, style: Style, line: impl Display) -> Result<()> {
        Ok(writeln!(self.stream, "{style}{line}{style:#}")?)
    }

    /// Writes a label and its value.
    pub fn field(&mut self, label: &str, value: impl Display) -> Result<()> {
        Ok(writeln!(self.stream, "{LABEL}{label:<LABEL_WIDTH$}{LABEL:#}{value}")?)
    }

    /// Writes a label and its value in a style.
    pub fn styled_field(&mut self, label: &str, style: Style, value: impl Display) -> Result<()> {
        self.field(label, format_args!("{style}{value}{style:#}"))
    }

    /// Writes text without ending the line.
    pub fn write(&mut self, pieces: Arguments<'_>) -> Result<()> {
        Ok(self.stream.write_fmt(pieces)?)
    }

    /// Writes bytes unchanged.
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<()> {
        // This thread holds the lock of the stream already, and may take it again.
        Ok(io::stdout().write_all(bytes)?)
    }

    /// Writes a value as one line of JSON.
    pub fn object(&mut self, value: &impl Serialize) -> Result<()> {
        let text = serde_json::to_string(value).map_err(io::Error::other)?;
        self.line(text)
    }

    /// Writes everything that is buffered.
    pub fn flush(&mut self) -> Result<()> {
        Ok(self.stream.flush()?)
    }
}

/// Writes a message on standard error. If that fails, there is no place left to say so.
pub fn complain(kind: &str, message: impl Display) {
    let mut stream = AutoStream::auto(io::stderr().lock());
    let style = if kind == "error" { BAD } else { HEADING };
    let _ = writeln!(stream, "{style}{kind}:{style:#} {message}");
}
