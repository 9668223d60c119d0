//! What the interpreter needs besides its registers, and its slow paths.
//!
//! # Safety
//! Pointers in a [`Context`] point into the store's present instance: `codes`, `globals` and `imports` to the first of as many entries as the module declares.
//! [`Context::switch`] sets them; nothing moves what they point to while code of the instance runs, except host functions, after which the context
//! is made anew.
use alloc::boxed::Box;
use alloc::vec::Vec;

use once_cell::race::OnceBox;

use super::Observer;
use crate::wasm::code::Code;
use crate::wasm::module::ModuleInner;
use crate::wasm::translate::{TranslationError, translate};
use crate::wasm::{Func, GasTank, Instance, Store, TrapCode};

/// A function that waits for the one it called.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    /// Where it goes on.
    pub ip: *const u64,
    /// Slots between its frame and that of its callee.
    pub delta: u32,
    /// Its instance.
    pub instance: u32,
}

pub(super) struct Context<'a> {
    pub store: &'a mut Store,
    pub stack: &'a mut Vec<u64>,
    pub frames: &'a mut Vec<Frame>,
    pub tank: &'a mut GasTank,
    pub observer: Option<&'a mut (dyn Observer + 'a)>,
    /// One past the last slot of the stack.
    pub stack_end: *mut u64,
    pub call_depth: usize,
    /// The present instance.
    pub instance: u32,
    pub module: *const ModuleInner,
    pub codes: *const OnceBox<Code>,
    pub globals: *mut u64,
    pub imports: *const Func,
}

/// Why the loop ended.
pub(super) enum Exit {
    Finished,
    /// A host function, its arguments that many slots from the frame's first on. `ip` is where to go on.
    Host {
        number: u32,
        delta: u32,
    },
    Trap(TrapCode),
}

/// What a call comes to.
pub(super) enum Callee {
    /// A function of the present instance, not counting imports.
    Own(u32),
    Host(u32),
    /// A function of another instance.
    Other(u32, u32),
}

impl<'a> Context<'a> {
    /// A context whose pointers are not set yet.
    pub fn new(
        store: &'a mut Store,
        stack: &'a mut Vec<u64>,
        frames: &'a mut Vec<Frame>,
        tank: &'a mut GasTank,
        observer: Option<&'a mut (dyn Observer + 'a)>,
    ) -> Self {
        let stack_end = stack.as_mut_ptr_range().end;
        let call_depth = store.engine.config().limits.call_depth as usize;
        Self {
            store,
            stack,
            frames,
            tank,
            observer,
            stack_end,
            call_depth,
            instance: 0,
            module: core::ptr::null(),
            codes: core::ptr::null(),
            globals: core::ptr::null_mut(),
            imports: core::ptr::null(),
        }
    }

    /// Makes an instance the present one. Gives back its memory for the registers.
    #[inline(never)]
    pub fn switch(&mut self, instance: u32) -> Result<(*mut u8, u64), TrapCode> {
        let data = self.store.instances.get(instance as usize).ok_or(TrapCode::MalformedCode)?;
        self.instance = instance;
        self.module = &raw const *data.module.0;
        self.codes = data.module.0.codes.as_ptr();
        self.imports = data.imported_funcs.as_ptr();
        let own = data.own_globals as usize;
        self.globals = match self.store.globals.get_mut(own..) {
            Some(globals) => globals.as_mut_ptr(),
            None => core::ptr::NonNull::dangling().as_ptr(),
        };
        Ok(self.memory())
    }

    /// The present instance's memory, as far as it is zeroed.
    pub fn memory(&mut self) -> (*mut u8, u64) {
        let index = self.store.instances.get(self.instance as usize).and_then(|instance| instance.memory);
        match index.and_then(|index| self.store.memories.get_mut(index.0 as usize)) {
            Some(memory) => (memory.bytes.as_mut_ptr(), memory.bytes.len() as u64),
            None => (core::ptr::NonNull::dangling().as_ptr(), 0),
        }
    }

    /// Lets the zeroed part of the memory reach to `end`.
    #[cold]
    #[inline(never)]
    pub fn touch(&mut self, end: u64) -> Result<(*mut u8, u64), TrapCode> {
        let index = self.store.instances.get(self.instance as usize).and_then(|instance| instance.memory);
        let memory = index.and_then(|index| self.store.memories.get_mut(index.0 as usize));
        let memory = memory.ok_or(TrapCode::MemoryOutOfBounds)?;
        if !memory.ensure(end) {
            return Err(TrapCode::MemoryOutOfBounds);
        }
        Ok((memory.bytes.as_mut_ptr(), memory.bytes.len() as u64))
    }

    /// Charges more than the hot part of the tank holds. Gives back the hot part then.
    #[cold]
    #[inline(never)]
    pub fn refill(&mut self, hot: u64, particles: u64) -> Result<u64, TrapCode> {
        self.tank.hot = hot;
        match self.tank.charge_particles(particles) {
            Ok(()) => Ok(self.tank.hot),
            Err(_) => Err(TrapCode::OutOfGas),
        }
    }

    /// Lets the stack reach `slots` slots beyond `base`, which points into it. Gives back where `base` is then.
    #[cold]
    #[inline(never)]
    pub fn grow_stack(&mut self, base: *mut u64, slots: u32) -> Result<*mut u64, TrapCode> {
        let start = self.stack.as_mut_ptr();
        let offset = (base as usize).wrapping_sub(start as usize) / size_of::<u64>();
        let limit = self.store.engine.config().limits.stack_slots as usize;
        let needed = offset.saturating_add(slots as usize);
        if needed > limit {
            return Err(TrapCode::StackOverflow);
        }
        if needed > self.stack.len() {
            let len = self.stack.len().saturating_mul(2).clamp(needed, limit);
            self.stack.resize(len, 0);
            self.stack_end = self.stack.as_mut_ptr_range().end;
        }
        Ok(self.stack.as_mut_ptr().wrapping_add(offset))
    }

    /// Translates a function of the present instance on its first use.
    #[cold]
    #[inline(never)]
    pub fn translate(&mut self, index: u32) -> Result<*const Code, TrapCode> {
        let data = self.store.instances.get(self.instance as usize).ok_or(TrapCode::MalformedCode)?;
        translated(&data.module.0, index).map(|code| &raw const *code)
    }

    /// The function that an imported one is.
    pub fn imported(&self, func: Func) -> Result<Callee, TrapCode> {
        match (func.host_number(), func.instance_and_index()) {
            (Some(number), _) => Ok(Callee::Host(number)),
            (None, Some((instance, index))) => self.callee(instance, index),
            (None, None) => Err(TrapCode::IndirectCallToNull),
        }
    }

    fn callee(&self, instance: u32, index: u32) -> Result<Callee, TrapCode> {
        let data = self.store.instances.get(instance as usize).ok_or(TrapCode::MalformedCode)?;
        match index.checked_sub(data.module.0.imported_funcs) {
            Some(own) if instance == self.instance => Ok(Callee::Own(own)),
            Some(own) => Ok(Callee::Other(instance, own)),
            // References to imported functions are resolved when they are made.
            None => Err(TrapCode::MalformedCode),
        }
    }

    /// The function that an element of a table is, if it has the type.
    pub fn indirect(&self, table: u32, element: u32, canonical: u32) -> Result<Callee, TrapCode> {
        let data = self.store.instances.get(self.instance as usize).ok_or(TrapCode::MalformedCode)?;
        let table = data.tables.get(table as usize).and_then(|table| self.store.tables.get(table.0 as usize));
        let table = table.ok_or(TrapCode::MalformedCode)?;
        let func = Func(table.get(element).ok_or(TrapCode::UndefinedElement)?);
        if func.0 == 0 {
            return Err(TrapCode::IndirectCallToNull);
        }
        let module = &data.module.0;
        // Equal types of one module have equal numbers; those of different modules have to be compared.
        if let Some((instance, index)) = func.instance_and_index()
            && instance == self.instance
        {
            let ty = module.funcs.get(index as usize).ok_or(TrapCode::MalformedCode)?;
            if module.canonical_types.get(*ty as usize) != Some(&canonical) {
                return Err(TrapCode::BadSignature);
            }
            return self.callee(instance, index);
        }
        let ty = self.store.func_type(func).ok_or(TrapCode::MalformedCode)?;
        if module.types.get(canonical as usize) != Some(ty) {
            return Err(TrapCode::BadSignature);
        }
        self.imported(func)
    }

    /// The instance's table for an index of its module.
    pub fn table(&mut self, index: u32) -> Result<&mut crate::wasm::store::TableData, TrapCode> {
        let data = self.store.instances.get(self.instance as usize).ok_or(TrapCode::MalformedCode)?;
        let table = data.tables.get(index as usize).ok_or(TrapCode::MalformedCode)?;
        self.store.tables.get_mut(table.0 as usize).ok_or(TrapCode::MalformedCode)
    }

    pub fn present(&self) -> Instance {
        Instance(self.instance)
    }

    /// An imported global of the present instance.
    pub fn imported_global(&mut self, index: u32) -> Result<&mut u64, TrapCode> {
        let data = self.store.instances.get(self.instance as usize).ok_or(TrapCode::MalformedCode)?;
        let global = data.imported_globals.get(index as usize).ok_or(TrapCode::MalformedCode)?;
        self.store.globals.get_mut(global.0 as usize).ok_or(TrapCode::MalformedCode)
    }

    /// Tells the observer that a function begins.
    #[cold]
    #[inline(never)]
    pub fn observe_enter(&mut self, index: u32, hot: u64) {
        // SAFETY: `module` points to the present instance's module.
        let imported = unsafe { (*self.module).imported_funcs };
        self.tank.hot = hot;
        if let Some(observer) = &mut self.observer {
            observer.enter(Instance(self.instance), imported.saturating_add(index), self.tank);
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

/// The translated form of one of the module's own functions.
pub(super) fn translated(module: &ModuleInner, index: u32) -> Result<&Code, TrapCode> {
    let cell = module.codes.get(index as usize).ok_or(TrapCode::MalformedCode)?;
    cell.get_or_try_init(|| translate(module, index).map(Box::new))
        .map_err(|_: TranslationError| TrapCode::MalformedCode)
}
