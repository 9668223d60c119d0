//! Finds the runtime's blob, which `$TEPHRA_RUNTIME` names or `scripts/runtime-blob` has written to
//! the target directory. The node also builds without it, and names what is missing when it starts.
use std::{
    env,
    path::{Path, PathBuf},
};

fn main() {
    println!("cargo:rerun-if-env-changed=TEPHRA_RUNTIME");
    println!("cargo:rerun-if-env-changed=CARGO_TARGET_DIR");
    println!("cargo:rustc-check-cfg=cfg(has_runtime)");
    let blob = env::var_os("TEPHRA_RUNTIME").map_or_else(made_by_the_script, PathBuf::from);
    println!("cargo:rerun-if-changed={}", blob.display());
    if let Ok(blob) = blob.canonicalize() {
        println!("cargo:rustc-cfg=has_runtime");
        println!("cargo:rustc-env=TEPHRA_RUNTIME_BLOB={}", blob.display());
    }
}

fn made_by_the_script() -> PathBuf {
    let workspace = Path::new(&env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../..");
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    workspace.join(target).join("runtime/tephra_runtime.wasm")
}
