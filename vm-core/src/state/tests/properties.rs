use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use proptest::prelude::*;

use super::model::Model;
use super::{address, word};
use crate::ewasm::{AccessStatus, Host, TransactionContext};
use crate::revision::Revision;
use crate::state::{AccountInfo, Checkpoint, JournaledState, MemoryAccount, MemoryBackend};

const ACCOUNTS: u8 = 5;
const KEYS: u8 = 3;
const RICH: u64 = 1000;

#[derive(Clone, Debug)]
enum Operation {
    Checkpoint,
    Commit,
    Rollback,
    Transfer(u8, u8, u64),
    SetStorage(u8, u8, u8),
    SetTransient(u8, u8, u8),
    IncrementNonce(u8),
    Create(u8),
    SetCode(u8, u8),
    Touch(u8),
    SelfDestruct(u8, u8),
    Warm(u8),
    WarmSlot(u8, u8),
    Log(u8),
}

fn operation() -> impl Strategy<Value = Operation> {
    use Operation::*;
    let at = || 0..ACCOUNTS;
    let key = || 0..KEYS;
    prop_oneof![
        2 => Just(Checkpoint),
        1 => Just(Commit),
        2 => Just(Rollback),
        3 => (at(), at(), 0..RICH * 3 / 2).prop_map(|(from, to, value)| Transfer(from, to, value)),
        4 => (at(), key(), 0..3_u8).prop_map(|(at, key, value)| SetStorage(at, key, value)),
        1 => (at(), key(), 0..3_u8).prop_map(|(at, key, value)| SetTransient(at, key, value)),
        1 => at().prop_map(IncrementNonce),
        1 => at().prop_map(Create),
        1 => (at(), 0..3_u8).prop_map(|(at, code)| SetCode(at, code)),
        1 => at().prop_map(Touch),
        1 => (at(), at()).prop_map(|(at, to)| SelfDestruct(at, to)),
        1 => at().prop_map(Warm),
        1 => (at(), key()).prop_map(|(at, key)| WarmSlot(at, key)),
        1 => any::<u8>().prop_map(Log),
    ]
}

/// The state and the model side by side.
struct Pair {
    state: JournaledState<MemoryBackend>,
    model: Model,
    open: Vec<(Checkpoint, Model)>,
    before: BTreeMap<Address, AccountInfo>,
}

impl Pair {
    /// Account 0 exists and is empty, 1 is rich, 2 is rich and has storage, the others do not
    /// exist.
    fn new(revision: Revision) -> Self {
        let mut backend = MemoryBackend::new();
        let mut model = Model::new(revision);
        for (number, balance) in [(0, 0), (1, RICH), (2, RICH)] {
            let nonce = u64::from(number == 2);
            let mut account = MemoryAccount::new(nonce, U256::from(balance), [].into());
            if number == 2 {
                account.storage.insert(word(1), word(2));
                model.storage.insert((address(2), word(1)), word(2));
            }
            model.infos.insert(address(number), account.info);
            backend.insert(address(number), account);
        }
        let before = model.infos.clone();
        let mut state = JournaledState::new(backend, revision);
        state.begin(TransactionContext::default());
        Self { state, model, open: Vec::new(), before }
    }

    fn apply(&mut self, operation: &Operation) {
        use Operation::*;
        let (state, model) = (&mut self.state, &mut self.model);
        match *operation {
            Checkpoint => self.open.push((state.checkpoint(), model.clone())),
            Commit => {
                if let Some((checkpoint, _)) = self.open.pop() {
                    state.commit(checkpoint);
                }
            }
            Rollback => {
                if let Some((checkpoint, copy)) = self.open.pop() {
                    state.rollback(checkpoint);
                    *model = copy;
                }
            }
            Transfer(from, to, value) => {
                let (from, to, value) = (address(from), address(to), U256::from(value));
                assert_eq!(state.transfer(&from, &to, value), model.transfer(&from, &to, value));
            }
            SetStorage(at, key, value) => {
                state.set_storage(&address(at), &word(key), &word(value));
                model.storage.insert((address(at), word(key)), word(value));
            }
            SetTransient(at, key, value) => {
                state.set_transient_storage(&address(at), &word(key), &word(value));
                model.transient.insert((address(at), word(key)), word(value));
            }
            IncrementNonce(at) => {
                assert_eq!(
                    state.increment_nonce(&address(at)),
                    Some(model.info(&address(at)).nonce)
                );
                model.increment_nonce(&address(at));
            }
            Create(at) => {
                // Storage without code exists in no real state; account 2 has it only with a nonce.
                assert_eq!(state.create_account(&address(at)), model.create(&address(at)));
            }
            SetCode(at, code) => {
                let code = &[0, 1][..usize::from(code).min(2)];
                state.set_code(&address(at), code.into());
                model.set_code(&address(at), code);
            }
            Touch(at) => {
                state.touch(&address(at));
                model.touch(&address(at));
            }
            SelfDestruct(at, to) => {
                let (at, to) = (address(at), address(to));
                assert_eq!(state.self_destruct(&at, &to), model.self_destruct(&at, &to));
            }
            Warm(at) => {
                let is_first = model.warm.insert(address(at));
                assert_eq!(state.access_account(&address(at)) == AccessStatus::Cold, is_first);
            }
            WarmSlot(at, key) => {
                let is_first = model.warm_slots.insert((address(at), word(key)));
                assert_eq!(
                    state.access_storage(&address(at), &word(key)) == AccessStatus::Cold,
                    is_first
                );
            }
            Log(number) => {
                state.log(&address(0), &[], &[number]);
                model.logs.push(number);
            }
        }
    }

    /// Everything that can be asked has the same answer.
    fn compare(&mut self) {
        let (state, model) = (&mut self.state, &self.model);
        for at in (0..ACCOUNTS).map(address) {
            assert_eq!(state.account(&at), model.info(&at), "{at}");
            assert_eq!(state.account_exists(&at), !model.info(&at).is_empty(), "{at}");
            for key in (0..KEYS).map(word) {
                let of = |map: &BTreeMap<(Address, B256), B256>| {
                    map.get(&(at, key)).copied().unwrap_or_default()
                };
                assert_eq!(state.storage(&at, &key), of(&model.storage), "{at} {key}");
                assert_eq!(state.transient_storage(&at, &key), of(&model.transient), "{at} {key}");
            }
        }
        let logs: Vec<u8> = state.logs().iter().flat_map(|log| log.data.data.to_vec()).collect();
        assert_eq!(logs, model.logs);
    }

    /// Finishes both and compares what is left.
    fn finish(mut self) {
        let changes = self.state.finish().unwrap();
        assert!(changes.accounts.is_sorted_by(|one, other| one.0 < other.0));
        let mut backend = self.state.into_backend();
        backend.apply(changes);
        let storage = self.model.storage.clone();
        let after = self.model.end(&self.before);
        let found: BTreeMap<_, _> =
            backend.accounts().iter().map(|(at, account)| (*at, account.info)).collect();
        let has_storage =
            |at: &Address| storage.iter().any(|((of, _), value)| of == at && !value.is_zero());
        for at in (0..ACCOUNTS).map(address) {
            // The random operations write storage of accounts that do not exist, which no contract
            // can; such an account is as good as none.
            let expected = after.get(&at).copied();
            if expected.is_some() || !has_storage(&at) {
                assert_eq!(found.get(&at).copied(), expected, "{at}");
            }
            let Some(account) = backend.accounts().get(&at) else { continue };
            for key in (0..KEYS).map(word) {
                let expected = storage.get(&(at, key)).copied().unwrap_or_default();
                assert_eq!(
                    account.storage.get(&key).copied().unwrap_or_default(),
                    expected,
                    "{at} {key}"
                );
            }
        }
    }
}

fn revision() -> impl Strategy<Value = Revision> {
    prop_oneof![Just(Revision::Byzantium), Just(Revision::Osaka)]
}

fn total(state: &mut JournaledState<MemoryBackend>) -> U256 {
    (0..ACCOUNTS).map(|at| state.balance(&address(at))).sum()
}

proptest! {
    #[test]
    fn the_journal_undoes_exactly_what_a_copy_would(
        revision in revision(),
        operations in prop::collection::vec(operation(), 0..120),
    ) {
        let mut pair = Pair::new(revision);
        for operation in &operations {
            pair.apply(operation);
            pair.compare();
        }
        pair.finish();
    }

    #[test]
    fn unwinding_everything_leaves_no_change(
        operations in prop::collection::vec(operation(), 0..120),
    ) {
        let mut pair = Pair::new(Revision::Cancun);
        let checkpoint = pair.state.checkpoint();
        for operation in &operations {
            pair.apply(operation);
        }
        pair.state.rollback(checkpoint);
        prop_assert!(pair.state.logs().is_empty());
        prop_assert!(pair.state.finish().unwrap().accounts.is_empty());
    }

    #[test]
    fn only_an_account_that_destroys_itself_in_its_own_favour_loses_wei(
        revision in revision(),
        operations in prop::collection::vec(operation(), 0..120),
    ) {
        let mut pair = Pair::new(revision);
        let supply = total(&mut pair.state);
        let burns = |operation: &&Operation| {
            matches!(operation, Operation::SelfDestruct(at, to) if at == to)
        };
        for operation in operations.iter().filter(|operation| !burns(operation)) {
            pair.apply(operation);
            prop_assert_eq!(total(&mut pair.state), supply);
        }
    }
}
