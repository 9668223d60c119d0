//! Units of the currency, what weight and bytes cost, and who is paid.
use frame_support::{
    parameter_types,
    traits::{
        OnUnbalanced,
        fungible::{Balanced, Credit},
    },
    weights::{Weight, WeightToFee, constants::WEIGHT_REF_TIME_PER_SECOND},
};
use pallet_transaction_payment::{Multiplier, TargetedFeeAdjustment};
use sp_runtime::{FixedPointNumber, Perquintill, traits::Bounded};

use crate::{AccountId, Authorship, Balance, Balances, Runtime, limits::BLOCK_WEIGHT};

/// One unit of the currency: 10¹⁸ of its smallest, as in Ethereum, so that contracts and their
/// tools need not convert.
pub const UNIT: Balance = 1_000_000_000_000_000_000;
/// A thousandth of a [`UNIT`].
pub const MILLIUNIT: Balance = UNIT / 1000;
/// A millionth of a [`UNIT`].
pub const MICROUNIT: Balance = UNIT / 1_000_000;

/// The least that an account holds. Below it the account is removed, which keeps the state free of
/// dust. A microunit is little enough for contracts that pay each other, and a million empty
/// accounts still cost a unit.
pub const EXISTENTIAL_DEPOSIT: Balance = MICROUNIT;

/// What a transaction pays for each of its bytes: a contract of 128 KiB costs an eighth of a unit.
pub const BYTE_FEE: Balance = MICROUNIT;

/// What a second of computation costs while blocks are not full.
pub const SECOND_FEE: Balance = 10 * UNIT;

/// The deposit for `items` entries of state with `bytes` bytes in all. It is returned when they are
/// freed.
pub const fn deposit(items: u32, bytes: u32) -> Balance {
    items as Balance * 100 * MILLIUNIT + bytes as Balance * MILLIUNIT
}

/// Weight has two dimensions: time, and what is read of the state. A transaction pays for the one
/// of which it takes the greater share of a block, by the price of time.
pub struct PriceOfWeight;

impl WeightToFee for PriceOfWeight {
    type Balance = Balance;

    fn weight_to_fee(weight: &Weight) -> Balance {
        let time = Balance::from(weight.ref_time()).saturating_mul(PICOSECOND_FEE);
        let proof = Balance::from(weight.proof_size()).saturating_mul(PROOF_BYTE_FEE);
        time.max(proof)
    }
}

const PICOSECOND_FEE: Balance = SECOND_FEE / WEIGHT_REF_TIME_PER_SECOND as Balance;
const PROOF_BYTE_FEE: Balance =
    PICOSECOND_FEE * BLOCK_WEIGHT.ref_time() as Balance / BLOCK_WEIGHT.proof_size() as Balance;

/// [`BYTE_FEE`] for each byte of a transaction.
pub struct PriceOfLength;

impl WeightToFee for PriceOfLength {
    type Balance = Balance;

    fn weight_to_fee(length: &Weight) -> Balance {
        // The pallet hands the length over as time.
        Balance::from(length.ref_time()).saturating_mul(BYTE_FEE)
    }
}

parameter_types! {
    /// Fees are stable when blocks are a quarter full.
    pub const TargetBlockFullness: Perquintill = Perquintill::from_percent(25);
    /// How fast the price follows demand: 30 % a day at most, with [`crate::limits::DAY`] blocks a
    /// day.
    pub AdjustmentVariable: Multiplier = Multiplier::saturating_from_rational(3, 100_000);
    /// The price falls to a tenth of the base at most: an idle chain is cheap, and not free.
    pub MinimumMultiplier: Multiplier = Multiplier::saturating_from_rational(1, 10);
    /// No upper bound that a chain could reach.
    pub MaximumMultiplier: Multiplier = Bounded::max_value();
}

/// How the price of weight follows demand.
pub type FeeAdjustment = TargetedFeeAdjustment<
    Runtime,
    TargetBlockFullness,
    AdjustmentVariable,
    MinimumMultiplier,
    MaximumMultiplier,
>;

/// Gives fees and tips to the block's author. What an author cannot hold, since its account would
/// stay below the existential deposit, is burned.
pub struct ToAuthor;

impl OnUnbalanced<Credit<AccountId, Balances>> for ToAuthor {
    fn on_nonzero_unbalanced(credit: Credit<AccountId, Balances>) {
        if let Some(author) = Authorship::author() {
            drop(Balances::resolve(&author, credit));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_block_costs_the_same_by_time_and_by_proof() {
        let time = PriceOfWeight::weight_to_fee(&Weight::from_parts(BLOCK_WEIGHT.ref_time(), 0));
        let proof = PriceOfWeight::weight_to_fee(&Weight::from_parts(0, BLOCK_WEIGHT.proof_size()));
        assert_eq!(time, 20 * UNIT);
        assert!(time.abs_diff(proof) < time / 1_000_000);
    }

    #[test]
    fn the_heaviest_weight_has_a_price() {
        assert!(PriceOfWeight::weight_to_fee(&Weight::MAX) >= Balance::from(u64::MAX));
        assert!(PriceOfLength::weight_to_fee(&Weight::MAX) >= Balance::from(u64::MAX));
    }
}
