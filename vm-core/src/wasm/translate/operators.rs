//! One WebAssembly operator at a time.
use wasmparser::{Operator, OperatorsReader};

use super::{TranslationError, Translator};
use crate::wasm::code::{Op, word, word_wide};

impl Translator<'_> {
    /// Translates an operator in code that is reached.
    pub(super) fn operator(
        &mut self,
        operator: Operator<'_>,
        reader: &OperatorsReader<'_>,
    ) -> Result<(), TranslationError> {
        use Operator as O;
        match operator {
            O::Unreachable => {
                self.push_word(word(Op::Unreachable, 0, 0, 0));
                self.become_unreachable();
                Ok(())
            }
            O::Nop => Ok(()),
            O::Block { blockty } => self.block(blockty),
            O::Loop { blockty } => self.loop_(blockty),
            O::If { blockty } => self.if_(blockty),
            O::Else => self.else_(),
            O::End => self.end(reader),
            O::Br { relative_depth } => self.br(relative_depth),
            O::BrIf { relative_depth } => self.br_if(relative_depth),
            O::BrTable { targets } => self.br_table(&targets),
            O::Return => self.return_(),
            O::Call { function_index } => self.call(function_index),
            O::CallIndirect { type_index, table_index } => self.call_indirect(type_index, table_index),
            O::ReturnCall { function_index } => self.return_call(function_index),
            O::ReturnCallIndirect { type_index, table_index } => self.return_call_indirect(type_index, table_index),

            O::Drop => self.operands.pop().map(drop),
            O::Select | O::TypedSelect { .. } => self.select(),
            O::LocalGet { local_index } => self.local_get(local_index),
            O::LocalSet { local_index } => {
                let value = self.operands.pop()?;
                self.write_local(local_index, value)
            }
            O::LocalTee { local_index } => self.local_tee(local_index),
            O::GlobalGet { global_index } => self.global_get(global_index),
            O::GlobalSet { global_index } => self.global_set(global_index),
            O::I32Const { value } => self.operands.push_const(u64::from(value as u32)),
            O::I64Const { value } => self.operands.push_const(value as u64),
            O::F32Const { value } => self.operands.push_const(u64::from(value.bits())),
            O::F64Const { value } => self.operands.push_const(value.bits()),
            O::RefNull { .. } => self.operands.push_const(0),
            O::RefIsNull => self.unary(Op::I64Eqz),
            O::RefFunc { function_index } => {
                if function_index as usize >= self.module.funcs.len() {
                    return Err(TranslationError::Malformed);
                }
                let d = self.operands.push_temp()?;
                self.push_defining(d, [word_wide(Op::RefFunc, d, function_index)]);
                Ok(())
            }
            O::I32WrapI64 => self.wrap(),
            O::I64ExtendI32U => self.extend_unsigned(),
            // Slots hold bits.
            O::I32ReinterpretF32 | O::I64ReinterpretF64 | O::F32ReinterpretI32 | O::F64ReinterpretI64 => Ok(()),

            O::I32Load { memarg } => self.load(Op::Load32, &memarg),
            O::I64Load { memarg } => self.load(Op::Load64, &memarg),
            O::F32Load { memarg } => self.load(Op::Load32, &memarg),
            O::F64Load { memarg } => self.load(Op::Load64, &memarg),
            O::I32Load8S { memarg } => self.load(Op::I32Load8S, &memarg),
            O::I32Load8U { memarg } => self.load(Op::Load8U, &memarg),
            O::I32Load16S { memarg } => self.load(Op::I32Load16S, &memarg),
            O::I32Load16U { memarg } => self.load(Op::Load16U, &memarg),
            O::I64Load8S { memarg } => self.load(Op::I64Load8S, &memarg),
            O::I64Load8U { memarg } => self.load(Op::Load8U, &memarg),
            O::I64Load16S { memarg } => self.load(Op::I64Load16S, &memarg),
            O::I64Load16U { memarg } => self.load(Op::Load16U, &memarg),
            O::I64Load32S { memarg } => self.load(Op::I64Load32S, &memarg),
            O::I64Load32U { memarg } => self.load(Op::Load32, &memarg),
            O::I32Store { memarg } => self.store(Op::Store32, &memarg),
            O::I64Store { memarg } => self.store(Op::Store64, &memarg),
            O::F32Store { memarg } => self.store(Op::Store32, &memarg),
            O::F64Store { memarg } => self.store(Op::Store64, &memarg),
            O::I32Store8 { memarg } => self.store(Op::Store8, &memarg),
            O::I32Store16 { memarg } => self.store(Op::Store16, &memarg),
            O::I64Store8 { memarg } => self.store(Op::Store8, &memarg),
            O::I64Store16 { memarg } => self.store(Op::Store16, &memarg),
            O::I64Store32 { memarg } => self.store(Op::Store32, &memarg),
            O::MemorySize { .. } => self.memory_size(),
            O::MemoryGrow { .. } => self.memory_grow(),
            O::MemoryFill { .. } => self.bulk(Op::MemoryFill, self.module.memory.is_some(), None),
            O::MemoryCopy { .. } => self.bulk(Op::MemoryCopy, self.module.memory.is_some(), None),
            O::MemoryInit { data_index, .. } => {
                let valid = self.module.memory.is_some() && self.has_data(data_index);
                self.bulk(Op::MemoryInit, valid, Some(u64::from(data_index)))
            }
            O::DataDrop { data_index } => self.drop_segment(Op::DataDrop, data_index, self.has_data(data_index)),
            O::TableGet { table } => self.table_get(table),
            O::TableSet { table } => self.table_set(table),
            O::TableSize { table } => {
                self.check_table(table)?;
                let d = self.operands.push_temp()?;
                self.push_defining(d, [word_wide(Op::TableSize, d, table)]);
                Ok(())
            }
            O::TableGrow { table } => self.table_grow(table),
            O::TableFill { table } => self.bulk(Op::TableFill, self.has_table(table), Some(u64::from(table))),
            O::TableCopy { dst_table, src_table } => {
                let valid = self.has_table(dst_table) && self.has_table(src_table);
                self.bulk(Op::TableCopy, valid, Some(u64::from(dst_table) | u64::from(src_table) << 32))
            }
            O::TableInit { elem_index, table } => {
                let valid = self.has_table(table) && self.has_elements(elem_index);
                self.bulk(Op::TableInit, valid, Some(u64::from(table) | u64::from(elem_index) << 32))
            }
            O::ElemDrop { elem_index } => self.drop_segment(Op::ElemDrop, elem_index, self.has_elements(elem_index)),

            O::I32Add => self.binary(Op::I32Add),
            O::I32Sub => self.binary(Op::I32Sub),
            O::I32Mul => self.binary(Op::I32Mul),
            O::I32And => self.binary(Op::I32And),
            O::I32Or => self.binary(Op::I32Or),
            O::I32Xor => self.binary(Op::I32Xor),
            O::I32Shl => self.binary(Op::I32Shl),
            O::I32ShrS => self.binary(Op::I32ShrS),
            O::I32ShrU => self.binary(Op::I32ShrU),
            O::I32Rotl => self.binary(Op::I32Rotl),
            O::I32Rotr => self.binary(Op::I32Rotr),
            O::I32DivS => self.binary(Op::I32DivS),
            O::I32DivU => self.binary(Op::I32DivU),
            O::I32RemS => self.binary(Op::I32RemS),
            O::I32RemU => self.binary(Op::I32RemU),
            O::I32Eq => self.binary(Op::I32Eq),
            O::I32Ne => self.binary(Op::I32Ne),
            O::I32LtS => self.binary(Op::I32LtS),
            O::I32LtU => self.binary(Op::I32LtU),
            O::I32LeS => self.binary(Op::I32LeS),
            O::I32LeU => self.binary(Op::I32LeU),
            O::I32GtS => self.binary_swapped(Op::I32LtS),
            O::I32GtU => self.binary_swapped(Op::I32LtU),
            O::I32GeS => self.binary_swapped(Op::I32LeS),
            O::I32GeU => self.binary_swapped(Op::I32LeU),
            O::I32Eqz => self.unary(Op::I32Eqz),
            O::I32Clz => self.unary(Op::I32Clz),
            O::I32Ctz => self.unary(Op::I32Ctz),
            O::I32Popcnt => self.unary(Op::I32Popcnt),
            O::I32Extend8S => self.unary(Op::I32Extend8S),
            O::I32Extend16S => self.unary(Op::I32Extend16S),
            O::I64Add => self.binary(Op::I64Add),
            O::I64Sub => self.binary(Op::I64Sub),
            O::I64Mul => self.binary(Op::I64Mul),
            O::I64And => self.binary(Op::I64And),
            O::I64Or => self.binary(Op::I64Or),
            O::I64Xor => self.binary(Op::I64Xor),
            O::I64Shl => self.binary(Op::I64Shl),
            O::I64ShrS => self.binary(Op::I64ShrS),
            O::I64ShrU => self.binary(Op::I64ShrU),
            O::I64Rotl => self.binary(Op::I64Rotl),
            O::I64Rotr => self.binary(Op::I64Rotr),
            O::I64DivS => self.binary(Op::I64DivS),
            O::I64DivU => self.binary(Op::I64DivU),
            O::I64RemS => self.binary(Op::I64RemS),
            O::I64RemU => self.binary(Op::I64RemU),
            O::I64Eq => self.binary(Op::I64Eq),
            O::I64Ne => self.binary(Op::I64Ne),
            O::I64LtS => self.binary(Op::I64LtS),
            O::I64LtU => self.binary(Op::I64LtU),
            O::I64LeS => self.binary(Op::I64LeS),
            O::I64LeU => self.binary(Op::I64LeU),
            O::I64GtS => self.binary_swapped(Op::I64LtS),
            O::I64GtU => self.binary_swapped(Op::I64LtU),
            O::I64GeS => self.binary_swapped(Op::I64LeS),
            O::I64GeU => self.binary_swapped(Op::I64LeU),
            O::I64Eqz => self.unary(Op::I64Eqz),
            O::I64Clz => self.unary(Op::I64Clz),
            O::I64Ctz => self.unary(Op::I64Ctz),
            O::I64Popcnt => self.unary(Op::I64Popcnt),
            O::I64Extend8S => self.unary(Op::I64Extend8S),
            O::I64Extend16S => self.unary(Op::I64Extend16S),
            O::I64Extend32S | O::I64ExtendI32S => self.unary(Op::I64Extend32S),
            O::F32Add => self.binary(Op::F32Add),
            O::F32Sub => self.binary(Op::F32Sub),
            O::F32Mul => self.binary(Op::F32Mul),
            O::F32Div => self.binary(Op::F32Div),
            O::F32Min => self.binary(Op::F32Min),
            O::F32Max => self.binary(Op::F32Max),
            O::F32Copysign => self.binary(Op::F32Copysign),
            O::F32Eq => self.binary(Op::F32Eq),
            O::F32Ne => self.binary(Op::F32Ne),
            O::F32Lt => self.binary(Op::F32Lt),
            O::F32Le => self.binary(Op::F32Le),
            O::F32Gt => self.binary_swapped(Op::F32Lt),
            O::F32Ge => self.binary_swapped(Op::F32Le),
            O::F32Abs => self.unary(Op::F32Abs),
            O::F32Neg => self.unary(Op::F32Neg),
            O::F32Ceil => self.unary(Op::F32Ceil),
            O::F32Floor => self.unary(Op::F32Floor),
            O::F32Trunc => self.unary(Op::F32Trunc),
            O::F32Nearest => self.unary(Op::F32Nearest),
            O::F32Sqrt => self.unary(Op::F32Sqrt),
            O::F64Add => self.binary(Op::F64Add),
            O::F64Sub => self.binary(Op::F64Sub),
            O::F64Mul => self.binary(Op::F64Mul),
            O::F64Div => self.binary(Op::F64Div),
            O::F64Min => self.binary(Op::F64Min),
            O::F64Max => self.binary(Op::F64Max),
            O::F64Copysign => self.binary(Op::F64Copysign),
            O::F64Eq => self.binary(Op::F64Eq),
            O::F64Ne => self.binary(Op::F64Ne),
            O::F64Lt => self.binary(Op::F64Lt),
            O::F64Le => self.binary(Op::F64Le),
            O::F64Gt => self.binary_swapped(Op::F64Lt),
            O::F64Ge => self.binary_swapped(Op::F64Le),
            O::F64Abs => self.unary(Op::F64Abs),
            O::F64Neg => self.unary(Op::F64Neg),
            O::F64Ceil => self.unary(Op::F64Ceil),
            O::F64Floor => self.unary(Op::F64Floor),
            O::F64Trunc => self.unary(Op::F64Trunc),
            O::F64Nearest => self.unary(Op::F64Nearest),
            O::F64Sqrt => self.unary(Op::F64Sqrt),
            O::I32TruncF32S => self.unary(Op::I32TruncF32S),
            O::I32TruncF32U => self.unary(Op::I32TruncF32U),
            O::I32TruncF64S => self.unary(Op::I32TruncF64S),
            O::I32TruncF64U => self.unary(Op::I32TruncF64U),
            O::I32TruncSatF32S => self.unary(Op::I32TruncSatF32S),
            O::I32TruncSatF32U => self.unary(Op::I32TruncSatF32U),
            O::I32TruncSatF64S => self.unary(Op::I32TruncSatF64S),
            O::I32TruncSatF64U => self.unary(Op::I32TruncSatF64U),
            O::I64TruncF32S => self.unary(Op::I64TruncF32S),
            O::I64TruncF32U => self.unary(Op::I64TruncF32U),
            O::I64TruncF64S => self.unary(Op::I64TruncF64S),
            O::I64TruncF64U => self.unary(Op::I64TruncF64U),
            O::I64TruncSatF32S => self.unary(Op::I64TruncSatF32S),
            O::I64TruncSatF32U => self.unary(Op::I64TruncSatF32U),
            O::I64TruncSatF64S => self.unary(Op::I64TruncSatF64S),
            O::I64TruncSatF64U => self.unary(Op::I64TruncSatF64U),
            O::F32ConvertI32S => self.unary(Op::F32ConvertI32S),
            O::F32ConvertI32U => self.unary(Op::F32ConvertI32U),
            O::F32ConvertI64S => self.unary(Op::F32ConvertI64S),
            O::F32ConvertI64U => self.unary(Op::F32ConvertI64U),
            O::F64ConvertI32S => self.unary(Op::F64ConvertI32S),
            O::F64ConvertI32U => self.unary(Op::F64ConvertI32U),
            O::F64ConvertI64S => self.unary(Op::F64ConvertI64S),
            O::F64ConvertI64U => self.unary(Op::F64ConvertI64U),
            O::F32DemoteF64 => self.unary(Op::F32DemoteF64),
            O::F64PromoteF32 => self.unary(Op::F64PromoteF32),
            _ => Err(TranslationError::Malformed),
        }
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
        if self.module.memory.is_none() {
            return Err(TranslationError::Malformed);
        }
        let d = self.operands.push_temp()?;
        self.push_defining(d, [word(Op::MemorySize, d, 0, 0)]);
        Ok(())
    }

    fn memory_grow(&mut self) -> Result<(), TranslationError> {
        if self.module.memory.is_none() {
            return Err(TranslationError::Malformed);
        }
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
