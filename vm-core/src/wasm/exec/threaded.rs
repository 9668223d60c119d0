//! The backend of optimised native builds: a function for each opcode, which ends by jumping to the next one's.
//!
//! The jump is a call in tail position that the optimiser turns into a jump, since caller and callee have the same signature, all arguments are in
//! registers, and nothing lives on the stack. The compiler does not promise it: with `lto = "off"` it does not happen, and the host's stack overflows. So this backend is there only for who asks for the feature `threaded`, and a test
//! runs more instructions than any stack could hold calls.
//!
//! # Safety
//! Handlers have the obligations of [`steps`]: their arguments are the fields of [`Registers`] and the context.
use super::context::{Context, Exit};
use super::registers::Registers;
use super::steps;
use super::word::{Word, opcode};
use crate::wasm::code::{Op, for_each_op};

/// The convention passes all six arguments in registers.
#[cfg(target_arch = "x86_64")]
type Handler = unsafe extern "sysv64" fn(*const u64, *mut u64, *mut u8, u64, u64, &mut Context<'_>);
#[cfg(not(target_arch = "x86_64"))]
type Handler = unsafe extern "C" fn(*const u64, *mut u64, *mut u8, u64, u64, &mut Context<'_>);

macro_rules! handler {
    ($op:ident, $($convention:tt)*) => {
        pub(super) unsafe $($convention)* fn $op(
            ip: *const u64,
            slots: *mut u64,
            memory: *mut u8,
            memory_len: u64,
            gas: u64,
            context: &mut Context<'_>,
        ) {
            let mut r = Registers { ip, slots, memory, memory_len, gas };
            // SAFETY: The caller's obligation; every step leaves `ip` at an instruction, whose opcode is below the number of opcodes.
            unsafe {
                match steps::$op::<false>(&mut r, context, Word(ip)) {
                    Ok(()) => {
                        let next = *HANDLERS.get_unchecked(usize::from(opcode(r.ip)));
                        next(r.ip, r.slots, r.memory, r.memory_len, r.gas, context)
                    }
                    Err(exit) => {
                        let Registers { ip, slots, memory, memory_len, gas } = r;
                        context.left = (exit, Registers { ip, slots, memory, memory_len, gas });
                    }
                }
            }
        }
    };
}

macro_rules! backend {
    ($($(#[$doc:meta])* $op:ident)*) => {
        /// The handlers, by opcode.
        static HANDLERS: [Handler; OPS] = {
            let mut handlers: [Handler; OPS] = [handlers::Finish; OPS];
            $(handlers[Op::$op as usize] = handlers::$op;)*
            handlers
        };

        /// Number of opcodes.
        const OPS: usize = [$(Op::$op),*].len();

        #[allow(non_snake_case)]
        mod handlers {
            use super::*;
            $(
                #[cfg(target_arch = "x86_64")]
                handler!($op, extern "sysv64");
                #[cfg(not(target_arch = "x86_64"))]
                handler!($op, extern "C");
            )*
        }
    };
}

for_each_op!(backend);

/// As [`interpreter::run`](super::interpreter::run).
///
/// # Safety
/// The registers and the context fulfil the obligations of their modules.
pub(super) unsafe fn run(registers: Registers, context: &mut Context<'_>) -> (Exit, Registers) {
    let mut registers = registers;
    loop {
        let Registers { ip, slots, memory, memory_len, gas } = registers;
        // SAFETY: The caller's obligation, which handlers and `resolve` keep.
        unsafe {
            let first = *HANDLERS.get_unchecked(usize::from(opcode(ip)));
            first(ip, slots, memory, memory_len, gas, context);
        }
        let (exit, left) = core::mem::replace(&mut context.left, (Exit::Finished, Registers::nowhere()));
        let Exit::Slow(slow) = exit else { return (exit, left) };
        let (result, resolved) = context.resolve(slow, left);
        registers = resolved;
        if let Err(exit) = result {
            return (exit, registers);
        }
    }
}
