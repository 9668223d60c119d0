//! The time that contracts see.
use codec::Decode;
use frame_support::storage::unhashed;
use frame_support::traits::{Get, UnixTime};
use sp_runtime::traits::{UniqueSaturatedFrom, UniqueSaturatedInto};

/// The key under which a node states its own clock, in milliseconds since 1970 (a SCALE-encoded
/// `u64`), in the overlay of a runtime API call.
///
/// It is not part of the state: between two blocks a chain does not know the time, but a node does.
pub const NODE_CLOCK: &[u8] = b":ewasm:clock";

/// A clock that dry runs can set to the time of the next block.
pub trait Clock: UnixTime {
    /// Returns the earliest time, in milliseconds since 1970, that the next block can have.
    fn earliest_next() -> u64;

    /// Sets the clock to `now`, in milliseconds since 1970. Only dry runs call it, and undo it.
    fn set(now: u64);
}

/// The next block is at least the pallet's minimum period later.
impl<T: pallet_timestamp::Config> Clock for pallet_timestamp::Pallet<T> {
    fn earliest_next() -> u64 {
        let last: u64 = pallet_timestamp::Now::<T>::get().unique_saturated_into();
        let period: u64 = T::MinimumPeriod::get().unique_saturated_into();
        last.saturating_add(period)
    }

    fn set(now: u64) {
        pallet_timestamp::Now::<T>::put(T::Moment::unique_saturated_from(now));
    }
}

/// Returns the node's clock, in milliseconds since 1970, when the node states it.
pub(crate) fn of_node() -> Option<u64> {
    let bytes = unhashed::get_raw(NODE_CLOCK)?;
    u64::decode(&mut &bytes[..]).ok()
}
