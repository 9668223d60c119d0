//! wasm3 by its safe bindings. It counts nothing. Functions are compiled on first use, its default
//! and its fastest way to a first result; a new instance is parsed and compiled again, as its
//! library keeps compiled code in the runtime.
use std::rc::Rc;

use tephra_bench_common::{
    Compiled, Ended, Engine, Failure, Job, Stop, World, for_each_function, values,
};
use wasm3x::{Caller, Engine as Wasm3Engine, Error, Instance, Linker, Module, Result, Store, Val};
use wasmparser::Payload;

/// wasm3.
pub struct Wasm3;

impl Wasm3 {
    fn module(wasm: &[u8]) -> Result<Wasm3Module> {
        let engine = Wasm3Engine::default();
        let module = Module::new(&engine, wasm)?;
        let mut linker = Linker::new(&engine);
        if wasmparser::Parser::new(0)
            .parse_all(wasm)
            .any(|part| matches!(part, Ok(Payload::ImportSection(_))))
        {
            link(&mut linker)?;
        }
        Ok(Wasm3Module { engine, module, linker })
    }
}

impl Engine for Wasm3 {
    fn validate(&self, wasm: &[u8], _entry: &str) -> Result<(), Failure> {
        Module::new(&Wasm3Engine::default(), wasm).map(drop).map_err(Failure::new)
    }

    fn compile(&self, wasm: &[u8], _entry: &str) -> Result<Rc<dyn Compiled>, Failure> {
        Ok(Rc::new(Self::module(wasm).map_err(Failure::new)?))
    }
}

/// The state of host functions.
struct Host {
    world: World,
    /// How the contract ended itself: errors that host functions give come back as text only.
    stopped: Option<Stop>,
}

/// The memory of the caller, by copying: the bindings have no slices inside calls.
struct InCaller<'a, 'b>(&'a mut Caller<'b, Host>);

impl tephra_bench_common::Memory for InCaller<'_, '_> {
    fn read(&mut self, at: u32, buffer: &mut [u8]) -> Result<(), Stop> {
        let memory = self.0.get_memory().ok_or(Stop::OutOfBounds)?;
        memory.read(&*self.0, at as usize, buffer).map_err(|_| Stop::OutOfBounds)
    }

    fn write(&mut self, at: u32, bytes: &[u8]) -> Result<(), Stop> {
        let memory = self.0.get_memory().ok_or(Stop::OutOfBounds)?;
        memory.write(&mut *self.0, at as usize, bytes).map_err(|_| Stop::OutOfBounds)
    }
}

fn link(linker: &mut Linker<Host>) -> Result<()> {
    macro_rules! wrap {
        ($(
            $function:ident $name:literal ($($param:ident: $ty:ident),*) $(-> $result:ident)?;
        )*) => {
            $(linker.func_wrap(
                "ethereum",
                $name,
                |mut caller: Caller<'_, Host>, $($param: $ty),*| -> Result<wrap!(@ $($result)?)> {
                    // Taken out while it works on the memory, which is reached through the caller
                    // as well.
                    let mut world = std::mem::take(&mut caller.data_mut().world);
                    let answer = world.$function(&mut InCaller(&mut caller), $($param),*);
                    let host = caller.data_mut();
                    host.world = world;
                    answer.map_err(|stop| {
                        host.stopped = Some(stop);
                        Error::host(stop)
                    })
                },
            )?;)*
        };
        (@) => { () };
        (@ $result:ident) => { $result };
    }
    for_each_function!(wrap);
    Ok(())
}

struct Wasm3Module {
    engine: Wasm3Engine,
    module: Module,
    linker: Linker<Host>,
}

impl Wasm3Module {
    fn instance(&self, world: World) -> Result<(Store<Host>, Instance)> {
        let mut store = Store::new(&self.engine, Host { world, stopped: None });
        let instance = self.linker.instantiate_and_start(&mut store, &self.module)?;
        Ok((store, instance))
    }

    fn call(&self, job: &Job, world: World) -> Result<Ended> {
        let (mut store, instance) = self.instance(world)?;
        let func = instance
            .get_func(&store, &job.function)
            .ok_or_else(|| Error::new("no such function"))?;
        let memory = instance.get_memory(&store);
        let needed = || memory.ok_or_else(|| Error::new("no memory"));
        if !job.memory.is_empty() {
            needed()?.write(&mut store, 0, &job.memory)?;
        }
        let args = arguments(job);
        let mut results = [Val::I32(0)];
        let results = results.get_mut(..usize::from(job.result.is_some())).unwrap_or_default();
        if let Err(error) = func.call(&mut store, &args, results)
            && !matches!(store.data().stopped, Some(Stop::Finished | Stop::Reverted))
        {
            return Err(error);
        }
        let result = result_of(results);
        let mut bytes = vec![0; job.look_at];
        if job.look_at > 0 {
            needed()?.read(&store, 0, &mut bytes)?;
        }
        Ok(Ended { result, memory: bytes, world: std::mem::take(&mut store.data_mut().world) })
    }
}

impl Compiled for Wasm3Module {
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
        let (mut store, instance) = self.instance(World::default()).map_err(Failure::new)?;
        let func = instance
            .get_func(&store, &job.function)
            .ok_or_else(|| Failure::new("no such function"))?;
        if !job.memory.is_empty() {
            let memory = instance.get_memory(&store).ok_or_else(|| Failure::new("no memory"))?;
            memory.write(&mut store, 0, &job.memory).map_err(Failure::new)?;
        }
        let args = arguments(job);
        let mut results = [Val::I32(0)];
        let results = results.get_mut(..usize::from(job.result.is_some())).unwrap_or_default();
        caller(&mut || {
            func.call(&mut store, &args, results).map_err(Failure::new)?;
            Ok(result_of(results))
        })
    }
}

values!(Val);
