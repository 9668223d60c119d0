//! Errors that end the command, and its exit codes.
use std::io;

use tephra::database::Problem;
use tephra::{abi, chain, code, database, names};

/// How the command ended, for the program that started it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// The command did its work.
    Success = 0,
    /// The contract reverted, trapped, ran out of gas, or is not valid.
    Contract = 1,
    /// The command line is wrong.
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
    /// The command line is wrong.
    #[error("{0}")]
    Usage(String),
    /// A file or its contents cannot be used.
    #[error("{file}: {reason}")]
    Input {
        /// Path of the file, or `standard input`.
        file: String,
        /// What is wrong, and the remedy.
        reason: String,
    },
    /// The state database cannot be used.
    #[error("{error}{}", remedy(&error.problem))]
    Database {
        /// What is wrong.
        #[from]
        error: database::Error,
    },
    /// Standard output cannot be written.
    #[error("cannot write to standard output: {0}")]
    Output(#[from] io::Error),
}

impl Error {
    /// Makes an error of the command line.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::Usage(message.into())
    }

    /// Makes an error of a file.
    pub fn input(file: impl Into<String>, reason: impl ToString) -> Self {
        Self::Input { file: file.into(), reason: reason.to_string() }
    }

    /// Returns the exit code of the error.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Usage(_) => Exit::Usage,
            Self::Input { .. } => Exit::Input,
            Self::Database { .. } => Exit::Database,
            // The reader stopped reading (`| head`), which is no failure.
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Success,
            Self::Output(_) => Exit::Input,
        }
    }
}

/// Returns the remedy for a problem of the state, to follow its sentence.
fn remedy(problem: &Problem) -> &'static str {
    match problem {
        Problem::InUse => "; wait until it ends, or name another file with --state",
        Problem::Damaged(_) => "; start over with `tephra state reset`",
        Problem::NotADatabase | Problem::OtherDatabase | Problem::NoPermission => {
            "; name another file with --state"
        }
        Problem::Format { .. } => {
            "; use the tephra that wrote it, or start over with `tephra state reset`"
        }
        Problem::OldDatabase(_) => "; use the tephra that wrote it",
        Problem::IsFolder => "; name a file in it with --state",
        Problem::NoFolder => "; make it, or name another file with --state",
        _ => "",
    }
}

impl From<names::Error> for Error {
    fn from(error: names::Error) -> Self {
        Self::Usage(error.to_string())
    }
}

impl From<abi::Error> for Error {
    fn from(error: abi::Error) -> Self {
        let remedy = match error {
            abi::Error::UnknownAbi(_) => ", or give --abi FILE",
            _ => "",
        };
        Self::Usage(format!("{error}{remedy}"))
    }
}

impl From<code::Error> for Error {
    fn from(error: code::Error) -> Self {
        Self::Usage(error.to_string())
    }
}

impl From<chain::Error> for Error {
    fn from(error: chain::Error) -> Self {
        match error {
            chain::Error::Database(error) => error.into(),
            chain::Error::Transaction(_) => Self::Usage(error.to_string()),
        }
    }
}

/// The result of work that can end the command.
pub type Result<T, E = Error> = std::result::Result<T, E>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_state_names_the_remedy() {
        let problem = Problem::Damaged("its structure makes no sense".to_owned());
        let error = Error::from(database::Error { file: "state".into(), problem });
        assert_eq!(error.exit(), Exit::Database);
        assert_eq!(
            error.to_string(),
            "state: the state is damaged (its structure makes no sense); start over with `tephra \
             state reset`"
        );
    }
}
