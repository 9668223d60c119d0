//! What fills the blocks.
mod calls;
mod code;
mod instructions;
mod precompiles;
mod state;
mod transactions;

use serde_json::{Value, json};
use sp_core::{H160, H256, bytes::to_hex};
use tephra_chain_tests::contract::{GAS, call_with};
use tephra_runtime::RuntimeCall;

/// A chain with contracts, and a block.
pub struct Case {
    pub name: &'static str,
    pub contracts: Vec<Contract>,
    /// All by Alice.
    pub calls: Vec<RuntimeCall>,
}

/// A contract that is there from the start.
pub struct Contract {
    pub address: H160,
    pub code: Vec<u8>,
    /// Slots that are not zero: those with the numbers from 1 to this.
    pub slots: u32,
}

impl Contract {
    pub fn new(address: H160, code: Vec<u8>) -> Self {
        Self { address, code, slots: 0 }
    }

    /// As the runtime's genesis has it.
    pub fn json(&self) -> Value {
        let slots: Vec<_> =
            (1..=self.slots).map(|slot| json!([slot_key(slot), H256::repeat_byte(1)])).collect();
        json!({
            "address": self.address, "nonce": 1, "balance": 1_000_000_000_000_000_u64,
            "code": to_hex(&self.code, false), "storage": slots,
        })
    }
}

/// The key that a contract makes of a number with `i32.store`.
fn slot_key(number: u32) -> H256 {
    let mut key = H256::zero();
    key.0[..4].copy_from_slice(&number.to_le_bytes());
    key
}

/// The contract that is called.
const MAIN: H160 = H160::repeat_byte(0xaa);

/// A case of one call with all gas.
fn one_call(name: &'static str, code: Vec<u8>) -> Case {
    Case {
        name,
        contracts: vec![Contract::new(MAIN, code)],
        calls: vec![call_with(MAIN, [], 0, GAS)],
    }
}

/// A case of one call with all gas, of a contract that uses others.
fn one_call_with(name: &'static str, code: Vec<u8>, others: Vec<Contract>) -> Case {
    let mut case = one_call(name, code);
    case.contracts.extend(others);
    case
}

/// All cases.
pub fn all() -> Vec<Case> {
    [
        instructions::cases(),
        calls::cases(),
        state::cases(),
        code::cases(),
        precompiles::cases(),
        transactions::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
