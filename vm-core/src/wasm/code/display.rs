//! Register code as text, for people.
use alloc::string::String;
use core::fmt::Write;

use super::operand::Target;
use super::{Code, Instruction};

impl Code {
    /// A line for each instruction: its word, its opcode, and what it does. `r3` is slot 3, `w3`
    /// its low half.
    pub fn disassemble(&self) -> String {
        let mut text = String::new();
        let _ = writeln!(text, "; slots {} entry {} particles", self.frame_slots, self.entry_cost);
        for (at, instruction, targets) in instructions(&self.words) {
            let name = alloc::format!("{:?}", instruction.op());
            let _ = write!(text, "{at:5} {name:14} {instruction:?}");
            for target in targets {
                let _ = write!(text, ", {}", Target(*target));
            }
            text.push('\n');
        }
        text
    }
}

/// The instructions of register code, in the order in which they lie, up to the first word that is
/// none: the word at which each begins, the instruction, and the targets that follow it.
pub(crate) fn instructions(words: &[u64]) -> impl Iterator<Item = (usize, Instruction, &[u64])> {
    let mut at = 0;
    core::iter::from_fn(move || {
        let rest = words.get(at..)?;
        let instruction = Instruction::decode(rest)?;
        let words = instruction.op().words();
        let end = words + instruction.targets();
        let targets = rest.get(words..end)?;
        at += end;
        Some((at - end, instruction, targets))
    })
}
