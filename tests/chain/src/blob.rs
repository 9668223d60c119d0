//! The runtime's WebAssembly blob and what executes it.
use std::{
    env, fs, io,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use codec::Decode;
use sc_executor::{
    DEFAULT_HEAP_ALLOC_STRATEGY, HeapAllocStrategy, WasmExecutor, with_externalities_safe,
};
use sc_executor_common::{runtime_blob::RuntimeBlob, wasm_runtime::WasmModule};
use sc_executor_wasmtime::{Config, InstantiationStrategy, Semantics};
use sp_core::storage::well_known_keys::HEAP_PAGES;
use sp_core::traits::{CallContext, CodeExecutor, Externalities, RuntimeCode, WrappedRuntimeCode};
use sp_io::hashing::blake2_256;

/// The environment variable that names the blob's file.
pub const VARIABLE: &str = "TEPHRA_RUNTIME";

/// The blob, with an executor that has a node's host functions and a node's heap.
pub struct Blob {
    code: Vec<u8>,
    hash: Vec<u8>,
    executor: WasmExecutor,
    /// Where compiled code is kept.
    cache: PathBuf,
    /// The blob as [`Self::measure`] runs it.
    module: OnceLock<Box<dyn WasmModule>>,
}

impl Blob {
    /// The blob that `$TEPHRA_RUNTIME` names, or that `scripts/runtime-blob` has made. None, and a
    /// plain line on standard error, when there is none; in continuous integration, where a test
    /// must not pass by skipping, a panic.
    pub fn get() -> Option<&'static Self> {
        static BLOB: OnceLock<Option<Blob>> = OnceLock::new();
        BLOB.get_or_init(|| {
            let path = env::var_os(VARIABLE).map_or_else(made_by_the_script, PathBuf::from);
            match Self::read(&path) {
                Ok(blob) => Some(blob),
                Err(error) => {
                    let line = format!(
                        "SKIPPED: the runtime's blob, {}: {error}. `scripts/runtime-blob` makes \
                         it. Blocks run natively only",
                        path.display()
                    );
                    assert!(env::var_os("CI").is_none(), "{line}");
                    eprintln!("{line}");
                    None
                }
            }
        })
        .as_ref()
    }

    /// The blob in a file.
    ///
    /// # Errors
    ///
    /// The file cannot be read.
    pub fn read(path: &Path) -> io::Result<Self> {
        let code = fs::read(path)?;
        // Compiling the blob takes a debug build of the compiler half a minute: what it made is
        // kept beside the blob.
        let cache = path.with_file_name("compiled");
        let executor = WasmExecutor::builder().with_cache_path(&cache).build();
        Ok(Self {
            hash: blake2_256(&code).to_vec(),
            code,
            executor,
            cache,
            module: OnceLock::new(),
        })
    }

    /// Its bytes.
    pub fn code(&self) -> &[u8] {
        &self.code
    }

    /// Calls the exported function `method`.
    pub fn call(
        &self,
        externalities: &mut dyn Externalities,
        method: &str,
        arguments: &[u8],
        context: CallContext,
    ) -> Result<Vec<u8>, String> {
        let code = WrappedRuntimeCode((&self.code).into());
        let heap_pages = heap_pages(externalities);
        let code = RuntimeCode { code_fetcher: &code, heap_pages, hash: self.hash.clone() };
        self.executor
            .call(externalities, &code, method, arguments, context)
            .0
            .map_err(|error| error.to_string())
    }

    /// As [`Self::call`], in an instance of its own, and answers besides how many bytes of its heap
    /// were in use at most: what the allocator has handed out for the first time, which it never
    /// takes back.
    pub fn measure(
        &self,
        externalities: &mut dyn Externalities,
        method: &str,
        arguments: &[u8],
        context: CallContext,
    ) -> (Result<Vec<u8>, String>, u32) {
        let mut instance =
            match self.module().new_instance(heap(heap_pages(externalities), context)) {
                Ok(instance) => std::panic::AssertUnwindSafe(instance),
                Err(error) => return (Err(error.to_string()), 0),
            };
        let ran = with_externalities_safe(externalities, move || {
            instance.call_with_allocation_stats(method, arguments)
        });
        match ran {
            Ok((answer, statistics)) => {
                let used = statistics.map_or(0, |statistics| statistics.address_space_used);
                (answer.map_err(|error| error.to_string()), used)
            }
            Err(error) => (Err(error.to_string()), 0),
        }
    }

    fn module(&self) -> &dyn WasmModule {
        let module = self.module.get_or_init(|| {
            let blob = RuntimeBlob::uncompress_if_needed(&self.code).expect("it is a blob");
            let semantics = Semantics {
                instantiation_strategy: InstantiationStrategy::PoolingCopyOnWrite,
                deterministic_stack_limit: None,
                canonicalize_nans: false,
                parallel_compilation: true,
                heap_alloc_strategy: DEFAULT_HEAP_ALLOC_STRATEGY,
                wasm_multi_value: false,
                wasm_bulk_memory: false,
                wasm_reference_types: false,
                wasm_simd: false,
            };
            let config = Config {
                allow_missing_func_imports: false,
                cache_path: Some(self.cache.clone()),
                semantics,
            };
            let runtime =
                sc_executor_wasmtime::create_runtime::<sp_io::SubstrateHostFunctions>(blob, config);
            Box::new(runtime.expect("the blob can be compiled"))
        });
        module.as_ref()
    }
}

/// Returns the size of the heap that the state names.
fn heap_pages(externalities: &mut dyn Externalities) -> Option<u64> {
    u64::decode(&mut &*externalities.storage(HEAP_PAGES)?).ok()
}

/// The heap that a node gives the runtime.
fn heap(pages: Option<u64>, context: CallContext) -> HeapAllocStrategy {
    let strategy = pages.map_or(DEFAULT_HEAP_ALLOC_STRATEGY, |pages| HeapAllocStrategy::Static {
        extra_pages: u32::try_from(pages).unwrap_or(u32::MAX),
    });
    match context {
        CallContext::Onchain { import: true } => strategy.double(),
        CallContext::Onchain { import: false } | CallContext::Offchain => strategy,
    }
}

fn made_by_the_script() -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    workspace.join(target).join("runtime/tephra_runtime.wasm")
}
