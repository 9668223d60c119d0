//! Calls and returns.
//!
//! # Safety
//! All functions have the rules of [`registers`](super::registers) and [`context`](super::context),
//! and keep them. Besides:
//! 1. A function's index is below the number of the module's own, `delta` and arguments lie in the
//!    running frame, and `words` is the length of the instruction at `ip`. The translator and
//!    [`Context::callee`] see to it.

use once_cell::race::OnceBox;

use super::context::Context;
use super::exit::{Exit, Slow};
use super::registers::Registers;
use crate::wasm::Func;
use crate::wasm::code::Code;
use crate::wasm::stack::Frame;
use crate::work::{self, Unit};

/// Checks that a function of the running instance can be entered with its arguments `delta` slots
/// from the running frame's first on: its code is there, the stack reaches far enough, and the gas
/// pays for its first segment. Changes nothing.
#[inline(always)]
unsafe fn check<'c>(
    r: &Registers,
    context: &Context<'_>,
    index: u32,
    delta: u16,
) -> Result<&'c Code, Exit> {
    // SAFETY: Rule 1, and rule 1 of context for `codes`.
    unsafe {
        // The module keeps its code for as long as the store lives, which outlives the step.
        let cell: &'c OnceBox<Code> = &*context.machine.codes.add(index as usize);
        let Some(code) = cell.get() else {
            return Err(Slow::Translate { index: u64::from(index) }.into());
        };
        let base = r.slots.add(usize::from(delta));
        if (context.machine.stack_end as usize).wrapping_sub(base as usize) < code.frame_bytes {
            return Err(Slow::GrowStack {
                delta: u64::from(delta),
                slots: u64::from(code.frame_slots),
            }
            .into());
        }
        if r.gas < code.entry_cost {
            return Err(Slow::Refill { particles: code.entry_cost }.into());
        }
        Ok(code)
    }
}

/// Enters a function that was checked: pays for its first segment and clears its locals.
#[inline(always)]
unsafe fn enter(r: &mut Registers, code: &Code, base: *mut u64) {
    // SAFETY: `check` has seen that the frame of the code lies behind `base`: its parameters and
    // locals are the first of its slots. Its first word begins an instruction.
    unsafe {
        r.gas -= code.entry_cost;
        work::add(Unit::SlotCleared, code.locals.into());
        r.slots = base;
        r.ip = code.words.as_ptr();
        let mut local = base.add(code.params as usize);
        let end = local.add(code.locals as usize);
        while local != end {
            // Volatile, so that it does not become a call of `memset`, for which all registers
            // would have to be saved.
            local.write_volatile(0);
            local = local.add(1);
        }
    }
}

/// Calls one of the running instance's own functions for a function of the instance `caller`, which
/// goes on `words` words later.
#[inline(always)]
pub(super) unsafe fn call_own_from(
    r: &mut Registers,
    context: &mut Context<'_>,
    index: u32,
    caller: u32,
    delta: u16,
    words: usize,
) -> Result<(), Exit> {
    // SAFETY: Rule 1, and rule 2 of context: there is room for the record.
    unsafe {
        if context.machine.frame_next == context.machine.frame_end {
            return Err(Slow::GrowFrames.into());
        }
        let code = check(r, context, index, delta)?;
        context.machine.frame_next.write(Frame {
            ip: r.ip.add(words),
            delta: u32::from(delta),
            instance: caller,
        });
        context.machine.frame_next = context.machine.frame_next.add(1);
        if context.observer.is_some() {
            context.observe_enter(index, r.gas);
        }
        let base = r.slots.add(usize::from(delta));
        enter(r, code, base);
        Ok(())
    }
}

/// Calls one of the running instance's own functions. As [`call_own_from`], for steps.
#[inline(always)]
pub(super) unsafe fn call_own<const OBSERVED: bool>(
    r: &mut Registers,
    context: &mut Context<'_>,
    index: u32,
    delta: u16,
    words: usize,
) -> Result<(), Exit> {
    // SAFETY: As in `call_own_from`.
    unsafe {
        let caller = context.machine.instance;
        if OBSERVED {
            return call_own_from(r, context, index, caller, delta, words);
        }
        if context.machine.frame_next == context.machine.frame_end {
            return Err(Slow::GrowFrames.into());
        }
        let code = check(r, context, index, delta)?;
        context.machine.frame_next.write(Frame {
            ip: r.ip.add(words),
            delta: u32::from(delta),
            instance: caller,
        });
        context.machine.frame_next = context.machine.frame_next.add(1);
        let base = r.slots.add(usize::from(delta));
        enter(r, code, base);
        Ok(())
    }
}

/// The number of a function of the running instance among its own.
#[inline(always)]
fn own(context: &Context<'_>, func: Func) -> Option<u32> {
    // The instance's number plus one is the high half.
    let same = (func.0 >> 32) as u32 == context.machine.instance.wrapping_add(1);
    (func.0 as u32).checked_sub(context.machine.imported).filter(|_| same)
}

/// Calls a function that [`Context::indirect`] gave.
#[inline(always)]
pub(super) unsafe fn call<const OBSERVED: bool>(
    r: &mut Registers,
    context: &mut Context<'_>,
    func: Func,
    delta: u16,
    words: usize,
) -> Result<(), Exit> {
    match own(context, func) {
        // SAFETY: The caller's obligation; `own` has seen that the function is one of the module's.
        Some(index) => unsafe { call_own::<OBSERVED>(r, context, index, delta, words) },
        // SAFETY: The caller's obligation.
        None => unsafe { call_other(r, func, delta, words) },
    }
}

/// Calls a function of the host or of any instance.
#[inline(always)]
pub(super) unsafe fn call_other(
    r: &mut Registers,
    func: Func,
    delta: u16,
    words: usize,
) -> Result<(), Exit> {
    match func.host_number() {
        Some(number) => {
            // SAFETY: Rule 1: the instruction goes on behind itself.
            r.ip = unsafe { r.ip.add(words) };
            Err(Exit::Host { number: u64::from(number), delta: u64::from(delta) })
        }
        None => Err(Slow::Call { func, delta: u64::from(delta), words: words as u64 }.into()),
    }
}

/// Replaces the running frame by that of one of the running instance's own functions, whose `count`
/// arguments are moved to its start.
#[inline(always)]
pub(super) unsafe fn tail_call_own(
    r: &mut Registers,
    context: &mut Context<'_>,
    index: u32,
    arguments: u16,
    count: u32,
) -> Result<(), Exit> {
    // SAFETY: Rule 1: the arguments lie in the running frame, and `check` has seen that as many
    // slots lie from its start on as the callee has parameters.
    unsafe {
        let code = check(r, context, index, 0)?;
        work::add(Unit::SlotMoved, count.into());
        core::ptr::copy(r.slots.add(usize::from(arguments)), r.slots, count as usize);
        if context.observer.is_some() {
            context.observe_exit(r.gas);
            context.observe_enter(index, r.gas);
        }
        let base = r.slots;
        enter(r, code, base);
        Ok(())
    }
}

/// Replaces the running frame by that of any function.
#[inline(always)]
pub(super) unsafe fn tail_call(
    r: &mut Registers,
    func: Func,
    (arguments, count): (u16, u64),
    words: usize,
) -> Result<(), Exit> {
    match func.host_number() {
        // Its results are returned by the instruction that follows.
        Some(number) => {
            // SAFETY: Rule 1: the instruction goes on behind itself.
            r.ip = unsafe { r.ip.add(words) };
            Err(Exit::Host { number: u64::from(number), delta: u64::from(arguments) })
        }
        None => Err(Slow::TailCall { func, arguments: u64::from(arguments), count }.into()),
    }
}

/// Goes back to the caller. There is always one: the outermost function returns to the `Finish`
/// instruction.
#[inline(always)]
pub(super) unsafe fn return_to_caller<const OBSERVED: bool>(
    r: &mut Registers,
    context: &mut Context<'_>,
) -> Result<(), Exit> {
    // SAFETY: Rule 2 of context: there is a record of the caller.
    unsafe {
        if OBSERVED {
            context.observe_exit(r.gas);
        }
        let last = context.machine.frame_next.sub(1);
        let frame = *last;
        if frame.instance != context.machine.instance {
            return Err(Slow::Return.into());
        }
        context.machine.frame_next = last;
        r.slots = r.slots.sub(frame.delta as usize);
        r.ip = frame.ip;
        Ok(())
    }
}
