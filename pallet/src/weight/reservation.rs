//! The weight that an execution reserves for its gas limit.
use frame_support::traits::Get;
use frame_support::weights::Weight;

use crate::{Config, GasWeight, WeightInfo};

/// Bytes of proof that every execution may read besides a contract's code, whatever its gas.
const BASE_PROOF: u64 = 16 << 10;

/// Returns the weight that an execution with this gas limit may take: its gas, its unmetered work,
/// and the code of one contract.
pub(crate) fn reserved<T: Config>(gas_limit: u64) -> Weight {
    let proof = u64::from(T::MaxCodeSize::get()).saturating_add(BASE_PROOF);
    let besides = Weight::from_parts(work_limit::<T>(gas_limit), proof);
    besides.saturating_add(T::GasWeight::gas_to_weight(gas_limit))
}

/// Returns the picoseconds of unmetered work that an execution with this gas limit may do: that for
/// one contract of the largest size, and what its gas allows.
pub(crate) fn work_limit<T: Config>(gas_limit: u64) -> u64 {
    let size = T::MaxCodeSize::get();
    let one = T::WeightInfo::read_code(size).saturating_add(T::WeightInfo::prepare_code(size));
    one.saturating_add(T::WeightInfo::begin_frame(0))
        .ref_time()
        .saturating_add(T::GasWeight::work_time(gas_limit))
}
