//! The interpreter's loop.
//!
//! # Safety
//! The obligations are those of [`registers`](super::registers) and [`context`](super::context). The opcode of a word is a valid one because only the translator makes
//! words that `ip` comes to.
#![allow(clippy::undocumented_unsafe_blocks)]

use super::bulk;
use super::context::{Callee, Context, Exit, Frame, translated};
use super::float::*;
use super::registers::Registers;
use crate::wasm::code::{Code, Op, a, b, bc, c};
use crate::wasm::{Func, TrapCode};

/// What the outermost function returns to.
pub(super) static FINISH: [u64; 1] = [Op::Finish as u64];

/// Enters a function of the present instance, whose arguments are at `base`.
///
/// # Safety
/// `base` points into the stack, at the arguments; `code` to translated code of the present instance.
#[inline(always)]
pub(super) unsafe fn enter(
    r: &mut Registers,
    context: &mut Context<'_>,
    code: *const Code,
    mut base: *mut u64,
) -> Result<(), TrapCode> {
    unsafe {
        let code = &*code;
        if (context.stack_end as usize).wrapping_sub(base as usize) / size_of::<u64>() < code.frame_slots as usize {
            base = context.grow_stack(base, code.frame_slots)?;
        }
        let locals = base.add(code.params as usize);
        for local in 0..code.locals as usize {
            *locals.add(local) = 0;
        }
        r.slots = base;
        r.ip = code.words.as_ptr();
        r.charge(context, code.entry_cost)
    }
}

/// The translated code of one of the present instance's own functions.
///
/// # Safety
/// The module has a function with this number.
#[inline(always)]
unsafe fn code_of(context: &mut Context<'_>, index: u32) -> Result<*const Code, TrapCode> {
    match unsafe { (*context.codes.add(index as usize)).get() } {
        Some(code) => Ok(code),
        None => context.translate(index),
    }
}

/// Calls one of the present instance's own functions.
#[inline(always)]
unsafe fn call_own<const OBSERVED: bool>(
    r: &mut Registers,
    context: &mut Context<'_>,
    index: u32,
    delta: u16,
    words: usize,
) -> Result<(), TrapCode> {
    unsafe {
        let code = code_of(context, index)?;
        if context.frames.len() >= context.call_depth {
            return Err(TrapCode::StackOverflow);
        }
        let base = r.slots.add(usize::from(delta));
        context.frames.push(Frame { ip: r.ip.add(words), delta: u32::from(delta), instance: context.instance });
        if OBSERVED {
            context.observe_enter(index, r.gas);
        }
        enter(r, context, code, base)
    }
}

/// Calls a function of another instance.
#[inline(always)]
unsafe fn call_other<const OBSERVED: bool>(
    r: &mut Registers,
    context: &mut Context<'_>,
    (instance, index): (u32, u32),
    delta: u16,
    words: usize,
) -> Result<(), TrapCode> {
    unsafe {
        if context.frames.len() >= context.call_depth {
            return Err(TrapCode::StackOverflow);
        }
        let code = code_in(context, instance, index)?;
        let base = r.slots.add(usize::from(delta));
        context.frames.push(Frame { ip: r.ip.add(words), delta: u32::from(delta), instance: context.instance });
        (r.memory, r.memory_len) = context.switch(instance)?;
        if OBSERVED {
            context.observe_enter(index, r.gas);
        }
        enter(r, context, code, base)
    }
}

/// The translated code of a function of any instance.
fn code_in(context: &Context<'_>, instance: u32, index: u32) -> Result<*const Code, TrapCode> {
    let data = context.store.instances.get(instance as usize).ok_or(TrapCode::MalformedCode)?;
    translated(&data.module.0, index).map(|code| &raw const *code)
}

/// Replaces the present frame by that of another function, whose arguments are moved to its start.
#[inline(always)]
unsafe fn tail_call<const OBSERVED: bool>(
    r: &mut Registers,
    context: &mut Context<'_>,
    callee: (u32, u32),
    arguments: u16,
    count: u64,
) -> Result<(), TrapCode> {
    unsafe {
        let (instance, index) = callee;
        let code = code_in(context, instance, index)?;
        core::ptr::copy(r.slots.add(usize::from(arguments)), r.slots, count as usize);
        if OBSERVED {
            context.observe_exit(r.gas);
        }
        if instance != context.instance {
            (r.memory, r.memory_len) = context.switch(instance)?;
        }
        if OBSERVED {
            context.observe_enter(index, r.gas);
        }
        let base = r.slots;
        enter(r, context, code, base)
    }
}

/// Goes back to the caller. There is always one: the outermost function returns to [`FINISH`].
#[inline(always)]
unsafe fn return_to_caller<const OBSERVED: bool>(
    r: &mut Registers,
    context: &mut Context<'_>,
) -> Result<(), TrapCode> {
    unsafe {
        if OBSERVED {
            context.observe_exit(r.gas);
        }
        let Some(frame) = context.frames.pop() else { return Err(TrapCode::MalformedCode) };
        r.slots = r.slots.sub(frame.delta as usize);
        r.ip = frame.ip;
        if frame.instance != context.instance {
            (r.memory, r.memory_len) = context.switch(frame.instance)?;
        }
        Ok(())
    }
}

/// Runs until the outermost function returns, a host function is called, or something traps.
///
/// # Safety
/// The registers and the context fulfil the obligations of their modules.
pub(super) unsafe fn run<const OBSERVED: bool>(registers: Registers, context: &mut Context<'_>) -> (Exit, Registers) {
    let mut r = registers;
    /// Gives up the loop when something traps.
    macro_rules! check {
        ($result:expr) => {
            if let Err(code) = $result {
                return (Exit::Trap(code), r);
            }
        };
    }
    loop {
        unsafe {
            let w = *r.ip;
            debug_assert!(Op::of(w).is_some());
            match core::mem::transmute::<u16, Op>(w as u16) {
                Op::Charge => {
                    check!(r.charge(context, u64::from(bc(w))));
                    r.next(1);
                }
                Op::Br => {
                    check!(r.charge(context, u64::from(a(w))));
                    r.jump(w);
                }
                Op::BrIfNez32 => {
                    let taken = r.get32(a(w)) != 0;
                    check!(r.branch(context, w, taken));
                }
                Op::BrIfEqz32 => {
                    let taken = r.get32(a(w)) == 0;
                    check!(r.branch(context, w, taken));
                }
                Op::BrIfNez64 => {
                    let taken = r.get(a(w)) != 0;
                    check!(r.branch(context, w, taken));
                }
                Op::BrIfEqz64 => {
                    let taken = r.get(a(w)) == 0;
                    check!(r.branch(context, w, taken));
                }
                Op::BrIfEq32 => check!(r.branch32(context, w, |x, y| x == y)),
                Op::BrIfNe32 => check!(r.branch32(context, w, |x, y| x != y)),
                Op::BrIfLtS32 => check!(r.branch32(context, w, |x, y| (x as i32) < (y as i32))),
                Op::BrIfLtU32 => check!(r.branch32(context, w, |x, y| x < y)),
                Op::BrIfLeS32 => check!(r.branch32(context, w, |x, y| (x as i32) <= (y as i32))),
                Op::BrIfLeU32 => check!(r.branch32(context, w, |x, y| x <= y)),
                Op::BrIfEq64 => check!(r.branch64(context, w, |x, y| x == y)),
                Op::BrIfNe64 => check!(r.branch64(context, w, |x, y| x != y)),
                Op::BrIfLtS64 => check!(r.branch64(context, w, |x, y| (x as i64) < (y as i64))),
                Op::BrIfLtU64 => check!(r.branch64(context, w, |x, y| x < y)),
                Op::BrIfLeS64 => check!(r.branch64(context, w, |x, y| (x as i64) <= (y as i64))),
                Op::BrIfLeU64 => check!(r.branch64(context, w, |x, y| x <= y)),
                Op::BrIfEqImm32 => check!(r.branch_immediate32(context, w, |x, y| x == y)),
                Op::BrIfNeImm32 => check!(r.branch_immediate32(context, w, |x, y| x != y)),
                Op::BrIfLtSImm32 => check!(r.branch_immediate32(context, w, |x, y| (x as i32) < (y as i32))),
                Op::BrIfLtUImm32 => check!(r.branch_immediate32(context, w, |x, y| x < y)),
                Op::BrIfLeSImm32 => check!(r.branch_immediate32(context, w, |x, y| (x as i32) <= (y as i32))),
                Op::BrIfLeUImm32 => check!(r.branch_immediate32(context, w, |x, y| x <= y)),
                Op::BrIfGtSImm32 => check!(r.branch_immediate32(context, w, |x, y| (x as i32) > (y as i32))),
                Op::BrIfGtUImm32 => check!(r.branch_immediate32(context, w, |x, y| x > y)),
                Op::BrIfGeSImm32 => check!(r.branch_immediate32(context, w, |x, y| (x as i32) >= (y as i32))),
                Op::BrIfGeUImm32 => check!(r.branch_immediate32(context, w, |x, y| x >= y)),
                Op::BrIfEqImm64 => check!(r.branch_immediate64(context, w, |x, y| x == y)),
                Op::BrIfNeImm64 => check!(r.branch_immediate64(context, w, |x, y| x != y)),
                Op::BrIfLtSImm64 => check!(r.branch_immediate64(context, w, |x, y| (x as i64) < (y as i64))),
                Op::BrIfLtUImm64 => check!(r.branch_immediate64(context, w, |x, y| x < y)),
                Op::BrIfLeSImm64 => check!(r.branch_immediate64(context, w, |x, y| (x as i64) <= (y as i64))),
                Op::BrIfLeUImm64 => check!(r.branch_immediate64(context, w, |x, y| x <= y)),
                Op::BrIfGtSImm64 => check!(r.branch_immediate64(context, w, |x, y| (x as i64) > (y as i64))),
                Op::BrIfGtUImm64 => check!(r.branch_immediate64(context, w, |x, y| x > y)),
                Op::BrIfGeSImm64 => check!(r.branch_immediate64(context, w, |x, y| (x as i64) >= (y as i64))),
                Op::BrIfGeUImm64 => check!(r.branch_immediate64(context, w, |x, y| x >= y)),
                Op::BrTable => {
                    // The default follows the others.
                    let entry = r.get32(a(w)).min(bc(w));
                    let target = *r.ip.add(1 + entry as usize);
                    check!(r.charge(context, target >> 32));
                    r.ip = r.ip.offset(target as i32 as isize);
                }
                Op::Return => check!(return_to_caller::<OBSERVED>(&mut r, context)),
                Op::Return1 => {
                    *r.slots = r.get(a(w));
                    check!(return_to_caller::<OBSERVED>(&mut r, context));
                }
                Op::ReturnMany => {
                    core::ptr::copy(r.slots.add(usize::from(a(w))), r.slots, usize::from(b(w)));
                    check!(return_to_caller::<OBSERVED>(&mut r, context));
                }
                Op::Call => check!(call_own::<OBSERVED>(&mut r, context, bc(w), a(w), 1)),
                Op::CallImport => {
                    let func: Func = *context.imports.add(bc(w) as usize);
                    match context.imported(func) {
                        Ok(Callee::Host(number)) => {
                            r.next(1);
                            return (Exit::Host { number, delta: u32::from(a(w)) }, r);
                        }
                        Ok(Callee::Own(index)) => {
                            check!(call_own::<OBSERVED>(&mut r, context, index, a(w), 1));
                        }
                        Ok(Callee::Other(instance, index)) => {
                            check!(call_other::<OBSERVED>(&mut r, context, (instance, index), a(w), 1));
                        }
                        Err(code) => return (Exit::Trap(code), r),
                    }
                }
                Op::CallIndirect => {
                    let second = r.second();
                    match context.indirect((second >> 32) as u32, r.get32(b(w)), second as u32) {
                        Ok(Callee::Own(index)) => {
                            check!(call_own::<OBSERVED>(&mut r, context, index, a(w), 2));
                        }
                        Ok(Callee::Host(number)) => {
                            r.next(2);
                            return (Exit::Host { number, delta: u32::from(a(w)) }, r);
                        }
                        Ok(Callee::Other(instance, index)) => {
                            check!(call_other::<OBSERVED>(&mut r, context, (instance, index), a(w), 2));
                        }
                        Err(code) => return (Exit::Trap(code), r),
                    }
                }
                Op::ReturnCall => {
                    let callee = (context.instance, bc(w));
                    let count = r.second();
                    check!(tail_call::<OBSERVED>(&mut r, context, callee, a(w), count));
                }
                Op::ReturnCallImport => {
                    let func: Func = *context.imports.add(bc(w) as usize);
                    let count = r.second();
                    match context.imported(func) {
                        Ok(Callee::Host(number)) => {
                            r.next(2);
                            return (Exit::Host { number, delta: u32::from(a(w)) }, r);
                        }
                        Ok(Callee::Own(index)) => {
                            let callee = (context.instance, index);
                            check!(tail_call::<OBSERVED>(&mut r, context, callee, a(w), count));
                        }
                        Ok(Callee::Other(instance, index)) => {
                            check!(tail_call::<OBSERVED>(&mut r, context, (instance, index), a(w), count));
                        }
                        Err(code) => return (Exit::Trap(code), r),
                    }
                }
                Op::ReturnCallIndirect => {
                    let second = r.second();
                    let count = *r.ip.add(2);
                    match context.indirect((second >> 32) as u32, r.get32(b(w)), second as u32) {
                        Ok(Callee::Host(number)) => {
                            r.next(3);
                            return (Exit::Host { number, delta: u32::from(a(w)) }, r);
                        }
                        Ok(Callee::Own(index)) => {
                            let callee = (context.instance, index);
                            check!(tail_call::<OBSERVED>(&mut r, context, callee, a(w), count));
                        }
                        Ok(Callee::Other(instance, index)) => {
                            check!(tail_call::<OBSERVED>(&mut r, context, (instance, index), a(w), count));
                        }
                        Err(code) => return (Exit::Trap(code), r),
                    }
                }
                Op::Unreachable => return (Exit::Trap(TrapCode::Unreachable), r),
                Op::Finish => return (Exit::Finished, r),

                Op::Copy => r.unary(w, |x| x),
                Op::CopyMany => {
                    let source = r.slots.add(usize::from(b(w)));
                    core::ptr::copy(source, r.slots.add(usize::from(a(w))), usize::from(c(w)));
                    r.next(1);
                }
                Op::Const32 => {
                    r.set(a(w), u64::from(bc(w)));
                    r.next(1);
                }
                Op::Const32S => {
                    r.set(a(w), bc(w) as i32 as u64);
                    r.next(1);
                }
                Op::Const64 => {
                    let value = r.second();
                    r.set(a(w), value);
                    r.next(2);
                }
                Op::Select => {
                    let second = r.second();
                    let slot = if r.get32(b(w)) != 0 { second as u16 } else { (second >> 16) as u16 };
                    let value = r.get(slot);
                    r.set(a(w), value);
                    r.next(2);
                }
                Op::GlobalGet => {
                    let value = *context.globals.add(bc(w) as usize);
                    r.set(a(w), value);
                    r.next(1);
                }
                Op::GlobalSet => {
                    *context.globals.add(bc(w) as usize) = r.get(a(w));
                    r.next(1);
                }
                Op::GlobalGetImported => match context.imported_global(bc(w)) {
                    Ok(global) => {
                        let value = *global;
                        r.set(a(w), value);
                        r.next(1);
                    }
                    Err(code) => return (Exit::Trap(code), r),
                },
                Op::GlobalSetImported => match context.imported_global(bc(w)) {
                    Ok(global) => {
                        *global = r.get(a(w));
                        r.next(1);
                    }
                    Err(code) => return (Exit::Trap(code), r),
                },

                Op::I32Add => r.binary32(w, u32::wrapping_add),
                Op::I32Sub => r.binary32(w, u32::wrapping_sub),
                Op::I32Mul => r.binary32(w, u32::wrapping_mul),
                Op::I32And => r.binary32(w, |x, y| x & y),
                Op::I32Or => r.binary32(w, |x, y| x | y),
                Op::I32Xor => r.binary32(w, |x, y| x ^ y),
                Op::I32Shl => r.binary32(w, u32::wrapping_shl),
                Op::I32ShrS => r.binary32(w, |x, y| (x as i32).wrapping_shr(y) as u32),
                Op::I32ShrU => r.binary32(w, u32::wrapping_shr),
                Op::I32Rotl => r.binary32(w, |x, y| x.rotate_left(y & 31)),
                Op::I32Rotr => r.binary32(w, |x, y| x.rotate_right(y & 31)),
                Op::I32AddImm => r.immediate32(w, u32::wrapping_add),
                Op::I32MulImm => r.immediate32(w, u32::wrapping_mul),
                Op::I32AndImm => r.immediate32(w, |x, y| x & y),
                Op::I32OrImm => r.immediate32(w, |x, y| x | y),
                Op::I32XorImm => r.immediate32(w, |x, y| x ^ y),
                Op::I32ShlImm => r.immediate32(w, u32::wrapping_shl),
                Op::I32ShrSImm => r.immediate32(w, |x, y| (x as i32).wrapping_shr(y) as u32),
                Op::I32ShrUImm => r.immediate32(w, u32::wrapping_shr),
                Op::I32RotlImm => r.immediate32(w, |x, y| x.rotate_left(y & 31)),
                Op::I32RotrImm => r.immediate32(w, |x, y| x.rotate_right(y & 31)),
                Op::I32DivS => check!(r.fallible(w, bulk::div_s32)),
                Op::I32DivU => check!(r.fallible(w, bulk::div_u32)),
                Op::I32RemS => check!(r.fallible(w, bulk::rem_s32)),
                Op::I32RemU => check!(r.fallible(w, bulk::rem_u32)),
                Op::I32Eq => r.binary32(w, |x, y| u32::from(x == y)),
                Op::I32Ne => r.binary32(w, |x, y| u32::from(x != y)),
                Op::I32LtS => r.binary32(w, |x, y| u32::from((x as i32) < (y as i32))),
                Op::I32LtU => r.binary32(w, |x, y| u32::from(x < y)),
                Op::I32LeS => r.binary32(w, |x, y| u32::from((x as i32) <= (y as i32))),
                Op::I32LeU => r.binary32(w, |x, y| u32::from(x <= y)),
                Op::I32EqImm => r.immediate32(w, |x, y| u32::from(x == y)),
                Op::I32NeImm => r.immediate32(w, |x, y| u32::from(x != y)),
                Op::I32LtSImm => r.immediate32(w, |x, y| u32::from((x as i32) < (y as i32))),
                Op::I32LtUImm => r.immediate32(w, |x, y| u32::from(x < y)),
                Op::I32LeSImm => r.immediate32(w, |x, y| u32::from((x as i32) <= (y as i32))),
                Op::I32LeUImm => r.immediate32(w, |x, y| u32::from(x <= y)),
                Op::I32GtSImm => r.immediate32(w, |x, y| u32::from((x as i32) > (y as i32))),
                Op::I32GtUImm => r.immediate32(w, |x, y| u32::from(x > y)),
                Op::I32GeSImm => r.immediate32(w, |x, y| u32::from((x as i32) >= (y as i32))),
                Op::I32GeUImm => r.immediate32(w, |x, y| u32::from(x >= y)),
                Op::I64Add => r.binary64(w, u64::wrapping_add),
                Op::I64Sub => r.binary64(w, u64::wrapping_sub),
                Op::I64Mul => r.binary64(w, u64::wrapping_mul),
                Op::I64And => r.binary64(w, |x, y| x & y),
                Op::I64Or => r.binary64(w, |x, y| x | y),
                Op::I64Xor => r.binary64(w, |x, y| x ^ y),
                Op::I64Shl => r.binary64(w, |x, y| x.wrapping_shl(y as u32)),
                Op::I64ShrS => r.binary64(w, |x, y| (x as i64).wrapping_shr(y as u32) as u64),
                Op::I64ShrU => r.binary64(w, |x, y| x.wrapping_shr(y as u32)),
                Op::I64Rotl => r.binary64(w, |x, y| x.rotate_left(y as u32 & 63)),
                Op::I64Rotr => r.binary64(w, |x, y| x.rotate_right(y as u32 & 63)),
                Op::I64AddImm => r.immediate64(w, u64::wrapping_add),
                Op::I64MulImm => r.immediate64(w, u64::wrapping_mul),
                Op::I64AndImm => r.immediate64(w, |x, y| x & y),
                Op::I64OrImm => r.immediate64(w, |x, y| x | y),
                Op::I64XorImm => r.immediate64(w, |x, y| x ^ y),
                Op::I64ShlImm => r.immediate64(w, |x, y| x.wrapping_shl(y as u32)),
                Op::I64ShrSImm => r.immediate64(w, |x, y| (x as i64).wrapping_shr(y as u32) as u64),
                Op::I64ShrUImm => r.immediate64(w, |x, y| x.wrapping_shr(y as u32)),
                Op::I64RotlImm => r.immediate64(w, |x, y| x.rotate_left(y as u32 & 63)),
                Op::I64RotrImm => r.immediate64(w, |x, y| x.rotate_right(y as u32 & 63)),
                Op::I64DivS => check!(r.fallible(w, bulk::div_s64)),
                Op::I64DivU => check!(r.fallible(w, bulk::div_u64)),
                Op::I64RemS => check!(r.fallible(w, bulk::rem_s64)),
                Op::I64RemU => check!(r.fallible(w, bulk::rem_u64)),
                Op::I64Eq => r.binary64(w, |x, y| u64::from(x == y)),
                Op::I64Ne => r.binary64(w, |x, y| u64::from(x != y)),
                Op::I64LtS => r.binary64(w, |x, y| u64::from((x as i64) < (y as i64))),
                Op::I64LtU => r.binary64(w, |x, y| u64::from(x < y)),
                Op::I64LeS => r.binary64(w, |x, y| u64::from((x as i64) <= (y as i64))),
                Op::I64LeU => r.binary64(w, |x, y| u64::from(x <= y)),
                Op::I64EqImm => r.immediate64(w, |x, y| u64::from(x == y)),
                Op::I64NeImm => r.immediate64(w, |x, y| u64::from(x != y)),
                Op::I64LtSImm => r.immediate64(w, |x, y| u64::from((x as i64) < (y as i64))),
                Op::I64LtUImm => r.immediate64(w, |x, y| u64::from(x < y)),
                Op::I64LeSImm => r.immediate64(w, |x, y| u64::from((x as i64) <= (y as i64))),
                Op::I64LeUImm => r.immediate64(w, |x, y| u64::from(x <= y)),
                Op::I64GtSImm => r.immediate64(w, |x, y| u64::from((x as i64) > (y as i64))),
                Op::I64GtUImm => r.immediate64(w, |x, y| u64::from(x > y)),
                Op::I64GeSImm => r.immediate64(w, |x, y| u64::from((x as i64) >= (y as i64))),
                Op::I64GeUImm => r.immediate64(w, |x, y| u64::from(x >= y)),
                Op::I32Eqz => r.unary(w, |x| u64::from(x as u32 == 0)),
                Op::I64Eqz => r.unary(w, |x| u64::from(x == 0)),
                Op::I32Clz => r.unary(w, |x| u64::from((x as u32).leading_zeros())),
                Op::I32Ctz => r.unary(w, |x| u64::from((x as u32).trailing_zeros())),
                Op::I32Popcnt => r.unary(w, |x| u64::from((x as u32).count_ones())),
                Op::I64Clz => r.unary(w, |x| u64::from(x.leading_zeros())),
                Op::I64Ctz => r.unary(w, |x| u64::from(x.trailing_zeros())),
                Op::I64Popcnt => r.unary(w, |x| u64::from(x.count_ones())),
                Op::I32Extend8S => r.unary(w, |x| u64::from(x as i8 as u32)),
                Op::I32Extend16S => r.unary(w, |x| u64::from(x as i16 as u32)),
                Op::I64Extend8S => r.unary(w, |x| x as i8 as u64),
                Op::I64Extend16S => r.unary(w, |x| x as i16 as u64),
                Op::I64Extend32S => r.unary(w, |x| x as i32 as u64),
                Op::I32Wrap => r.unary(w, |x| u64::from(x as u32)),

                Op::Load8U => check!(r.load::<1>(context, w, |[x]| u64::from(x))),
                Op::Load16U => check!(r.load::<2>(context, w, |x| u64::from(u16::from_le_bytes(x)))),
                Op::Load32 => check!(r.load::<4>(context, w, |x| u64::from(u32::from_le_bytes(x)))),
                Op::Load64 => check!(r.load::<8>(context, w, u64::from_le_bytes)),
                Op::I32Load8S => check!(r.load::<1>(context, w, |[x]| u64::from(x as i8 as u32))),
                Op::I32Load16S => check!(r.load::<2>(context, w, |x| u64::from(i16::from_le_bytes(x) as u32))),
                Op::I64Load8S => check!(r.load::<1>(context, w, |[x]| x as i8 as u64)),
                Op::I64Load16S => check!(r.load::<2>(context, w, |x| i16::from_le_bytes(x) as u64)),
                Op::I64Load32S => check!(r.load::<4>(context, w, |x| i32::from_le_bytes(x) as u64)),
                Op::Load8UWide => check!(r.load_wide::<1>(context, w, |[x]| u64::from(x))),
                Op::Load16UWide => check!(r.load_wide::<2>(context, w, |x| u64::from(u16::from_le_bytes(x)))),
                Op::Load32Wide => check!(r.load_wide::<4>(context, w, |x| u64::from(u32::from_le_bytes(x)))),
                Op::Load64Wide => check!(r.load_wide::<8>(context, w, u64::from_le_bytes)),
                Op::I32Load8SWide => check!(r.load_wide::<1>(context, w, |[x]| u64::from(x as i8 as u32))),
                Op::I32Load16SWide => check!(r.load_wide::<2>(context, w, |x| u64::from(i16::from_le_bytes(x) as u32))),
                Op::I64Load8SWide => check!(r.load_wide::<1>(context, w, |[x]| x as i8 as u64)),
                Op::I64Load16SWide => check!(r.load_wide::<2>(context, w, |x| i16::from_le_bytes(x) as u64)),
                Op::I64Load32SWide => check!(r.load_wide::<4>(context, w, |x| i32::from_le_bytes(x) as u64)),
                Op::Load8UAt => check!(r.load_at::<1>(context, w, |[x]| u64::from(x))),
                Op::Load16UAt => check!(r.load_at::<2>(context, w, |x| u64::from(u16::from_le_bytes(x)))),
                Op::Load32At => check!(r.load_at::<4>(context, w, |x| u64::from(u32::from_le_bytes(x)))),
                Op::Load64At => check!(r.load_at::<8>(context, w, u64::from_le_bytes)),
                Op::I32Load8SAt => check!(r.load_at::<1>(context, w, |[x]| u64::from(x as i8 as u32))),
                Op::I32Load16SAt => check!(r.load_at::<2>(context, w, |x| u64::from(i16::from_le_bytes(x) as u32))),
                Op::I64Load8SAt => check!(r.load_at::<1>(context, w, |[x]| x as i8 as u64)),
                Op::I64Load16SAt => check!(r.load_at::<2>(context, w, |x| i16::from_le_bytes(x) as u64)),
                Op::I64Load32SAt => check!(r.load_at::<4>(context, w, |x| i32::from_le_bytes(x) as u64)),
                Op::Store8 => check!(r.store::<1>(context, w, |x| [x as u8])),
                Op::Store16 => check!(r.store::<2>(context, w, |x| (x as u16).to_le_bytes())),
                Op::Store32 => check!(r.store::<4>(context, w, |x| (x as u32).to_le_bytes())),
                Op::Store64 => check!(r.store::<8>(context, w, u64::to_le_bytes)),
                Op::Store8Wide => check!(r.store_wide::<1>(context, w, |x| [x as u8])),
                Op::Store16Wide => check!(r.store_wide::<2>(context, w, |x| (x as u16).to_le_bytes())),
                Op::Store32Wide => check!(r.store_wide::<4>(context, w, |x| (x as u32).to_le_bytes())),
                Op::Store64Wide => check!(r.store_wide::<8>(context, w, u64::to_le_bytes)),
                Op::Store8At => check!(r.store_at::<1>(context, w, |x| [x as u8])),
                Op::Store16At => check!(r.store_at::<2>(context, w, |x| (x as u16).to_le_bytes())),
                Op::Store32At => check!(r.store_at::<4>(context, w, |x| (x as u32).to_le_bytes())),
                Op::Store64At => check!(r.store_at::<8>(context, w, u64::to_le_bytes)),
                Op::Store8Imm => check!(r.store_immediate::<1>(context, w, |x| [x as u8])),
                Op::Store16Imm => check!(r.store_immediate::<2>(context, w, |x| (x as u16).to_le_bytes())),
                Op::Store32Imm => check!(r.store_immediate::<4>(context, w, |x| (x as u32).to_le_bytes())),
                Op::Store64Imm => check!(r.store_immediate::<8>(context, w, u64::to_le_bytes)),
                Op::MemorySize => {
                    let pages = bulk::memory_size(context);
                    r.set(a(w), u64::from(pages));
                    r.next(1);
                }
                Op::MemoryGrow => {
                    let pages = r.get32(b(w));
                    check!(bulk::charge(context, &mut r.gas, u64::from(pages), bulk::page_cost(context)));
                    let result = bulk::memory_grow(context, pages);
                    (r.memory, r.memory_len) = context.memory();
                    r.set(a(w), u64::from(result));
                    r.next(1);
                }
                Op::MemoryFill => {
                    let (d, value, count) = r.three(w);
                    let cost = bulk::byte_cost(context);
                    check!(bulk::charge(context, &mut r.gas, u64::from(count), cost));
                    check!(bulk::memory_fill(context, d, value, count));
                    (r.memory, r.memory_len) = context.memory();
                    r.next(1);
                }
                Op::MemoryCopy => {
                    let (d, s, count) = r.three(w);
                    let cost = bulk::byte_cost(context);
                    check!(bulk::charge(context, &mut r.gas, u64::from(count), cost));
                    check!(bulk::memory_copy(context, d, s, count));
                    (r.memory, r.memory_len) = context.memory();
                    r.next(1);
                }
                Op::MemoryInit => {
                    let (d, s, count) = r.three(w);
                    let cost = bulk::byte_cost(context);
                    check!(bulk::charge(context, &mut r.gas, u64::from(count), cost));
                    let segment = r.second() as u32;
                    check!(bulk::memory_init(context, segment, d, s, count));
                    (r.memory, r.memory_len) = context.memory();
                    r.next(2);
                }
                Op::DataDrop => {
                    bulk::data_drop(context, bc(w));
                    r.next(1);
                }
                Op::TableGet => match bulk::table_get(context, u32::from(c(w)), r.get32(b(w))) {
                    Ok(value) => {
                        r.set(a(w), value);
                        r.next(1);
                    }
                    Err(code) => return (Exit::Trap(code), r),
                },
                Op::TableSet => {
                    check!(bulk::table_set(context, u32::from(c(w)), r.get32(a(w)), r.get(b(w))));
                    r.next(1);
                }
                Op::TableSize => match context.table(bc(w)) {
                    Ok(table) => {
                        let size = u64::from(table.size());
                        r.set(a(w), size);
                        r.next(1);
                    }
                    Err(code) => return (Exit::Trap(code), r),
                },
                Op::TableGrow => {
                    let (value, count) = (r.get(b(w)), r.get32(c(w)));
                    let cost = bulk::element_cost(context);
                    check!(bulk::charge(context, &mut r.gas, u64::from(count), cost));
                    let table = r.second() as u32;
                    let result = bulk::table_grow(context, table, value, count);
                    r.set(a(w), u64::from(result));
                    r.next(2);
                }
                Op::TableFill => {
                    let (d, value, count) = (r.get32(a(w)), r.get(b(w)), r.get32(c(w)));
                    let cost = bulk::element_cost(context);
                    check!(bulk::charge(context, &mut r.gas, u64::from(count), cost));
                    let table = r.second() as u32;
                    check!(bulk::table_fill(context, table, d, value, count));
                    r.next(2);
                }
                Op::TableCopy => {
                    let (d, s, count) = r.three(w);
                    let cost = bulk::element_cost(context);
                    check!(bulk::charge(context, &mut r.gas, u64::from(count), cost));
                    let second = r.second();
                    check!(bulk::table_copy(context, second as u32, (second >> 32) as u32, d, s, count));
                    r.next(2);
                }
                Op::TableInit => {
                    let (d, s, count) = r.three(w);
                    let cost = bulk::element_cost(context);
                    check!(bulk::charge(context, &mut r.gas, u64::from(count), cost));
                    let second = r.second();
                    check!(bulk::table_init(context, (second >> 32) as u32, second as u32, d, s, count));
                    r.next(2);
                }
                Op::ElemDrop => {
                    bulk::elem_drop(context, bc(w));
                    r.next(1);
                }
                Op::RefFunc => {
                    let func = bulk::ref_func(context, bc(w));
                    r.set(a(w), func);
                    r.next(1);
                }

                Op::F32Abs => r.unary(w, |x| x & 0x7fff_ffff),
                Op::F32Neg => r.unary(w, |x| u64::from(x as u32 ^ 1 << 31)),
                Op::F32Ceil => r.unary(w, |x| slot32(libm::ceilf(f32_of(x)))),
                Op::F32Floor => r.unary(w, |x| slot32(libm::floorf(f32_of(x)))),
                Op::F32Trunc => r.unary(w, |x| slot32(libm::truncf(f32_of(x)))),
                Op::F32Nearest => r.unary(w, |x| slot32(libm::rintf(f32_of(x)))),
                Op::F32Sqrt => r.unary(w, |x| slot32(libm::sqrtf(f32_of(x)))),
                Op::F32Add => r.binary64(w, |x, y| slot32(f32_of(x) + f32_of(y))),
                Op::F32Sub => r.binary64(w, |x, y| slot32(f32_of(x) - f32_of(y))),
                Op::F32Mul => r.binary64(w, |x, y| slot32(f32_of(x) * f32_of(y))),
                Op::F32Div => r.binary64(w, |x, y| slot32(f32_of(x) / f32_of(y))),
                Op::F32Min => r.binary64(w, |x, y| slot32(min32(f32_of(x), f32_of(y)))),
                Op::F32Max => r.binary64(w, |x, y| slot32(max32(f32_of(x), f32_of(y)))),
                Op::F32Copysign => r.binary32(w, |x, y| x & 0x7fff_ffff | y & 1 << 31),
                Op::F32Eq => r.binary64(w, |x, y| u64::from(f32_of(x) == f32_of(y))),
                Op::F32Ne => r.binary64(w, |x, y| u64::from(f32_of(x) != f32_of(y))),
                Op::F32Lt => r.binary64(w, |x, y| u64::from(f32_of(x) < f32_of(y))),
                Op::F32Le => r.binary64(w, |x, y| u64::from(f32_of(x) <= f32_of(y))),
                Op::F64Abs => r.unary(w, |x| x & !(1 << 63)),
                Op::F64Neg => r.unary(w, |x| x ^ 1 << 63),
                Op::F64Ceil => r.unary(w, |x| slot64(libm::ceil(f64_of(x)))),
                Op::F64Floor => r.unary(w, |x| slot64(libm::floor(f64_of(x)))),
                Op::F64Trunc => r.unary(w, |x| slot64(libm::trunc(f64_of(x)))),
                Op::F64Nearest => r.unary(w, |x| slot64(libm::rint(f64_of(x)))),
                Op::F64Sqrt => r.unary(w, |x| slot64(libm::sqrt(f64_of(x)))),
                Op::F64Add => r.binary64(w, |x, y| slot64(f64_of(x) + f64_of(y))),
                Op::F64Sub => r.binary64(w, |x, y| slot64(f64_of(x) - f64_of(y))),
                Op::F64Mul => r.binary64(w, |x, y| slot64(f64_of(x) * f64_of(y))),
                Op::F64Div => r.binary64(w, |x, y| slot64(f64_of(x) / f64_of(y))),
                Op::F64Min => r.binary64(w, |x, y| slot64(min64(f64_of(x), f64_of(y)))),
                Op::F64Max => r.binary64(w, |x, y| slot64(max64(f64_of(x), f64_of(y)))),
                Op::F64Copysign => r.binary64(w, |x, y| x & !(1 << 63) | y & 1 << 63),
                Op::F64Eq => r.binary64(w, |x, y| u64::from(f64_of(x) == f64_of(y))),
                Op::F64Ne => r.binary64(w, |x, y| u64::from(f64_of(x) != f64_of(y))),
                Op::F64Lt => r.binary64(w, |x, y| u64::from(f64_of(x) < f64_of(y))),
                Op::F64Le => r.binary64(w, |x, y| u64::from(f64_of(x) <= f64_of(y))),
                Op::I32TruncF32S => check!(r.fallible_unary(w, |x| i32_of_f32(f32_of(x)).map(|x| x as u32 as u64))),
                Op::I32TruncF32U => check!(r.fallible_unary(w, |x| u32_of_f32(f32_of(x)).map(|x| x as u32 as u64))),
                Op::I32TruncF64S => check!(r.fallible_unary(w, |x| i32_of_f64(f64_of(x)).map(|x| x as u32 as u64))),
                Op::I32TruncF64U => check!(r.fallible_unary(w, |x| u32_of_f64(f64_of(x)).map(|x| x as u32 as u64))),
                Op::I64TruncF32S => check!(r.fallible_unary(w, |x| i64_of_f32(f32_of(x)).map(|x| x as u64))),
                Op::I64TruncF32U => check!(r.fallible_unary(w, |x| u64_of_f32(f32_of(x)).map(|x| x as u64))),
                Op::I64TruncF64S => check!(r.fallible_unary(w, |x| i64_of_f64(f64_of(x)).map(|x| x as u64))),
                Op::I64TruncF64U => check!(r.fallible_unary(w, |x| u64_of_f64(f64_of(x)).map(|x| x as u64))),
                Op::I32TruncSatF32S => r.unary(w, |x| f32_of(x) as i32 as u32 as u64),
                Op::I32TruncSatF32U => r.unary(w, |x| f32_of(x) as u32 as u64),
                Op::I32TruncSatF64S => r.unary(w, |x| f64_of(x) as i32 as u32 as u64),
                Op::I32TruncSatF64U => r.unary(w, |x| f64_of(x) as u32 as u64),
                Op::I64TruncSatF32S => r.unary(w, |x| f32_of(x) as i64 as u64),
                Op::I64TruncSatF32U => r.unary(w, |x| f32_of(x) as u64),
                Op::I64TruncSatF64S => r.unary(w, |x| f64_of(x) as i64 as u64),
                Op::I64TruncSatF64U => r.unary(w, |x| f64_of(x) as u64),
                Op::F32ConvertI32S => r.unary(w, |x| slot32((x as i32) as f32)),
                Op::F32ConvertI32U => r.unary(w, |x| slot32((x as u32) as f32)),
                Op::F32ConvertI64S => r.unary(w, |x| slot32((x as i64) as f32)),
                Op::F32ConvertI64U => r.unary(w, |x| slot32(x as f32)),
                Op::F64ConvertI32S => r.unary(w, |x| slot64((x as i32) as f64)),
                Op::F64ConvertI32U => r.unary(w, |x| slot64((x as u32) as f64)),
                Op::F64ConvertI64S => r.unary(w, |x| slot64((x as i64) as f64)),
                Op::F64ConvertI64U => r.unary(w, |x| slot64(x as f64)),
                Op::F32DemoteF64 => r.unary(w, |x| slot32(f64_of(x) as f32)),
                Op::F64PromoteF32 => r.unary(w, |x| slot64(f64::from(f32_of(x)))),
            }
        }
    }
}
