//! The price of blob gas.
use alloy_primitives::U256;
use tephra_core::ewasm::Schedule;
use tephra_core::revision::Revision;

/// Returns the wei per blob gas when `excess` blob gas is in excess (EIP-4844, EIP-7691); zero when
/// the revision has no blobs.
pub(super) fn blob_base_fee(revision: Revision, excess: u64) -> U256 {
    let Some(blobs) = Schedule::of(revision).transaction.blobs else { return U256::ZERO };
    let (excess, fraction) = (U256::from(excess), U256::from(blobs.base_fee_update_fraction));
    let mut sum = U256::ZERO;
    let mut term = fraction;
    let mut number = U256::from(1);
    // The terms of e^(excess/fraction); those of a price that fits no integer end the loop early.
    while !term.is_zero() {
        let Some(next_sum) = sum.checked_add(term) else { return U256::MAX };
        sum = next_sum;
        let Some(product) = term.checked_mul(excess) else { return U256::MAX };
        term = product / (fraction * number);
        number += U256::from(1);
    }
    sum / fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_price_grows_from_one_wei_with_the_excess() {
        let price = |excess| blob_base_fee(Revision::Cancun, excess);
        // Values of the execution specifications' tests.
        for (excess, expected) in [(0, 1), (2_314_057, 1), (2_314_058, 2), (10 << 20, 23)] {
            assert_eq!(price(excess), U256::from(expected), "{excess}");
        }
        assert_eq!(price(u64::MAX), U256::MAX);
    }
}
