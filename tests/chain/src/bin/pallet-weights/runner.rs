//! Runs benchmarks in the blob.
use std::path::Path;

use codec::{Decode, Encode};
use frame_benchmarking::{
    BenchmarkBatch, BenchmarkConfig, BenchmarkList, BenchmarkParameter, BenchmarkResult,
    benchmarking,
};
use frame_support::traits::StorageInfo;
use sc_client_db::bench::BenchmarkingState;
use sc_executor::WasmExecutor;
use sp_core::traits::{CallContext, CodeExecutor, RuntimeCode, WrappedRuntimeCode};
use sp_io::hashing::blake2_256;
use sp_runtime::{BuildStorage, traits::BlakeTwo256};
use sp_state_machine::{Ext, OverlayedChanges};
use tephra_runtime::RuntimeGenesisConfig;

/// A node's host functions, and those of benchmarks.
type HostFunctions = (sp_io::SubstrateHostFunctions, benchmarking::HostFunctions);

type State = BenchmarkingState<BlakeTwo256>;

/// A benchmark of the runtime.
pub struct Benchmark {
    pub name: String,
    pallet: Vec<u8>,
    instance: Vec<u8>,
    /// Names, least and greatest values.
    pub components: Vec<(BenchmarkParameter, u32, u32)>,
}

/// The results of its runs.
pub struct Results {
    /// With the time that each took.
    pub times: Vec<BenchmarkResult>,
    /// With what each read and wrote.
    pub counts: Vec<BenchmarkResult>,
}

/// The blob, with states to run it on.
pub struct Runner {
    code: Vec<u8>,
    hash: Vec<u8>,
    executor: WasmExecutor<HostFunctions>,
    /// Counts nothing.
    quick: State,
    /// Counts reads, writes and proofs, which takes time.
    counting: State,
}

impl Runner {
    /// # Errors
    /// When there is no state to begin with.
    pub fn new(code: Vec<u8>, path: &Path) -> Result<Self, String> {
        let genesis = RuntimeGenesisConfig::default().build_storage()?;
        let executor =
            WasmExecutor::builder().with_cache_path(path.with_file_name("compiled")).build();
        Ok(Self {
            hash: blake2_256(&code).to_vec(),
            code,
            executor,
            quick: State::new(genesis.clone(), None, false, false)?,
            counting: State::new(genesis, None, true, true)?,
        })
    }

    /// All benchmarks of the runtime.
    ///
    /// # Errors
    /// When the blob was built without the feature `runtime-benchmarks`.
    pub fn benchmarks(&self) -> Result<Vec<Benchmark>, String> {
        let answer = self.call(&self.quick, "Benchmark_benchmark_metadata", false)?;
        let (lists, _): (Vec<BenchmarkList>, Vec<StorageInfo>) = decode(&answer)?;
        let mut benchmarks = Vec::new();
        for list in lists {
            for benchmark in list.benchmarks {
                benchmarks.push(Benchmark {
                    name: String::from_utf8(benchmark.name).map_err(|error| error.to_string())?,
                    pallet: list.pallet.clone(),
                    instance: list.instance.clone(),
                    components: benchmark.components,
                });
            }
        }
        Ok(benchmarks)
    }

    /// Runs a benchmark for each value of each component, the others being greatest: once to see
    /// whether it does what it should, once to count, and then as often as asked for.
    ///
    /// # Errors
    /// When it fails.
    pub fn run(&self, benchmark: &Benchmark, steps: u32, repeat: u32) -> Result<Results, String> {
        let mut results = Results { times: Vec::new(), counts: Vec::new() };
        for components in all_components(&benchmark.components, steps) {
            let once = |state, verify, repeat| {
                self.dispatch(state, benchmark, &components, verify, repeat)
            };
            once(&self.quick, true, 1)?;
            results.counts.extend(once(&self.counting, false, 1)?);
            results.times.extend(once(&self.quick, false, repeat)?);
        }
        Ok(results)
    }

    fn dispatch(
        &self,
        state: &State,
        benchmark: &Benchmark,
        components: &[(BenchmarkParameter, u32)],
        verify: bool,
        internal_repeats: u32,
    ) -> Result<Vec<BenchmarkResult>, String> {
        let config = BenchmarkConfig {
            pallet: benchmark.pallet.clone(),
            instance: benchmark.instance.clone(),
            benchmark: benchmark.name.clone().into_bytes(),
            selected_components: components.to_vec(),
            verify,
            internal_repeats,
        };
        let failed = |error: String| {
            format!("the benchmark {} with {components:?}: {error}", benchmark.name)
        };
        let answer = self.call(state, "Benchmark_dispatch_benchmark", config).map_err(failed)?;
        let batches: Result<Vec<BenchmarkBatch>, String> = decode(&answer)?;
        let results: Vec<_> =
            batches.map_err(failed)?.into_iter().flat_map(|batch| batch.results).collect();
        if results.is_empty() {
            return Err(failed("it has no results".into()));
        }
        Ok(results)
    }

    fn call(&self, state: &State, method: &str, arguments: impl Encode) -> Result<Vec<u8>, String> {
        let mut overlay = OverlayedChanges::default();
        let mut externalities = Ext::new(&mut overlay, state, None);
        let code = WrappedRuntimeCode((&self.code).into());
        let code = RuntimeCode { code_fetcher: &code, heap_pages: None, hash: self.hash.clone() };
        let context = CallContext::Onchain { import: true };
        let answer =
            self.executor.call(&mut externalities, &code, method, &arguments.encode(), context).0;
        answer.map_err(|error| error.to_string())
    }
}

fn decode<T: Decode>(mut answer: &[u8]) -> Result<T, String> {
    T::decode(&mut answer).map_err(|error| format!("the runtime's answer: {error}"))
}

/// For each component all its values, the others being greatest.
fn all_components(
    components: &[(BenchmarkParameter, u32, u32)],
    steps: u32,
) -> Vec<Vec<(BenchmarkParameter, u32)>> {
    if components.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (varied, least, greatest) in components {
        for step in 0..steps {
            let width = u64::from(greatest - least) * u64::from(step) / u64::from(steps - 1);
            let value = least + width as u32;
            let with = |(name, _, greatest): &(BenchmarkParameter, u32, u32)| {
                (*name, if name == varied { value } else { *greatest })
            };
            all.push(components.iter().map(with).collect());
        }
    }
    all
}
