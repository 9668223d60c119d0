//! What the interpreter needs besides its registers.
//!
//! # Safety
//! The rules of a [`Context`]:
//! 1. `codes`, `globals` and `imports` point to the first of as many entries as the running
//!    instance's module declares. [`Context::switch`] sets them; nothing moves what they point to
//!    while code of the instance runs, except host functions, after which there is a new context.
//! 2. `frame_next` and `frame_end` point into the room of `stack.frames`, `frame_next` not behind
//!    `frame_end`. What lies before `frame_next` is written. Below the outermost function's frame
//!    there is one, unless `left` says that the execution is finished.
//! 3. `stack_end` is the end of `stack.slots`.
use alloc::boxed::Box;

use once_cell::race::OnceBox;

use super::exit::Exit;
use super::observer::Observer;
use super::registers::Registers;
use crate::wasm::code::Code;
use crate::wasm::stack::{Frame, Stack};
use crate::wasm::store::TableData;
use crate::wasm::translate::translate;
use crate::wasm::{Func, GasTank, Instance, Store, TrapCode};
use crate::work::{self, Unit};

pub(super) struct Context<'a> {
    pub store: &'a mut Store,
    pub stack: &'a mut Stack,
    pub tank: &'a mut GasTank,
    pub observer: Option<&'a mut (dyn Observer + 'a)>,
    pub machine: Machine,
    pub globals: *mut u64,
    /// Bytes of the running instance's memory, zeroed or not.
    pub memory_size: u64,
    /// Particles for a byte that a bulk instruction touches.
    pub byte_cost: u64,
    /// Why and where the interpreter was left, and where it goes on.
    pub left: Left,
}

/// Where there is room, and what the running instance has. Stays good while the execution is
/// suspended: nothing of it moves then.
#[derive(Clone, Copy)]
pub(super) struct Machine {
    /// One past the last slot of the stack.
    pub stack_end: *mut u64,
    /// Where the next frame goes, and where there is no more room. While the interpreter runs, this
    /// counts, not the length of `frames`.
    pub frame_next: *mut Frame,
    pub frame_end: *mut Frame,
    /// The running instance.
    pub instance: u32,
    /// Number of imported functions.
    pub imported: u32,
    pub codes: *const OnceBox<Code>,
    pub imports: *const Func,
    /// Globals of the store before the instance's own.
    own_globals: u32,
    /// The number of the memory in the store, or all ones.
    memory: u32,
}

impl Machine {
    /// For where nothing runs.
    pub const NONE: Self = Self {
        stack_end: core::ptr::null_mut(),
        frame_next: core::ptr::null_mut(),
        frame_end: core::ptr::null_mut(),
        instance: 0,
        imported: 0,
        codes: core::ptr::null(),
        imports: core::ptr::null(),
        own_globals: 0,
        memory: u32::MAX,
    };
}

/// Why and where a backend was left. It is written and read in place and field by field, in whole
/// words: to read in one width what was just written in another takes the processor longer than all
/// the rest of a host call.
pub(super) struct Left {
    pub exit: Exit,
    pub registers: Registers,
}

impl<'a> Context<'a> {
    /// A context whose pointers are not set yet.
    pub fn new(
        store: &'a mut Store,
        stack: &'a mut Stack,
        tank: &'a mut GasTank,
        observer: Option<&'a mut (dyn Observer + 'a)>,
    ) -> Self {
        let mut machine = Machine::NONE;
        machine.stack_end = stack.slots.as_mut_ptr_range().end;
        let mut context = Self::resumed(store, stack, tank, observer, machine);
        context.open_frames();
        context
    }

    /// The context of a suspended execution; the memory and the globals are not set yet.
    #[inline(always)]
    pub fn resumed(
        store: &'a mut Store,
        stack: &'a mut Stack,
        tank: &'a mut GasTank,
        observer: Option<&'a mut (dyn Observer + 'a)>,
        machine: Machine,
    ) -> Self {
        let byte_cost = u64::from(store.engine.config().costs.bulk_byte);
        Self {
            store,
            stack,
            tank,
            observer,
            machine,
            globals: core::ptr::null_mut(),
            memory_size: 0,
            byte_cost,
            left: Left { exit: Exit::Finished, registers: Registers::nowhere() },
        }
    }

    /// Lets the pointers to frames speak for `frames`.
    pub fn open_frames(&mut self) {
        let limit = self.store.engine.config().limits.call_depth as usize;
        let range = self.stack.frames.as_mut_ptr();
        self.machine.frame_next = range.wrapping_add(self.stack.frames.len());
        self.machine.frame_end = range
            .wrapping_add(self.stack.frames.capacity().min(limit).max(self.stack.frames.len()));
    }

    /// Lets `frames` speak for itself again.
    pub fn close_frames(&mut self) {
        let start = self.stack.frames.as_ptr() as usize;
        let len = (self.machine.frame_next as usize).wrapping_sub(start) / size_of::<Frame>();
        // SAFETY: Rule 2.
        unsafe { self.stack.frames.set_len(len.min(self.stack.frames.capacity())) }
    }

    /// Makes room for another frame.
    pub fn grow_frames(&mut self) -> Result<(), TrapCode> {
        self.close_frames();
        if self.stack.frames.len() >= self.store.engine.config().limits.call_depth as usize {
            return Err(TrapCode::StackOverflow);
        }
        self.stack.frames.reserve(1);
        self.open_frames();
        Ok(())
    }

    /// Makes an instance the running one. Gives back its memory for the registers.
    #[inline(never)]
    pub fn switch(&mut self, instance: u32) -> Result<(*mut u8, u64), TrapCode> {
        let data = self.store.instances.get(instance as usize).ok_or_else(TrapCode::internal)?;
        self.machine.instance = instance;
        self.machine.codes = data.module.0.codes.as_ptr();
        self.machine.imports = data.imported_funcs.as_ptr();
        self.machine.imported = data.module.0.imported_funcs;
        self.machine.own_globals = data.own_globals;
        self.machine.memory = data.memory.map_or(u32::MAX, |memory| memory.0);
        Ok(self.refresh())
    }

    /// Sets what may have moved in the store. Gives back the memory for the registers.
    #[inline(always)]
    pub fn refresh(&mut self) -> (*mut u8, u64) {
        self.globals = match self.store.globals.get_mut(self.machine.own_globals as usize..) {
            Some(globals) => globals.as_mut_ptr(),
            None => core::ptr::NonNull::dangling().as_ptr(),
        };
        self.memory()
    }

    /// The running instance's memory, as far as it is paid; and notes its size.
    #[inline(always)]
    pub fn memory(&mut self) -> (*mut u8, u64) {
        match self.store.memories.get_mut(self.machine.memory as usize) {
            Some(memory) => {
                self.memory_size = memory.size();
                let bytes = memory.reached();
                (bytes.as_mut_ptr(), bytes.len() as u64)
            }
            None => {
                self.memory_size = 0;
                (core::ptr::NonNull::dangling().as_ptr(), 0)
            }
        }
    }

    /// Lets the memory reach to `end`, at its price.
    pub fn touch(&mut self, end: u64, r: &mut Registers) -> Result<(), TrapCode> {
        let Store { engine, memories, .. } = &mut *self.store;
        let memory =
            memories.get_mut(self.machine.memory as usize).ok_or(TrapCode::MemoryOutOfBounds)?;
        self.tank.hot = r.gas;
        memory.pay(0, end, &engine.config().costs, self.tank)?;
        r.gas = self.tank.hot;
        let bytes = memory.reached();
        (r.memory, r.memory_len) = (bytes.as_mut_ptr(), bytes.len() as u64);
        Ok(())
    }

    /// Lets the stack reach `slots` slots beyond `base`, which points into it. Gives back where
    /// `base` is then.
    pub fn grow_stack(&mut self, base: *mut u64, slots: u32) -> Result<*mut u64, TrapCode> {
        let start = self.stack.slots.as_mut_ptr();
        let offset = (base as usize).wrapping_sub(start as usize) / size_of::<u64>();
        let limit = self.store.engine.config().limits.stack_slots as usize;
        let needed = offset.saturating_add(slots as usize);
        if needed > limit {
            return Err(TrapCode::StackOverflow);
        }
        if needed > self.stack.slots.len() {
            let len = self.stack.slots.len().saturating_mul(2).clamp(needed, limit);
            work::add(Unit::SlotCleared, (len - self.stack.slots.len()) as u64);
            self.stack.slots.resize(len, 0);
            self.machine.stack_end = self.stack.slots.as_mut_ptr_range().end;
        }
        Ok(self.stack.slots.as_mut_ptr().wrapping_add(offset))
    }

    /// Translates a function of the running instance on its first use.
    pub fn translate(&mut self, index: u32) -> Result<(), TrapCode> {
        let Store { instances, scratch, .. } = &mut *self.store;
        let data = instances.get(self.machine.instance as usize).ok_or_else(TrapCode::internal)?;
        let cell = data.module.0.codes.get(index as usize).ok_or_else(TrapCode::internal)?;
        match cell.get_or_try_init(|| translate(&data.module.0, index, scratch).map(Box::new)) {
            Ok(_) => Ok(()),
            Err(_) => Err(TrapCode::MalformedCode),
        }
    }

    /// Instance and own function of a function that is not one of the host. There is none behind a
    /// reference that a module, which was trusted, has made out of a number.
    pub fn callee(&self, func: Func) -> Result<(u32, u32), TrapCode> {
        let (instance, index) = func.instance_and_index().ok_or(TrapCode::IndirectCallToNull)?;
        let data = self.store.instances.get(instance as usize).ok_or(TrapCode::MalformedCode)?;
        // References to imported functions are resolved when they are made.
        let own = index.checked_sub(data.module.0.imported_funcs).ok_or(TrapCode::MalformedCode)?;
        if own as usize >= data.module.0.codes.len() {
            return Err(TrapCode::MalformedCode);
        }
        Ok((instance, own))
    }

    /// The function that an element of a table is, if it has the type.
    fn try_indirect(&self, table: u32, element: u32, canonical: u32) -> Result<Func, TrapCode> {
        let data = self
            .store
            .instances
            .get(self.machine.instance as usize)
            .ok_or_else(TrapCode::internal)?;
        let table = data
            .tables
            .get(table as usize)
            .and_then(|table| self.store.tables.get(table.0 as usize));
        let table = table.ok_or_else(TrapCode::internal)?;
        let func = Func(table.get(element).ok_or(TrapCode::UndefinedElement)?);
        if func.0 == 0 {
            return Err(TrapCode::IndirectCallToNull);
        }
        let module = &data.module.0;
        // Equal types of one module have equal numbers; those of different modules have to be
        // compared.
        if let Some((instance, index)) = func.instance_and_index()
            && instance == self.machine.instance
        {
            // A module that was trusted can have made a reference out of a number.
            let ty = module.funcs.get(index as usize).ok_or(TrapCode::MalformedCode)?;
            if module.canonical_types.get(*ty as usize) != Some(&canonical) {
                return Err(TrapCode::BadSignature);
            }
            return Ok(func);
        }
        let ty = self.store.func_type(func).ok_or(TrapCode::MalformedCode)?;
        if module.types.get(canonical as usize) != Some(ty) {
            return Err(TrapCode::BadSignature);
        }
        Ok(func)
    }

    /// As [`Self::try_indirect`], in a form that fits two registers: a result in memory would keep
    /// the step that asks from ending in a jump.
    #[inline(never)]
    pub fn indirect(&self, table: u32, element: u32, canonical: u32) -> (Func, Option<TrapCode>) {
        match self.try_indirect(table, element, canonical) {
            Ok(func) => (func, None),
            Err(code) => (Func(0), Some(code)),
        }
    }

    /// The instance's table for an index of its module.
    pub fn table(&mut self, index: u32) -> Result<&mut TableData, TrapCode> {
        let data = self
            .store
            .instances
            .get(self.machine.instance as usize)
            .ok_or_else(TrapCode::internal)?;
        let table = data.tables.get(index as usize).ok_or_else(TrapCode::internal)?;
        self.store.tables.get_mut(table.0 as usize).ok_or_else(TrapCode::internal)
    }

    pub fn running(&self) -> Instance {
        Instance(self.machine.instance)
    }

    /// An imported global of the running instance.
    pub fn imported_global(&mut self, index: u32) -> Result<&mut u64, TrapCode> {
        let data = self
            .store
            .instances
            .get(self.machine.instance as usize)
            .ok_or_else(TrapCode::internal)?;
        let global = data.imported_globals.get(index as usize).ok_or_else(TrapCode::internal)?;
        self.store.globals.get_mut(global.0 as usize).ok_or_else(TrapCode::internal)
    }

    /// Tells the observer that a function begins.
    #[cold]
    #[inline(never)]
    pub fn observe_enter(&mut self, index: u32, hot: u64) {
        self.tank.hot = hot;
        if let Some(observer) = &mut self.observer {
            observer.enter(
                Instance(self.machine.instance),
                self.machine.imported.saturating_add(index),
                self.tank,
            );
        }
    }

    /// Tells the observer that a function ends.
    #[cold]
    #[inline(never)]
    pub fn observe_exit(&mut self, hot: u64) {
        self.tank.hot = hot;
        if let Some(observer) = &mut self.observer {
            observer.exit(self.tank);
        }
    }
}
