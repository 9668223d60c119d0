//! Contracts, natively and in the blob: whatever they do, both do the same.
use std::{env, fs, path::Path};

use pallet_ewasm::{Error, Event, runtime_api::ExecutionStatus};
use sp_core::{H160, H256};
use sp_io::hashing::keccak_256;
use sp_keyring::Sr25519Keyring::{Alice, Bob};
use sp_runtime::DispatchError;
use tephra_chain_tests::{
    Chain,
    contract::{
        GAS, PRESENT, address, address_of, call, call_with, chain_with, create, data, dry_call,
        init_code, module, number,
    },
};
use tephra_runtime::{Ewasm, Runtime, RuntimeCall, RuntimeEvent, token};

const BALANCE_OF: u32 = 0x70a0_8231;
const TRANSFER: u32 = 0xa905_9cbb;
const APPROVE: u32 = 0x095e_a7b3;
const ALLOWANCE: u32 = 0xdd62_ed3e;

const OUTER: H160 = H160::repeat_byte(0x01);
const INNER: H160 = H160::repeat_byte(0x02);

fn error(error: Error<Runtime>) -> DispatchError {
    error.into()
}

fn slot(chain: &mut Chain, of: H160, key: u128) -> H256 {
    chain.read(|| Ewasm::storage_at(of, H256(number(key))))
}

/// A file of the public test data, if they are there.
fn fixture(name: &str) -> Option<Vec<u8>> {
    let root = env::var_os("TEPHRA_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), Into::into);
    let path = root.join("fixtures/soll").join(name);
    let file = fs::read(&path).ok();
    if file.is_none() {
        eprintln!(
            "SKIPPED: {} is not there; set TEPHRA_SHARED to the directory of the test data",
            path.display()
        );
    }
    file
}

#[test]
fn a_token_is_there_from_the_start() {
    let mut chain = Chain::start("dev");
    let owned =
        dry_call(&mut chain, Bob, token::TOKEN, data(BALANCE_OF, &[address(address_of(Alice))]));
    assert_eq!(owned.output, number(token::SUPPLY));
    assert_eq!(owned.status, Some(ExecutionStatus::Success));

    let block = chain.block([(
        Alice,
        call(token::TOKEN, data(TRANSFER, &[address(address_of(Bob)), number(3)])),
    )]);
    assert_eq!(block.results, [Ok(Ok(()))]);
    let transferred = H256(keccak_256(b"Transfer(address,address,uint256)"));
    let topics = vec![transferred, address_of(Alice).into(), address_of(Bob).into()];
    assert_eq!(block.logs(), [(token::TOKEN, topics, number(3).to_vec())]);
    let owned =
        dry_call(&mut chain, Bob, token::TOKEN, data(BALANCE_OF, &[address(address_of(Bob))]));
    assert_eq!(owned.output, number(3));
}

#[test]
fn a_token_that_refuses_is_a_failed_transaction_whose_reason_a_dry_run_shows() {
    let mut chain = Chain::start("dev");
    let too_much = data(TRANSFER, &[address(address_of(Alice)), number(1)]);
    let refused = dry_call(&mut chain, Bob, token::TOKEN, too_much.clone());
    assert_eq!(refused.status, Some(ExecutionStatus::Revert));
    assert!(refused.output.starts_with(&keccak_256(b"Error(string)")[..4]), "{:?}", refused.output);
    let block = chain.block([(Bob, call(token::TOKEN, too_much))]);
    assert_eq!(block.results, [Ok(Err(error(Error::Reverted)))]);
    assert!(block.logs().is_empty());
}

#[test]
fn the_historic_token_is_deployed_and_used() {
    let Some(init_code) = fixture("node-erc20.wasm") else { return };
    let mut chain = Chain::start("dev");
    let block = chain.block([(Alice, create(init_code))]);
    assert_eq!(block.results, [Ok(Ok(()))]);
    // The steps of the historic tutorial.
    assert_eq!(address_of(Alice), H160(hex("9621dde636de098b43efb0fa9b61facfe328f99d")));
    assert_eq!(address_of(Bob), H160(hex("41dccbd49b26c50d34355ed86ff0fa9e489d1e01")));
    let [token] = block.created()[..] else { panic!("one contract: {:?}", block.created()) };
    assert_eq!(token, H160(hex("e2a313e210a6ec1d5a9c0806545670f2e6264f86")));
    assert_eq!(slot(&mut chain, token, 2), H256(number(1000)));

    let balance = |chain: &mut Chain, of| {
        dry_call(chain, Bob, token, data(BALANCE_OF, &[address(address_of(of))]))
    };
    assert_eq!(balance(&mut chain, Alice).output, number(1000));
    let block = chain.block([
        (Alice, call(token, data(TRANSFER, &[address(address_of(Bob)), number(3)]))),
        (Alice, call(token, data(APPROVE, &[address(address_of(Bob)), number(10)]))),
        (Alice, call(token, data(TRANSFER, &[address(address_of(Bob)), number(5000)]))),
        (Alice, call(token, [])),
    ]);
    let reverted = Ok(Err(error(Error::Reverted)));
    assert_eq!(block.results, [Ok(Ok(())), Ok(Ok(())), reverted, reverted]);
    assert_eq!(balance(&mut chain, Alice).output, number(997));
    assert_eq!(balance(&mut chain, Bob).output, number(3));
    let allowance = data(ALLOWANCE, &[address(address_of(Alice)), address(address_of(Bob))]);
    assert_eq!(dry_call(&mut chain, Bob, token, allowance).output, number(10));
    let refused = dry_call(
        &mut chain,
        Alice,
        token,
        data(TRANSFER, &[address(address_of(Bob)), number(5000)]),
    );
    assert_eq!(refused.output, b"SafeMath: subtraction overflow");
}

#[test]
fn a_dry_run_takes_the_gas_of_the_transaction() {
    let mut chain = Chain::start("dev");
    let input = data(TRANSFER, &[address(address_of(Bob)), number(3)]);
    let dry = dry_call(&mut chain, Alice, token::TOKEN, input.clone());
    let estimate: Result<u64, DispatchError> = chain.query(
        "EwasmApi_estimate_gas",
        (Alice.to_account_id(), Some(token::TOKEN), input.clone(), 0_u128, PRESENT),
    );
    let estimate = estimate.expect("the call succeeds");
    let block = chain.block([(Alice, call_with(token::TOKEN, input, 0, estimate))]);
    assert_eq!(block.results, [Ok(Ok(()))]);
    assert_eq!(block.gas_used(), [dry.gas_used]);
    assert!(estimate >= dry.gas_used);
}

fn hex(text: &str) -> [u8; 20] {
    let bytes = sp_core::bytes::from_hex(text).expect("hex");
    bytes.try_into().expect("20 bytes")
}

/// Calls [`INNER`] with 1 wei and 100,000 gas and stores the result plus one in slot 1.
fn calls_inner() -> Vec<u8> {
    let body = "
        (i32.store8 (i32.const 128) (i32.const 1))
        (i32.store8 (i32.const 287) (i32.add (i32.const 1)
            (call $call (i64.const 100000) (i32.const 0) (i32.const 128) (i32.const 160) \
            (i32.const 0))))
        (i32.store8 (i32.const 351) (i32.const 1))
        (call $store (i32.const 320) (i32.const 256))";
    module(1, &[INNER], body, "")
}

/// Stores, logs, and then something else.
fn changes_and(then: &str) -> Vec<u8> {
    let body = format!(
        "(i32.store8 (i32.const 128) (i32.const 1))
         (call $store (i32.const 160) (i32.const 128))
         (call $log (i32.const 0) (i32.const 20) (i32.const 0) (i32.const 0) (i32.const 0) \
         (i32.const 0) (i32.const 0))
         {then}"
    );
    module(1, &[OUTER], &body, "")
}

#[test]
fn what_an_inner_frame_did_stays_if_it_succeeds_and_is_undone_if_not() {
    for (result, then) in [
        (1, ""),
        (2, "unreachable"),
        (2, "(loop (br 0))"),
        (3, "(call $revert (i32.const 0) (i32.const 5))"),
    ] {
        let mut chain = chain_with(&[(OUTER, calls_inner()), (INNER, changes_and(then))]);
        let issuance = chain.read(tephra_runtime::Balances::total_issuance);
        let block = chain.block([(Alice, call(OUTER, []))]);
        assert_eq!(block.results, [Ok(Ok(()))], "{then}");
        assert_eq!(slot(&mut chain, OUTER, 1), H256(number(result)), "{then}");
        let stays = result == 1;
        assert_eq!(slot(&mut chain, INNER, 0) != H256::zero(), stays, "{then}");
        assert_eq!(block.logs().len(), usize::from(stays), "{then}");
        let balances = chain.read(|| (Ewasm::balance_at(OUTER), Ewasm::balance_at(INNER)));
        assert_eq!(balances, if stays { (999, 1001) } else { (1000, 1000) }, "{then}");
        assert_eq!(chain.read(tephra_runtime::Balances::total_issuance), issuance, "{then}");
    }
}

#[test]
fn every_way_to_fail_has_its_error() {
    for (body, expected) in [
        ("unreachable", Error::Unreachable),
        ("(loop (br 0))", Error::OutOfGas),
        ("(call $revert (i32.const 0) (i32.const 0))", Error::Reverted),
        ("(drop (i32.div_u (i32.const 1) (i32.const 0)))", Error::Trapped),
        ("(drop (i32.load (i32.const -1)))", Error::InvalidMemoryAccess),
        ("(call $finish (i32.const -1) (i32.const 1))", Error::InvalidMemoryAccess),
        ("(call $deep)", Error::StackOverflow),
    ] {
        let mut chain = chain_with(&[(OUTER, module(1, &[], body, "(func $deep (call $deep))"))]);
        let block = chain.block([(Alice, call(OUTER, []))]);
        assert_eq!(block.results, [Ok(Err(error(expected)))], "{body}");
    }
}

#[test]
fn what_is_no_contract_is_refused() {
    let mut chain = Chain::start("dev");
    for code in [b"\0asm".to_vec(), vec![0xff; 1000], init_code(b"\0asm\x01\0\0\0not a module")] {
        let block = chain.block([(Alice, create(code.clone()))]);
        assert!(matches!(block.results[..], [Ok(Err(_))]), "{code:?}: {:?}", block.results);
    }
}

#[test]
fn contracts_create_contracts() {
    let child = init_code(&changes_and(""));
    let size = child.len();
    // Takes the init code as call data, creates by nonce and by salt, and answers both addresses.
    let body = "
        (call $input (i32.const 1024) (i32.const 0) (call $input_size))
        (if (call $create (i32.const 160) (i32.const 1024) (call $input_size) (i32.const 512)) \
        (then unreachable))
        (if (call $create2 (i32.const 160) (i32.const 1024) (call $input_size) (i32.const 160) \
        (i32.const 532)) (then unreachable))
        (call $finish (i32.const 512) (i32.const 40))";
    let mut chain = chain_with(&[(OUTER, module(1, &[], body, ""))]);
    let dry = dry_call(&mut chain, Alice, OUTER, child.clone());
    assert_eq!(dry.status, Some(ExecutionStatus::Success), "{dry:?}");
    let block = chain.block([(Alice, call(OUTER, child.clone()))]);
    assert_eq!(block.results, [Ok(Ok(()))]);
    let (by_nonce, by_salt) =
        (H160::from_slice(&dry.output[..20]), H160::from_slice(&dry.output[20..]));
    let salted = [&[0xff][..], OUTER.as_bytes(), &[0; 32], &keccak_256(&child)].concat();
    assert_eq!(by_salt.as_bytes(), &keccak_256(&salted)[12..]);
    for at in [by_nonce, by_salt] {
        assert_eq!(chain.read(|| Ewasm::code_at(at)), changes_and(""), "init code of {size} bytes");
    }
    // A second time the salt is taken.
    let block = chain.block([(Alice, call(OUTER, child))]);
    assert_eq!(block.results, [Ok(Err(error(Error::Unreachable)))]);
}

#[test]
fn a_contract_that_is_made_and_destroyed_in_a_transaction_leaves_nothing() {
    let issuance = |chain: &mut Chain| chain.read(tephra_runtime::Balances::total_issuance);
    let init = module(
        1,
        &[OUTER],
        "(i32.store8 (i32.const 128) (i32.const 1)) (call $store (i32.const 160) (i32.const 128)) \
         (call $destroy (i32.const 0))",
        "",
    );
    let mut chain = Chain::start("dev");
    let before = issuance(&mut chain);
    let contracts = chain.read(|| pallet_ewasm::Contracts::<Runtime>::iter().count());
    let block = chain.block([(Alice, create(init))]);
    assert_eq!(block.results, [Ok(Ok(()))]);
    chain.block([]);
    assert_eq!(chain.read(|| pallet_ewasm::Contracts::<Runtime>::iter().count()), contracts);
    assert_eq!(issuance(&mut chain), before);
}

#[test]
fn a_deposit_is_held_for_a_slot_and_given_back() {
    // Stores the word that it is given in slot 0.
    let body = "(call $input (i32.const 128) (i32.const 0) (i32.const 32)) \
                (call $store (i32.const 160) (i32.const 128))";
    let mut chain = chain_with(&[(OUTER, module(1, &[], body, ""))]);
    let mut store = |value| {
        let block = chain.block([(Alice, call(OUTER, number(value)))]);
        assert_eq!(block.results, [Ok(Ok(()))]);
        let deposits = block.select(|event| match event {
            RuntimeEvent::Ewasm(Event::Executed { deposits, .. }) => Some(*deposits),
            _ => None,
        });
        let [deposits] = deposits[..] else { panic!("one call: {deposits:?}") };
        deposits
    };
    // The first call also stores whose address Alice's is.
    let first = store(1);
    assert!(first.charged > 0 && first.refunded == 0, "{first:?}");
    let same = store(2);
    assert_eq!((same.charged, same.refunded), (0, 0));
    let freed = store(0);
    assert!(freed.refunded > 0 && freed.charged == 0, "{freed:?}");
    let again = store(3);
    assert_eq!(again.charged, freed.refunded);
}

#[test]
fn code_is_uploaded_once_and_its_owner_has_the_deposit_back_though_a_contract_has_it() {
    let code = changes_and("");
    let code_hash = H256(keccak_256(&code));
    let upload = RuntimeCall::Ewasm(pallet_ewasm::Call::upload_code {
        code: code.clone(),
        storage_deposit_limit: None,
    });
    let remove = RuntimeCall::Ewasm(pallet_ewasm::Call::remove_code { code_hash });
    let mut chain = Chain::start("dev");
    let block = chain.block([
        (Alice, upload.clone()),
        (Alice, upload),
        (Alice, create(init_code(&code))),
        (Alice, remove.clone()),
        (Bob, remove),
    ]);
    let refused = |why: Error<Runtime>| Ok(Err(error(why)));
    assert_eq!(
        block.results,
        [
            Ok(Ok(())),
            refused(Error::CodeAlreadyStored),
            Ok(Ok(())),
            Ok(Ok(())),
            refused(Error::NotCodeOwner)
        ]
    );
    let info = chain.read(|| pallet_ewasm::CodeInfoOf::<Runtime>::get(code_hash));
    assert!(
        info.is_some_and(|info| info.references == 1 && info.upload.is_none()),
        "the contract keeps the code"
    );
}

#[test]
fn deposits_beyond_the_signers_limit_undo_the_transaction() {
    let body = "(call $input (i32.const 128) (i32.const 0) (i32.const 32)) \
                (call $store (i32.const 160) (i32.const 128))";
    let mut chain = chain_with(&[(OUTER, module(1, &[], body, ""))]);
    chain.block([(Alice, RuntimeCall::Ewasm(pallet_ewasm::Call::map_account {}))]);
    let dry = dry_call(&mut chain, Alice, OUTER, number(1));
    let price = dry.deposits.charged;
    assert!(dry.result.is_ok() && price > 0);
    let limited = |storage_deposit_limit| {
        let input = number(1).to_vec();
        let call = pallet_ewasm::Call::call {
            target: OUTER,
            input,
            value: 0,
            gas_limit: GAS,
            storage_deposit_limit,
        };
        (Alice, RuntimeCall::Ewasm(call))
    };
    let block = chain.block([limited(Some(0)), limited(Some(price - 1)), limited(Some(price))]);
    let refused = || Ok(Err(error(Error::StorageDepositLimitExhausted)));
    assert_eq!(block.results, [refused(), refused(), Ok(Ok(()))]);
}
