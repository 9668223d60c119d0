//! One WebAssembly instruction at a time.
use super::control::ControlKind;
use super::immediates::{BlockType, BrTable, MemArg, skip, typed_select};
use super::table::{ENTRIES, Entry, PREFIXED_ENTRIES};
use super::{TranslationError, Translator};
use crate::wasm::FuncType;
use crate::wasm::binary::Reader;
use crate::wasm::code::{Op, word, word_wide};
use crate::wasm::instruction::{Action, Opcode, PREFIX};

/// Reads an opcode.
#[inline(always)]
pub(super) fn decode(reader: &mut Reader<'_>) -> Result<&'static Entry, TranslationError> {
    let opcode = reader.byte()?;
    let entry = if opcode == PREFIX {
        PREFIXED_ENTRIES.get(reader.u32()? as usize)
    } else {
        ENTRIES.get(usize::from(opcode))
    };
    entry.ok_or(TranslationError::Malformed)
}

impl Translator<'_> {
    /// What an instruction costs for the values that it moves, in particles: across the edge of a
    /// block, whichever way they take, or into a call. The reader is behind the opcode.
    pub(super) fn cost_of_values(
        &self,
        opcode: Opcode,
        mut reader: Reader<'_>,
    ) -> Result<u64, TranslationError> {
        let reader = &mut reader;
        let across = |values: usize| values as u64 * u64::from(self.costs.branch_value);
        let into = |ty: &FuncType| ty.params().len() as u64 * u64::from(self.costs.argument);
        Ok(match opcode {
            // The parameters enter.
            Opcode::Block | Opcode::Loop | Opcode::If => {
                across(self.block_type(BlockType::read(reader)?)?.0 as usize)
            }
            // The results leave.
            Opcode::Else | Opcode::End => {
                across(self.controls.last().map_or(0, |control| control.results) as usize)
            }
            Opcode::Br | Opcode::BrIf => across(self.label_values(reader.u32()?)? as usize),
            // All labels of a table carry as many: the first is asked.
            Opcode::BrTable => {
                reader.u32()?;
                across(self.label_values(reader.u32()?)? as usize)
            }
            Opcode::Return => across(self.results as usize),
            Opcode::Call | Opcode::ReturnCall => {
                into(self.module.func_type(reader.u32()?).ok_or(TranslationError::Malformed)?)
            }
            Opcode::CallIndirect | Opcode::ReturnCallIndirect => into(self.type_at(reader.u32()?)?),
            _ => 0,
        })
    }

    /// Translates an instruction in code that is reached.
    #[inline(always)]
    pub(super) fn operator(
        &mut self,
        entry: &Entry,
        reader: &mut Reader<'_>,
    ) -> Result<(), TranslationError> {
        match entry.action {
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
            Action::Other => reader.apart(|reader| self.other(entry.opcode, reader)),
            Action::Unknown => Err(TranslationError::Malformed),
        }
    }

    fn other(&mut self, opcode: Opcode, reader: &mut Reader<'_>) -> Result<(), TranslationError> {
        match opcode {
            Opcode::Unreachable => {
                self.push_word(word(Op::Unreachable, 0, 0, 0));
                self.become_unreachable();
                Ok(())
            }
            Opcode::Block => self.block(BlockType::read(reader)?),
            Opcode::Loop => self.loop_(BlockType::read(reader)?),
            Opcode::If => self.if_(BlockType::read(reader)?),
            Opcode::Else => self.else_(),
            Opcode::End => self.end(reader),
            Opcode::Br => self.br(reader.u32()?),
            Opcode::BrIf => self.br_if(reader.u32()?),
            Opcode::BrTable => self.br_table(&BrTable::read(reader)?),
            Opcode::Return => self.return_(),
            Opcode::Call => self.call(reader.u32()?),
            Opcode::CallIndirect => self.call_indirect(reader.u32()?, reader.u32()?),
            Opcode::ReturnCall => self.return_call(reader.u32()?),
            Opcode::ReturnCallIndirect => self.return_call_indirect(reader.u32()?, reader.u32()?),
            Opcode::Drop => self.operands.pop().map(drop),
            Opcode::Select => self.select(),
            Opcode::TypedSelect => {
                typed_select(reader)?;
                self.select()
            }
            Opcode::GlobalGet => self.global_get(reader.u32()?),
            Opcode::GlobalSet => self.global_set(reader.u32()?),
            Opcode::TableGet => self.table_get(reader.u32()?),
            Opcode::TableSet => self.table_set(reader.u32()?),
            Opcode::MemorySize => {
                self.memory_index(reader)?;
                self.memory_size()
            }
            Opcode::MemoryGrow => {
                self.memory_index(reader)?;
                self.memory_grow()
            }
            Opcode::F32Const => {
                self.operands.push_const(u32::from_le_bytes(reader.array()?).into())
            }
            Opcode::F64Const => self.operands.push_const(u64::from_le_bytes(reader.array()?)),
            Opcode::I32WrapI64 => self.wrap(),
            Opcode::I64ExtendI32U => self.extend_unsigned(),
            Opcode::RefNull => {
                reader.heap_type()?;
                self.operands.push_const(0)
            }
            Opcode::RefFunc => {
                let function = reader.u32()?;
                if function as usize >= self.module.funcs.len() {
                    return Err(TranslationError::Malformed);
                }
                let d = self.operands.push_temp()?;
                self.push_defining(d, [word_wide(Op::RefFunc, d, function)]);
                Ok(())
            }
            _ => self.range(opcode, reader),
        }
    }

    /// Instructions on ranges of memories and tables, and on segments.
    fn range(&mut self, opcode: Opcode, reader: &mut Reader<'_>) -> Result<(), TranslationError> {
        match opcode {
            Opcode::MemoryInit => {
                let data = reader.u32()?;
                self.memory_index(reader)?;
                self.bulk(Op::MemoryInit, self.has_data(data), Some(u64::from(data)))
            }
            Opcode::DataDrop => {
                let data = reader.u32()?;
                self.drop_segment(Op::DataDrop, data, self.has_data(data))
            }
            Opcode::MemoryCopy => {
                self.memory_index(reader)?;
                self.memory_index(reader)?;
                self.bulk(Op::MemoryCopy, true, None)
            }
            Opcode::MemoryFill => {
                self.memory_index(reader)?;
                self.bulk(Op::MemoryFill, true, None)
            }
            Opcode::TableInit => {
                let (elements, table) = (reader.u32()?, reader.u32()?);
                let valid = self.has_table(table) && self.has_elements(elements);
                self.bulk(Op::TableInit, valid, Some(u64::from(table) | u64::from(elements) << 32))
            }
            Opcode::ElemDrop => {
                let elements = reader.u32()?;
                self.drop_segment(Op::ElemDrop, elements, self.has_elements(elements))
            }
            Opcode::TableCopy => {
                let (to, from) = (reader.u32()?, reader.u32()?);
                let valid = self.has_table(to) && self.has_table(from);
                self.bulk(Op::TableCopy, valid, Some(u64::from(to) | u64::from(from) << 32))
            }
            Opcode::TableGrow => self.table_grow(reader.u32()?),
            Opcode::TableSize => {
                let table = reader.u32()?;
                self.check_table(table)?;
                let d = self.operands.push_temp()?;
                self.push_defining(d, [word_wide(Op::TableSize, d, table)]);
                Ok(())
            }
            Opcode::TableFill => {
                let table = reader.u32()?;
                self.bulk(Op::TableFill, self.has_table(table), Some(u64::from(table)))
            }
            _ => Err(TranslationError::Malformed),
        }
    }

    /// An instruction in code that is never reached: only blocks count.
    pub(super) fn unreachable_operator(
        &mut self,
        entry: &Entry,
        reader: &mut Reader<'_>,
    ) -> Result<(), TranslationError> {
        match entry.opcode {
            _ if matches!(entry.action, Action::Unknown) => {
                return Err(TranslationError::Malformed);
            }
            Opcode::Block => self.dead_block(ControlKind::Block, BlockType::read(reader)?),
            Opcode::Loop => self.dead_block(ControlKind::Loop, BlockType::read(reader)?),
            Opcode::If => self.dead_block(ControlKind::If, BlockType::read(reader)?),
            Opcode::Else => self.else_()?,
            Opcode::End => self.end(reader)?,
            opcode => skip(opcode.immediates(), reader)?,
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
