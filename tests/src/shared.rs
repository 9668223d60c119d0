//! Where public test data lies: it is not part of the project.
use std::env;
use std::path::{Path, PathBuf};

/// The environment variable that names the directory of the data.
pub const VARIABLE: &str = "TEPHRA_SHARED";

/// A file or directory of the data: below `$TEPHRA_SHARED`, or below `shared` beside the project.
/// None, and a plain line on standard error, when it is not there.
pub fn path(relative: &str) -> Option<PathBuf> {
    let root = env::var_os(VARIABLE).map_or_else(beside_the_project, PathBuf::from);
    let path = root.join(relative);
    if path.exists() {
        return Some(path);
    }
    eprintln!(
        "SKIPPED: {} is not there; set {VARIABLE} to the directory of the test data",
        path.display()
    );
    None
}

fn beside_the_project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared")
}
