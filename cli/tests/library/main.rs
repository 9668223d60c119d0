//! The library as programs use it, without the command.
mod floors;

use std::path::Path;

use tephra::abi::{self, JsonAbi, Reason};
use tephra::alloy_primitives::{Address, U256};
use tephra::chain::{self, Chain, Label, Options, Request};
use tephra::database::{Access, Database, Problem};
use tephra::names::Names;
use tephra::profile::Profiler;
use tephra::report::{Report, Target};
use tephra::tephra_core::ewasm::{CallKind, Status};
use tephra::tephra_core::state::{Backend, TransactionError};
use tephra::trace::{Event, Tracer};
use tephra::{accounts, code, database};

const TOKEN: &[u8] = include_bytes!("../../../contracts/token/token.wasm");
const TOKEN_ABI: &str = include_str!("../../../contracts/token/token.abi.json");

fn alice() -> Address {
    accounts::address("alice").unwrap()
}

fn names(chain: &Chain) -> Names {
    Names::of(&chain.database().snapshot().unwrap()).unwrap()
}

fn token_abi() -> JsonAbi {
    abi::parse_abi(TOKEN_ABI).unwrap()
}

fn open(file: &Path) -> Chain {
    Chain::new(Database::open(file, Access::Write).unwrap(), Options::default())
}

/// Deploys a token of 1000 that Alice owns, under the name `token`.
fn deploy(chain: &Chain) -> Address {
    let abi = token_abi();
    let constructor = abi.constructor().unwrap();
    let arguments = ["Token", "TOK", "18", "1000"];
    let arguments = abi::encode_constructor(constructor, &arguments, &names(chain)).unwrap();
    let init_code = code::with_arguments(TOKEN.to_vec(), &arguments).unwrap();
    let label = Label { name: Some("token"), abi: Some(TOKEN_ABI) };
    let executed = chain.send(&Request::create(alice(), init_code), label, &mut ()).unwrap();
    executed.receipt.create_address.unwrap()
}

/// A call of the token by Alice.
fn request(chain: &Chain, function: &str, arguments: &[&str]) -> (Request, Target) {
    let (names, abi) = (names(chain), token_abi());
    let token = names.resolve("token").unwrap();
    let function = abi::find_function(function, Some(&abi), arguments.len()).unwrap();
    let data = abi::encode_call(&function, arguments, &names).unwrap();
    let snapshot = chain.database().snapshot().unwrap();
    let target = Target::called(chain, &snapshot, &token, Some(function), Some(abi)).unwrap();
    (Request::call(alice(), token, data), target)
}

fn send(chain: &Chain, function: &str, arguments: &[&str]) -> Report {
    let (request, target) = request(chain, function, arguments);
    let snapshot = chain.database().snapshot().unwrap();
    let executed = chain.send(&request, Label::default(), &mut ()).unwrap();
    Report::new(&request, &target, &executed, &snapshot)
}

fn view(chain: &Chain, function: &str, arguments: &[&str]) -> String {
    let (request, target) = request(chain, function, arguments);
    let snapshot = chain.database().snapshot().unwrap();
    let executed = chain.run(&request, &mut ()).unwrap();
    let report = Report::new(&request, &target, &executed, &snapshot);
    report.values.unwrap().iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

#[test]
fn a_contract_is_deployed_called_and_its_event_read_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state");
    let token = deploy(&open(&file));

    let chain = open(&file);
    let report = send(&chain, "transfer", &["bob", "250"]);
    assert_eq!((report.status, report.block), (Status::Success, 2));
    assert_eq!(report.values.unwrap()[0].to_string(), "true");
    let log = &report.logs[0];
    assert_eq!(log.address, token);
    let event = log.event.as_ref().unwrap();
    assert_eq!(event.signature, "Transfer(address,address,uint256)");
    let names = names(&chain);
    let shown: Vec<_> = event.arguments.iter().map(|given| given.value.show(&names)).collect();
    assert_eq!(shown, ["alice", "bob", "250"]);
    drop(chain);

    let chain = open(&file);
    assert_eq!(view(&chain, "balanceOf", &["alice"]), "750");
    assert_eq!(view(&chain, "balanceOf", &["bob"]), "250");
}

#[test]
fn a_revert_is_a_report_with_the_decoded_reason() {
    let chain = Chain::new(Database::in_memory().unwrap(), Options::default());
    deploy(&chain);
    let report = send(&chain, "transfer", &["bob", "9999"]);
    assert_eq!(report.status, Status::Revert);
    let message = "ERC20: transfer amount exceeds balance".to_owned();
    assert_eq!(report.failure.as_ref().unwrap().revert, Some(Reason::Error { message }));
    assert_eq!(
        report.error().unwrap(),
        "the contract reverted: \"ERC20: transfer amount exceeds balance\""
    );
}

#[test]
fn running_a_transaction_changes_nothing() {
    let chain = Chain::new(Database::in_memory().unwrap(), Options::default());
    deploy(&chain);
    let (request, _) = request(&chain, "transfer", &["bob", "1"]);
    let executed = chain.run(&request, &mut ()).unwrap();
    assert!(!executed.changes.accounts.is_empty());
    assert_eq!(chain.database().snapshot().unwrap().block(), 1);
    assert_eq!(view(&chain, "balanceOf", &["bob"]), "0");
}

#[test]
fn a_trace_is_typed_events_in_order() {
    let chain = Chain::new(Database::in_memory().unwrap(), Options::default());
    let token = deploy(&chain);
    let (request, _) = request(&chain, "transfer", &["bob", "1"]);
    let mut events = Vec::new();
    let mut tracer = Tracer::new(|event: &Event<'_>| match event {
        Event::Message { kind, from, to, .. } => events.push(format!("{kind:?} {from} {to}")),
        Event::Interface { name, .. } => events.push((*name).to_owned()),
        Event::End { status, .. } => events.push(format!("{status:?}")),
        _ => {}
    });
    chain.run(&request, &mut tracer).unwrap();
    assert_eq!(events[0], format!("{:?} {} {token}", CallKind::Call, alice()));
    assert_eq!(events.last().unwrap(), "Success");
    assert_eq!(events.iter().filter(|event| *event == "storageStore").count(), 2);
}

#[test]
fn a_profile_accounts_for_all_gas() {
    let chain = Chain::new(Database::in_memory().unwrap(), Options::default());
    deploy(&chain);
    let (request, _) = request(&chain, "transfer", &["bob", "1"]);
    let (snapshot, names) = (chain.database().snapshot().unwrap(), names(&chain));
    let mut profiler = Profiler::new(&chain, &snapshot, &names, request.gas);
    let executed = chain.run(&request, &mut profiler).unwrap();
    let receipt = executed.receipt;
    assert_eq!(profiler.finish().total(), receipt.gas_used + receipt.gas_refunded);
}

#[test]
fn errors_are_typed() {
    let chain = Chain::new(Database::in_memory().unwrap(), Options::default());
    let (names, bob) = (names(&chain), accounts::address("bob").unwrap());
    assert!(matches!(
        names.resolve("nobody"),
        Err(tephra::names::Error::Unknown { word, .. }) if word == "nobody"
    ));
    assert!(matches!(
        abi::find_function("transfer", None, 2),
        Err(abi::Error::UnknownAbi(function)) if function == "transfer"
    ));
    let rich = Request { value: U256::MAX, ..Request::call(alice(), bob, []) };
    assert!(matches!(
        chain.send(&rich, Label::default(), &mut ()),
        Err(chain::Error::Transaction(TransactionError::InsufficientBalance { .. }))
    ));
    let folder = tempfile::tempdir().unwrap();
    let error = Database::open(folder.path(), Access::Read).err().unwrap();
    assert!(matches!(error, database::Error { problem: Problem::IsFolder, .. }), "{error}");
}

#[test]
fn a_snapshot_lists_accounts_and_slots() {
    let chain = Chain::new(Database::in_memory().unwrap(), Options::default());
    let token = deploy(&chain);
    let snapshot = chain.database().snapshot().unwrap();
    let accounts: Vec<_> = snapshot.accounts().unwrap().map(|account| account.unwrap().0).collect();
    assert!(accounts.is_sorted() && accounts.contains(&token), "{accounts:?}");
    assert_eq!(accounts.len(), 7);
    for slot in snapshot.slots(&token).unwrap() {
        let (key, value) = slot.unwrap();
        assert_eq!(snapshot.storage(&token, &key).unwrap(), value);
    }
}
