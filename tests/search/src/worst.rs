//! The worst that were found, as files.
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::evaluate::{Score, limit};
use crate::genome::Candidate;

/// A candidate that is kept, and how bad it was when it was found.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Kept {
    /// What was measured then, with the prices of that time.
    pub found: Score,
    /// The candidate.
    pub candidate: Candidate,
}

/// Where the project keeps them.
pub fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("worst")
}

/// Reads all candidates of a directory, ordered by name.
///
/// # Errors
/// When it cannot be read, or a file is no candidate.
pub fn read(directory: &Path) -> io::Result<Vec<(String, Kept)>> {
    let mut kept = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            kept.push((name, serde_json::from_str(&fs::read_to_string(&path)?)?));
        }
    }
    kept.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(kept)
}

/// Writes candidates and the modules that they are made of, and a table of them.
///
/// # Errors
/// When the directory cannot be written.
pub fn write(directory: &Path, found: &[(Candidate, Score)]) -> io::Result<()> {
    fs::create_dir_all(directory)?;
    for (candidate, score) in found {
        let name = format!("{}-{}", candidate.kind.name(), score.niche().to_lowercase());
        let kept = Kept { found: score.clone(), candidate: candidate.clone() };
        let mut text = serde_json::to_string(&kept)?;
        text.push('\n');
        fs::write(directory.join(format!("{name}.json")), text)?;
        for (number, bytes) in crate::run::modules(candidate).iter().enumerate() {
            fs::write(directory.join(format!("{name}.{number}.wasm")), bytes)?;
        }
    }
    fs::write(directory.join("table.md"), table(found))
}

/// A table of candidates.
pub fn table(found: &[(Candidate, Score)]) -> String {
    let mut text =
        String::from("| kind | × | limit | gas | work | mostly |\n|---|--:|--:|--:|---|---|\n");
    for (candidate, score) in found {
        let (kind, limit) = (candidate.kind, limit(candidate.kind));
        let (ratio, gas, work, node) = (score.ratio, score.gas, score.summary(), &score.node);
        text += &format!("| {} | {ratio:.1} | {limit} | {gas} | {work} | {node} |\n", kind.name());
    }
    text
}
