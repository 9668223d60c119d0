//! Reads the files named on the command line.
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use alloy_primitives::hex;
use tephra::abi::{self, JsonAbi};
use tephra::code;
use tephra::text::shorten;

use super::error::{Error, Result};

/// Greatest size of a file, in bytes: more than any valid module in its longest notation.
const LARGEST_FILE: u64 = 256 << 20;

/// A WebAssembly binary and its origin.
pub struct Binary {
    /// The file's path, or `standard input`; for messages.
    pub name: String,
    /// The path of the file, if it is one.
    pub path: Option<PathBuf>,
    /// The bytes of the module, converted if the file held text.
    pub bytes: Vec<u8>,
}

/// Reads a module from a file, or from standard input if `file` is `-`.
pub fn read_binary(file: &str) -> Result<Binary> {
    let (name, path, contents) = if file == "-" {
        let name = "standard input".to_owned();
        let contents = read_all(io::stdin().lock()).map_err(|error| unreadable(&name, &error))?;
        (name, None, contents)
    } else {
        (file.to_owned(), Some(PathBuf::from(file)), read_file(Path::new(file))?)
    };
    let bytes = code::parse(contents).map_err(|error| Error::input(&name, error))?;
    Ok(Binary { name, path, bytes })
}

/// Reads an ABI; returns its text and its contents.
pub fn read_abi(file: &Path) -> Result<(String, JsonAbi)> {
    let name = file.display().to_string();
    let text = String::from_utf8(read_file(file)?)
        .map_err(|_| Error::input(&name, "not an ABI: the file is not text"))?;
    let abi = abi::parse_abi(&text).map_err(|error| Error::input(&name, error))?;
    Ok((text, abi))
}

/// Returns the path of the ABI beside a file, if there is one: `token.abi.json` or
/// `token.wasm.abi.json` beside `token.wasm`.
pub fn abi_beside(file: &Path) -> Option<PathBuf> {
    let whole = file.file_name()?.to_owned();
    let stem = file.file_stem()?.to_owned();
    [stem, whole].into_iter().find_map(|mut name| {
        name.push(".abi.json");
        Some(file.with_file_name(name)).filter(|candidate| candidate.is_file())
    })
}

/// Reads a whole file of at most [`LARGEST_FILE`] bytes.
fn read_file(path: &Path) -> Result<Vec<u8>> {
    File::open(path)
        .and_then(read_all)
        .map_err(|error| unreadable(&path.display().to_string(), &error))
}

fn read_all(from: impl Read) -> io::Result<Vec<u8>> {
    let mut contents = Vec::new();
    from.take(LARGEST_FILE + 1).read_to_end(&mut contents)?;
    if contents.len() as u64 > LARGEST_FILE {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("more than {} MiB", LARGEST_FILE >> 20),
        ));
    }
    Ok(contents)
}

/// Makes the error for something that cannot be read.
pub fn unreadable(name: &str, error: &io::Error) -> Error {
    let remedy = match error.kind() {
        io::ErrorKind::NotFound => "there is no such file; check the path".to_owned(),
        io::ErrorKind::PermissionDenied => "no permission to read it".to_owned(),
        io::ErrorKind::IsADirectory => "this is a folder; name a file in it".to_owned(),
        _ => format!("cannot be read: {error}"),
    };
    Error::input(name, remedy)
}

/// Decodes hexadecimal bytes of the command line, with or without `0x`.
pub fn parse_hex(what: &str, text: &str) -> Result<Vec<u8>> {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    hex::decode(digits).map_err(|_| {
        Error::usage(format!(
            "{what} `{}` is not an even number of hexadecimal digits after 0x",
            shorten(text)
        ))
    })
}
