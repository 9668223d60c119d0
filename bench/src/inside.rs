//! The engines inside WebAssembly: modules built by `scripts/inside`, run by wasmtime in the way a
//! Substrate executor runs a runtime.
use std::path::Path;

use tephra_bench_common::{Ended, Job, Task, Value, World};
use wasmtime::{
    Config, Engine, Instance, Linker, Module, OptLevel, Result as WasmtimeResult, Store, TypedFunc,
};

use crate::error::{Error, Result};
use crate::measure::{Effort, Phase, Timed, interleave};
use crate::report::{Cell, Column, Environment, INSIDE, Report};
use crate::workloads::Workload;

/// The modules and, for each, the names of its modes and the package that is inside.
const GUESTS: &[(&str, &str, &[&str])] = &[
    ("tephra", "tephra-core", &["tephra", "tephra-trusted", "tephra-unmetered"]),
    ("wasmi", "wasmi", &["wasmi-eager", "wasmi-lazy"]),
    ("wasmi-portable", "wasmi", &["wasmi-portable-eager", "wasmi-portable-lazy"]),
];

const PHASES: [Phase; 2] = [Phase::Cold, Phase::Warm];

fn failure(error: wasmtime::Error) -> Error {
    Error::new(format!("{error:#}"))
}

/// As a Substrate executor has it: the proposals that it disables, its optimisation level, memory
/// by copy-on-write.
fn engine() -> WasmtimeResult<Engine> {
    let mut config = Config::new();
    config
        .cranelift_opt_level(OptLevel::SpeedAndSize)
        .max_wasm_stack(1024 * 1024)
        .wasm_simd(false)
        .wasm_relaxed_simd(false)
        .wasm_bulk_memory(false)
        .wasm_multi_value(false)
        .wasm_multi_memory(false)
        .wasm_memory64(false)
        .wasm_tail_call(false)
        .wasm_extended_const(false)
        .memory_init_cow(true);
    Engine::new(&config)
}

/// A module with an engine inside.
struct Guest {
    instance: Instance,
    buffer: TypedFunc<u32, u32>,
    prepare: TypedFunc<(u32, u32, u32), u32>,
    run: TypedFunc<(u32, u32, u32), u64>,
    release: TypedFunc<u32, ()>,
}

impl Guest {
    fn new(store: &mut Store<()>, engine: &Engine, path: &Path) -> WasmtimeResult<Self> {
        let module = Module::from_file(engine, path)?;
        let instance = Linker::new(engine).instantiate(&mut *store, &module)?;
        Ok(Self {
            instance,
            buffer: instance.get_typed_func(&mut *store, "buffer")?,
            prepare: instance.get_typed_func(&mut *store, "prepare")?,
            run: instance.get_typed_func(&mut *store, "run")?,
            release: instance.get_typed_func(&mut *store, "release")?,
        })
    }

    fn prepare(&self, store: &mut Store<()>, task: &[u8], mode: u32) -> Result<u32> {
        let length = u32::try_from(task.len()).map_err(|_| Error::new("the task is too large"))?;
        let at = self.buffer.call(&mut *store, length).map_err(failure)?;
        let memory = self
            .instance
            .get_memory(&mut *store, "memory")
            .ok_or_else(|| Error::new("it has no memory"))?;
        memory
            .write(&mut *store, at as usize, task)
            .map_err(|error| Error::new(error.to_string()))?;
        match self.prepare.call(&mut *store, (at, length, mode)).map_err(failure)? {
            0 => Err(Error::new("the engine inside does not accept it")),
            prepared => Ok(prepared),
        }
    }
}

/// One mode of a guest with a task, in one phase.
struct Subject<'a> {
    guest: &'a Guest,
    store: &'a std::cell::RefCell<Store<()>>,
    prepared: u32,
    cold: bool,
    digest: u64,
}

impl Timed for Subject<'_> {
    fn run(&self, times: usize) -> Result<f64> {
        let times = u32::try_from(times).unwrap_or(u32::MAX);
        let store = &mut *self.store.borrow_mut();
        let start = std::time::Instant::now();
        let digest = self
            .guest
            .run
            .call(store, (self.prepared, u32::from(self.cold), times))
            .map_err(failure)?;
        let seconds = start.elapsed().as_secs_f64();
        if digest != self.digest {
            return Err(Error::new(if digest == 0 {
                "the engine inside failed"
            } else {
                "wrong result"
            }));
        }
        Ok(seconds)
    }
}

impl Drop for Subject<'_> {
    fn drop(&mut self) {
        // After a trap there is nothing left to forget.
        let _ = self.guest.release.call(&mut *self.store.borrow_mut(), self.prepared);
    }
}

/// Measures time per gas of each class of instructions.
///
/// # Errors
/// When a module is not there.
pub fn classes(directory: &Path, quick: bool) -> Result<String> {
    let engine = engine().map_err(failure)?;
    let mut store = Store::new(&engine, ());
    let guest = Guest::new(&mut store, &engine, &directory.join("tephra.wasm")).map_err(failure)?;
    crate::classes::report(quick, &mut |wasm, turns| {
        let job = Job { function: "run".into(), args: vec![Value::I32(turns)], ..Job::contract() };
        let task = Task { wasm: wasm.into(), job, world: World::default(), calls_itself: false };
        let prepared = guest.prepare(&mut store, &task.encode(), 0)?;
        // Its functions are translated in this time, too, which is little beside it.
        let start = std::time::Instant::now();
        let digest = guest.run.call(&mut store, (prepared, 0, 1)).map_err(failure)?;
        let seconds = start.elapsed().as_secs_f64();
        guest.release.call(&mut store, prepared).map_err(failure)?;
        if digest == 0 { Err(Error::new("the engine inside failed")) } else { Ok(seconds) }
    })
}

/// Measures all workloads.
///
/// # Errors
/// When a module is not there.
pub fn report(
    directory: &Path,
    workloads: &[(Workload, Ended)],
    reference: &str,
    effort: Effort,
) -> Result<Report> {
    let engine = engine().map_err(failure)?;
    let store = std::cell::RefCell::new(Store::new(&engine, ()));
    let mut guests = Vec::new();
    for (name, _, _) in GUESTS {
        let path = directory.join(format!("{name}.wasm"));
        guests.push(Guest::new(&mut store.borrow_mut(), &engine, &path).map_err(failure)?);
    }
    let mut cells = Vec::new();
    for (number, (workload, expected)) in workloads.iter().enumerate() {
        eprintln!("[{}/{}] {}", number + 1, workloads.len(), workload.name);
        for phase in PHASES {
            let times = measure(&guests, &store, &workload.task, expected, phase, effort);
            cells.push(Cell { workload: workload.name.clone(), phase, times });
        }
    }
    let columns = GUESTS
        .iter()
        .flat_map(|(_, package, modes)| modes.iter().map(|mode| column(package, mode)));
    Ok(Report {
        title: "Engines inside WebAssembly, as a Substrate executor runs a runtime",
        environment: Environment::now(effort),
        reference: reference.into(),
        columns: columns.collect(),
        cells,
        memory: Vec::new(),
        comparisons: INSIDE,
    })
}

fn column(package: &str, mode: &str) -> Column {
    Column {
        name: mode.into(),
        package: package.into(),
        version: crate::peers::version_of(package).into(),
        metered: mode != "tephra-unmetered",
        compiler: false,
        missing: None,
    }
}

fn measure(
    guests: &[Guest],
    store: &std::cell::RefCell<Store<()>>,
    task: &Task,
    expected: &Ended,
    phase: Phase,
    effort: Effort,
) -> Vec<crate::measure::Times> {
    let (bytes, digest) = (task.encode(), expected.digest());
    let modes = GUESTS
        .iter()
        .zip(guests)
        .flat_map(|((_, _, modes), guest)| (0..).zip(*modes).map(move |it| (guest, it.0)));
    let subjects = modes.map(|(guest, mode)| {
        let prepared = guest.prepare(&mut store.borrow_mut(), &bytes, mode)?;
        let subject = Subject { guest, store, prepared, cold: phase == Phase::Cold, digest };
        Ok(Box::new(subject) as Box<dyn Timed + '_>)
    });
    interleave(subjects.collect(), effort)
}
