//! What every chain does, contracts aside.
use frame_support::assert_ok;
use pallet_balances::Call as Balances;
use sp_keyring::Sr25519Keyring::{Alice, Bob, Ferdie};
use sp_runtime::{
    DispatchError, TokenError,
    transaction_validity::{InvalidTransaction, TransactionValidityError},
};
use tephra_chain_tests::Chain;
use tephra_runtime::{
    Balance, RuntimeCall, RuntimeEvent,
    fees::{EXISTENTIAL_DEPOSIT, UNIT},
    genesis::ENDOWMENT,
};

fn transfer(value: Balance) -> RuntimeCall {
    RuntimeCall::Balances(Balances::transfer_allow_death {
        dest: Ferdie.to_account_id().into(),
        value,
    })
}

fn balance(chain: &mut Chain, of: sp_keyring::Sr25519Keyring) -> Balance {
    chain.read(|| tephra_runtime::Balances::free_balance(of.to_account_id()))
}

#[test]
fn a_transfer_moves_balance_and_pays_the_author() {
    let mut chain = Chain::start("local");
    let issuance = chain.read(tephra_runtime::Balances::total_issuance);
    let block = chain.block([(Alice, transfer(3 * UNIT))]);
    assert_eq!(block.results, [Ok(Ok(()))]);
    assert_eq!(balance(&mut chain, Ferdie), ENDOWMENT + 3 * UNIT);
    let fees = block.select(|event| match event {
        RuntimeEvent::TransactionPayment(
            pallet_transaction_payment::Event::TransactionFeePaid { actual_fee, .. },
        ) => Some(*actual_fee),
        _ => None,
    });
    let [fee] = fees[..] else { panic!("one fee: {fees:?}") };
    assert!(fee > 0);
    // The slot of block 1 belongs to one of the validators.
    let author = chain.read(tephra_runtime::Authorship::author).expect("every block has an author");
    assert_ne!(author, Ferdie.to_account_id());
    assert_eq!(
        chain.read(tephra_runtime::Balances::total_issuance),
        issuance,
        "fees move, nothing is burned"
    );
}

#[test]
fn a_failed_transfer_is_in_the_block_and_pays_a_fee() {
    let mut chain = Chain::start("dev");
    let block = chain.block([(Bob, transfer(2 * ENDOWMENT))]);
    assert_eq!(block.results, [Ok(Err(DispatchError::Token(TokenError::FundsUnavailable)))]);
    assert!(balance(&mut chain, Bob) < ENDOWMENT);
    assert_eq!(balance(&mut chain, Ferdie), ENDOWMENT);
}

#[test]
fn a_transaction_with_a_used_nonce_is_not_in_the_block() {
    let mut chain = Chain::start("dev");
    let transaction = chain.sign(Bob, transfer(1));
    let block = chain.block_of(vec![transaction.clone(), transaction]);
    assert_ok!(block.results[0].expect("the first is valid"));
    assert_eq!(block.results[1], Err(TransactionValidityError::Invalid(InvalidTransaction::Stale)));
}

#[test]
fn an_account_below_the_existential_deposit_is_removed() {
    let mut chain = Chain::start("dev");
    let rest = EXISTENTIAL_DEPOSIT - 1;
    let all_but = RuntimeCall::Balances(Balances::transfer_all {
        dest: Ferdie.to_account_id().into(),
        keep_alive: false,
    });
    let block = chain.block([(Bob, all_but)]);
    assert_eq!(block.results, [Ok(Ok(()))]);
    assert!(balance(&mut chain, Bob) <= rest);
    assert!(!chain.read(|| tephra_runtime::System::account_exists(&Bob.to_account_id())));
}

#[test]
fn blocks_follow_one_another() {
    let mut chain = Chain::start("local");
    for number in 1..=5 {
        let block = chain.block([(Alice, transfer(UNIT)), (Bob, transfer(UNIT))]);
        assert_eq!(block.header.number, number);
    }
    assert_eq!(balance(&mut chain, Ferdie), ENDOWMENT + 10 * UNIT);
}

#[test]
fn the_metadata_names_every_pallet_and_runtime_api() {
    let mut chain = Chain::start("dev");
    let versions: Vec<u32> = chain.query("Metadata_metadata_versions", ());
    assert!(
        versions.contains(&15),
        "runtime APIs are in metadata from version 15 on: {versions:?}"
    );
    let metadata: Option<Vec<u8>> = chain.query("Metadata_metadata_at_version", 15u32);
    let metadata = metadata.expect("version 15 is among the versions");
    for name in [
        "Balances",
        "Sudo",
        "Multisig",
        "Proxy",
        "Utility",
        "TransactionPaymentApi",
        "AccountNonceApi",
    ] {
        assert!(
            metadata.windows(name.len()).any(|window| window == name.as_bytes()),
            "{name} is not in the metadata"
        );
    }
}
