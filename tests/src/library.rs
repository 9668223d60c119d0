//! The EVMC libraries, built for tests: cargo builds no C library for another package's tests.
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The environment variable that names a library of ABI 12 to test in place of the one that is
/// built: that of a release.
pub const VARIABLE: &str = "TEPHRA_EVMC_LIBRARY";

/// The library of ABI 12.
pub fn abi12() -> PathBuf {
    if let Some(library) = env::var_os(VARIABLE) {
        return library.into();
    }
    build("libtephra", "libtephra.so")
}

/// The library of ABI 9; none, and a plain line on standard error, when the feature `abi9` of this
/// package is off.
pub fn abi9() -> Option<PathBuf> {
    if !cfg!(feature = "abi9") {
        eprintln!(
            "SKIPPED: the library of ABI 9 needs libclang (on Debian: apt-get install \
             libclang-dev); with it, add --features tephra-tests/abi9"
        );
        return None;
    }
    let (profile, target) = places();
    // A workspace of its own.
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../evmc/abi9/Cargo.toml");
    let target = target.join("abi9");
    run_cargo(&["--manifest-path", manifest, "--locked"], &target, "libtephra-abi9");
    Some(target.join(profile.file_name()?).join("libtephra_abi9.so"))
}

/// The directory of this program's profile, and the target directory that it is in.
fn places() -> (PathBuf, PathBuf) {
    let program = env::current_exe().expect("a test is a file");
    // In `<target>/<profile>/deps`.
    let profile = program.ancestors().nth(2).expect("cargo puts tests into its target directory");
    let target = profile.parent().expect("cargo puts profiles into its target directory");
    (profile.into(), target.into())
}

/// Builds a library of the workspace with the profile of this program, in its target directory.
fn build(package: &str, file: &str) -> PathBuf {
    let (profile, target) = places();
    run_cargo(&["--package", package], &target, package);
    profile.join(file)
}

fn run_cargo(what: &[&str], target: &Path, name: &str) {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--quiet"]).args(what).arg("--target-dir").arg(target);
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    let status = cargo.current_dir(env!("CARGO_MANIFEST_DIR")).status().expect("cargo runs");
    assert!(status.success(), "{name} does not build");
}
