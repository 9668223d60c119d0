//! Conversions between FRAME's types and the engine's.
use alloy_primitives::{Address, B256};
use sp_core::{H160, H256, U256};
use sp_runtime::traits::UniqueSaturatedInto;

use crate::{BalanceOf, Config};

pub(crate) fn to_address(address: H160) -> Address {
    Address::from(address.0)
}

pub(crate) fn to_h160(address: Address) -> H160 {
    H160(address.0.0)
}

pub(crate) fn to_b256(hash: H256) -> B256 {
    B256::from(hash.0)
}

pub(crate) fn to_h256(hash: B256) -> H256 {
    H256(hash.0)
}

pub(crate) fn to_wei(value: U256) -> alloy_primitives::U256 {
    alloy_primitives::U256::from_limbs(value.0)
}

/// Converts a balance to wei.
pub(crate) fn balance_to_wei<T: Config>(balance: BalanceOf<T>) -> alloy_primitives::U256 {
    // FRAME's balances have at most 128 bits.
    let balance: u128 = balance.unique_saturated_into();
    alloy_primitives::U256::from(balance)
}

/// Converts wei to a balance; none when the runtime's type cannot hold it.
pub(crate) fn wei_to_balance<T: Config>(wei: alloy_primitives::U256) -> Option<BalanceOf<T>> {
    u128::try_from(wei).ok()?.try_into().ok()
}
