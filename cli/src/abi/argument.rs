//! Reads ABI values from text.
use alloy_dyn_abi::{DynSolType, DynSolValue};
use alloy_primitives::U256;

use super::error::{ArgumentError, Error};
use crate::names::Names;
use crate::text::shorten;

/// Reads an amount of wei: a decimal or hexadecimal number, with or without a unit (`1ether`, `2.5
/// gwei`).
///
/// # Errors
/// [`Error::Amount`].
pub fn parse_amount(text: &str) -> Result<U256, Error> {
    match DynSolType::Uint(256).coerce_str(text.trim()) {
        Ok(DynSolValue::Uint(wei, _)) => Ok(wei),
        _ => Err(Error::Amount(shorten(text))),
    }
}

/// Reads one argument. A name may stand for an address, inside arrays and tuples too.
pub(super) fn read(
    ty: &DynSolType,
    text: &str,
    names: &Names,
) -> Result<DynSolValue, ArgumentError> {
    let text = text.trim();
    match ty {
        DynSolType::Address => Ok(names.resolve(text).map(DynSolValue::Address)?),
        DynSolType::Array(inner) => {
            let items =
                split(text, '[', ']').ok_or_else(|| expected(ty, text, "write it like [1,2,3]"))?;
            items
                .iter()
                .map(|item| read(inner, item, names))
                .collect::<Result<_, _>>()
                .map(DynSolValue::Array)
        }
        DynSolType::FixedArray(inner, length) => {
            let items =
                split(text, '[', ']').ok_or_else(|| expected(ty, text, "write it like [1,2,3]"))?;
            if items.len() != *length {
                let hint = format!("it needs {length} elements, not {}", items.len());
                return Err(expected(ty, text, &hint));
            }
            items
                .iter()
                .map(|item| read(inner, item, names))
                .collect::<Result<_, _>>()
                .map(DynSolValue::FixedArray)
        }
        DynSolType::Tuple(members) => {
            let items = split(text, '(', ')')
                .ok_or_else(|| expected(ty, text, "write it like (1,true)"))?;
            if items.len() != members.len() {
                let hint = format!("it needs {} members, not {}", members.len(), items.len());
                return Err(expected(ty, text, &hint));
            }
            let values = members.iter().zip(items).map(|(member, item)| read(member, item, names));
            values.collect::<Result<_, _>>().map(DynSolValue::Tuple)
        }
        DynSolType::String => Ok(DynSolValue::String(unquote(text).to_owned())),
        _ => ty.coerce_str(unquote(text)).map_err(|_| expected(ty, text, hint(ty))),
    }
}

fn expected(ty: &DynSolType, text: &str, hint: &str) -> ArgumentError {
    ArgumentError::Value {
        text: shorten(text),
        ty: ty.sol_type_name().into_owned(),
        hint: hint.to_owned(),
    }
}

fn hint(ty: &DynSolType) -> &'static str {
    match ty {
        DynSolType::Bool => "write true or false",
        DynSolType::Uint(_) => "write a number in its range, as in 1000, 0x3e8, 1e3 or 1ether",
        DynSolType::Int(_) => "write a number in its range, as in -5 or 0x3e8",
        DynSolType::Bytes => "write hexadecimal digits, as in 0xc0ffee",
        DynSolType::FixedBytes(_) => {
            "write exactly its number of bytes in hexadecimal, as in 0xc0ffee"
        }
        _ => "",
    }
}

/// Takes off the pair of quotes around a word.
fn unquote(text: &str) -> &str {
    let inner = |quote: char| text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    inner('"').or_else(|| inner('\'')).unwrap_or(text)
}

/// Splits a list between its brackets, at the commas that are outside inner brackets and quotes.
fn split(text: &str, open: char, close: char) -> Option<Vec<&str>> {
    let inner = text.strip_prefix(open)?.strip_suffix(close)?;
    if inner.trim().is_empty() {
        return Some(Vec::new());
    }
    let mut items = Vec::new();
    let (mut start, mut depth, mut quote) = (0usize, 0usize, None);
    for (at, character) in inner.char_indices() {
        match (quote, character) {
            (Some(end), _) => quote = (character != end).then_some(end),
            (None, '"' | '\'') => quote = Some(character),
            (None, '[' | '(') => depth += 1,
            (None, ']' | ')') => depth = depth.checked_sub(1)?,
            (None, ',') if depth == 0 => {
                items.push(inner.get(start..at)?);
                start = at + 1;
            }
            _ => {}
        }
    }
    if depth != 0 || quote.is_some() {
        return None;
    }
    items.push(inner.get(start..)?);
    Some(items)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts;

    /// The funded accounts.
    fn names() -> Names {
        let mut names = Names::default();
        accounts::all().for_each(|(name, address)| names.add(name, address));
        names
    }

    fn try_read(ty: &str, text: &str) -> Result<DynSolValue, ArgumentError> {
        read(&DynSolType::parse(ty).unwrap(), text, &names())
    }

    #[test]
    fn names_stand_for_addresses_at_any_depth() {
        let bob = DynSolValue::Address(accounts::address("bob").unwrap());
        let carol = DynSolValue::Address(accounts::address("carol").unwrap());
        assert_eq!(try_read("address", "bob"), Ok(bob.clone()));
        assert_eq!(
            try_read("address[]", "[bob, carol]"),
            Ok(DynSolValue::Array(vec![bob.clone(), carol]))
        );
        let pair = DynSolValue::Tuple(vec![DynSolValue::String("bob".into()), bob]);
        assert_eq!(
            try_read("(string,address)[1]", "[(\"bob\",bob)]"),
            Ok(DynSolValue::FixedArray(vec![pair]))
        );
    }

    #[test]
    fn quotes_protect_commas_and_brackets() {
        let texts = ["a,b]", "c"].map(|text| DynSolValue::String(text.into()));
        assert_eq!(try_read("string[]", "['a,b]', c]"), Ok(DynSolValue::Array(texts.to_vec())));
        assert_eq!(try_read("string", "a,b"), Ok(DynSolValue::String("a,b".into())));
        assert_eq!(try_read("string", ""), Ok(DynSolValue::String(String::new())));
    }

    #[test]
    fn amounts_have_units() {
        assert_eq!(parse_amount("1ether").unwrap(), U256::from(10u64).pow(U256::from(18u64)));
        assert_eq!(parse_amount("1.5 gwei").unwrap(), U256::from(1_500_000_000u64));
        assert_eq!(parse_amount("0x10").unwrap(), U256::from(16u64));
        for wrong in ["", "-1", "1foo", "0.1wei", "1e80", "１"] {
            assert!(parse_amount(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn values_out_of_range_are_refused_with_the_type_named() {
        for (ty, text) in [
            ("uint8", "256"),
            ("uint8", "-1"),
            ("int8", "128"),
            ("bool", "yes"),
            ("bytes2", "0xabc"),
            ("bytes", "0xz"),
            ("uint256", ""),
            ("uint256[2]", "[1]"),
            ("uint256[]", "1,2"),
            ("uint256[]", "[1,2"),
            ("uint256[]", "[1,,2]"),
            ("(bool,bool)", "(true)"),
            ("uint256[]", "[]]"),
        ] {
            let message = try_read(ty, text).unwrap_err().to_string();
            assert!(message.contains("type"), "{ty} {text}: {message}");
        }
        assert_eq!(try_read("int8", "-128"), Ok(DynSolValue::Int("-128".parse().unwrap(), 8)));
    }
}
