//! Opens, creates and removes the file.
use std::fs;
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use redb::backends::{FileBackend, InMemoryBackend};
use redb::{DatabaseError, ReadableDatabase, TableError};

use super::error::{Error, Problem, Result};
use super::guard::guarded;
use super::tables::{
    ABIS, BLOCK_KEY, CODE, FORMAT, FORMAT_KEY, META, NAMES, genesis, write_changes,
};

/// Time to wait for another process that uses the state.
const PATIENCE: Duration = Duration::from_secs(10);

/// Time between two attempts.
const PAUSE: Duration = Duration::from_millis(20);

/// The first bytes of every redb file.
const MAGIC: &[u8] = b"redb\x1a\x0a\xa9\x0d\x0a";

/// What a state is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Reading only.
    Read,
    /// Reading and writing.
    Write,
}

pub(super) fn open(file: &Path, access: Access) -> Result<redb::Database> {
    match fs::metadata(file) {
        Ok(_) => open_existing(file),
        Err(error) if error.kind() == ErrorKind::NotFound => match access {
            Access::Read => in_memory(file),
            Access::Write => {
                create(file)?;
                open_existing(file)
            }
        },
        Err(error) => Err(Error::io(file, error)),
    }
}

/// Opens a file once no other process uses it.
fn open_existing(file: &Path) -> Result<redb::Database> {
    let begin = Instant::now();
    loop {
        // What other programs changed in the file is found here, not when it is used.
        match redb::Database::builder().set_check_integrity_on_open(true).open(file) {
            Ok(database) => return check_format(&database, file).map(|()| database),
            Err(DatabaseError::DatabaseAlreadyOpen) if begin.elapsed() < PATIENCE => {
                thread::sleep(PAUSE)
            }
            Err(error) => return Err(Error::database(file, error)),
        }
    }
}

/// Creates the file whole or not at all: it is written under another name and renamed when it is
/// finished.
fn create(file: &Path) -> Result<()> {
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".tephra-").suffix(".new");
    // Temporary files are private; a state is readable like any other file.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let unfinished = builder.tempfile_in(folder).map_err(|error| Error::io(file, error))?;
    let handle = unfinished.as_file().try_clone().map_err(|error| Error::io(file, error))?;
    let backend = FileBackend::new(handle).map_err(|error| Error::database(file, error))?;
    let database = redb::Database::builder()
        .create_with_backend(backend)
        .map_err(|error| Error::database(file, error))?;
    write_genesis(&database).map_err(|error| Error::database(file, error))?;
    database.close().map_err(|error| Error::database(file, error))?;
    match unfinished.persist_noclobber(file) {
        Ok(_) => Ok(()),
        // Another process was faster; its state is the same.
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(Error::io(file, error.error)),
    }
}

pub(super) fn in_memory(file: &Path) -> Result<redb::Database> {
    let backend = InMemoryBackend::new();
    let database = redb::Database::builder()
        .create_with_backend(backend)
        .map_err(|error| Error::database(file, error))?;
    write_genesis(&database).map_err(|error| Error::database(file, error))?;
    Ok(database)
}

fn write_genesis(database: &redb::Database) -> Result<(), redb::Error> {
    let transaction = database.begin_write()?;
    {
        let mut meta = transaction.open_table(META)?;
        meta.insert(FORMAT_KEY, FORMAT)?;
        meta.insert(BLOCK_KEY, 0)?;
        transaction.open_table(CODE)?;
        transaction.open_table(NAMES)?;
        transaction.open_table(ABIS)?;
    }
    write_changes(&transaction, &genesis())?;
    transaction.commit()?;
    Ok(())
}

fn check_format(database: &redb::Database, file: &Path) -> Result<()> {
    let format = || -> Result<_, redb::Error> {
        let transaction = database.begin_read()?;
        Ok(transaction.open_table(META)?.get(FORMAT_KEY)?.map(|guard| guard.value()))
    };
    match format().map_err(|error| Error::database(file, error))? {
        Some(FORMAT) => Ok(()),
        found => Err(Error::new(file, Problem::Format { found })),
    }
}

/// Removes the file of a state, damaged or not. Returns whether there was one.
///
/// # Errors
/// If another process uses the state, or the file is something else. It is then unchanged.
pub fn remove(file: &Path) -> Result<bool> {
    let mut first = Vec::new();
    match fs::File::open(file)
        .and_then(|opened| opened.take(MAGIC.len() as u64).read_to_end(&mut first))
    {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(Error::io(file, error)),
        Ok(_) if first != MAGIC => return Err(Error::new(file, Problem::NotADatabase)),
        Ok(_) => {}
    }
    match guarded(file, || Ok(condition(file))).unwrap_or(Condition::OursOrDamaged) {
        Condition::InUse(error) => return Err(Error::database(file, error)),
        Condition::Foreign => {
            return Err(Error::new(file, Problem::OtherDatabase));
        }
        Condition::OursOrDamaged => {}
    }
    fs::remove_file(file).map_err(|error| Error::io(file, error))?;
    Ok(true)
}

/// What is known of a file before it is removed.
enum Condition {
    /// Another process uses it.
    InUse(DatabaseError),
    /// A whole database that is no state.
    Foreign,
    /// A state of any format version, or a file too damaged to tell.
    OursOrDamaged,
}

fn condition(file: &Path) -> Condition {
    let database = match redb::Database::open(file) {
        Ok(database) => database,
        Err(error @ (DatabaseError::DatabaseAlreadyOpen | DatabaseError::LockProtocolMismatch)) => {
            return Condition::InUse(error);
        }
        Err(_) => return Condition::OursOrDamaged,
    };
    let Ok(transaction) = database.begin_read() else { return Condition::OursOrDamaged };
    match transaction.open_table(META) {
        Err(
            TableError::TableDoesNotExist(_)
            | TableError::TableTypeMismatch { .. }
            | TableError::TableIsMultimap(_),
        ) => Condition::Foreign,
        _ => Condition::OursOrDamaged,
    }
}
