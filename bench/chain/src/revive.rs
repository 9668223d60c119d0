//! A chain with `pallet-revive` (`bench/chain/revive`), whose contracts are EVM bytecode or PolkaVM
//! code.
use codec::{Compact, Encode};
use serde_json::json;
use sp_core::{H160, crypto::Ss58Codec};
use sp_runtime::{MultiAddress, Weight};
use tephra_chain_tests::{blob::Blob, contract::number};

use crate::{
    Result,
    chain::Chain,
    erc20, fund,
    user::User,
    work::{HOLDING, Kind, Questions, Subject, Work},
};

/// The token as EVM bytecode: init code.
const EVM: &[u8] = include_bytes!("../token/token.evm");
/// The token as PolkaVM code.
const POLKAVM: &[u8] = include_bytes!("../token/token.polkavm");

const BALANCES: u8 = 5;
const REVIVE: u8 = 11;

/// What each user has of the runtime's currency.
const ENDOWMENT: u128 = 1_000_000_000_000_000_000;

/// The limits of a call of a token.
const LIMIT: Weight = Weight::from_parts(20_000_000_000, 1 << 20);

/// The chain, with tokens in everybody's hands.
///
/// # Errors
///
/// The runtime does not do what it should.
pub fn subject<'b>(name: &'static str, blob: &'b Blob, users: &'b [User]) -> Result<Subject<'b>> {
    let alice = User::alice();
    let chain = Chain::start(blob, None, |genesis| {
        fund(genesis, users, ENDOWMENT);
        fund(genesis, [&alice], 1_000_000 * ENDOWMENT);
        genesis["aura"]["authorities"] = json!([alice.account.to_ss58check()]);
        let mapped: Vec<_> =
            users.iter().chain([&alice]).map(|user| user.account.to_ss58check()).collect();
        genesis["revive"]["mappedAccounts"] = json!(mapped);
    })?;
    let mut subject = Subject::new(name, chain, users, Questions { gas: |_| Ok(None), balance });
    let codes = [
        ("evm", "the token in Solidity, as EVM bytecode", EVM, constructor()),
        ("polkavm", "the token in Solidity, as PolkaVM code", POLKAVM, constructor()),
    ];
    for (name, title, code, arguments) in codes {
        let token = subject.create(&instantiate(code, arguments))?;
        subject.for_all(|user| transfer(token, user, HOLDING))?;
        subject.works.push(work(token, name, title));
    }
    let currency = |user: &User| {
        (BALANCES, 3_u8, MultiAddress::<_, ()>::Id(user.account.clone()), Compact(1_u128)).encode()
    };
    subject.works.push(Work {
        kind: Kind::Currency,
        ..Work::part("currency", "`Balances.transfer_keep_alive`", currency)
    });
    subject.works.push(Work::block());
    // `System.remark`.
    let remark = |_: &User| (0_u8, 0_u8, Vec::<u8>::new()).encode();
    subject.works.push(Work::part("remark", "nothing: signature, nonce, fee", remark));
    Ok(subject)
}

fn work(token: H160, name: &'static str, title: &'static str) -> Work {
    Work {
        name,
        title,
        kind: Kind::Token,
        one_sender: false,
        call: Box::new(move |to| transfer(token, to, 1)),
        token: Some(token),
    }
}

fn balance(chain: &Chain<'_>, token: H160, owner: &User) -> Result<u128> {
    let question = (&owner.account, token, erc20::balance_of(owner.address()));
    let answer: Option<Vec<u8>> = chain.ask("ContractApi_ask", question)?;
    erc20::amount(&answer.ok_or("the token does not answer")?)
}

/// `Revive.call`.
fn transfer(token: H160, to: &User, amount: u128) -> Vec<u8> {
    let input = erc20::transfer(to.address(), amount);
    (REVIVE, 1_u8, token, Compact(0_u128), LIMIT, Compact(ENDOWMENT), input).encode()
}

/// `Revive.instantiate_with_code`.
fn instantiate(code: &[u8], arguments: Vec<u8>) -> Vec<u8> {
    let limit = Weight::from_parts(500_000_000_000, 4 << 20);
    // Init code of EVM bytecode has its arguments at its end.
    let (code, data) = match code.starts_with(b"PVM\0") {
        true => (code.to_vec(), arguments),
        false => ([code, &arguments].concat(), Vec::new()),
    };
    (REVIVE, 3_u8, Compact(0_u128), limit, Compact(1000 * ENDOWMENT), code, data, None::<[u8; 32]>)
        .encode()
}

/// `constructor(string name, string symbol, uint8 decimals, uint256 supply)`.
fn constructor() -> Vec<u8> {
    let text = |text: &str| {
        let mut word = [0; 32];
        word.iter_mut().zip(text.bytes()).for_each(|(to, from)| *to = from);
        [number(text.len() as u128), word].concat()
    };
    let head = [number(4 * 32), number(6 * 32), number(18), number(1 << 100)].concat();
    [head, text("Tephra"), text("TEPHRA")].concat()
}
