//! The file that traces go to.
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

/// A file of lines that any number of executions write at the same time.
pub struct TraceFile {
    file: Mutex<File>,
    executions: AtomicU64,
}

impl TraceFile {
    /// Opens the file, or makes it; what is in it stays.
    pub fn open(path: &str) -> std::io::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        Ok(Self { file: Mutex::new(file), executions: AtomicU64::new(0) })
    }

    /// A number for an execution, by which its lines are told from those of others.
    pub fn number(&self) -> u64 {
        self.executions.fetch_add(1, Ordering::Relaxed)
    }

    /// Writes a line. A trace must not change results, so that an error of writing is not one of
    /// the message.
    pub fn write(&self, line: &Value) {
        let mut text = line.to_string();
        text.push('\n');
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = file.write_all(text.as_bytes());
    }
}

impl fmt::Debug for TraceFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TraceFile").finish_non_exhaustive()
    }
}
