//! Limits of dry runs, estimates and traces of contracts. Every client may ask for them without
//! paying, so a node bounds their number at a time and their size, by whichever method they come.
use std::{
    collections::VecDeque,
    fmt,
    num::NonZeroUsize,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
};

use codec::Encode;
use sc_executor::{RuntimeVersion, RuntimeVersionOf, WasmExecutor, error::Error};
use sp_core::traits::{CallContext, CodeExecutor, Externalities, ReadRuntimeVersion, RuntimeCode};
use sp_timestamp::Timestamp;

/// The functions of the runtime API that run contracts.
const DRY_RUNS: [&str; 4] =
    ["EwasmApi_call", "EwasmApi_create", "EwasmApi_estimate_gas", "EwasmApi_trace"];

/// The limits of dry runs, estimates and traces.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Limits {
    /// Dry runs, estimates and traces of contracts that run at a time; more of them wait
    #[arg(long, global = true, value_name = "COUNT", default_value = "4")]
    pub max_dry_runs: NonZeroUsize,

    /// Dry runs, estimates and traces of contracts that wait for a turn; more are refused
    #[arg(long, global = true, value_name = "COUNT", default_value_t = 64)]
    pub max_dry_runs_waiting: usize,

    /// Bytes of the request and of the answer of a dry run, an estimate or a trace
    #[arg(long, global = true, value_name = "BYTES", default_value_t = 1 << 20)]
    pub max_dry_run_bytes: usize,
}

/// Why a dry run is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refusal {
    TooMany { running: usize, waiting: usize },
    Question { bytes: usize, limit: usize },
    Answer { bytes: usize, limit: usize },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooMany { running, waiting } => write!(
                f,
                "{running} dry runs are running (--max-dry-runs) and {waiting} are waiting \
                 (--max-dry-runs-waiting), which is as many as this node allows; ask again later"
            ),
            Self::Question { bytes, limit } => {
                write!(
                    f,
                    "the arguments of the dry run have {bytes} bytes, and this node allows {limit} \
                     (--max-dry-run-bytes)"
                )
            }
            Self::Answer { bytes, limit } => {
                write!(
                    f,
                    "the answer of the dry run has {bytes} bytes, and this node allows {limit} \
                     (--max-dry-run-bytes)"
                )
            }
        }
    }
}

impl std::error::Error for Refusal {}

/// The number of those that run, and the tickets of those that wait, in order.
#[derive(Debug, Default)]
struct Queue {
    running: usize,
    waiting: VecDeque<u64>,
    next: u64,
}

/// Admits a limited number of callers at a time, first come, first served.
#[derive(Debug)]
struct Turnstile {
    limits: Limits,
    queue: Mutex<Queue>,
    moved: Condvar,
}

/// A turn, until dropped.
struct Turn<'a>(&'a Turnstile);

impl Turnstile {
    fn new(limits: Limits) -> Self {
        Self { limits, queue: Mutex::default(), moved: Condvar::new() }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        // A panic cannot leave it inconsistent: each counter changes in one step.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a turn.
    fn enter(&self) -> Result<Turn<'_>, Refusal> {
        let most = self.limits.max_dry_runs.get();
        let mut queue = self.queue();
        if queue.running < most && queue.waiting.is_empty() {
            queue.running += 1;
            return Ok(Turn(self));
        }
        if queue.waiting.len() >= self.limits.max_dry_runs_waiting {
            return Err(Refusal::TooMany { running: queue.running, waiting: queue.waiting.len() });
        }
        let ticket = queue.next;
        queue.next = queue.next.wrapping_add(1);
        queue.waiting.push_back(ticket);
        while queue.running >= most || queue.waiting.front() != Some(&ticket) {
            queue = self.moved.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
        queue.waiting.pop_front();
        queue.running += 1;
        // There may be room for the next one too.
        self.moved.notify_all();
        Ok(Turn(self))
    }

    /// Asks a question of `question` bytes once it has a turn. Refuses questions and answers that
    /// are too large.
    fn run(
        &self,
        question: usize,
        ask: impl FnOnce() -> Result<Vec<u8>, Error>,
    ) -> Result<Vec<u8>, Error> {
        let limit = self.limits.max_dry_run_bytes;
        if question > limit {
            return Err(Refusal::Question { bytes: question, limit }.into());
        }
        let _turn = self.enter()?;
        let answer = ask()?;
        if answer.len() > limit {
            return Err(Refusal::Answer { bytes: answer.len(), limit }.into());
        }
        Ok(answer)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut queue = self.0.queue();
        queue.running = queue.running.saturating_sub(1);
        drop(queue);
        self.0.moved.notify_all();
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::ApiError(refusal.into())
    }
}

/// Runs the runtime, with limits for dry runs. All methods that ask for one end here: `state_call`,
/// `chainHead_v1_call`, `archive_v1_call`.
#[derive(Clone)]
pub struct Executor {
    /// Offers runtimes the functions that every Substrate node has.
    inner: WasmExecutor<sp_io::SubstrateHostFunctions>,
    turnstile: Arc<Turnstile>,
}

impl Executor {
    /// Limits the dry runs of an executor.
    pub fn new(inner: WasmExecutor<sp_io::SubstrateHostFunctions>, limits: Limits) -> Self {
        Self { inner, turnstile: Arc::new(Turnstile::new(limits)) }
    }
}

impl CodeExecutor for Executor {
    type Error = Error;

    fn call(
        &self,
        ext: &mut dyn Externalities,
        runtime_code: &RuntimeCode,
        method: &str,
        data: &[u8],
        context: CallContext,
    ) -> (Result<Vec<u8>, Error>, bool) {
        if !matches!(context, CallContext::Offchain) || !DRY_RUNS.contains(&method) {
            return self.inner.call(ext, runtime_code, method, data, context);
        }
        let answer = self.turnstile.run(data.len(), || {
            // The call discards it at its end.
            let now = Timestamp::current().as_millis();
            ext.place_storage(pallet_ewasm::NODE_CLOCK.to_vec(), Some(now.encode()));
            self.inner.call(ext, runtime_code, method, data, context).0
        });
        (answer, false)
    }
}

impl ReadRuntimeVersion for Executor {
    fn read_runtime_version(
        &self,
        wasm_code: &[u8],
        ext: &mut dyn Externalities,
    ) -> Result<Vec<u8>, String> {
        self.inner.read_runtime_version(wasm_code, ext)
    }
}

impl RuntimeVersionOf for Executor {
    fn runtime_version(
        &self,
        ext: &mut dyn Externalities,
        runtime_code: &RuntimeCode,
    ) -> Result<RuntimeVersion, Error> {
        self.inner.runtime_version(ext, runtime_code)
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            Barrier,
            atomic::{AtomicUsize, Ordering},
            mpsc,
        },
        thread,
    };

    use super::*;

    fn turnstile(running: usize, waiting: usize, bytes: usize) -> Turnstile {
        let max_dry_runs = NonZeroUsize::new(running).expect("the number is not zero");
        Turnstile::new(Limits {
            max_dry_runs,
            max_dry_runs_waiting: waiting,
            max_dry_run_bytes: bytes,
        })
    }

    fn said(result: Result<Vec<u8>, Error>) -> String {
        result.expect_err("it is refused").to_string()
    }

    #[test]
    fn no_more_run_at_a_time_than_the_limit() {
        let (turnstile, running, most) =
            (turnstile(3, 64, 10), AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..40 {
                scope.spawn(|| {
                    let answer = turnstile.run(0, || {
                        most.fetch_max(
                            running.fetch_add(1, Ordering::SeqCst) + 1,
                            Ordering::SeqCst,
                        );
                        thread::yield_now();
                        running.fetch_sub(1, Ordering::SeqCst);
                        Ok(Vec::new())
                    });
                    assert!(answer.is_ok());
                });
            }
        });
        assert!((1..=3).contains(&most.load(Ordering::SeqCst)));
        assert_eq!(turnstile.queue().running, 0);
    }

    #[test]
    fn a_refusal_for_too_many_waiting_names_the_limits() {
        let turnstile = turnstile(1, 1, 10);
        let (inside, release) = (Barrier::new(2), Barrier::new(2));
        thread::scope(|scope| {
            scope.spawn(|| {
                turnstile.run(0, || {
                    inside.wait();
                    release.wait();
                    Ok(Vec::new())
                })
            });
            inside.wait();
            let waiting = scope.spawn(|| turnstile.run(0, || Ok(vec![7])));
            while turnstile.queue().waiting.is_empty() {
                thread::yield_now();
            }
            let refusal = said(turnstile.run(0, || Ok(Vec::new())));
            assert!(refusal.contains("1 dry runs are running (--max-dry-runs)"), "{refusal}");
            assert!(refusal.contains("1 are waiting (--max-dry-runs-waiting)"), "{refusal}");
            release.wait();
            assert_eq!(waiting.join().expect("no panic").expect("it has its turn"), [7]);
        });
        assert!(turnstile.run(0, || Ok(Vec::new())).is_ok(), "there is room again");
    }

    #[test]
    fn turns_come_in_order() {
        let turnstile = turnstile(1, 10, 10);
        let first = turnstile.enter().expect("it is free");
        let (send, order) = mpsc::channel();
        thread::scope(|scope| {
            for index in 0..5 {
                let (send, turnstile) = (send.clone(), &turnstile);
                scope.spawn(move || {
                    let _turn = turnstile.enter().expect("there is room to wait");
                    send.send(index).expect("the receiver is there");
                });
                while turnstile.queue().waiting.len() <= index {
                    thread::yield_now();
                }
            }
            drop(first);
        });
        assert_eq!(order.try_iter().collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn questions_and_answers_that_are_too_large_are_refused_with_the_limit() {
        let turnstile = turnstile(1, 1, 10);
        let refusal = said(turnstile.run(11, || panic!("it is not asked")));
        assert!(
            refusal.contains(
                "arguments of the dry run have 11 bytes, and this node allows 10 \
                 (--max-dry-run-bytes)"
            ),
            "{refusal}"
        );
        let refusal = said(turnstile.run(10, || Ok(vec![0; 11])));
        assert!(
            refusal.contains(
                "answer of the dry run has 11 bytes, and this node allows 10 (--max-dry-run-bytes)"
            ),
            "{refusal}"
        );
        assert_eq!(turnstile.run(10, || Ok(vec![1; 10])).expect("it fits").len(), 10);
    }

    #[test]
    fn a_turn_ends_when_the_runtime_fails_or_panics() {
        let turnstile = turnstile(1, 0, 10);
        assert!(turnstile.run(0, || Err(Error::InvalidIndex)).is_err());
        let panicked =
            thread::scope(|scope| scope.spawn(|| turnstile.run(0, || panic!("on purpose"))).join());
        assert!(panicked.is_err());
        assert!(turnstile.run(0, || Ok(Vec::new())).is_ok());
    }
}
