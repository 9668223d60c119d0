//! The backend of optimised native builds: a function for each opcode, which ends by jumping to the
//! next one's.
//!
//! The jump is a call in tail position that the optimiser turns into a jump, since caller and
//! callee have the same signature, all arguments are in registers, and nothing lives on the stack.
//! The compiler does not promise it: with `lto = "off"` it does not happen, and the host's stack
//! overflows. So this backend is only there with the feature `threaded`, and a test
//! runs more instructions than any stack could hold calls.
//!
//! # Safety
//! Handlers have the rules of [`steps`]: their arguments are fields of [`Registers`] and the
//! context, in which the others are; [`Handlers`] points to [`HANDLERS`].
use core::mem::MaybeUninit;

use super::context::Context;
use super::registers::Registers;
use super::word::{At, opcode};
use super::{slow, steps};
use crate::wasm::code::{Op, for_each_op};

/// What a handler gets: where it is, the frame, the handlers, nothing, the gas, all else. The
/// convention passes six words in registers, and has the processor count shifts in the fourth of
/// them, so that one stays free. The memory, which fewer instructions need, is in the context.
#[cfg(target_arch = "x86_64")]
type Handler =
    unsafe extern "sysv64" fn(*const u64, *mut u64, Handlers, Nothing, u64, &mut Context<'_>);
#[cfg(not(target_arch = "x86_64"))]
type Handler = unsafe extern "C" fn(*const u64, *mut u64, Handlers, Nothing, u64, &mut Context<'_>);

/// The first of [`HANDLERS`].
#[derive(Clone, Copy)]
#[repr(transparent)]
struct Handlers(*const Handler);

/// A register that holds nothing.
type Nothing = MaybeUninit<u64>;

macro_rules! handler {
    ($op:ident, $($convention:tt)*) => {
        pub(super) unsafe $($convention)* fn $op(
            ip: *const u64,
            slots: *mut u64,
            handlers: Handlers,
            _: Nothing,
            gas: u64,
            context: &mut Context<'_>,
        ) {
            // No step lets the memory move: what does is done between steps.
            let Registers { memory, memory_len, .. } = context.left.registers;
            let mut r = Registers { ip, slots, memory, memory_len, gas };
            // SAFETY: The caller's obligation. Every step keeps the rules of registers: it leaves
            // `ip` at an instruction, whose opcode is below the number of opcodes.
            unsafe {
                match steps::$op::<false>(&mut r, context, At::new(ip)) {
                    Ok(()) => {
                        let next = *handlers.0.add(usize::from(opcode(r.ip)));
                        next(r.ip, r.slots, handlers, Nothing::uninit(), r.gas, context)
                    }
                    Err(exit) => {
                        context.left.exit = exit;
                        context.left.registers.ip = r.ip;
                        context.left.registers.slots = r.slots;
                        context.left.registers.gas = r.gas;
                    }
                }
            }
        }
    };
}

macro_rules! backend {
    ($(
        $(#[$doc:meta])*
        $op:ident $operands:tt $text:literal $([$($effect:tt)*])? $({$($related:tt)*})?;
    )*) => {
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
/// The rules of registers and context hold for `context.left.registers` and `context`.
pub(super) unsafe fn run(context: &mut Context<'_>) {
    loop {
        let Registers { ip, slots, gas, .. } = context.left.registers;
        // SAFETY: The caller's obligation, which handlers and `goes_on` keep.
        unsafe {
            let first = *HANDLERS.get_unchecked(usize::from(opcode(ip)));
            first(ip, slots, Handlers(HANDLERS.as_ptr()), Nothing::uninit(), gas, context);
        }
        if !slow::goes_on(context) {
            return;
        }
    }
}
