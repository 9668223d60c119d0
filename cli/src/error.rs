//! What can go wrong outside a contract, and the exit codes.
use std::io;
use std::path::PathBuf;

/// How the command ended, for whoever started it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Everything was done.
    Success = 0,
    /// The contract reverted, trapped, ran out of gas, or is not valid.
    Contract = 1,
    /// The command line makes no sense.
    Usage = 2,
    /// A file or its contents cannot be used.
    Input = 3,
    /// The state database cannot be used.
    Database = 4,
}

/// An error that ends the command. Shown as one sentence that names the thing, the place and the
/// remedy.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The command line makes no sense.
    #[error("{0}")]
    Usage(String),
    /// The contents of a file cannot be used.
    #[error("{file}: {reason}")]
    Input {
        /// Path of the file, or `standard input`.
        file: String,
        /// What is wrong, with its remedy.
        reason: String,
    },
    /// The state database cannot be used.
    #[error("{}: {reason}", file.display())]
    Database {
        /// Path of the database.
        file: PathBuf,
        /// What is wrong, with its remedy.
        reason: String,
    },
    /// Standard output cannot be written.
    #[error("cannot write to standard output: {0}")]
    Output(#[from] io::Error),
}

impl Error {
    /// A wrong command line.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::Usage(message.into())
    }

    /// A file that cannot be used.
    pub fn input(file: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Input { file: file.into(), reason: reason.into() }
    }

    /// The exit code that says so.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Usage(_) => Exit::Usage,
            Self::Input { .. } => Exit::Input,
            Self::Database { .. } => Exit::Database,
            // Nobody reads any further (`| head`): nothing went wrong.
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Success,
            Self::Output(_) => Exit::Input,
        }
    }
}

/// The result of everything that can end the command.
pub type Result<T, E = Error> = std::result::Result<T, E>;
