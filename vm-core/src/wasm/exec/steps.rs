//! What each instruction does, once for all backends: a function for each opcode.
//!
//! A step sets `ip` to the next instruction. An error leaves the interpreter.
//!
//! # Safety
//! The obligations are those of [`registers`](super::registers) and [`context`](super::context).
#![allow(non_snake_case, clippy::missing_safety_doc, clippy::undocumented_unsafe_blocks)]

use super::context::{Context, Exit, Slow};
use super::float::*;
use super::registers::Registers;
use super::word::{Word, a, b, bc, c};
use super::{bulk, calls, small};
use crate::wasm::TrapCode;
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
            #[allow(unused_variables, unused_unsafe, unreachable_code)]
            pub(super) unsafe fn $op<const OBSERVED: bool>(
                $r: &mut Registers,
                $context: &mut Context<'_>,
                $w: Word,
            ) -> Result<(), Exit> {
                unsafe { $body }
                Ok(())
            }
        )*
    };
}

steps! { r, context, w;

    Charge => {
        r.charge(u64::from(bc(w)))?;
        r.next(1);
    }
    Br => {
        r.charge(u64::from(a(w)))?;
        r.jump(w);
    }
    BrIfNez32 => {
        let taken = r.get32(a(w)) != 0;
        r.branch(w, taken)?;
    }
    BrIfEqz32 => {
        let taken = r.get32(a(w)) == 0;
        r.branch(w, taken)?;
    }
    BrIfNez64 => {
        let taken = r.get(a(w)) != 0;
        r.branch(w, taken)?;
    }
    BrIfEqz64 => {
        let taken = r.get(a(w)) == 0;
        r.branch(w, taken)?;
    }
    BrIfEq32 => { r.branch32(w, |x, y| x == y)?; }
    BrIfNe32 => { r.branch32(w, |x, y| x != y)?; }
    BrIfLtS32 => { r.branch32(w, |x, y| (x as i32) < (y as i32))?; }
    BrIfLtU32 => { r.branch32(w, |x, y| x < y)?; }
    BrIfLeS32 => { r.branch32(w, |x, y| (x as i32) <= (y as i32))?; }
    BrIfLeU32 => { r.branch32(w, |x, y| x <= y)?; }
    BrIfEq64 => { r.branch64(w, |x, y| x == y)?; }
    BrIfNe64 => { r.branch64(w, |x, y| x != y)?; }
    BrIfLtS64 => { r.branch64(w, |x, y| (x as i64) < (y as i64))?; }
    BrIfLtU64 => { r.branch64(w, |x, y| x < y)?; }
    BrIfLeS64 => { r.branch64(w, |x, y| (x as i64) <= (y as i64))?; }
    BrIfLeU64 => { r.branch64(w, |x, y| x <= y)?; }
    BrIfEqImm32 => { r.branch_immediate32(w, |x, y| x == y)?; }
    BrIfNeImm32 => { r.branch_immediate32(w, |x, y| x != y)?; }
    BrIfLtSImm32 => { r.branch_immediate32(w, |x, y| (x as i32) < (y as i32))?; }
    BrIfLtUImm32 => { r.branch_immediate32(w, |x, y| x < y)?; }
    BrIfLeSImm32 => { r.branch_immediate32(w, |x, y| (x as i32) <= (y as i32))?; }
    BrIfLeUImm32 => { r.branch_immediate32(w, |x, y| x <= y)?; }
    BrIfGtSImm32 => { r.branch_immediate32(w, |x, y| (x as i32) > (y as i32))?; }
    BrIfGtUImm32 => { r.branch_immediate32(w, |x, y| x > y)?; }
    BrIfGeSImm32 => { r.branch_immediate32(w, |x, y| (x as i32) >= (y as i32))?; }
    BrIfGeUImm32 => { r.branch_immediate32(w, |x, y| x >= y)?; }
    BrIfEqImm64 => { r.branch_immediate64(w, |x, y| x == y)?; }
    BrIfNeImm64 => { r.branch_immediate64(w, |x, y| x != y)?; }
    BrIfLtSImm64 => { r.branch_immediate64(w, |x, y| (x as i64) < (y as i64))?; }
    BrIfLtUImm64 => { r.branch_immediate64(w, |x, y| x < y)?; }
    BrIfLeSImm64 => { r.branch_immediate64(w, |x, y| (x as i64) <= (y as i64))?; }
    BrIfLeUImm64 => { r.branch_immediate64(w, |x, y| x <= y)?; }
    BrIfGtSImm64 => { r.branch_immediate64(w, |x, y| (x as i64) > (y as i64))?; }
    BrIfGtUImm64 => { r.branch_immediate64(w, |x, y| x > y)?; }
    BrIfGeSImm64 => { r.branch_immediate64(w, |x, y| (x as i64) >= (y as i64))?; }
    BrIfGeUImm64 => { r.branch_immediate64(w, |x, y| x >= y)?; }
    BrIfAddNez32 => {
        let sum = r.get32(a(w)).wrapping_add(b(w) as i16 as u32);
        r.branch(w, sum != 0)?;
        // Only now: a step that fails has changed nothing.
        r.set(a(w), u64::from(sum));
    }
    BrIfStepNez32 => {
        let third = *r.ip.add(2);
        let sum = r.get32(a(w)).wrapping_add(b(w) as i16 as u32);
        r.branch_over(w, sum != 0, 3)?;
        r.set(a(w), u64::from(sum));
        // The slots are not the same.
        let step = r.get32(third as u16).wrapping_add((third >> 32) as u32);
        r.set(third as u16, u64::from(step));
    }
    BrTable => {
        // The default follows the others.
        let entry = r.get32(a(w)).min(bc(w));
        let target = *r.ip.add(1 + entry as usize);
        r.charge(target >> 32)?;
        r.ip = r.ip.offset(target as i32 as isize);
    }
    Return => { calls::return_to_caller::<OBSERVED>(r, context)?; }
    Return1 => {
        *r.slots = r.get(a(w));
        calls::return_to_caller::<OBSERVED>(r, context)?;
    }
    ReturnMany => {
        work::add(Unit::SlotMoved, b(w).into());
        core::ptr::copy(r.slots.add(usize::from(a(w))), r.slots, usize::from(b(w)));
        calls::return_to_caller::<OBSERVED>(r, context)?;
    }
    Call => { calls::call_own::<OBSERVED>(r, context, bc(w), a(w), 1)?; }
    CallImport => {
        let func = *context.machine.imports.add(bc(w) as usize);
        calls::call_other(r, func, a(w), 1)?;
    }
    CallIndirect => {
        let second = r.second();
        let (func, failed) = context.indirect((second >> 32) as u32, r.get32(b(w)), second as u32);
        if let Some(code) = failed {
            return Err(code.into());
        }
        calls::call::<OBSERVED>(r, context, func, a(w), 2)?;
    }
    ReturnCall => {
        let count = r.second();
        calls::tail_call_own(r, context, bc(w), a(w), count as u32)?;
    }
    ReturnCallImport => {
        let func = *context.machine.imports.add(bc(w) as usize);
        let count = r.second();
        calls::tail_call(r, func, (a(w), count), 2)?;
    }
    ReturnCallIndirect => {
        let second = r.second();
        let count = *r.ip.add(2);
        let (func, failed) = context.indirect((second >> 32) as u32, r.get32(b(w)), second as u32);
        if let Some(code) = failed {
            return Err(code.into());
        }
        calls::tail_call(r, func, (a(w), count), 3)?;
    }
    Unreachable => { return Err(TrapCode::Unreachable.into()); }
    Finish => { return Err(Exit::Finished); }

    Copy => { r.unary(w, |x| x); }
    Copy2 => {
        let (x, y) = (r.get(b(w)), r.get(c(w)));
        r.set(a(w), x);
        r.set(a(w).wrapping_add(1), y);
        r.next(1);
    }
    CopyMany => {
        work::add(Unit::SlotMoved, c(w).into());
        let source = r.slots.add(usize::from(b(w)));
        core::ptr::copy(source, r.slots.add(usize::from(a(w))), usize::from(c(w)));
        r.next(1);
    }
    Const32 => {
        r.set(a(w), u64::from(bc(w)));
        r.next(1);
    }
    Const32S => {
        r.set(a(w), bc(w) as i32 as u64);
        r.next(1);
    }
    Const64 => {
        let value = r.second();
        r.set(a(w), value);
        r.next(2);
    }
    Select => {
        let second = r.second();
        let slot = if r.get32(b(w)) != 0 { second as u16 } else { (second >> 16) as u16 };
        let value = r.get(slot);
        r.set(a(w), value);
        r.next(2);
    }
    GlobalGet => {
        let value = *context.globals.add(bc(w) as usize);
        r.set(a(w), value);
        r.next(1);
    }
    GlobalSet => {
        *context.globals.add(bc(w) as usize) = r.get(a(w));
        r.next(1);
    }
    GlobalGetImported => {
        let value = bulk::imported_global(context, bc(w));
        r.set(a(w), value);
        r.next(1);
    }
    GlobalSetImported => {
        bulk::set_imported_global(context, bc(w), r.get(a(w)));
        r.next(1);
    }

    I32Add => { r.binary32(w, u32::wrapping_add); }
    I32Sub => { r.binary32(w, u32::wrapping_sub); }
    I32Mul => { r.binary32(w, u32::wrapping_mul); }
    I32And => { r.binary32(w, |x, y| x & y); }
    I32Or => { r.binary32(w, |x, y| x | y); }
    I32Xor => { r.binary32(w, |x, y| x ^ y); }
    I32Shl => { r.binary32(w, u32::wrapping_shl); }
    I32ShrS => { r.binary32(w, |x, y| (x as i32).wrapping_shr(y) as u32); }
    I32ShrU => { r.binary32(w, u32::wrapping_shr); }
    I32Rotl => { r.binary32(w, |x, y| x.rotate_left(y & 31)); }
    I32Rotr => { r.binary32(w, |x, y| x.rotate_right(y & 31)); }
    I32AddImm => { r.immediate32(w, u32::wrapping_add); }
    I32MulImm => { r.immediate32(w, u32::wrapping_mul); }
    I32AndImm => { r.immediate32(w, |x, y| x & y); }
    I32OrImm => { r.immediate32(w, |x, y| x | y); }
    I32XorImm => { r.immediate32(w, |x, y| x ^ y); }
    I32ShlImm => { r.immediate32(w, u32::wrapping_shl); }
    I32ShrSImm => { r.immediate32(w, |x, y| (x as i32).wrapping_shr(y) as u32); }
    I32ShrUImm => { r.immediate32(w, u32::wrapping_shr); }
    I32RotlImm => { r.immediate32(w, |x, y| x.rotate_left(y & 31)); }
    I32AddWide => { r.wide32(w, u32::wrapping_add); }
    I32MulWide => { r.wide32(w, u32::wrapping_mul); }
    I32AndWide => { r.wide32(w, |x, y| x & y); }
    I32OrWide => { r.wide32(w, |x, y| x | y); }
    I32XorWide => { r.wide32(w, |x, y| x ^ y); }
    I64AddWide => { r.wide64(w, u64::wrapping_add); }
    I64MulWide => { r.wide64(w, u64::wrapping_mul); }
    I64AndWide => { r.wide64(w, |x, y| x & y); }
    I64OrWide => { r.wide64(w, |x, y| x | y); }
    I64XorWide => { r.wide64(w, |x, y| x ^ y); }
    I32DivS => { r.fallible(w, bulk::div_s32)?; }
    I32DivU => { r.fallible(w, bulk::div_u32)?; }
    I32RemS => { r.fallible(w, bulk::rem_s32)?; }
    I32RemU => { r.fallible(w, bulk::rem_u32)?; }
    I32Eq => { r.binary32(w, |x, y| u32::from(x == y)); }
    I32Ne => { r.binary32(w, |x, y| u32::from(x != y)); }
    I32LtS => { r.binary32(w, |x, y| u32::from((x as i32) < (y as i32))); }
    I32LtU => { r.binary32(w, |x, y| u32::from(x < y)); }
    I32LeS => { r.binary32(w, |x, y| u32::from((x as i32) <= (y as i32))); }
    I32LeU => { r.binary32(w, |x, y| u32::from(x <= y)); }
    I32EqImm => { r.immediate32(w, |x, y| u32::from(x == y)); }
    I32NeImm => { r.immediate32(w, |x, y| u32::from(x != y)); }
    I32LtSImm => { r.immediate32(w, |x, y| u32::from((x as i32) < (y as i32))); }
    I32LtUImm => { r.immediate32(w, |x, y| u32::from(x < y)); }
    I32LeSImm => { r.immediate32(w, |x, y| u32::from((x as i32) <= (y as i32))); }
    I32LeUImm => { r.immediate32(w, |x, y| u32::from(x <= y)); }
    I32GtSImm => { r.immediate32(w, |x, y| u32::from((x as i32) > (y as i32))); }
    I32GtUImm => { r.immediate32(w, |x, y| u32::from(x > y)); }
    I32GeSImm => { r.immediate32(w, |x, y| u32::from((x as i32) >= (y as i32))); }
    I32GeUImm => { r.immediate32(w, |x, y| u32::from(x >= y)); }
    I64Add => { r.binary64(w, u64::wrapping_add); }
    I64Sub => { r.binary64(w, u64::wrapping_sub); }
    I64Mul => { r.binary64(w, u64::wrapping_mul); }
    I64And => { r.binary64(w, |x, y| x & y); }
    I64Or => { r.binary64(w, |x, y| x | y); }
    I64Xor => { r.binary64(w, |x, y| x ^ y); }
    I64Shl => { r.binary64(w, |x, y| x.wrapping_shl(y as u32)); }
    I64ShrS => { r.binary64(w, |x, y| (x as i64).wrapping_shr(y as u32) as u64); }
    I64ShrU => { r.binary64(w, |x, y| x.wrapping_shr(y as u32)); }
    I64Rotl => { r.binary64(w, |x, y| x.rotate_left(y as u32 & 63)); }
    I64Rotr => { r.binary64(w, |x, y| x.rotate_right(y as u32 & 63)); }
    I64AddImm => { r.immediate64(w, u64::wrapping_add); }
    I64MulImm => { r.immediate64(w, u64::wrapping_mul); }
    I64AndImm => { r.immediate64(w, |x, y| x & y); }
    I64OrImm => { r.immediate64(w, |x, y| x | y); }
    I64XorImm => { r.immediate64(w, |x, y| x ^ y); }
    I64ShlImm => { r.immediate64(w, |x, y| x.wrapping_shl(y as u32)); }
    I64ShrSImm => { r.immediate64(w, |x, y| (x as i64).wrapping_shr(y as u32) as u64); }
    I64ShrUImm => { r.immediate64(w, |x, y| x.wrapping_shr(y as u32)); }
    I64RotlImm => { r.immediate64(w, |x, y| x.rotate_left(y as u32 & 63)); }
    I64DivS => { r.fallible(w, bulk::div_s64)?; }
    I64DivU => { r.fallible(w, bulk::div_u64)?; }
    I64RemS => { r.fallible(w, bulk::rem_s64)?; }
    I64RemU => { r.fallible(w, bulk::rem_u64)?; }
    I64Eq => { r.binary64(w, |x, y| u64::from(x == y)); }
    I64Ne => { r.binary64(w, |x, y| u64::from(x != y)); }
    I64LtS => { r.binary64(w, |x, y| u64::from((x as i64) < (y as i64))); }
    I64LtU => { r.binary64(w, |x, y| u64::from(x < y)); }
    I64LeS => { r.binary64(w, |x, y| u64::from((x as i64) <= (y as i64))); }
    I64LeU => { r.binary64(w, |x, y| u64::from(x <= y)); }
    I64EqImm => { r.immediate64(w, |x, y| u64::from(x == y)); }
    I64NeImm => { r.immediate64(w, |x, y| u64::from(x != y)); }
    I64LtSImm => { r.immediate64(w, |x, y| u64::from((x as i64) < (y as i64))); }
    I64LtUImm => { r.immediate64(w, |x, y| u64::from(x < y)); }
    I64LeSImm => { r.immediate64(w, |x, y| u64::from((x as i64) <= (y as i64))); }
    I64LeUImm => { r.immediate64(w, |x, y| u64::from(x <= y)); }
    I64GtSImm => { r.immediate64(w, |x, y| u64::from((x as i64) > (y as i64))); }
    I64GtUImm => { r.immediate64(w, |x, y| u64::from(x > y)); }
    I64GeSImm => { r.immediate64(w, |x, y| u64::from((x as i64) >= (y as i64))); }
    I64GeUImm => { r.immediate64(w, |x, y| u64::from(x >= y)); }
    I32Eqz => { r.unary(w, |x| u64::from(x as u32 == 0)); }
    I64Eqz => { r.unary(w, |x| u64::from(x == 0)); }
    I32Clz => { r.unary(w, |x| u64::from((x as u32).leading_zeros())); }
    I32Ctz => { r.unary(w, |x| u64::from((x as u32).trailing_zeros())); }
    I32Popcnt => { r.unary(w, |x| u64::from((x as u32).count_ones())); }
    I64Clz => { r.unary(w, |x| u64::from(x.leading_zeros())); }
    I64Ctz => { r.unary(w, |x| u64::from(x.trailing_zeros())); }
    I64Popcnt => { r.unary(w, |x| u64::from(x.count_ones())); }
    I32Extend8S => { r.unary(w, |x| u64::from(x as i8 as u32)); }
    I32Extend16S => { r.unary(w, |x| u64::from(x as i16 as u32)); }
    I64Extend8S => { r.unary(w, |x| x as i8 as u64); }
    I64Extend16S => { r.unary(w, |x| x as i16 as u64); }
    I64Extend32S => { r.unary(w, |x| x as i32 as u64); }
    I32Wrap => { r.unary(w, |x| u64::from(x as u32)); }

    I32Add3 => { r.three32(w, |x, y, z| x.wrapping_add(y).wrapping_add(z)); }
    I64Add3 => { r.three64(w, |x, y, z| x.wrapping_add(y).wrapping_add(z)); }
    I32Xor3 => { r.three32(w, |x, y, z| x ^ y ^ z); }
    I64Xor3 => { r.three64(w, |x, y, z| x ^ y ^ z); }
    I32AndXor => { r.three32(w, |x, y, z| x & y ^ z); }
    I64AndNotXor => { r.three64(w, |x, y, z| !x & y ^ z); }
    I32XorAdd => { r.three32(w, |x, y, z| (x ^ y).wrapping_add(z)); }
    I64MulAdd => { r.three64(w, |x, y, z| x.wrapping_mul(y).wrapping_add(z)); }
    I32RotlXor => { r.shift32(w, |x, y, bits| x.rotate_left(bits & 31) ^ y); }
    I64RotlXor => { r.shift64(w, |x, y, bits| x.rotate_left(bits & 63) ^ y); }
    I32ShrUXor => { r.shift32(w, |x, y, bits| x.wrapping_shr(bits) ^ y); }
    I32XorRotl => { r.shift32(w, |x, y, bits| (x ^ y).rotate_left(bits & 31)); }
    I64XorRotl => { r.shift64(w, |x, y, bits| (x ^ y).rotate_left(bits & 63)); }
    I64AndNot => { r.binary64(w, |x, y| !x & y); }

    Multiply128 => {
        if r.multiply128() {
            r.jump(w);
        } else {
            r.next(1);
        }
    }

    Load8U => { r.load::<1>(w, |[x]| u64::from(x))?; }
    Load16U => { r.load::<2>(w, |x| u64::from(u16::from_le_bytes(x)))?; }
    Load32 => { r.load::<4>(w, |x| u64::from(u32::from_le_bytes(x)))?; }
    Load64 => { r.load::<8>(w, u64::from_le_bytes)?; }
    I32Load8S => { r.load::<1>(w, |[x]| u64::from(x as i8 as u32))?; }
    I32Load16S => { r.load::<2>(w, |x| u64::from(i16::from_le_bytes(x) as u32))?; }
    I64Load8S => { r.load::<1>(w, |[x]| x as i8 as u64)?; }
    I64Load16S => { r.load::<2>(w, |x| i16::from_le_bytes(x) as u64)?; }
    I64Load32S => { r.load::<4>(w, |x| i32::from_le_bytes(x) as u64)?; }
    Load8UWide => { r.load_wide::<1>(w, |[x]| u64::from(x))?; }
    Load16UWide => { r.load_wide::<2>(w, |x| u64::from(u16::from_le_bytes(x)))?; }
    Load32Wide => { r.load_wide::<4>(w, |x| u64::from(u32::from_le_bytes(x)))?; }
    Load64Wide => { r.load_wide::<8>(w, u64::from_le_bytes)?; }
    I32Load8SWide => { r.load_wide::<1>(w, |[x]| u64::from(x as i8 as u32))?; }
    I32Load16SWide => { r.load_wide::<2>(w, |x| u64::from(i16::from_le_bytes(x) as u32))?; }
    I64Load8SWide => { r.load_wide::<1>(w, |[x]| x as i8 as u64)?; }
    I64Load16SWide => { r.load_wide::<2>(w, |x| i16::from_le_bytes(x) as u64)?; }
    I64Load32SWide => { r.load_wide::<4>(w, |x| i32::from_le_bytes(x) as u64)?; }
    Load8UAt => { r.load_at::<1>(w, |[x]| u64::from(x))?; }
    Load16UAt => { r.load_at::<2>(w, |x| u64::from(u16::from_le_bytes(x)))?; }
    Load32At => { r.load_at::<4>(w, |x| u64::from(u32::from_le_bytes(x)))?; }
    Load64At => { r.load_at::<8>(w, u64::from_le_bytes)?; }
    I32Load8SAt => { r.load_at::<1>(w, |[x]| u64::from(x as i8 as u32))?; }
    I32Load16SAt => { r.load_at::<2>(w, |x| u64::from(i16::from_le_bytes(x) as u32))?; }
    I64Load8SAt => { r.load_at::<1>(w, |[x]| x as i8 as u64)?; }
    I64Load16SAt => { r.load_at::<2>(w, |x| i16::from_le_bytes(x) as u64)?; }
    I64Load32SAt => { r.load_at::<4>(w, |x| i32::from_le_bytes(x) as u64)?; }
    Load8UIndexed => { r.load_indexed::<1>(w, |[x]| u64::from(x))?; }
    Load16UIndexed => { r.load_indexed::<2>(w, |x| u64::from(u16::from_le_bytes(x)))?; }
    Load32Indexed => { r.load_indexed::<4>(w, |x| u64::from(u32::from_le_bytes(x)))?; }
    Load64Indexed => { r.load_indexed::<8>(w, u64::from_le_bytes)?; }
    I32Load8SIndexed => { r.load_indexed::<1>(w, |[x]| u64::from(x as i8 as u32))?; }
    I32Load16SIndexed => { r.load_indexed::<2>(w, |x| u64::from(i16::from_le_bytes(x) as u32))?; }
    I64Load8SIndexed => { r.load_indexed::<1>(w, |[x]| x as i8 as u64)?; }
    I64Load16SIndexed => { r.load_indexed::<2>(w, |x| i16::from_le_bytes(x) as u64)?; }
    I64Load32SIndexed => { r.load_indexed::<4>(w, |x| i32::from_le_bytes(x) as u64)?; }
    Load8USum => { r.load_sum::<1>(w, |[x]| u64::from(x))?; }
    Load16USum => { r.load_sum::<2>(w, |x| u64::from(u16::from_le_bytes(x)))?; }
    Load32Sum => { r.load_sum::<4>(w, |x| u64::from(u32::from_le_bytes(x)))?; }
    Load64Sum => { r.load_sum::<8>(w, u64::from_le_bytes)?; }
    I32Load8SSum => { r.load_sum::<1>(w, |[x]| u64::from(x as i8 as u32))?; }
    I32Load16SSum => { r.load_sum::<2>(w, |x| u64::from(i16::from_le_bytes(x) as u32))?; }
    I64Load8SSum => { r.load_sum::<1>(w, |[x]| x as i8 as u64)?; }
    I64Load16SSum => { r.load_sum::<2>(w, |x| i16::from_le_bytes(x) as u64)?; }
    I64Load32SSum => { r.load_sum::<4>(w, |x| i32::from_le_bytes(x) as u64)?; }
    Store8 => { r.store::<1>(w, |x| [x as u8])?; }
    Store16 => { r.store::<2>(w, |x| (x as u16).to_le_bytes())?; }
    Store32 => { r.store::<4>(w, |x| (x as u32).to_le_bytes())?; }
    Store64 => { r.store::<8>(w, u64::to_le_bytes)?; }
    Store8Wide => { r.store_wide::<1>(w, |x| [x as u8])?; }
    Store16Wide => { r.store_wide::<2>(w, |x| (x as u16).to_le_bytes())?; }
    Store32Wide => { r.store_wide::<4>(w, |x| (x as u32).to_le_bytes())?; }
    Store64Wide => { r.store_wide::<8>(w, u64::to_le_bytes)?; }
    Store8At => { r.store_at::<1>(w, |x| [x as u8])?; }
    Store16At => { r.store_at::<2>(w, |x| (x as u16).to_le_bytes())?; }
    Store32At => { r.store_at::<4>(w, |x| (x as u32).to_le_bytes())?; }
    Store64At => { r.store_at::<8>(w, u64::to_le_bytes)?; }
    Store8Sum => { r.store_sum::<1>(w, |x| [x as u8])?; }
    Store16Sum => { r.store_sum::<2>(w, |x| (x as u16).to_le_bytes())?; }
    Store32Sum => { r.store_sum::<4>(w, |x| (x as u32).to_le_bytes())?; }
    Store64Sum => { r.store_sum::<8>(w, u64::to_le_bytes)?; }
    Store8Imm => { r.store_immediate::<1>(w, |x| [x as u8])?; }
    Store16Imm => { r.store_immediate::<2>(w, |x| (x as u16).to_le_bytes())?; }
    Store32Imm => { r.store_immediate::<4>(w, |x| (x as u32).to_le_bytes())?; }
    Store64Imm => { r.store_immediate::<8>(w, u64::to_le_bytes)?; }
    MemorySize => {
        r.set(a(w), context.memory_size >> 16);
        r.next(1);
    }
    MemoryGrow => {
        return Err(Slow::Bulk.into());
    }
    MemoryFill => {
        let (d, value, count) = r.three(w);
        if let Some(gas) = small::affordable(r, context, count)
            && (small::reached(r, d, count) || count == 0 && u64::from(d) <= context.memory_size)
        {
            r.gas = gas;
            work::copied(count.into());
            small::fill(r.memory.wrapping_add(d as usize), value as u8, count);
            r.next(1);
        } else {
            return Err(Slow::Bulk.into());
        }
    }
    MemoryCopy => {
        let (d, s, count) = r.three(w);
        if let Some(gas) = small::affordable(r, context, count)
            && (small::reached(r, d.max(s), count) || count == 0 && u64::from(d.max(s)) <= context.memory_size)
        {
            r.gas = gas;
            work::copied(count.into());
            small::copy(r.memory.wrapping_add(d as usize), r.memory.wrapping_add(s as usize), count);
            r.next(1);
        } else {
            return Err(Slow::Bulk.into());
        }
    }
    MemoryInit => {
        return Err(Slow::Bulk.into());
    }
    DataDrop => {
        bulk::data_drop(context, bc(w));
        r.next(1);
    }
    TableGet => {
        let (value, found) = bulk::table_get(context, u32::from(c(w)), r.get32(b(w)));
        if !found {
            return Err(TrapCode::TableOutOfBounds.into());
        }
        r.set(a(w), value);
        r.next(1);
    }
    TableSet => {
        bulk::table_set(context, u32::from(c(w)), r.get32(a(w)), r.get(b(w)))?;
        r.next(1);
    }
    TableSize => {
        let size = bulk::table_size(context, bc(w));
        r.set(a(w), u64::from(size));
        r.next(1);
    }
    TableGrow => {
        let (value, count) = (r.get(b(w)), r.get32(c(w)));
        let cost = bulk::element_cost(context);
        pay!(r, bulk::charge(context, r.gas, u64::from(count), cost));
        let table = r.second() as u32;
        let result = bulk::table_grow(context, table, value, count);
        r.set(a(w), u64::from(result));
        r.next(2);
    }
    TableFill => {
        let (d, value, count) = (r.get32(a(w)), r.get(b(w)), r.get32(c(w)));
        let cost = bulk::element_cost(context);
        pay!(r, bulk::charge(context, r.gas, u64::from(count), cost));
        let table = r.second() as u32;
        bulk::table_fill(context, table, d, value, count)?;
        r.next(2);
    }
    TableCopy => {
        let (d, s, count) = r.three(w);
        let cost = bulk::element_cost(context);
        pay!(r, bulk::charge(context, r.gas, u64::from(count), cost));
        let second = r.second();
        bulk::table_copy(context, second as u32, (second >> 32) as u32, d, s, count)?;
        r.next(2);
    }
    TableInit => {
        let (d, s, count) = r.three(w);
        let cost = bulk::element_cost(context);
        pay!(r, bulk::charge(context, r.gas, u64::from(count), cost));
        let second = r.second();
        bulk::table_init(context, (second >> 32) as u32, second as u32, d, s, count)?;
        r.next(2);
    }
    ElemDrop => {
        bulk::elem_drop(context, bc(w));
        r.next(1);
    }
    RefFunc => {
        let func = bulk::ref_func(context, bc(w));
        r.set(a(w), func);
        r.next(1);
    }

    F32Abs => { r.unary(w, |x| x & 0x7fff_ffff); }
    F32Neg => { r.unary(w, |x| u64::from(x as u32 ^ 1 << 31)); }
    F32Ceil => { r.unary(w, |x| slot32(libm::ceilf(f32_of(x)))); }
    F32Floor => { r.unary(w, |x| slot32(libm::floorf(f32_of(x)))); }
    F32Trunc => { r.unary(w, |x| slot32(libm::truncf(f32_of(x)))); }
    F32Nearest => { r.unary(w, |x| slot32(libm::rintf(f32_of(x)))); }
    F32Sqrt => { r.unary(w, |x| slot32(libm::sqrtf(f32_of(x)))); }
    F32Add => { r.binary64(w, |x, y| slot32(f32_of(x) + f32_of(y))); }
    F32Sub => { r.binary64(w, |x, y| slot32(f32_of(x) - f32_of(y))); }
    F32Mul => { r.binary64(w, |x, y| slot32(f32_of(x) * f32_of(y))); }
    F32Div => { r.binary64(w, |x, y| slot32(f32_of(x) / f32_of(y))); }
    F32Min => { r.binary64(w, |x, y| slot32(min32(f32_of(x), f32_of(y)))); }
    F32Max => { r.binary64(w, |x, y| slot32(max32(f32_of(x), f32_of(y)))); }
    F32Copysign => { r.binary32(w, |x, y| x & 0x7fff_ffff | y & 1 << 31); }
    F32Eq => { r.binary64(w, |x, y| u64::from(f32_of(x) == f32_of(y))); }
    F32Ne => { r.binary64(w, |x, y| u64::from(f32_of(x) != f32_of(y))); }
    F32Lt => { r.binary64(w, |x, y| u64::from(f32_of(x) < f32_of(y))); }
    F32Le => { r.binary64(w, |x, y| u64::from(f32_of(x) <= f32_of(y))); }
    F64Abs => { r.unary(w, |x| x & !(1 << 63)); }
    F64Neg => { r.unary(w, |x| x ^ 1 << 63); }
    F64Ceil => { r.unary(w, |x| slot64(libm::ceil(f64_of(x)))); }
    F64Floor => { r.unary(w, |x| slot64(libm::floor(f64_of(x)))); }
    F64Trunc => { r.unary(w, |x| slot64(libm::trunc(f64_of(x)))); }
    F64Nearest => { r.unary(w, |x| slot64(libm::rint(f64_of(x)))); }
    F64Sqrt => { r.unary(w, |x| slot64(libm::sqrt(f64_of(x)))); }
    F64Add => { r.binary64(w, |x, y| slot64(f64_of(x) + f64_of(y))); }
    F64Sub => { r.binary64(w, |x, y| slot64(f64_of(x) - f64_of(y))); }
    F64Mul => { r.binary64(w, |x, y| slot64(f64_of(x) * f64_of(y))); }
    F64Div => { r.binary64(w, |x, y| slot64(f64_of(x) / f64_of(y))); }
    F64Min => { r.binary64(w, |x, y| slot64(min64(f64_of(x), f64_of(y)))); }
    F64Max => { r.binary64(w, |x, y| slot64(max64(f64_of(x), f64_of(y)))); }
    F64Copysign => { r.binary64(w, |x, y| x & !(1 << 63) | y & 1 << 63); }
    F64Eq => { r.binary64(w, |x, y| u64::from(f64_of(x) == f64_of(y))); }
    F64Ne => { r.binary64(w, |x, y| u64::from(f64_of(x) != f64_of(y))); }
    F64Lt => { r.binary64(w, |x, y| u64::from(f64_of(x) < f64_of(y))); }
    F64Le => { r.binary64(w, |x, y| u64::from(f64_of(x) <= f64_of(y))); }
    I32TruncF32S => { r.fallible_unary(w, |x| i32_of_f32(f32_of(x)).map(|x| x as u32 as u64))?; }
    I32TruncF32U => { r.fallible_unary(w, |x| u32_of_f32(f32_of(x)).map(u64::from))?; }
    I32TruncF64S => { r.fallible_unary(w, |x| i32_of_f64(f64_of(x)).map(|x| x as u32 as u64))?; }
    I32TruncF64U => { r.fallible_unary(w, |x| u32_of_f64(f64_of(x)).map(u64::from))?; }
    I64TruncF32S => { r.fallible_unary(w, |x| i64_of_f32(f32_of(x)).map(|x| x as u64))?; }
    I64TruncF32U => { r.fallible_unary(w, |x| u64_of_f32(f32_of(x)))?; }
    I64TruncF64S => { r.fallible_unary(w, |x| i64_of_f64(f64_of(x)).map(|x| x as u64))?; }
    I64TruncF64U => { r.fallible_unary(w, |x| u64_of_f64(f64_of(x)))?; }
    I32TruncSatF32S => { r.unary(w, |x| f32_of(x) as i32 as u32 as u64); }
    I32TruncSatF32U => { r.unary(w, |x| f32_of(x) as u32 as u64); }
    I32TruncSatF64S => { r.unary(w, |x| f64_of(x) as i32 as u32 as u64); }
    I32TruncSatF64U => { r.unary(w, |x| f64_of(x) as u32 as u64); }
    I64TruncSatF32S => { r.unary(w, |x| f32_of(x) as i64 as u64); }
    I64TruncSatF32U => { r.unary(w, |x| f32_of(x) as u64); }
    I64TruncSatF64S => { r.unary(w, |x| f64_of(x) as i64 as u64); }
    I64TruncSatF64U => { r.unary(w, |x| f64_of(x) as u64); }
    F32ConvertI32S => { r.unary(w, |x| slot32((x as i32) as f32)); }
    F32ConvertI32U => { r.unary(w, |x| slot32((x as u32) as f32)); }
    F32ConvertI64S => { r.unary(w, |x| slot32((x as i64) as f32)); }
    F32ConvertI64U => { r.unary(w, |x| slot32(x as f32)); }
    F64ConvertI32S => { r.unary(w, |x| slot64((x as i32) as f64)); }
    F64ConvertI32U => { r.unary(w, |x| slot64((x as u32) as f64)); }
    F64ConvertI64S => { r.unary(w, |x| slot64((x as i64) as f64)); }
    F64ConvertI64U => { r.unary(w, |x| slot64(x as f64)); }
    F32DemoteF64 => { r.unary(w, |x| slot32(f64_of(x) as f32)); }
    F64PromoteF32 => { r.unary(w, |x| slot64(f64::from(f32_of(x)))); }
}
