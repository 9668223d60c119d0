//! The IR as text.
use std::fmt;

use super::{Block, End, Function, Kind, Program, Value};

impl fmt::Display for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "v{}", self.0)
    }
}

/// Values with commas between them.
struct List<'a>(&'a [Value]);

impl fmt::Display for List<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, value) in self.0.iter().enumerate() {
            if at > 0 {
                out.write_str(", ")?;
            }
            value.fmt(out)?;
        }
        Ok(())
    }
}

impl fmt::Display for Program {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, function) in self.functions.iter().enumerate() {
            if at > 0 {
                writeln!(out)?;
            }
            function.fmt(out)?;
        }
        Ok(())
    }
}

impl fmt::Display for Function {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, parameters, results, body, .. } = self;
        writeln!(out, "function {name}({}) -> {results} {{", List(parameters))?;
        block(body, 1, out)?;
        writeln!(out, "}}")
    }
}

fn block(block: &Block, depth: usize, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    for instruction in &block.instructions {
        self::instruction(&instruction.kind, depth, out)?;
    }
    indent(depth, out)?;
    match &block.end {
        End::Exit(label, values) => writeln!(out, "exit l{} ({})", label.0, List(values)),
        End::Again(label, values) => writeln!(out, "again l{} ({})", label.0, List(values)),
        End::Return(values) => writeln!(out, "return ({})", List(values)),
        End::Unreachable => writeln!(out, "unreachable"),
    }
}

fn indent(depth: usize, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(out, "{:width$}", "", width = depth * 4)
}

fn instruction(kind: &Kind, depth: usize, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    indent(depth, out)?;
    let mut results = Vec::new();
    kind.results(|value| results.push(value));
    if !results.is_empty() {
        write!(out, "{} = ", List(&results))?;
    }
    let nested = |words: &str, inner: &Block, out: &mut fmt::Formatter<'_>| {
        writeln!(out, "{words} {{")?;
        block(inner, depth + 1, out)?;
        indent(depth, out)?;
        out.write_str("}")
    };
    match kind {
        Kind::Constant(_, value) if value.bit_len() <= 16 => writeln!(out, "{value}"),
        Kind::Constant(_, value) => writeln!(out, "{value:#x}"),
        Kind::Builtin(_, builtin, arguments) => {
            writeln!(out, "{} {}", builtin.name(), List(arguments))
        }
        Kind::Call(_, function, arguments) => {
            writeln!(out, "call f{} ({})", function.0, List(arguments))
        }
        Kind::PartOffset(_, part) => writeln!(out, "offset p{}", part.0),
        Kind::PartSize(_, part) => writeln!(out, "size p{}", part.0),
        Kind::LoadImmutable(_, immutable) => writeln!(out, "immutable i{}", immutable.0),
        Kind::Unlinked(_, library) => writeln!(out, "unlinked {library}"),
        Kind::SetImmutable(to, immutable, value) => {
            writeln!(out, "set {to}, i{}, {value}", immutable.0)
        }
        Kind::If(region) => {
            write!(out, "if l{} ", region.label.0)?;
            nested(&region.condition.to_string(), &region.then, out)?;
            nested(" else", &region.otherwise, out)?;
            writeln!(out)
        }
        Kind::Switch(region) => {
            write!(out, "switch l{} {}", region.label.0, region.on)?;
            for (value, inner) in &region.cases {
                nested(&format!(" case {value:#x}"), inner, out)?;
            }
            nested(" default", &region.otherwise, out)?;
            writeln!(out)
        }
        Kind::Loop(region) => {
            write!(out, "loop l{} (", region.label.0)?;
            for (at, (parameter, first)) in region.parameters.iter().enumerate() {
                write!(out, "{}{parameter} = {first}", if at > 0 { ", " } else { "" })?;
            }
            nested(")", &region.body, out)?;
            writeln!(out)
        }
        Kind::Scope(region) => {
            nested(&format!("scope l{}", region.label.0), &region.body, out)?;
            writeln!(out)
        }
    }
}
