use std::fs;
use std::io::{Seek, SeekFrom, Write};

use alloy_primitives::{B256, U256, keccak256};
use tephra_core::state::{AccountChange, AccountUpdate, Backend};

use super::tables::FORMAT_KEY;
use super::*;
use crate::accounts;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn update(balance: u64, storage: Vec<(B256, B256)>) -> AccountChange {
    let code: std::sync::Arc<[u8]> = b"code"[..].into();
    AccountChange::Update(AccountUpdate {
        nonce: 1,
        balance: U256::from(balance),
        code_hash: keccak256(&code),
        code: Some(code),
        storage,
    })
}

fn commit_of(changes: Vec<(Address, AccountChange)>) -> Commit<'static> {
    Commit { changes: Changes { accounts: changes }, block: Some(7), contract: None }
}

fn slots(snapshot: &Snapshot, address: &Address) -> usize {
    snapshot.slots(address).unwrap().map(Result::unwrap).count()
}

#[test]
fn a_commit_survives_closing_and_opening() {
    let folder = folder();
    let file = folder.path().join("state");
    let contract = Address::repeat_byte(0xff);
    let database = Database::open(&file, Access::Write).unwrap();
    let mut commit =
        commit_of(vec![(contract, update(5, vec![(B256::ZERO, B256::with_last_byte(9))]))]);
    commit.contract = Some(NewContract { address: contract, name: Some("token"), abi: Some("[]") });
    database.commit(&commit).unwrap();
    drop(database);

    let database = Database::open(&file, Access::Read).unwrap();
    let snapshot = database.snapshot().unwrap();
    assert_eq!(snapshot.block(), 7);
    assert_eq!(snapshot.account(&contract).unwrap().unwrap().balance, U256::from(5));
    assert_eq!(snapshot.storage(&contract, &B256::ZERO).unwrap(), B256::with_last_byte(9));
    assert_eq!(&*snapshot.code(&keccak256("code")).unwrap(), b"code");
    assert_eq!(snapshot.named("token").unwrap(), Some(contract));
    assert_eq!(snapshot.abi(&contract).unwrap().as_deref(), Some("[]"));
}

#[test]
fn deleting_an_account_deletes_only_its_own_storage() {
    let database = Database::in_memory().unwrap();
    let [before, gone, after] = [1, 2, 3].map(Address::repeat_byte);
    let full = || {
        update(
            1,
            vec![
                (B256::ZERO, B256::with_last_byte(1)),
                (B256::repeat_byte(0xff), B256::with_last_byte(1)),
            ],
        )
    };
    database
        .commit(&commit_of([before, gone, after].map(|address| (address, full())).to_vec()))
        .unwrap();
    database.commit(&commit_of(vec![(gone, AccountChange::Delete)])).unwrap();
    let snapshot = database.snapshot().unwrap();
    assert_eq!([before, gone, after].map(|address| slots(&snapshot, &address)), [2, 0, 2]);
    assert_eq!(snapshot.account(&gone).unwrap(), None);
    assert!(!snapshot.has_storage(&gone).unwrap() && snapshot.has_storage(&after).unwrap());
}

#[test]
fn a_slot_set_to_zero_is_gone() {
    let database = Database::in_memory().unwrap();
    let address = Address::repeat_byte(1);
    database
        .commit(&commit_of(vec![(address, update(1, vec![(B256::ZERO, B256::with_last_byte(1))]))]))
        .unwrap();
    database
        .commit(&commit_of(vec![(address, update(1, vec![(B256::ZERO, B256::ZERO)]))]))
        .unwrap();
    assert_eq!(slots(&database.snapshot().unwrap(), &address), 0);
}

#[test]
fn a_snapshot_does_not_change_while_others_write() {
    let database = Database::in_memory().unwrap();
    let snapshot = database.snapshot().unwrap();
    database.commit(&commit_of(vec![(Address::ZERO, update(1, Vec::new()))])).unwrap();
    assert_eq!((snapshot.block(), snapshot.account(&Address::ZERO).unwrap()), (0, None));
}

#[test]
fn reading_a_state_that_is_not_there_makes_no_file() {
    let folder = folder();
    let file = folder.path().join("state");
    let database = Database::open(&file, Access::Read).unwrap();
    let snapshot = database.snapshot().unwrap();
    let alice = accounts::address("alice").unwrap();
    assert_eq!(snapshot.account(&alice).unwrap().unwrap().balance, accounts::genesis_balance());
    assert!(!file.exists());
}

#[test]
fn making_a_state_leaves_nothing_else_behind() {
    let folder = folder();
    drop(Database::open(&folder.path().join("state"), Access::Write).unwrap());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_foreign_file_is_refused_and_kept() {
    let folder = folder();
    for contents in [&b""[..], b"hello", &[0; 100_000]] {
        let file = folder.path().join("foreign");
        fs::write(&file, contents).unwrap();
        let error = Database::open(&file, Access::Write).err().unwrap();
        assert!(matches!(error.problem, Problem::NotADatabase), "{error}");
        assert!(remove(&file).is_err());
        assert_eq!(fs::read(&file).unwrap(), contents);
    }
}

#[test]
fn a_database_of_another_program_is_refused_and_kept() {
    let folder = folder();
    let file = folder.path().join("other");
    drop(redb::Database::create(&file).unwrap());
    let error = Database::open(&file, Access::Read).unwrap_err();
    assert!(matches!(error.problem, Problem::OtherDatabase), "{error}");
    assert!(remove(&file).is_err());
}

#[test]
fn another_format_version_is_refused() {
    let folder = folder();
    let file = folder.path().join("state");
    let database = Database::open(&file, Access::Write).unwrap();
    let transaction = database.inner().unwrap().begin_write().unwrap();
    transaction.open_table(META).unwrap().insert(FORMAT_KEY, 99).unwrap();
    transaction.commit().unwrap();
    drop(database);
    let error = Database::open(&file, Access::Read).unwrap_err();
    assert!(matches!(error.problem, Problem::Format { found: Some(99) }), "{error}");
    assert!(error.to_string().contains("format version 99"), "{error}");
    assert!(remove(&file).unwrap());
}

#[test]
fn a_damaged_file_is_an_error_wherever_the_damage_is() {
    let folder = folder();
    let file = folder.path().join("state");
    drop(Database::open(&file, Access::Write).unwrap());
    let whole = fs::read(&file).unwrap();
    let mut refused = 0;
    for step in 0..120 {
        fs::write(&file, &whole).unwrap();
        let mut handle = fs::OpenOptions::new().write(true).open(&file).unwrap();
        let at = if step < 60 { step * 8 } else { (step * whole.len()) / 120 };
        handle.seek(SeekFrom::Start(at as u64)).unwrap();
        handle.write_all(&[0xa5; 16]).unwrap();
        drop(handle);
        let read = Database::open(&file, Access::Read).and_then(|database| {
            let snapshot = database.snapshot()?;
            snapshot.accounts()?.try_for_each(|account| account.map(drop))
        });
        refused += usize::from(read.is_err());
    }
    assert!(refused > 10, "{refused}");
}

#[test]
fn a_truncated_file_is_an_error() {
    let folder = folder();
    let file = folder.path().join("state");
    drop(Database::open(&file, Access::Write).unwrap());
    let whole = fs::read(&file).unwrap();
    for part in 1..20 {
        fs::write(&file, whole.get(..whole.len() * part / 20).unwrap()).unwrap();
        assert!(Database::open(&file, Access::Read).is_err());
    }
}

#[test]
fn a_panic_of_the_database_library_is_an_error_like_any_other() {
    let result =
        guarded(Path::new("state"), || -> Result<()> { panic!("the bitmap is too short") });
    let error = result.unwrap_err();
    assert!(matches!(error.problem, Problem::Damaged(_)), "{error}");
}
