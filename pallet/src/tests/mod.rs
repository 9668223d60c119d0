//! Tests of the pallet, by idea.
mod accounts;
mod actor;
mod agreement;
mod attacks;
mod calls;
mod deposits;
mod differential;
mod dispatch;
mod events;
mod genesis;
mod identity;
mod invariants;
mod nested;
mod next_block;
mod puppet;
mod reference;
mod runtime_api;
mod self_destruct;
mod twin;

use frame_support::dispatch::DispatchResultWithPostInfo;
use frame_support::storage::with_storage_layer;
use frame_support::traits::fungible::{Inspect, Mutate};
use frame_support::traits::tokens::{Fortitude, Preservation};
use sp_core::{H160, H256};
use sp_runtime::traits::Dispatchable;

use crate::mock::*;
use crate::storage::price::DepositPrice;
use crate::{Error, Event};

/// The deposits of the mock.
type Price = DepositPrice<Test>;

/// Enough gas for any test.
pub const GAS: u64 = 5_000_000;

/// Applies an extrinsic as the executive does: the signer's nonce increases in any case, and a
/// failure is undone.
pub fn apply(signer: &AccountId, call: impl Into<RuntimeCall>) -> DispatchResultWithPostInfo {
    System::inc_account_nonce(signer);
    apply_nested(signer, call)
}

/// Applies a call inside another extrinsic (a batch, a proxy): the nonce stays.
pub fn apply_nested(
    signer: &AccountId,
    call: impl Into<RuntimeCall>,
) -> DispatchResultWithPostInfo {
    let issuance = Balances::total_issuance();
    let call = call.into();
    let result = with_storage_layer(|| call.dispatch(RuntimeOrigin::signed(signer.clone())));
    assert_eq!(Balances::total_issuance(), issuance, "total issuance is conserved");
    Ewasm::do_try_state().expect("the state is consistent");
    result
}

/// Creates a contract with Alice's signature.
pub fn create(init: Vec<u8>, value: Balance) -> H160 {
    apply(
        &alice(),
        crate::Call::create { code: init, value, gas_limit: GAS, storage_deposit_limit: None },
    )
    .expect("the contract is created");
    match events().into_iter().rev().find_map(|event| {
        if let Event::Created { address, .. } = event { Some(address) } else { None }
    }) {
        Some(address) => address,
        None => panic!("a create leaves an event"),
    }
}

/// Creates a puppet with Alice's signature.
pub fn puppet_with(value: Balance) -> H160 {
    create(puppet::init(), value)
}

/// Calls with Alice's signature.
pub fn call(target: H160, input: Vec<u8>, value: Balance) -> DispatchResultWithPostInfo {
    call_as(&alice(), target, input, value)
}

pub fn call_as(
    signer: &AccountId,
    target: H160,
    input: Vec<u8>,
    value: Balance,
) -> DispatchResultWithPostInfo {
    apply(
        signer,
        crate::Call::call { target, input, value, gas_limit: GAS, storage_deposit_limit: None },
    )
}

/// Returns the output of a dry call by Alice.
pub fn ask(target: H160, input: Vec<u8>) -> Vec<u8> {
    let run = Ewasm::dry_call(alice(), target, input, 0, Some(GAS), None);
    assert_eq!(run.result, Ok(()));
    run.output
}

/// Returns the pallet's events of the block so far.
pub fn events() -> Vec<Event<Test>> {
    let records = System::events().into_iter();
    records
        .filter_map(
            |record| if let RuntimeEvent::Ewasm(event) = record.event { Some(event) } else { None },
        )
        .collect()
}

/// Returns what an account can spend and stay alive.
pub fn spendable(account: &AccountId) -> Balance {
    Balances::reducible_balance(account, Preservation::Preserve, Fortitude::Polite)
}

pub fn address_of(account: &AccountId) -> H160 {
    Ewasm::address_of(account)
}

pub fn account_of(address: H160) -> AccountId {
    Ewasm::account_of(&address)
}

/// Returns the error without the weight.
pub fn error(result: DispatchResultWithPostInfo) -> sp_runtime::DispatchError {
    result.expect_err("it fails").error
}
