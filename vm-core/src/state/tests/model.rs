//! A state that a child could have written: every checkpoint is a copy of everything.
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use alloy_primitives::{Address, B256, KECCAK256_EMPTY, U256, keccak256};

use crate::revision::Revision;
use crate::state::AccountInfo;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Model {
    pub cancun: bool,
    pub infos: BTreeMap<Address, AccountInfo>,
    pub storage: BTreeMap<(Address, B256), B256>,
    pub transient: BTreeMap<(Address, B256), B256>,
    pub warm: BTreeSet<Address>,
    pub warm_slots: BTreeSet<(Address, B256)>,
    pub touched: BTreeSet<Address>,
    pub created: BTreeSet<Address>,
    pub destroyed: BTreeSet<Address>,
    pub logs: Vec<u8>,
}

impl Model {
    pub fn new(revision: Revision) -> Self {
        Self { cancun: revision >= Revision::Cancun, ..Self::default() }
    }

    pub fn info(&self, at: &Address) -> AccountInfo {
        self.infos.get(at).copied().unwrap_or_default()
    }

    fn info_mut(&mut self, at: &Address) -> &mut AccountInfo {
        self.touched.insert(*at);
        self.infos.entry(*at).or_default()
    }

    pub fn transfer(&mut self, from: &Address, to: &Address, value: U256) -> bool {
        if self.info(from).balance < value {
            return false;
        }
        self.info_mut(from).balance -= value;
        self.info_mut(to).balance += value;
        true
    }

    pub fn create(&mut self, at: &Address) -> bool {
        let info = self.info(at);
        if info.nonce != 0 || info.code_hash != KECCAK256_EMPTY {
            return false;
        }
        self.info_mut(at).nonce = 1;
        self.created.insert(*at);
        true
    }

    pub fn set_code(&mut self, at: &Address, code: &[u8]) {
        self.info_mut(at).code_hash = keccak256(code);
    }

    pub fn increment_nonce(&mut self, at: &Address) {
        self.info_mut(at).nonce += 1;
    }

    pub fn touch(&mut self, at: &Address) {
        self.touched.insert(*at);
    }

    pub fn self_destruct(&mut self, at: &Address, to: &Address) -> bool {
        let dies = !self.cancun || self.created.contains(at);
        let balance = self.info(at).balance;
        if dies || at != to {
            self.info_mut(at).balance = U256::ZERO;
        }
        if at != to {
            self.info_mut(to).balance += balance;
        }
        self.touched.insert(*at);
        dies && self.destroyed.insert(*at)
    }

    /// The accounts after the transaction, when these were there before.
    pub fn end(
        mut self,
        before: &BTreeMap<Address, AccountInfo>,
    ) -> BTreeMap<Address, AccountInfo> {
        let is_gone = |at: &Address, info: &AccountInfo| {
            self.destroyed.contains(at)
                || (info.is_empty() && (self.touched.contains(at) || !before.contains_key(at)))
        };
        self.infos.retain(|at, info| !is_gone(at, info));
        self.infos
    }
}
