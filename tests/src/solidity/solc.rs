//! solc-js as a process that stays, and a cache of what it gave.
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use alloy_primitives::keccak256;
use serde_json::Value;

/// Why solc gave nothing.
#[derive(Debug)]
pub enum SolcError {
    /// The process cannot be started or does not answer.
    Process(String),
    /// What it answered is no JSON.
    Answer(String),
}

impl std::fmt::Display for SolcError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Process(error) => write!(out, "solc does not run: {error}"),
            Self::Answer(error) => write!(out, "solc gave no JSON: {error}"),
        }
    }
}

impl std::error::Error for SolcError {}

/// solc: started when it is first needed.
pub struct Solc {
    worker: PathBuf,
    cache: Option<PathBuf>,
    process: Option<(Child, ChildStdin, BufReader<ChildStdout>)>,
}

impl Solc {
    /// Names the worker (`compiler/solc/worker.js`, with solc installed beside it) and the folder
    /// of the cache.
    pub fn new(worker: &Path, cache: Option<&Path>) -> Self {
        Self { worker: worker.into(), cache: cache.map(Into::into), process: None }
    }

    /// Compiles by a standard JSON input.
    ///
    /// # Errors
    /// When solc does not answer. Errors of the source are in the answer.
    pub fn compile(&mut self, input: &Value) -> Result<Value, SolcError> {
        let line = input.to_string();
        let cached = self
            .cache
            .as_ref()
            .map(|cache| cache.join(format!("{:x}.json", keccak256(line.as_bytes()))));
        let known = cached.as_ref().and_then(|path| fs::read(path).ok());
        if let Some(answer) = known.and_then(|bytes| serde_json::from_slice(&bytes).ok()) {
            return Ok(answer);
        }
        let answer = self.ask(&line).map_err(|error| {
            self.process = None;
            SolcError::Process(error.to_string())
        })?;
        let value: Value = serde_json::from_str(&answer)
            .map_err(|error| SolcError::Answer(format!("{error} in {answer:?}")))?;
        if let (Some(path), Some(cache)) = (&cached, &self.cache) {
            // Without a cache the next run takes longer, and that is all.
            let part = path.with_extension(format!("{}.part", std::process::id()));
            let _ = fs::create_dir_all(cache)
                .and_then(|()| fs::write(&part, &answer))
                .and_then(|()| fs::rename(&part, path));
        }
        Ok(value)
    }

    fn ask(&mut self, line: &str) -> std::io::Result<String> {
        let (_, input, output) = match &mut self.process {
            Some(process) => process,
            none => {
                let mut child = Command::new("node")
                    .arg(&self.worker)
                    .stdin(Stdio::piped())
                    .stdout(Stdio::piped())
                    .spawn()?;
                let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
                    return Err(std::io::Error::other("no pipes"));
                };
                none.insert((child, input, BufReader::new(output)))
            }
        };
        writeln!(input, "{line}")?;
        let mut answer = String::new();
        if output.read_line(&mut answer)? == 0 {
            return Err(std::io::Error::other("it ended"));
        }
        Ok(answer)
    }
}

impl Drop for Solc {
    fn drop(&mut self) {
        if let Some((mut child, input, _)) = self.process.take() {
            drop(input);
            let _ = child.wait();
        }
    }
}
