//! The units of the currency, the prices of weight and bytes, and the receiver of fees.
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

/// The least balance of an account. Below it the account is removed, which keeps the state free of
/// dust. A microunit is small enough for contracts that pay each other, while a million empty
/// accounts still cost a unit.
pub const EXISTENTIAL_DEPOSIT: Balance = MICROUNIT;

/// The fee for each byte of a transaction. A contract of 128 KiB costs an eighth of a unit.
pub const BYTE_FEE: Balance = MICROUNIT;

/// The fee for a second of computation while blocks are not full.
pub const SECOND_FEE: Balance = 10 * UNIT;

/// Returns the deposit for `items` entries of state with `bytes` bytes in all. It is given back
/// when they are freed.
pub const fn deposit(items: u32, bytes: u32) -> Balance {
    items as Balance * 100 * MILLIUNIT + bytes as Balance * MILLIUNIT
}

/// The price of weight, which has two dimensions: time, and reads of the state. A transaction pays
/// for the one of which it takes the greater share of a block, at the price of time.
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

/// The price of length: [`BYTE_FEE`] for each byte of a transaction.
pub struct PriceOfLength;

impl WeightToFee for PriceOfLength {
    type Balance = Balance;

    fn weight_to_fee(length: &Weight) -> Balance {
        // The pallet passes the length as time.
        Balance::from(length.ref_time()).saturating_mul(BYTE_FEE)
    }
}

parameter_types! {
    /// Fees are stable when blocks are a quarter full.
    pub const TargetBlockFullness: Perquintill = Perquintill::from_percent(25);
    /// The speed at which the price follows demand: at most 30 % a day, with [`crate::limits::DAY`]
    /// blocks a day.
    pub AdjustmentVariable: Multiplier = Multiplier::saturating_from_rational(3, 100_000);
    /// The lowest price is a tenth of the base: an idle chain is cheap, but not free.
    pub MinimumMultiplier: Multiplier = Multiplier::saturating_from_rational(1, 10);
    /// The highest price, which no chain can reach.
    pub MaximumMultiplier: Multiplier = Bounded::max_value();
}

/// The adjustment of the price of weight to demand.
pub type FeeAdjustment = TargetedFeeAdjustment<
    Runtime,
    TargetBlockFullness,
    AdjustmentVariable,
    MinimumMultiplier,
    MaximumMultiplier,
>;

/// Gives fees and tips to the block's author. An amount that would leave the author's account below
/// the existential deposit is burned.
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
