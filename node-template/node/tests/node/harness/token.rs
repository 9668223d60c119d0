//! The token of the genesis and the chain's state, as a wallet queries them.
use codec::{Decode, Encode};
use pallet_ewasm::runtime_api::DryRun;
use serde_json::{Value, json};
use sp_core::{
    H160,
    bytes::{from_hex, to_hex},
};
use sp_keyring::Sr25519Keyring;
use tephra_chain_tests::contract::{PRESENT, address, data, number};
use tephra_runtime::{AccountId, Balance, Nonce, RuntimeCall, UncheckedExtrinsic, token::TOKEN};

use super::rpc::{Refusal, Rpc};

const BALANCE_OF: u32 = 0x70a0_8231;
const TRANSFER: u32 = 0xa905_9cbb;

/// Returns bytes in the form of JSON-RPC.
pub fn hex(bytes: &[u8]) -> String {
    to_hex(bytes, false)
}

/// Returns the input of a transfer.
pub fn transfer(to: H160, amount: u128) -> Vec<u8> {
    data(TRANSFER, &[address(to), number(amount)])
}

/// Returns the call of a transfer.
pub fn transfer_call(to: H160, amount: u128, gas_limit: u64) -> RuntimeCall {
    tephra_chain_tests::contract::call_with(TOKEN, transfer(to, amount), 0, gas_limit)
}

impl Rpc {
    /// Sends a transaction. Returns its hash.
    ///
    /// # Errors
    ///
    /// What the node refused it with.
    pub fn submit(&self, transaction: &UncheckedExtrinsic) -> Result<Value, Refusal> {
        self.call("author_submitExtrinsic", json!([hex(&transaction.encode())]))
    }

    /// Queries the runtime, in the state after `block` or the best one.
    ///
    /// # Errors
    ///
    /// What the node refused it with.
    pub fn query(&self, method: &str, arguments: &[u8], block: &Value) -> Result<Vec<u8>, Refusal> {
        let answer = self.call("state_call", json!([method, hex(arguments), block]))?;
        Ok(from_hex(answer.as_str().expect("hex")).expect("hex"))
    }

    /// Returns a dry run of a call of a contract by Alice.
    pub fn dry_call(
        &self,
        target: H160,
        input: Vec<u8>,
        gas_limit: Option<u64>,
        block: &Value,
    ) -> DryRun<Balance> {
        let arguments = (
            Sr25519Keyring::Alice.to_account_id(),
            target,
            input,
            0_u128,
            gas_limit,
            None::<u128>,
            PRESENT,
        )
            .encode();
        let answer = self
            .query("EwasmApi_call", &arguments, block)
            .unwrap_or_else(|refusal| panic!("{refusal}"));
        DryRun::decode(&mut &answer[..]).expect("a dry run")
    }

    /// Returns the token balance of an address in the state after `block`, as a word.
    pub fn tokens(&self, of: H160, block: &Value) -> Vec<u8> {
        self.dry_call(TOKEN, data(BALANCE_OF, &[address(of)]), None, block).output
    }

    /// Returns the number of transactions of an account in blocks.
    pub fn nonce(&self, of: &AccountId) -> Nonce {
        let answer = self.query("AccountNonceApi_account_nonce", &of.encode(), &Value::Null);
        Nonce::decode(&mut &answer.expect("every runtime has it")[..]).expect("a nonce")
    }
}
