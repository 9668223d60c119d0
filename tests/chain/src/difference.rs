//! Names what two states do not have in common.
use std::fmt::Write;

use sp_core::hexdisplay::HexDisplay;
use tephra_runtime::System;

use crate::World;

/// The number of keys that are named; the rest is counted.
const NAMED: usize = 20;

/// A sentence for each difference between the committed states and the last block's events.
pub fn of(one: &mut World, other: &mut World) -> String {
    let mut text = String::new();
    events(&mut text, one, other);
    let (left, right) = (one.pairs(), other.pairs());
    let keys: std::collections::BTreeSet<_> =
        left.iter().chain(&right).map(|(key, _)| key).collect();
    let value = |pairs: &[(Vec<u8>, Vec<u8>)], key: &Vec<u8>| {
        pairs
            .binary_search_by(|(other, _)| other.cmp(key))
            .ok()
            .and_then(|at| pairs.get(at))
            .map(|(_, value)| value.clone())
    };
    let differing: Vec<_> =
        keys.into_iter().filter(|key| value(&left, key) != value(&right, key)).collect();
    for key in differing.iter().take(NAMED) {
        let show = |value: Option<Vec<u8>>| {
            value.map_or("nothing".into(), |value| HexDisplay::from(&value).to_string())
        };
        let _ = writeln!(
            text,
            "key {}: {} has {}, {} has {}",
            HexDisplay::from(*key),
            one.name(),
            show(value(&left, key)),
            other.name(),
            show(value(&right, key))
        );
    }
    let _ = writeln!(text, "{} keys differ", differing.len());
    text
}

fn events(text: &mut String, one: &mut World, other: &mut World) {
    let (left, right) = (one.read(System::events), other.read(System::events));
    for index in 0..left.len().max(right.len()) {
        let (ours, theirs) = (left.get(index), right.get(index));
        if ours != theirs {
            let _ = writeln!(
                text,
                "event {index}: {} has {ours:?}, {} has {theirs:?}",
                one.name(),
                other.name()
            );
        }
    }
}
