//! What is measured.
mod contracts;
mod directory;
mod generated;
mod inputs;

use std::path::{Path, PathBuf};
use std::rc::Rc;

use tephra_bench_common::{Compiled, Ended, Engine, Job, World};

use crate::error::{Error, Result};

/// A module and a job in it.
pub struct Workload {
    /// Its name.
    pub name: String,
    /// The module.
    pub wasm: Vec<u8>,
    /// The job.
    pub job: Job,
    /// The world before it.
    pub world: World,
    /// Whether messages to other contracts run the same module.
    pub calls_itself: bool,
    /// How the job has to end. Where nobody has said it, a reference decides.
    pub expected: Option<Ended>,
}

impl Workload {
    fn plain(name: impl Into<String>, wasm: Vec<u8>, job: Job) -> Self {
        let (name, world) = (name.into(), World::default());
        Self { name, wasm, job, world, calls_itself: false, expected: None }
    }

    fn contract(name: impl Into<String>, wasm: Vec<u8>, input: Vec<u8>) -> Self {
        let world = World { input, code: wasm.clone().into(), caller: CALLER, ..World::default() };
        Self { world, ..Self::plain(name, wasm, Job::contract()) }
    }

    /// The same with what the contract gives to `finish`.
    fn finishing_with(self, output: Vec<u8>) -> Self {
        let world = World { output, ..self.world.clone() };
        Self { expected: Some(Ended { result: None, memory: Vec::new(), world }), ..self }
    }

    /// A world to run a compiled module in.
    pub fn world_for(&self, compiled: &Rc<dyn Compiled>) -> World {
        World { callee: self.calls_itself.then(|| compiled.clone()), ..self.world.clone() }
    }

    /// How an engine ends the job.
    ///
    /// # Errors
    /// When the engine cannot do it.
    pub fn run_once(&self, engine: &dyn Engine) -> Result<Ended> {
        let compiled = engine.compile(&self.wasm, &self.job.function)?;
        Ok(compiled.run(&self.job, self.world_for(&compiled))?)
    }
}

/// Who sends every message.
const CALLER: [u8; 20] = [0x0a; 20];

/// All workloads: those of the public data, of the project's own contract, generated ones, and those of the directory given.
///
/// # Errors
/// When a file cannot be read or means nothing.
pub fn all(reference: &dyn Engine, more: Option<&Path>) -> Result<Vec<Workload>> {
    let mut all = Vec::new();
    match shared() {
        Some(shared) => {
            all.extend(directory::workloads(&shared.join("bench/pure"))?);
            all.extend(contracts::from_shared(&shared, reference)?);
        }
        None => eprintln!("SKIPPED: the public workloads; set {VARIABLE} to the directory of the test data"),
    }
    all.extend(contracts::own(reference)?);
    all.extend(generated::workloads()?);
    if let Some(more) = more {
        all.extend(directory::workloads(more)?);
    }
    Ok(all)
}

/// The environment variable that names the directory of the public data.
const VARIABLE: &str = "TEPHRA_SHARED";

fn shared() -> Option<PathBuf> {
    let beside = || root().join("../shared");
    Some(std::env::var_os(VARIABLE).map_or_else(beside, PathBuf::from)).filter(|path| path.exists())
}

/// The directory of the project.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| Error::new(format!("cannot read {}: {error}", path.display())))
}
