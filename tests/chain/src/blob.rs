//! The runtime's WebAssembly blob and what executes it.
use std::{
    env, fs, io,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use sc_executor::WasmExecutor;
use sp_core::traits::{CallContext, CodeExecutor, Externalities, RuntimeCode, WrappedRuntimeCode};
use sp_io::hashing::blake2_256;

/// The environment variable that names the blob's file.
pub const VARIABLE: &str = "TEPHRA_RUNTIME";

/// The blob, with an executor that has a node's host functions and a node's heap.
pub struct Blob {
    code: Vec<u8>,
    hash: Vec<u8>,
    executor: WasmExecutor,
}

impl Blob {
    /// The blob that `$TEPHRA_RUNTIME` names, or that `scripts/runtime-blob` has made. None, and a plain line on standard error, when there is none; in continuous integration, where a
    /// test must not pass by skipping, a panic.
    pub fn get() -> Option<&'static Self> {
        static BLOB: OnceLock<Option<Blob>> = OnceLock::new();
        BLOB.get_or_init(|| {
            let path = env::var_os(VARIABLE).map_or_else(made_by_the_script, PathBuf::from);
            match Self::read(&path) {
                Ok(blob) => Some(blob),
                Err(error) => {
                    let line = format!(
                        "SKIPPED: the runtime's blob, {}: {error}. `scripts/runtime-blob` makes it. Blocks run natively only",
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
        // Compiling the blob takes a debug build of the compiler half a minute: what it made is kept beside the blob.
        let cache = path.with_file_name("compiled");
        let executor = WasmExecutor::builder().with_cache_path(cache).build();
        Ok(Self { hash: blake2_256(&code).to_vec(), code, executor })
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
        let code = RuntimeCode { code_fetcher: &code, heap_pages: None, hash: self.hash.clone() };
        self.executor.call(externalities, &code, method, arguments, context).0.map_err(|error| error.to_string())
    }
}

fn made_by_the_script() -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    workspace.join(target).join("runtime/tephra_runtime.wasm")
}
