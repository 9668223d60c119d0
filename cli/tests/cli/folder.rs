//! A fresh folder for each test, in which the command runs.
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;

/// Text of a contract that counts its calls.
pub const COUNTER: &str = include_str!("counter.wat");

/// A temporary folder.
pub struct Folder(tempfile::TempDir);

/// How a command ended.
pub struct Ended {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// A folder with a token of 1000 that Alice owns.
    pub fn with_token() -> Self {
        let folder = Self::new();
        folder
            .run(&["deploy", &token(), "Token", "TOK", "18", "1000", "--name", "token"])
            .succeeds();
        folder
    }

    /// A folder with the counter.
    pub fn with_counter() -> Self {
        let folder = Self::new();
        folder.write("counter.wat", COUNTER);
        folder.run(&["deploy", "counter.wat", "--runtime", "--name", "counter"]).succeeds();
        folder
    }

    pub fn write(&self, name: &str, contents: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs::write(&path, contents).unwrap();
        path
    }

    pub fn command(&self) -> Command {
        let mut command = Command::cargo_bin("tephra").unwrap();
        command.current_dir(self.path()).env_remove("TEPHRA_STATE").env_remove("NO_COLOR");
        command
    }

    pub fn run(&self, args: &[&str]) -> Ended {
        self.command().args(args).output().unwrap().into()
    }

    /// Runs with `--json` and parses standard output.
    pub fn json(&self, args: &[&str]) -> Value {
        let ended = self.run(&[args, &["--json"]].concat());
        serde_json::from_str(&ended.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}{}", ended.stdout, ended.stderr))
    }
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ended {
    pub fn succeeds(self) -> String {
        assert_eq!(self.code, Some(0), "{}{}", self.stdout, self.stderr);
        self.stdout
    }

    /// Checks the exit code and that standard error has one error, in one line. Returns the line.
    pub fn fails_with(self, code: i32) -> String {
        assert_eq!(self.code, Some(code), "{}{}", self.stdout, self.stderr);
        assert!(!self.stderr.contains("panicked"), "{}", self.stderr);
        let lines: Vec<_> =
            self.stderr.lines().filter(|line| !line.starts_with("note: ")).collect();
        assert!(lines.len() == 1 && lines[0].starts_with("error: "), "{}", self.stderr);
        lines[0].to_owned()
    }
}

/// The project's own token.
pub fn token() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../contracts/token/token.wasm");
    path.to_str().unwrap().to_owned()
}
