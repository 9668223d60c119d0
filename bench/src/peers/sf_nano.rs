//! Silverfir-nano's interpreter. It counts nothing. A module is consumed by its instance, so that
//! each instance parses again; what is validated once is not validated again.
use std::cell::RefCell;
use std::rc::Rc;

use sf_nano_core::{
    Caller, Config, Engine as SfEngine, Import, Instance, Module, Tier, Value as SfValue, WasmError,
};
use tephra_bench_common::{
    Compiled, Ended, Engine, FUNCTIONS, Failure, Job, Stop, Type, Value, World, dispatch, values,
};

/// Silverfir-nano.
pub struct SfNano;

fn failure(error: WasmError) -> Failure {
    Failure::new(format!("{error:?}"))
}

impl Engine for SfNano {
    fn validate(&self, wasm: &[u8], _entry: &str) -> Result<(), Failure> {
        Module::new("", wasm).map(drop).map_err(failure)
    }

    fn compile(&self, wasm: &[u8], _entry: &str) -> Result<Rc<dyn Compiled>, Failure> {
        let engine = SfEngine::new(Config::new().tier(Tier::Interp))
            .map_err(|error| Failure::new(format!("{error:?}")))?;
        let module = Module::new("", wasm).map_err(failure)?;
        let running: Rc<RefCell<Host>> = Rc::default();
        let imports = imports(&running);
        Ok(Rc::new(SfModule {
            engine,
            wasm: wasm.into(),
            first: RefCell::new(Some(module)),
            imports,
            running,
        }))
    }
}

/// What host functions work on: they capture it, as they get no data of the instance's.
#[derive(Default)]
struct Host {
    world: World,
    stopped: Option<Stop>,
}

fn imports(running: &Rc<RefCell<Host>>) -> Vec<Import> {
    let import = |(number, function): (usize, &tephra_bench_common::Signature)| {
        let running = running.clone();
        let result = function.result;
        let body = move |caller: &mut Caller<'_>, args: &[SfValue], results: &mut [SfValue]| {
            let mut slots = [0; 8];
            for (slot, arg) in slots.iter_mut().zip(args) {
                *slot = match arg {
                    SfValue::I32(value) => u64::from(*value as u32),
                    SfValue::I64(value) => *value as u64,
                    _ => 0,
                };
            }
            // Taken out, as a message to another contract comes back here.
            let mut world = std::mem::take(&mut running.borrow_mut().world);
            let answer = match caller.memory_mut() {
                Some(mut bytes) => dispatch(number, &mut world, &mut bytes, &slots),
                None => Err(Stop::OutOfBounds),
            };
            let mut host = running.borrow_mut();
            host.world = world;
            match (answer, result, results.first_mut()) {
                (Ok(slot), Some(Type::I32), Some(to)) => *to = SfValue::I32(slot as i32),
                (Ok(slot), Some(Type::I64), Some(to)) => *to = SfValue::I64(slot as i64),
                (Ok(_), ..) => {}
                (Err(stop), ..) => {
                    host.stopped = Some(stop);
                    return Err(WasmError::trap("stopped"));
                }
            }
            Ok(())
        };
        Import::func("ethereum", function.name, body)
    };
    FUNCTIONS.iter().enumerate().map(import).collect()
}

struct SfModule {
    engine: SfEngine,
    wasm: Vec<u8>,
    /// The module that validation left, for the first instance.
    first: RefCell<Option<Module>>,
    imports: Vec<Import>,
    running: Rc<RefCell<Host>>,
}

impl SfModule {
    fn instance(&self) -> Result<Instance, Failure> {
        let module = match self.first.borrow_mut().take() {
            Some(module) => module,
            // SAFETY: The same bytes passed validation when this was made.
            None => unsafe { Module::new_unchecked("", &self.wasm) }.map_err(failure)?,
        };
        Instance::from_module(&self.engine, module, &self.imports).map_err(failure)
    }

    fn call(&self, job: &Job) -> Result<(Option<Value>, Vec<u8>), Failure> {
        let mut instance = self.instance()?;
        let func =
            instance.get_func(&job.function).ok_or_else(|| Failure::new("no such function"))?;
        write_memory(&mut instance, job)?;
        let args = arguments(job);
        let mut results = [SfValue::I32(0)];
        let results = results.get_mut(..usize::from(job.result.is_some())).unwrap_or_default();
        if let Err(error) = instance.call(&func, &args, results)
            && !matches!(self.running.borrow().stopped, Some(Stop::Finished | Stop::Reverted))
        {
            return Err(failure(error));
        }
        let result = result_of(results);
        let mut bytes = Vec::new();
        if job.look_at > 0 {
            let memory = instance.memory().map_err(failure)?;
            bytes.extend(memory.get(..job.look_at).ok_or_else(|| Failure::new("no memory"))?);
        }
        Ok((result, bytes))
    }
}

impl Compiled for SfModule {
    fn instantiate(&self, _world: World) -> Result<(), Failure> {
        self.instance().map(drop)
    }

    fn run(&self, job: &Job, world: World) -> Result<Ended, Failure> {
        // Put back afterwards: this may be a message that another instance of the same module sent.
        let outer = self.running.replace(Host { world, stopped: None });
        let called = self.call(job);
        let host = self.running.replace(outer);
        let (result, memory) = called?;
        Ok(Ended { result, memory, world: host.world })
    }

    fn calls(
        &self,
        job: &Job,
        caller: &mut tephra_bench_common::Caller<'_>,
    ) -> Result<(), Failure> {
        let mut instance = self.instance()?;
        let func =
            instance.get_func(&job.function).ok_or_else(|| Failure::new("no such function"))?;
        write_memory(&mut instance, job)?;
        let args = arguments(job);
        let mut results = [SfValue::I32(0)];
        let results = results.get_mut(..usize::from(job.result.is_some())).unwrap_or_default();
        caller(&mut || {
            instance.call(&func, &args, results).map_err(failure)?;
            Ok(result_of(results))
        })
    }
}

fn write_memory(instance: &mut Instance, job: &Job) -> Result<(), Failure> {
    if !job.memory.is_empty() {
        let mut memory = instance.memory_mut().map_err(failure)?;
        memory
            .get_mut(..job.memory.len())
            .ok_or_else(|| Failure::new("no memory"))?
            .copy_from_slice(&job.memory);
    }
    Ok(())
}

values!(SfValue);
