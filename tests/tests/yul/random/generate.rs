//! Makes programs: functions, loops that end, and words at the edges.
use std::fmt::Write;

use alloy_primitives::U256;

/// A source of numbers (splitmix64), the same on every machine.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    /// A word, often at an edge of bits or signs.
    pub fn word(&mut self) -> U256 {
        match self.below(6) {
            0 => U256::from(self.below(40)),
            1 => (U256::ONE << (8 * self.below(32))) - U256::from(self.below(2)),
            2 => U256::MAX - U256::from(self.below(3)),
            3 => (U256::ONE << self.below(256)) - U256::from(self.below(2)),
            4 => U256::from(self.next()),
            _ => U256::from_limbs([self.next(), self.next(), self.next(), self.next()]),
        }
    }
}

struct Signature {
    parameters: usize,
    results: usize,
}

struct Generator<'a> {
    random: &'a mut Random,
    text: String,
    /// Variables that can be read here; those of loops must not be assigned.
    variables: Vec<(String, bool)>,
    /// Functions that can be called here: those before this one, so that calls end.
    functions: Vec<Signature>,
    next: usize,
    in_function: bool,
    loops: usize,
}

/// A program that returns some of what it computed.
pub fn program(random: &mut Random) -> String {
    let mut generator = Generator {
        random,
        text: String::from("{\n"),
        variables: Vec::new(),
        functions: Vec::new(),
        next: 0,
        in_function: false,
        loops: 0,
    };
    for _ in 0..generator.random.below(5) {
        generator.function();
    }
    for _ in 0..3 {
        let value = generator.expression(2);
        generator.declare(&value);
    }
    generator.statements(6, 3);
    for at in 0..4 {
        let value = generator.expression(2);
        let _ = writeln!(generator.text, "mstore({}, {value})", 0x400 + at * 32);
    }
    let (start, end) = (generator.random.below(3), generator.random.below(3));
    let kind = if generator.random.one_in(6) { "revert" } else { "return" };
    let _ = writeln!(generator.text, "{kind}({}, {})\n}}", start * 0x1f0, 0x480 - 32 * end);
    generator.text
}

impl Generator<'_> {
    fn name(&mut self, kind: &str) -> String {
        self.next += 1;
        format!("{kind}{}", self.next)
    }

    fn declare(&mut self, value: &str) {
        let name = self.name("v");
        let _ = writeln!(self.text, "let {name} := {value}");
        self.variables.push((name, true));
    }

    fn function(&mut self) {
        let parameters = self.random.below(4);
        let results = self.random.below(4);
        let names: Vec<String> = (0..parameters).map(|_| self.name("p")).collect();
        let given: Vec<String> = (0..results).map(|_| self.name("r")).collect();
        let arrow = if results > 0 { format!(" -> {}", given.join(", ")) } else { String::new() };
        let index = self.functions.len();
        let _ = writeln!(self.text, "function f{index}({}){arrow} {{", names.join(", "));
        let outer = std::mem::take(&mut self.variables);
        self.variables.extend(names.into_iter().chain(given).map(|name| (name, true)));
        self.in_function = true;
        let count = 1 + self.random.below(4);
        self.statements(count, 2);
        self.in_function = false;
        self.text += "}\n";
        self.variables = outer;
        self.functions.push(Signature { parameters, results });
    }

    fn block(&mut self, count: usize, depth: usize) {
        self.text += "{\n";
        let visible = self.variables.len();
        self.statements(count, depth);
        self.variables.truncate(visible);
        self.text += "}\n";
    }

    fn statements(&mut self, count: usize, depth: usize) {
        for _ in 0..count {
            self.statement(depth);
        }
    }

    fn statement(&mut self, depth: usize) {
        let kinds = if depth > 0 { 14 } else { 9 };
        match self.random.below(kinds) {
            0 | 1 => {
                let value = self.expression(3);
                self.declare(&value);
            }
            2..=4 => {
                let assignable: Vec<String> = self
                    .variables
                    .iter()
                    .filter(|(_, free)| *free)
                    .map(|(name, _)| name.clone())
                    .collect();
                if assignable.is_empty() {
                    return;
                }
                let name = &assignable[self.random.below(assignable.len())];
                let value = self.expression(3);
                let _ = writeln!(self.text, "{name} := {value}");
            }
            5 => {
                let (at, value) = (self.address(), self.expression(2));
                let store = if self.random.one_in(4) { "mstore8" } else { "mstore" };
                let _ = writeln!(self.text, "{store}({at}, {value})");
            }
            6 => {
                let (key, value) = (self.random.below(4), self.expression(2));
                let store = if self.random.one_in(4) { "tstore" } else { "sstore" };
                let _ = writeln!(self.text, "{store}({key}, {value})");
            }
            7 => self.copy(),
            8 => self.call(),
            9 | 10 => {
                let condition = self.expression(2);
                let _ = write!(self.text, "if {condition} ");
                let count = 1 + self.random.below(3);
                self.block(count, depth - 1);
            }
            11 => {
                let on = self.expression(2);
                let _ = writeln!(self.text, "switch {on}");
                for case in 0..1 + self.random.below(3) {
                    let value = if case == 0 { U256::ZERO } else { U256::ONE << (case * 90) };
                    let _ = write!(self.text, "case {value} ");
                    self.block(2, depth - 1);
                }
                if self.random.one_in(2) {
                    self.text += "default ";
                    self.block(2, depth - 1);
                }
            }
            12 => {
                let name = self.name("i");
                let rounds = self.random.below(5);
                let _ = write!(
                    self.text,
                    "for {{ let {name} := 0 }} lt({name}, {rounds}) {{ {name} := add({name}, 1) }} "
                );
                let visible = self.variables.len();
                self.variables.push((name, false));
                self.loops += 1;
                self.block(3, depth - 1);
                self.loops -= 1;
                self.variables.truncate(visible);
            }
            _ => {
                let condition = self.expression(1);
                let ends = match self.random.below(6) {
                    0 | 1 if self.loops > 0 => "break",
                    2 | 3 if self.loops > 0 => "continue",
                    4 if self.in_function => "leave",
                    5 if self.random.one_in(4) => "revert(0, 64)",
                    _ if self.random.one_in(8) => "invalid()",
                    _ if self.random.one_in(8) => "return(0x400, 32)",
                    _ => return,
                };
                let _ = writeln!(self.text, "if {condition} {{ {ends} }}");
            }
        }
    }

    fn copy(&mut self) {
        let (to, from, length) = (self.address(), self.random.below(160), self.random.below(80));
        let _ = match self.random.below(2) {
            0 => writeln!(self.text, "mcopy({to}, {from}, {length})"),
            _ => writeln!(self.text, "calldatacopy({to}, {from}, {length})"),
        };
    }

    fn call(&mut self) {
        if self.functions.is_empty() {
            return;
        }
        let at = self.random.below(self.functions.len());
        let Signature { parameters, results } = self.functions[at];
        let arguments: Vec<String> = (0..parameters).map(|_| self.expression(1)).collect();
        let names: Vec<String> = (0..results).map(|_| self.name("v")).collect();
        let to = if results > 0 { format!("let {} := ", names.join(", ")) } else { String::new() };
        let _ = writeln!(self.text, "{to}f{at}({})", arguments.join(", "));
        self.variables.extend(names.into_iter().map(|name| (name, true)));
    }

    /// Somewhere in the first kilobyte, or, seldom, anywhere.
    fn address(&mut self) -> String {
        match self.random.below(20) {
            0 => {
                let value = self.expression(1);
                format!("and({value}, 0x3ff)")
            }
            1 if self.random.one_in(4) => self.expression(1),
            _ => self.random.below(0x300).to_string(),
        }
    }

    /// Somewhere in the first kilobyte: what is read and not used is not read, wherever it is.
    fn near(&mut self) -> String {
        match self.random.below(8) {
            0 => {
                let value = self.expression(1);
                format!("and({value}, 0x3ff)")
            }
            _ => self.random.below(0x300).to_string(),
        }
    }

    fn expression(&mut self, depth: usize) -> String {
        if depth == 0 || self.random.one_in(4) {
            return match self.random.below(4) {
                0 => self.random.word().to_string(),
                1 => format!("calldataload({})", 32 * self.random.below(4)),
                _ if self.variables.is_empty() => "7".into(),
                _ => {
                    let at = self.random.below(self.variables.len());
                    self.variables[at].0.clone()
                }
            };
        }
        let mut inner = || self.expression(depth - 1);
        let (a, b, c) = (inner(), inner(), inner());
        const TWO: [&str; 20] = [
            "add",
            "sub",
            "mul",
            "div",
            "sdiv",
            "mod",
            "smod",
            "lt",
            "gt",
            "slt",
            "sgt",
            "eq",
            "and",
            "or",
            "xor",
            "byte",
            "shl",
            "shr",
            "sar",
            "signextend",
        ];
        match self.random.below(30) {
            0 => format!("iszero({a})"),
            1 => format!("not({a})"),
            2 => format!("mulmod({a}, {b}, {c})"),
            3 => format!("addmod({a}, {b}, {c})"),
            4 => format!("sload({})", self.random.below(4)),
            5 => format!("tload({})", self.random.below(4)),
            6 => format!("mload({})", self.near()),
            7 => format!("clz({a})"),
            8 if self.random.one_in(3) => format!("exp({a}, {b})"),
            9 => format!("and({a}, 0xffffffffffffffffffffffffffffffffffffffff)"),
            10 => format!("shr({}, {a})", self.random.below(260)),
            11 => format!("shl({}, {a})", self.random.below(260)),
            12 => format!("iszero(eq({a}, and({a}, 0xff)))"),
            _ => format!("{}({a}, {b})", TWO[self.random.below(TWO.len())]),
        }
    }
}
