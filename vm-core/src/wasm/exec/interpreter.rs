//! The reference backend: one loop around one `match`.
//!
//! The only one on wasm32, in builds without optimisation, under Miri, and when somebody looks on.
use super::context::{Context, Left};
use super::steps;
use super::word::{Word, opcode};
use crate::wasm::code::{Op, for_each_op};

macro_rules! backend {
    ($($(#[$doc:meta])* $op:ident)*) => {
        /// Runs from where the context says that it was left, until the outermost function returns,
        /// a host function is called, or something traps.
        ///
        /// # Safety
        /// The registers and the context fulfil the obligations of their modules.
        pub(super) unsafe fn run<const OBSERVED: bool>(context: &mut Context<'_>) {
            let mut registers = context.left.registers.take();
            #[cfg(feature = "work")]
            let mut before = 0;
            loop {
                // SAFETY: `ip` points to an instruction, by the obligation of the registers, which
                // every step keeps; only the translator makes instructions, of valid opcodes.
                let result = unsafe {
                    let word = Word(registers.ip);
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
                        $(Op::$op => steps::$op::<OBSERVED>(&mut registers, context, word),)*
                    }
                };
                if let Err(exit) = result {
                    context.left = Left { exit, registers };
                    if !context.goes_on() {
                        return;
                    }
                    registers = context.left.registers.take();
                }
            }
        }
    };
}

for_each_op!(backend);
