//! The contracts' logs in the block's index of events.
use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::marker::PhantomData;

use alloy_primitives::Log;
use frame_support::traits::Get;
use frame_support::weights::Weight;
use sp_core::H256;

use crate::engine::convert::{to_h160, to_h256};
use crate::{Config, Event, WeightInfo};

/// The entries that an extrinsic's logs make in the index.
pub(crate) struct LogIndex<T: Config> {
    /// For each log, the runtime's topics under which it is found.
    topics: Vec<Vec<T::Hash>>,
    /// The number of different topics.
    entries: u32,
    runtime: PhantomData<T>,
}

impl<T: Config> LogIndex<T> {
    /// Returns the entries of as many logs as the weight in `room` pays for. Ethereum's gas of a
    /// topic does not.
    pub fn new(logs: &[Log], room: Weight) -> Self {
        let most = room.checked_div_per_component(&Self::weight_of(1)).unwrap_or(u64::MAX);
        Self::of(logs, most.min(T::MaxLogEntries::get().into()))
    }

    /// Returns the entries of as many logs as make at most `most`.
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

    /// Returns the weight of making the entries.
    pub fn weight(&self) -> Weight {
        Self::weight_of(self.entries)
    }

    /// Deposits the logs as events.
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

/// Converts a topic of 32 bytes to the runtime's hash.
fn hash_of<T: Config>(topic: &H256) -> T::Hash {
    let mut hash = T::Hash::default();
    for (to, from) in hash.as_mut().iter_mut().zip(&topic.0) {
        *to = *from;
    }
    hash
}
