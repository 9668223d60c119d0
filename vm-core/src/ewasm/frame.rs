//! Frames: contracts that run.
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::interface::{BEHAVIOUR, Flow, Invocation, MAX_PARAMS, Notes, Pending, StoreMemory};
use super::{
    Contract, Growth, Host, INTERFACE, Inspector, InterfaceCall, Message, Outcome, Schedule, Status,
};
use crate::revision::Revision;
use crate::wasm::{
    Event, Execution, GasTank, HostCall, Instance, InstantiationError, MemoryRoom, Observer, Store,
    Trap, TrapCode, ValType,
};
use crate::work::{self, Unit};

/// What a frame wants next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing: it has ended.
    Done(Outcome),
    /// Run this message to its end and give the outcome to [`Frame::resume`]. Depth, balance and
    /// gas have been checked; moving the value, making the account and undoing what a failed
    /// message did is up to the driver.
    Nested(Message),
}

/// A contract that runs one message.
///
/// A frame never runs another one: it stops where it needs the outcome of a nested message, so that
/// [`drive`](super::drive) can keep any number of frames on the heap. The
/// [`MessageHandler`](super::MessageHandler) tells the [`Inspector`] when messages begin and end,
/// as messages to accounts without code have no frame.
pub struct Frame {
    message: Message,
    contract: Arc<Contract>,
    /// What the message has to spend, before the frame runs.
    gas: GasTank,
    schedule: &'static Schedule,
    return_data: Vec<u8>,
    refund: i64,
    growth: Growth,
    /// Before the frame runs, and after it has ended.
    room: MemoryRoom,
    phase: Phase,
}

/// Most of a frame lives behind the box.
enum Phase {
    Ready,
    Running(Box<Running>),
    Waiting { running: Box<Running>, pending: Pending, forwarded: u64 },
    Ended,
}

struct Running {
    store: Store,
    execution: Execution,
}

impl Frame {
    pub(super) fn new(
        revision: Revision,
        message: Message,
        contract: Arc<Contract>,
        gas: GasTank,
    ) -> Self {
        let schedule = Schedule::of(revision);
        Self {
            message,
            contract,
            gas,
            schedule,
            return_data: Vec::new(),
            refund: 0,
            growth: Growth::default(),
            room: MemoryRoom::default(),
            phase: Phase::Ready,
        }
    }

    /// The message that the frame runs.
    pub fn message(&self) -> &Message {
        &self.message
    }

    /// The contract that runs.
    pub fn contract(&self) -> &Arc<Contract> {
        &self.contract
    }

    /// Returns the growth of the state that the frame has paid for in full. The state may yet undo
    /// it; what was paid does not come back then. That of nested messages is not in it.
    pub fn growth(&self) -> Growth {
        self.growth
    }

    /// Pages (64 KiB) of memory that the frame has reached so far, rounded up; none before it
    /// begins and after it has ended.
    pub fn memory_pages(&self) -> u32 {
        match &self.phase {
            Phase::Running(running) | Phase::Waiting { running, .. } => {
                let memory = running.execution.memory(&running.store);
                let reach = memory
                    .and_then(|memory| running.store.memory_reach(memory))
                    .unwrap_or_default();
                u32::try_from(reach.div_ceil(1 << 16)).unwrap_or(u32::MAX)
            }
            Phase::Ready | Phase::Ended => 0,
        }
    }

    /// Bytes of data that the frame holds: its call data and what its last nested message gave
    /// back, each with 16 bytes for who shares them and rounded up to a power of two, as allocators
    /// do. Nothing is held of what is empty.
    pub fn data_bytes(&self) -> u64 {
        let rounded = |data: &[u8]| {
            if data.is_empty() { 0 } else { (data.len() as u64 + 16).next_power_of_two() }
        };
        rounded(&self.message.input).saturating_add(rounded(&self.return_data))
    }

    /// Gives the frame a place for its memory, before it runs; or gives back what
    /// [`Self::lend_room`] lent, before it is resumed. A frame that was never given any has room of
    /// its own.
    pub(super) fn give_room(&mut self, room: MemoryRoom) {
        match &mut self.phase {
            Phase::Running(running) | Phase::Waiting { running, .. } => {
                running.store.give_room(room)
            }
            Phase::Ready | Phase::Ended => self.room = room,
        }
    }

    /// Lends the room, while the frame waits, to the frame whose outcome it waits for; after the
    /// frame has ended, gives it on without the frame's memory.
    pub(super) fn lend_room(&mut self) -> MemoryRoom {
        match &mut self.phase {
            Phase::Running(running) | Phase::Waiting { running, .. } => running.store.lend_room(),
            Phase::Ready | Phase::Ended => core::mem::take(&mut self.room),
        }
    }

    /// Runs until the frame ends or needs the outcome of a nested message.
    ///
    /// A frame that has ended, or waits for an outcome, answers with [`Status::InternalError`]: its
    /// driver is wrong.
    pub fn run(&mut self, host: &mut dyn Host, inspector: &mut dyn Inspector) -> Step {
        let mut running = match core::mem::replace(&mut self.phase, Phase::Ended) {
            Phase::Ready => match self.start() {
                Ok(running) => running,
                Err(outcome) => return Step::Done(outcome),
            },
            Phase::Running(running) => running,
            Phase::Waiting { .. } | Phase::Ended => {
                return Step::Done(Outcome::failure(Status::InternalError));
            }
        };
        loop {
            let Running { store, execution } = &mut *running;
            let event = if inspector.wants_functions() {
                execution.run_observed(store, &mut Functions(inspector))
            } else {
                execution.run(store)
            };
            let flow = match event {
                Event::HostCall(call) => self.interface_call(call, &mut running, host, inspector),
                Event::Finished => Ok(Flow::Finish(Vec::new())),
                Event::Trapped(trap) => {
                    let place = self
                        .wants_place(inspector)
                        .then(|| running.execution.locate(&running.store));
                    return self.done(&mut running, trapped(place.flatten().unwrap_or(trap)));
                }
            };
            let (status, gas_refund, output) = match flow {
                Ok(Flow::Continue(result)) => {
                    running.execution.set_results(&running.store, &[result]);
                    continue;
                }
                Ok(Flow::Nested(message, pending)) => {
                    self.phase = Phase::Waiting { running, pending, forwarded: message.gas };
                    return Step::Nested(message);
                }
                Ok(Flow::Finish(output)) => (Status::Success, self.refund, output),
                Ok(Flow::Revert(output)) => (Status::Revert, 0, output),
                Err(status) => {
                    close_functions(&running, inspector);
                    let outcome = failed(status, self.wants_place(inspector).then_some(&running));
                    return self.done(&mut running, outcome);
                }
            };
            close_functions(&running, inspector);
            let gas_left = running.execution.gas().left();
            let outcome =
                Outcome { status, gas_left, gas_refund, output, create_address: None, trap: None };
            return self.done(&mut running, outcome);
        }
    }

    /// The end: of what has run only the room is left.
    fn done(&mut self, running: &mut Running, outcome: Outcome) -> Step {
        self.room = running.store.leave_room();
        Step::Done(outcome)
    }

    /// Gives the outcome of the message that the last [`Step::Nested`] asked for: its unused gas,
    /// its refund if it succeeded, its output as the new return buffer, and the address that a
    /// create made. Of a message that did not begin it takes the gas only. Does nothing when no
    /// outcome is waited for.
    pub fn resume(&mut self, outcome: Outcome) {
        let (mut running, pending, forwarded) =
            match core::mem::replace(&mut self.phase, Phase::Ended) {
                Phase::Waiting { running, pending, forwarded } => (running, pending, forwarded),
                other => {
                    self.phase = other;
                    return;
                }
            };
        running.execution.gas_mut().give_back(outcome.gas_left.min(forwarded));
        if outcome.has_begun() {
            self.return_data = outcome.output;
        }
        let result = match outcome.status {
            Status::Success => 0,
            Status::Revert => 2,
            _ => 1,
        };
        if outcome.status == Status::Success {
            self.refund = self.refund.saturating_add(outcome.gas_refund);
            if let Pending::Create { address } = pending {
                self.return_data = Vec::new();
                let created = outcome.create_address.unwrap_or_default();
                let Running { store, execution } = &mut *running;
                // The pointer was checked, and the memory paid, when the message was made.
                if let Some(memory) = execution.memory(store) {
                    let _ = store.memory_write(memory, address.into(), created.as_slice());
                }
            }
        }
        running.execution.set_results(&running.store, &[result]);
        self.phase = Phase::Running(running);
    }

    /// Makes the instance, after the memory that its data reach and what it sets up have been paid.
    fn start(&mut self) -> Result<Box<Running>, Outcome> {
        work::add(Unit::Frame, 1);
        let module = self.contract.module();
        let engine = module.engine();
        let mut gas = self.gas;
        let memory = engine.config().costs.memory(self.contract.initial_kibibytes());
        let start = memory.saturating_add(self.contract.start_particles().into());
        gas.charge_any(start).map_err(|_| out_of_gas())?;
        let mut store = Store::with_host_funcs(engine, self.contract.interface_types());
        store.give_room(core::mem::take(&mut self.room));
        let instance = match store.instantiate_resolved(module, self.contract.imported_funcs()) {
            Ok(instance) => instance,
            Err(error) => {
                self.room = store.leave_room();
                return Err(match error {
                    InstantiationError::Segment { code, .. } => trapped(code.into()),
                    _ => Outcome::failure(Status::InternalError),
                });
            }
        };
        // The rules for contracts see to it that there is such a function.
        let main = instance.export(&store, "main").and_then(|export| export.func());
        let execution = main.and_then(|main| Execution::new(&store, main, &[], gas).ok());
        match execution {
            Some(execution) => Ok(Box::new(Running { store, execution })),
            None => {
                self.room = store.leave_room();
                Err(Outcome::failure(Status::InternalError))
            }
        }
    }

    /// Whether to find out where a trap happened. That takes time which nested frames, begun for
    /// little gas, do not pay for.
    fn wants_place(&self, inspector: &dyn Inspector) -> bool {
        self.message.depth == 0 || inspector.wants_traps()
    }

    fn interface_call(
        &mut self,
        host_call: HostCall,
        running: &mut Running,
        host: &mut dyn Host,
        inspector: &mut dyn Inspector,
    ) -> Result<Flow, Status> {
        work::add(Unit::Interface, 1);
        let Running { store, execution } = running;
        let index = host_call.number as usize;
        let function = INTERFACE.get(index).ok_or(Status::InternalError)?;
        let behaviour = BEHAVIOUR.get(index).ok_or(Status::InternalError)?;
        let memory = execution.memory(store).ok_or(Status::InternalError)?;
        let mut args = [0; MAX_PARAMS];
        for ((to, from), param) in args.iter_mut().zip(execution.args()).zip(function.params) {
            *to = if param.kind.ty() == ValType::I32 { u64::from(*from as u32) } else { *from };
        }
        let wanted = inspector.wants_interface_calls();
        let gas_before = execution.gas().left();
        let price = self.contract.module().engine().config().costs.interface_call;
        execution.gas_mut().charge_particles(price.into()).map_err(|_| Status::OutOfGas)?;
        let mut memory = StoreMemory { store, memory };
        let mut call = Invocation {
            behaviour,
            args,
            schedule: self.schedule,
            message: &self.message,
            contract: &self.contract,
            return_data: &self.return_data,
            refund: &mut self.refund,
            growth: &mut self.growth,
            gas: execution.gas_mut(),
            memory: &mut memory,
            host,
            notes: wanted.then(Notes::default),
        };
        let flow = call.run();
        if let Some(notes) = call.notes {
            let result = match &flow {
                Ok(Flow::Continue(result)) if function.result.is_some() => Some(*result),
                _ => None,
            };
            inspector.interface_call(&InterfaceCall {
                module: function.module,
                name: function.name,
                args: args.get(..function.params.len()).unwrap_or_default(),
                result,
                gas_before,
                gas_after: call.gas.left(),
                extra_charges: &notes.charges,
                detail: &notes.detail,
            });
        }
        flow.map_err(|failure| failure.0)
    }
}

/// The outcome of a message that cannot pay for its beginning.
pub(super) fn out_of_gas() -> Outcome {
    trapped(TrapCode::OutOfGas.into())
}

/// The outcome of a trap.
fn trapped(trap: Trap) -> Outcome {
    let status = match trap.code {
        TrapCode::Unreachable => Status::Unreachable,
        TrapCode::MemoryOutOfBounds => Status::InvalidMemoryAccess,
        TrapCode::StackOverflow => Status::StackOverflow,
        TrapCode::OutOfGas => Status::OutOfGas,
        TrapCode::MalformedCode => Status::ContractValidationFailure,
        _ => Status::Trap,
    };
    Outcome { trap: Some(trap), ..Outcome::failure(status) }
}

/// The outcome of an interface call that fails, in a frame where its place is wanted or somewhere.
fn failed(status: Status, place: Option<&Running>) -> Outcome {
    let code = match status {
        Status::OutOfGas => TrapCode::OutOfGas,
        Status::InvalidMemoryAccess => TrapCode::MemoryOutOfBounds,
        _ => TrapCode::HostFunction,
    };
    let backtrace =
        place.map(|running| running.execution.backtrace(&running.store)).unwrap_or_default();
    let function = backtrace.first().map(|(_, function)| *function);
    Outcome { trap: Some(Trap { function, ..code.into() }), ..Outcome::failure(status) }
}

/// Tells the inspector that the functions end which an interface call leaves open.
fn close_functions(running: &Running, inspector: &mut dyn Inspector) {
    if inspector.wants_functions() {
        let gas_left = running.execution.gas().particles_left();
        for _ in running.execution.backtrace(&running.store) {
            inspector.function_exit(gas_left);
        }
    }
}

/// Hands calls of functions on to an inspector.
struct Functions<'a>(&'a mut dyn Inspector);

impl Observer for Functions<'_> {
    fn enter(&mut self, _instance: Instance, function: u32, gas: &GasTank) {
        self.0.function_enter(function, gas.particles_left());
    }

    fn exit(&mut self, gas: &GasTank) {
        self.0.function_exit(gas.particles_left());
    }
}

#[cfg(test)]
mod tests;
