//! Arithmetic, loads and stores.
use super::emit::Last;
use super::immediates::MemArg;
use super::operands::{Operand, Source, Value};
use super::{TranslationError, Translator};
use crate::wasm::code::instruction::Select;
use crate::wasm::code::{AddressMode, Computed, Gap, Op, Slot};

/// A constant operand as a 16-bit immediate that the interpreter sign-extends.
fn immediate(op: Op, value: u64) -> Option<i16> {
    let value = if op.reads_low_half() { i64::from(value as i32) } else { value as i64 };
    i16::try_from(value).ok()
}

/// The sum of a value and a constant, when no instruction is needed for it yet.
fn lazy_sum(op: Op, x: Value, y: Value) -> Option<Value> {
    let (value, constant) = match (op, x.source, y.source) {
        (Op::I32Add | Op::I32Sub, Source::Const(_), Source::Const(_)) => return None,
        (Op::I32Add, _, Source::Const(bits)) => (x, bits as i32),
        // A value in the slot of its own height would have to move.
        (Op::I32Add, Source::Const(bits), Source::Local(_)) => (y, bits as i32),
        (Op::I32Sub, _, Source::Const(bits)) => (x, (bits as i32).wrapping_neg()),
        _ => return None,
    };
    let addend = i16::try_from(constant.checked_add(i32::from(value.addend))?).ok()?;
    Some(Value { addend, ..value })
}

/// A load or store with another place of the address.
fn with_mode(op: Op, mode: AddressMode) -> Result<Op, TranslationError> {
    op.with_address_mode(mode).ok_or(TranslationError::Malformed)
}

impl Translator<'_> {
    /// d = op x
    pub(super) fn unary(&mut self, op: Op) -> Result<(), TranslationError> {
        let x = self.operands.pop()?;
        // `eqz` of a comparison is the opposite comparison.
        if op == Op::I32Eqz
            && let Some(last) = self.made_by_last(x)
            && let Some(first) = self.words.get(last.word).copied()
            && let Some(comparison) = Computed::of(first)
            && let Some((negated, swapped)) = comparison.op.negated()
        {
            let d = self.operands.push_temp()?;
            self.words.truncate(last.word);
            self.push_defining(d, comparison.negated(negated, swapped, d));
            return Ok(());
        }
        let x = self.slot_of(x);
        let d = self.operands.push_temp()?;
        self.push_defining(d, op.unary(d, x));
        Ok(())
    }

    /// d = x op y
    pub(super) fn binary(&mut self, op: Op) -> Result<(), TranslationError> {
        let mut y = self.operands.pop()?;
        let x = self.operands.pop()?;
        let op = match (op, &mut y.value.source) {
            // To the right is as far to the left as is left of the width.
            (Op::I32Rotr, Source::Const(bits)) => {
                *bits = bits.wrapping_neg() & 31;
                Op::I32Rotl
            }
            (Op::I64Rotr, Source::Const(bits)) => {
                *bits = bits.wrapping_neg() & 63;
                Op::I64Rotl
            }
            _ => op,
        };
        if let Some(sum) = lazy_sum(op, x.value, y.value) {
            return self.operands.push_value(sum);
        }
        let (op_imm, slot_operand, imm) = match (x.value.source, y.value.source) {
            (Source::Const(_), Source::Const(_)) => (None, x, None),
            (_, Source::Const(value)) => match op {
                Op::I32Sub => (
                    Some(Op::I32AddImm),
                    x,
                    immediate(op, u64::from((value as u32).wrapping_neg())),
                ),
                Op::I64Sub => (Some(Op::I64AddImm), x, immediate(op, value.wrapping_neg())),
                _ => (op.with_immediate(), x, immediate(op, value)),
            },
            (Source::Const(value), _) => (op.with_immediate_left(), y, immediate(op, value)),
            _ => (None, x, None),
        };
        if let (Some(op), Some(imm)) = (op_imm, imm) {
            if let Some(last) = self.made_by_last(slot_operand)
                && let Some(first) = self.words.get(last.word).copied()
                && let Some(first) = Computed::of(first)
                && let Some(both) = first.op.combined_with_immediate(op)
            {
                let d = self.replace_last(last)?;
                self.push_defining(d, both.shifted(d, first.x, first.y(), imm as u16));
                return Ok(());
            }
            let slot = self.slot_of(slot_operand);
            let d = self.operands.push_temp()?;
            self.push_defining(d, op.immediate(d, slot, imm));
            return Ok(());
        }
        let wide = match (x.value.source, y.value.source) {
            (Source::Const(_), Source::Const(_)) => None,
            (_, Source::Const(value)) => match op {
                Op::I32Sub => Some((Op::I32AddWide, x, u64::from((value as u32).wrapping_neg()))),
                Op::I64Sub => Some((Op::I64AddWide, x, value.wrapping_neg())),
                _ => op.with_wide_immediate().map(|op| (op, x, value)),
            },
            // All that have such a form are commutative.
            (Source::Const(value), _) => op.with_wide_immediate().map(|op| (op, y, value)),
            _ => None,
        };
        if let Some((op, operand, value)) = wide {
            let slot = self.slot_of(operand);
            let d = self.operands.push_temp()?;
            if op == Op::I64AndWide && value == u64::from(u32::MAX) {
                self.push_defining(d, Op::I32Wrap.unary(d, slot));
                return Ok(());
            }
            self.push_defining(d, op.wide_immediate(d, slot, value));
            return Ok(());
        }
        if self.combine(op, x, y)? {
            return Ok(());
        }
        let x = self.slot_of(x);
        let y = self.slot_of(y);
        let d = self.operands.push_temp()?;
        self.push_defining(d, op.binary(d, x, y));
        Ok(())
    }

    /// One instruction for the last one and this one, which uses its result.
    fn combine(&mut self, op: Op, x: Operand, y: Operand) -> Result<bool, TranslationError> {
        let (last, other) = match (self.made_by_last(x), self.made_by_last(y)) {
            (Some(last), _) => (last, y),
            (_, Some(last)) => (last, x),
            _ => return Ok(false),
        };
        // An instruction that puts the other operand into its slot could overwrite what the last
        // one read.
        let Value { source: Source::Temp(z) | Source::Local(z), wrapped: false, addend: 0 } =
            other.value
        else {
            return Ok(false);
        };
        let Some(first) = self.words.get(last.word).copied() else { return Ok(false) };
        let Some(first) = Computed::of(first) else { return Ok(false) };
        if let Some(both) = first.op.combined_with(op) {
            let d = self.replace_last(last)?;
            self.push_defining(d, both.ternary(d, first.x, first.y(), z));
        } else if let Some(both) = first.op.immediate_combined_with(op) {
            let d = self.replace_last(last)?;
            self.push_defining(d, both.shifted(d, first.x, z, first.imm() as u16));
        } else if (first.op, op) == (Op::I64XorImm, Op::I64And) && first.imm() == -1 {
            let d = self.replace_last(last)?;
            self.push_defining(d, Op::I64AndNot.binary(d, first.x, z));
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    /// Takes the last instruction away, for another that stands for it and more. Gives back the
    /// slot of the next operand, which that one is to write.
    fn replace_last(&mut self, last: Last) -> Result<Slot, TranslationError> {
        self.words.truncate(last.word);
        self.operands.push_temp()
    }

    /// A comparison that stands for the one with its sides swapped: `x > y` is `y < x`.
    pub(super) fn binary_swapped(&mut self, op: Op) -> Result<(), TranslationError> {
        let y = self.operands.pop()?;
        let x = self.operands.pop()?;
        let swapped = match (x.value.source, y.value.source) {
            (Source::Const(_), Source::Const(_)) => None,
            (_, Source::Const(value)) => {
                op.with_immediate_left().zip(immediate(op, value)).map(|(op, imm)| (op, x, imm))
            }
            (Source::Const(value), _) => {
                op.with_immediate().zip(immediate(op, value)).map(|(op, imm)| (op, y, imm))
            }
            _ => None,
        };
        if let Some((op, operand, imm)) = swapped {
            let slot = self.slot_of(operand);
            let d = self.operands.push_temp()?;
            self.push_defining(d, op.immediate(d, slot, imm));
            return Ok(());
        }
        let x = self.slot_of(x);
        let y = self.slot_of(y);
        let d = self.operands.push_temp()?;
        self.push_defining(d, op.binary(d, y, x));
        Ok(())
    }

    /// `i32.wrap_i64`: no instruction: readers of the value read its low half.
    pub(super) fn wrap(&mut self) -> Result<(), TranslationError> {
        let x = self.operands.pop()?;
        match x.value.source {
            Source::Const(value) => self.operands.push_const(u64::from(value as u32)),
            source => self.operands.push_value(Value { source, wrapped: true, addend: 0 }),
        }
    }

    /// `i64.extend_i32_u`: no instruction either, since slots hold 32-bit values zero-extended.
    pub(super) fn extend_unsigned(&mut self) -> Result<(), TranslationError> {
        let x = self.operands.pop()?;
        if !x.value.is_plain() {
            self.copy_to(x.home, x);
            self.operands.push_temp()?;
            return Ok(());
        }
        match x.value.source {
            Source::Const(value) => self.operands.push_const(u64::from(value as u32)),
            _ => self.operands.push_value(x.value),
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
        let select =
            Select { d: d.into(), condition: condition.into(), gap: Gap, x: x.into(), y: y.into() };
        self.push_defining(d, select.encode());
        Ok(())
    }

    /// The slot of a value for an instruction that reads all 64 bits whatever the type.
    pub(super) fn full_slot(&mut self, value: Operand) -> Slot {
        if !value.value.is_plain() {
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
        if let Source::Const(value) = address.value.source {
            let at = u64::from(value as u32).saturating_add(memory.offset);
            let d = self.operands.push_temp()?;
            self.push_defining(d, with_mode(op, AddressMode::At)?.load_at(d, at));
            return Ok(());
        }
        if memory.offset == 0 {
            if let Some(last) = self.made_by_last(address)
                && let Some(first) = self.words.get(last.word).copied()
                && let Some(sum) = Computed::of(first)
                && sum.op == Op::I32Add
            {
                let op = with_mode(op, AddressMode::Indexed)?;
                let d = self.replace_last(last)?;
                self.push_defining(d, op.load_indexed(d, sum.x, sum.y()));
                return Ok(());
            }
            if let Value { source: Source::Temp(slot) | Source::Local(slot), addend, .. } =
                address.value
                && addend != 0
            {
                let d = self.operands.push_temp()?;
                self.push_defining(d, with_mode(op, AddressMode::Sum)?.load_sum(d, slot, addend));
                return Ok(());
            }
        }
        let slot = self.slot_of(address);
        let d = self.operands.push_temp()?;
        match u16::try_from(memory.offset) {
            Ok(offset) => self.push_defining(d, op.load(d, slot, offset)),
            Err(_) => {
                let op = with_mode(op, AddressMode::Wide)?;
                self.push_defining(d, op.load_wide(d, slot, memory.offset));
            }
        }
        Ok(())
    }

    pub(super) fn store(&mut self, op: Op, memory: &MemArg) -> Result<(), TranslationError> {
        self.check_memory(memory)?;
        let value = self.operands.pop()?;
        let address = self.operands.pop()?;
        if let Source::Const(base) = address.value.source {
            let at = u64::from(base as u32).saturating_add(memory.offset);
            let value = self.slot_of(value);
            self.push(with_mode(op, AddressMode::At)?.store_at(value, at));
            return Ok(());
        }
        let Ok(offset) = u16::try_from(memory.offset) else {
            let slot = self.slot_of(address);
            let value = self.slot_of(value);
            self.push(with_mode(op, AddressMode::Wide)?.store_wide(slot, value, memory.offset));
            return Ok(());
        };
        if memory.offset == 0
            && let Value { source: Source::Temp(slot) | Source::Local(slot), addend, .. } =
                address.value
            && addend != 0
        {
            let value = self.slot_of(value);
            self.push(with_mode(op, AddressMode::Sum)?.store_sum(slot, value, addend));
            return Ok(());
        }
        let slot = self.slot_of(address);
        // A narrow store takes the low bits; a constant counts as what its own width makes of it.
        let small = match value.value.source {
            Source::Const(bits) if op == Op::Store64 => i16::try_from(bits as i64).ok(),
            Source::Const(bits) => i16::try_from(bits as i32).ok(),
            _ => None,
        };
        if let (Some(small), Some(op)) = (small, op.with_immediate()) {
            self.push(op.store_immediate(slot, small, offset));
            return Ok(());
        }
        let value = self.slot_of(value);
        self.push(op.store(slot, value, offset));
        Ok(())
    }
}
