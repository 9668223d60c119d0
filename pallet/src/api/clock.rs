//! The time that contracts are told.
use codec::Decode;
use frame_support::storage::unhashed;
use frame_support::traits::{Get, UnixTime};
use sp_runtime::traits::{UniqueSaturatedFrom, UniqueSaturatedInto};

/// Key under which a node states its own clock, in milliseconds since 1970 (a SCALE-encoded `u64`),
/// in the overlay of a runtime API call. It is no part of the state: a chain does not know what
/// time it is between two blocks, a node does.
pub const NODE_CLOCK: &[u8] = b":ewasm:clock";

/// A clock that dry runs can set to the time of the block to come.
pub trait Clock: UnixTime {
    /// Returns the earliest time, in milliseconds since 1970, that the block after the last one can
    /// have.
    fn earliest_next() -> u64;

    /// Sets the clock to `now`, in milliseconds since 1970. Called in dry runs alone, which undo
    /// it.
    fn set(now: u64);
}

/// The next block is later by the pallet's minimum period at least.
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

/// Returns what the node's clock says, in milliseconds since 1970, where the node says it.
pub(crate) fn of_node() -> Option<u64> {
    let bytes = unhashed::get_raw(NODE_CLOCK)?;
    u64::decode(&mut &bytes[..]).ok()
}
