//! Measuring: interleaved rounds, each result checked.
use std::hint::black_box;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::time::{Duration, Instant};

use tephra_bench_common::{Compiled, Ended, Engine, Failure, Task};

use crate::error::{Error, Result};

/// The phase that is timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Bytes → valid or not, in a new engine. Engines that cannot validate alone do what they do
    /// before they can instantiate.
    Validate,
    /// Bytes → result, in a new engine.
    Cold,
    /// Compiled module → result, in a new instance.
    Warm,
    /// Compiled module → new instance.
    Instantiate,
    /// Instance that has done the job before → result. For modules without imports.
    Again,
}

impl Phase {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Validate, Self::Cold, Self::Warm, Self::Instantiate, Self::Again];

    /// The name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Validate => "validate",
            Self::Cold => "cold",
            Self::Warm => "warm",
            Self::Instantiate => "instantiate",
            Self::Again => "again",
        }
    }
}

/// The amount of measuring.
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

/// The times of one engine in one phase of one workload: nanoseconds per run, one value a round. Or
/// why there are none.
pub type Times = std::result::Result<Vec<f64>, String>;

/// Something that can be timed.
pub trait Timed {
    /// Runs it `times` times, and returns the seconds of all runs together, without checks of
    /// results.
    ///
    /// # Errors
    /// When it cannot be done, or gives a wrong result.
    fn run(&self, times: usize) -> Result<f64>;
}

/// One engine in one phase of one task.
pub struct Subject<'a> {
    task: &'a Task,
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
    pub fn new(
        task: &'a Task,
        expected: &'a Ended,
        engine: &'a dyn Engine,
        phase: Phase,
    ) -> Result<Self> {
        let compiled = match phase {
            Phase::Validate | Phase::Cold => None,
            Phase::Warm | Phase::Instantiate | Phase::Again => {
                Some(engine.compile(&task.wasm, &task.job.function)?)
            }
        };
        Ok(Self { task, expected, engine, phase, compiled })
    }

    fn again(&self, compiled: &dyn Compiled, times: usize) -> Result<f64> {
        let mut seconds = 0.0;
        let expected = self.expected.result;
        compiled.calls(&self.task.job, &mut |call| {
            call()?;
            let mut right = true;
            let start = Instant::now();
            for _ in 0..times {
                right &= call()? == expected;
            }
            seconds = start.elapsed().as_secs_f64();
            if right { Ok(()) } else { Err(Failure::new("wrong result")) }
        })?;
        Ok(seconds)
    }

    fn checked(&self, elapsed: Duration, ended: &[Ended]) -> Result<f64> {
        match ended.iter().find(|ended| *ended != self.expected) {
            Some(wrong) => Err(Error::new(format!("wrong result: {}", summary(wrong)))),
            None => Ok(elapsed.as_secs_f64()),
        }
    }
}

impl Timed for Subject<'_> {
    fn run(&self, times: usize) -> Result<f64> {
        let Task { wasm, job, world, calls_itself } = self.task;
        match (self.phase, &self.compiled) {
            (Phase::Validate, _) => {
                let start = Instant::now();
                for _ in 0..times {
                    self.engine.validate(black_box(wasm), &job.function)?;
                }
                Ok(start.elapsed().as_secs_f64())
            }
            (Phase::Cold, _) => {
                let mut worlds = vec![world.clone(); times];
                let mut ended = Vec::with_capacity(times);
                let start = Instant::now();
                while let Some(mut world) = worlds.pop() {
                    let compiled = self.engine.compile(black_box(wasm), &job.function)?;
                    world.callee = calls_itself.then(|| compiled.clone());
                    ended.push(compiled.run(job, world)?);
                }
                self.checked(start.elapsed(), &ended)
            }
            (Phase::Warm, Some(compiled)) => {
                let mut worlds = vec![self.task.world_for(compiled); times];
                let mut ended = Vec::with_capacity(times);
                let start = Instant::now();
                while let Some(world) = worlds.pop() {
                    ended.push(compiled.run(job, world)?);
                }
                self.checked(start.elapsed(), &ended)
            }
            (Phase::Instantiate, Some(compiled)) => {
                let mut worlds = vec![self.task.world_for(compiled); times];
                let start = Instant::now();
                while let Some(world) = worlds.pop() {
                    compiled.instantiate(world)?;
                }
                Ok(start.elapsed().as_secs_f64())
            }
            (Phase::Again, Some(compiled)) => self.again(&**compiled, times),
            (_, None) => Err(Error::new("nothing is compiled")),
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

/// Runs code of others, which may panic.
pub fn guarded<T>(what: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(what)).unwrap_or_else(|_| Err(Error::new("it panics")))
}

/// Something with the number of its runs in a turn and of its rounds.
struct Planned<'a> {
    timed: Box<dyn Timed + 'a>,
    repeats: usize,
    rounds: usize,
}

impl<'a> Planned<'a> {
    fn new(timed: Box<dyn Timed + 'a>, effort: Effort) -> Result<Self> {
        let first = timed.run(1)?;
        // The first run finds caches cold; a second one says how long a run lasts.
        let second = if first > effort.patience { first } else { timed.run(1)? };
        let repeats = (effort.turn / second.max(1e-9)).clamp(1.0, 20_000.0) as usize;
        let rounds = if second > effort.patience { 3 } else { effort.rounds };
        Ok(Self { timed, repeats, rounds })
    }
}

/// Measures several things that are to be compared: in every round each has its turn, another one
/// first each time.
pub fn interleave<'a>(things: Vec<Result<Box<dyn Timed + 'a>>>, effort: Effort) -> Vec<Times> {
    let plan = |thing: Result<Box<dyn Timed + 'a>>| guarded(|| Planned::new(thing?, effort));
    let plans: Vec<Result<Planned<'_>>> = things.into_iter().map(plan).collect();
    let mut times: Vec<Times> = plans
        .iter()
        .map(|plan| plan.as_ref().map(|_| Vec::new()).map_err(ToString::to_string))
        .collect();
    for round in 0..effort.rounds {
        for turn in 0..plans.len() {
            let index = (turn + round) % plans.len();
            let (Some(Ok(plan)), Some(times)) = (plans.get(index), times.get_mut(index)) else {
                continue;
            };
            let (Ok(values), true) = (&mut *times, round < plan.rounds) else { continue };
            match guarded(|| plan.timed.run(plan.repeats)) {
                Ok(seconds) => values.push(seconds * 1e9 / plan.repeats as f64),
                Err(error) => *times = Err(error.to_string()),
            }
        }
    }
    times
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    struct Fake<'a>(f64, &'a Cell<usize>);

    impl Timed for Fake<'_> {
        fn run(&self, times: usize) -> Result<f64> {
            self.1.set(self.1.get() + times);
            if self.0 > 0.0 { Ok(self.0 * times as f64) } else { panic!("on purpose") }
        }
    }

    #[test]
    fn every_round_gives_a_time_and_what_panics_gives_a_reason() {
        let runs = Cell::new(0);
        let effort = Effort { rounds: 4, turn: 0.01, patience: 1.0 };
        let times = interleave(
            vec![Ok(Box::new(Fake(0.001, &runs))), Ok(Box::new(Fake(0.0, &runs)))],
            effort,
        );
        assert_eq!(times[0].as_ref().map(Vec::len), Ok(4));
        assert!((times[0].as_ref().unwrap()[0] - 1e6).abs() < 1.0);
        assert_eq!(times[1], Err("it panics".into()));
    }

    #[test]
    fn what_lasts_long_is_measured_in_three_rounds() {
        let runs = Cell::new(0);
        let effort = Effort { rounds: 20, turn: 0.01, patience: 1.0 };
        let times = interleave(vec![Ok(Box::new(Fake(2.0, &runs)))], effort);
        assert_eq!((times[0].as_ref().map(Vec::len), runs.get()), (Ok(3), 4));
    }
}
