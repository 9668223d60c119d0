//! One WebAssembly instruction at a time.
use super::control::ControlKind;
use super::immediates::{BlockType, BrTable, MemArg, skip, typed_select};
use super::table::{ENTRIES, Entry, PREFIXED_ENTRIES};
use super::{TranslationError, Translator};
use crate::wasm::FuncType;
use crate::wasm::binary::Reader;
use crate::wasm::code::instruction::{
    DataDrop, ElemDrop, GlobalGet, GlobalGetImported, GlobalSet, GlobalSetImported, MemoryCopy,
    MemoryFill, MemoryInit, MemorySize, RefFunc, TableCopy, TableFill, TableGet, TableGrow,
    TableInit, TableSet, TableSize, Unreachable,
};
use crate::wasm::code::{Op, Slot};
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
    #[inline(never)]
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
                self.push(Unreachable {}.encode());
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
                self.push_defining(d, RefFunc { d: d.into(), function }.encode());
                Ok(())
            }
            _ => self.range(opcode, reader),
        }
    }

    /// Instructions on ranges of memories and tables, and on segments.
    fn range(&mut self, opcode: Opcode, reader: &mut Reader<'_>) -> Result<(), TranslationError> {
        match opcode {
            Opcode::MemoryInit => {
                let segment = reader.u32()?;
                self.memory_index(reader)?;
                self.bulk(self.has_data(segment), |dest, source, count| {
                    let (dest, source, count) = (dest.into(), source.into(), count.into());
                    MemoryInit { dest, source, count, segment }.encode()
                })
            }
            Opcode::DataDrop => {
                let segment = reader.u32()?;
                self.drop_segment(self.has_data(segment), DataDrop { segment }.encode())
            }
            Opcode::MemoryCopy => {
                self.memory_index(reader)?;
                self.memory_index(reader)?;
                self.bulk(true, |dest, source, count| {
                    let (dest, source, count) = (dest.into(), source.into(), count.into());
                    MemoryCopy { dest, source, count }.encode()
                })
            }
            Opcode::MemoryFill => {
                self.memory_index(reader)?;
                self.bulk(true, |dest, value, count| {
                    let (dest, value, count) = (dest.into(), value.into(), count.into());
                    MemoryFill { dest, value, count }.encode()
                })
            }
            Opcode::TableInit => {
                let (segment, table) = (reader.u32()?, reader.u32()?);
                let valid = self.has_table(table) && self.has_elements(segment);
                self.bulk(valid, |dest, source, count| {
                    let (dest, source, count) = (dest.into(), source.into(), count.into());
                    TableInit { dest, source, count, table, segment }.encode()
                })
            }
            Opcode::ElemDrop => {
                let segment = reader.u32()?;
                self.drop_segment(self.has_elements(segment), ElemDrop { segment }.encode())
            }
            Opcode::TableCopy => {
                let (table, source_table) = (reader.u32()?, reader.u32()?);
                let valid = self.has_table(table) && self.has_table(source_table);
                self.bulk(valid, |dest, source, count| {
                    let (dest, source, count) = (dest.into(), source.into(), count.into());
                    TableCopy { dest, source, count, table, source_table }.encode()
                })
            }
            Opcode::TableGrow => self.table_grow(reader.u32()?),
            Opcode::TableSize => {
                let table = reader.u32()?;
                self.check_table(table)?;
                let d = self.operands.push_temp()?;
                self.push_defining(d, TableSize { d: d.into(), table }.encode());
                Ok(())
            }
            Opcode::TableFill => {
                let table = reader.u32()?;
                self.bulk(self.has_table(table), |dest, value, count| {
                    let (dest, value, count) = (dest.into(), value.into(), count.into());
                    TableFill { dest, value, count, table }.encode()
                })
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

    fn check_global(&self, index: u32) -> Result<(), TranslationError> {
        let valid = (index as usize) < self.module.globals.len();
        if valid { Ok(()) } else { Err(TranslationError::Malformed) }
    }

    fn global_get(&mut self, index: u32) -> Result<(), TranslationError> {
        self.check_global(index)?;
        let slot = self.operands.push_temp()?;
        let d = slot.into();
        let words = match index.checked_sub(self.module.imported_globals) {
            Some(global) => GlobalGet { d, global }.encode(),
            None => GlobalGetImported { d, global: index }.encode(),
        };
        self.push_defining(slot, words);
        Ok(())
    }

    fn global_set(&mut self, index: u32) -> Result<(), TranslationError> {
        self.check_global(index)?;
        let value = self.operands.pop()?;
        let x = self.full_slot(value).into();
        self.push(match index.checked_sub(self.module.imported_globals) {
            Some(global) => GlobalSet { x, global }.encode(),
            None => GlobalSetImported { x, global: index }.encode(),
        });
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
        self.push_defining(d, MemorySize { d: d.into() }.encode());
        Ok(())
    }

    fn memory_grow(&mut self) -> Result<(), TranslationError> {
        self.unary(Op::MemoryGrow)
    }

    /// An instruction on three operands without a result, if what it names is there.
    fn bulk<const N: usize>(
        &mut self,
        valid: bool,
        encode: impl FnOnce(Slot, Slot, Slot) -> [u64; N],
    ) -> Result<(), TranslationError> {
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
        self.push(encode(x, y, z));
        Ok(())
    }

    fn drop_segment(&mut self, valid: bool, words: [u64; 1]) -> Result<(), TranslationError> {
        if !valid {
            return Err(TranslationError::Malformed);
        }
        self.push(words);
        Ok(())
    }

    fn table_get(&mut self, table: u32) -> Result<(), TranslationError> {
        self.check_table(table)?;
        let element = self.operands.pop()?;
        let element = self.slot_of(element).into();
        let d = self.operands.push_temp()?;
        let get = TableGet { d: d.into(), element, table: table as u16 };
        self.push_defining(d, get.encode());
        Ok(())
    }

    fn table_set(&mut self, table: u32) -> Result<(), TranslationError> {
        self.check_table(table)?;
        let value = self.operands.pop()?;
        let element = self.operands.pop()?;
        let element = self.slot_of(element).into();
        let value = self.slot_of(value).into();
        self.push(TableSet { element, value, table: table as u16 }.encode());
        Ok(())
    }

    fn table_grow(&mut self, table: u32) -> Result<(), TranslationError> {
        self.check_table(table)?;
        let count = self.operands.pop()?;
        let value = self.operands.pop()?;
        let value = self.slot_of(value).into();
        let count = self.slot_of(count).into();
        let d = self.operands.push_temp()?;
        self.push_defining(d, TableGrow { d: d.into(), value, count, table }.encode());
        Ok(())
    }
}
