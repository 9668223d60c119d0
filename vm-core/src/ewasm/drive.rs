//! The message loop: runs a message and all that are nested in it.
use alloc::boxed::Box;
use alloc::vec::Vec;

use super::{Frame, Host, Inspector, Message, Outcome, Status, Step, Usage};
use crate::wasm::MemoryRoom;

/// What a host does around the code of messages: the hooks of [`drive`].
///
/// A host that keeps the state itself begins nested messages as it begins the first one, with a
/// frame; the loop then keeps the frames that wait on the heap. A host that recurses, as EVMC's
/// do, runs a nested message inside of [`Self::begin`] and returns its outcome.
pub trait MessageHandler {
    /// What the end of a message needs of its beginning, such as a checkpoint of the state.
    type Begun;

    /// Returns the state that frames act on.
    fn host(&mut self) -> &mut dyn Host;

    /// Returns where the memories of the frames lie. The default is one part, which moves when it
    /// grows.
    fn memory_room(&self) -> MemoryRoom {
        MemoryRoom::default()
    }

    /// Begins a message: does what comes before its code, tells the inspector, and returns the
    /// frame to run. `around` is what the frames hold that wait for the message.
    ///
    /// # Errors
    /// The outcome of a message that has ended: it could not begin, has no code, or was run by the
    /// host itself.
    fn begin(
        &mut self,
        message: Message,
        around: Usage,
        inspector: &mut dyn Inspector,
    ) -> Result<Box<OpenFrame<Self::Begun>>, Outcome>;

    /// Ends a message whose frame has ended with `outcome`: does what comes after its code, tells
    /// the inspector, and returns the outcome of the message.
    fn end(
        &mut self,
        begun: Self::Begun,
        frame: &Frame,
        outcome: Outcome,
        inspector: &mut dyn Inspector,
    ) -> Outcome;

    /// Returns whether the host has failed. No frame runs then: all that are open end with
    /// [`Status::InternalError`].
    fn has_failed(&self) -> bool;
}

/// A frame whose message has begun.
pub struct OpenFrame<T> {
    frame: Frame,
    begun: T,
    /// What the frames around it hold, while it waits.
    around: Usage,
}

impl<T> OpenFrame<T> {
    /// Returns a frame that is about to run, and what the end of its message needs.
    pub fn new(frame: Frame, begun: T) -> Box<Self> {
        Box::new(Self { frame, begun, around: Usage::NONE })
    }
}

/// Runs a message to its end, nested ones included.
///
/// Nested messages do not nest the machine's stack, unless the handler runs them itself: frames
/// that wait lie on the heap.
pub fn drive<H: MessageHandler>(
    handler: &mut H,
    message: Message,
    inspector: &mut dyn Inspector,
) -> Outcome {
    let mut innermost = match handler.begin(message, Usage::NONE, inspector) {
        Ok(frame) => frame,
        Err(outcome) => return outcome,
    };
    innermost.frame.give_room(handler.memory_room());
    let mut waiting: Vec<Box<OpenFrame<H::Begun>>> = Vec::new();
    let mut usage = Usage::NONE;
    loop {
        let step = if handler.has_failed() {
            Step::Done(Outcome::failure(Status::InternalError))
        } else {
            step(&mut innermost.frame, handler.host(), inspector)
        };
        match step {
            Step::Nested(message) => {
                innermost.around = usage;
                usage = usage.and(&innermost.frame);
                let room = innermost.frame.lend_room();
                match handler.begin(message, usage, inspector) {
                    Ok(frame) => {
                        waiting.push(core::mem::replace(&mut innermost, frame));
                        innermost.frame.give_room(room);
                    }
                    Err(outcome) => resume(&mut innermost, &mut usage, room, outcome),
                }
            }
            Step::Done(outcome) => {
                let room = innermost.frame.lend_room();
                let OpenFrame { frame, begun, .. } = *innermost;
                let outcome = handler.end(begun, &frame, outcome, inspector);
                drop(frame);
                let Some(caller) = waiting.pop() else { return outcome };
                innermost = caller;
                resume(&mut innermost, &mut usage, room, outcome);
            }
        }
    }
}

/// Gives a frame that waits its room and the outcome.
fn resume<T>(frame: &mut OpenFrame<T>, usage: &mut Usage, room: MemoryRoom, outcome: Outcome) {
    *usage = frame.around;
    frame.frame.give_room(room);
    frame.frame.resume(outcome);
}

// Not inlined, as it takes much stack: what lies there while a host runs a nested message lies
// there a thousand times.
#[inline(never)]
fn step(frame: &mut Frame, host: &mut dyn Host, inspector: &mut dyn Inspector) -> Step {
    frame.run(host, inspector)
}

#[cfg(test)]
mod tests;
