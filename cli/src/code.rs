//! Code of contracts: reads WebAssembly in its three notations, and makes init code.
use alloy_primitives::hex;
use tephra_core::ewasm::append_constructor_arguments;
use tephra_core::wasm::SectionTooLong;

/// The first bytes of every WebAssembly binary.
const MAGIC: &[u8] = b"\0asm";

/// Why code cannot be read or made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There are no bytes.
    #[error("the file is empty; expected WebAssembly: binary (.wasm), text (.wat) or hexadecimal")]
    Empty,
    /// The bytes are neither a WebAssembly binary nor text.
    #[error("neither a WebAssembly binary, which starts with the bytes 00 61 73 6d, nor text")]
    NotCode,
    /// The text is not WebAssembly's text format.
    #[error("not valid WebAssembly text: {0}")]
    Text(String),
    /// A hexadecimal digit is missing.
    #[error("an odd number of hexadecimal digits ({0}); one is missing")]
    OddDigits(usize),
    /// The hexadecimal digits are something else than a WebAssembly binary.
    #[error("the hexadecimal digits are not WebAssembly, which starts with 0061736d")]
    NotWasm,
    /// The code does not fit into init code.
    #[error("the code is too long to be deployed: {0}")]
    TooLong(String),
    /// The arguments do not fit into init code.
    #[error("the constructor's arguments are too long")]
    ArgumentsTooLong,
}

/// Reads WebAssembly as a binary, in the text format or as hexadecimal digits, told apart by the
/// contents, and returns the binary. It is not validated.
///
/// # Errors
/// If the contents are none of the three.
pub fn parse(contents: Vec<u8>) -> Result<Vec<u8>, Error> {
    if contents.starts_with(MAGIC) {
        return Ok(contents);
    }
    if contents.is_empty() {
        return Err(Error::Empty);
    }
    let text = std::str::from_utf8(&contents).map_err(|_| Error::NotCode)?;
    if let Some(digits) = hex_digits(text) {
        return hex_binary(&digits);
    }
    wat::parse_str(text).map_err(|error| Error::Text(one_line(&error.to_string())))
}

/// Returns the digits of a text that has only hexadecimal digits and white space, with or without a
/// leading `0x`.
fn hex_digits(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.strip_prefix("0x").unwrap_or(text);
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    (!digits.is_empty() && digits.chars().all(|c| c.is_ascii_hexdigit())).then_some(digits)
}

fn hex_binary(digits: &str) -> Result<Vec<u8>, Error> {
    let bytes = hex::decode(digits).map_err(|_| Error::OddDigits(digits.len()))?;
    if bytes.starts_with(MAGIC) { Ok(bytes) } else { Err(Error::NotWasm) }
}

/// Puts an error of the text format, which is drawn over several lines, on one line.
fn one_line(message: &str) -> String {
    let mut lines = message.lines().map(str::trim);
    let what = lines.next().unwrap_or_default();
    match lines.find_map(|line| line.strip_prefix("--> ")) {
        Some(place) => format!("{what} (at {})", place.trim_start_matches("<anon>:")),
        None => what.to_owned(),
    }
}

/// Makes init code that stores `code` as the new contract's code, and does nothing else.
///
/// # Errors
/// [`Error::TooLong`].
pub fn storing(code: &[u8]) -> Result<Vec<u8>, Error> {
    let data: String = code.iter().map(|byte| format!("\\{byte:02x}")).collect();
    let (pages, length) = (code.len().div_ceil(1 << 16), code.len());
    let text = format!(
        r#"(module
            (import "ethereum" "finish" (func $finish (param i32 i32)))
            (memory (export "memory") {pages})
            (data (i32.const 0) "{data}")
            (func (export "main") (call $finish (i32.const 0) (i32.const {length}))))"#
    );
    wat::parse_str(text).map_err(|error| Error::TooLong(one_line(&error.to_string())))
}

/// Appends the encoded arguments of a constructor to init code, as a custom section at its end: it
/// stays a valid module. Without arguments there is no section.
///
/// # Errors
/// [`Error::ArgumentsTooLong`].
pub fn with_arguments(mut init_code: Vec<u8>, arguments: &[u8]) -> Result<Vec<u8>, Error> {
    append_constructor_arguments(&mut init_code, arguments)
        .map_err(|SectionTooLong| Error::ArgumentsTooLong)?;
    Ok(init_code)
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
            assert_eq!(parse(form.into()).as_deref(), Ok(EMPTY), "{form}");
        }
        assert_eq!(parse(EMPTY.to_vec()).as_deref(), Ok(EMPTY));
    }

    #[test]
    fn other_contents_are_refused_with_a_reason() {
        let error = |contents: &[u8]| parse(contents.to_vec()).unwrap_err();
        assert_eq!(error(b""), Error::Empty);
        assert_eq!(error(b"\xff\xfe"), Error::NotCode);
        assert_eq!(error(b"0061736"), Error::OddDigits(7));
        assert_eq!(error(b"6001600101"), Error::NotWasm);
        for text in [&b"(module (func"[..], b"hello"] {
            let error = error(text);
            assert!(matches!(error, Error::Text(_)), "{error}");
            assert!(!error.to_string().contains('\n'), "{error}");
        }
    }

    #[test]
    fn deep_text_is_refused() {
        let mut deep = "(module (func ".to_owned();
        deep.push_str(&"(block ".repeat(100_000));
        assert!(parse(deep.into_bytes()).is_err());
    }

    #[test]
    fn arguments_are_a_section_with_a_header_of_fixed_width() {
        let code = with_arguments(EMPTY.to_vec(), &[7; 32]).unwrap();
        assert_eq!(code.get(8..14), Some(&[0, 0xac, 0x80, 0x80, 0x80, 0][..]));
        assert_eq!(code.get(14..26), Some(&b"\x0bconstructor"[..]));
        assert_eq!(code.get(26..), Some(&[7; 32][..]));
        assert!(wasmparser::validate(&code).is_ok());
    }

    #[test]
    fn init_code_contains_the_code_that_it_stores() {
        let code = storing(b"\0asm\x01\0\0\0\"\\").unwrap();
        assert!(code.windows(10).any(|part| part == b"\0asm\x01\0\0\0\"\\"));
        assert!(wasmparser::validate(&code).is_ok());
    }

    #[test]
    fn no_arguments_are_no_section() {
        assert_eq!(with_arguments(vec![1], &[]).unwrap(), [1]);
    }
}
