//! The weight of gas.
use core::marker::PhantomData;

use frame_support::traits::Get;
use frame_support::weights::Weight;
use tephra_core::ewasm::Growth;
use tephra_core::state::Spent;

/// The price of gas in weight.
pub trait GasWeight {
    /// Returns the weight of `gas`: the time in which the runtime's interpreter burns it, and the
    /// part of the block's proof that it may read. The weight must grow with the gas and may
    /// saturate.
    fn gas_to_weight(gas: u64) -> Weight;

    /// Returns the picoseconds of unmetered work that an extrinsic with this `gas` may do:
    /// validating init code, preparing code, beginning frames, and the time that precompiled
    /// contracts take beyond their gas. They are reserved on top of [`Self::gas_to_weight`], and
    /// the unused part is given back.
    fn work_time(gas: u64) -> u64;

    /// Returns the least gas that has at least this weight; [`u64::MAX`] when none has.
    fn weight_to_gas(weight: Weight) -> u64;
}

/// The part of a new slot's 20000 gas that pays for its place. The rest is twice the price of
/// writing to an old slot, and pays for the deposit's account too.
const PLACE_OF_SLOT: u64 = 10_000;

/// The part of a new account's 25000 gas that pays for its place. The rest pays for the system's
/// account and the event.
const PLACE_OF_ACCOUNT: u64 = 15_000;

/// The part of the 200 gas of a byte of new code that pays for its place. The rest pays for
/// validating, hashing and storing it.
const PLACE_OF_CODE_BYTE: u64 = 180;

/// Returns the gas of a transaction that pays for time, as far as no other weight has that time.
///
/// The extrinsic's own weight covers what Ethereum charges intrinsic gas for. Gas for a larger
/// state pays mostly for the place that it takes from then on, for which there are deposits here.
/// Refunds do not count: work that was done has taken its time.
pub(crate) fn gas_of_time(spent: &Spent) -> u64 {
    let Growth { slots, accounts, code_bytes } = spent.growth;
    let places =
        [(slots, PLACE_OF_SLOT), (accounts, PLACE_OF_ACCOUNT), (code_bytes, PLACE_OF_CODE_BYTE)];
    places.iter().fold(spent.execution, |gas, (count, place)| {
        gas.saturating_sub(count.saturating_mul(*place))
    })
}

/// A fixed price: for each gas `Time` picoseconds, `Proof` bytes of proof, and `Work` picoseconds
/// of unmetered work.
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
