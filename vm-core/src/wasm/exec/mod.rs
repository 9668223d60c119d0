//! Running functions.
mod bulk;
mod calls;
mod context;
mod exit;
mod float;
mod interpreter;
mod observer;
mod registers;
mod slow;
mod small;
mod steps;
#[cfg(test)]
mod tests;
#[cfg(all(threaded, not(debug_assertions), not(miri)))]
mod threaded;
mod word;

use alloc::vec::Vec;

use super::code::instruction::Finish;
use super::stack::{Frame, Stack};
use super::translate::translate_with_offsets;
use super::{Func, GasTank, Instance, Memory, Store, Trap, TrapCode, Val, ValType};
use context::{Context, Machine};
use exit::Exit;
pub use observer::Observer;
use registers::Registers;

/// What the outermost function returns to.
static FINISH: [u64; 1] = Finish {}.encode();

/// Stands for the embedder where a position has the number of an instance.
const NO_INSTANCE: u32 = u32::MAX;

/// Slots of a new stack. It grows when a function needs more.
const FIRST_SLOTS: usize = 64;

/// Why [`Execution::run`] came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The function returned; [`Execution::results`] has what.
    Finished,
    /// A host function was called. [`Execution::args`] has its arguments; give its results with
    /// [`Execution::set_results`] and run on, or drop the execution. It may stay suspended for as
    /// long as the embedder likes.
    HostCall(HostCall),
    /// The execution is over. Where it trapped is for [`Execution::locate`] to find.
    Trapped(Trap),
}

/// A call of a host function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostCall {
    /// The host function, by the number that [`Func::host_number`] gives.
    pub number: u32,
    /// The instance that called it; none when the embedder itself did.
    pub instance: Option<Instance>,
}

/// The arguments of a call do not have the types of the function's parameters, or the function is
/// of another store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArgumentMismatch;

impl core::fmt::Display for ArgumentMismatch {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("the arguments do not have the types of the function's parameters")
    }
}

impl core::error::Error for ArgumentMismatch {}

enum State {
    /// Nothing has run yet. The arguments are at the start of the stack, which may be too short
    /// yet.
    Ready(Func),
    /// In the interpreter, or waiting for a host function.
    Running(Position),
    Finished,
    Trapped {
        trap: TrapCode,
        at: Option<Position>,
    },
}

/// Where an execution stands. The pointers in it and in frames are into translated code of modules
/// that the store holds.
#[derive(Clone, Copy)]
struct Position {
    ip: *const u64,
    /// Slots before the running frame.
    slots: usize,
    instance: u32,
    host: Option<PendingHost>,
}

#[derive(Clone, Copy)]
struct PendingHost {
    number: u32,
    /// The instance that called; none for the embedder.
    caller: Option<Instance>,
    /// Slots from the frame's first to the arguments.
    delta: u32,
}

/// A call of a function by the embedder, from its start to its end, with the gas that it may use.
pub struct Execution {
    /// The store that it runs in: pointers are good only there.
    store: u64,
    stack: Stack,
    gas: GasTank,
    results: Results,
    state: State,
    /// Of a suspended execution.
    machine: Machine,
}

/// The results: their types, and the value, where that is not left on the stack.
enum Results {
    None,
    One(ValType, u64),
    Many(Vec<ValType>),
}

impl Results {
    fn new(types: &[ValType]) -> Self {
        match types {
            [] => Self::None,
            [ty] => Self::One(*ty, 0),
            types => Self::Many(types.to_vec()),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::None => 0,
            Self::One(..) => 1,
            Self::Many(types) => types.len(),
        }
    }
}

// SAFETY: The pointers in frames and positions are read only in `run` and `locate`, together with
// the store of the same identity, whose modules own what they point to and share it between threads
// (`Module` is `Sync`).
unsafe impl Send for Execution {}
// SAFETY: As above.
unsafe impl Send for Frame {}
// SAFETY: As above.
unsafe impl Sync for Frame {}

impl Execution {
    /// Prepares a call; nothing runs yet.
    ///
    /// # Errors
    /// [`ArgumentMismatch`] when the arguments do not fit.
    pub fn new(
        store: &Store,
        func: Func,
        args: &[Val],
        gas: GasTank,
    ) -> Result<Self, ArgumentMismatch> {
        let ty = store.func_type(func).ok_or(ArgumentMismatch)?;
        if !ty.params().iter().copied().eq(args.iter().map(Val::ty)) {
            return Err(ArgumentMismatch);
        }
        Ok(Self {
            store: store.id,
            stack: Stack::of_arguments(args.iter().map(|arg| arg.to_slot()).collect()),
            gas,
            results: Results::new(ty.results()),
            state: State::Ready(func),
            machine: Machine::NONE,
        })
    }

    /// Runs until something is to be told. After [`Event::HostCall`] call it again to go on; after
    /// the other events it answers the same again.
    pub fn run(&mut self, store: &mut Store) -> Event {
        self.run_with(store, None)
    }

    /// As [`Self::run`], with an observer of calls.
    pub fn run_observed(&mut self, store: &mut Store, observer: &mut dyn Observer) -> Event {
        self.run_with(store, Some(observer))
    }

    fn run_with(&mut self, store: &mut Store, observer: Option<&mut dyn Observer>) -> Event {
        if store.id != self.store {
            return Event::Trapped(TrapCode::OtherStore.into());
        }
        let event = match &self.state {
            State::Running(Position { ip, slots, instance, .. }) => {
                let (ip, slots, instance) = (*ip, *slots, *instance);
                self.go_on(store, (ip, slots, instance), observer)
            }
            State::Ready(func) => {
                let func = *func;
                self.begin(store, func, observer)
            }
            State::Finished => return Event::Finished,
            State::Trapped { trap, .. } => return Event::Trapped((*trap).into()),
        };
        if event == Event::Finished {
            self.finish(store);
        }
        event
    }

    fn begin(
        &mut self,
        store: &mut Store,
        func: Func,
        observer: Option<&mut dyn Observer>,
    ) -> Event {
        let slots = FIRST_SLOTS.max(self.stack.slots.len()).max(self.results.len());
        store.spare.lend(&mut self.stack, slots);
        if let Some(number) = func.host_number() {
            let host = PendingHost { number, caller: None, delta: 0 };
            let ip = FINISH.as_ptr();
            self.state =
                State::Running(Position { ip, slots: 0, instance: NO_INSTANCE, host: Some(host) });
            return Event::HostCall(HostCall { number, instance: None });
        }
        let callee = func.instance_and_index().and_then(|(instance, index)| {
            let module = &store.instances.get(instance as usize)?.module.0;
            let own = index.checked_sub(module.imported_funcs)?;
            ((own as usize) < module.codes.len()).then_some((instance, own))
        });
        let Self { stack, gas, state, machine, .. } = self;
        let Some((instance, index)) = callee else {
            return trap(state, TrapCode::internal(), None);
        };
        let mut context = Context::new(store, stack, gas, shorten(observer));
        if let Err(code) = enter(&mut context, instance, index) {
            return trap(state, code, None);
        }
        // SAFETY: `enter` has set up registers and context.
        unsafe { interpret(&mut context) }
        conclude(&context, state, machine)
    }

    /// Gives back what is not needed any more.
    fn finish(&mut self, store: &mut Store) {
        match &mut self.results {
            Results::None => {}
            Results::One(_, value) => {
                *value = self.stack.slots.first().copied().unwrap_or_default()
            }
            Results::Many(_) => return,
        }
        store.spare.keep(&mut self.stack);
    }

    /// From an instruction, a frame, and an instance on.
    fn go_on(
        &mut self,
        store: &mut Store,
        (ip, slots, instance): (*const u64, usize, u32),
        observer: Option<&mut dyn Observer>,
    ) -> Event {
        let Self { stack, gas, state, machine, .. } = self;
        if instance == NO_INSTANCE {
            // The embedder itself had called the host function.
            *state = State::Finished;
            return Event::Finished;
        }
        let mut context = Context::resumed(store, stack, gas, shorten(observer), *machine);
        let (memory, memory_len) = context.refresh();
        context.left.registers = Registers {
            ip,
            slots: context.stack.slots.as_mut_ptr().wrapping_add(slots),
            memory,
            memory_len,
            gas: context.tank.hot,
        };
        // SAFETY: `ip` is where the interpreter stopped in this store, whose modules keep their
        // code; the stack has not shrunk since.
        unsafe { interpret(&mut context) }
        conclude(&context, state, machine)
    }

    /// The pending host call, and the slot of its arguments.
    #[inline]
    fn pending(&self) -> Option<(&PendingHost, usize)> {
        match &self.state {
            State::Running(Position { host: Some(host), slots, .. }) => {
                Some((host, slots.saturating_add(host.delta as usize)))
            }
            _ => None,
        }
    }

    /// The slots from the pending host call's arguments on: as many as the function has parameters,
    /// at least. As slots ([`Val::from_slot`]); of a 32-bit argument only the low half has a
    /// meaning.
    #[inline]
    pub fn args(&self) -> &[u64] {
        self.pending().and_then(|(_, at)| self.stack.slots.get(at..)).unwrap_or_default()
    }

    /// Gives the results of the pending host call, as slots. Missing ones stay what the arguments
    /// were, superfluous ones are dropped. The high half of 32-bit results is ignored.
    pub fn set_results(&mut self, store: &Store, results: &[u64]) {
        let Some((host, at)) = self.pending() else { return };
        let Some(ty) = store.host_func_type(host.number) else { return };
        if ty.results().is_empty() {
            return;
        }
        let Some(slots) = self.stack.slots.get_mut(at..) else { return };
        for ((slot, result), ty) in slots.iter_mut().zip(results).zip(ty.results()) {
            *slot = match ty {
                ValType::I32 | ValType::F32 => u64::from(*result as u32),
                _ => *result,
            };
        }
    }

    /// The results of the finished call.
    pub fn results(&self) -> Vec<Val> {
        match (&self.state, &self.results) {
            (State::Finished, Results::Many(types)) => types
                .iter()
                .zip(&self.stack.slots)
                .map(|(ty, slot)| Val::from_slot(*ty, *slot))
                .collect(),
            _ => self.result().into_iter().collect(),
        }
    }

    /// The first result of the finished call: most functions have no more. Allocates nothing.
    pub fn result(&self) -> Option<Val> {
        match (&self.state, &self.results) {
            (State::Finished, Results::One(ty, value)) => Some(Val::from_slot(*ty, *value)),
            (State::Finished, Results::Many(types)) => types
                .first()
                .zip(self.stack.slots.first())
                .map(|(ty, slot)| Val::from_slot(*ty, *slot)),
            _ => None,
        }
    }

    /// What is left.
    pub fn gas(&self) -> &GasTank {
        &self.gas
    }

    /// To charge, or to give back.
    pub fn gas_mut(&mut self) -> &mut GasTank {
        &mut self.gas
    }

    /// The memory of the instance that called the pending host function.
    #[inline]
    pub fn memory(&self, store: &Store) -> Option<Memory> {
        let (host, _) = self.pending()?;
        host.caller?.memory(store)
    }

    /// The functions that are open, innermost first: instance and function index.
    pub fn backtrace(&self, store: &Store) -> Vec<(Instance, u32)> {
        let position = match &self.state {
            State::Running(position) | State::Trapped { at: Some(position), .. }
                if store.id == self.store =>
            {
                position
            }
            _ => return Vec::new(),
        };
        let callers = self.stack.frames.iter().rev().map(|frame| (frame.ip, frame.instance));
        core::iter::once((position.ip, position.instance))
            .chain(callers)
            .filter_map(|(ip, instance)| {
                let (function, _) = find(store, instance, ip)?;
                Some((Instance(instance), function))
            })
            .collect()
    }

    /// Where the execution trapped: the trap with its function and the byte of the module. Takes
    /// time, since the function is translated again; for people only.
    pub fn locate(&self, store: &Store) -> Option<Trap> {
        let State::Trapped { trap, at } = &self.state else { return None };
        let mut located = Trap::from(*trap);
        if let Some(at) = at
            && store.id == self.store
            && let Some((function, word)) = find(store, at.instance, at.ip)
        {
            located.function = Some(function);
            let module = &store.instances.get(at.instance as usize)?.module.0;
            let own = function.saturating_sub(module.imported_funcs);
            if let Ok((_, offsets, _)) = translate_with_offsets(module, own) {
                let after = offsets.partition_point(|(at, _)| *at <= word);
                located.offset =
                    after.checked_sub(1).and_then(|index| offsets.get(index)).map(|entry| entry.1);
            }
        }
        Some(located)
    }
}

/// Calls a function of an instance from nowhere: it returns to the `Finish` instruction.
fn enter(context: &mut Context<'_>, instance: u32, index: u32) -> Result<(), TrapCode> {
    let (memory, memory_len) = context.switch(instance)?;
    let gas = context.tank.hot;
    let slots = context.stack.slots.as_mut_ptr();
    let mut registers = Registers { ip: FINISH.as_ptr(), slots, memory, memory_len, gas };
    loop {
        // SAFETY: The arguments are at the start of the stack; the instance has the function.
        let result =
            unsafe { calls::call_own_from(&mut registers, context, index, instance, 0, 0) };
        let result = match result {
            Ok(()) => break,
            Err(Exit::Slow(slow)) => slow::try_resolve(context, slow, &mut registers),
            Err(exit) => Err(exit),
        };
        context.tank.hot = registers.gas;
        result.map_err(|exit| match exit {
            Exit::Trap(code) => code,
            _ => TrapCode::internal(),
        })?;
    }
    context.left.registers = registers;
    Ok(())
}

/// Runs from where the context was left.
///
/// # Safety
/// As for [`interpreter::run`].
unsafe fn interpret(context: &mut Context<'_>) {
    // SAFETY: The caller's obligation.
    unsafe {
        if context.observer.is_some() {
            interpreter::run::<true>(context);
        } else {
            #[cfg(all(threaded, not(debug_assertions), not(miri)))]
            threaded::run(context);
            #[cfg(not(all(threaded, not(debug_assertions), not(miri))))]
            interpreter::run::<false>(context);
        }
    }
    let gas = context.left.registers.gas;
    context.tank.hot = gas;
    context.close_frames();
    if context.observer.is_some() && !matches!(context.left.exit, Exit::Host { .. }) {
        // The functions that a trap leaves open; the outermost has returned already when it
        // finished.
        for _ in 0..context.stack.frames.len() {
            context.observe_exit(gas);
        }
    }
}

/// What to tell the embedder, and the state that follows.
fn conclude(context: &Context<'_>, state: &mut State, machine: &mut Machine) -> Event {
    let Registers { ip, slots, .. } = context.left.registers;
    let bytes = (slots as usize).wrapping_sub(context.stack.slots.as_ptr() as usize);
    let at = Position {
        ip,
        slots: bytes / size_of::<u64>(),
        instance: context.machine.instance,
        host: None,
    };
    match context.left.exit {
        Exit::Host { number, delta } => {
            *machine = context.machine;
            let (number, delta) = (number as u32, delta as u32);
            let caller = Some(Instance(at.instance));
            *state = State::Running(Position {
                host: Some(PendingHost { number, caller, delta }),
                ..at
            });
            Event::HostCall(HostCall { number, instance: caller })
        }
        Exit::Finished => {
            *state = State::Finished;
            Event::Finished
        }
        Exit::Trap(code) => trap(state, code, Some(at)),
        // Resolved by the backends.
        Exit::Slow(_) => trap(state, TrapCode::internal(), Some(at)),
    }
}

fn trap(state: &mut State, trap: TrapCode, at: Option<Position>) -> Event {
    *state = State::Trapped { trap, at };
    Event::Trapped(trap.into())
}

/// Lets the observer's lifetime be that of the context.
fn shorten<'short, 'long: 'short>(
    observer: Option<&'long mut (dyn Observer + 'long)>,
) -> Option<&'short mut (dyn Observer + 'short)> {
    match observer {
        Some(observer) => Some(observer),
        None => None,
    }
}

/// The function of an instance whose code a pointer points into, and the word.
fn find(store: &Store, instance: u32, ip: *const u64) -> Option<(u32, u32)> {
    let module = &store.instances.get(instance as usize)?.module.0;
    for (own, cell) in module.codes.iter().enumerate() {
        let Some(code) = cell.get() else { continue };
        let range = code.words.as_ptr_range();
        if range.contains(&ip) {
            let word = (ip as usize - range.start as usize) / size_of::<u64>();
            return Some((module.imported_funcs.saturating_add(own as u32), word as u32));
        }
    }
    None
}
