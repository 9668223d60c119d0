//! What each instruction does, once for all backends: a function for each opcode.
//!
//! A step sets `ip` to the next instruction. An error leaves the interpreter.
//!
//! # Safety
//! Steps have the rules of [`registers`](super::registers) and [`context`](super::context), and
//! keep them. Besides:
//! 1. The step is that of the instruction at `ip`.
#![allow(non_snake_case, reason = "steps are called as their instructions are")]

use super::context::Context;
use super::exit::{Exit, Slow};
use super::float::*;
use super::registers::Registers;
use super::word::At;
use super::{bulk, calls, small};
use crate::wasm::TrapCode;
use crate::wasm::code::{Out64, Target, instruction};
use crate::work::{self, Unit};

/// Sets what is left after a charge, or fails.
macro_rules! pay {
    ($r:ident, $charged:expr) => {
        match $charged {
            (gas, true) => $r.gas = gas,
            (_, false) => return Err(TrapCode::OutOfGas.into()),
        }
    };
}

macro_rules! steps {
    ($r:ident, $context:ident, $w:ident; $($op:ident => $body:block)*) => {
        $(
            #[inline(always)]
            #[allow(
                unused_variables,
                unused_unsafe,
                unreachable_code,
                reason = "the same for every instruction"
            )]
            pub(super) unsafe fn $op<const OBSERVED: bool>(
                $r: &mut Registers,
                $context: &mut Context<'_>,
                $w: At<instruction::$op>,
            ) -> Result<(), Exit> {
                // SAFETY: Rule 1, and those of registers and context: the body reads only operands
                // of its instruction, and slots by them.
                unsafe { $body }
                Ok(())
            }
        )*
    };
}

steps! { r, context, w;

    Charge => {
        r.charge(u64::from(w.cost()))?;
        r.next(w);
    }
    Br => {
        r.charge(u64::from(w.cost()))?;
        r.jump(w.to().0);
    }
    BrIfNez32 => { r.branch_if(w, |x| x != 0)?; }
    BrIfEqz32 => { r.branch_if(w, |x| x == 0)?; }
    BrIfNez64 => { r.branch_if(w, |x| x != 0)?; }
    BrIfEqz64 => { r.branch_if(w, |x| x == 0)?; }
    BrIfEq32 => { r.compare(w, |x, y| x == y)?; }
    BrIfNe32 => { r.compare(w, |x, y| x != y)?; }
    BrIfLtS32 => { r.compare(w, |x, y| (x as i32) < (y as i32))?; }
    BrIfLtU32 => { r.compare(w, |x, y| x < y)?; }
    BrIfLeS32 => { r.compare(w, |x, y| (x as i32) <= (y as i32))?; }
    BrIfLeU32 => { r.compare(w, |x, y| x <= y)?; }
    BrIfEq64 => { r.compare(w, |x, y| x == y)?; }
    BrIfNe64 => { r.compare(w, |x, y| x != y)?; }
    BrIfLtS64 => { r.compare(w, |x, y| (x as i64) < (y as i64))?; }
    BrIfLtU64 => { r.compare(w, |x, y| x < y)?; }
    BrIfLeS64 => { r.compare(w, |x, y| (x as i64) <= (y as i64))?; }
    BrIfLeU64 => { r.compare(w, |x, y| x <= y)?; }
    BrIfEqImm32 => { r.compare_immediate(w, |x, y| x == y)?; }
    BrIfNeImm32 => { r.compare_immediate(w, |x, y| x != y)?; }
    BrIfLtSImm32 => { r.compare_immediate(w, |x, y| (x as i32) < (y as i32))?; }
    BrIfLtUImm32 => { r.compare_immediate(w, |x, y| x < y)?; }
    BrIfLeSImm32 => { r.compare_immediate(w, |x, y| (x as i32) <= (y as i32))?; }
    BrIfLeUImm32 => { r.compare_immediate(w, |x, y| x <= y)?; }
    BrIfGtSImm32 => { r.compare_immediate(w, |x, y| (x as i32) > (y as i32))?; }
    BrIfGtUImm32 => { r.compare_immediate(w, |x, y| x > y)?; }
    BrIfGeSImm32 => { r.compare_immediate(w, |x, y| (x as i32) >= (y as i32))?; }
    BrIfGeUImm32 => { r.compare_immediate(w, |x, y| x >= y)?; }
    BrIfEqImm64 => { r.compare_immediate(w, |x, y| x == y)?; }
    BrIfNeImm64 => { r.compare_immediate(w, |x, y| x != y)?; }
    BrIfLtSImm64 => { r.compare_immediate(w, |x, y| (x as i64) < (y as i64))?; }
    BrIfLtUImm64 => { r.compare_immediate(w, |x, y| x < y)?; }
    BrIfLeSImm64 => { r.compare_immediate(w, |x, y| (x as i64) <= (y as i64))?; }
    BrIfLeUImm64 => { r.compare_immediate(w, |x, y| x <= y)?; }
    BrIfGtSImm64 => { r.compare_immediate(w, |x, y| (x as i64) > (y as i64))?; }
    BrIfGtUImm64 => { r.compare_immediate(w, |x, y| x > y)?; }
    BrIfGeSImm64 => { r.compare_immediate(w, |x, y| (x as i64) >= (y as i64))?; }
    BrIfGeUImm64 => { r.compare_immediate(w, |x, y| x >= y)?; }
    BrIfAddNez32 => {
        let sum = r.get(w.x()).wrapping_add(w.imm() as u32);
        r.branch(w, sum != 0)?;
        // Only now: a step that fails has changed nothing.
        r.set(w.x(), sum);
    }
    BrIfStepNez32 => {
        let sum = r.get(w.x()).wrapping_add(w.imm() as u32);
        r.branch(w, sum != 0)?;
        r.set(w.x(), sum);
        // The slots are not the same.
        let step = r.get(w.other()).wrapping_add(w.step() as u32);
        r.set(w.other(), step);
    }
    BrTable => {
        // The default follows the others.
        let entry = r.get(w.index()).min(w.targets());
        let target = Target(w.following(entry as usize));
        r.charge(target.cost())?;
        r.jump(target.distance());
    }
    Return => { calls::return_to_caller::<OBSERVED>(r, context)?; }
    Return1 => {
        *r.slots = r.get(w.x());
        calls::return_to_caller::<OBSERVED>(r, context)?;
    }
    ReturnMany => {
        let count = w.count().0;
        work::add(Unit::SlotMoved, count.into());
        core::ptr::copy(r.place(w.x().0), r.slots, usize::from(count));
        calls::return_to_caller::<OBSERVED>(r, context)?;
    }
    Call => { calls::call_own::<OBSERVED>(r, context, w.function(), w.frame().0, w.words())?; }
    CallImport => {
        let func = *context.machine.imports.add(w.function() as usize);
        calls::call_other(r, func, w.frame().0, w.words())?;
    }
    CallIndirect => {
        let (func, failed) = context.indirect(w.table(), r.get(w.element()), w.ty());
        if let Some(code) = failed {
            return Err(code.into());
        }
        calls::call::<OBSERVED>(r, context, func, w.frame().0, w.words())?;
    }
    ReturnCall => {
        calls::tail_call_own(r, context, w.function(), w.x().0, w.count().0 as u32)?;
    }
    ReturnCallImport => {
        let func = *context.machine.imports.add(w.function() as usize);
        calls::tail_call(r, func, (w.x().0, w.count().0), w.words())?;
    }
    ReturnCallIndirect => {
        let (func, failed) = context.indirect(w.table(), r.get(w.element()), w.ty());
        if let Some(code) = failed {
            return Err(code.into());
        }
        calls::tail_call(r, func, (w.x().0, w.count().0), w.words())?;
    }
    Unreachable => { return Err(TrapCode::Unreachable.into()); }
    Finish => { return Err(Exit::Finished); }

    Copy => { r.unary(w, |x| x); }
    Copy2 => {
        let (x, y) = (r.get(w.x()), r.get(w.y()));
        let d = w.d().0;
        r.set(Out64(d), x);
        r.set(Out64(d.wrapping_add(1)), y);
        r.next(w);
    }
    CopyMany => {
        let count = w.count().0;
        work::add(Unit::SlotMoved, count.into());
        core::ptr::copy(r.place(w.x().0), r.place(w.d().0), usize::from(count));
        r.next(w);
    }
    Const32 => {
        r.set(w.d(), w.imm());
        r.next(w);
    }
    Const32S => {
        r.set(w.d(), w.imm() as u64);
        r.next(w);
    }
    Const64 => {
        r.set(w.d(), w.imm());
        r.next(w);
    }
    Select => {
        let (x, y) = (w.x(), w.y());
        let value = r.get(if r.get(w.condition()) != 0 { x } else { y });
        r.set(w.d(), value);
        r.next(w);
    }
    GlobalGet => {
        let value = *context.globals.add(w.global() as usize);
        r.set(w.d(), value);
        r.next(w);
    }
    GlobalSet => {
        *context.globals.add(w.global() as usize) = r.get(w.x());
        r.next(w);
    }
    GlobalGetImported => {
        let value = bulk::imported_global(context, w.global());
        r.set(w.d(), value);
        r.next(w);
    }
    GlobalSetImported => {
        bulk::set_imported_global(context, w.global(), r.get(w.x()));
        r.next(w);
    }

    I32Add => { r.binary(w, u32::wrapping_add); }
    I32Sub => { r.binary(w, u32::wrapping_sub); }
    I32Mul => { r.binary(w, u32::wrapping_mul); }
    I32And => { r.binary(w, |x, y| x & y); }
    I32Or => { r.binary(w, |x, y| x | y); }
    I32Xor => { r.binary(w, |x, y| x ^ y); }
    I32Shl => { r.binary(w, u32::wrapping_shl); }
    I32ShrS => { r.binary(w, |x, y| (x as i32).wrapping_shr(y) as u32); }
    I32ShrU => { r.binary(w, u32::wrapping_shr); }
    I32Rotl => { r.binary(w, |x, y| x.rotate_left(y & 31)); }
    I32Rotr => { r.binary(w, |x, y| x.rotate_right(y & 31)); }
    I32AddImm => { r.immediate(w, u32::wrapping_add); }
    I32MulImm => { r.immediate(w, u32::wrapping_mul); }
    I32AndImm => { r.immediate(w, |x, y| x & y); }
    I32OrImm => { r.immediate(w, |x, y| x | y); }
    I32XorImm => { r.immediate(w, |x, y| x ^ y); }
    I32ShlImm => { r.immediate(w, u32::wrapping_shl); }
    I32ShrSImm => { r.immediate(w, |x, y| (x as i32).wrapping_shr(y) as u32); }
    I32ShrUImm => { r.immediate(w, u32::wrapping_shr); }
    I32RotlImm => { r.immediate(w, |x, y| x.rotate_left(y & 31)); }
    I32AddWide => { r.wide(w, u32::wrapping_add); }
    I32MulWide => { r.wide(w, u32::wrapping_mul); }
    I32AndWide => { r.wide(w, |x, y| x & y); }
    I32OrWide => { r.wide(w, |x, y| x | y); }
    I32XorWide => { r.wide(w, |x, y| x ^ y); }
    I64AddWide => { r.wide(w, u64::wrapping_add); }
    I64MulWide => { r.wide(w, u64::wrapping_mul); }
    I64AndWide => { r.wide(w, |x, y| x & y); }
    I64OrWide => { r.wide(w, |x, y| x | y); }
    I64XorWide => { r.wide(w, |x, y| x ^ y); }
    I32DivS => { r.fallible(w, bulk::div_s32)?; }
    I32DivU => { r.fallible(w, bulk::div_u32)?; }
    I32RemS => { r.fallible(w, bulk::rem_s32)?; }
    I32RemU => { r.fallible(w, bulk::rem_u32)?; }
    I32Eq => { r.binary(w, |x, y| u32::from(x == y)); }
    I32Ne => { r.binary(w, |x, y| u32::from(x != y)); }
    I32LtS => { r.binary(w, |x, y| u32::from((x as i32) < (y as i32))); }
    I32LtU => { r.binary(w, |x, y| u32::from(x < y)); }
    I32LeS => { r.binary(w, |x, y| u32::from((x as i32) <= (y as i32))); }
    I32LeU => { r.binary(w, |x, y| u32::from(x <= y)); }
    I32EqImm => { r.immediate(w, |x, y| u32::from(x == y)); }
    I32NeImm => { r.immediate(w, |x, y| u32::from(x != y)); }
    I32LtSImm => { r.immediate(w, |x, y| u32::from((x as i32) < (y as i32))); }
    I32LtUImm => { r.immediate(w, |x, y| u32::from(x < y)); }
    I32LeSImm => { r.immediate(w, |x, y| u32::from((x as i32) <= (y as i32))); }
    I32LeUImm => { r.immediate(w, |x, y| u32::from(x <= y)); }
    I32GtSImm => { r.immediate(w, |x, y| u32::from((x as i32) > (y as i32))); }
    I32GtUImm => { r.immediate(w, |x, y| u32::from(x > y)); }
    I32GeSImm => { r.immediate(w, |x, y| u32::from((x as i32) >= (y as i32))); }
    I32GeUImm => { r.immediate(w, |x, y| u32::from(x >= y)); }
    I64Add => { r.binary(w, u64::wrapping_add); }
    I64Sub => { r.binary(w, u64::wrapping_sub); }
    I64Mul => { r.binary(w, u64::wrapping_mul); }
    I64And => { r.binary(w, |x, y| x & y); }
    I64Or => { r.binary(w, |x, y| x | y); }
    I64Xor => { r.binary(w, |x, y| x ^ y); }
    I64Shl => { r.binary(w, |x, y| x.wrapping_shl(y as u32)); }
    I64ShrS => { r.binary(w, |x, y| (x as i64).wrapping_shr(y as u32) as u64); }
    I64ShrU => { r.binary(w, |x, y| x.wrapping_shr(y as u32)); }
    I64Rotl => { r.binary(w, |x, y| x.rotate_left(y as u32 & 63)); }
    I64Rotr => { r.binary(w, |x, y| x.rotate_right(y as u32 & 63)); }
    I64AddImm => { r.immediate(w, u64::wrapping_add); }
    I64MulImm => { r.immediate(w, u64::wrapping_mul); }
    I64AndImm => { r.immediate(w, |x, y| x & y); }
    I64OrImm => { r.immediate(w, |x, y| x | y); }
    I64XorImm => { r.immediate(w, |x, y| x ^ y); }
    I64ShlImm => { r.immediate(w, |x, y| x.wrapping_shl(y as u32)); }
    I64ShrSImm => { r.immediate(w, |x, y| (x as i64).wrapping_shr(y as u32) as u64); }
    I64ShrUImm => { r.immediate(w, |x, y| x.wrapping_shr(y as u32)); }
    I64RotlImm => { r.immediate(w, |x, y| x.rotate_left(y as u32 & 63)); }
    I64DivS => { r.fallible(w, bulk::div_s64)?; }
    I64DivU => { r.fallible(w, bulk::div_u64)?; }
    I64RemS => { r.fallible(w, bulk::rem_s64)?; }
    I64RemU => { r.fallible(w, bulk::rem_u64)?; }
    I64Eq => { r.binary(w, |x, y| u32::from(x == y)); }
    I64Ne => { r.binary(w, |x, y| u32::from(x != y)); }
    I64LtS => { r.binary(w, |x, y| u32::from((x as i64) < (y as i64))); }
    I64LtU => { r.binary(w, |x, y| u32::from(x < y)); }
    I64LeS => { r.binary(w, |x, y| u32::from((x as i64) <= (y as i64))); }
    I64LeU => { r.binary(w, |x, y| u32::from(x <= y)); }
    I64EqImm => { r.immediate(w, |x, y| u32::from(x == y)); }
    I64NeImm => { r.immediate(w, |x, y| u32::from(x != y)); }
    I64LtSImm => { r.immediate(w, |x, y| u32::from((x as i64) < (y as i64))); }
    I64LtUImm => { r.immediate(w, |x, y| u32::from(x < y)); }
    I64LeSImm => { r.immediate(w, |x, y| u32::from((x as i64) <= (y as i64))); }
    I64LeUImm => { r.immediate(w, |x, y| u32::from(x <= y)); }
    I64GtSImm => { r.immediate(w, |x, y| u32::from((x as i64) > (y as i64))); }
    I64GtUImm => { r.immediate(w, |x, y| u32::from(x > y)); }
    I64GeSImm => { r.immediate(w, |x, y| u32::from((x as i64) >= (y as i64))); }
    I64GeUImm => { r.immediate(w, |x, y| u32::from(x >= y)); }
    I32Eqz => { r.unary(w, |x| u32::from(x == 0)); }
    I64Eqz => { r.unary(w, |x| u32::from(x == 0)); }
    I32Clz => { r.unary(w, u32::leading_zeros); }
    I32Ctz => { r.unary(w, u32::trailing_zeros); }
    I32Popcnt => { r.unary(w, u32::count_ones); }
    I64Clz => { r.unary(w, |x| u64::from(x.leading_zeros())); }
    I64Ctz => { r.unary(w, |x| u64::from(x.trailing_zeros())); }
    I64Popcnt => { r.unary(w, |x| u64::from(x.count_ones())); }
    I32Extend8S => { r.unary(w, |x| x as i8 as u32); }
    I32Extend16S => { r.unary(w, |x| x as i16 as u32); }
    I64Extend8S => { r.unary(w, |x| x as i8 as u64); }
    I64Extend16S => { r.unary(w, |x| x as i16 as u64); }
    I64Extend32S => { r.unary(w, |x| x as i32 as u64); }
    I32Wrap => { r.unary(w, |x| x); }

    I32Add3 => { r.ternary(w, |x, y, z| x.wrapping_add(y).wrapping_add(z)); }
    I64Add3 => { r.ternary(w, |x, y, z| x.wrapping_add(y).wrapping_add(z)); }
    I32Xor3 => { r.ternary(w, |x, y, z| x ^ y ^ z); }
    I64Xor3 => { r.ternary(w, |x, y, z| x ^ y ^ z); }
    I32AndXor => { r.ternary(w, |x, y, z| x & y ^ z); }
    I64AndNotXor => { r.ternary(w, |x, y, z| !x & y ^ z); }
    I32XorAdd => { r.ternary(w, |x, y, z| (x ^ y).wrapping_add(z)); }
    I64MulAdd => { r.ternary(w, |x, y, z| x.wrapping_mul(y).wrapping_add(z)); }
    I32RotlXor => { r.shifted(w, |x, y, bits| x.rotate_left(bits & 31) ^ y); }
    I64RotlXor => { r.shifted(w, |x, y, bits| x.rotate_left(bits & 63) ^ y); }
    I32ShrUXor => { r.shifted(w, |x, y, bits| x.wrapping_shr(bits) ^ y); }
    I32XorRotl => { r.shifted(w, |x, y, bits| (x ^ y).rotate_left(bits & 31)); }
    I64XorRotl => { r.shifted(w, |x, y, bits| (x ^ y).rotate_left(bits & 63)); }
    I64AndNot => { r.binary(w, |x, y| !x & y); }

    Multiply128 => {
        if r.multiply128() {
            r.jump(w.to().0);
        } else {
            r.next(w);
        }
    }

    Load8U => { r.load::<1, _>(w, |[x]| u32::from(x))?; }
    Load16U => { r.load::<2, _>(w, |x| u32::from(u16::from_le_bytes(x)))?; }
    Load32 => { r.load::<4, _>(w, u32::from_le_bytes)?; }
    Load64 => { r.load::<8, _>(w, u64::from_le_bytes)?; }
    I32Load8S => { r.load::<1, _>(w, |[x]| x as i8 as u32)?; }
    I32Load16S => { r.load::<2, _>(w, |x| i16::from_le_bytes(x) as u32)?; }
    I64Load8S => { r.load::<1, _>(w, |[x]| x as i8 as u64)?; }
    I64Load16S => { r.load::<2, _>(w, |x| i16::from_le_bytes(x) as u64)?; }
    I64Load32S => { r.load::<4, _>(w, |x| i32::from_le_bytes(x) as u64)?; }
    Load8UWide => { r.load::<1, _>(w, |[x]| u32::from(x))?; }
    Load16UWide => { r.load::<2, _>(w, |x| u32::from(u16::from_le_bytes(x)))?; }
    Load32Wide => { r.load::<4, _>(w, u32::from_le_bytes)?; }
    Load64Wide => { r.load::<8, _>(w, u64::from_le_bytes)?; }
    I32Load8SWide => { r.load::<1, _>(w, |[x]| x as i8 as u32)?; }
    I32Load16SWide => { r.load::<2, _>(w, |x| i16::from_le_bytes(x) as u32)?; }
    I64Load8SWide => { r.load::<1, _>(w, |[x]| x as i8 as u64)?; }
    I64Load16SWide => { r.load::<2, _>(w, |x| i16::from_le_bytes(x) as u64)?; }
    I64Load32SWide => { r.load::<4, _>(w, |x| i32::from_le_bytes(x) as u64)?; }
    Load8UAt => { r.load_at::<1, _>(w, |[x]| u32::from(x))?; }
    Load16UAt => { r.load_at::<2, _>(w, |x| u32::from(u16::from_le_bytes(x)))?; }
    Load32At => { r.load_at::<4, _>(w, u32::from_le_bytes)?; }
    Load64At => { r.load_at::<8, _>(w, u64::from_le_bytes)?; }
    I32Load8SAt => { r.load_at::<1, _>(w, |[x]| x as i8 as u32)?; }
    I32Load16SAt => { r.load_at::<2, _>(w, |x| i16::from_le_bytes(x) as u32)?; }
    I64Load8SAt => { r.load_at::<1, _>(w, |[x]| x as i8 as u64)?; }
    I64Load16SAt => { r.load_at::<2, _>(w, |x| i16::from_le_bytes(x) as u64)?; }
    I64Load32SAt => { r.load_at::<4, _>(w, |x| i32::from_le_bytes(x) as u64)?; }
    Load8UIndexed => { r.load_indexed::<1, _>(w, |[x]| u32::from(x))?; }
    Load16UIndexed => { r.load_indexed::<2, _>(w, |x| u32::from(u16::from_le_bytes(x)))?; }
    Load32Indexed => { r.load_indexed::<4, _>(w, u32::from_le_bytes)?; }
    Load64Indexed => { r.load_indexed::<8, _>(w, u64::from_le_bytes)?; }
    I32Load8SIndexed => { r.load_indexed::<1, _>(w, |[x]| x as i8 as u32)?; }
    I32Load16SIndexed => { r.load_indexed::<2, _>(w, |x| i16::from_le_bytes(x) as u32)?; }
    I64Load8SIndexed => { r.load_indexed::<1, _>(w, |[x]| x as i8 as u64)?; }
    I64Load16SIndexed => { r.load_indexed::<2, _>(w, |x| i16::from_le_bytes(x) as u64)?; }
    I64Load32SIndexed => { r.load_indexed::<4, _>(w, |x| i32::from_le_bytes(x) as u64)?; }
    Load8USum => { r.load_sum::<1, _>(w, |[x]| u32::from(x))?; }
    Load16USum => { r.load_sum::<2, _>(w, |x| u32::from(u16::from_le_bytes(x)))?; }
    Load32Sum => { r.load_sum::<4, _>(w, u32::from_le_bytes)?; }
    Load64Sum => { r.load_sum::<8, _>(w, u64::from_le_bytes)?; }
    I32Load8SSum => { r.load_sum::<1, _>(w, |[x]| x as i8 as u32)?; }
    I32Load16SSum => { r.load_sum::<2, _>(w, |x| i16::from_le_bytes(x) as u32)?; }
    I64Load8SSum => { r.load_sum::<1, _>(w, |[x]| x as i8 as u64)?; }
    I64Load16SSum => { r.load_sum::<2, _>(w, |x| i16::from_le_bytes(x) as u64)?; }
    I64Load32SSum => { r.load_sum::<4, _>(w, |x| i32::from_le_bytes(x) as u64)?; }
    Store8 => { r.store::<1, _>(w, |x| [x as u8])?; }
    Store16 => { r.store::<2, _>(w, |x| (x as u16).to_le_bytes())?; }
    Store32 => { r.store::<4, _>(w, u32::to_le_bytes)?; }
    Store64 => { r.store::<8, _>(w, u64::to_le_bytes)?; }
    Store8Wide => { r.store::<1, _>(w, |x| [x as u8])?; }
    Store16Wide => { r.store::<2, _>(w, |x| (x as u16).to_le_bytes())?; }
    Store32Wide => { r.store::<4, _>(w, u32::to_le_bytes)?; }
    Store64Wide => { r.store::<8, _>(w, u64::to_le_bytes)?; }
    Store8At => { r.store_at::<1, _>(w, |x| [x as u8])?; }
    Store16At => { r.store_at::<2, _>(w, |x| (x as u16).to_le_bytes())?; }
    Store32At => { r.store_at::<4, _>(w, u32::to_le_bytes)?; }
    Store64At => { r.store_at::<8, _>(w, u64::to_le_bytes)?; }
    Store8Sum => { r.store_sum::<1, _>(w, |x| [x as u8])?; }
    Store16Sum => { r.store_sum::<2, _>(w, |x| (x as u16).to_le_bytes())?; }
    Store32Sum => { r.store_sum::<4, _>(w, u32::to_le_bytes)?; }
    Store64Sum => { r.store_sum::<8, _>(w, u64::to_le_bytes)?; }
    Store8Imm => { r.store_immediate::<1, _>(w, |x| [x as u8])?; }
    Store16Imm => { r.store_immediate::<2, _>(w, i16::to_le_bytes)?; }
    Store32Imm => { r.store_immediate::<4, _>(w, |x| i32::from(x).to_le_bytes())?; }
    Store64Imm => { r.store_immediate::<8, _>(w, |x| i64::from(x).to_le_bytes())?; }
    MemorySize => {
        r.set(w.d(), (context.memory_size >> 16) as u32);
        r.next(w);
    }
    MemoryGrow => {
        return Err(Slow::Bulk.into());
    }
    MemoryFill => {
        let (d, value, count) = (r.get(w.dest()), r.get(w.value()), r.get(w.count()));
        if let Some(gas) = small::affordable(r, context, count)
            && (small::reached(r, d, count) || count == 0 && u64::from(d) <= context.memory_size)
        {
            r.gas = gas;
            work::copied(count.into());
            small::fill(r.memory.wrapping_add(d as usize), value as u8, count);
            r.next(w);
        } else {
            return Err(Slow::Bulk.into());
        }
    }
    MemoryCopy => {
        let (d, s, count) = (r.get(w.dest()), r.get(w.source()), r.get(w.count()));
        let last = d.max(s);
        if let Some(gas) = small::affordable(r, context, count)
            && (small::reached(r, last, count)
                || count == 0 && u64::from(last) <= context.memory_size)
        {
            r.gas = gas;
            work::copied(count.into());
            let (to, from) =
                (r.memory.wrapping_add(d as usize), r.memory.wrapping_add(s as usize));
            small::copy(to, from, count);
            r.next(w);
        } else {
            return Err(Slow::Bulk.into());
        }
    }
    MemoryInit => {
        return Err(Slow::Bulk.into());
    }
    DataDrop => {
        bulk::data_drop(context, w.segment());
        r.next(w);
    }
    TableGet => {
        let (value, found) =
            bulk::table_get(context, u32::from(w.table()), r.get(w.element()));
        if !found {
            return Err(TrapCode::TableOutOfBounds.into());
        }
        r.set(w.d(), value);
        r.next(w);
    }
    TableSet => {
        let (element, value) = (r.get(w.element()), r.get(w.value()));
        bulk::table_set(context, u32::from(w.table()), element, value)?;
        r.next(w);
    }
    TableSize => {
        let size = bulk::table_size(context, w.table());
        r.set(w.d(), size);
        r.next(w);
    }
    TableGrow => {
        let (value, count) = (r.get(w.value()), r.get(w.count()));
        let cost = bulk::element_cost(context);
        pay!(r, bulk::charge(context, r.gas, u64::from(count), cost));
        let result = bulk::table_grow(context, w.table(), value, count);
        r.set(w.d(), result);
        r.next(w);
    }
    TableFill => {
        let (d, value, count) = (r.get(w.dest()), r.get(w.value()), r.get(w.count()));
        let cost = bulk::element_cost(context);
        pay!(r, bulk::charge(context, r.gas, u64::from(count), cost));
        bulk::table_fill(context, w.table(), d, value, count)?;
        r.next(w);
    }
    TableCopy => {
        let (d, s, count) = (r.get(w.dest()), r.get(w.source()), r.get(w.count()));
        let cost = bulk::element_cost(context);
        pay!(r, bulk::charge(context, r.gas, u64::from(count), cost));
        bulk::table_copy(context, w.table(), w.source_table(), d, s, count)?;
        r.next(w);
    }
    TableInit => {
        let (d, s, count) = (r.get(w.dest()), r.get(w.source()), r.get(w.count()));
        let cost = bulk::element_cost(context);
        pay!(r, bulk::charge(context, r.gas, u64::from(count), cost));
        bulk::table_init(context, w.segment(), w.table(), d, s, count)?;
        r.next(w);
    }
    ElemDrop => {
        bulk::elem_drop(context, w.segment());
        r.next(w);
    }
    RefFunc => {
        let func = bulk::ref_func(context, w.function());
        r.set(w.d(), func);
        r.next(w);
    }

    F32Abs => { r.unary(w, |x| x & 0x7fff_ffff); }
    F32Neg => { r.unary(w, |x| x ^ 1 << 31); }
    F32Ceil => { r.unary(w, libm::ceilf); }
    F32Floor => { r.unary(w, libm::floorf); }
    F32Trunc => { r.unary(w, libm::truncf); }
    F32Nearest => { r.unary(w, libm::rintf); }
    F32Sqrt => { r.unary(w, libm::sqrtf); }
    F32Add => { r.binary(w, |x, y| x + y); }
    F32Sub => { r.binary(w, |x, y| x - y); }
    F32Mul => { r.binary(w, |x, y| x * y); }
    F32Div => { r.binary(w, |x, y| x / y); }
    F32Min => { r.binary(w, min32); }
    F32Max => { r.binary(w, max32); }
    F32Copysign => { r.binary(w, |x, y| x & 0x7fff_ffff | y & 1 << 31); }
    F32Eq => { r.binary(w, |x, y| u32::from(x == y)); }
    F32Ne => { r.binary(w, |x, y| u32::from(x != y)); }
    F32Lt => { r.binary(w, |x, y| u32::from(x < y)); }
    F32Le => { r.binary(w, |x, y| u32::from(x <= y)); }
    F64Abs => { r.unary(w, |x| x & !(1 << 63)); }
    F64Neg => { r.unary(w, |x| x ^ 1 << 63); }
    F64Ceil => { r.unary(w, libm::ceil); }
    F64Floor => { r.unary(w, libm::floor); }
    F64Trunc => { r.unary(w, libm::trunc); }
    F64Nearest => { r.unary(w, libm::rint); }
    F64Sqrt => { r.unary(w, libm::sqrt); }
    F64Add => { r.binary(w, |x, y| x + y); }
    F64Sub => { r.binary(w, |x, y| x - y); }
    F64Mul => { r.binary(w, |x, y| x * y); }
    F64Div => { r.binary(w, |x, y| x / y); }
    F64Min => { r.binary(w, min64); }
    F64Max => { r.binary(w, max64); }
    F64Copysign => { r.binary(w, |x, y| x & !(1 << 63) | y & 1 << 63); }
    F64Eq => { r.binary(w, |x, y| u32::from(x == y)); }
    F64Ne => { r.binary(w, |x, y| u32::from(x != y)); }
    F64Lt => { r.binary(w, |x, y| u32::from(x < y)); }
    F64Le => { r.binary(w, |x, y| u32::from(x <= y)); }
    I32TruncF32S => { r.fallible_unary(w, |x| i32_of_f32(x).map(|x| x as u32))?; }
    I32TruncF32U => { r.fallible_unary(w, u32_of_f32)?; }
    I32TruncF64S => { r.fallible_unary(w, |x| i32_of_f64(x).map(|x| x as u32))?; }
    I32TruncF64U => { r.fallible_unary(w, u32_of_f64)?; }
    I64TruncF32S => { r.fallible_unary(w, |x| i64_of_f32(x).map(|x| x as u64))?; }
    I64TruncF32U => { r.fallible_unary(w, u64_of_f32)?; }
    I64TruncF64S => { r.fallible_unary(w, |x| i64_of_f64(x).map(|x| x as u64))?; }
    I64TruncF64U => { r.fallible_unary(w, u64_of_f64)?; }
    I32TruncSatF32S => { r.unary(w, |x| x as i32 as u32); }
    I32TruncSatF32U => { r.unary(w, |x| x as u32); }
    I32TruncSatF64S => { r.unary(w, |x| x as i32 as u32); }
    I32TruncSatF64U => { r.unary(w, |x| x as u32); }
    I64TruncSatF32S => { r.unary(w, |x| x as i64 as u64); }
    I64TruncSatF32U => { r.unary(w, |x| x as u64); }
    I64TruncSatF64S => { r.unary(w, |x| x as i64 as u64); }
    I64TruncSatF64U => { r.unary(w, |x| x as u64); }
    F32ConvertI32S => { r.unary(w, |x| x as i32 as f32); }
    F32ConvertI32U => { r.unary(w, |x| x as f32); }
    F32ConvertI64S => { r.unary(w, |x| x as i64 as f32); }
    F32ConvertI64U => { r.unary(w, |x| x as f32); }
    F64ConvertI32S => { r.unary(w, |x| x as i32 as f64); }
    F64ConvertI32U => { r.unary(w, |x| x as f64); }
    F64ConvertI64S => { r.unary(w, |x| x as i64 as f64); }
    F64ConvertI64U => { r.unary(w, |x| x as f64); }
    F32DemoteF64 => { r.unary(w, |x| x as f32); }
    F64PromoteF32 => { r.unary(w, f64::from); }
}
