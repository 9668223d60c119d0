//! What steps ask for: the slow paths of the interpreter.
use super::context::Context;
use super::exit::{Exit, Slow};
use super::registers::Registers;
use super::{bulk, calls};
use crate::wasm::TrapCode;

/// Whether the interpreter goes on: not when it was left for good. Otherwise does what the step
/// asked for. Afterwards it is taken again, or what `ip` has become.
#[inline(always)]
pub(super) fn goes_on(context: &mut Context<'_>) -> bool {
    matches!(context.left.exit, Exit::Slow(_)) && resolve(context)
}

#[cold]
#[inline(never)]
fn resolve(context: &mut Context<'_>) -> bool {
    let Exit::Slow(slow) = context.left.exit else { return false };
    let mut registers = context.left.registers.take();
    let result = try_resolve(context, slow, &mut registers);
    context.left.registers = registers;
    match result {
        Ok(()) => true,
        Err(exit) => {
            context.left.exit = exit;
            false
        }
    }
}

/// Does what a step asked for.
pub(super) fn try_resolve(
    context: &mut Context<'_>,
    slow: Slow,
    r: &mut Registers,
) -> Result<(), Exit> {
    match slow {
        Slow::Touch { end } => context.touch(end, r)?,
        Slow::Refill { particles } => {
            context.tank.hot = r.gas;
            let result = context.tank.refill(particles);
            r.gas = context.tank.hot;
            result.map_err(|_| TrapCode::OutOfGas)?;
        }
        Slow::Translate { index } => context.translate(index as u32)?,
        Slow::GrowStack { delta, slots } => {
            let base = context.grow_stack(r.slots.wrapping_add(delta as usize), slots as u32)?;
            r.slots = base.wrapping_sub(delta as usize);
        }
        Slow::GrowFrames => context.grow_frames()?,
        // SAFETY: The rules of registers and context; the step was one of a bulk instruction.
        Slow::Bulk => unsafe { bulk::on_memory(context, r)? },
        Slow::Return => {
            context.close_frames();
            let frame = context.stack.frames.pop().ok_or_else(TrapCode::internal)?;
            context.open_frames();
            r.slots = r.slots.wrapping_sub(frame.delta as usize);
            r.ip = frame.ip;
            (r.memory, r.memory_len) = context.switch(frame.instance)?;
        }
        Slow::Call { func, delta, words } => {
            let (instance, index) = context.callee(func)?;
            let caller = context.machine.instance;
            let before = (r.memory, r.memory_len);
            (r.memory, r.memory_len) = context.switch(instance)?;
            loop {
                // SAFETY: The rules of registers and context, for a step of the caller: only the
                // instance is the callee's already.
                let result = unsafe {
                    calls::call_own_from(r, context, index, caller, delta as u16, words as usize)
                };
                match result {
                    Ok(()) => break,
                    Err(Exit::Slow(slow)) => try_resolve(context, slow, r)?,
                    Err(exit) => {
                        context.switch(caller)?;
                        (r.memory, r.memory_len) = before;
                        return Err(exit);
                    }
                }
            }
        }
        Slow::TailCall { func, arguments, count } => {
            let (instance, index) = context.callee(func)?;
            (r.memory, r.memory_len) = context.switch(instance)?;
            loop {
                // SAFETY: As above.
                let result = unsafe {
                    calls::tail_call_own(r, context, index, arguments as u16, count as u32)
                };
                match result {
                    Ok(()) => break,
                    Err(Exit::Slow(slow)) => try_resolve(context, slow, r)?,
                    Err(exit) => return Err(exit),
                }
            }
        }
    }
    Ok(())
}
