//! The format of semantic tests: sources, settings, calls and what they give.
use std::collections::BTreeMap;

use alloy_primitives::{Address, U256, hex};

/// A test.
#[derive(Clone, Debug, Default)]
pub struct Test {
    /// Sources by name, in order; the first of a test with one has no name.
    pub sources: Vec<(String, String)>,
    /// Files that are read from beside the tests, by the names that sources import.
    pub external: Vec<(String, String)>,
    /// Settings, such as `EVMVersion`.
    pub settings: BTreeMap<String, String>,
    /// What is done, in order.
    pub steps: Vec<Step>,
}

/// A line of what is done.
#[derive(Clone, Debug)]
pub struct Step {
    /// The line, for reports.
    pub text: String,
    /// What it does.
    pub kind: StepKind,
    /// What it has to give: output, and whether it has to fail.
    pub expected: Expected,
    /// What it has to log.
    pub events: Vec<Event>,
}

/// The kinds of steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// Deploys a library, maybe of a named source.
    Library(Option<String>, String),
    /// Deploys the contract.
    Constructor {
        /// Wei.
        value: U256,
        /// Encoded.
        arguments: Vec<u8>,
    },
    /// Calls the contract.
    Call {
        /// `name(types)`, or nothing for call data without a selector.
        signature: String,
        /// Wei.
        value: U256,
        /// Encoded.
        arguments: Vec<u8>,
    },
    /// Asks for a balance: the contract's, or that of an account.
    Balance(Option<Address>),
    /// Asks whether the contract's storage is empty.
    StorageEmpty,
    /// What the test's own tool would answer.
    Builtin(String),
}

/// What a step has to give.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// Whether it has to fail.
    pub fails: bool,
    /// Its output.
    pub output: Vec<u8>,
}

/// A log that is expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The signature whose hash is the first topic; none for an anonymous event.
    pub signature: Option<String>,
    /// Who logs it, if that is said.
    pub from: Option<Address>,
    /// The topics after the signature's.
    pub topics: Vec<U256>,
    /// The data.
    pub data: Vec<u8>,
}

/// Reads a test. `external` reads a file beside the tests by its path.
///
/// # Errors
/// When it is no test, in one sentence.
pub fn read(text: &str, external: impl Fn(&str) -> Option<String>) -> Result<Test, String> {
    let mut test = Test::default();
    let (sources, rest) = text.split_once("// ----").unwrap_or((text, ""));
    let (sources, settings) = sources.split_once("// ====").unwrap_or((sources, ""));
    for line in settings.lines() {
        if let Some((name, value)) = line.trim_start_matches('/').split_once(':') {
            test.settings.insert(name.trim().into(), value.trim().into());
        }
    }
    read_sources(&mut test, sources, external)?;
    let mut text = String::new();
    for line in rest.lines() {
        if let Some(line) = line.trim_start().strip_prefix("//") {
            text.push_str(line.trim());
            text.push('\n');
        }
    }
    test.steps = Parser { text: &text, at: 0 }.steps()?;
    Ok(test)
}

fn read_sources(
    test: &mut Test,
    text: &str,
    external: impl Fn(&str) -> Option<String>,
) -> Result<(), String> {
    let mut name = String::new();
    let mut source = String::new();
    for line in text.lines() {
        let marked = line.strip_prefix("==== ").and_then(|rest| rest.strip_suffix(" ===="));
        let Some(marked) = marked else {
            source.push_str(line);
            source.push('\n');
            continue;
        };
        if let Some(path) = marked.strip_prefix("ExternalSource:") {
            let path = path.trim();
            let (name, path) = path.split_once('=').unwrap_or((path, path));
            let content = external(path).ok_or(format!("there is no external source {path}"))?;
            test.external.push((name.into(), content));
        } else if let Some(next) = marked.strip_prefix("Source:") {
            if !source.trim().is_empty() {
                test.sources.push((std::mem::take(&mut name), std::mem::take(&mut source)));
            }
            source.clear();
            name = next.trim().into();
        }
    }
    if !source.trim().is_empty() || test.sources.is_empty() {
        test.sources.push((name, source));
    }
    Ok(())
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Skips blanks and comments; with `lines` also ends of lines.
    fn skip(&mut self, lines: bool) {
        loop {
            let rest = self.rest();
            let blank = rest.len()
                - rest.trim_start_matches(|c: char| c == ' ' || (lines && c == '\n')).len();
            self.at += blank;
            let Some(inside) = self.rest().strip_prefix('#') else { return };
            // A comment ends with another `#`, or with its line. Topics begin with one, too, and a
            // digit or quote: they are taken where they can stand.
            self.at += 1 + inside.find(['#', '\n']).unwrap_or(inside.len());
            if self.rest().starts_with('#') {
                self.at += 1;
            }
        }
    }

    fn accept(&mut self, word: &str) -> bool {
        self.skip(false);
        let found = self.rest().starts_with(word);
        if found {
            self.at += word.len();
        }
        found
    }

    fn line(&self) -> &'a str {
        self.rest().lines().next().unwrap_or_default()
    }

    fn steps(mut self) -> Result<Vec<Step>, String> {
        let mut steps: Vec<Step> = Vec::new();
        loop {
            self.skip(true);
            if self.rest().is_empty() {
                return Ok(steps);
            }
            let line = self.line();
            let failed = |error: String| format!("{line}: {error}");
            if line.starts_with("gas ") {
                self.at += line.len();
            } else if self.accept("~ emit ") {
                let event = self.event().map_err(failed)?;
                if let Some(step) = steps.last_mut() {
                    step.events.push(event);
                }
            } else if self.accept("~") {
                self.at += self.line().len();
            } else {
                let kind = self.step().map_err(failed)?;
                let expected = self.expected().map_err(failed)?;
                let text = line.into();
                steps.push(Step { text, kind, expected, events: Vec::new() });
            }
        }
    }

    fn step(&mut self) -> Result<StepKind, String> {
        if self.accept("library:") {
            let line = self.line().trim();
            self.at += self.line().len();
            return Ok(match line.rsplit_once(':') {
                Some((source, name)) => {
                    StepKind::Library(Some(source.trim_matches('"').into()), name.trim().into())
                }
                None => StepKind::Library(None, line.into()),
            });
        }
        if !self.rest().starts_with("balance(") && self.accept("balance") {
            let account = match self.accept(":") {
                true => Some(self.word()?),
                false => None,
            };
            let account = account.map(|word| Address::from_word(word.to_be_bytes().into()));
            return Ok(StepKind::Balance(account));
        }
        if self.accept("storageEmpty") {
            return Ok(StepKind::StorageEmpty);
        }
        let rest = self.rest();
        let end = rest.find([':', ',', '-', '\n', ' ']).unwrap_or(rest.len());
        // Commas stand between types, too.
        let signature = match rest.find('(') {
            Some(open) if open <= end => {
                let mut depth = 0;
                let close = rest.char_indices().find(|(_, c)| {
                    match c {
                        '(' => depth += 1,
                        ')' => depth -= 1,
                        _ => {}
                    }
                    *c == ')' && depth == 0
                });
                &rest[..close.ok_or("`)` is missing")?.0 + 1]
            }
            _ => &rest[..end],
        };
        self.at += signature.len();
        if !signature.contains('(') {
            self.at += self.line().split("->").next().unwrap_or_default().len();
            return Ok(StepKind::Builtin(signature.into()));
        }
        let mut value = U256::ZERO;
        if self.accept(",") {
            value = self.word()?;
            if self.accept("ether") {
                value *= U256::from(10).pow(U256::from(18));
            } else {
                self.accept("wei");
            }
        }
        let arguments = match self.accept(":") {
            true => {
                self.skip(true);
                self.values()?
            }
            false => Vec::new(),
        };
        Ok(match signature {
            "constructor()" => StepKind::Constructor { value, arguments },
            _ if signature.starts_with("constructor(") => {
                StepKind::Constructor { value, arguments }
            }
            _ => StepKind::Call {
                signature: if signature == "()" { String::new() } else { signature.into() },
                value,
                arguments,
            },
        })
    }

    fn expected(&mut self) -> Result<Expected, String> {
        let before = self.at;
        self.skip(true);
        if !self.accept("->") {
            self.at = before;
            return Ok(Expected::default());
        }
        self.skip(false);
        // A list can go on in the next line.
        if self.rest().starts_with('\n') {
            let next = self.rest().trim_start();
            let value = next.starts_with(|c: char| c.is_ascii_digit() || c == '"' || c == '-');
            if value || next.starts_with("hex\"") || next.starts_with("FAILURE") {
                self.skip(true);
            }
        }
        let fails = self.accept("FAILURE");
        if fails && !self.accept(",") {
            return Ok(Expected { fails, output: Vec::new() });
        }
        Ok(Expected { fails, output: self.values()? })
    }

    fn event(&mut self) -> Result<Event, String> {
        let signature = match self.accept("<anonymous>") {
            true => None,
            false => {
                let rest = self.rest();
                let end = rest.find(')').ok_or("`)` is missing")? + 1;
                // Tuples have more of them.
                let end = rest[..]
                    .char_indices()
                    .scan(0, |depth, (at, c)| {
                        match c {
                            '(' => *depth += 1,
                            ')' => *depth -= 1,
                            _ => {}
                        }
                        Some((at, c, *depth))
                    })
                    .find(|(_, c, depth)| *c == ')' && *depth == 0)
                    .map_or(end, |(at, ..)| at + 1);
                self.at += end;
                Some(rest[..end].to_string())
            }
        };
        let from = match self.accept("from ") {
            true => Some(Address::from_word(self.word()?.to_be_bytes().into())),
            false => None,
        };
        let mut event = Event { signature, from, topics: Vec::new(), data: Vec::new() };
        if !self.accept(":") {
            return Ok(event);
        }
        loop {
            let rest = self.rest().trim_start();
            self.at += self.rest().len() - rest.len();
            if rest.starts_with('#') {
                self.at += 1;
                event.topics.push(self.word()?);
            } else {
                self.value(&mut event.data)?;
            }
            if !self.accept(",") {
                return Ok(event);
            }
        }
    }

    fn values(&mut self) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        self.skip(false);
        if self.rest().is_empty()
            || self.rest().starts_with(['\n'])
            || self.rest().starts_with("->")
        {
            return Ok(bytes);
        }
        loop {
            self.value(&mut bytes)?;
            if !self.accept(",") {
                return Ok(bytes);
            }
            self.skip(true);
        }
    }

    fn word(&mut self) -> Result<U256, String> {
        let mut bytes = Vec::new();
        self.value(&mut bytes)?;
        match bytes.len() {
            32 => Ok(U256::from_be_slice(&bytes)),
            length => Err(format!("a word has 32 bytes, not {length}")),
        }
    }

    fn value(&mut self, bytes: &mut Vec<u8>) -> Result<(), String> {
        self.skip(false);
        for (word, left) in [("left(", true), ("right(", false)] {
            if self.accept(word) {
                let mut inner = Vec::new();
                let number = self.rest().starts_with(|c: char| c.is_ascii_digit());
                self.value(&mut inner)?;
                if number {
                    let digits = inner.iter().position(|byte| *byte != 0).unwrap_or(31);
                    inner.drain(..digits);
                }
                inner.truncate(32);
                let padding = vec![0; 32 - inner.len()];
                let parts = if left { [inner, padding] } else { [padding, inner] };
                bytes.extend(parts.concat());
                return match self.accept(")") {
                    true => Ok(()),
                    false => Err("`)` is missing".into()),
                };
            }
        }
        let rest = self.rest();
        if let Some(inside) = rest.strip_prefix("hex\"") {
            let end = inside.find('"').ok_or("a string has no end")?;
            // A digit at the start can be missing.
            let digits = &inside[..end];
            let padded = format!("{}{digits}", if digits.len() % 2 == 1 { "0" } else { "" });
            let raw = hex::decode(padded).map_err(|error| error.to_string())?;
            bytes.extend(raw);
            self.at += end + 5;
            return Ok(());
        }
        if let Some(inside) = rest.strip_prefix('"') {
            let (text, length) = unescape(inside)?;
            let padding = text.len().div_ceil(32).max(1) * 32 - text.len();
            bytes.extend(text);
            bytes.extend(vec![0; padding]);
            self.at += length + 1;
            return Ok(());
        }
        let end = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '.'))
            .unwrap_or(rest.len());
        let text = &rest[..end];
        let number = match text {
            "true" => Some(U256::ONE),
            "false" => Some(U256::ZERO),
            _ => match text.strip_prefix('-') {
                Some(digits) => U256::from_str_radix(digits, 10).ok().map(|n| n.wrapping_neg()),
                None => match text.strip_prefix("0x") {
                    Some(digits) => U256::from_str_radix(digits, 16).ok(),
                    None => U256::from_str_radix(text, 10).ok(),
                },
            },
        };
        let number = number.ok_or(format!("`{text}` is no value"))?;
        bytes.extend(number.to_be_bytes::<32>());
        self.at += end;
        Ok(())
    }
}

/// Returns a string up to its quote, and how long it is in the text, the quote included.
fn unescape(text: &str) -> Result<(Vec<u8>, usize), String> {
    let mut bytes = Vec::new();
    let raw = text.as_bytes();
    let mut at = 0;
    loop {
        match raw.get(at) {
            None => return Err("a string has no end".into()),
            Some(b'"') => return Ok((bytes, at + 1)),
            Some(b'\\') => {
                at += 1;
                match raw.get(at) {
                    Some(b'x') => {
                        let digits = text.get(at + 1..at + 3).ok_or("an escape has no end")?;
                        let byte = u8::from_str_radix(digits, 16).map_err(|e| e.to_string())?;
                        bytes.push(byte);
                        at += 2;
                    }
                    Some(b'n') => bytes.push(b'\n'),
                    Some(b't') => bytes.push(b'\t'),
                    Some(b'r') => bytes.push(b'\r'),
                    Some(b'0') => bytes.push(0),
                    Some(other) => bytes.push(*other),
                    None => return Err("an escape has no end".into()),
                }
            }
            Some(other) => bytes.push(*other),
        }
        at += 1;
    }
}
