//! Counts what the runtime asks of the state, by the events that the state machine
//! reports to `tracing`.
use std::{
    collections::BTreeMap,
    fmt::Debug,
    sync::{Arc, Mutex, PoisonError},
};

use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

use crate::storage_key;

/// The number of accesses to the state.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// By what was asked, and of which storage item.
    pub accesses: BTreeMap<(String, String), u64>,
}

/// What `sp-state-machine` calls accesses that read.
const READS: &[&str] = &["Get", "Hash", "Exists", "ChildGet", "ChildHash", "ChildExists"];

/// The names of accesses that write.
const WRITES: &[&str] =
    &["Put", "Append", "ClearPrefix", "ChildPut", "ChildKill", "ChildClearPrefix"];

/// Storage items that have names. All others are shown by the begin of their keys.
const ITEMS: &[(&str, &[&str])] = &[
    ("Aura", &["Authorities", "CurrentSlot"]),
    ("Authorship", &["Author"]),
    (
        "Balances",
        &["Holds", "InactiveIssuance", "Locks", "Reserves", "TotalIssuance", "Freezes", "Account"],
    ),
    (
        "Ewasm",
        &[
            "CodeInfoOf",
            "Codes",
            "Contracts",
            "CounterForDeletionQueue",
            "DeletionQueue",
            "IsDispatching",
            "NextStorageId",
            "OriginalAccount",
            "Slots",
        ],
    ),
    (
        "Revive",
        &[
            "AccountInfoOf",
            "CodeInfoOf",
            "DeletionQueue",
            "ImmutableDataOf",
            "OriginalAccount",
            "PristineCode",
        ],
    ),
    (
        "System",
        &[
            "Account",
            "AllExtrinsicsLen",
            "BlockHash",
            "BlockSize",
            "BlockWeight",
            "Digest",
            "EventCount",
            "EventTopics",
            "Events",
            "ExecutionPhase",
            "ExtrinsicCount",
            "ExtrinsicData",
            "ExtrinsicWeightReclaimed",
            "InherentsApplied",
            "LastRuntimeUpgrade",
            "Number",
            "ParentHash",
        ],
    ),
    ("Timestamp", &["DidUpdate", "Now"]),
    ("TransactionPayment", &["NextFeeMultiplier", "StorageVersion", "TxPaymentCredit"]),
];

impl Counts {
    /// Accesses that read.
    pub fn reads(&self) -> u64 {
        self.sum(READS)
    }

    /// Accesses that write.
    pub fn writes(&self) -> u64 {
        self.sum(WRITES)
    }

    fn sum(&self, methods: &[&str]) -> u64 {
        let wanted =
            self.accesses.iter().filter(|((method, _), _)| methods.contains(&method.as_str()));
        wanted.map(|(_, count)| count).sum()
    }
}

/// Counts what the runtime asks of the state while `run` runs.
pub fn counted<R>(run: impl FnOnce() -> R) -> (R, Counts) {
    let counts = Arc::new(Mutex::new(Counts::default()));
    let answer = tracing::subscriber::with_default(Counter(counts.clone()), run);
    let counts = counts.lock().unwrap_or_else(PoisonError::into_inner).clone();
    (answer, counts)
}

struct Counter(Arc<Mutex<Counts>>);

impl Subscriber for Counter {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "state" && metadata.is_event()
    }

    fn new_span(&self, _span: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _span: &span::Id, _values: &span::Record<'_>) {}

    fn record_follows_from(&self, _span: &span::Id, _follows: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut access = Access::default();
        event.record(&mut access);
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.accesses.entry((access.method, item(&access.key))).or_default() += 1;
    }

    fn enter(&self, _span: &span::Id) {}

    fn exit(&self, _span: &span::Id) {}
}

#[derive(Default)]
struct Access {
    method: String,
    /// In hexadecimal digits.
    key: String,
}

impl Visit for Access {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "method" {
            self.method = value.into();
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        // Keys of child tries are the contracts' own; which trie it is says more.
        if field.name() == "child_info" || field.name() == "key" && self.key.is_empty() {
            self.key = format!("{value:?}");
        }
    }
}

/// The name of the storage item that a key belongs to.
fn item(key: &str) -> String {
    let prefix: String = key.chars().take(64).collect();
    let hexadecimal =
        |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    for (pallet, items) in ITEMS {
        for item in *items {
            if hexadecimal(&storage_key(pallet, item)) == prefix {
                return format!("{pallet}.{item}");
            }
        }
    }
    prefix.chars().take(16).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accesses_are_counted_by_kind_and_item() {
        let key: String =
            storage_key("System", "Account").iter().map(|byte| format!("{byte:02x}")).collect();
        let ((), counts) = counted(|| {
            tracing::trace!(target: "state", method = "Get", key = %key);
            tracing::trace!(target: "state", method = "Get", key = %key);
            tracing::trace!(target: "state", method = "Put", key = %"00ff");
            tracing::trace!(target: "something else", method = "Get", key = %key);
        });
        assert_eq!((counts.reads(), counts.writes()), (2, 1));
        assert_eq!(counts.accesses.get(&("Get".into(), "System.Account".into())), Some(&2));
        assert_eq!(counts.accesses.get(&("Put".into(), "00ff".into())), Some(&1));
    }
}
