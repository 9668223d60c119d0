//! Contracts of the genesis.
use alloc::vec::Vec;

use alloy_primitives::keccak256;
use codec::{Decode, Encode};
use frame_support::BoundedVec;
use frame_support::traits::fungible::{Inspect, Mutate};
use scale_info::TypeInfo;
use sp_core::{H160, H256};
use sp_runtime::traits::Saturating;

use crate::engine::Engine;
use crate::engine::convert::to_h256;
use crate::storage::code::CodeStore;
use crate::storage::records::next_storage_id;
use crate::{
    AddressMapping, BalanceOf, CodeInfo, CodeInfoOf, Config, ContractInfo, Contracts,
    EMPTY_CODE_HASH, Slot, Slots,
};

/// A contract of the genesis, which holds no deposits.
#[derive(
    Clone,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    TypeInfo,
    serde::Serialize,
    serde::Deserialize,
)]
pub struct GenesisContract<Balance> {
    /// The address.
    pub address: H160,
    /// 1 unless the contract has created others.
    pub nonce: u64,
    /// The balance that the contract can spend. The existential deposit is minted on top.
    pub balance: Balance,
    /// The run-time code, which may be empty.
    #[serde(with = "sp_core::bytes")]
    pub code: Vec<u8>,
    /// The slots. Zeros are left out.
    pub storage: Vec<(H256, H256)>,
}

/// Adds the contracts of the genesis.
///
/// # Panics
/// When a contract is wrong: a chain must not start from such a genesis.
pub(crate) fn build<T: Config>(contracts: &[GenesisContract<BalanceOf<T>>]) {
    for contract in contracts {
        add::<T>(contract);
    }
}

fn add<T: Config>(contract: &GenesisContract<BalanceOf<T>>) {
    let GenesisContract { address, nonce, balance, code, storage } = contract;
    assert!(!Contracts::<T>::contains_key(address), "the genesis has two contracts at {address:?}");
    let account = T::AddressMapping::fallback(address);
    let endowment = balance.saturating_add(T::Currency::minimum_balance());
    let minted = T::Currency::mint_into(&account, endowment);
    assert!(
        minted.is_ok(),
        "the genesis cannot give the contract at {address:?} its balance: {minted:?}"
    );
    let protected = frame_system::Pallet::<T>::inc_consumers_without_limit(&account);
    assert!(
        protected.is_ok(),
        "the genesis cannot make the account of the contract at {address:?}: {protected:?}"
    );

    let storage_id = next_storage_id::<T>().unwrap_or_default();
    let slots = storage.iter().filter(|(_, value)| !value.is_zero());
    let mut items = 0_u32;
    for (key, value) in slots {
        assert!(
            !Slots::<T>::contains_key(storage_id, key),
            "the genesis has the slot {key:?} of {address:?} twice"
        );
        Slots::<T>::insert(storage_id, key, Slot::without_deposit(*value));
        items = items.saturating_add(1);
    }
    let info = ContractInfo {
        nonce: (*nonce).max(1),
        code_hash: add_code::<T>(address, code),
        items,
        ..ContractInfo::new(storage_id)
    };
    Contracts::<T>::insert(address, info);
}

fn add_code<T: Config>(address: &H160, code: &[u8]) -> H256 {
    if code.is_empty() {
        return EMPTY_CODE_HASH;
    }
    let hash = to_h256(keccak256(code));
    if let Some(mut info) = CodeInfoOf::<T>::get(hash) {
        info.references = info.references.saturating_add(1);
        CodeInfoOf::<T>::insert(hash, info);
        return hash;
    }
    let checked = Engine::<T>::vm().check_new_code(Engine::<T>::revision(), code);
    assert!(
        checked.is_ok(),
        "the code of the genesis contract at {address:?} cannot be stored: {checked:?}"
    );
    let bounded = BoundedVec::try_from(code.to_vec());
    let bounded = bounded
        .unwrap_or_else(|_| panic!("the code of the genesis contract at {address:?} is too large"));
    let info = CodeInfo { references: 1, ..CodeInfo::validated(code.len() as u32) };
    CodeStore::<T>::insert(hash, bounded, info);
    hash
}
