//! Why a step did not go on to the next instruction.
use crate::wasm::{Func, TrapCode};

/// Why a step did not go on to the next instruction.
#[repr(u64)]
pub(super) enum Exit {
    Finished,
    /// A call of a host function. Its arguments begin `delta` slots after the frame's first slot;
    /// `ip` is where execution continues.
    Host {
        number: u64,
        delta: u64,
    },
    Trap(TrapCode),
    /// Something is needed first.
    Slow(Slow),
}

/// What a step needs before it can be taken. Steps call nothing themselves that is not inlined, so
/// that their registers stay in the machine's: they change nothing, ask for this, and are taken
/// again.
#[derive(Clone, Copy)]
#[repr(u64)]
pub(super) enum Slow {
    /// The memory paid and zeroed up to `end`.
    Touch { end: u64 },
    /// So much gas in the hot part of the tank.
    Refill { particles: u64 },
    /// The code of one of the instance's own functions.
    Translate { index: u64 },
    /// `slots` slots of stack for a frame that begins `delta` slots after the running one.
    GrowStack { delta: u64, slots: u64 },
    /// Room for another frame.
    GrowFrames,
    /// To do a bulk instruction on more than a few bytes, or at the end of the memory. Done with,
    /// not taken again.
    Bulk,
    /// To return to another instance. Done with, not taken again.
    Return,
    /// To call a function of any instance, with `delta` as above, and return `words` words on. Done
    /// with, not taken again.
    Call { func: Func, delta: u64, words: u64 },
    /// To call a function of any instance instead of returning to here, with `count` arguments from
    /// slot `arguments` on. Done with, not taken again.
    TailCall { func: Func, arguments: u64, count: u64 },
}

impl From<Slow> for Exit {
    #[inline(always)]
    fn from(slow: Slow) -> Self {
        Self::Slow(slow)
    }
}

impl From<TrapCode> for Exit {
    #[inline(always)]
    fn from(code: TrapCode) -> Self {
        Self::Trap(code)
    }
}
