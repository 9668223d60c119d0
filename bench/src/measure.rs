//! Measuring: interleaved rounds, each result checked.
use std::hint::black_box;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::time::{Duration, Instant};

use tephra_bench_common::{Compiled, Ended, Engine};

use crate::error::{Error, Result};
use crate::peers::Peer;
use crate::workloads::Workload;

/// What is timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Bytes → valid or not, in a new engine. Engines that cannot validate alone do what they do before they can instantiate.
    Validate,
    /// Bytes → result, in a new engine.
    Cold,
    /// Compiled module → result, in a new instance.
    Warm,
    /// Compiled module → new instance.
    Instantiate,
}

impl Phase {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Validate, Self::Cold, Self::Warm, Self::Instantiate];

    /// How tables name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Validate => "validate",
            Self::Cold => "cold",
            Self::Warm => "warm",
            Self::Instantiate => "instantiate",
        }
    }
}

/// How much is measured.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub struct Effort {
    /// Rounds, in each of which every engine has its turn.
    pub rounds: usize,
    /// What a turn should last at least, in seconds.
    pub turn: f64,
    /// A job that lasts longer, in seconds, is measured in fewer rounds.
    pub patience: f64,
}

impl Effort {
    /// For numbers to publish.
    pub const FULL: Self = Self { rounds: 21, turn: 0.004, patience: 0.25 };
    /// For a look.
    pub const QUICK: Self = Self { rounds: 5, turn: 0.001, patience: 0.05 };
}

/// The times of one engine in one phase of one workload: nanoseconds per run, one value a round. Or why there are none.
pub type Times = std::result::Result<Vec<f64>, String>;

/// Prepared to measure one engine in one phase of one workload.
pub struct Subject<'a> {
    workload: &'a Workload,
    expected: &'a Ended,
    engine: &'a dyn Engine,
    phase: Phase,
    compiled: Option<Rc<dyn Compiled>>,
}

impl<'a> Subject<'a> {
    /// Compiles what the phase finds compiled.
    ///
    /// # Errors
    /// When the engine cannot do it.
    pub fn new(workload: &'a Workload, expected: &'a Ended, engine: &'a dyn Engine, phase: Phase) -> Result<Self> {
        let compiled = match phase {
            Phase::Validate | Phase::Cold => None,
            Phase::Warm | Phase::Instantiate => Some(engine.compile(&workload.wasm, &workload.job.function)?),
        };
        Ok(Self { workload, expected, engine, phase, compiled })
    }

    /// Runs it a number of times, and gives the seconds that all of them took together. Worlds are made before and results checked after that.
    ///
    /// # Errors
    /// When the engine cannot do it, or gives a wrong result.
    pub fn run(&self, times: usize) -> Result<f64> {
        let Workload { wasm, job, .. } = self.workload;
        match (self.phase, &self.compiled) {
            (Phase::Validate, _) => {
                let start = Instant::now();
                for _ in 0..times {
                    self.engine.validate(black_box(wasm))?;
                }
                Ok(start.elapsed().as_secs_f64())
            }
            (Phase::Cold, _) => {
                let mut worlds: Vec<_> = (0..times).map(|_| self.workload.world.clone()).collect();
                let mut ended = Vec::with_capacity(times);
                let start = Instant::now();
                while let Some(mut world) = worlds.pop() {
                    let compiled = self.engine.compile(black_box(wasm), &job.function)?;
                    world.callee = self.workload.calls_itself.then(|| compiled.clone());
                    ended.push(compiled.run(job, world)?);
                }
                self.checked(start.elapsed(), &ended)
            }
            (Phase::Warm, Some(compiled)) => {
                let mut worlds: Vec<_> = (0..times).map(|_| self.workload.world_for(compiled)).collect();
                let mut ended = Vec::with_capacity(times);
                let start = Instant::now();
                while let Some(world) = worlds.pop() {
                    ended.push(compiled.run(job, world)?);
                }
                self.checked(start.elapsed(), &ended)
            }
            (Phase::Instantiate, Some(compiled)) => {
                let mut worlds: Vec<_> = (0..times).map(|_| self.workload.world_for(compiled)).collect();
                let start = Instant::now();
                while let Some(world) = worlds.pop() {
                    compiled.instantiate(world)?;
                }
                Ok(start.elapsed().as_secs_f64())
            }
            (Phase::Warm | Phase::Instantiate, None) => Err(Error::new("nothing is compiled")),
        }
    }

    fn checked(&self, elapsed: Duration, ended: &[Ended]) -> Result<f64> {
        match ended.iter().find(|ended| *ended != self.expected) {
            Some(wrong) => Err(Error::new(format!("wrong result: {}", summary(wrong)))),
            None => Ok(elapsed.as_secs_f64()),
        }
    }
}

fn summary(ended: &Ended) -> String {
    let mut text = format!("{ended:?}");
    if let Some((at, _)) = text.char_indices().nth(120) {
        text.truncate(at);
        text.push('…');
    }
    text
}

/// Does something that may panic in somebody else's code.
pub fn guarded<T>(what: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(what)).unwrap_or_else(|_| Err(Error::new("panicked")))
}

/// Measures one phase of one workload: in every round each engine has its turn, another one first each time.
pub fn measure(workload: &Workload, expected: &Ended, peers: &[&Peer], phase: Phase, effort: Effort) -> Vec<Times> {
    let mut times: Vec<Times> = peers.iter().map(|_| Ok(Vec::new())).collect();
    let mut subjects = Vec::new();
    for (peer, times) in peers.iter().zip(&mut times) {
        let prepared = match &peer.engine {
            Err(reason) => Err(Error::new(*reason)),
            Ok(engine) => guarded(|| {
                let subject = Subject::new(workload, expected, &**engine, phase)?;
                let first = subject.run(1)?;
                // The first run finds caches cold; a second one says how long a run lasts.
                let second = if first > effort.patience { first } else { subject.run(1)? };
                let repeats = (effort.turn / second.max(1e-9)).clamp(1.0, 20_000.0) as usize;
                let rounds = if second > effort.patience { 3 } else { effort.rounds };
                Ok((subject, repeats, rounds))
            }),
        };
        match prepared {
            Ok((subject, repeats, rounds)) => subjects.push(Some((subject, repeats, rounds))),
            Err(error) => {
                *times = Err(error.to_string());
                subjects.push(None);
            }
        }
    }
    for round in 0..effort.rounds {
        for turn in 0..subjects.len() {
            let index = (turn + round) % subjects.len();
            let (Some(Some((subject, repeats, rounds))), Some(times)) = (subjects.get(index), times.get_mut(index))
            else {
                continue;
            };
            if round >= *rounds {
                continue;
            }
            let Ok(values) = times else { continue };
            match guarded(|| subject.run(*repeats)) {
                Ok(seconds) => values.push(seconds * 1e9 / *repeats as f64),
                Err(error) => *times = Err(error.to_string()),
            }
        }
    }
    times
}
