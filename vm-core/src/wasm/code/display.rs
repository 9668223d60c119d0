//! Register code as text, for people.
use alloc::string::String;
use core::fmt::Write;

use super::{Code, Op};

impl Op {
    /// Words of an instruction with this opcode, the entries of a branch table not counted.
    pub fn words(self) -> usize {
        use Op::*;
        let number = self as u16;
        let within = |first: Op, last: Op| (first as u16..=last as u16).contains(&number);
        match self {
            ReturnCallIndirect | BrIfStepNez32 => 3,
            Const64 | Select | CallIndirect | ReturnCall | ReturnCallImport | MemoryInit
            | TableGrow | TableFill | TableCopy | TableInit => 2,
            _ if within(BrIfNez32, BrIfAddNez32)
                || within(I32AddWide, I64XorWide)
                || within(I32Add3, I64XorRotl) =>
            {
                2
            }
            _ if within(Load8UWide, I64Load32SAt) || within(Store8Wide, Store64At) => 2,
            _ => 1,
        }
    }
}

impl Code {
    /// A line for each instruction: its word, its opcode, its three fields, the words that follow.
    pub fn disassemble(&self) -> String {
        let mut text = String::new();
        let _ = writeln!(text, "; slots {} entry {} particles", self.frame_slots, self.entry_cost);
        let mut at = 0;
        while let Some(word) = self.words.get(at).copied() {
            let Some(op) = Op::of(word) else { break };
            let (a, b, c) = ((word >> 16) as u16, (word >> 32) as u16, (word >> 48) as u16);
            let _ = write!(text, "{at:5} {op:?} {a} {b} {c}");
            let entries = if op == Op::BrTable { (word >> 32) as usize + 1 } else { 0 };
            let next = at + op.words() + entries;
            for word in self.words.get(at + 1..next.min(self.words.len())).unwrap_or_default() {
                let _ = write!(text, " [{} {}]", *word as u32 as i32, word >> 32);
            }
            text.push('\n');
            at = next;
        }
        text
    }
}
