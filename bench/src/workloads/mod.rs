//! What is measured.
mod contracts;
mod directory;
mod generated;
mod inputs;

use std::path::{Path, PathBuf};

use tephra_bench_common::{Ended, Engine, Job, Task, World};
use wasmparser::{Parser, Payload};

use crate::error::{Error, Result};

/// A task with a name.
pub struct Workload {
    /// Its name.
    pub name: String,
    /// The task.
    pub task: Task,
    /// The expected end. None leaves that to a reference engine.
    pub expected: Option<Ended>,
}

impl Workload {
    fn plain(name: impl Into<String>, wasm: Vec<u8>, job: Job) -> Self {
        let task = Task { wasm, job, world: World::default(), calls_itself: false };
        Self { name: name.into(), task, expected: None }
    }

    fn contract(name: impl Into<String>, wasm: Vec<u8>, input: Vec<u8>) -> Self {
        let world = World { input, code: wasm.clone().into(), caller: CALLER, ..World::default() };
        let mut workload = Self::plain(name, wasm, Job::contract());
        workload.task.world = world;
        workload
    }

    /// The same with what the contract gives to `finish`.
    fn finishing_with(self, output: Vec<u8>) -> Self {
        let world = World { output, ..self.task.world.clone() };
        Self { expected: Some(Ended { result: None, memory: Vec::new(), world }), ..self }
    }

    /// Whether the module imports anything.
    pub fn has_imports(&self) -> bool {
        let mut sections = Parser::new(0).parse_all(&self.task.wasm);
        sections.any(|section| matches!(section, Ok(Payload::ImportSection(_))))
    }

    /// Returns the end of the job in an engine.
    ///
    /// # Errors
    /// When the engine cannot do it.
    pub fn run_once(&self, engine: &dyn Engine) -> Result<Ended> {
        let compiled = engine.compile(&self.task.wasm, &self.task.job.function)?;
        Ok(compiled.run(&self.task.job, self.task.world_for(&compiled))?)
    }
}

/// The sender of every message.
const CALLER: [u8; 20] = [0x0a; 20];

/// All workloads: those of the public data, of the project's own contract, generated ones, and
/// those of the directory given.
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
        None => eprintln!(
            "SKIPPED: the public workloads; set {VARIABLE} to the directory of the test data"
        ),
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
    std::fs::read(path)
        .map_err(|error| Error::new(format!("cannot read {}: {error}", path.display())))
}
