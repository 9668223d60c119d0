//! tinywasm, one turn with as much fuel as it can be given; it asks for the next turn when that is
//! used up. Stacks start small and grow, which makes instances cheap, and validation uses one
//! thread, as everywhere here.
use std::cell::RefCell;
use std::rc::Rc;

use tephra_bench_common::{
    Compiled, Ended, Engine, Failure, Job, Memory as _, Stop, World, for_each_function, values,
};
use tinywasm::engine::{Config, StackConfig};
use tinywasm::types::WasmValue;
use tinywasm::{
    Engine as TinyEngine, Error, ExecProgress, FuncContext, Function, HostFunction, Imports,
    Memory, Module, ModuleInstance, Result, Store, Trap,
};

/// tinywasm.
pub struct TinyWasm;

/// Fuel of one turn: the most there is.
const FUEL: u32 = u32::MAX;

impl Engine for TinyWasm {
    fn validate(&self, wasm: &[u8], _entry: &str) -> Result<(), Failure> {
        tinywasm::parse_bytes(wasm).map(drop).map_err(Failure::new)
    }

    fn compile(&self, wasm: &[u8], _entry: &str) -> Result<Rc<dyn Compiled>, Failure> {
        let config = Config::new()
            .with_value_stack_32(StackConfig::dynamic(1024, 36 * 1024))
            .with_value_stack_64(StackConfig::dynamic(1024, 32 * 1024))
            .with_value_stack_128(StackConfig::dynamic(16, 4 * 1024))
            .with_call_stack(StackConfig::dynamic(64, 1024));
        let module = tinywasm::parse_bytes(wasm).map_err(Failure::new)?;
        Ok(Rc::new(TinyModule { engine: TinyEngine::new(config), module }))
    }
}

/// What host functions work on: they capture it, as a store has no data.
#[derive(Default)]
struct Host {
    world: World,
    memory: Option<Memory>,
    stopped: Option<Stop>,
}

struct InStore<'a> {
    store: &'a mut Store,
    memory: Memory,
}

impl tephra_bench_common::Memory for InStore<'_> {
    fn read(&mut self, at: u32, buffer: &mut [u8]) -> Result<(), Stop> {
        self.memory.read_exact(self.store, at as usize, buffer).map_err(|_| Stop::OutOfBounds)
    }

    fn write(&mut self, at: u32, bytes: &[u8]) -> Result<(), Stop> {
        self.memory.copy_from_slice(self.store, at as usize, bytes).map_err(|_| Stop::OutOfBounds)
    }
}

fn imports(store: &mut Store, host: &Rc<RefCell<Host>>) -> Imports {
    let mut imports = Imports::new();
    macro_rules! wrap {
        ($(
            $function:ident $name:literal ($($param:ident: $ty:ident),*) $(-> $result:ident)?;
        )*) => {
            $({
                let host = host.clone();
                let func = HostFunction::from(
                    store,
                    move |mut context: FuncContext<'_>, wrap!(? $($param),*): wrap!(! $($ty),*)|
                        -> Result<wrap!(@ $($result)?)>
                    {
                        let host = &mut *host.borrow_mut();
                        let answer = match &host.memory {
                            Some(memory) => {
                                let store = context.store_mut();
                                let mut memory = InStore { store, memory: *memory };
                                host.world.$function(&mut memory, $($param),*)
                            }
                            None => Err(Stop::OutOfBounds),
                        };
                        answer.map_err(|stop| {
                            host.stopped = Some(stop);
                            Error::Trap(Trap::HostFunction(Box::new(stop)))
                        })
                    },
                );
                imports.define("ethereum", $name, func);
            })*
        };
        (@) => { () };
        (@ $result:ident) => { $result };
        (?) => { () };
        (? $param:ident) => { $param };
        (? $($param:ident),+) => { ($($param),+) };
        (!) => { () };
        (! $ty:ident) => { $ty };
        (! $($ty:ident),+) => { ($($ty),+) };
    }
    for_each_function!(wrap);
    imports
}

struct TinyModule {
    engine: TinyEngine,
    module: Module,
}

impl TinyModule {
    fn instance(&self, world: World) -> Result<(Store, ModuleInstance, Rc<RefCell<Host>>)> {
        let mut store = Store::new(self.engine.clone());
        let host = Rc::new(RefCell::new(Host { world, ..Host::default() }));
        // Functions belong to a store, so they are made for every instance.
        let imports = (!self.module.imports.is_empty()).then(|| imports(&mut store, &host));
        let instance = ModuleInstance::instantiate(&mut store, &self.module, imports)?;
        host.borrow_mut().memory = instance.memory("memory").ok();
        Ok((store, instance, host))
    }

    fn call(&self, job: &Job, world: World) -> Result<Ended> {
        let (mut store, instance, host) = self.instance(world)?;
        let func = instance.func_untyped(&store, &job.function)?;
        let memory = host.borrow().memory;
        let needed = || memory.ok_or_else(|| Error::Other("no memory".into()));
        if !job.memory.is_empty() {
            InStore { memory: needed()?, store: &mut store }
                .write(0, &job.memory)
                .map_err(other)?;
        }
        let args = arguments(job);
        let results = match fuelled(&func, &mut store, &args) {
            Err(_) if matches!(host.borrow().stopped, Some(Stop::Finished | Stop::Reverted)) => {
                Vec::new()
            }
            results => results?,
        };
        let result = result_of(&results);
        let mut bytes = vec![0; job.look_at];
        if job.look_at > 0 {
            InStore { memory: needed()?, store: &mut store }.read(0, &mut bytes).map_err(other)?;
        }
        let world = std::mem::take(&mut host.borrow_mut().world);
        Ok(Ended { result, memory: bytes, world })
    }
}

fn other(stop: Stop) -> Error {
    Error::Other(stop.to_string())
}

impl Compiled for TinyModule {
    fn instantiate(&self, world: World) -> Result<(), Failure> {
        self.instance(world).map(drop).map_err(Failure::new)
    }

    fn run(&self, job: &Job, world: World) -> Result<Ended, Failure> {
        self.call(job, world).map_err(Failure::new)
    }

    fn calls(
        &self,
        job: &Job,
        caller: &mut tephra_bench_common::Caller<'_>,
    ) -> Result<(), Failure> {
        let (mut store, instance, host) = self.instance(World::default()).map_err(Failure::new)?;
        let func = instance.func_untyped(&store, &job.function).map_err(Failure::new)?;
        if !job.memory.is_empty() {
            let memory = host.borrow().memory.ok_or_else(|| Failure::new("no memory"))?;
            memory.copy_from_slice(&mut store, 0, &job.memory).map_err(Failure::new)?;
        }
        let args = arguments(job);
        caller(&mut || Ok(result_of(&fuelled(&func, &mut store, &args).map_err(Failure::new)?)))
    }
}

/// Calls a function with fuel, as often as that is used up.
fn fuelled(func: &Function, store: &mut Store, args: &[WasmValue]) -> Result<Vec<WasmValue>> {
    let mut execution = func.call_resumable(store, args)?;
    loop {
        if let ExecProgress::Completed(results) = execution.resume_with_fuel(FUEL)? {
            return Ok(results);
        }
    }
}

values!(WasmValue);
