//! Why a state cannot be used.
use std::io;
use std::path::{Path, PathBuf};

use super::tables::FORMAT;

/// An error of the state database.
#[derive(Debug, thiserror::Error)]
#[error("{}: {problem}", file.display())]
pub struct Error {
    /// Path of the database.
    pub file: PathBuf,
    /// What is wrong.
    #[source]
    pub problem: Problem,
}

/// What is wrong with a state database.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Another process has the state open, and did not close it in time.
    #[error("another process is using this state")]
    InUse,
    /// The file is a state, but its contents contradict each other.
    #[error("the state is damaged ({0})")]
    Damaged(String),
    /// The file is no database at all.
    #[error("not a state database of tephra")]
    NotADatabase,
    /// The file is a database of another program.
    #[error("a database, but not one of tephra's")]
    OtherDatabase,
    /// The tables of the state have another format version.
    #[error(
        "the state has format version {}, and this tephra reads only {FORMAT}",
        found.map_or("no".to_owned(), |version| version.to_string())
    )]
    Format {
        /// The version of the file, if it says one.
        found: Option<u64>,
    },
    /// The file is of a version of the database library that is no longer read.
    #[error("written in database format {0}, which this tephra no longer reads")]
    OldDatabase(u8),
    /// The path names a folder.
    #[error("this is a folder")]
    IsFolder,
    /// The folder that should hold the file does not exist.
    #[error("the folder of the state does not exist")]
    NoFolder,
    /// The file may not be read and written.
    #[error("no permission to read and write the state")]
    NoPermission,
    /// The disk or the quota is full.
    #[error("no space is left for the state; nothing was changed")]
    NoSpace,
    /// Reading or writing failed.
    #[error("the state cannot be read or written: {0}")]
    Io(#[source] io::Error),
    /// The database library failed.
    #[error("the state cannot be used: {0}")]
    Other(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// The result of using the state database.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub(super) fn new(file: &Path, problem: Problem) -> Self {
        Self { file: file.to_owned(), problem }
    }

    /// An error of the database library.
    pub(super) fn database(file: &Path, error: impl Into<redb::Error>) -> Self {
        let problem = match error.into() {
            redb::Error::DatabaseAlreadyOpen | redb::Error::LockProtocolMismatch => Problem::InUse,
            redb::Error::Io(error) => return Self::io(file, error),
            redb::Error::Corrupted(what) => Problem::Damaged(what),
            redb::Error::UpgradeRequired(version) => Problem::OldDatabase(version),
            redb::Error::TableDoesNotExist(_) | redb::Error::TableTypeMismatch { .. } => {
                Problem::OtherDatabase
            }
            other => Problem::Other(Box::new(other)),
        };
        Self::new(file, problem)
    }

    /// An error of the operating system.
    pub(super) fn io(file: &Path, error: io::Error) -> Self {
        use io::ErrorKind;
        let problem = match error.kind() {
            ErrorKind::InvalidData | ErrorKind::UnexpectedEof => Problem::NotADatabase,
            ErrorKind::IsADirectory => Problem::IsFolder,
            ErrorKind::NotFound | ErrorKind::NotADirectory => Problem::NoFolder,
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Problem::NoPermission,
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Problem::NoSpace,
            _ => Problem::Io(error),
        };
        Self::new(file, problem)
    }
}
