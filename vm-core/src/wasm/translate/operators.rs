//! One WebAssembly instruction at a time.
use super::control::ControlKind;
use super::immediates::{BlockType, BrTable, MemArg};
use super::table::{Action, INSTRUCTIONS, Instruction, MISC, MISC_PREFIX};
use super::{TranslationError, Translator};
use crate::wasm::FuncType;
use crate::wasm::binary::Reader;
use crate::wasm::code::{Op, word, word_wide};

/// Added to a second opcode.
const SECOND: u32 = 0x100;

/// Reads an opcode: the instruction, and its number, in which second opcodes stand above
/// [`SECOND`].
#[inline(always)]
pub(super) fn decode(reader: &mut Reader<'_>) -> Result<(Instruction, u32), TranslationError> {
    let opcode = reader.byte()?;
    if opcode == MISC_PREFIX {
        let second = reader.u32()?;
        let instruction = MISC.get(second as usize).ok_or(TranslationError::Malformed)?;
        return Ok((*instruction, second + SECOND));
    }
    let instruction = INSTRUCTIONS.get(usize::from(opcode)).ok_or(TranslationError::Malformed)?;
    Ok((*instruction, opcode.into()))
}

impl Translator<'_> {
    /// What an instruction costs for the values that it moves, in particles: across the edge of a
    /// block, whichever way they take, or into a call. The reader is behind the opcode.
    pub(super) fn cost_of_values(
        &self,
        number: u32,
        mut reader: Reader<'_>,
    ) -> Result<u64, TranslationError> {
        let reader = &mut reader;
        let across = |values: usize| values as u64 * u64::from(self.costs.branch_value);
        let into = |ty: &FuncType| ty.params().len() as u64 * u64::from(self.costs.argument);
        Ok(match number {
            // block, loop, if: the parameters enter.
            0x02..=0x04 => across(self.block_type(BlockType::read(reader)?)?.0 as usize),
            // else, end: the results leave.
            0x05 | 0x0b => {
                across(self.controls.last().map_or(0, |control| control.results) as usize)
            }
            0x0c | 0x0d => across(self.label_values(reader.u32()?)? as usize),
            // All labels of a table carry as many: the first is asked.
            0x0e => {
                reader.u32()?;
                across(self.label_values(reader.u32()?)? as usize)
            }
            0x0f => across(self.results as usize),
            0x10 | 0x12 => {
                into(self.module.func_type(reader.u32()?).ok_or(TranslationError::Malformed)?)
            }
            0x11 | 0x13 => into(self.type_at(reader.u32()?)?),
            _ => 0,
        })
    }

    /// Translates an instruction in code that is reached.
    #[inline(always)]
    pub(super) fn operator(
        &mut self,
        action: Action,
        number: u32,
        reader: &mut Reader<'_>,
    ) -> Result<(), TranslationError> {
        match action {
            Action::Unary(op) => self.unary(op),
            Action::Binary(op) => self.binary(op),
            Action::Swapped(op) => self.binary_swapped(op),
            Action::Load(op) => self.load(op, &MemArg::read(reader)?),
            Action::Store(op) => self.store(op, &MemArg::read(reader)?),
            Action::LocalGet => self.local_get(reader.u32()?),
            Action::LocalSet => {
                let local = reader.u32()?;
                let value = self.operands.pop()?;
                self.write_local(local, value)
            }
            Action::LocalTee => self.local_tee(reader.u32()?),
            Action::I32Const => self.operands.push_const(u64::from(reader.i32()? as u32)),
            Action::I64Const => self.operands.push_const(reader.i64()? as u64),
            Action::Nothing => Ok(()),
            Action::Other => reader.apart(|reader| self.other(number, reader)),
            Action::Unknown => Err(TranslationError::Malformed),
        }
    }

    fn other(&mut self, number: u32, reader: &mut Reader<'_>) -> Result<(), TranslationError> {
        match number {
            0x00 => {
                self.push_word(word(Op::Unreachable, 0, 0, 0));
                self.become_unreachable();
                Ok(())
            }
            0x02 => self.block(BlockType::read(reader)?),
            0x03 => self.loop_(BlockType::read(reader)?),
            0x04 => self.if_(BlockType::read(reader)?),
            0x05 => self.else_(),
            0x0b => self.end(reader),
            0x0c => self.br(reader.u32()?),
            0x0d => self.br_if(reader.u32()?),
            0x0e => self.br_table(&BrTable::read(reader)?),
            0x0f => self.return_(),
            0x10 => self.call(reader.u32()?),
            0x11 => self.call_indirect(reader.u32()?, reader.u32()?),
            0x12 => self.return_call(reader.u32()?),
            0x13 => self.return_call_indirect(reader.u32()?, reader.u32()?),
            0x1a => self.operands.pop().map(drop),
            0x1b => self.select(),
            0x1c => {
                typed_select(reader)?;
                self.select()
            }
            0x23 => self.global_get(reader.u32()?),
            0x24 => self.global_set(reader.u32()?),
            0x25 => self.table_get(reader.u32()?),
            0x26 => self.table_set(reader.u32()?),
            0x3f => {
                self.memory_index(reader)?;
                self.memory_size()
            }
            0x40 => {
                self.memory_index(reader)?;
                self.memory_grow()
            }
            0x43 => self.operands.push_const(u32::from_le_bytes(reader.array()?).into()),
            0x44 => self.operands.push_const(u64::from_le_bytes(reader.array()?)),
            0xa7 => self.wrap(),
            0xad => self.extend_unsigned(),
            0xd0 => {
                reader.heap_type()?;
                self.operands.push_const(0)
            }
            0xd2 => {
                let function = reader.u32()?;
                if function as usize >= self.module.funcs.len() {
                    return Err(TranslationError::Malformed);
                }
                let d = self.operands.push_temp()?;
                self.push_defining(d, [word_wide(Op::RefFunc, d, function)]);
                Ok(())
            }
            _ => self.misc(number.wrapping_sub(SECOND), reader),
        }
    }

    /// Instructions with a second opcode that are not on floats.
    fn misc(&mut self, second: u32, reader: &mut Reader<'_>) -> Result<(), TranslationError> {
        match second {
            8 => {
                let data = reader.u32()?;
                self.memory_index(reader)?;
                self.bulk(Op::MemoryInit, self.has_data(data), Some(u64::from(data)))
            }
            9 => {
                let data = reader.u32()?;
                self.drop_segment(Op::DataDrop, data, self.has_data(data))
            }
            10 => {
                self.memory_index(reader)?;
                self.memory_index(reader)?;
                self.bulk(Op::MemoryCopy, true, None)
            }
            11 => {
                self.memory_index(reader)?;
                self.bulk(Op::MemoryFill, true, None)
            }
            12 => {
                let (elements, table) = (reader.u32()?, reader.u32()?);
                let valid = self.has_table(table) && self.has_elements(elements);
                self.bulk(Op::TableInit, valid, Some(u64::from(table) | u64::from(elements) << 32))
            }
            13 => {
                let elements = reader.u32()?;
                self.drop_segment(Op::ElemDrop, elements, self.has_elements(elements))
            }
            14 => {
                let (to, from) = (reader.u32()?, reader.u32()?);
                let valid = self.has_table(to) && self.has_table(from);
                self.bulk(Op::TableCopy, valid, Some(u64::from(to) | u64::from(from) << 32))
            }
            15 => self.table_grow(reader.u32()?),
            16 => {
                let table = reader.u32()?;
                self.check_table(table)?;
                let d = self.operands.push_temp()?;
                self.push_defining(d, [word_wide(Op::TableSize, d, table)]);
                Ok(())
            }
            17 => {
                let table = reader.u32()?;
                self.bulk(Op::TableFill, self.has_table(table), Some(u64::from(table)))
            }
            _ => Err(TranslationError::Malformed),
        }
    }

    /// An instruction in code that is never reached: only blocks count.
    pub(super) fn unreachable_operator(
        &mut self,
        action: Action,
        number: u32,
        reader: &mut Reader<'_>,
    ) -> Result<(), TranslationError> {
        match action {
            Action::Unary(_) | Action::Binary(_) | Action::Swapped(_) | Action::Nothing => {}
            Action::Load(_) | Action::Store(_) => drop(MemArg::read(reader)?),
            Action::LocalGet | Action::LocalSet | Action::LocalTee => drop(reader.u32()?),
            Action::I32Const => drop(reader.i32()?),
            Action::I64Const => drop(reader.i64()?),
            Action::Unknown => return Err(TranslationError::Malformed),
            Action::Other => match number {
                0x02 => self.dead_block(ControlKind::Block, BlockType::read(reader)?),
                0x03 => self.dead_block(ControlKind::Loop, BlockType::read(reader)?),
                0x04 => self.dead_block(ControlKind::If, BlockType::read(reader)?),
                0x05 => self.else_()?,
                0x0b => self.end(reader)?,
                0x0e => drop(BrTable::read(reader)?),
                0x0c | 0x0d | 0x10 | 0x12 | 0x23..=0x26 | 0xd2 => drop(reader.u32()?),
                0x1c => typed_select(reader)?,
                0x3f | 0x40 | 0xd0 => drop(reader.byte()?),
                0x43 => drop(reader.array::<4>()?),
                0x44 => drop(reader.array::<8>()?),
                // Of the second opcodes those with two numbers: memory.init, memory.copy,
                // table.init, table.copy.
                0x11 | 0x13 | 0x108 | 0x10a | 0x10c | 0x10e => drop((reader.u32()?, reader.u32()?)),
                SECOND.. => drop(reader.u32()?),
                // unreachable, return, drop, select, wrapping and extension.
                _ => {}
            },
        }
        Ok(())
    }

    /// Reads the number of the memory, which there is one of.
    fn memory_index(&self, reader: &mut Reader<'_>) -> Result<(), TranslationError> {
        let valid = reader.u32()? == 0 && self.module.memory.is_some();
        if valid { Ok(()) } else { Err(TranslationError::Malformed) }
    }

    fn local_get(&mut self, local: u32) -> Result<(), TranslationError> {
        if local >= self.operands.locals() {
            return Err(TranslationError::Malformed);
        }
        self.operands.push_local(local)
    }

    fn local_tee(&mut self, local: u32) -> Result<(), TranslationError> {
        use super::operands::Source;
        let value = self.operands.pop()?;
        self.write_local(local, value)?;
        match value.value.source {
            Source::Const(bits) => self.operands.push_const(bits),
            _ => self.operands.push_local(local),
        }
    }

    /// Opcode and number of a global.
    fn global(&self, index: u32, own: Op, imported: Op) -> Result<(Op, u32), TranslationError> {
        if index as usize >= self.module.globals.len() {
            return Err(TranslationError::Malformed);
        }
        Ok(match index.checked_sub(self.module.imported_globals) {
            Some(number) => (own, number),
            None => (imported, index),
        })
    }

    fn global_get(&mut self, index: u32) -> Result<(), TranslationError> {
        let (op, number) = self.global(index, Op::GlobalGet, Op::GlobalGetImported)?;
        let d = self.operands.push_temp()?;
        self.push_defining(d, [word_wide(op, d, number)]);
        Ok(())
    }

    fn global_set(&mut self, index: u32) -> Result<(), TranslationError> {
        let (op, number) = self.global(index, Op::GlobalSet, Op::GlobalSetImported)?;
        let value = self.operands.pop()?;
        let slot = self.full_slot(value);
        self.push_word(word_wide(op, slot, number));
        Ok(())
    }

    fn has_data(&self, index: u32) -> bool {
        (index as usize) < self.module.data.len()
    }

    fn has_elements(&self, index: u32) -> bool {
        (index as usize) < self.module.elements.len()
    }

    /// Tables are addressed with 16 bits.
    fn has_table(&self, index: u32) -> bool {
        (index as usize) < self.module.tables.len() && index <= u32::from(u16::MAX)
    }

    fn check_table(&self, index: u32) -> Result<(), TranslationError> {
        if self.has_table(index) { Ok(()) } else { Err(TranslationError::Malformed) }
    }

    fn memory_size(&mut self) -> Result<(), TranslationError> {
        let d = self.operands.push_temp()?;
        self.push_defining(d, [word(Op::MemorySize, d, 0, 0)]);
        Ok(())
    }

    fn memory_grow(&mut self) -> Result<(), TranslationError> {
        self.unary(Op::MemoryGrow)
    }

    /// An instruction on three operands without a result.
    fn bulk(&mut self, op: Op, valid: bool, second: Option<u64>) -> Result<(), TranslationError> {
        if !valid {
            return Err(TranslationError::Malformed);
        }
        let z = self.operands.pop()?;
        let y = self.operands.pop()?;
        let x = self.operands.pop()?;
        let x = self.slot_of(x);
        // The value of `table.fill` is a reference, which is never the low half of anything.
        let y = self.slot_of(y);
        let z = self.slot_of(z);
        self.push_word(word(op, x, y, z));
        if let Some(second) = second {
            self.push_word(second);
        }
        Ok(())
    }

    fn drop_segment(&mut self, op: Op, segment: u32, valid: bool) -> Result<(), TranslationError> {
        if !valid {
            return Err(TranslationError::Malformed);
        }
        self.push_word(word_wide(op, 0, segment));
        Ok(())
    }

    fn table_get(&mut self, table: u32) -> Result<(), TranslationError> {
        self.check_table(table)?;
        let element = self.operands.pop()?;
        let element = self.slot_of(element);
        let d = self.operands.push_temp()?;
        self.push_defining(d, [word(Op::TableGet, d, element, table as u16)]);
        Ok(())
    }

    fn table_set(&mut self, table: u32) -> Result<(), TranslationError> {
        self.check_table(table)?;
        let value = self.operands.pop()?;
        let element = self.operands.pop()?;
        let element = self.slot_of(element);
        let value = self.slot_of(value);
        self.push_word(word(Op::TableSet, element, value, table as u16));
        Ok(())
    }

    fn table_grow(&mut self, table: u32) -> Result<(), TranslationError> {
        self.check_table(table)?;
        let count = self.operands.pop()?;
        let value = self.operands.pop()?;
        let value = self.slot_of(value);
        let count = self.slot_of(count);
        let d = self.operands.push_temp()?;
        self.push_defining(d, [word(Op::TableGrow, d, value, count), u64::from(table)]);
        Ok(())
    }
}

/// Reads the type of a `select`, of which there is one. Which it is does not matter.
fn typed_select(reader: &mut Reader<'_>) -> Result<(), TranslationError> {
    if reader.u32()? != 1 {
        return Err(TranslationError::Malformed);
    }
    reader.val_type()?;
    Ok(())
}
