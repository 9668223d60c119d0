//! The block's index of events, as far as contracts' logs are in it.
use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::marker::PhantomData;

use alloy_primitives::Log;
use frame_support::traits::Get;
use frame_support::weights::Weight;
use sp_core::H256;

use crate::storage::types::{to_h160, to_h256};
use crate::{Config, Event, WeightInfo};

/// What the index will have of an extrinsic's logs.
pub(crate) struct LogIndex<T: Config> {
    /// Of each log: the topics of the runtime under which it is found.
    topics: Vec<Vec<T::Hash>>,
    /// Different ones of them.
    entries: u32,
    runtime: PhantomData<T>,
}

impl<T: Config> LogIndex<T> {
    /// As many of the logs as there is room for: Ethereum's gas of a topic does not pay for it.
    pub fn new(logs: &[Log], room: Weight) -> Self {
        let most = room.checked_div_per_component(&Self::weight_of(1)).unwrap_or(u64::MAX);
        Self::of(logs, most.min(T::MaxLogEntries::get().into()))
    }

    /// As many of the logs as make so many entries.
    pub fn of(logs: &[Log], most: u64) -> Self {
        let mut entries = BTreeSet::new();
        let topics = logs.iter().map(|log| {
            let own = core::iter::once(H256::from(to_h160(log.address)));
            let topics: Vec<T::Hash> = own
                .chain(log.topics().iter().map(|topic| to_h256(*topic)))
                .map(|topic| hash_of::<T>(&topic))
                .collect();
            let new: BTreeSet<_> =
                topics.iter().filter(|topic| !entries.contains(*topic)).copied().collect();
            if entries.len().saturating_add(new.len()) as u64 > most {
                return Vec::new();
            }
            entries.extend(new);
            topics
        });
        let topics = topics.collect();
        Self { topics, entries: entries.len() as u32, runtime: PhantomData }
    }

    /// What making it weighs.
    pub fn weight(&self) -> Weight {
        Self::weight_of(self.entries)
    }

    /// Makes events of the logs.
    pub fn deposit(self, logs: Vec<Log>) {
        for (log, index) in logs.into_iter().zip(self.topics) {
            let topics = log.topics().iter().map(|topic| to_h256(*topic)).collect();
            let event = Event::<T>::Log {
                address: to_h160(log.address),
                topics,
                data: log.data.data.to_vec(),
            };
            let event = <T as frame_system::Config>::RuntimeEvent::from(event);
            frame_system::Pallet::<T>::deposit_event_indexed(&index, event);
        }
    }

    fn weight_of(entries: u32) -> Weight {
        T::WeightInfo::index_topics(entries).saturating_sub(T::WeightInfo::index_topics(0))
    }
}

/// A topic of 32 bytes as the runtime's hash.
fn hash_of<T: Config>(topic: &H256) -> T::Hash {
    let mut hash = T::Hash::default();
    for (to, from) in hash.as_mut().iter_mut().zip(&topic.0) {
        *to = *from;
    }
    hash
}
