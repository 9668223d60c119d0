//! What the interpreter relies on in register code.
use alloc::vec;

use super::operand::{Access, Target};
use super::{Code, Effect, instructions};

impl Code {
    /// Whether the code keeps the rules that the interpreter relies on: every word belongs to an
    /// instruction, the last one never goes on behind itself, branches go to instructions, and
    /// slots lie in the frame.
    pub fn keeps_rules(&self) -> bool {
        let mut begins = vec![false; self.words.len()];
        let mut end = 0;
        let mut last = None;
        for (at, instruction, targets) in instructions(&self.words) {
            begins[at] = true;
            end = at + instruction.op().words() + targets.len();
            last = Some(instruction.op());
        }
        let begins = |at: usize, distance: i32| {
            let target = at.checked_add_signed(distance as isize);
            target.and_then(|target| begins.get(target)).copied().unwrap_or_default()
        };
        end == self.words.len()
            && last.is_some_and(|op| op.effects().has(Effect::Never))
            && instructions(&self.words).all(|(at, instruction, targets)| {
                let mut inside = true;
                instruction.slots(|access, slots| {
                    inside &= if access == Access::Frame {
                        slots.start <= self.frame_slots
                    } else {
                        slots.end <= self.frame_slots || slots.is_empty()
                    };
                });
                inside
                    && instruction.distance().is_none_or(|distance| begins(at, distance))
                    && targets.iter().all(|target| begins(at, Target(*target).distance()))
            })
    }
}
