//! Tephra's WebAssembly layer.
use alloc::rc::Rc;
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;

use tephra_core::wasm::{
    Config, Engine as WasmEngine, Event, Execution, Extern, ExternType, Func, FuncType, GasTank,
    ImportType, Instance, InstructionCosts, Memory as WasmMemory, Module, Store, Val, ValType,
};

use crate::{
    Caller, Compiled, Ended, Engine, FUNCTIONS, Failure, Job, Memory, Stop, Type, Value, World,
    dispatch, number_of,
};

/// Gas of a job: more than any needs.
const GAS: u64 = 1 << 62;

/// Tephra in one configuration.
#[derive(Clone, Copy, Debug)]
pub struct Tephra {
    /// The costs of instructions.
    pub costs: InstructionCosts,
    /// Whether the code is known to be valid, as code of the state is.
    pub trusted: bool,
}

impl Tephra {
    /// Metered, nothing known of the code.
    pub const METERED: Self = Self { costs: InstructionCosts::EWASM, trusted: false };
    /// Metered, the code known to be valid.
    pub const TRUSTED: Self = Self { costs: InstructionCosts::EWASM, trusted: true };
    /// Nothing costs anything, nothing known of the code.
    pub const FREE: Self = Self { costs: InstructionCosts::FREE, trusted: false };

    fn module(self, wasm: &[u8]) -> Result<Module, Failure> {
        let engine = WasmEngine::new(Config { costs: self.costs, ..Config::default() });
        if self.trusted {
            Module::new_trusted(&engine, Arc::<[u8]>::from(wasm))
        } else {
            Module::new(&engine, wasm)
        }
        .map_err(Failure::new)
    }
}

impl Engine for Tephra {
    fn validate(&self, wasm: &[u8], _entry: &str) -> Result<(), Failure> {
        self.module(wasm).map(drop)
    }

    fn compile(&self, wasm: &[u8], _entry: &str) -> Result<Rc<dyn Compiled>, Failure> {
        let module = self.module(wasm)?;
        if module.imports().len() == 0 {
            return Ok(Rc::new(TephraModule {
                module,
                imported: Arc::default(),
                types: Arc::default(),
            }));
        }
        let types: Arc<[FuncType]> = FUNCTIONS
            .iter()
            .map(|function| {
                let params: Vec<ValType> = function.params.iter().copied().map(val_type).collect();
                FuncType::new(&params, function.result.map(val_type).as_slice())
            })
            .collect();
        // Host functions of a store are numbered in the order in which they are made, so these are
        // good in every store with the same ones.
        let mut first = Store::new(module.engine());
        let funcs: Vec<Func> = types.iter().map(|ty| first.host_func(ty.clone())).collect();
        let resolve = |import: ImportType<'_>| {
            let number = number_of(import.module, import.name)?;
            let (func, ty) = (funcs.get(number)?, types.get(number)?);
            (import.ty == ExternType::Func(ty.clone())).then_some(*func)
        };
        let imported: Option<Arc<[Func]>> = module.imports().map(resolve).collect();
        let imported = imported.ok_or_else(|| Failure::new("an import is not of the interface"))?;
        Ok(Rc::new(TephraModule { module, imported, types }))
    }
}

fn val_type(ty: Type) -> ValType {
    match ty {
        Type::I32 => ValType::I32,
        Type::I64 => ValType::I64,
    }
}

struct TephraModule {
    module: Module,
    imported: Arc<[Func]>,
    types: Arc<[FuncType]>,
}

impl TephraModule {
    fn instance(&self) -> Result<(Store, Instance), Failure> {
        let mut store = Store::with_host_funcs(self.module.engine(), self.types.clone());
        let instance = store
            .instantiate_resolved(&self.module, self.imported.clone())
            .map_err(Failure::new)?;
        Ok((store, instance))
    }
}

struct InStore<'a> {
    store: &'a mut Store,
    memory: WasmMemory,
}

impl Memory for InStore<'_> {
    fn read(&mut self, at: u32, buffer: &mut [u8]) -> Result<(), Stop> {
        self.store.memory_read(self.memory, at.into(), buffer).map_err(|_| Stop::OutOfBounds)
    }

    fn write(&mut self, at: u32, bytes: &[u8]) -> Result<(), Stop> {
        self.store.memory_write(self.memory, at.into(), bytes).map_err(|_| Stop::OutOfBounds)
    }
}

impl Compiled for TephraModule {
    fn instantiate(&self, _world: World) -> Result<(), Failure> {
        self.instance().map(drop)
    }

    fn run(&self, job: &Job, mut world: World) -> Result<Ended, Failure> {
        let (mut store, instance) = self.instance()?;
        let (func, args) = begin(&mut store, instance, job)?;
        let mut execution =
            Execution::new(&store, func, &args, GasTank::new(GAS)).map_err(Failure::new)?;
        loop {
            match execution.run(&mut store) {
                Event::Finished => break,
                Event::Trapped(trap) => return Err(Failure::new(trap)),
                Event::HostCall(call) => {
                    let memory =
                        execution.memory(&store).ok_or_else(|| Failure::new("no memory"))?;
                    let mut memory = InStore { store: &mut store, memory };
                    match dispatch(call.number as usize, &mut world, &mut memory, execution.args())
                    {
                        Ok(result) => execution.set_results(&store, &[result]),
                        Err(Stop::OutOfBounds) => return Err(Failure::new(Stop::OutOfBounds)),
                        Err(Stop::Finished | Stop::Reverted) => break,
                    }
                }
            }
        }
        let result = result_of(&execution);
        let mut memory = vec![0; job.look_at];
        if job.look_at > 0 {
            let from = instance.memory(&store).ok_or_else(|| Failure::new("no memory"))?;
            store.memory_read(from, 0, &mut memory).map_err(Failure::new)?;
        }
        Ok(Ended { result, memory, world })
    }

    fn calls(&self, job: &Job, caller: &mut Caller<'_>) -> Result<(), Failure> {
        let (mut store, instance) = self.instance()?;
        let (func, args) = begin(&mut store, instance, job)?;
        caller(&mut || {
            let mut execution =
                Execution::new(&store, func, &args, GasTank::new(GAS)).map_err(Failure::new)?;
            match execution.run(&mut store) {
                Event::Finished => Ok(result_of(&execution)),
                Event::Trapped(trap) => Err(Failure::new(trap)),
                Event::HostCall(_) => Err(Failure::new("it calls the host")),
            }
        })
    }
}

/// The job's function and arguments, after its memory was written.
fn begin(store: &mut Store, instance: Instance, job: &Job) -> Result<(Func, Vec<Val>), Failure> {
    let func = instance.export(store, &job.function).and_then(Extern::func);
    let func = func.ok_or_else(|| Failure::new("no such function"))?;
    if !job.memory.is_empty() {
        let memory = instance.memory(store).ok_or_else(|| Failure::new("no memory"))?;
        store.memory_write(memory, 0, &job.memory).map_err(Failure::new)?;
    }
    let args = job.args.iter().map(|arg| match *arg {
        Value::I32(value) => Val::I32(value),
        Value::I64(value) => Val::I64(value),
    });
    Ok((func, args.collect()))
}

fn result_of(execution: &Execution) -> Option<Value> {
    match execution.result() {
        Some(Val::I32(value)) => Some(Value::I32(value)),
        Some(Val::I64(value)) => Some(Value::I64(value)),
        _ => None,
    }
}
