//! Files that people give: WebAssembly as a binary, as text or as hexadecimal digits.
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// Bytes of the largest file that is read. Larger than any valid module in its longest notation.
const LARGEST_FILE: u64 = 256 << 20;

/// The first bytes of every WebAssembly binary.
pub const MAGIC: &[u8] = b"\0asm";

/// A WebAssembly binary, and where it came from.
pub struct Binary {
    /// The file's path, or `standard input`; for messages.
    pub name: String,
    /// The file, if it is one.
    pub path: Option<PathBuf>,
    /// The bytes of the module, converted when the file held text.
    pub bytes: Vec<u8>,
}

/// Reads a module from a file, or from standard input when `file` is `-`. Binary, text format and
/// hexadecimal digits are told apart by what is in it.
pub fn read_binary(file: &str) -> Result<Binary> {
    let (name, path, contents) = if file == "-" {
        let name = "standard input".to_owned();
        let contents = read_all(io::stdin().lock()).map_err(|error| unreadable(&name, &error))?;
        (name, None, contents)
    } else {
        (file.to_owned(), Some(PathBuf::from(file)), read_file(Path::new(file))?)
    };
    let bytes = to_binary(contents).map_err(|reason| Error::input(&name, reason))?;
    Ok(Binary { name, path, bytes })
}

/// Reads a whole file, within bounds.
pub fn read_file(path: &Path) -> Result<Vec<u8>> {
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

/// Why something cannot be read.
pub fn unreadable(name: &str, error: &io::Error) -> Error {
    let remedy = match error.kind() {
        io::ErrorKind::NotFound => "there is no such file; check the path".to_owned(),
        io::ErrorKind::PermissionDenied => "no permission to read it".to_owned(),
        io::ErrorKind::IsADirectory => "this is a folder; name a file in it".to_owned(),
        _ => format!("cannot be read: {error}"),
    };
    Error::input(name, remedy)
}

/// The WebAssembly binary that the contents stand for.
fn to_binary(contents: Vec<u8>) -> Result<Vec<u8>, String> {
    if contents.starts_with(MAGIC) {
        return Ok(contents);
    }
    if contents.is_empty() {
        return Err(
            "the file is empty; expected WebAssembly: binary (.wasm), text (.wat) or hexadecimal"
                .to_owned(),
        );
    }
    let Ok(text) = std::str::from_utf8(&contents) else {
        return Err(
            "this is neither a WebAssembly binary (they start with the bytes 00 61 73 6d) nor text"
                .to_owned(),
        );
    };
    if let Some(digits) = hex_digits(text) {
        return hex_binary(&digits);
    }
    wat::parse_str(text)
        .map_err(|error| format!("not valid WebAssembly text: {}", one_line(&error.to_string())))
}

/// The digits, if the text is nothing but hexadecimal digits and white space, with or without a
/// leading `0x`.
fn hex_digits(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.strip_prefix("0x").unwrap_or(text);
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    (!digits.is_empty() && digits.chars().all(|c| c.is_ascii_hexdigit())).then_some(digits)
}

fn hex_binary(digits: &str) -> Result<Vec<u8>, String> {
    let bytes = alloy_primitives::hex::decode(digits).map_err(|_| {
        format!("an odd number of hexadecimal digits ({}); one is missing", digits.len())
    })?;
    if bytes.starts_with(MAGIC) {
        Ok(bytes)
    } else {
        Err("the hexadecimal digits are not WebAssembly, which starts with 0061736d".to_owned())
    }
}

/// The parser of the text format draws the place under the line; a message is one line.
fn one_line(message: &str) -> String {
    let mut lines = message.lines().map(str::trim);
    let what = lines.next().unwrap_or_default();
    match lines.find_map(|line| line.strip_prefix("--> ")) {
        Some(place) => format!("{what} (at {})", place.trim_start_matches("<anon>:")),
        None => what.to_owned(),
    }
}

/// Decodes hexadecimal bytes of the command line, with or without `0x`.
pub fn parse_hex(what: &str, text: &str) -> Result<Vec<u8>> {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    alloy_primitives::hex::decode(digits).map_err(|_| {
        Error::usage(format!(
            "{what} `{}` is not an even number of hexadecimal digits after 0x",
            shorten(text)
        ))
    })
}

/// At most some 60 characters of what somebody typed, safe to show.
pub fn shorten(text: &str) -> String {
    let escaped: String = text.chars().take(60).flat_map(char::escape_debug).collect();
    if text.chars().nth(60).is_some() { format!("{escaped}…") } else { escaped }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &[u8] = b"\0asm\x01\0\0\0";

    #[test]
    fn binary_text_and_hex_are_told_apart_by_content() {
        for form in [
            "(module)",
            " ;; nothing\n(module)",
            "0061736d01000000",
            "0x0061736d 01000000\n",
            "0x00\n61736D01000000",
        ] {
            assert_eq!(to_binary(form.into()).as_deref(), Ok(EMPTY), "{form}");
        }
        assert_eq!(to_binary(EMPTY.to_vec()).as_deref(), Ok(EMPTY));
    }

    #[test]
    fn what_is_none_of_them_is_refused_with_a_reason() {
        for (contents, reason) in [
            (&b""[..], "empty"),
            (b"\xff\xfe", "neither"),
            (b"0061736", "odd number"),
            (b"6001600101", "not WebAssembly"),
            (b"(module (func", "not valid WebAssembly text"),
            (b"hello", "not valid WebAssembly text"),
        ] {
            let message = to_binary(contents.to_vec()).unwrap_err();
            assert!(message.contains(reason) && !message.contains('\n'), "{message}");
        }
    }

    #[test]
    fn deep_text_is_refused() {
        let mut deep = "(module (func ".to_owned();
        deep.push_str(&"(block ".repeat(100_000));
        assert!(to_binary(deep.into_bytes()).is_err());
    }
}
