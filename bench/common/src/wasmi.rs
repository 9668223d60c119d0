//! wasmi with fuel, as its documentation has it: typed host functions, a linker per engine, the
//! module compiled once.
use alloc::rc::Rc;
use alloc::vec;
use alloc::vec::Vec;

use ::wasmi::{
    Caller, CompilationMode, Config, Engine as WasmiEngine, Error, Instance, Linker, Memory,
    Module, Store, Val, errors::HostError,
};

use crate::{Compiled, Ended, Engine, Failure, Job, Stop, World, for_each_function, values};

impl HostError for Stop {}

/// Fuel of a job: more than any needs.
const FUEL: u64 = 1 << 62;

/// wasmi in one configuration.
#[derive(Clone, Copy, Debug)]
pub struct Wasmi {
    /// When functions are translated.
    pub mode: CompilationMode,
}

impl Wasmi {
    /// All functions at once.
    pub const EAGER: Self = Self { mode: CompilationMode::Eager };
    /// Validation at once, translation on first use.
    pub const LAZY_TRANSLATION: Self = Self { mode: CompilationMode::LazyTranslation };

    fn engine(self) -> WasmiEngine {
        let mut config = Config::default();
        config.consume_fuel(true).compilation_mode(self.mode);
        WasmiEngine::new(&config)
    }
}

impl Engine for Wasmi {
    fn validate(&self, wasm: &[u8], _entry: &str) -> Result<(), Failure> {
        Module::validate(&self.engine(), wasm).map_err(Failure::new)
    }

    fn compile(&self, wasm: &[u8], _entry: &str) -> Result<Rc<dyn Compiled>, Failure> {
        let engine = self.engine();
        let module = Module::new(&engine, wasm).map_err(Failure::new)?;
        let mut linker = Linker::new(&engine);
        if module.imports().len() > 0 {
            link(&mut linker).map_err(Failure::new)?;
        }
        Ok(Rc::new(WasmiModule { engine, module, linker }))
    }
}

/// The state of host functions.
struct Host {
    world: World,
    memory: Option<Memory>,
}

fn link(linker: &mut Linker<Host>) -> Result<(), Error> {
    macro_rules! wrap {
        ($(
            $function:ident $name:literal ($($param:ident: $ty:ident),*) $(-> $result:ident)?;
        )*) => {
            $(linker.func_wrap(
                "ethereum",
                $name,
                |mut caller: Caller<'_, Host>, $($param: $ty),*|
                    -> Result<wrap!(@ $($result)?), Error>
                {
                    let Some(memory) = caller.data().memory else {
                        return Err(Error::host(Stop::OutOfBounds));
                    };
                    let (mut bytes, host) = memory.data_and_store_mut(&mut caller);
                    host.world.$function(&mut bytes, $($param),*).map_err(Error::host)
                },
            )?;)*
        };
        (@) => { () };
        (@ $result:ident) => { $result };
    }
    for_each_function!(wrap);
    Ok(())
}

struct WasmiModule {
    engine: WasmiEngine,
    module: Module,
    linker: Linker<Host>,
}

impl WasmiModule {
    fn instance(&self, world: World) -> Result<(Store<Host>, Instance), Failure> {
        let mut store = Store::new(&self.engine, Host { world, memory: None });
        store.set_fuel(FUEL).map_err(Failure::new)?;
        let instance =
            self.linker.instantiate_and_start(&mut store, &self.module).map_err(Failure::new)?;
        store.data_mut().memory = instance.get_memory(&store, "memory");
        Ok((store, instance))
    }
}

impl Compiled for WasmiModule {
    fn instantiate(&self, world: World) -> Result<(), Failure> {
        self.instance(world).map(drop)
    }

    fn run(&self, job: &Job, world: World) -> Result<Ended, Failure> {
        let (mut store, instance) = self.instance(world)?;
        let func = instance
            .get_func(&store, &job.function)
            .ok_or_else(|| Failure::new("no such function"))?;
        let memory = store.data().memory;
        if !job.memory.is_empty() {
            let memory = memory.ok_or_else(|| Failure::new("no memory"))?;
            memory.write(&mut store, 0, &job.memory).map_err(Failure::new)?;
        }
        let args = arguments(job);
        let mut results = [Val::I32(0)];
        let results = results.get_mut(..usize::from(job.result.is_some())).unwrap_or_default();
        if let Err(error) = func.call(&mut store, &args, results)
            && !matches!(error.downcast_ref(), Some(Stop::Finished | Stop::Reverted))
        {
            return Err(Failure::new(error));
        }
        let result = result_of(results);
        let mut bytes = vec![0; job.look_at];
        if job.look_at > 0 {
            memory
                .ok_or_else(|| Failure::new("no memory"))?
                .read(&store, 0, &mut bytes)
                .map_err(Failure::new)?;
        }
        Ok(Ended { result, memory: bytes, world: store.into_data().world })
    }

    fn calls(&self, job: &Job, caller: &mut crate::Caller<'_>) -> Result<(), Failure> {
        let (mut store, instance) = self.instance(World::default())?;
        let func = instance
            .get_func(&store, &job.function)
            .ok_or_else(|| Failure::new("no such function"))?;
        if !job.memory.is_empty() {
            let memory = store.data().memory.ok_or_else(|| Failure::new("no memory"))?;
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
