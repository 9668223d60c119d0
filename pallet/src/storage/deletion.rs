//! Removes the slots of contracts that are gone, a few at a time, in the weight that blocks leave
//! idle.
use frame_support::weights::Weight;

use crate::{Config, DeletionQueue, Slots, WeightInfo};

/// Removes slots for at most the `remaining` weight. Returns the weight used.
pub(crate) fn remove_slots<T: Config>(remaining: Weight) -> Weight {
    let base = T::WeightInfo::remove_slots(0);
    let each = T::WeightInfo::remove_slots(1).saturating_sub(base);
    let mut used = base;
    if used.any_gt(remaining) {
        return Weight::zero();
    }
    while let Some((storage_id, _)) = DeletionQueue::<T>::iter().next() {
        let room = remaining
            .saturating_sub(used)
            .checked_div_per_component(&each)
            .unwrap_or(u64::from(u32::MAX));
        let limit = u32::try_from(room).unwrap_or(u32::MAX);
        if limit == 0 {
            break;
        }
        let removed = Slots::<T>::clear_prefix(storage_id, limit, None);
        used = used.saturating_add(each.saturating_mul(u64::from(removed.loops).max(1)));
        if removed.maybe_cursor.is_some() {
            break;
        }
        DeletionQueue::<T>::remove(storage_id);
    }
    used
}
