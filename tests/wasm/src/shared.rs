//! Public test data that is kept beside the project.
use std::path::{Path, PathBuf};

/// A directory of the shared data. None, said plainly, when it is absent: `TEPHRA_SHARED` names the
/// data, otherwise it is `../shared` beside the workspace.
pub fn directory(name: &str) -> Option<PathBuf> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let shared = std::env::var_os("TEPHRA_SHARED")
        .map_or_else(|| workspace.join("../shared"), PathBuf::from);
    let directory = shared.join(name);
    if directory.is_dir() {
        return Some(directory);
    }
    println!("SKIPPED: {} is absent", directory.display());
    None
}

/// The files in a directory with this extension, ordered by name.
pub fn files(directory: &Path, extension: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(directory)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    files.sort();
    files
}
