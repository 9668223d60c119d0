//! Contracts that the historic compiler SOLL made of Solidity, and what they answered then. Gas is
//! that of interface calls alone.
use std::fs;

use alloy_primitives::{Address, U256};
use tephra_core::ewasm::Status;
use tephra_core::revision::Revision;
use tephra_tests::chain::{Chain, Ran};
use tephra_tests::shared;

const OWNER: Address = Address::repeat_byte(0x0a);
const BOB: Address = Address::repeat_byte(0x0b);
const CONTRACT: Address = Address::repeat_byte(0xcc);

/// A contract's file, if the data is there.
fn fixture(name: &str) -> Option<Vec<u8>> {
    let directory = shared::path("fixtures/soll")?;
    Some(fs::read(directory.join(name)).unwrap())
}

fn chain() -> Chain {
    Chain::unmetered(Revision::Byzantium)
}

fn with_contract(code: Vec<u8>) -> Chain {
    let mut chain = chain();
    chain.put(CONTRACT, U256::ZERO, code);
    chain
}

trait Word {
    fn word(self) -> [u8; 32];
}

impl Word for u64 {
    fn word(self) -> [u8; 32] {
        U256::from(self).to_be_bytes()
    }
}

impl Word for Address {
    fn word(self) -> [u8; 32] {
        self.into_word().0
    }
}

/// A chain with the contract that this init code makes.
fn with_created(init_code: Vec<u8>) -> (Chain, Address) {
    let mut chain = chain();
    let contract = created(&chain.create(OWNER, init_code));
    (chain, contract)
}

/// Call data of a selector and words.
fn data(selector: u32, words: &[[u8; 32]]) -> Vec<u8> {
    [&selector.to_be_bytes()[..], words.as_flattened()].concat()
}

fn assert_success(ran: &Ran) {
    assert_eq!(ran.outcome.status, Status::Success, "{:?}", ran.outcome.trap);
}

/// The word that a successful call answered.
fn answer(ran: &Ran) -> U256 {
    assert_success(ran);
    assert_eq!(ran.outcome.output.len(), 32);
    U256::from_be_slice(&ran.outcome.output)
}

/// Gas of the frame as it was recorded: all but what SHA-256 at address 2 takes, which the recorded
/// figures leave out.
fn interface_gas(ran: &Ran) -> u64 {
    let sha256 = ran.nested.iter().filter(|(to, _)| *to == Address::with_last_byte(2));
    ran.gas_used - sha256.map(|(_, gas)| gas).sum::<u64>()
}

/// The same for a create, without the deposit for the code.
fn interface_gas_of_create(ran: &Ran, code: &[u8]) -> u64 {
    interface_gas(ran) - 200 * code.len() as u64
}

#[track_caller]
fn assert_answer(ran: &Ran, value: u64) {
    assert_eq!(answer(ran), U256::from(value));
}

fn created(ran: &Ran) -> Address {
    assert_success(ran);
    ran.outcome.create_address.unwrap()
}

const BALANCE_OF: u32 = 0x70a0_8231;
const TRANSFER: u32 = 0xa905_9cbb;
const TRANSFER_FROM: u32 = 0x23b8_72dd;
const APPROVE: u32 = 0x095e_a7b3;
const ALLOWANCE: u32 = 0xdd62_ed3e;
const TOTAL_SUPPLY: u32 = 0x1816_0ddd;

#[test]
fn the_token_with_a_name_is_created() {
    let Some(file) = fixture("node-erc20.wasm") else { return };
    assert_eq!(file.len(), 22_709);
    let mut chain = chain();
    let ran = chain.create(OWNER, file.clone());
    let token = created(&ran);
    assert_eq!(*chain.code(token), file[4536..4536 + 18_173]);
    assert_eq!(chain.slot(token, 2), U256::from(0x3e8));
    for named in [3, 4] {
        assert_ne!(chain.slot(token, named), U256::ZERO);
    }
    assert_eq!(interface_gas_of_create(&ran, &chain.code(token)), 81_838);
}

#[test]
fn the_token_with_a_name_is_used() {
    let Some(file) = fixture("node-erc20.wasm") else { return };
    let mut chain = chain();
    let token = created(&chain.create(OWNER, file));
    let balance =
        |chain: &mut Chain, of: Address| chain.call(OWNER, token, data(BALANCE_OF, &[of.word()]));

    let ran = balance(&mut chain, OWNER);
    assert_answer(&ran, 0x3e8);
    assert_eq!(interface_gas(&ran), 930);

    let ran = chain.call(OWNER, token, data(TRANSFER, &[BOB.word(), 3.word()]));
    assert_answer(&ran, 1);
    assert_eq!(interface_gas(&ran), 28_283);
    // The notes beside the file speak of a log, but its source has no event and its code does not
    // import `log`.
    assert!(ran.logs.is_empty());
    assert_answer(&balance(&mut chain, OWNER), 0x3e5);
    assert_answer(&balance(&mut chain, BOB), 3);

    let ran = chain.call(OWNER, token, data(TRANSFER, &[BOB.word(), 5000.word()]));
    assert_eq!(ran.outcome.status, Status::Revert);
    assert_eq!(ran.outcome.output, b"SafeMath: subtraction overflow");
    assert_answer(&balance(&mut chain, BOB), 3);

    let ran = chain.call(OWNER, token, data(APPROVE, &[BOB.word(), 10.word()]));
    assert_answer(&ran, 1);
    assert_eq!(interface_gas(&ran), 21_451);
    let ran = chain.call(OWNER, token, data(ALLOWANCE, &[OWNER.word(), BOB.word()]));
    assert_answer(&ran, 0x0a);
    assert_eq!(interface_gas(&ran), 1647);

    for nothing_known in [data(0x1234_5678, &[]), Vec::new()] {
        assert_eq!(chain.call(OWNER, token, nothing_known).outcome.status, Status::Revert);
    }
}

#[test]
fn the_plain_token_is_created_byte_for_byte() {
    let (Some(init_code), Some(code)) =
        (fixture("evmc-erc20-deploy-wasm.wasm"), fixture("evmc-erc20-wasm.wasm"))
    else {
        return;
    };
    assert_eq!((init_code.len(), code.len()), (15_434, 12_788));
    let mut chain = chain();
    let ran = chain.create(supplier(), init_code);
    let token = created(&ran);
    assert_eq!(*chain.code(token), *code);
    assert_eq!(interface_gas_of_create(&ran, &chain.code(token)), 41_838);
}

/// The account that owns all tokens of the plain token at first.
fn supplier() -> Address {
    Address::left_padding_from(&[0x7f, 0xff, 0xff, 0xff])
}

#[test]
fn the_plain_token_is_used() {
    let Some(init_code) = fixture("evmc-erc20-deploy-wasm.wasm") else { return };
    let mut chain = chain();
    let supplier = supplier();
    let [one, two] = [1, 2].map(Address::with_last_byte);
    let token = created(&chain.create(supplier, init_code));
    let steps = [
        (supplier, data(BALANCE_OF, &[supplier.word()]), 0x3e8),
        (supplier, data(TOTAL_SUPPLY, &[]), 0x3e8),
        (supplier, data(TRANSFER, &[one.word(), 0x14.word()]), 1),
        (supplier, data(BALANCE_OF, &[one.word()]), 0x14),
        (supplier, data(APPROVE, &[one.word(), 0x0a.word()]), 1),
        (supplier, data(ALLOWANCE, &[supplier.word(), one.word()]), 0x0a),
    ];
    for (sender, data, value) in steps {
        assert_answer(&chain.call(sender, token, data), value);
    }
    let ran = chain.call(one, token, data(TRANSFER_FROM, &[supplier.word(), two.word(), 3.word()]));
    assert_answer(&ran, 1);
    assert_eq!(interface_gas(&ran), 36_348);
    assert_answer(&chain.call(one, token, data(BALANCE_OF, &[supplier.word()])), 0x3d1);
}

#[test]
fn fibonacci_numbers_are_stored() {
    let Some(code) = fixture("rust-ssvm-fib.wasm") else { return };
    assert_eq!(code.len(), 1977);
    let mut chain = with_contract(code);
    let ran = chain.call(OWNER, CONTRACT, []);
    assert_success(&ran);
    assert_eq!(U256::from_be_slice(&ran.outcome.output), U256::from(0x37));
    for (key, value) in [1, 1, 2, 3, 5, 8, 0xd, 0x15, 0x22, 0x37].into_iter().enumerate() {
        assert_eq!(chain.slot(CONTRACT, key as u64), U256::from(value), "slot {key}");
    }
    assert_eq!(interface_gas(&ran), 200_000);
}

#[test]
fn deepsea_computes_in_little_endian() {
    let Some(code) = fixture("deepsea-arith.wasm") else { return };
    assert_eq!(code.len(), 1589);
    let mut chain = with_contract(code);
    let rows = [
        (0x7716_02f7, 3, 5, 8_u32),
        (0xc8a4_ac9c, 3, 5, 15),
        (0xb67d_77c5, 9, 3, 6),
        (0xa391_c15b, 9, 3, 3),
    ];
    for (selector, one, other, result) in rows {
        let ran = chain.call(OWNER, CONTRACT, data(selector, &[u64::word(one), u64::word(other)]));
        assert_success(&ran);
        assert_eq!(ran.outcome.output, result.to_le_bytes());
        assert_eq!(interface_gas(&ran), 20);
    }
    let ran = chain.call(OWNER, CONTRACT, data(0xb67d_77c5, &[3.word(), 5.word()]));
    assert_eq!(ran.outcome.status, Status::Revert);
}

#[test]
fn functions_of_numbers_answer_as_they_did() {
    let rows: [(&str, usize, u32, &[u64], u64); 7] = [
        ("feature-exp.wasm", 2802, 0x185a_f0ad, &[3, 5], 0xf3),
        ("feature-exp.wasm", 2802, 0x3570_efe6, &[2, 10], 0x400),
        ("feature-fib.wasm", 3210, 0xc6c2_ea17, &[10], 0x37),
        ("feature-fib.wasm", 3210, 0xc6c2_ea17, &[10_000], 0x102e_b4a8),
        ("feature-power.wasm", 2231, 0xc04f_01fc, &[3, 5], 0xf3),
        // The old compiler miscompiled these two, and that is what the code does.
        ("feature-matrix.wasm", 637, 0x4e1f_aab1, &[10], 1),
        ("feature-warshall.wasm", 10_795, 0x8cee_1741, &[], 0x3b9a_c9ff),
    ];
    for (name, size, selector, arguments, value) in rows {
        let Some(code) = fixture(name) else { return };
        assert_eq!(code.len(), size, "{name}");
        let words: Vec<_> = arguments.iter().map(|argument| argument.word()).collect();
        let (mut chain, contract) = with_created(code);
        let ran = chain.call(OWNER, contract, data(selector, &words));
        assert_eq!(answer(&ran), U256::from(value), "{name}");
    }
}

#[test]
fn a_struct_is_stored() {
    let Some(code) = fixture("feature-struct.wasm") else { return };
    assert_eq!(code.len(), 1180);
    let (mut chain, contract) = with_created(code);
    let ran = chain.call(OWNER, contract, data(0xbd14_598f, &[]));
    assert_answer(&ran, 0);
    assert_eq!(interface_gas(&ran), 40_208);
    assert_eq!(chain.account(contract).unwrap().storage.len(), 2);
}

#[test]
fn statements_answer_nothing() {
    let Some(code) = fixture("feature-statements.wasm") else { return };
    assert_eq!(code.len(), 485);
    let (mut chain, contract) = with_created(code);
    let ran = chain.call(OWNER, contract, data(0x4dc3_38c4, &[]));
    assert_success(&ran);
    assert!(ran.outcome.output.is_empty());
}

#[test]
fn strings_are_stored_by_a_constructor() {
    let Some(file) = fixture("feature-string.wasm") else { return };
    assert_eq!(file.len(), 10_170);
    let mut chain = chain();
    let ran = chain.create(OWNER, file);
    let contract = created(&ran);
    assert_eq!(chain.code(contract).len(), 5604);
    assert_eq!(chain.account(contract).unwrap().storage.len(), 7);
    assert_eq!(interface_gas_of_create(&ran, &chain.code(contract)), 142_726);
}

#[test]
fn built_in_functions_log_and_answer() {
    let Some(file) = fixture("feature-builtinTest.wasm") else { return };
    assert_eq!(file.len(), 19_524);
    let mut chain = chain();
    let ran = chain.create(OWNER, file);
    let contract = created(&ran);
    let [log] = ran.logs.as_slice() else { panic!("{:?}", ran.logs) };
    assert_eq!(log.topics().len(), 3);
    assert_eq!(U256::from_be_slice(&log.data.data), U256::from(0x1c8));
    assert_answer(&chain.call(OWNER, contract, data(0xfda0_b2da, &[])), 0x00bc_4ff2);
}
