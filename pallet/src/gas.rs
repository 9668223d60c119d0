//! What gas is in weight.
use core::marker::PhantomData;

use frame_support::traits::Get;
use frame_support::weights::Weight;

/// The price of gas in weight.
pub trait GasWeight {
    /// The weight of so much gas: the time in which the runtime's interpreter burns it, and the part of the block's proof that it may read. It must grow with the gas and may saturate.
    fn gas_to_weight(gas: u64) -> Weight;

    /// Picoseconds that the engine may take for what has no price in gas, in an extrinsic with so much gas: validating init code, making code ready to run, beginning frames, and what precompiled
    /// contracts take longer than their gas says. They are reserved on top of [`Self::gas_to_weight`], and what was not used is given back.
    fn work_time(gas: u64) -> u64;

    /// The least gas that has at least this weight; [`u64::MAX`] when none has.
    fn weight_to_gas(weight: Weight) -> u64;
}

/// A fixed price: `Time` picoseconds and `Proof` bytes of proof for each gas, and `Work` picoseconds for what has no price in gas.
pub struct FixedGasWeight<Time, Proof, Work>(PhantomData<(Time, Proof, Work)>);

impl<Time: Get<u64>, Proof: Get<u64>, Work: Get<u64>> GasWeight for FixedGasWeight<Time, Proof, Work> {
    fn gas_to_weight(gas: u64) -> Weight {
        Weight::from_parts(gas.saturating_mul(Time::get()), gas.saturating_mul(Proof::get()))
    }

    fn work_time(gas: u64) -> u64 {
        gas.saturating_mul(Work::get())
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
