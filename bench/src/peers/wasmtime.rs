//! wasmtime with fuel: Cranelift and Winch, the ceiling for an interpreter. Instances are made by
//! the on-demand allocator, linked beforehand.
use std::rc::Rc;

use tephra_bench_common::{
    Compiled, Ended, Engine, Failure, Job, Stop, World, for_each_function, values,
};
use wasmtime::{
    Caller, Config, Engine as WasmtimeEngine, Error, Instance, InstancePre, Linker, Memory, Module,
    Result, Store, Strategy, Val,
};

/// Fuel of a job: more than any needs.
const FUEL: u64 = 1 << 60;

/// wasmtime with one of its compilers.
pub struct Wasmtime(pub Strategy);

impl Wasmtime {
    fn engine(&self) -> Result<WasmtimeEngine> {
        let mut config = Config::new();
        config.strategy(self.0).consume_fuel(true);
        WasmtimeEngine::new(&config)
    }

    fn module(&self, wasm: &[u8]) -> Result<WasmtimeModule> {
        let engine = self.engine()?;
        let module = Module::new(&engine, wasm)?;
        let mut linker = Linker::new(&engine);
        if module.imports().len() > 0 {
            link(&mut linker)?;
        }
        let ready = linker.instantiate_pre(&module)?;
        Ok(WasmtimeModule { engine, ready })
    }
}

/// One line about an error, with its cause.
fn failure(error: Error) -> Failure {
    Failure::new(format!("{error:#}"))
}

impl Engine for Wasmtime {
    fn validate(&self, wasm: &[u8], _entry: &str) -> Result<(), Failure> {
        self.engine().and_then(|engine| Module::validate(&engine, wasm)).map_err(failure)
    }

    fn compile(&self, wasm: &[u8], _entry: &str) -> Result<Rc<dyn Compiled>, Failure> {
        Ok(Rc::new(self.module(wasm).map_err(failure)?))
    }
}

/// The state of host functions.
struct Host {
    world: World,
    memory: Option<Memory>,
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
                    let Some(memory) = caller.data().memory else {
                        return Err(Error::new(Stop::OutOfBounds));
                    };
                    let (mut bytes, host) = memory.data_and_store_mut(&mut caller);
                    host.world.$function(&mut bytes, $($param),*).map_err(Error::new)
                },
            )?;)*
        };
        (@) => { () };
        (@ $result:ident) => { $result };
    }
    for_each_function!(wrap);
    Ok(())
}

struct WasmtimeModule {
    engine: WasmtimeEngine,
    ready: InstancePre<Host>,
}

impl WasmtimeModule {
    fn instance(&self, world: World) -> Result<(Store<Host>, Instance)> {
        let mut store = Store::new(&self.engine, Host { world, memory: None });
        store.set_fuel(FUEL)?;
        let instance = self.ready.instantiate(&mut store)?;
        store.data_mut().memory = instance.get_memory(&mut store, "memory");
        Ok((store, instance))
    }

    fn call(&self, job: &Job, world: World) -> Result<Ended> {
        let (mut store, instance) = self.instance(world)?;
        let func = instance
            .get_func(&mut store, &job.function)
            .ok_or_else(|| Error::msg("no such function"))?;
        let memory = store.data().memory;
        let needed = || memory.ok_or_else(|| Error::msg("no memory"));
        if !job.memory.is_empty() {
            needed()?.write(&mut store, 0, &job.memory)?;
        }
        let args = arguments(job);
        let mut results = [Val::I32(0)];
        let results = results.get_mut(..usize::from(job.result.is_some())).unwrap_or_default();
        if let Err(error) = func.call(&mut store, &args, results)
            && !matches!(error.downcast_ref(), Some(Stop::Finished | Stop::Reverted))
        {
            return Err(error);
        }
        let result = result_of(results);
        let mut bytes = vec![0; job.look_at];
        if job.look_at > 0 {
            needed()?.read(&store, 0, &mut bytes)?;
        }
        Ok(Ended { result, memory: bytes, world: store.into_data().world })
    }
}

impl Compiled for WasmtimeModule {
    fn instantiate(&self, world: World) -> Result<(), Failure> {
        self.instance(world).map(drop).map_err(failure)
    }

    fn run(&self, job: &Job, world: World) -> Result<Ended, Failure> {
        self.call(job, world).map_err(failure)
    }

    fn calls(
        &self,
        job: &Job,
        caller: &mut tephra_bench_common::Caller<'_>,
    ) -> Result<(), Failure> {
        let (mut store, instance) = self.instance(World::default()).map_err(failure)?;
        let func = instance
            .get_func(&mut store, &job.function)
            .ok_or_else(|| Failure::new("no such function"))?;
        if !job.memory.is_empty() {
            let memory = store.data().memory.ok_or_else(|| Failure::new("no memory"))?;
            memory.write(&mut store, 0, &job.memory).map_err(Failure::new)?;
        }
        let args = arguments(job);
        let mut results = [Val::I32(0)];
        let results = results.get_mut(..usize::from(job.result.is_some())).unwrap_or_default();
        caller(&mut || {
            func.call(&mut store, &args, results).map_err(failure)?;
            Ok(result_of(results))
        })
    }
}

values!(Val);
