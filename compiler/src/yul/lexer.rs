//! From characters to tokens.
use alloy_primitives::U256;

use super::ast::Origin;
use crate::{Error, Span};

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A name or a keyword.
    Word(&'a str),
    Number(U256),
    /// A string, without quotes and with its escapes resolved; also `hex"…"`.
    Text(Vec<u8>),
    Open,
    Close,
    OpenParen,
    CloseParen,
    Comma,
    Assign,
    Arrow,
    Colon,
    End,
}

/// Tokens of a source, one at a time.
pub(super) struct Lexer<'a> {
    source: &'a str,
    at: usize,
    /// What the last `@src` named.
    pub origin: Option<Origin>,
    /// What `@use-src` named since it was taken.
    pub sources: Vec<(u32, String)>,
}

impl<'a> Lexer<'a> {
    pub fn new(source: &'a str) -> Self {
        Self { source, at: 0, origin: None, sources: Vec::new() }
    }

    fn rest(&self) -> &'a str {
        &self.source[self.at..]
    }

    fn error(&self, start: usize, end: usize, message: &str) -> Error {
        Error::at(self.source, span(start, end), message)
    }

    /// Skips white space and comments.
    fn skip(&mut self) -> Result<(), Error> {
        loop {
            let rest = self.rest();
            self.at += rest.len() - rest.trim_start().len();
            let rest = self.rest();
            if rest.starts_with("//") {
                let line = rest.lines().next().unwrap_or_default();
                self.note(line);
                self.at += line.len();
            } else if let Some(inside) = rest.strip_prefix("/*") {
                let Some(length) = inside.find("*/") else {
                    return Err(self.error(self.at, self.at + 2, "this comment has no end"));
                };
                self.note(&inside[..length]);
                self.at += length + 4;
            } else {
                return Ok(());
            }
        }
    }

    /// Reads the annotations that compilers leave in comments.
    fn note(&mut self, comment: &str) {
        if let Some((_, list)) = comment.split_once("@use-src ") {
            for item in list.split(", ") {
                if let Some((number, name)) = item.trim().split_once(':')
                    && let Ok(number) = number.parse()
                {
                    self.sources.push((number, name.trim_matches('"').into()));
                }
            }
        } else if let Some((_, place)) = comment.split_once("@src ") {
            let mut numbers = place.split_whitespace().next().unwrap_or_default().split(':');
            let mut next = || numbers.next()?.parse::<i64>().ok();
            self.origin = match (next(), next(), next()) {
                (Some(file), Some(start), Some(end)) if file >= 0 && start >= 0 && end >= start => {
                    Some(Origin { file: file as u32, start: start as u32, end: end as u32 })
                }
                _ => None,
            };
        }
    }

    /// Returns the next token and its place.
    pub fn next(&mut self) -> Result<(Token<'a>, Span), Error> {
        self.skip()?;
        let start = self.at;
        let rest = self.rest();
        let Some(first) = rest.chars().next() else {
            return Ok((Token::End, span(start, start)));
        };
        let (token, length) = match first {
            '{' => (Token::Open, 1),
            '}' => (Token::Close, 1),
            '(' => (Token::OpenParen, 1),
            ')' => (Token::CloseParen, 1),
            ',' => (Token::Comma, 1),
            ':' if rest.starts_with(":=") => (Token::Assign, 2),
            ':' => (Token::Colon, 1),
            '-' if rest.starts_with("->") => (Token::Arrow, 2),
            '0'..='9' => self.number(rest)?,
            '"' | '\'' => self.text(rest, first)?,
            // Strings in a source that was itself printed as one.
            '\\' if rest.starts_with("\\\"") => match rest[2..].find("\\\"") {
                Some(length) => (Token::Text(rest[2..2 + length].into()), length + 4),
                None => return Err(self.error(start, start + 2, "this string has no end")),
            },
            'h' if rest.starts_with("hex\"") || rest.starts_with("hex'") => self.hex(rest)?,
            first if is_name(first) => {
                let length = rest.find(|c: char| !is_name(c)).unwrap_or(rest.len());
                (Token::Word(&rest[..length]), length)
            }
            first => {
                let end = start + first.len_utf8();
                return Err(self.error(start, end, "no Yul begins with this character"));
            }
        };
        self.at += length;
        Ok((token, span(start, self.at)))
    }

    fn number(&self, rest: &str) -> Result<(Token<'a>, usize), Error> {
        let length = rest.find(|c: char| !is_name(c)).unwrap_or(rest.len());
        let text = &rest[..length];
        let value = match text.strip_prefix("0x") {
            Some(digits)
                if digits.bytes().all(|digit| digit.is_ascii_hexdigit()) && !digits.is_empty() =>
            {
                U256::from_str_radix(digits, 16).ok()
            }
            Some(_) => None,
            None if text.bytes().all(|digit| digit.is_ascii_digit()) => {
                U256::from_str_radix(text, 10).ok()
            }
            None => None,
        };
        let Some(value) = value else {
            let message = "this is no number of 256 bits, decimal or hexadecimal";
            return Err(self.error(self.at, self.at + length, message));
        };
        Ok((Token::Number(value), length))
    }

    fn hex(&self, rest: &str) -> Result<(Token<'a>, usize), Error> {
        let quote = &rest[3..4];
        let digits = rest[4..].find(quote).map(|length| &rest[4..4 + length]);
        let Some(digits) = digits else {
            return Err(self.error(self.at, self.at + 4, "this string has no end"));
        };
        let length = digits.len() + 5;
        // Pairs of digits may be parted by underscores.
        let plain: String = digits.chars().filter(|&c| c != '_').collect();
        match alloy_primitives::hex::decode(&plain) {
            Ok(bytes) if !plain.starts_with("0x") => Ok((Token::Text(bytes), length)),
            _ => {
                let message = "a hex string holds pairs of hexadecimal digits";
                Err(self.error(self.at, self.at + length, message))
            }
        }
    }

    fn text(&self, rest: &str, quote: char) -> Result<(Token<'a>, usize), Error> {
        let mut bytes = Vec::new();
        let mut chars = rest.char_indices().skip(1);
        let bad = |at: usize, message| Err(self.error(self.at + at, self.at + at + 1, message));
        while let Some((at, c)) = chars.next() {
            match c {
                _ if c == quote => return Ok((Token::Text(bytes), at + 1)),
                '\n' | '\r' => return bad(0, "this string has no end on its line"),
                '\\' => match chars.next() {
                    Some((_, 'n')) => bytes.push(b'\n'),
                    Some((_, 'r')) => bytes.push(b'\r'),
                    Some((_, 't')) => bytes.push(b'\t'),
                    Some((_, c @ ('\\' | '"' | '\''))) => bytes.push(c as u8),
                    // A line that goes on.
                    Some((_, '\n')) => {}
                    Some((_, kind @ ('x' | 'u'))) => {
                        let count = if kind == 'x' { 2 } else { 4 };
                        let mut code = 0;
                        for _ in 0..count {
                            let digit = chars.next().and_then(|(_, digit)| digit.to_digit(16));
                            let Some(digit) = digit else {
                                return bad(at, "this escape needs more hexadecimal digits");
                            };
                            code = code * 16 + digit;
                        }
                        if kind == 'x' {
                            bytes.push(code as u8);
                        } else if let Some(c) = char::from_u32(code) {
                            bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                        } else {
                            return bad(at, "this escape names no character");
                        }
                    }
                    _ => return bad(at, "strings have no such escape"),
                },
                c => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        bad(0, "this string has no end")
    }
}

fn span(start: usize, end: usize) -> Span {
    Span { start: start as u32, end: end as u32 }
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '.')
}
