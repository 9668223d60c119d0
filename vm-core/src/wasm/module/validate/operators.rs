//! One instruction at a time.
use super::control::Kind;
use super::row::{F32, F64, FUNC_REF, I32, I64, NUMBERS, REFERENCES, Ty, ty};
use super::{Fault, Malformed, Reader, Validator, ensure, exceeded, no_floats};
use crate::work::{self, Unit};

impl Validator<'_> {
    /// Validates the instructions of a function, which must end where the bytes end. At most so
    /// many operands may stand on each other.
    pub(super) fn instructions(
        &mut self,
        mut reader: Reader<'_>,
        operands_allowed: usize,
    ) -> Result<(), Fault> {
        let reader = &mut reader;
        loop {
            let offset = reader.position();
            let opcode = reader.byte()?;
            work::add(Unit::Validated, 1);
            match opcode {
                0x00 => self.stack.become_unreachable(),
                0x01 => {}
                0x02 => reader.apart(|reader| self.block(Kind::Block, reader, offset))?,
                0x03 => reader.apart(|reader| self.block(Kind::Loop, reader, offset))?,
                0x04 => reader.apart(|reader| self.block(Kind::If, reader, offset))?,
                0x05 => self.else_()?,
                0x0b => {
                    self.end()?;
                    if self.controls.is_empty() {
                        self.check_height(operands_allowed, offset)?;
                        return Ok(ensure(reader.is_at_end())?);
                    }
                }
                0x0c => self.br(reader.u32()?)?,
                0x0d => self.br_if(reader.u32()?)?,
                0x0e => reader.apart(|reader| self.br_table(reader, offset))?,
                0x0f => self.return_()?,
                0x10 => {
                    let ty = self.func_type(reader.u32()?)?;
                    self.call(ty)?;
                }
                0x11 => {
                    let may_be_long = self.parts.features.reference_types;
                    let ty = reader.apart(|reader| self.callee(reader, may_be_long))?;
                    self.call(ty)?;
                }
                0x12 => {
                    let ty = self.func_type(reader.u32()?)?;
                    self.return_call(ty)?;
                }
                0x13 => {
                    let ty = reader.apart(|reader| self.callee(reader, true))?;
                    self.return_call(ty)?;
                }
                0x1a => {
                    self.stack.pop_any()?;
                }
                0x1b => self.select()?,
                0x1c => reader.apart(|reader| self.typed_select(reader))?,
                0x20 => {
                    let ty = self.locals.get(reader.u32()?)?;
                    self.stack.push(ty);
                }
                0x21 => {
                    let ty = self.locals.get(reader.u32()?)?;
                    self.stack.pop(ty)?;
                }
                0x22 => {
                    let ty = self.locals.get(reader.u32()?)?;
                    self.stack.unary(ty, ty)?;
                }
                0x23 => self.global_get(reader.u32()?)?,
                0x24 => self.global_set(reader.u32()?)?,
                0x25 => {
                    let element = self.referred(reader.u32()?)?;
                    self.stack.unary(I32, element)?;
                }
                0x26 => {
                    let element = self.referred(reader.u32()?)?;
                    self.stack.pop(element)?;
                    self.stack.pop(I32)?;
                }
                0x28 | 0x35 => self.load(if opcode == 0x28 { I32 } else { I64 }, 2, reader)?,
                0x29 => self.load(I64, 3, reader)?,
                0x2c | 0x2d => self.load(I32, 0, reader)?,
                0x2e | 0x2f => self.load(I32, 1, reader)?,
                0x30 | 0x31 => self.load(I64, 0, reader)?,
                0x32 | 0x33 => self.load(I64, 1, reader)?,
                0x34 => self.load(I64, 2, reader)?,
                0x36 => self.store(I32, 2, reader)?,
                0x37 => self.store(I64, 3, reader)?,
                0x3a => self.store(I32, 0, reader)?,
                0x3b => self.store(I32, 1, reader)?,
                0x3c => self.store(I64, 0, reader)?,
                0x3d => self.store(I64, 1, reader)?,
                0x3e => self.store(I64, 2, reader)?,
                0x3f | 0x40 => {
                    ensure(reader.byte()? == 0)?;
                    self.memory(0)?;
                    if opcode == 0x3f {
                        self.stack.push(I32)
                    } else {
                        self.stack.unary(I32, I32)?
                    }
                }
                0x41 => {
                    reader.i32()?;
                    self.stack.push(I32);
                }
                0x42 => {
                    reader.i64()?;
                    self.stack.push(I64);
                }
                0x45 | 0x67..=0x69 => self.stack.unary(I32, I32)?,
                0x46..=0x4f | 0x6a..=0x78 => self.stack.binary(I32, I32)?,
                0x50 | 0xa7 => self.stack.unary(I64, I32)?,
                0x51..=0x5a => self.stack.binary(I64, I32)?,
                0x79..=0x7b => self.stack.unary(I64, I64)?,
                0x7c..=0x8a => self.stack.binary(I64, I64)?,
                0xac | 0xad => self.stack.unary(I32, I64)?,
                0xc0 | 0xc1 if self.parts.features.sign_extension => self.stack.unary(I32, I32)?,
                0xc2..=0xc4 if self.parts.features.sign_extension => self.stack.unary(I64, I64)?,
                0xd0..=0xd2 if self.parts.features.reference_types => {
                    reader.apart(|reader| self.reference(opcode, reader))?;
                }
                0xfc => reader.apart(|reader| self.misc(reader, offset))?,
                _ => reader.apart(|reader| self.float(opcode, reader, offset))?,
            }
            self.check_height(operands_allowed, offset)?;
        }
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

    /// Reads where an instruction touches the memory. `natural` is the logarithm of its alignment
    /// by size.
    #[inline(always)]
    fn address(&self, natural: u32, reader: &mut Reader<'_>) -> Result<(), Malformed> {
        let align = reader.u32()?;
        reader.u32()?;
        ensure(align <= natural && self.parts.memory.is_some())
    }

    #[inline(always)]
    fn load(&mut self, ty: Ty, natural: u32, reader: &mut Reader<'_>) -> Result<(), Malformed> {
        self.address(natural, reader)?;
        self.stack.unary(I32, ty)
    }

    #[inline(always)]
    fn store(&mut self, ty: Ty, natural: u32, reader: &mut Reader<'_>) -> Result<(), Malformed> {
        self.address(natural, reader)?;
        self.stack.pop(ty)?;
        self.stack.pop(I32)
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

    /// The same for an instruction that came with types of references.
    fn referred(&self, table: u32) -> Result<Ty, Malformed> {
        ensure(self.parts.features.reference_types)?;
        self.table(table)
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
        ensure(self.parts.features.reference_types && reader.u32()? == 1)?;
        let ty = self.value_type(reader)?;
        self.stack.pop(I32)?;
        self.stack.binary(ty, ty)
    }

    /// `ref.null`, `ref.is_null`, `ref.func`.
    fn reference(&mut self, opcode: u8, reader: &mut Reader<'_>) -> Result<(), Malformed> {
        match opcode {
            0xd0 => self.stack.push(ty(reader.heap_type()?)),
            0xd1 => {
                ensure(self.stack.pop_any()? & REFERENCES != 0)?;
                self.stack.push(I32);
            }
            _ => {
                let func = reader.u32()?;
                self.func_type(func)?;
                ensure(self.is_declared(func))?;
                self.stack.push(FUNC_REF);
            }
        }
        Ok(())
    }

    /// What has a second opcode.
    fn misc(&mut self, reader: &mut Reader<'_>, offset: usize) -> Result<(), Fault> {
        let features = &self.parts.features;
        let opcode = reader.u32()?;
        if opcode <= 7 && !features.floats {
            return Err(no_floats(offset));
        }
        ensure(match opcode {
            0..=7 => features.saturating_float_to_int,
            8..=14 => features.bulk_memory,
            _ => features.reference_types,
        })?;
        match opcode {
            0 | 1 => self.stack.unary(F32, I32)?,
            2 | 3 => self.stack.unary(F64, I32)?,
            4 | 5 => self.stack.unary(F32, I64)?,
            6 | 7 => self.stack.unary(F64, I64)?,
            // memory.init, data.drop
            8 | 9 => {
                let segment = reader.u32()?;
                ensure(self.parts.data_count.is_some_and(|count| segment < count))?;
                if opcode == 8 {
                    self.memory(reader.u32()?)?;
                    self.stack.pop_all(&[I32, I32, I32])?;
                }
            }
            // memory.copy, memory.fill
            10 | 11 => {
                self.memory(reader.u32()?)?;
                if opcode == 10 {
                    self.memory(reader.u32()?)?;
                }
                self.stack.pop_all(&[I32, I32, I32])?;
            }
            // table.init, elem.drop
            12 | 13 => {
                let segment =
                    ty(self.parts.elements.get(reader.u32()? as usize).ok_or(Malformed)?.ty);
                if opcode == 12 {
                    ensure(self.table(reader.u32()?)? == segment)?;
                    self.stack.pop_all(&[I32, I32, I32])?;
                }
            }
            // table.copy
            14 => {
                let (to, from) = (self.table(reader.u32()?)?, self.table(reader.u32()?)?);
                ensure(to == from)?;
                self.stack.pop_all(&[I32, I32, I32])?;
            }
            // table.grow, table.size, table.fill
            15 => {
                let element = self.table(reader.u32()?)?;
                self.stack.pop_all(&[element, I32])?;
                self.stack.push(I32);
            }
            16 => {
                self.table(reader.u32()?)?;
                self.stack.push(I32);
            }
            17 => {
                let element = self.table(reader.u32()?)?;
                self.stack.pop_all(&[I32, element, I32])?;
            }
            _ => return Err(Fault::Invalid),
        }
        Ok(())
    }

    /// Instructions on floats, and what is no instruction.
    fn float(&mut self, opcode: u8, reader: &mut Reader<'_>, offset: usize) -> Result<(), Fault> {
        if !matches!(opcode, 0x2a | 0x2b | 0x38 | 0x39 | 0x43 | 0x44 | 0x5b..=0x66 | 0x8b..=0xa6 | 0xa8..=0xab | 0xae..=0xbf)
        {
            return Err(Fault::Invalid);
        }
        if !self.parts.features.floats {
            return Err(no_floats(offset));
        }
        match opcode {
            0x2a => self.load(F32, 2, reader),
            0x2b => self.load(F64, 3, reader),
            0x38 => self.store(F32, 2, reader),
            0x39 => self.store(F64, 3, reader),
            0x43 => {
                reader.array::<4>()?;
                self.stack.push(F32);
                Ok(())
            }
            0x44 => {
                reader.array::<8>()?;
                self.stack.push(F64);
                Ok(())
            }
            0x5b..=0x60 => self.stack.binary(F32, I32),
            0x61..=0x66 => self.stack.binary(F64, I32),
            0x8b..=0x91 => self.stack.unary(F32, F32),
            0x92..=0x98 => self.stack.binary(F32, F32),
            0x99..=0x9f => self.stack.unary(F64, F64),
            0xa0..=0xa6 => self.stack.binary(F64, F64),
            0xa8 | 0xa9 | 0xbc => self.stack.unary(F32, I32),
            0xaa | 0xab => self.stack.unary(F64, I32),
            0xae | 0xaf => self.stack.unary(F32, I64),
            0xb0 | 0xb1 | 0xbd => self.stack.unary(F64, I64),
            0xb2 | 0xb3 | 0xbe => self.stack.unary(I32, F32),
            0xb4 | 0xb5 => self.stack.unary(I64, F32),
            0xb6 => self.stack.unary(F64, F32),
            0xb7 | 0xb8 => self.stack.unary(I32, F64),
            0xb9 | 0xba | 0xbf => self.stack.unary(I64, F64),
            _ => self.stack.unary(F32, F64),
        }?;
        Ok(())
    }
}
