use alloc::vec;

use alloy_primitives::{KECCAK256_EMPTY, U256, keccak256};

use super::{address, state_with, word};
use crate::ewasm::{AccessStatus, Host, StorageStatus, TransactionContext};
use crate::revision::Revision;
use crate::state::{AccountChange, AccountInfo, JournaledState, MemoryAccount, MemoryBackend};

#[test]
fn a_touched_empty_account_is_deleted_and_an_untouched_one_stays() {
    let mut state = state_with(Revision::Byzantium, &[(1, 0), (2, 0)]);
    state.touch(&address(1));
    assert!(!state.account_exists(&address(2)));
    let changes = state.finish().unwrap();
    assert_eq!(changes.accounts, vec![(address(1), AccountChange::Delete)]);
}

#[test]
fn a_touch_in_a_failed_frame_is_forgotten() {
    let mut state = state_with(Revision::Byzantium, &[(1, 0)]);
    let checkpoint = state.checkpoint();
    state.touch(&address(1));
    state.rollback(checkpoint);
    assert!(state.finish().unwrap().accounts.is_empty());
}

#[test]
fn an_account_that_never_held_anything_is_no_change() {
    let mut state = state_with(Revision::Byzantium, &[(1, 5)]);
    state.touch(&address(9));
    assert!(state.transfer(&address(1), &address(8), U256::from(5)));
    assert!(state.transfer(&address(8), &address(1), U256::from(5)));
    assert!(state.finish().unwrap().accounts.is_empty());
}

#[test]
fn only_slots_that_are_different_in_the_end_are_written() {
    let mut state = state_with(Revision::Byzantium, &[(1, 5)]);
    for (key, value) in [(1, 7), (2, 7), (2, 0), (3, 1), (3, 2)] {
        state.set_storage(&address(1), &word(key), &word(value));
    }
    let changes = state.finish().unwrap();
    let [(_, AccountChange::Update(update))] = changes.accounts.as_slice() else {
        panic!("{changes:?}")
    };
    assert_eq!(update.storage, vec![(word(1), word(7)), (word(3), word(2))]);
}

#[test]
fn the_original_value_of_a_slot_is_that_of_the_transaction() {
    let mut backend = MemoryBackend::new();
    let mut account = MemoryAccount::new(1, U256::ZERO, [1].into());
    account.storage.insert(word(1), word(5));
    backend.insert(address(1), account);
    let mut state = JournaledState::new(backend, Revision::Istanbul);
    let mut write = |value| state.set_storage(&address(1), &word(1), &word(value));
    assert_eq!(write(5), StorageStatus::Assigned);
    assert_eq!(write(0), StorageStatus::Deleted);
    assert_eq!(write(5), StorageStatus::DeletedRestored);
    assert_eq!(write(6), StorageStatus::Modified);
    assert_eq!(write(5), StorageStatus::ModifiedRestored);
    write(9);
    let changes = state.finish().unwrap();
    state.backend_mut().apply(changes);
    state.begin(TransactionContext::default());
    assert_eq!(state.set_storage(&address(1), &word(1), &word(5)), StorageStatus::Modified);
}

#[test]
fn slots_and_accounts_are_cold_again_after_a_rollback() {
    let mut state = state_with(Revision::Berlin, &[]);
    let checkpoint = state.checkpoint();
    assert_eq!(state.access_account(&address(1)), AccessStatus::Cold);
    assert_eq!(state.access_account(&address(1)), AccessStatus::Warm);
    assert_eq!(state.access_storage(&address(1), &word(1)), AccessStatus::Cold);
    assert_eq!(state.access_storage(&address(1), &word(1)), AccessStatus::Warm);
    state.rollback(checkpoint);
    assert_eq!(state.access_account(&address(1)), AccessStatus::Cold);
    assert_eq!(state.access_storage(&address(1), &word(1)), AccessStatus::Cold);
}

#[test]
fn a_new_contract_keeps_the_balance_that_its_address_had() {
    let mut state = state_with(Revision::Byzantium, &[(1, 5)]);
    assert!(state.create_account(&address(1)));
    state.set_code(&address(1), [1, 2, 3].into());
    let info = state.account(&address(1));
    assert_eq!(
        info,
        AccountInfo { nonce: 1, balance: U256::from(5), code_hash: keccak256([1, 2, 3]) }
    );
    let changes = state.finish().unwrap();
    let mut backend = state.into_backend();
    backend.apply(changes);
    assert_eq!(&*backend.accounts()[&address(1)].code, [1, 2, 3]);
}

#[test]
fn an_address_with_nonce_code_or_storage_is_not_free() {
    let mut backend = MemoryBackend::new();
    backend.insert(address(1), MemoryAccount::new(1, U256::ZERO, [].into()));
    backend.insert(address(2), MemoryAccount::new(0, U256::ZERO, [0].into()));
    let mut with_storage = MemoryAccount::new(0, U256::ZERO, [].into());
    with_storage.storage.insert(word(1), word(1));
    backend.insert(address(3), with_storage);
    let mut state = JournaledState::new(backend, Revision::Byzantium);
    for number in 1..=3 {
        assert!(!state.create_account(&address(number)), "{number}");
    }
    assert!(state.create_account(&address(4)));
    assert!(!state.create_account(&address(4)));
}

#[test]
fn the_last_nonce_is_not_exceeded() {
    let mut backend = MemoryBackend::new();
    backend.insert(address(1), MemoryAccount::new(u64::MAX - 1, U256::ZERO, [].into()));
    let mut state = JournaledState::new(backend, Revision::Byzantium);
    assert_eq!(state.increment_nonce(&address(1)), Some(u64::MAX - 1));
    assert_eq!(state.increment_nonce(&address(1)), None);
    assert_eq!(state.account(&address(1)).nonce, u64::MAX);
}

#[test]
fn a_destroyed_account_is_deleted_with_what_it_receives_later() {
    let mut state = state_with(Revision::Byzantium, &[(1, 5), (2, 7)]);
    assert!(state.self_destruct(&address(1), &address(3)));
    assert!(!state.self_destruct(&address(1), &address(3)));
    assert!(state.transfer(&address(2), &address(1), U256::from(4)));
    let changes = state.finish().unwrap();
    let mut backend = state.into_backend();
    backend.apply(changes);
    let balances: vec::Vec<_> =
        backend.accounts().iter().map(|(at, account)| (*at, account.info.balance)).collect();
    assert_eq!(balances, vec![(address(2), U256::from(3)), (address(3), U256::from(5))]);
}

#[test]
fn a_destroyed_account_that_names_itself_loses_its_balance() {
    let mut state = state_with(Revision::Byzantium, &[(1, 5)]);
    assert!(state.self_destruct(&address(1), &address(1)));
    assert_eq!(state.balance(&address(1)), U256::ZERO);
}

#[test]
fn from_cancun_on_an_older_account_survives_its_destruction() {
    let mut state = state_with(Revision::Cancun, &[(1, 5), (2, 6)]);
    assert!(!state.self_destruct(&address(1), &address(3)));
    assert!(!state.self_destruct(&address(2), &address(2)));
    assert_eq!(state.balance(&address(1)), U256::ZERO);
    assert_eq!(state.balance(&address(2)), U256::from(6));
    assert_eq!(state.balance(&address(3)), U256::from(5));

    assert!(state.create_account(&address(4)));
    assert!(state.self_destruct(&address(4), &address(3)));
    let changes = state.finish().unwrap();
    assert!(changes.accounts.iter().all(|(at, _)| *at != address(4)));
}

#[test]
fn transient_storage_ends_with_the_transaction_and_with_a_failed_frame() {
    let mut state = state_with(Revision::Cancun, &[(1, 5)]);
    state.set_transient_storage(&address(1), &word(1), &word(2));
    let checkpoint = state.checkpoint();
    state.set_transient_storage(&address(1), &word(1), &word(3));
    state.rollback(checkpoint);
    assert_eq!(state.transient_storage(&address(1), &word(1)), word(2));
    assert_eq!(state.transient_storage(&address(2), &word(1)), word(0));
    assert!(state.finish().unwrap().accounts.is_empty());
    state.begin(TransactionContext::default());
    assert_eq!(state.transient_storage(&address(1), &word(1)), word(0));
}

#[test]
fn code_hashes_follow_eip_1052() {
    let mut state = state_with(Revision::Constantinople, &[(1, 5), (2, 0)]);
    assert_eq!(state.code_hash(&address(1)), KECCAK256_EMPTY);
    assert_eq!(state.code_hash(&address(2)), word(0));
    assert_eq!(state.code_hash(&address(3)), word(0));
}

#[test]
fn code_is_copied_as_far_as_it_goes() {
    let mut state = state_with(Revision::Byzantium, &[]);
    state.set_code(&address(1), [1, 2, 3].into());
    let mut buffer = [9; 4];
    assert_eq!(state.copy_code(&address(1), 1, &mut buffer), 2);
    assert_eq!(buffer, [2, 3, 9, 9]);
    assert_eq!(state.copy_code(&address(1), 3, &mut buffer), 0);
    assert_eq!(state.copy_code(&address(1), usize::MAX, &mut buffer), 0);
    assert_eq!(state.code_size(&address(1)), 3);
}

#[test]
fn hashes_are_known_of_the_last_256_blocks() {
    let mut backend = MemoryBackend::new();
    for number in 0..1000 {
        backend.set_block_hash(number, word(1));
    }
    let mut state = JournaledState::new(backend, Revision::Byzantium);
    state.begin(TransactionContext { number: 500, ..TransactionContext::default() });
    for (number, is_known) in
        [(500, false), (501, false), (499, true), (244, true), (243, false), (0, false)]
    {
        assert_eq!(state.block_hash(number).is_some(), is_known, "{number}");
    }
}
