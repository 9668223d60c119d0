//! The custom sections of contracts.
//!
//! Custom sections mean nothing to WebAssembly. The one named [`CONSTRUCTOR_SECTION`] carries the
//! arguments of a constructor at the end of the init code, which stays a valid module and reads
//! them with `codeCopy`.
use alloc::vec::Vec;

use crate::wasm::{SectionTooLong, append_custom_section, custom_section};

/// The name of the custom section of init code that carries the constructor's arguments, in ABI
/// encoding without a selector.
pub const CONSTRUCTOR_SECTION: &str = "constructor";

/// Appends the constructor's arguments to init code, as a custom section. Without arguments nothing
/// is appended.
///
/// # Errors
/// When they are longer than a section can be; then nothing is appended.
pub fn append_constructor_arguments(
    init_code: &mut Vec<u8>,
    arguments: &[u8],
) -> Result<(), SectionTooLong> {
    if arguments.is_empty() {
        return Ok(());
    }
    append_custom_section(init_code, CONSTRUCTOR_SECTION, arguments)
}

/// Returns the constructor's arguments that init code carries: the contents of its first custom
/// section named [`CONSTRUCTOR_SECTION`].
pub fn constructor_arguments(init_code: &[u8]) -> Option<&[u8]> {
    custom_section(init_code, CONSTRUCTOR_SECTION)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    const EMPTY: &[u8] = b"\0asm\x01\0\0\0";

    fn with_arguments(arguments: &[u8]) -> Vec<u8> {
        let mut code = EMPTY.to_vec();
        append_constructor_arguments(&mut code, arguments).unwrap();
        code
    }

    #[test]
    fn arguments_are_a_section_with_a_header_of_fixed_width() {
        let code = with_arguments(&[7; 32]);
        let header = [&[0, 0xac, 0x80, 0x80, 0x80, 0][..], b"\x0bconstructor"].concat();
        assert_eq!(code, [EMPTY, &header, &[7; 32]].concat());
        assert!(wasmparser::validate(&code).is_ok());
    }

    #[test]
    fn no_arguments_append_nothing() {
        assert_eq!(with_arguments(&[]), EMPTY);
    }

    #[test]
    fn arguments_are_read_back() {
        for length in [1, 32, 116, 117, 70_000] {
            let arguments = vec![7; length];
            let code = with_arguments(&arguments);
            assert_eq!(constructor_arguments(&code), Some(&arguments[..]));
        }
    }

    #[test]
    fn code_without_the_section_has_no_arguments() {
        for code in [&b""[..], b"\0asm", EMPTY, b"\xefconstructor"] {
            assert_eq!(constructor_arguments(code), None);
        }
    }
}
