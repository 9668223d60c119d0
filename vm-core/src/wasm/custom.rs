//! The custom sections of a module's bytes (WebAssembly specification, 5.5.3).
use alloc::vec::Vec;
use core::fmt;

use super::binary::Reader;

/// The identifier of custom sections.
const CUSTOM: u8 = 0;
/// The magic number and the version of a module.
const PREAMBLE: &[u8] = b"\0asm\x01\0\0\0";

/// A custom section would be longer than the binary format allows: 2^32 − 1 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SectionTooLong;

impl fmt::Display for SectionTooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a custom section is longer than 2^32 - 1 bytes")
    }
}

impl core::error::Error for SectionTooLong {}

/// Appends a custom section. Its header has the same length for all contents of one name: the size
/// is LEB128 of five bytes, however small it is.
///
/// # Errors
/// When the section would be too long; then nothing is appended.
pub fn append_custom_section(
    code: &mut Vec<u8>,
    name: &str,
    contents: &[u8],
) -> Result<(), SectionTooLong> {
    // The name's own length takes five bytes at most.
    let mut start = Vec::with_capacity(name.len() + 5);
    let mut rest = u32::try_from(name.len()).map_err(|_| SectionTooLong)?;
    while rest >= 0x80 {
        start.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    start.push(rest as u8);
    start.extend_from_slice(name.as_bytes());
    let size = start.len().checked_add(contents.len()).ok_or(SectionTooLong)?;
    let size = u32::try_from(size).map_err(|_| SectionTooLong)?;
    code.push(CUSTOM);
    code.extend(padded(size));
    code.extend(start);
    code.extend_from_slice(contents);
    Ok(())
}

/// Returns a number as LEB128 of five bytes.
fn padded(number: u32) -> [u8; 5] {
    let part = |shift: u32| (number >> shift) as u8 & 0x7f;
    [part(0) | 0x80, part(7) | 0x80, part(14) | 0x80, part(21) | 0x80, part(28)]
}

/// Returns the first section, if it is a custom one: its name, its contents, and where it ends.
pub fn first_custom_section(code: &[u8]) -> Option<(&str, &[u8], usize)> {
    if !code.starts_with(PREAMBLE) {
        return None;
    }
    let mut reader = Reader::new(code, PREAMBLE.len());
    if reader.byte().ok()? != CUSTOM {
        return None;
    }
    let size = reader.u32().ok()? as usize;
    let mut section = reader.part(size).ok()?;
    let name = section.name().ok()?;
    let contents = section.bytes(section.remaining()).ok()?;
    Some((name, contents, code.len() - reader.remaining()))
}

/// Returns the contents of the first custom section with this name. A malformed section ends the
/// search.
pub fn custom_section<'a>(code: &'a [u8], name: &str) -> Option<&'a [u8]> {
    if !code.starts_with(PREAMBLE) {
        return None;
    }
    let mut reader = Reader::new(code, PREAMBLE.len());
    while !reader.is_at_end() {
        let id = reader.byte().ok()?;
        let size = reader.u32().ok()? as usize;
        let mut section = reader.part(size).ok()?;
        // A name that is not UTF-8 is another one.
        if id == CUSTOM && section.name() == Ok(name) {
            return section.bytes(section.remaining()).ok();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(sections: &[(&str, &[u8])]) -> Vec<u8> {
        let mut code = PREAMBLE.to_vec();
        for (name, contents) in sections {
            append_custom_section(&mut code, name, contents).unwrap();
        }
        assert!(wasmparser::validate(&code).is_ok());
        code
    }

    #[test]
    fn sections_are_found_by_their_whole_name() {
        let long = "long".repeat(100);
        let code = with(&[("", b"nameless"), (&long, b"longest"), ("last", b"")]);
        for (name, contents) in [("", &b"nameless"[..]), (&long, b"longest"), ("last", b"")] {
            assert_eq!(custom_section(&code, name), Some(contents), "{name}");
        }
        for name in ["l", "las", "last!", "long"] {
            assert_eq!(custom_section(&code, name), None, "{name}");
        }
    }

    #[test]
    fn sizes_of_all_widths_are_read_back() {
        for size in [0, 1, 127, 128, 300_000, u32::MAX] {
            assert_eq!(Reader::new(&padded(size), 0).u32(), Ok(size));
        }
    }

    #[test]
    fn the_first_section_of_a_name_counts() {
        let code = with(&[("other", b"none"), ("name", b"first"), ("name", b"second")]);
        assert_eq!(custom_section(&code, "name"), Some(&b"first"[..]));
    }

    #[test]
    fn sections_of_other_kinds_are_skipped() {
        let mut code = wat::parse_str("(module (memory 1) (func) (data \"name\"))").unwrap();
        append_custom_section(&mut code, "name", b"contents").unwrap();
        assert_eq!(custom_section(&code, "name"), Some(&b"contents"[..]));
    }

    #[test]
    fn a_section_that_is_cut_off_is_not_found() {
        let code = with(&[("name", b"contents")]);
        for end in 0..code.len() {
            assert_eq!(custom_section(&code[..end], "name"), None, "{end}");
        }
    }
}
