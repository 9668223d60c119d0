//! Arithmetic, loads and stores.
use wasmparser::MemArg;

use super::operands::Source;
use super::{TranslationError, Translator};
use crate::wasm::code::{AddressMode, Op, word};

/// Whether the operands of an integer instruction are 32-bit.
fn is_32_bit(op: Op) -> bool {
    (op as u16) < Op::I64Add as u16
}

/// A constant operand as a 16-bit immediate that the interpreter sign-extends.
fn immediate(op: Op, value: u64) -> Option<u16> {
    let value = if is_32_bit(op) { i64::from(value as i32) } else { value as i64 };
    i16::try_from(value).ok().map(|small| small as u16)
}

impl Translator<'_> {
    /// d = op x
    pub(super) fn unary(&mut self, op: Op) -> Result<(), TranslationError> {
        let x = self.operands.pop()?;
        // `eqz` of a comparison is the opposite comparison.
        if op == Op::I32Eqz
            && let Some(last) = self.made_by_last(x)
            && let Some(first) = self.words.get(last.word).copied()
            && let Some((negated, swapped)) = Op::of(first).and_then(Op::negated)
        {
            use crate::wasm::code::{b, c};
            let (left, right) = if swapped { (c(first), b(first)) } else { (b(first), c(first)) };
            let d = self.operands.push_temp()?;
            self.words.truncate(last.word);
            self.push_defining(d, [word(negated, d, left, right)]);
            return Ok(());
        }
        let x = self.slot_of(x);
        let d = self.operands.push_temp()?;
        self.push_defining(d, [word(op, d, x, 0)]);
        Ok(())
    }

    /// d = x op y
    pub(super) fn binary(&mut self, op: Op) -> Result<(), TranslationError> {
        let y = self.operands.pop()?;
        let x = self.operands.pop()?;
        let (op_imm, slot_operand, imm) = match (x.source, y.source) {
            (Source::Const(_), Source::Const(_)) => (None, x, None),
            (_, Source::Const(value)) => match op {
                Op::I32Sub => {
                    (Some(Op::I32AddImm), x, immediate(op, u64::from((value as u32).wrapping_neg())))
                }
                Op::I64Sub => (Some(Op::I64AddImm), x, immediate(op, value.wrapping_neg())),
                _ => (op.with_immediate(), x, immediate(op, value)),
            },
            (Source::Const(value), _) => (op.with_immediate_left(), y, immediate(op, value)),
            _ => (None, x, None),
        };
        if let (Some(op), Some(imm)) = (op_imm, imm) {
            let slot = self.slot_of(slot_operand);
            let d = self.operands.push_temp()?;
            self.push_defining(d, [word(op, d, slot, imm)]);
            return Ok(());
        }
        let x = self.slot_of(x);
        let y = self.slot_of(y);
        let d = self.operands.push_temp()?;
        self.push_defining(d, [word(op, d, x, y)]);
        Ok(())
    }

    /// A comparison that stands for the one with its sides swapped: `x > y` is `y < x`.
    pub(super) fn binary_swapped(&mut self, op: Op) -> Result<(), TranslationError> {
        let y = self.operands.pop()?;
        let x = self.operands.pop()?;
        let swapped = match (x.source, y.source) {
            (Source::Const(_), Source::Const(_)) => None,
            (_, Source::Const(value)) => {
                op.with_immediate_left().zip(immediate(op, value)).map(|(op, imm)| (op, x, imm))
            }
            (Source::Const(value), _) => op.with_immediate().zip(immediate(op, value)).map(|(op, imm)| (op, y, imm)),
            _ => None,
        };
        if let Some((op, operand, imm)) = swapped {
            let slot = self.slot_of(operand);
            let d = self.operands.push_temp()?;
            self.push_defining(d, [word(op, d, slot, imm)]);
            return Ok(());
        }
        let x = self.slot_of(x);
        let y = self.slot_of(y);
        let d = self.operands.push_temp()?;
        self.push_defining(d, [word(op, d, y, x)]);
        Ok(())
    }

    /// `i32.wrap_i64`: no instruction; who reads the value reads its low half.
    pub(super) fn wrap(&mut self) -> Result<(), TranslationError> {
        let x = self.operands.pop()?;
        match x.source {
            Source::Const(value) => self.operands.push_const(u64::from(value as u32)),
            source => self.operands.push_source(source, true),
        }
    }

    /// `i64.extend_i32_u`: no instruction either, since slots hold 32-bit values zero-extended.
    pub(super) fn extend_unsigned(&mut self) -> Result<(), TranslationError> {
        let x = self.operands.pop()?;
        if x.wrapped {
            self.copy_to(x.home, x);
            self.operands.push_temp()?;
            return Ok(());
        }
        match x.source {
            Source::Const(value) => self.operands.push_const(u64::from(value as u32)),
            source => self.operands.push_source(source, false),
        }
    }

    pub(super) fn select(&mut self) -> Result<(), TranslationError> {
        let condition = self.operands.pop()?;
        let y = self.operands.pop()?;
        let x = self.operands.pop()?;
        let condition = self.slot_of(condition);
        // What leaves a select is read in full.
        let x = self.full_slot(x);
        let y = self.full_slot(y);
        let d = self.operands.push_temp()?;
        self.push_defining(d, [word(Op::Select, d, condition, 0), u64::from(x) | u64::from(y) << 16]);
        Ok(())
    }

    /// The slot of a value for an instruction that reads all 64 bits whatever the type.
    pub(super) fn full_slot(&mut self, value: super::operands::Operand) -> u16 {
        if value.wrapped {
            self.copy_to(value.home, value);
            return value.home;
        }
        self.slot_of(value)
    }

    /// There is a memory, and the offset is one of a 32-bit memory.
    fn check_memory(&self, memory: &MemArg) -> Result<(), TranslationError> {
        let valid = self.module.memory.is_some() && memory.offset <= u64::from(u32::MAX);
        if valid { Ok(()) } else { Err(TranslationError::Malformed) }
    }

    pub(super) fn load(&mut self, op: Op, memory: &MemArg) -> Result<(), TranslationError> {
        self.check_memory(memory)?;
        let address = self.operands.pop()?;
        if let Source::Const(value) = address.source {
            let at = u64::from(value as u32).saturating_add(memory.offset);
            let d = self.operands.push_temp()?;
            self.push_defining(d, [word(op.with_address_mode(AddressMode::At), d, 0, 0), at]);
            return Ok(());
        }
        let slot = self.slot_of(address);
        let d = self.operands.push_temp()?;
        match u16::try_from(memory.offset) {
            Ok(offset) => self.push_defining(d, [word(op, d, slot, offset)]),
            Err(_) => {
                self.push_defining(d, [word(op.with_address_mode(AddressMode::Wide), d, slot, 0), memory.offset]);
            }
        }
        Ok(())
    }

    pub(super) fn store(&mut self, op: Op, memory: &MemArg) -> Result<(), TranslationError> {
        self.check_memory(memory)?;
        let value = self.operands.pop()?;
        let address = self.operands.pop()?;
        if let Source::Const(base) = address.source {
            let at = u64::from(base as u32).saturating_add(memory.offset);
            let value = self.slot_of(value);
            self.push_word(word(op.with_address_mode(AddressMode::At), 0, value, 0));
            self.push_word(at);
            return Ok(());
        }
        let Ok(offset) = u16::try_from(memory.offset) else {
            let slot = self.slot_of(address);
            let value = self.slot_of(value);
            self.push_word(word(op.with_address_mode(AddressMode::Wide), slot, value, 0));
            self.push_word(memory.offset);
            return Ok(());
        };
        let slot = self.slot_of(address);
        // A narrow store takes the low bits; a constant counts as what its own width makes of it.
        let small = match value.source {
            Source::Const(bits) if op == Op::Store64 => i16::try_from(bits as i64).ok(),
            Source::Const(bits) => i16::try_from(bits as i32).ok(),
            _ => None,
        };
        if let (Some(small), Some(op)) = (small, op.store_immediate()) {
            self.push_word(word(op, slot, small as u16, offset));
            return Ok(());
        }
        let value = self.slot_of(value);
        self.push_word(word(op, slot, value, offset));
        Ok(())
    }
}
