//! The reference backend: one loop around one `match`.
//!
//! The only one on wasm32, in builds without optimisation, under Miri, and with an observer.
use super::context::{Context, Left};
use super::word::{At, opcode};
use super::{slow, steps};
use crate::wasm::code::{Op, for_each_op};

macro_rules! backend {
    ($(
        $(#[$doc:meta])*
        $op:ident $operands:tt $text:literal $([$($effect:tt)*])? $({$($related:tt)*})?;
    )*) => {
        /// Runs from where the context says that it was left, until the outermost function returns,
        /// a host function is called, or something traps.
        ///
        /// # Safety
        /// The rules of registers and context hold for `context.left.registers` and `context`.
        pub(super) unsafe fn run<const OBSERVED: bool>(context: &mut Context<'_>) {
            let mut registers = context.left.registers.take();
            #[cfg(feature = "work")]
            let mut before = 0;
            loop {
                // SAFETY: Rule 1 of registers, which every step keeps: `ip` points to an
                // instruction that the translator made, so its opcode is one. The step is that
                // of the opcode.
                let result = unsafe {
                    debug_assert!(Op::of(*registers.ip).is_some());
                    let op = core::mem::transmute::<u16, Op>(opcode(registers.ip));
                    #[cfg(feature = "work")]
                    {
                        crate::work::check();
                        crate::work::add(op.unit(), 1);
                        if op.waits(*registers.ip, before) {
                            crate::work::add(crate::work::Unit::Waited, 1);
                        }
                        before = *registers.ip;
                    }
                    match op {
                        $(Op::$op => {
                            let w = At::new(registers.ip);
                            steps::$op::<OBSERVED>(&mut registers, context, w)
                        })*
                    }
                };
                if let Err(exit) = result {
                    context.left = Left { exit, registers };
                    if !slow::goes_on(context) {
                        return;
                    }
                    registers = context.left.registers.take();
                }
            }
        }
    };
}

for_each_op!(backend);
