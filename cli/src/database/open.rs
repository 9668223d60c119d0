//! Opening, making and removing the file.
use std::fs;
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use redb::backends::{FileBackend, InMemoryBackend};
use redb::{DatabaseError, ReadableDatabase, TableError};

use super::{
    ABIS, BLOCK_KEY, CODE, FORMAT, FORMAT_KEY, META, NAMES, failed, genesis, guarded, unusable,
    write_changes,
};
use crate::error::{Error, Result};

/// How long another process may use the state before this one gives up.
const PATIENCE: Duration = Duration::from_secs(10);

/// Time between two attempts.
const PAUSE: Duration = Duration::from_millis(20);

/// The first bytes of every redb file.
const MAGIC: &[u8] = b"redb\x1a\x0a\xa9\x0d\x0a";

/// What the state is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Only to read.
    Read,
    /// To read and write.
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
        Err(error) => Err(unusable(file, &error)),
    }
}

/// One process at a time uses the state; the others wait.
fn open_existing(file: &Path) -> Result<redb::Database> {
    let begin = Instant::now();
    loop {
        // What somebody altered behind its back is found here, and not when it is used.
        match redb::Database::builder().set_check_integrity_on_open(true).open(file) {
            Ok(database) => return check_format(&database, file).map(|()| database),
            Err(DatabaseError::DatabaseAlreadyOpen) if begin.elapsed() < PATIENCE => {
                thread::sleep(PAUSE)
            }
            Err(error) => return Err(failed(file, error)),
        }
    }
}

/// Makes the file whole or not at all: what is made under another name gets its own when it is
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
    let unfinished = builder.tempfile_in(folder).map_err(|error| unusable(file, &error))?;
    let handle = unfinished.as_file().try_clone().map_err(|error| unusable(file, &error))?;
    let backend = FileBackend::new(handle).map_err(|error| failed(file, error))?;
    let database = redb::Database::builder()
        .create_with_backend(backend)
        .map_err(|error| failed(file, error))?;
    write_genesis(&database).map_err(|error| failed(file, error))?;
    database.close().map_err(|error| failed(file, error))?;
    match unfinished.persist_noclobber(file) {
        Ok(_) => Ok(()),
        // Another process was faster; its state is as good.
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(unusable(file, &error.error)),
    }
}

pub(super) fn in_memory(file: &Path) -> Result<redb::Database> {
    let backend = InMemoryBackend::new();
    let database = redb::Database::builder()
        .create_with_backend(backend)
        .map_err(|error| failed(file, error))?;
    write_genesis(&database).map_err(|error| failed(file, error))?;
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
    match format().map_err(|error| failed(file, error))? {
        Some(FORMAT) => Ok(()),
        other => {
            let version = other.map_or("no".to_owned(), |number| number.to_string());
            let reason = format!(
                "the state has format version {version}, and this tephra knows only {FORMAT}; use the tephra that wrote it, or begin anew with `tephra state reset`"
            );
            Err(Error::Database { file: file.to_owned(), reason })
        }
    }
}

/// Removes the file of a state, damaged or not, that no other process uses. Answers whether there
/// was one. Any other file is left alone.
pub fn remove(file: &Path) -> Result<bool> {
    let mut first = Vec::new();
    match fs::File::open(file)
        .and_then(|opened| opened.take(MAGIC.len() as u64).read_to_end(&mut first))
    {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(unusable(file, &error)),
        Ok(_) if first != MAGIC => return Err(unusable(file, &ErrorKind::InvalidData.into())),
        Ok(_) => {}
    }
    match guarded(file, || Ok(condition(file))).unwrap_or(Condition::OursOrDamaged) {
        Condition::InUse(error) => return Err(failed(file, error)),
        Condition::Foreign => {
            return Err(failed(file, redb::Error::TableDoesNotExist(String::new())));
        }
        Condition::OursOrDamaged => {}
    }
    fs::remove_file(file).map_err(|error| unusable(file, &error))?;
    Ok(true)
}

/// What is known of a database before it is removed.
enum Condition {
    /// Another process uses it.
    InUse(DatabaseError),
    /// Whole, and not a state.
    Foreign,
    /// A state of any format version, or so damaged that nothing is lost with it.
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
