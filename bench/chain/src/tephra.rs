//! The chain of `node-template/`, with Ewasm contracts.
use std::{env, fs, path::Path};

use codec::Encode;
use frame_system::EventRecord;
use pallet_ewasm::{
    Event,
    runtime_api::{DryRun, Overrides},
};
use serde_json::json;
use sp_core::{H160, H256, bytes::to_hex};
use sp_io::hashing::keccak_256;
use sp_runtime::MultiAddress;
use tephra_chain_tests::{
    blob::Blob,
    contract::{address, call_with, number},
};
use tephra_runtime::{Balance, Hash, RuntimeCall, RuntimeEvent, fees::UNIT, token::TOKEN};

use crate::{
    Result,
    chain::Chain,
    erc20, fund, storage_key,
    user::User,
    work::{HOLDING, Kind, Questions, Subject, Work},
};

/// Gas that a call of a token may take.
const GAS: u64 = 100_000;

/// A contract that does nothing.
const IDLE: H160 = H160::repeat_byte(0x1d);

/// Where the SOLL token is put.
const SOLL: H160 = H160::repeat_byte(0x50);

/// What each token's owner has at first.
const SUPPLY: u128 = 1 << 100;

/// The chain, with tokens in everybody's hands.
///
/// # Errors
///
/// The runtime does not do what it should.
pub fn subject<'b>(name: &'static str, blob: &'b Blob, users: &'b [User]) -> Result<Subject<'b>> {
    let soll = soll_token(blob)?;
    let idle = wat::parse_str(r#"(module (memory (export "memory") 1) (func (export "main")))"#)
        .map_err(|error| error.to_string())?;
    let chain = Chain::start(blob, Some("dev"), |genesis| {
        fund(genesis, users, 1000 * UNIT);
        let Some(contracts) = genesis["ewasm"]["contracts"].as_array_mut() else { return };
        let mut add = |address: H160, code: &[u8], storage: &[(H256, H256)]| {
            contracts.push(json!({
                "address": address, "nonce": 1, "balance": 0,
                "code": to_hex(code, false), "storage": storage,
            }));
        };
        add(IDLE, &idle, &[]);
        if let Some(code) = &soll {
            add(SOLL, code, &[(soll_balance(User::alice().address()), H256(number(SUPPLY)))]);
        }
    })?;
    let mut subject = Subject::new(name, chain, users, QUESTIONS);
    subject.by_all(&RuntimeCall::Ewasm(pallet_ewasm::Call::map_account {}).encode())?;
    subject.for_all(|user| transfer(TOKEN, user, HOLDING))?;
    subject.works = vec![
        token(TOKEN, "token", "the token of `contracts/token`"),
        Work { one_sender: true, ..token(TOKEN, "one-sender", "the same, one sender") },
        currency(),
        Work::block(),
        Work::part("remark", "nothing: signature, nonce, fee", |_| {
            RuntimeCall::System(frame_system::Call::remark { remark: Vec::new() }).encode()
        }),
        Work::part("account", "call of an address without code", |user| {
            call_with(H160(user.address().0.map(|byte| !byte)), [], 0, GAS).encode()
        }),
        Work::part("idle", "call of a contract that does nothing", |_| {
            call_with(IDLE, [], 0, GAS).encode()
        }),
        Work::part("balance", "`balanceOf` of the token", |user| {
            call_with(TOKEN, erc20::balance_of(user.address()), 0, GAS).encode()
        }),
    ];
    if soll.is_some() {
        subject.for_all(|user| transfer(SOLL, user, HOLDING))?;
        subject.works.insert(1, token(SOLL, "soll", "a token compiled by SOLL"));
    }
    Ok(subject)
}

fn transfer(token: H160, to: &User, amount: u128) -> Vec<u8> {
    call_with(token, erc20::transfer(to.address(), amount), 0, GAS).encode()
}

fn token(token: H160, name: &'static str, title: &'static str) -> Work {
    Work {
        name,
        title,
        kind: Kind::Token,
        one_sender: false,
        call: Box::new(move |to| transfer(token, to, 1)),
        token: Some(token),
    }
}

/// A transfer of the runtime's currency.
fn currency() -> Work {
    Work {
        kind: Kind::Currency,
        ..Work::part("currency", "`Balances.transfer_keep_alive`", |user| {
            let dest = MultiAddress::Id(user.account.clone());
            RuntimeCall::Balances(pallet_balances::Call::transfer_keep_alive { dest, value: 1 })
                .encode()
        })
    }
}

const QUESTIONS: Questions = Questions { gas, balance };

fn balance(chain: &Chain<'_>, token: H160, owner: &User) -> Result<u128> {
    let input = erc20::balance_of(owner.address());
    let question = (
        &owner.account,
        token,
        input,
        0 as Balance,
        None::<u64>,
        None::<Balance>,
        None::<Overrides<Balance>>,
    );
    let run: DryRun<Balance> = chain.ask("EwasmApi_call", question)?;
    erc20::amount(&run.output)
}

fn gas(chain: &Chain<'_>) -> Result<Option<f64>> {
    let key = storage_key("System", "Events");
    let events: Vec<EventRecord<RuntimeEvent, Hash>> = chain.read(&key)?.unwrap_or_default();
    let used: Vec<f64> = events
        .iter()
        .filter_map(|record| match record.event {
            RuntimeEvent::Ewasm(Event::Executed { gas_used, .. }) => Some(gas_used as f64),
            _ => None,
        })
        .collect();
    Ok((!used.is_empty()).then(|| used.iter().sum::<f64>() / used.len() as f64))
}

/// Where the SOLL token keeps an account's balance: its first variable is the mapping.
fn soll_balance(owner: H160) -> H256 {
    H256(keccak_256(&[address(owner), number(0)].concat()))
}

/// The code of the SOLL token of the public data, if they are there. Its constructor makes a
/// thousand units only, so that a chain has it in genesis with more.
fn soll_token(blob: &Blob) -> Result<Option<Vec<u8>>> {
    let shared = env::var_os("TEPHRA_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), Into::into);
    let Ok(init_code) = fs::read(shared.join("fixtures/soll/node-erc20.wasm")) else {
        return Ok(None);
    };
    let mut scratch =
        Subject::new("scratch", Chain::start(blob, Some("dev"), |_| {})?, &[], QUESTIONS);
    let create = pallet_ewasm::Call::create {
        code: init_code,
        value: 0,
        gas_limit: 10_000_000,
        storage_deposit_limit: None,
    };
    let created = scratch.create(&RuntimeCall::Ewasm(create).encode())?;
    let slot = soll_balance(scratch.alice.address());
    let balance: H256 = scratch.chain.ask("EwasmApi_storage_at", (created, slot))?;
    if balance != H256(number(1000)) {
        return Err("the SOLL token does not keep balances where Solidity does".into());
    }
    scratch.chain.ask("EwasmApi_code", created).map(Some)
}
