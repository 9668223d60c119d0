//! Calls and returns.
//!
//! # Safety
//! The obligations are those of [`registers`](super::registers) and [`context`](super::context).
#![allow(clippy::undocumented_unsafe_blocks)]

use super::context::{Callee, Context, Exit, Frame, translated};
use super::registers::Registers;
use crate::wasm::TrapCode;
use crate::wasm::code::Code;

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
pub(super) unsafe fn call_own<const OBSERVED: bool>(
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

/// Replaces the present frame by that of another function, whose `count` arguments are moved to its start.
#[inline(always)]
pub(super) unsafe fn tail_call<const OBSERVED: bool>(
    r: &mut Registers,
    context: &mut Context<'_>,
    callee: Callee,
    (arguments, count): (u16, u64),
    words: usize,
) -> Result<(), Exit> {
    unsafe {
        let (instance, index) = match callee {
            Callee::Own(index) => (context.instance, index),
            Callee::Other(instance, index) => (instance, index),
            // Its results are returned by the instruction that follows.
            Callee::Host(number) => {
                r.next(words);
                return Err(Exit::Host { number, delta: u32::from(arguments) });
            }
        };
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
        Ok(enter(r, context, code, base)?)
    }
}

/// Calls any function.
#[inline(always)]
pub(super) unsafe fn call<const OBSERVED: bool>(
    r: &mut Registers,
    context: &mut Context<'_>,
    callee: Callee,
    delta: u16,
    words: usize,
) -> Result<(), Exit> {
    unsafe {
        match callee {
            Callee::Own(index) => call_own::<OBSERVED>(r, context, index, delta, words)?,
            Callee::Other(instance, index) => call_other::<OBSERVED>(r, context, (instance, index), delta, words)?,
            Callee::Host(number) => {
                r.next(words);
                return Err(Exit::Host { number, delta: u32::from(delta) });
            }
        }
        Ok(())
    }
}

/// Goes back to the caller. There is always one: the outermost function returns to the `Finish` instruction.
#[inline(always)]
pub(super) unsafe fn return_to_caller<const OBSERVED: bool>(
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
