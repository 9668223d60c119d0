//! The time of blocks, as contracts see it.
use core::time::Duration;

use frame_support::traits::UnixTime;
use pallet_ewasm::Clock;

use crate::{Timestamp, limits::SLOT_MILLISECONDS};

/// The timestamp of blocks, each of which has its own slot.
pub struct SlotClock;

impl UnixTime for SlotClock {
    fn now() -> Duration {
        <Timestamp as UnixTime>::now()
    }
}

impl Clock for SlotClock {
    fn earliest_next() -> u64 {
        let slot = Timestamp::get() / SLOT_MILLISECONDS;
        slot.saturating_add(1).saturating_mul(SLOT_MILLISECONDS)
    }

    fn set(now: u64) {
        <Timestamp as Clock>::set(now);
    }
}
