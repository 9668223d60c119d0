//! Words of the command line as ABI values.
use alloy_dyn_abi::{DynSolType, DynSolValue};
use alloy_primitives::U256;

use super::Resolver;
use crate::error::{Error, Result};
use crate::input::shorten;

/// An amount of wei: a decimal or hexadecimal number, with a unit if one likes (`1ether`, `2.5
/// gwei`).
pub fn ether(text: &str) -> Result<U256> {
    match DynSolType::Uint(256).coerce_str(text.trim()) {
        Ok(DynSolValue::Uint(wei, _)) => Ok(wei),
        _ => Err(Error::usage(format!(
            "`{}` is not an amount; write wei as in 1000 or 0x3e8, or a unit as in 1ether, 0.5ether, 10gwei",
            shorten(text)
        ))),
    }
}

/// Reads one argument. Wherever an address stands, also inside arrays and tuples, a name will do.
pub fn read(ty: &DynSolType, text: &str, resolver: &Resolver<'_>) -> Result<DynSolValue, String> {
    let text = text.trim();
    match ty {
        DynSolType::Address => {
            resolver(text).map(DynSolValue::Address).map_err(|error| error.to_string())
        }
        DynSolType::Array(inner) => {
            let items =
                split(text, '[', ']').ok_or_else(|| expected(ty, text, "write it like [1,2,3]"))?;
            items
                .iter()
                .map(|item| read(inner, item, resolver))
                .collect::<Result<_, _>>()
                .map(DynSolValue::Array)
        }
        DynSolType::FixedArray(inner, length) => {
            let items =
                split(text, '[', ']').ok_or_else(|| expected(ty, text, "write it like [1,2,3]"))?;
            if items.len() != *length {
                return Err(expected(
                    ty,
                    text,
                    &format!("{length} elements are needed, not {}", items.len()),
                ));
            }
            items
                .iter()
                .map(|item| read(inner, item, resolver))
                .collect::<Result<_, _>>()
                .map(DynSolValue::FixedArray)
        }
        DynSolType::Tuple(members) => {
            let items = split(text, '(', ')')
                .ok_or_else(|| expected(ty, text, "write it like (1,true)"))?;
            if items.len() != members.len() {
                return Err(expected(
                    ty,
                    text,
                    &format!("{} members are needed, not {}", members.len(), items.len()),
                ));
            }
            let values =
                members.iter().zip(items).map(|(member, item)| read(member, item, resolver));
            values.collect::<Result<_, _>>().map(DynSolValue::Tuple)
        }
        DynSolType::String => Ok(DynSolValue::String(unquote(text).to_owned())),
        _ => ty.coerce_str(unquote(text)).map_err(|_| expected(ty, text, hint(ty))),
    }
}

fn expected(ty: &DynSolType, text: &str, hint: &str) -> String {
    let name = ty.sol_type_name();
    if hint.is_empty() {
        format!("`{}` is not a value of type {name}", shorten(text))
    } else {
        format!("`{}` is not a value of type {name}; {hint}", shorten(text))
    }
}

fn hint(ty: &DynSolType) -> &'static str {
    match ty {
        DynSolType::Bool => "write true or false",
        DynSolType::Uint(_) => "write a number in its range, as in 1000, 0x3e8, 1e3 or 1ether",
        DynSolType::Int(_) => "write a number in its range, as in -5 or 0x3e8",
        DynSolType::Bytes => "write hexadecimal digits, as in 0xc0ffee",
        DynSolType::FixedBytes(_) => {
            "write exactly that many bytes as hexadecimal digits, as in 0xc0ffee"
        }
        _ => "",
    }
}

/// A word without the pair of quotes around it.
fn unquote(text: &str) -> &str {
    let inner = |quote: char| text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    inner('"').or_else(|| inner('\'')).unwrap_or(text)
}

/// The items of a list: what stands between its brackets, divided at the commas that are in no
/// inner bracket and in no quotes.
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
    use alloy_primitives::Address;

    use super::*;
    use crate::accounts;

    fn resolver(word: &str) -> Result<Address> {
        accounts::named(word).ok_or_else(|| Error::usage("who?"))
    }

    fn try_read(ty: &str, text: &str) -> Result<DynSolValue, String> {
        read(&DynSolType::parse(ty).unwrap(), text, &resolver)
    }

    #[test]
    fn names_stand_for_addresses_at_any_depth() {
        let bob = DynSolValue::Address(accounts::named("bob").unwrap());
        let carol = DynSolValue::Address(accounts::named("carol").unwrap());
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
        assert_eq!(ether("1ether").unwrap(), U256::from(10u64).pow(U256::from(18u64)));
        assert_eq!(ether("1.5 gwei").unwrap(), U256::from(1_500_000_000u64));
        assert_eq!(ether("0x10").unwrap(), U256::from(16u64));
        for wrong in ["", "-1", "1foo", "0.1wei", "1e80", "１"] {
            assert!(ether(wrong).is_err(), "{wrong}");
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
            let message = try_read(ty, text).unwrap_err();
            assert!(message.contains("type"), "{ty} {text}: {message}");
        }
        assert_eq!(try_read("int8", "-128"), Ok(DynSolValue::Int("-128".parse().unwrap(), 8)));
    }
}
