//! Code hashes that were computed before.
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use alloy_primitives::{B256, keccak256};
use tephra_core::ewasm::Contract;

/// A contract that a cache keeps, and the hash of its code.
type Place = Option<(Weak<Contract>, B256)>;

/// How many contracts are remembered.
const PLACES: usize = 1024;

/// Finds the hash of code that ran before by comparing the code itself.
///
/// EVMC gives code without its hash. Computing it takes longer than running a small contract, and
/// asking the host for it would mean to trust that the code is that of the account. The place of a
/// contract depends on a few of its bytes; contracts that share a place only lose the gain.
pub struct Memo {
    places: Mutex<Vec<Place>>,
}

impl Memo {
    pub fn new() -> Self {
        Self { places: Mutex::new(vec![None; PLACES]) }
    }

    /// The hash of the code.
    pub fn hash(&self, code: &[u8]) -> B256 {
        let known = self.lock().get(place(code)).cloned().flatten();
        if let Some((contract, hash)) = known
            && contract.upgrade().is_some_and(|contract| contract.code() == code)
        {
            return hash;
        }
        keccak256(code)
    }

    /// Remembers the hash of a contract, for as long as the contract is kept.
    pub fn remember(&self, contract: &Arc<Contract>, hash: B256) {
        if let Some(place) = self.lock().get_mut(place(contract.code())) {
            let is_there =
                place.as_ref().is_some_and(|(there, _)| there.as_ptr() == Arc::as_ptr(contract));
            if !is_there {
                *place = Some((Arc::downgrade(contract), hash));
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Place>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place by the size of the code and by some of its bytes, spread over the whole of it.
fn place(code: &[u8]) -> usize {
    let step = (code.len() / 64).max(1);
    let some = code.iter().step_by(step).rev().take(64);
    let sum =
        some.fold(code.len(), |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(*byte)));
    sum % PLACES
}
