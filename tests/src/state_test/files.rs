//! The files of a directory.
use std::io;
use std::path::{Path, PathBuf};

/// All JSON files below a directory, hidden ones left out, in the order of their paths; or the file
/// itself.
///
/// # Errors
/// When something cannot be read.
pub fn json_files(root: &Path) -> io::Result<Vec<PathBuf>> {
    if !root.is_dir() {
        std::fs::metadata(root)?;
        return Ok(vec![root.to_owned()]);
    }
    let mut files = Vec::new();
    let mut directories = vec![root.to_owned()];
    while let Some(directory) = directories.pop() {
        for entry in std::fs::read_dir(directory)? {
            let entry = entry?;
            let path = entry.path();
            if entry.file_name().as_encoded_bytes().starts_with(b".") {
                continue;
            }
            // Links to directories are not followed, so that no loop is.
            if entry.file_type()?.is_dir() {
                directories.push(path);
            } else if path.extension().is_some_and(|extension| extension == "json") {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}
