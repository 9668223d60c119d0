use alloc::vec;
use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};

use super::{address, word};
use crate::ewasm::{Status, Vm, VmConfig};
use crate::revision::Revision;
use crate::state::{
    Blobs, BlockEnv, Driver, DriverConfig, GasPrice, JournaledState, MemoryAccount, MemoryBackend,
    Receipt, Transaction, TransactionError,
};

const ALICE: Address = Address::repeat_byte(0xaa);
const BOB: Address = Address::repeat_byte(0xbb);
const COINBASE: Address = Address::repeat_byte(0xcb);
const WEALTH: u64 = 1_000_000_000;
const IDENTITY: u8 = 4;

fn block() -> BlockEnv {
    BlockEnv { coinbase: COINBASE, ..BlockEnv::default() }
}

fn to_bob() -> Transaction {
    Transaction {
        gas_limit: 100_000,
        gas_price: GasPrice::Legacy(U256::from(10)),
        value: U256::from(7),
        ..Transaction::new(ALICE, 0, Some(BOB), [])
    }
}

fn genesis() -> MemoryBackend {
    let mut backend = MemoryBackend::new();
    backend.insert(ALICE, MemoryAccount::new(0, U256::from(WEALTH), [].into()));
    backend
}

/// Runs a transaction on a state and answers the receipt and the state afterwards.
fn run_on(
    backend: MemoryBackend,
    revision: Revision,
    block: &BlockEnv,
    transaction: &Transaction,
) -> Result<(Receipt, MemoryBackend), TransactionError> {
    let vm = Vm::new(VmConfig::default());
    let mut state = JournaledState::new(backend, revision);
    let result =
        Driver::new(&vm, DriverConfig::default()).transact(&mut state, block, transaction, &mut ());
    let changes = state.finish().unwrap();
    if result.is_err() {
        assert!(changes.accounts.is_empty(), "an invalid transaction changes nothing");
    }
    let mut backend = state.into_backend();
    backend.apply(changes);
    result.map(|receipt| (receipt, backend))
}

fn run(
    revision: Revision,
    transaction: &Transaction,
) -> Result<(Receipt, MemoryBackend), TransactionError> {
    run_on(genesis(), revision, &block(), transaction)
}

fn refusal(revision: Revision, transaction: &Transaction) -> TransactionError {
    run(revision, transaction).map(|(receipt, _)| receipt).unwrap_err()
}

fn balance(backend: &MemoryBackend, at: Address) -> u64 {
    backend.accounts().get(&at).map_or(0, |account| account.info.balance.to())
}

#[test]
fn a_transfer_costs_its_gas_and_pays_the_beneficiary() {
    let (receipt, after) = run(Revision::Byzantium, &to_bob()).unwrap();
    assert_eq!(receipt.status, Status::Success);
    assert_eq!((receipt.gas_used, receipt.gas_refunded), (21_000, 0));
    assert_eq!(balance(&after, ALICE), WEALTH - 7 - 210_000);
    assert_eq!(balance(&after, BOB), 7);
    assert_eq!(balance(&after, COINBASE), 210_000);
    assert_eq!(after.accounts()[&ALICE].info.nonce, 1);
}

#[test]
fn the_base_fee_is_burnt_and_the_tip_is_paid() {
    let block = BlockEnv { base_fee: U256::from(6), ..block() };
    let transaction = Transaction {
        gas_price: GasPrice::Dynamic { max_fee: U256::from(10), max_priority_fee: U256::from(3) },
        ..to_bob()
    };
    let (_, after) = run_on(genesis(), Revision::London, &block, &transaction).unwrap();
    assert_eq!(balance(&after, ALICE), WEALTH - 7 - 9 * 21_000);
    assert_eq!(balance(&after, COINBASE), 3 * 21_000);
}

#[test]
fn the_base_fee_means_nothing_before_london() {
    let block = BlockEnv { base_fee: U256::from(60), ..block() };
    let (_, after) = run_on(genesis(), Revision::Berlin, &block, &to_bob()).unwrap();
    assert_eq!(balance(&after, COINBASE), 210_000);
}

#[test]
fn a_call_of_nobody_with_nothing_leaves_no_account() {
    let transaction =
        Transaction { value: U256::ZERO, gas_price: GasPrice::Legacy(U256::ZERO), ..to_bob() };
    let (receipt, after) = run(Revision::Byzantium, &transaction).unwrap();
    assert_eq!(receipt.status, Status::Success);
    assert_eq!(after.accounts().keys().collect::<Vec<_>>(), [&ALICE]);
}

#[test]
fn a_beneficiary_that_gets_nothing_is_touched() {
    let mut backend = genesis();
    backend.insert(COINBASE, MemoryAccount::new(0, U256::ZERO, [].into()));
    let transaction = Transaction { gas_price: GasPrice::Legacy(U256::ZERO), ..to_bob() };
    let (_, after) = run_on(backend, Revision::Byzantium, &block(), &transaction).unwrap();
    assert!(!after.accounts().contains_key(&COINBASE));
}

#[test]
fn precompiled_contracts_can_be_called_by_transactions() {
    let data = vec![1, 2, 3];
    let transaction =
        Transaction { data: data.clone().into(), to: Some(address(IDENTITY)), ..to_bob() };
    let (receipt, _) = run(Revision::Istanbul, &transaction).unwrap();
    assert_eq!(receipt.output, data);
    assert_eq!(receipt.gas_used, 21_000 + 3 * 16 + 15 + 3);
}

#[test]
fn a_precompiled_contract_without_gas_uses_up_all_of_it_and_returns_the_value() {
    let transaction = Transaction { gas_limit: 21_000, to: Some(address(IDENTITY)), ..to_bob() };
    let (receipt, after) = run(Revision::Istanbul, &transaction).unwrap();
    assert_eq!(receipt.status, Status::OutOfGas);
    assert_eq!(receipt.gas_used, 21_000);
    assert_eq!(balance(&after, address(IDENTITY)), 0);
    assert_eq!(balance(&after, ALICE), WEALTH - 210_000);
}

#[test]
fn code_that_is_not_webassembly_fails_with_all_gas() {
    let mut backend = genesis();
    backend.insert(BOB, MemoryAccount::new(1, U256::ZERO, [0x60, 0x00].into()));
    let (receipt, after) = run_on(backend, Revision::Byzantium, &block(), &to_bob()).unwrap();
    assert_eq!(receipt.status, Status::ContractValidationFailure);
    assert_eq!(receipt.gas_used, 100_000);
    assert_eq!(balance(&after, BOB), 0);
}

#[test]
fn empty_init_code_makes_an_account_without_code() {
    let transaction = Transaction { to: None, ..to_bob() };
    let (receipt, after) = run(Revision::Byzantium, &transaction).unwrap();
    let made = ALICE.create(0);
    assert_eq!(receipt.create_address, Some(made));
    assert_eq!(receipt.gas_used, 53_000);
    assert_eq!(after.accounts()[&made].info.nonce, 1);
    assert_eq!(balance(&after, made), 7);
    assert_eq!(after.accounts()[&ALICE].info.nonce, 1);
}

#[test]
fn init_code_that_is_no_contract_fails_with_all_gas_and_counts_the_nonce() {
    let transaction = Transaction { to: None, data: [0x60].into(), ..to_bob() };
    let (receipt, after) = run(Revision::Byzantium, &transaction).unwrap();
    assert_eq!(receipt.status, Status::ContractValidationFailure);
    assert_eq!((receipt.gas_used, receipt.create_address), (100_000, None));
    assert_eq!(after.accounts()[&ALICE].info.nonce, 1);
    assert!(!after.accounts().contains_key(&ALICE.create(0)));
}

#[test]
fn a_create_on_top_of_a_contract_fails_and_leaves_it() {
    let mut backend = genesis();
    backend.insert(ALICE.create(0), MemoryAccount::new(1, U256::from(3), [].into()));
    let transaction = Transaction { to: None, ..to_bob() };
    let (receipt, after) = run_on(backend, Revision::Byzantium, &block(), &transaction).unwrap();
    assert_eq!((receipt.status, receipt.gas_used), (Status::Failure, 100_000));
    assert_eq!(balance(&after, ALICE.create(0)), 3);
}

#[test]
fn data_has_a_floor_from_prague_on() {
    let transaction = Transaction { data: [1; 100].into(), ..to_bob() };
    let gas = |revision| run(revision, &transaction).unwrap().0.gas_used;
    assert_eq!(gas(Revision::Cancun), 21_000 + 1600);
    assert_eq!(gas(Revision::Prague), 21_000 + 4000);
    let needed = 25_000;
    let short = Transaction { gas_limit: needed - 1, ..transaction.clone() };
    assert_eq!(
        refusal(Revision::Prague, &short),
        TransactionError::IntrinsicGas { needed, gas_limit: needed - 1 }
    );
}

#[test]
fn blobs_burn_their_fee() {
    let block = BlockEnv { blob_base_fee: U256::from(2), ..block() };
    let mut hash = B256::repeat_byte(5);
    hash[0] = 1;
    let blobs = |hashes| Some(Blobs { max_fee: U256::from(3), hashes });
    let transaction = |hashes| Transaction { blobs: blobs(hashes), ..to_bob() };
    let (_, after) =
        run_on(genesis(), Revision::Cancun, &block, &transaction(vec![hash; 2])).unwrap();
    assert_eq!(balance(&after, ALICE), WEALTH - 7 - 210_000 - 2 * 2 * 131_072);

    for hashes in [vec![], vec![word(1)], vec![hash; 7]] {
        assert!(matches!(
            refusal(Revision::Cancun, &transaction(hashes)),
            TransactionError::Blobs(_)
        ));
    }
    let create = Transaction { to: None, ..transaction(vec![hash]) };
    assert!(matches!(refusal(Revision::Cancun, &create), TransactionError::Blobs(_)));
    let dear = BlockEnv { blob_base_fee: U256::from(4), ..block };
    assert!(matches!(
        run_on(genesis(), Revision::Cancun, &dear, &transaction(vec![hash])),
        Err(TransactionError::BlobFeeBelowBaseFee { .. })
    ));
}

#[test]
fn the_nonce_must_be_the_senders() {
    let transaction = Transaction { nonce: 1, ..to_bob() };
    assert_eq!(
        refusal(Revision::Byzantium, &transaction),
        TransactionError::Nonce { expected: 0, found: 1 }
    );
}

#[test]
fn the_last_nonce_sends_nothing() {
    for to in [Some(BOB), None] {
        let mut backend = MemoryBackend::new();
        backend.insert(ALICE, MemoryAccount::new(u64::MAX, U256::from(WEALTH), [].into()));
        let transaction = Transaction { nonce: u64::MAX, to, ..to_bob() };
        let result = run_on(backend, Revision::Byzantium, &block(), &transaction);
        assert_eq!(result.unwrap_err(), TransactionError::NonceExhausted);
    }
}

#[test]
fn the_sender_pays_for_all_gas_and_the_value_in_advance() {
    for (price, value) in [(WEALTH, 0), (0, WEALTH + 1), (10, WEALTH), (u64::MAX, u64::MAX)] {
        let gas_price = GasPrice::Legacy(U256::from(price));
        let transaction = Transaction { gas_price, value: U256::from(value), ..to_bob() };
        let error = refusal(Revision::Byzantium, &transaction);
        assert!(matches!(error, TransactionError::InsufficientBalance { .. }), "{error}");
    }
    let transaction = Transaction { gas_price: GasPrice::Legacy(U256::MAX), ..to_bob() };
    let needed = U256::MAX;
    assert_eq!(
        refusal(Revision::Byzantium, &transaction),
        TransactionError::InsufficientBalance { needed, balance: U256::from(WEALTH) }
    );
}

#[test]
fn the_gas_limit_covers_what_is_due_before_the_first_message() {
    let data = [0, 1, 2];
    for (revision, to, needed) in [
        (Revision::Byzantium, Some(BOB), 21_000 + 4 + 2 * 68),
        (Revision::Istanbul, Some(BOB), 21_000 + 4 + 2 * 16),
        (Revision::Istanbul, None, 53_000 + 4 + 2 * 16),
        (Revision::Shanghai, None, 53_000 + 4 + 2 * 16 + 2),
    ] {
        let transaction = Transaction { gas_limit: needed - 1, to, data: data.into(), ..to_bob() };
        let error = TransactionError::IntrinsicGas { needed, gas_limit: needed - 1 };
        assert_eq!(refusal(revision, &transaction), error);
        assert!(run(revision, &Transaction { gas_limit: needed, ..transaction }).is_ok());
    }
}

#[test]
fn an_access_list_is_paid_for() {
    let list = vec![(BOB, vec![word(1), word(2)]), (address(9), vec![])];
    let transaction = Transaction { access_list: Some(list), ..to_bob() };
    let (receipt, _) = run(Revision::Berlin, &transaction).unwrap();
    assert_eq!(receipt.gas_used, 21_000 + 2 * 2400 + 2 * 1900);
}

#[test]
fn a_block_has_room_for_so_much_gas() {
    let block = BlockEnv { gas_limit: 150_000, gas_used: 50_001, ..block() };
    let error = run_on(genesis(), Revision::Byzantium, &block, &to_bob()).unwrap_err();
    assert_eq!(error, TransactionError::BlockGasLimit { gas_limit: 100_000, available: 99_999 });
    let block = BlockEnv { gas_used: 50_000, ..block };
    assert!(run_on(genesis(), Revision::Byzantium, &block, &to_bob()).is_ok());
}

#[test]
fn a_transaction_has_a_cap_from_osaka_on() {
    let gas_limit = (1 << 24) + 1;
    let transaction = Transaction { gas_limit, ..to_bob() };
    assert!(run(Revision::Prague, &transaction).is_ok());
    let error = TransactionError::GasLimitCap { gas_limit, cap: 1 << 24 };
    assert_eq!(refusal(Revision::Osaka, &transaction), error);
}

#[test]
fn fees_reach_the_base_fee_and_tips_do_not_exceed_fees() {
    let block = BlockEnv { base_fee: U256::from(11), ..block() };
    let error = run_on(genesis(), Revision::London, &block, &to_bob()).unwrap_err();
    assert_eq!(
        error,
        TransactionError::FeeBelowBaseFee { max_fee: U256::from(10), base_fee: U256::from(11) }
    );
    let gas_price = GasPrice::Dynamic { max_fee: U256::from(11), max_priority_fee: U256::from(12) };
    let error = run_on(genesis(), Revision::London, &block, &Transaction { gas_price, ..to_bob() })
        .unwrap_err();
    assert_eq!(error, TransactionError::PriorityFeeAboveMaxFee);
}

#[test]
fn a_contract_cannot_send_transactions_from_london_on() {
    let mut backend = MemoryBackend::new();
    backend.insert(ALICE, MemoryAccount::new(0, U256::from(WEALTH), [0].into()));
    let error = run_on(backend, Revision::London, &block(), &to_bob()).unwrap_err();
    assert_eq!(error, TransactionError::SenderHasCode);
}

#[test]
fn types_of_transactions_begin_with_their_revision() {
    let dynamic = GasPrice::Dynamic { max_fee: U256::from(1), max_priority_fee: U256::from(1) };
    let mut hash = B256::ZERO;
    hash[0] = 1;
    let blobs = Blobs { max_fee: U256::ZERO, hashes: vec![hash] };
    let types = [
        (2930, Revision::Berlin, Transaction { access_list: Some(vec![]), ..to_bob() }),
        (1559, Revision::London, Transaction { gas_price: dynamic, ..to_bob() }),
        (4844, Revision::Cancun, Transaction { blobs: Some(blobs), ..to_bob() }),
    ];
    for (eip, since, transaction) in types {
        for revision in Revision::ALL.into_iter().filter(|revision| revision.is_supported()) {
            let result = run(revision, &transaction);
            if revision < since {
                assert_eq!(result.unwrap_err(), TransactionError::TypeNotSupported { eip });
            } else {
                assert!(result.is_ok(), "EIP-{eip} in {revision}");
            }
        }
    }
}

#[test]
fn init_code_is_limited_from_shanghai_on() {
    let limit = crate::ewasm::Schedule::of(Revision::Shanghai).init_code_size;
    let data = vec![0; limit as usize + 1];
    let transaction =
        Transaction { to: None, gas_limit: 10_000_000, data: data.into(), ..to_bob() };
    let error = TransactionError::InitCodeSize { size: limit as usize + 1, limit };
    assert_eq!(refusal(Revision::Shanghai, &transaction), error);
    assert!(run(Revision::Paris, &transaction).is_ok());
}
