//! Numbers and bytes as the state tests write them.
use alloy_primitives::{Address, B256, U256, hex};

use super::FormatError;

/// A number in hexadecimal with `0x`, of any number of digits, none meaning zero; or in decimal.
pub(super) fn number(text: &str) -> Result<U256, FormatError> {
    // Old tests mark numbers that do not fit 256 bits.
    let digits = text.strip_prefix("0x:bigint ").unwrap_or(text);
    let number = match digits.strip_prefix("0x") {
        Some("") => Some(U256::ZERO),
        Some(digits) => U256::from_str_radix(digits, 16).ok(),
        None if digits.is_empty() => None,
        None => U256::from_str_radix(digits, 10).ok(),
    };
    number.ok_or_else(|| FormatError::Value { what: "number", text: shortened(text) })
}

/// A number of 64 bits.
pub(super) fn small_number(text: &str) -> Result<u64, FormatError> {
    u64::try_from(number(text)?)
        .map_err(|_| FormatError::Value { what: "64-bit number", text: shortened(text) })
}

/// 32 bytes, written as a number.
pub(super) fn word(text: &str) -> Result<B256, FormatError> {
    number(text).map(B256::from)
}

/// Bytes in hexadecimal, with or without `0x`.
pub(super) fn bytes(text: &str) -> Result<Vec<u8>, FormatError> {
    hex::decode(text)
        .map_err(|_| FormatError::Value { what: "bytes in hexadecimal", text: shortened(text) })
}

/// 20 bytes in hexadecimal, with or without `0x`.
pub(super) fn address(text: &str) -> Result<Address, FormatError> {
    let bytes = bytes(text)?;
    Address::try_from(bytes.as_slice())
        .map_err(|_| FormatError::Value { what: "address", text: shortened(text) })
}

fn shortened(text: &str) -> String {
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_hexadecimal_or_decimal() {
        for (text, value) in [("0x", 0), ("0x00", 0), ("0x0a", 10), ("0xA", 10), ("10", 10)] {
            assert_eq!(number(text).unwrap(), U256::from(value), "{text}");
        }
        assert_eq!(number(&format!("0x{}", "f".repeat(64))).unwrap(), U256::MAX);
    }

    #[test]
    fn what_is_no_number_is_an_error() {
        for text in [
            "",
            "x",
            "0xg",
            "-1",
            "0x:bigint 0x10000000000000000000000000000000000000000000000000000000000000000",
        ] {
            assert!(number(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_address_has_twenty_bytes() {
        assert!(address("0x00").is_err());
        assert!(address(&"ab".repeat(21)).is_err());
        assert_eq!(address(&"ab".repeat(20)).unwrap(), Address::repeat_byte(0xab));
    }
}
