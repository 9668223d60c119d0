//! A store and its engine, with the calls driven to their end.
use std::collections::HashMap;
use std::fmt;

use tephra_core::wasm::{
    Config, Engine, Event, Execution, ExternType, Func, FuncType, GasTank, Global, GlobalType,
    InstantiationError, MemoryType, Module, ModuleError, Observer, Store, TableType, TrapCode, Val,
    ValType,
};
pub use tephra_core::wasm::{Extern, Instance};

/// Why there is no instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// An import is missing or has another type.
    Link(InstantiationError),
    /// A segment is out of bounds, or the start function trapped.
    Trap(TrapCode),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Link(error) => error.fmt(f),
            Self::Trap(trap) => trap.fmt(f),
        }
    }
}

/// Answers a call of the host function with this number: takes the arguments and gives the results,
/// both as slots.
pub type Answer<'a> = dyn FnMut(u32, &[u64]) -> Vec<u64> + 'a;

/// A store and its engine.
pub struct Machine {
    engine: Engine,
    /// Where everything lives.
    pub store: Store,
    /// Gas for each call.
    gas: u64,
    /// Gas that the last call used.
    used: u64,
    /// Whether an observer is attached: then the engine's loop runs, otherwise the backend that the
    /// build has.
    looped: bool,
}

/// Looks on and does nothing.
struct Nobody;

impl Observer for Nobody {
    fn enter(&mut self, _instance: Instance, _function: u32, _gas: &GasTank) {}
    fn exit(&mut self, _gas: &GasTank) {}
}

impl Machine {
    /// An empty store. Every call may use up to `gas`.
    pub fn new(config: Config, gas: u64) -> Self {
        let engine = Engine::new(config);
        let store = Store::new(&engine);
        Self { engine, store, gas, used: 0, looped: false }
    }

    /// The same, run by the engine's loop.
    pub fn looped(self, looped: bool) -> Self {
        Self { looped, ..self }
    }

    /// Validates a module.
    ///
    /// # Errors
    /// When it is refused.
    pub fn compile(&self, bytes: &[u8]) -> Result<Module, ModuleError> {
        Module::new(&self.engine, bytes)
    }

    /// Makes a module from bytes that were validated before.
    ///
    /// # Errors
    /// When it is refused.
    pub fn trust(&self, bytes: &[u8]) -> Result<Module, ModuleError> {
        Module::new_trusted(&self.engine, bytes)
    }

    /// Instantiates a module and runs its start function. `resolve` finds what it imports, by
    /// module and name.
    ///
    /// # Errors
    /// When something to import is missing, or something traps.
    pub fn instantiate(
        &mut self,
        module: &Module,
        resolve: impl Fn(&Self, &str, &str) -> Option<Extern>,
    ) -> Result<Instance, Failure> {
        let mut items = Vec::new();
        for import in module.imports() {
            let unknown = || InstantiationError::UnknownImport {
                module: import.module.into(),
                name: import.name.into(),
            };
            items.push(
                resolve(self, import.module, import.name)
                    .ok_or_else(unknown)
                    .map_err(Failure::Link)?,
            );
        }
        self.instantiate_with(module, &items, &mut nothing)
    }

    /// Instantiates a module with these imports, in their order, and runs its start function.
    ///
    /// # Errors
    /// As [`Self::instantiate`].
    pub fn instantiate_with(
        &mut self,
        module: &Module,
        items: &[Extern],
        answer: &mut Answer,
    ) -> Result<Instance, Failure> {
        self.used = 0;
        let instance = self.store.instantiate(module, items).map_err(|error| match error {
            InstantiationError::Segment { code, .. } => Failure::Trap(code),
            error => Failure::Link(error),
        })?;
        if let Some(start) = instance.start(&self.store) {
            self.call_with(start, &[], answer).map_err(Failure::Trap)?;
        }
        Ok(instance)
    }

    /// Something to import for every import of a module: functions that answer with zeros, empty
    /// memories and tables, zeros.
    ///
    /// # Errors
    /// The reason why a store can not make something.
    pub fn stubs(&mut self, module: &Module) -> Result<Vec<Extern>, String> {
        let zero = |ty| Val::from_slot(ty, 0);
        let stub = |ty| {
            Ok(match ty {
                ExternType::Func(ty) => self.store.host_func(ty).into(),
                ExternType::Global(ty) => self
                    .store
                    .global_new(ty, zero(ty.value))
                    .map_err(|error| error.to_string())?
                    .into(),
                ExternType::Memory(ty) => {
                    self.store.memory_new(ty).map_err(|error| error.to_string())?.into()
                }
                ExternType::Table(ty) => {
                    self.store.table_new(ty).map_err(|error| error.to_string())?.into()
                }
            })
        };
        module.imports().map(|import| import.ty).map(stub).collect()
    }

    /// Calls a function. Host functions do nothing and answer with zeros.
    ///
    /// # Errors
    /// The trap.
    pub fn call(&mut self, func: Func, args: &[Val]) -> Result<Vec<Val>, TrapCode> {
        self.call_with(func, args, &mut nothing)
    }

    /// Calls a function; host functions answer through `answer`.
    ///
    /// # Errors
    /// The trap.
    pub fn call_with(
        &mut self,
        func: Func,
        args: &[Val],
        answer: &mut Answer,
    ) -> Result<Vec<Val>, TrapCode> {
        let mut execution = Execution::new(&self.store, func, args, GasTank::new(self.gas))
            .expect("the arguments have the types of the parameters");
        let ending = loop {
            let event = if self.looped {
                execution.run_observed(&mut self.store, &mut Nobody)
            } else {
                execution.run(&mut self.store)
            };
            match event {
                Event::Finished => break Ok(execution.results()),
                Event::Trapped(trap) => break Err(trap.code),
                Event::HostCall(call) => {
                    let results = answer(call.number, execution.args());
                    execution.set_results(&self.store, &results);
                }
            }
        };
        self.used = self.gas - execution.gas().left();
        ending
    }

    /// Gas that the last call, or the last instantiation with its start function, used.
    pub fn used(&self) -> u64 {
        self.used
    }

    /// An export of an instance.
    pub fn export(&self, instance: Instance, name: &str) -> Option<Extern> {
        instance.export(&self.store, name)
    }

    /// The exported functions of an instance with their types, by name, in their order.
    pub fn functions(&self, instance: Instance) -> Vec<(String, Func, FuncType)> {
        instance
            .exports(&self.store)
            .filter_map(|(name, item)| {
                Some((name.to_owned(), item.func()?, self.store.func_type(item.func()?)?.clone()))
            })
            .collect()
    }

    /// The value of a global of this store.
    pub fn global(&self, global: Global) -> Val {
        self.store.global_get(global).expect("the global is of this store")
    }

    /// Bytes of an instance's memory.
    pub fn read(&self, instance: Instance, address: u64, len: usize) -> Vec<u8> {
        let mut bytes = vec![0; len];
        if len > 0 {
            let memory = instance.memory(&self.store).expect("the instance has a memory");
            self.store.memory_read(memory, address, &mut bytes).expect("the range is in bounds");
        }
        bytes
    }

    /// Writes bytes to an instance's memory.
    pub fn write(&mut self, instance: Instance, address: u64, bytes: &[u8]) {
        if !bytes.is_empty() {
            let memory = instance.memory(&self.store).expect("the instance has a memory");
            self.store.memory_write(memory, address, bytes).expect("the range is in bounds");
        }
    }

    /// What scripts of the specification's test suite may import from `spectest`.
    pub fn spectest(&mut self) -> HashMap<&'static str, Extern> {
        use ValType::{F32, F64, FuncRef, I32, I64};
        const PRINT: [(&str, &[ValType]); 7] = [
            ("print", &[]),
            ("print_i32", &[I32]),
            ("print_i64", &[I64]),
            ("print_f32", &[F32]),
            ("print_f64", &[F64]),
            ("print_i32_f32", &[I32, F32]),
            ("print_f64_f64", &[F64, F64]),
        ];
        let globals = [
            ("global_i32", Val::I32(666)),
            ("global_i64", Val::I64(666)),
            ("global_f32", Val::F32(666.6f32.to_bits())),
            ("global_f64", Val::F64(666.6f64.to_bits())),
        ];
        let mut items = HashMap::new();
        for (name, params) in PRINT {
            items.insert(name, self.store.host_func(FuncType::new(params, &[])).into());
        }
        for (name, value) in globals {
            let ty = GlobalType { value: value.ty(), mutable: false };
            items.insert(
                name,
                self.store.global_new(ty, value).expect("the value has the type").into(),
            );
        }
        let table = TableType { element: FuncRef, minimum: 10, maximum: Some(20) };
        items.insert(
            "table",
            self.store.table_new(table).expect("the table is within the limits").into(),
        );
        let memory = MemoryType { minimum: 1, maximum: Some(2) };
        items.insert(
            "memory",
            self.store.memory_new(memory).expect("the memory is within the limits").into(),
        );
        items
    }
}

fn nothing(_: u32, _: &[u64]) -> Vec<u64> {
    Vec::new()
}
