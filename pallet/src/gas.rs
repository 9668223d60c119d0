//! What gas is in weight.
use core::marker::PhantomData;

use frame_support::traits::Get;
use frame_support::weights::Weight;

/// The price of gas in weight.
pub trait GasWeight {
    /// The weight of so much gas: the time in which the runtime's interpreter burns it, and the part of the block's proof that it may read. It must grow with the gas and may saturate.
    fn gas_to_weight(gas: u64) -> Weight;

    /// The least gas that has at least this weight; [`u64::MAX`] when none has.
    fn weight_to_gas(weight: Weight) -> u64;
}

/// A fixed price: `Time` picoseconds and `Proof` bytes of proof for each gas.
pub struct FixedGasWeight<Time, Proof>(PhantomData<(Time, Proof)>);

impl<Time: Get<u64>, Proof: Get<u64>> GasWeight for FixedGasWeight<Time, Proof> {
    fn gas_to_weight(gas: u64) -> Weight {
        Weight::from_parts(gas.saturating_mul(Time::get()), gas.saturating_mul(Proof::get()))
    }

    fn weight_to_gas(weight: Weight) -> u64 {
        gas_for(weight.ref_time(), Time::get()).max(gas_for(weight.proof_size(), Proof::get()))
    }
}

fn gas_for(amount: u64, per_gas: u64) -> u64 {
    match (amount, per_gas) {
        (0, _) => 0,
        (_, 0) => u64::MAX,
        (amount, per_gas) => amount.div_ceil(per_gas),
    }
}
