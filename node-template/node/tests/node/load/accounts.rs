//! Accounts with all that a transfer needs.
use codec::Encode;
use serde_json::Value;
use sp_core::{H160, H256, Pair as _, sr25519::Pair};
use sp_io::hashing::blake2_256;
use sp_keyring::Sr25519Keyring::{Alice, Ferdie};
use sp_runtime::{MultiSigner, traits::IdentifyAccount};
use tephra_chain_tests::{
    contract::{PRESENT, address_of},
    signed,
};
use tephra_runtime::{AccountId, Runtime, RuntimeCall, fees::UNIT, token::TOKEN};

use crate::harness::{
    Node, eventually,
    token::{transfer, transfer_call},
};

/// The number of accounts that one transaction funds: a few hundred milliseconds of a block.
const FUNDED_AT_ONCE: usize = 50;
/// The most gas of a first transfer to an account.
const FIRST_TRANSFER: u64 = 100_000;
/// The token balance of each account: more than it can send.
const TOKENS: u128 = 1_000_000_000;

/// An account and its key.
pub struct Account {
    pub pair: Pair,
    pub id: AccountId,
}

impl Account {
    fn address(&self) -> H160 {
        use pallet_ewasm::AddressMapping;
        pallet_ewasm::HashedMapping::<Runtime>::to_address(&self.id)
    }
}

/// Returns `count` accounts, always the same.
pub fn make(count: usize) -> Vec<Account> {
    let account = |index: u64| {
        let pair = Pair::from_seed(&blake2_256(&("load", index).encode()));
        let id = MultiSigner::from(pair.public()).into_account();
        Account { pair, id }
    };
    (0..count as u64).map(account).collect()
}

/// Gives each account some of Alice's currency and tokens.
pub fn fund(node: &Node, accounts: &[Account], genesis: H256) {
    let mut nonce = 0;
    for accounts in accounts.chunks(FUNDED_AT_ONCE) {
        let calls = accounts.iter().flat_map(|account| {
            let dest = account.id.clone().into();
            let money = pallet_balances::Call::transfer_keep_alive { dest, value: 100 * UNIT };
            [RuntimeCall::Balances(money), transfer_call(account.address(), TOKENS, FIRST_TRANSFER)]
        });
        let batch =
            RuntimeCall::Utility(pallet_utility::Call::batch_all { calls: calls.collect() });
        let sent = node.rpc.submit(&signed(Alice, nonce, genesis, batch));
        sent.unwrap_or_else(|refusal| panic!("{refusal}"));
        nonce += 1;
    }
    // Ferdie, who receives, has received before, so that all transfers take the same gas.
    let sent = node.rpc.submit(&signed(
        Alice,
        nonce,
        genesis,
        transfer_call(address_of(Ferdie), 1, FIRST_TRANSFER),
    ));
    sent.unwrap_or_else(|refusal| panic!("{refusal}"));
    let alice = Alice.to_account_id();
    eventually("the accounts are funded", || node.rpc.nonce(&alice) == nonce + 1);
}

/// Returns the gas limit of a transfer as a wallet sets it: that of a dry run, and a tenth more.
pub fn gas_limit(node: &Node, account: &Account) -> u64 {
    use pallet_ewasm::runtime_api::DryRun;
    let input = transfer(address_of(Ferdie), 1);
    let arguments =
        (&account.id, TOKEN, input, 0_u128, None::<u64>, None::<u128>, PRESENT).encode();
    let answer = node.rpc.query("EwasmApi_call", &arguments, &Value::Null).expect("a dry run");
    let dry: DryRun<u128> = codec::Decode::decode(&mut &answer[..]).expect("a dry run");
    assert_eq!(dry.result, Ok(()), "the accounts have tokens");
    dry.gas_used + dry.gas_used / 10
}
