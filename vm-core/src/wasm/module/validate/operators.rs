//! One instruction at a time.
use super::control::Kind;
use super::row::{F32, F64, FUNC_REF, I32, I64, NUMBERS, REFERENCES, Ty, ty};
use super::table::{ENTRIES, Entry, PREFIXED_ENTRIES};
use super::{Fault, Malformed, Reader, Validator, ensure, exceeded, no_floats};
use crate::wasm::instruction::Rule;
use crate::work::{self, Unit};

impl Validator<'_> {
    /// Validates the instructions of a function, which must end where the bytes end, with an operand
    /// stack of at most `operands_allowed`.
    #[inline(never)]
    pub(super) fn instructions(
        &mut self,
        mut reader: Reader<'_>,
        operands_allowed: usize,
    ) -> Result<(), Fault> {
        let reader = &mut reader;
        loop {
            let offset = reader.position();
            let entry = &ENTRIES[usize::from(reader.byte()?)];
            work::add(Unit::Validated, 1);
            match entry.first {
                // Instructions that leave the stack no higher than it was skip the check of its
                // height.
                Rule::Unary => {
                    if self.stack.turn(entry.from, entry.to) {
                        continue;
                    }
                    self.stack.unary(entry.from, entry.to)?;
                }
                Rule::Binary => {
                    if self.stack.turn_two(entry.from, entry.to) {
                        continue;
                    }
                    self.stack.binary(entry.from, entry.to)?;
                }
                Rule::Load => {
                    self.address(entry, reader)?;
                    if self.stack.turn(I32, entry.to) {
                        continue;
                    }
                    self.stack.unary(I32, entry.to)?;
                }
                Rule::Store => {
                    self.store(entry, reader)?;
                    continue;
                }
                Rule::Gated => reader.apart(|reader| self.gated(entry, reader, offset))?,
                Rule::Prefix => reader.apart(|reader| {
                    let second = reader.u32()? as usize;
                    self.gated(PREFIXED_ENTRIES.get(second).ok_or(Malformed)?, reader, offset)
                })?,
                Rule::Unreachable => self.stack.become_unreachable(),
                Rule::Nop => {}
                Rule::Block => reader.apart(|reader| self.block(Kind::Block, reader, offset))?,
                Rule::Loop => reader.apart(|reader| self.block(Kind::Loop, reader, offset))?,
                Rule::If => reader.apart(|reader| self.block(Kind::If, reader, offset))?,
                Rule::Else => self.else_()?,
                Rule::End => {
                    self.end()?;
                    if self.controls.is_empty() {
                        self.check_height(operands_allowed, offset)?;
                        return Ok(ensure(reader.is_at_end())?);
                    }
                }
                Rule::Br => self.br(reader.u32()?)?,
                Rule::BrIf => self.br_if(reader.u32()?)?,
                Rule::BrTable => reader.apart(|reader| self.br_table(reader, offset))?,
                Rule::Return => self.return_()?,
                Rule::Call => {
                    let ty = self.func_type(reader.u32()?)?;
                    self.call(ty)?;
                }
                Rule::CallIndirect => {
                    let may_be_long = self.parts.features.reference_types;
                    let ty = reader.apart(|reader| self.callee(reader, may_be_long))?;
                    self.call(ty)?;
                }
                Rule::Drop => {
                    self.stack.pop_any()?;
                    continue;
                }
                Rule::Select => self.select()?,
                Rule::LocalGet => {
                    let ty = self.locals.get(reader.u32()?)?;
                    self.stack.push(ty);
                }
                Rule::LocalSet => {
                    let ty = self.locals.get(reader.u32()?)?;
                    self.stack.pop(ty)?;
                    continue;
                }
                Rule::LocalTee => {
                    let ty = self.locals.get(reader.u32()?)?;
                    if self.stack.turn(ty, ty) {
                        continue;
                    }
                    self.stack.unary(ty, ty)?;
                }
                Rule::GlobalGet => self.global_get(reader.u32()?)?,
                Rule::GlobalSet => self.global_set(reader.u32()?)?,
                Rule::MemorySize => {
                    self.memory_byte(reader)?;
                    self.stack.push(I32);
                }
                Rule::MemoryGrow => {
                    self.memory_byte(reader)?;
                    self.stack.unary(I32, I32)?;
                }
                Rule::I32Const => {
                    reader.i32()?;
                    self.stack.push(I32);
                }
                Rule::I64Const => {
                    reader.i64()?;
                    self.stack.push(I64);
                }
                _ => return Err(Fault::Invalid),
            }
            self.check_height(operands_allowed, offset)?;
        }
    }

    /// Validates an instruction of a proposal, or one on floats.
    fn gated(
        &mut self,
        entry: &Entry,
        reader: &mut Reader<'_>,
        offset: usize,
    ) -> Result<(), Fault> {
        let features = &self.parts.features;
        if entry.floats && !features.floats {
            return Err(no_floats(offset));
        }
        ensure(features.has(entry.proposal))?;
        match entry.rule {
            Rule::Unary => self.stack.unary(entry.from, entry.to)?,
            Rule::Binary => self.stack.binary(entry.from, entry.to)?,
            Rule::Load => {
                self.address(entry, reader)?;
                self.stack.unary(I32, entry.to)?;
            }
            Rule::Store => self.store(entry, reader)?,
            Rule::F32Const => {
                reader.array::<4>()?;
                self.stack.push(F32);
            }
            Rule::F64Const => {
                reader.array::<8>()?;
                self.stack.push(F64);
            }
            Rule::ReturnCall => {
                let ty = self.func_type(reader.u32()?)?;
                self.return_call(ty)?;
            }
            Rule::ReturnCallIndirect => {
                let ty = self.callee(reader, true)?;
                self.return_call(ty)?;
            }
            Rule::TypedSelect => self.typed_select(reader)?,
            Rule::TableGet => {
                let element = self.table(reader.u32()?)?;
                self.stack.unary(I32, element)?;
            }
            Rule::TableSet => {
                let element = self.table(reader.u32()?)?;
                self.stack.pop(element)?;
                self.stack.pop(I32)?;
            }
            Rule::RefNull => self.stack.push(ty(reader.heap_type()?)),
            Rule::RefIsNull => {
                ensure(self.stack.pop_any()? & REFERENCES != 0)?;
                self.stack.push(I32);
            }
            Rule::RefFunc => {
                let func = reader.u32()?;
                self.func_type(func)?;
                ensure(self.is_declared(func))?;
                self.stack.push(FUNC_REF);
            }
            rule => self.range(rule, reader)?,
        }
        Ok(())
    }

    /// Validates an instruction on ranges of memories and tables, or on segments.
    fn range(&mut self, rule: Rule, reader: &mut Reader<'_>) -> Result<(), Malformed> {
        match rule {
            Rule::MemoryInit => {
                self.data(reader.u32()?)?;
                self.memory(reader.u32()?)?;
            }
            Rule::DataDrop => return self.data(reader.u32()?),
            Rule::MemoryCopy => {
                self.memory(reader.u32()?)?;
                self.memory(reader.u32()?)?;
            }
            Rule::MemoryFill => self.memory(reader.u32()?)?,
            Rule::TableInit => {
                let element = self.elements(reader.u32()?)?;
                ensure(self.table(reader.u32()?)? == element)?;
            }
            Rule::ElemDrop => return self.elements(reader.u32()?).map(drop),
            Rule::TableCopy => {
                let (to, from) = (self.table(reader.u32()?)?, self.table(reader.u32()?)?);
                ensure(to == from)?;
            }
            Rule::TableGrow => {
                let element = self.table(reader.u32()?)?;
                self.stack.pop_all(&[element, I32])?;
                self.stack.push(I32);
                return Ok(());
            }
            Rule::TableSize => {
                self.table(reader.u32()?)?;
                self.stack.push(I32);
                return Ok(());
            }
            Rule::TableFill => {
                let element = self.table(reader.u32()?)?;
                return self.stack.pop_all(&[I32, element, I32]);
            }
            _ => return Err(Malformed),
        }
        self.stack.pop_all(&[I32, I32, I32])
    }

    #[inline(always)]
    fn check_height(&self, allowed: usize, offset: usize) -> Result<(), Fault> {
        if self.stack.height() <= allowed {
            return Ok(());
        }
        Err(exceeded(self.parts.limits.frame_slots, "slots of a frame", offset))
    }

    #[inline]
    fn memory(&self, index: u32) -> Result<(), Malformed> {
        ensure(index == 0 && self.parts.memory.is_some())
    }

    /// Reads the number of the memory where it can only be a byte.
    #[inline]
    fn memory_byte(&self, reader: &mut Reader<'_>) -> Result<(), Malformed> {
        self.memory(reader.byte()?.into())
    }

    /// Reads where an instruction touches the memory.
    #[inline(always)]
    fn address(&self, entry: &Entry, reader: &mut Reader<'_>) -> Result<(), Malformed> {
        let align = reader.u32()?;
        reader.u32()?;
        ensure(align <= entry.natural.into() && self.parts.memory.is_some())
    }

    #[inline(always)]
    fn store(&mut self, entry: &Entry, reader: &mut Reader<'_>) -> Result<(), Malformed> {
        self.address(entry, reader)?;
        self.stack.pop(entry.from)?;
        self.stack.pop(I32)
    }

    /// Whether a data segment was declared.
    fn data(&self, index: u32) -> Result<(), Malformed> {
        ensure(self.parts.data_count.is_some_and(|count| index < count))
    }

    /// What an element segment holds.
    fn elements(&self, index: u32) -> Result<Ty, Malformed> {
        self.parts.elements.get(index as usize).map(|segment| ty(segment.ty)).ok_or(Malformed)
    }

    fn global_get(&mut self, index: u32) -> Result<(), Malformed> {
        let global = self.parts.globals.get(index as usize).ok_or(Malformed)?;
        self.stack.push(ty(global.value));
        Ok(())
    }

    fn global_set(&mut self, index: u32) -> Result<(), Malformed> {
        let global = self.parts.globals.get(index as usize).ok_or(Malformed)?;
        ensure(global.mutable)?;
        self.stack.pop(ty(global.value))
    }

    /// What a table holds.
    pub(super) fn table(&self, index: u32) -> Result<Ty, Malformed> {
        self.parts.tables.get(index as usize).map(|table| ty(table.element)).ok_or(Malformed)
    }

    fn select(&mut self) -> Result<(), Malformed> {
        self.stack.pop(I32)?;
        // What both can be, which must be a number.
        let both = self.stack.pop_any()? & self.stack.pop_any()?;
        ensure(both & NUMBERS != 0)?;
        self.stack.push(both);
        Ok(())
    }

    fn typed_select(&mut self, reader: &mut Reader<'_>) -> Result<(), Malformed> {
        ensure(reader.u32()? == 1)?;
        let ty = self.value_type(reader)?;
        self.stack.pop(I32)?;
        self.stack.binary(ty, ty)
    }
}
