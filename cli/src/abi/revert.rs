//! Decodes the output of a revert.
use alloy_dyn_abi::{DynSolValue, ErrorExt, JsonAbiExt};
use alloy_json_abi::{Error as AbiError, JsonAbi};
use alloy_primitives::{U256, hex};
use serde::Serialize;

use super::value::Value;

/// The decoded output of a revert.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "lowercase", tag = "kind")]
pub enum Reason {
    /// There is no output.
    Empty,
    /// `Error(string)`: Solidity's `require` and `revert` with a text.
    Error {
        /// The text.
        message: String,
    },
    /// `Panic(uint256)`: a failed check that the Solidity compiler put in.
    Panic {
        /// The number, as Solidity lists it.
        code: String,
        /// What the number means.
        message: String,
    },
    /// An error that the contract's ABI declares.
    Custom {
        /// Its name.
        name: String,
        /// Its arguments.
        arguments: Vec<Value>,
    },
    /// Characters without an encoding.
    Text {
        /// The characters.
        message: String,
    },
    /// Anything else.
    Unknown,
}

/// Decodes the output of a revert; `abi` gives the contract's own errors.
pub fn decode_revert(output: &[u8], abi: Option<&JsonAbi>) -> Reason {
    if output.is_empty() {
        return Reason::Empty;
    }
    if let Some(DynSolValue::String(message)) = decode_single("Error(string)", output) {
        return Reason::Error { message };
    }
    if let Some(DynSolValue::Uint(code, _)) = decode_single("Panic(uint256)", output) {
        return Reason::Panic {
            code: format!("{code:#04x}"),
            message: panic_meaning(code).to_owned(),
        };
    }
    let custom = abi
        .into_iter()
        .flat_map(JsonAbi::errors)
        .find(|error| output.starts_with(error.selector().as_slice()));
    if let Some((error, decoded)) =
        custom.and_then(|error| Some((error, error.decode_error(output).ok()?)))
    {
        let arguments = decoded.body.into_iter().map(Value).collect();
        return Reason::Custom { name: error.name.clone(), arguments };
    }
    match std::str::from_utf8(output) {
        Ok(text) if !text.chars().any(|c| c.is_control() && !c.is_whitespace()) => {
            Reason::Text { message: text.to_owned() }
        }
        _ => Reason::Unknown,
    }
}

fn decode_single(signature: &str, output: &[u8]) -> Option<DynSolValue> {
    let error = AbiError::parse(signature).ok()?;
    let data = output.strip_prefix(error.selector().as_slice())?;
    error.abi_decode_input(data).ok()?.into_iter().next()
}

/// Returns what the Solidity compiler means by a number.
fn panic_meaning(code: U256) -> &'static str {
    const MEANINGS: [(u64, &str); 10] = [
        (0x00, "generic panic of the compiler"),
        (0x01, "assertion failed"),
        (0x11, "arithmetic overflow or underflow"),
        (0x12, "division or modulo by zero"),
        (0x21, "conversion to an enum without that value"),
        (0x22, "badly encoded byte array in storage"),
        (0x31, "pop from an empty array"),
        (0x32, "array index out of bounds"),
        (0x41, "too much memory allocated"),
        (0x51, "call of an uninitialized function"),
    ];
    MEANINGS
        .iter()
        .find(|(number, _)| code == U256::from(*number))
        .map_or("unknown panic", |(_, meaning)| meaning)
}

impl Reason {
    /// Returns the reason as text, or nothing if the output is empty.
    pub fn text(&self, output: &[u8]) -> Option<String> {
        match self {
            Self::Empty => None,
            Self::Error { message } | Self::Text { message } => Some(format!("{message:?}")),
            Self::Panic { code, message } => Some(format!("Panic({code}): {message}")),
            Self::Custom { name, arguments } => {
                let arguments: Vec<_> = arguments.iter().map(Value::to_string).collect();
                Some(format!("{}({})", name.escape_debug(), arguments.join(", ")))
            }
            Self::Unknown => Some(hex::encode_prefixed(output)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(signature: &str, values: &[DynSolValue]) -> Vec<u8> {
        let error = AbiError::parse(signature).unwrap();
        error.abi_encode_input(values).unwrap()
    }

    #[test]
    fn a_text_of_solidity_is_shown_as_text() {
        let output = encoded("Error(string)", &[DynSolValue::String("too much".into())]);
        assert_eq!(decode_revert(&output, None), Reason::Error { message: "too much".into() });
    }

    #[test]
    fn a_panic_says_what_its_number_means() {
        let output = encoded("Panic(uint256)", &[DynSolValue::Uint(U256::from(0x11u64), 256)]);
        let text = decode_revert(&output, None).text(&output);
        assert_eq!(text.as_deref(), Some("Panic(0x11): arithmetic overflow or underflow"));
    }

    #[test]
    fn errors_of_the_abi_are_named() {
        let abi = super::super::parse_abi(
            r#"[{"type":"error","name":"Broke","inputs":[{"name":"n","type":"uint256"}]}]"#,
        )
        .unwrap();
        let output = encoded("Broke(uint256)", &[DynSolValue::Uint(U256::from(7u64), 256)]);
        assert_eq!(decode_revert(&output, Some(&abi)).text(&output).as_deref(), Some("Broke(7)"));
        assert_eq!(decode_revert(&output, None), Reason::Unknown);
    }

    #[test]
    fn anything_else_is_text_or_hex() {
        assert_eq!(decode_revert(b"no", None).text(b"no").as_deref(), Some("\"no\""));
        assert_eq!(decode_revert(&[0, 1], None).text(&[0, 1]).as_deref(), Some("0x0001"));
        assert_eq!(decode_revert(b"", None).text(b""), None);
        let broken = [0x08, 0xc3, 0x79, 0xa0, 0xff];
        assert_eq!(decode_revert(&broken, None), Reason::Unknown);
    }
}
