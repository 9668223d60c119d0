//! Contracts for tests, and what they are told and answer.
use std::fmt::Write;

use frame_support::weights::Weight;
use pallet_ewasm::{
    AddressMapping, Event, HashedMapping,
    runtime_api::{DryRun, Overrides},
};
use serde_json::{Value, json};
use sp_core::{H160, H256, bytes::to_hex};
use sp_keyring::Sr25519Keyring;
use tephra_runtime::{
    Balance, Runtime, RuntimeCall, RuntimeEvent, contracts::TRANSACTION_GAS_LIMIT,
};

use crate::{BlockReport, Chain};

/// Gas that is enough for whatever tests do.
pub const GAS: u64 = TRANSACTION_GAS_LIMIT;

/// Dry runs with the state as it is.
pub const PRESENT: Option<Overrides<Balance>> = None;

/// A module in text: all imports that tests use, `pages` of memory, and `main` with this body. Its
/// memory has the addresses at 0, 32, 64 and so on.
pub fn module(pages: u32, addresses: &[H160], body: &str, functions: &str) -> Vec<u8> {
    let mut data = String::new();
    for (index, address) in addresses.iter().enumerate() {
        let _ =
            write!(data, "(data (i32.const {}) \"{}\")", 32 * index, escaped(address.as_bytes()));
    }
    let text = format!(
        r#"(module
            (import "ethereum" "call" (func $call (param i64 i32 i32 i32 i32) (result i32)))
            (import "ethereum" "callDataCopy" (func $input (param i32 i32 i32)))
            (import "ethereum" "getCallDataSize" (func $input_size (result i32)))
            (import "ethereum" "create" (func $create (param i32 i32 i32 i32) (result i32)))
            (import "ethereum" "create2" (func $create2 (param i32 i32 i32 i32 i32) (result i32)))
            (import "ethereum" "codeCopy" (func $code (param i32 i32 i32)))
            (import "ethereum" "getCodeSize" (func $code_size (result i32)))
            (import "ethereum" "storageStore" (func $store (param i32 i32)))
            (import "ethereum" "storageLoad" (func $load (param i32 i32)))
            (import "ethereum" "selfDestruct" (func $destroy (param i32)))
            (import "ethereum" "log" (func $log (param i32 i32 i32 i32 i32 i32 i32)))
            (import "ethereum" "finish" (func $finish (param i32 i32)))
            (import "ethereum" "revert" (func $revert (param i32 i32)))
            (import "ethereum" "getGasLeft" (func $gas (result i64)))
            (memory (export "memory") {pages})
            {data}
            {functions}
            (func (export "main") {body}))"#
    );
    wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Init code that stores `code`, which has to be shorter than a page.
pub fn init_code(code: &[u8]) -> Vec<u8> {
    let text = format!(
        r#"(module (import "ethereum" "finish" (func $finish (param i32 i32)))
            (memory (export "memory") 1) (data (i32.const 0) "{}")
            (func (export "main") (call $finish (i32.const 0) (i32.const {}))))"#,
        escaped(code),
        code.len()
    );
    wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}"))
}

/// A string for a data segment in text.
pub fn escaped(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "\\{byte:02x}");
        text
    })
}

/// The development chain with these contracts in genesis.
pub fn chain_with(contracts: &[(H160, Vec<u8>)]) -> Chain {
    Chain::start_with("dev", |config| {
        let contracts = contracts.iter().map(|(address, code)| {
            json!({
                "address": address, "nonce": 1, "balance": 1000,
                "code": to_hex(code, false), "storage": [],
            })
        });
        let list = config["ewasm"]["contracts"]
            .as_array_mut()
            .expect("the runtime has contracts in genesis");
        list.extend(contracts.collect::<Vec<Value>>());
    })
}

/// The address of an account.
pub fn address_of(who: Sr25519Keyring) -> H160 {
    HashedMapping::<Runtime>::to_address(&who.to_account_id())
}

/// A call of a contract, as a transaction carries it.
pub fn call(target: H160, input: impl Into<Vec<u8>>) -> RuntimeCall {
    call_with(target, input, 0, GAS)
}

/// A call of a contract with a value and a gas limit.
pub fn call_with(
    target: H160,
    input: impl Into<Vec<u8>>,
    value: Balance,
    gas_limit: u64,
) -> RuntimeCall {
    RuntimeCall::Ewasm(pallet_ewasm::Call::call {
        target,
        input: input.into(),
        value,
        gas_limit,
        storage_deposit_limit: None,
    })
}

/// A create, as a transaction carries it.
pub fn create(code: Vec<u8>) -> RuntimeCall {
    RuntimeCall::Ewasm(pallet_ewasm::Call::create {
        code,
        value: 0,
        gas_limit: GAS,
        storage_deposit_limit: None,
    })
}

/// A selector and words.
pub fn data(selector: u32, words: &[[u8; 32]]) -> Vec<u8> {
    [&selector.to_be_bytes()[..], words.as_flattened()].concat()
}

/// A number as a word of the ABI.
pub fn number(number: u128) -> [u8; 32] {
    let mut word = [0; 32];
    word[16..].copy_from_slice(&number.to_be_bytes());
    word
}

/// An address as a word of the ABI.
pub fn address(address: H160) -> [u8; 32] {
    H256::from(address).0
}

/// A dry run of a call, in every world.
pub fn dry_call(
    chain: &mut Chain,
    from: Sr25519Keyring,
    target: H160,
    input: impl Into<Vec<u8>>,
) -> DryRun<Balance> {
    chain.query(
        "EwasmApi_call",
        (from.to_account_id(), target, input.into(), 0_u128, None::<u64>, None::<Balance>, PRESENT),
    )
}

/// A log: the contract, its topics and its data.
pub type Log = (H160, Vec<H256>, Vec<u8>);

impl BlockReport {
    /// The logs of contracts.
    pub fn logs(&self) -> Vec<Log> {
        self.select(|event| match event {
            RuntimeEvent::Ewasm(Event::Log { address, topics, data }) => {
                Some((*address, topics.clone(), data.clone()))
            }
            _ => None,
        })
    }

    /// Where contracts were created by transactions.
    pub fn created(&self) -> Vec<H160> {
        self.select(|event| match event {
            RuntimeEvent::Ewasm(Event::Created { address, .. }) => Some(*address),
            _ => None,
        })
    }

    /// The gas that calls and creates of transactions took.
    pub fn gas_used(&self) -> Vec<u64> {
        self.select(|event| match event {
            RuntimeEvent::Ewasm(
                Event::Created { gas_used, .. } | Event::Executed { gas_used, .. },
            ) => Some(*gas_used),
            _ => None,
        })
    }

    /// The weight of each transaction that is in the block, in the end.
    pub fn weights(&self) -> Vec<Weight> {
        use frame_system::Event;
        self.select(|event| match event {
            RuntimeEvent::System(
                Event::ExtrinsicSuccess { dispatch_info }
                | Event::ExtrinsicFailed { dispatch_info, .. },
            ) => Some(dispatch_info.weight),
            _ => None,
        })
    }
}
