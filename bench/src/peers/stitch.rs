//! Stitch. It counts nothing. It has one configuration; functions are compiled on first use.
use std::cell::RefCell;
use std::rc::Rc;

use makepad_stitch::{
    Engine as StitchEngine, Error, Func, FuncError, Instance, Linker, Mem, Module, Store, Val,
};
use tephra_bench_common::{
    Compiled, Ended, Engine, Failure, Job, Stop, Value, World, for_each_function, values,
};

/// Stitch.
pub struct Stitch;

fn failure(error: impl std::error::Error) -> Failure {
    let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
    Failure::new(format!("{error}{cause}"))
}

impl Engine for Stitch {
    fn validate(&self, wasm: &[u8], _entry: &str) -> Result<(), Failure> {
        Module::new(&StitchEngine::new(), wasm).map(drop).map_err(failure)
    }

    fn compile(&self, wasm: &[u8], _entry: &str) -> Result<Rc<dyn Compiled>, Failure> {
        let engine = StitchEngine::new();
        let module = Module::new(&engine, wasm).map_err(failure)?;
        let imports = module.imports().count() > 0;
        Ok(Rc::new(StitchModule { engine, module, imports }))
    }
}

/// The state of host functions. They must be `Send`, and get no data but the store, so it is a
/// thread's.
#[derive(Default)]
struct Host {
    world: World,
    memory: Option<Mem>,
    stopped: Option<Stop>,
}

thread_local! {
    static RUNNING: RefCell<Host> = RefCell::default();
}

/// A host function can only stop with an error of the crate's own; this one occurs nowhere else in
/// a call.
fn stop(stop: Stop) -> Error {
    RUNNING.with_borrow_mut(|host| host.stopped = Some(stop));
    Error::Func(FuncError::ParamTypeMismatch)
}

fn link(store: &mut Store, linker: &mut Linker) {
    macro_rules! wrap {
        ($(
            $function:ident $name:literal ($($param:ident: $ty:ident),*) $(-> $result:ident)?;
        )*) => {
            $(let func = Func::wrap(store, |store: &mut Store, $($param: $ty),*|
                -> Result<wrap!(@ $($result)?), Error>
            {
                let (mut world, memory) =
                    RUNNING.with_borrow_mut(|host| (std::mem::take(&mut host.world), host.memory));
                let answer = match memory {
                    Some(memory) => {
                        let mut bytes = memory.bytes_mut(store);
                        world.$function(&mut bytes, $($param),*)
                    }
                    None => Err(Stop::OutOfBounds),
                };
                RUNNING.with_borrow_mut(|host| host.world = world);
                answer.map(|answer| wrap!(= answer $($result)?)).map_err(stop)
            });
            linker.define("ethereum", $name, func);)*
        };
        (@) => { () };
        (@ $result:ident) => { ($result,) };
        (= $answer:ident) => { $answer };
        (= $answer:ident $result:ident) => { ($answer,) };
    }
    for_each_function!(wrap);
}

struct StitchModule {
    engine: StitchEngine,
    module: Module,
    imports: bool,
}

impl StitchModule {
    fn instance(&self) -> Result<(Store, Instance), Failure> {
        let mut store = Store::new(self.engine.clone());
        let mut linker = Linker::new();
        if self.imports {
            // Functions belong to a store, so they are made for every instance.
            link(&mut store, &mut linker);
        }
        let instance = linker.instantiate(&mut store, &self.module).map_err(failure)?;
        Ok((store, instance))
    }

    fn call(&self, job: &Job) -> Result<(Option<Value>, Vec<u8>), Failure> {
        let (mut store, instance) = self.instance()?;
        let func = instance
            .exported_func(&job.function)
            .ok_or_else(|| Failure::new("no such function"))?;
        let memory = instance.exported_mem("memory");
        RUNNING.with_borrow_mut(|host| host.memory = memory);
        let needed = || memory.ok_or_else(|| Failure::new("no memory"));
        write_memory(&mut store, &instance, job)?;
        let args = arguments(job);
        let mut results = [Val::I32(0)];
        let results = results.get_mut(..usize::from(job.result.is_some())).unwrap_or_default();
        if let Err(error) = func.call(&mut store, &args, results)
            && !RUNNING
                .with_borrow(|host| matches!(host.stopped, Some(Stop::Finished | Stop::Reverted)))
        {
            return Err(failure(error));
        }
        let result = result_of(results);
        let mut bytes = Vec::new();
        if job.look_at > 0 {
            bytes.extend(
                needed()?
                    .bytes(&store)
                    .get(..job.look_at)
                    .ok_or_else(|| Failure::new("no memory"))?,
            );
        }
        Ok((result, bytes))
    }
}

impl Compiled for StitchModule {
    fn instantiate(&self, _world: World) -> Result<(), Failure> {
        self.instance().map(drop)
    }

    fn run(&self, job: &Job, world: World) -> Result<Ended, Failure> {
        // Put back afterwards: this may be a message that another instance sent.
        let outer = RUNNING.replace(Host { world, ..Host::default() });
        let called = self.call(job);
        let host = RUNNING.replace(outer);
        let (result, memory) = called?;
        Ok(Ended { result, memory, world: host.world })
    }

    fn calls(
        &self,
        job: &Job,
        caller: &mut tephra_bench_common::Caller<'_>,
    ) -> Result<(), Failure> {
        let (mut store, instance) = self.instance()?;
        let func = instance
            .exported_func(&job.function)
            .ok_or_else(|| Failure::new("no such function"))?;
        write_memory(&mut store, &instance, job)?;
        let args = arguments(job);
        let mut results = [Val::I32(0)];
        let results = results.get_mut(..usize::from(job.result.is_some())).unwrap_or_default();
        caller(&mut || {
            func.call(&mut store, &args, results).map_err(failure)?;
            Ok(result_of(results))
        })
    }
}

fn write_memory(store: &mut Store, instance: &Instance, job: &Job) -> Result<(), Failure> {
    if !job.memory.is_empty() {
        let memory = instance.exported_mem("memory").ok_or_else(|| Failure::new("no memory"))?;
        let bytes = memory.bytes_mut(store).get_mut(..job.memory.len());
        bytes.ok_or_else(|| Failure::new("no memory"))?.copy_from_slice(&job.memory);
    }
    Ok(())
}

values!(Val);
