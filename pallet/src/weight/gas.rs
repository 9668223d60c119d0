//! What gas is in weight.
use core::marker::PhantomData;

use frame_support::traits::Get;
use frame_support::weights::Weight;
use tephra_core::ewasm::Growth;
use tephra_core::state::Spent;

/// The price of gas in weight.
pub trait GasWeight {
    /// The weight of so much gas: the time in which the runtime's interpreter burns it, and the
    /// part of the block's proof that it may read. It must grow with the gas and may saturate.
    fn gas_to_weight(gas: u64) -> Weight;

    /// Picoseconds that the engine may take for what has no price in gas, in an extrinsic with so
    /// much gas: validating init code, making code ready to run, beginning frames, and what
    /// precompiled contracts take longer than their gas says. They are reserved on top of
    /// [`Self::gas_to_weight`], and what was not used is given back.
    fn work_time(gas: u64) -> u64;

    /// The least gas that has at least this weight; [`u64::MAX`] when none has.
    fn weight_to_gas(weight: Weight) -> u64;
}

/// Gas of a new slot that pays for its place, of 20000: what is left is twice the price of writing
/// to an old one, and pays for the deposit's account too.
const PLACE_OF_SLOT: u64 = 10_000;

/// Gas of a new account that pays for its place, of 25000. What is left pays for the system's
/// account and the event.
const PLACE_OF_ACCOUNT: u64 = 15_000;

/// Gas of a byte of new code that pays for its place, of 200. What is left pays for validating,
/// hashing and storing it.
const PLACE_OF_CODE_BYTE: u64 = 180;

/// The gas of a transaction that pays for time which no other weight has.
///
/// The extrinsic's own weight has what Ethereum takes intrinsic gas for. What makes the state
/// larger pays mostly for the place that it takes from then on, for which there are deposits here.
/// Refunds do not count: what was done has taken its time.
pub(crate) fn gas_of_time(spent: &Spent) -> u64 {
    let Growth { slots, accounts, code_bytes } = spent.growth;
    let places =
        [(slots, PLACE_OF_SLOT), (accounts, PLACE_OF_ACCOUNT), (code_bytes, PLACE_OF_CODE_BYTE)];
    places.iter().fold(spent.execution, |gas, (count, place)| {
        gas.saturating_sub(count.saturating_mul(*place))
    })
}

/// A fixed price: `Time` picoseconds and `Proof` bytes of proof for each gas, and `Work`
/// picoseconds for what has no price in gas.
pub struct FixedGasWeight<Time, Proof, Work>(PhantomData<(Time, Proof, Work)>);

impl<Time: Get<u64>, Proof: Get<u64>, Work: Get<u64>> GasWeight
    for FixedGasWeight<Time, Proof, Work>
{
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gas_that_pays_for_a_place_takes_no_time() {
        let spent =
            |execution, growth| gas_of_time(&Spent { intrinsic: 53_000, execution, growth });
        assert_eq!(spent(700, Growth::default()), 700);
        let growth = Growth { slots: 2, accounts: 1, code_bytes: 1000 };
        assert_eq!(spent(400_000, growth), 400_000 - 20_000 - 15_000 - 180_000);
        assert_eq!(spent(5, Growth { slots: u64::MAX, ..growth }), 0);
    }
}
