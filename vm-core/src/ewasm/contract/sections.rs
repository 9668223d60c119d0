//! The custom sections of contracts.
//!
//! Custom sections mean nothing to WebAssembly. The one named [`LENGTH_SECTION`], where it is the
//! first section of the code, says how long the module is, so that anything can follow it: that is
//! how the tools of Ethereum append a constructor's arguments. The one named
//! [`CONSTRUCTOR_SECTION`] carries these arguments at the end of init code that does not declare
//! its length: it stays a valid module. Contracts read both with `codeCopy`.
use alloc::vec::Vec;

use super::ContractError;
use crate::wasm::{SectionTooLong, append_custom_section, custom_section, first_custom_section};

/// The name of the custom section of init code that carries the constructor's arguments, in ABI
/// encoding without a selector.
pub const CONSTRUCTOR_SECTION: &str = "constructor";

/// The name of the custom section that holds the module's length in bytes: a little-endian number
/// of four bytes.
pub const LENGTH_SECTION: &str = "length";

/// Returns how many bytes of the code are its module, where the code says so: its first section is
/// then named [`LENGTH_SECTION`].
///
/// # Errors
/// When the section holds no number, or one that is more than there is or ends inside of the
/// section itself.
pub fn declared_length(code: &[u8]) -> Result<Option<usize>, ContractError> {
    let Some((name, contents, end)) = first_custom_section(code) else { return Ok(None) };
    if name != LENGTH_SECTION {
        return Ok(None);
    }
    let declared = contents.try_into().ok().map(u32::from_le_bytes);
    let length = declared.map(|length| length as usize);
    match length.filter(|length| (end..=code.len()).contains(length)) {
        Some(length) => Ok(Some(length)),
        None => Err(ContractError::DeclaredLength { declared, code: code.len() }),
    }
}

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

    /// A module that says how long it is, and what follows it.
    fn declaring(declared: &[u8], rest: &[u8]) -> Vec<u8> {
        let mut code = EMPTY.to_vec();
        append_custom_section(&mut code, LENGTH_SECTION, declared).unwrap();
        [&code, rest].concat()
    }

    #[test]
    fn a_module_that_declares_its_length_can_be_followed_by_anything() {
        let length = 8 + 1 + 5 + 7 + 4;
        let code = declaring(&25_u32.to_le_bytes(), b"\xff anything");
        assert_eq!(declared_length(&code).unwrap(), Some(length));
        let whole = declaring(&25_u32.to_le_bytes(), b"");
        assert_eq!(declared_length(&whole).unwrap(), Some(length));
    }

    #[test]
    fn lengths_that_cannot_be_are_refused() {
        for declared in [0_u32, 8, 24, 30, u32::MAX] {
            let code = declaring(&declared.to_le_bytes(), b"1234");
            let refusal = declared_length(&code).unwrap_err();
            let ContractError::DeclaredLength { declared: named, code: 29 } = refusal else {
                panic!("{refusal}");
            };
            assert_eq!(named, Some(declared));
        }
        for contents in [&b""[..], b"123", b"12345"] {
            assert!(declared_length(&declaring(contents, b"")).is_err());
        }
    }

    #[test]
    fn a_length_that_is_not_the_first_section_means_nothing() {
        let mut code = EMPTY.to_vec();
        append_custom_section(&mut code, "other", b"").unwrap();
        append_custom_section(&mut code, LENGTH_SECTION, b"").unwrap();
        assert_eq!(declared_length(&code).unwrap(), None);
        for code in [&b""[..], EMPTY, &EMPTY[..7]] {
            assert_eq!(declared_length(code).unwrap(), None);
        }
    }

    #[test]
    fn code_without_the_section_has_no_arguments() {
        for code in [&b""[..], b"\0asm", EMPTY, b"\xefconstructor"] {
            assert_eq!(constructor_arguments(code), None);
        }
    }
}
