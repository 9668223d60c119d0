//! Decodes logs as events of an ABI.
use alloy_dyn_abi::EventExt;
use alloy_json_abi::JsonAbi;
use alloy_primitives::B256;
use serde::Serialize;

use super::value::Value;

/// A decoded event.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Event {
    /// Its name.
    pub name: String,
    /// Its canonical signature.
    pub signature: String,
    /// Its arguments, in the order of its declaration.
    pub arguments: Vec<Argument>,
}

/// An argument of an event.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Argument {
    /// Its name; may be empty.
    pub name: String,
    /// Its ABI type.
    #[serde(rename = "type")]
    pub ty: String,
    /// Its value; only the Keccak-256 of an indexed argument of variable size.
    pub value: Value,
}

/// Decodes a log as an event of the ABI. Returns nothing if no event fits.
pub fn decode_event(topics: &[B256], data: &[u8], abi: Option<&JsonAbi>) -> Option<Event> {
    let first = topics.first()?;
    // Events of different indexing share a signature; only the right one decodes.
    let same = abi?.events().filter(|event| !event.anonymous && event.selector() == *first);
    let (event, decoded) = same.into_iter().find_map(|event| {
        let decoded = event.decode_log_parts(topics.iter().copied(), data).ok()?;
        Some((event, decoded))
    })?;
    let (mut indexed, mut body) = (decoded.indexed.into_iter(), decoded.body.into_iter());
    let arguments = event.inputs.iter().map(|input| {
        let value = if input.indexed { indexed.next() } else { body.next() }?;
        Some(Argument {
            name: input.name.clone(),
            ty: input.selector_type().into_owned(),
            value: Value(value),
        })
    });
    Some(Event {
        name: event.name.clone(),
        signature: event.signature(),
        arguments: arguments.collect::<Option<_>>()?,
    })
}

#[cfg(test)]
mod tests {
    use alloy_primitives::{U256, b256};

    use super::*;

    const ABI: &str = r#"[{"type":"event","name":"Transfer","anonymous":false,"inputs":[
        {"name":"from","type":"address","indexed":true},
        {"name":"to","type":"address","indexed":true},
        {"name":"value","type":"uint256","indexed":false}]}]"#;
    const TRANSFER: B256 =
        b256!("ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef");

    #[test]
    fn arguments_come_in_the_order_of_the_declaration() {
        let abi = super::super::parse_abi(ABI).unwrap();
        let topics = [TRANSFER, B256::ZERO, B256::with_last_byte(2)];
        let event =
            decode_event(&topics, &U256::from(5u64).to_be_bytes::<32>(), Some(&abi)).unwrap();
        let shown: Vec<_> =
            event.arguments.iter().map(|a| format!("{}={}", a.name, a.value)).collect();
        assert_eq!(
            shown.join(" "),
            "from=0x0000000000000000000000000000000000000000 \
             to=0x0000000000000000000000000000000000000002 value=5"
        );
    }

    #[test]
    fn a_log_that_does_not_fit_is_no_event() {
        let abi = super::super::parse_abi(ABI).unwrap();
        assert_eq!(decode_event(&[TRANSFER], &[], Some(&abi)), None);
        assert_eq!(decode_event(&[TRANSFER, B256::ZERO, B256::ZERO], &[1], Some(&abi)), None);
        assert_eq!(decode_event(&[], &[], Some(&abi)), None);
        assert_eq!(decode_event(&[B256::ZERO], &[], None), None);
    }
}
