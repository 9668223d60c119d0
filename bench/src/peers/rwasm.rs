//! rwasm's own machine with fuel, in the configuration for untrusted code on that machine, its
//! default. Code is compiled for one entry point.
use std::rc::Rc;
use std::sync::Arc;

use rwasm::{
    CompilationConfig, ImportLinker, ImportName, StoreTr, StrategyDefinition, TrapCode,
    TypedCaller, ValType, Value as RwasmValue,
};
use tephra_bench_common::{
    Compiled, Ended, Engine, FUNCTIONS, Failure, Job, Memory, Stop, Type, World, dispatch, values,
};

/// rwasm.
pub struct Rwasm;

/// Fuel of a job: more than any needs.
const FUEL: u64 = 1 << 60;

fn compile(wasm: &[u8], entry: &str) -> Result<RwasmModule, Failure> {
    let linker = Arc::new(linker());
    let config = CompilationConfig::default()
        .with_entrypoint_name(entry.into())
        .with_import_linker(linker.clone())
        .with_consume_fuel(true);
    let definition = StrategyDefinition::new_as_rwasm(config, wasm)
        .map_err(|error| Failure::new(format!("{error:?}")))?;
    Ok(RwasmModule { definition, linker })
}

impl Engine for Rwasm {
    fn validate(&self, wasm: &[u8], entry: &str) -> Result<(), Failure> {
        compile(wasm, entry).map(drop)
    }

    fn compile(&self, wasm: &[u8], entry: &str) -> Result<Rc<dyn Compiled>, Failure> {
        Ok(Rc::new(compile(wasm, entry)?))
    }
}

fn val_type(ty: Type) -> ValType {
    match ty {
        Type::I32 => ValType::I32,
        Type::I64 => ValType::I64,
    }
}

/// The types of at most seven parameters, for as long as the program runs.
fn types(types: &[Type]) -> &'static [ValType] {
    Vec::leak(types.iter().copied().map(val_type).collect())
}

fn linker() -> ImportLinker {
    thread_local! {
        static TYPES: Vec<(&'static [ValType], &'static [ValType])> =
            FUNCTIONS
                .iter()
                .map(|function| (types(function.params), types(function.result.as_slice())))
                .collect();
    }
    let mut linker = ImportLinker::default();
    TYPES.with(|all| {
        for ((number, function), (params, result)) in (0..).zip(FUNCTIONS).zip(all) {
            let name = ImportName::new("ethereum", function.name);
            linker.insert_function(name, number, Default::default(), params, result);
        }
    });
    linker
}

/// The state of host functions.
#[derive(Default)]
struct Host {
    world: World,
    stopped: Option<Stop>,
}

struct InCaller<'a, 'b>(&'a mut TypedCaller<'b, Host>);

impl Memory for InCaller<'_, '_> {
    fn read(&mut self, at: u32, buffer: &mut [u8]) -> Result<(), Stop> {
        self.0.memory_read(at as usize, buffer).map_err(|_| Stop::OutOfBounds)
    }

    fn write(&mut self, at: u32, bytes: &[u8]) -> Result<(), Stop> {
        self.0.memory_write(at as usize, bytes).map_err(|_| Stop::OutOfBounds)
    }
}

fn handle(
    caller: &mut TypedCaller<'_, Host>,
    number: u32,
    params: &[RwasmValue],
    results: &mut [RwasmValue],
) -> Result<(), TrapCode> {
    let mut slots = [0; 8];
    for (slot, param) in slots.iter_mut().zip(params) {
        *slot = match param {
            RwasmValue::I32(value) => u64::from(*value as u32),
            RwasmValue::I64(value) => *value as u64,
            _ => 0,
        };
    }
    let mut world = std::mem::take(&mut caller.data_mut().world);
    let answer = dispatch(number as usize, &mut world, &mut InCaller(caller), &slots);
    let host = caller.data_mut();
    host.world = world;
    match (answer, results.first_mut()) {
        (Ok(slot), Some(to)) => {
            *to = match to {
                RwasmValue::I64(_) => RwasmValue::I64(slot as i64),
                _ => RwasmValue::I32(slot as i32),
            }
        }
        (Ok(_), None) => {}
        (Err(stop), _) => {
            host.stopped = Some(stop);
            return Err(TrapCode::ExecutionHalted);
        }
    }
    Ok(())
}

struct RwasmModule {
    definition: StrategyDefinition,
    linker: Arc<ImportLinker>,
}

impl Compiled for RwasmModule {
    fn instantiate(&self, world: World) -> Result<(), Failure> {
        let host = Host { world, stopped: None };
        let executor =
            self.definition.create_executor(self.linker.clone(), host, handle, Some(FUEL), None);
        executor.map(drop).map_err(Failure::new)
    }

    fn run(&self, job: &Job, world: World) -> Result<Ended, Failure> {
        let host = Host { world, stopped: None };
        let mut executor = self
            .definition
            .create_executor(self.linker.clone(), host, handle, Some(FUEL), None)
            .map_err(Failure::new)?;
        if !job.memory.is_empty() {
            executor.memory_write(0, &job.memory).map_err(Failure::new)?;
        }
        let args = arguments(job);
        let mut results = [empty(job)];
        let results = results.get_mut(..usize::from(job.result.is_some())).unwrap_or_default();
        if let Err(code) = executor.execute(&job.function, &args, results)
            && !matches!(executor.data().stopped, Some(Stop::Finished | Stop::Reverted))
        {
            return Err(Failure::new(code));
        }
        let result = result_of(results);
        let mut memory = vec![0; job.look_at];
        if job.look_at > 0 {
            executor.memory_read(0, &mut memory).map_err(Failure::new)?;
        }
        let world = std::mem::take(&mut executor.data_mut().world);
        Ok(Ended { result, memory, world })
    }

    fn calls(
        &self,
        job: &Job,
        caller: &mut tephra_bench_common::Caller<'_>,
    ) -> Result<(), Failure> {
        let host = Host::default();
        let mut executor = self
            .definition
            .create_executor(self.linker.clone(), host, handle, Some(FUEL), None)
            .map_err(Failure::new)?;
        if !job.memory.is_empty() {
            executor.memory_write(0, &job.memory).map_err(Failure::new)?;
        }
        let args = arguments(job);
        let mut results = [empty(job)];
        let results = results.get_mut(..usize::from(job.result.is_some())).unwrap_or_default();
        caller(&mut || {
            executor.execute(&job.function, &args, results).map_err(Failure::new)?;
            Ok(result_of(results))
        })
    }
}

/// A place for the result.
fn empty(job: &Job) -> RwasmValue {
    match job.result {
        Some(Type::I64) => RwasmValue::I64(0),
        _ => RwasmValue::I32(0),
    }
}

values!(RwasmValue);
