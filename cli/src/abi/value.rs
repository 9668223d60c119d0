//! Shows ABI values as text and as JSON.
use std::fmt;

use alloy_dyn_abi::DynSolValue;
use alloy_primitives::utils::format_ether;
use alloy_primitives::{U256, hex};
use serde::ser::{Serialize, SerializeSeq, Serializer};

use crate::names::Names;

/// A decoded value.
///
/// It is displayed as an argument would be typed. It is serialized with integers as decimal strings
/// (most readers of JSON lose digits beyond 2^53), bytes and addresses as hexadecimal strings, and
/// arrays and tuples as arrays.
#[derive(Clone, Debug, PartialEq)]
pub struct Value(pub DynSolValue);

impl Value {
    /// Returns the value as displayed, with names in place of addresses that have one.
    pub fn show(&self, names: &Names) -> String {
        show(&self.0, Some(names))
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&show(&self.0, None))
    }
}

fn show(value: &DynSolValue, names: Option<&Names>) -> String {
    let list = |items: &[DynSolValue]| {
        items.iter().map(|item| show(item, names)).collect::<Vec<_>>().join(", ")
    };
    match (value, names) {
        (DynSolValue::String(text), _) => format!("{text:?}"),
        (DynSolValue::Array(items) | DynSolValue::FixedArray(items), _) => {
            format!("[{}]", list(items))
        }
        (DynSolValue::Tuple(items), _) => format!("({})", list(items)),
        (DynSolValue::Address(address), Some(names)) => names.show(address),
        (other, _) => plain(other),
    }
}

/// Returns the text of a value that holds no other values.
fn plain(value: &DynSolValue) -> String {
    match value {
        DynSolValue::Bool(yes) => yes.to_string(),
        DynSolValue::Int(number, _) => number.to_string(),
        DynSolValue::Uint(number, _) => number.to_string(),
        DynSolValue::FixedBytes(word, size) => {
            hex::encode_prefixed(word.get(..*size).unwrap_or_default())
        }
        DynSolValue::Address(address) => address.to_checksum(None),
        DynSolValue::Function(function) => hex::encode_prefixed(function),
        DynSolValue::Bytes(bytes) => hex::encode_prefixed(bytes),
        DynSolValue::String(text) => text.clone(),
        DynSolValue::Array(_) | DynSolValue::FixedArray(_) | DynSolValue::Tuple(_) => String::new(),
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            DynSolValue::Bool(yes) => serializer.serialize_bool(*yes),
            DynSolValue::Array(items)
            | DynSolValue::FixedArray(items)
            | DynSolValue::Tuple(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                items.iter().try_for_each(|item| list.serialize_element(&Self(item.clone())))?;
                list.end()
            }
            other => serializer.serialize_str(&plain(other)),
        }
    }
}

/// Returns an amount as text: in ether from a millionth of an ether up, below that in wei.
pub fn show_amount(wei: U256) -> String {
    if wei < U256::from(1_000_000_000_000u64) {
        return format!("{wei} wei");
    }
    let text = format_ether(wei);
    let text =
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{text} ether")
}

#[cfg(test)]
mod tests {
    use alloy_dyn_abi::DynSolType;

    use super::*;

    fn value(ty: &str, text: &str) -> Value {
        Value(DynSolType::parse(ty).unwrap().coerce_str(text).unwrap())
    }

    #[test]
    fn people_read_what_they_would_type() {
        assert_eq!(value("(uint256,string)[]", "[(1,\"a\")]").to_string(), "[(1, \"a\")]");
        assert_eq!(value("int8", "-3").to_string(), "-3");
        assert_eq!(value("bytes3", "0xc0ffee").to_string(), "0xc0ffee");
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        assert_eq!(Value(DynSolValue::String("\u{1b}[31m".into())).to_string(), r#""\u{1b}[31m""#);
    }

    #[test]
    fn programs_read_json_without_losing_digits() {
        let json = serde_json::to_string(&value(
            "(uint256,bool,int8[])",
            "(18446744073709551616,true,[-1])",
        ))
        .unwrap();
        assert_eq!(json, r#"["18446744073709551616",true,["-1"]]"#);
    }

    #[test]
    fn small_amounts_are_wei() {
        assert_eq!(show_amount(U256::ZERO), "0 wei");
        assert_eq!(show_amount(U256::from(1_500_000_000_000_000_000u64)), "1.5 ether");
        assert_eq!(show_amount(U256::from(1_000_000_000_000_000_000u64)), "1 ether");
    }
}
