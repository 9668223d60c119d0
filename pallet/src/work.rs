//! Weight for what the engine does without a price in gas: validating init code, making code ready to run, beginning frames, and what precompiled contracts take longer than their gas says.
//!
//! Ethereum has no gas for this, or too little, and gas is the same everywhere. So it is weighed beside gas, deterministically, by the pallet's own weights, up to what the extrinsic declared.
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};
use core::marker::PhantomData;

use alloy_primitives::{Address, B256};
use frame_support::traits::Get;
use frame_support::weights::Weight;
use tephra_core::ewasm::state::Work;

use crate::{BackendError, Config, EngineLimits, GasWeight, Pallet, WeightInfo};

/// The engine's work of one transaction, in picoseconds.
pub(crate) struct WorkMeter<T> {
    done: Cell<u64>,
    limit: u64,
    kept: RefCell<Kept>,
    runtime: PhantomData<T>,
}

impl<T: Config> Pallet<T> {
    /// Picoseconds of work that an extrinsic with so much gas may take: that for one contract of the largest size, and what its gas allows.
    pub(crate) fn work_limit(gas_limit: u64) -> u64 {
        let size = T::MaxCodeSize::get();
        let one = T::WeightInfo::read_code(size).saturating_add(T::WeightInfo::prepare_code(size));
        one.saturating_add(T::WeightInfo::begin_frame(0)).ref_time().saturating_add(T::GasWeight::work_time(gas_limit))
    }
}

impl<T: Config> WorkMeter<T> {
    pub fn new(limit: u64) -> Self {
        Self { done: Cell::new(0), limit, kept: RefCell::new(Kept::new(T::EngineLimits::get())), runtime: PhantomData }
    }

    /// Picoseconds.
    pub fn done(&self) -> u64 {
        self.done.get()
    }

    /// Notes what is about to be done. What is too much is not done, and so does not count.
    pub fn note(&self, weight: Weight) -> Result<(), BackendError> {
        let done = self.done.get().saturating_add(weight.ref_time());
        if done > self.limit {
            return Err(BackendError::Work);
        }
        self.done.set(done);
        Ok(())
    }

    /// As [`Self::note`] for the engine's work.
    pub fn note_work(&self, work: Work<'_>) -> Result<(), BackendError> {
        match work {
            // The extrinsic has declared it.
            Work::InitCode { depth: 0, .. } => Ok(()),
            Work::InitCode { bytes, .. } => self.note(T::WeightInfo::validate_code(bytes as u32)),
            Work::Code { hash, bytes, is_validated } => {
                if self.kept.borrow_mut().knows(hash, bytes) {
                    return Ok(());
                }
                let prepared = T::WeightInfo::prepare_code(bytes as u32);
                let validated = if is_validated {
                    Weight::zero()
                } else {
                    let noted = T::DbWeight::get().reads_writes(1, 1);
                    T::WeightInfo::validate_code(bytes as u32).saturating_add(noted)
                };
                self.note(prepared.saturating_add(validated))
            }
            Work::Frame { items } => self.note(T::WeightInfo::begin_frame(items)),
            Work::Precompile { address, input, gas } => {
                let paid = T::GasWeight::gas_to_weight(gas).ref_time();
                let excess = Self::precompile(address, input, gas).ref_time().saturating_sub(paid);
                self.note(Weight::from_parts(excess, 0))
            }
        }
    }

    /// What a precompiled contract takes; nothing for those that take less than their gas.
    fn precompile(address: &Address, input: &[u8], gas: u64) -> Weight {
        let [.., number] = address.0.0;
        match number {
            5 => T::WeightInfo::modexp(u32::try_from(gas).unwrap_or(u32::MAX)),
            6 => T::WeightInfo::bn128_add(),
            7 => T::WeightInfo::bn128_mul(),
            8 => T::WeightInfo::bn128_pairing((input.len() / 192) as u32),
            _ => Weight::zero(),
        }
    }
}

/// Code that the engine certainly still has from earlier in the transaction.
///
/// The engine keeps code for as long as the runtime's instance lives, so that a node that imports a block may have some that the block's author had not. What a transaction itself has used
/// is newer than anything before it: this forgets by the engine's rule, from nothing on, and so never knows what the engine has forgotten.
struct Kept {
    max_entries: usize,
    max_bytes: usize,
    bytes: usize,
    /// Hashes and sizes, the one that was used last at the end.
    entries: Vec<(B256, usize)>,
}

impl Kept {
    fn new(limits: EngineLimits) -> Self {
        let (max_entries, max_bytes) = (limits.cache_entries as usize, limits.cache_bytes as usize);
        Self { max_entries, max_bytes, bytes: 0, entries: Vec::new() }
    }

    /// Whether code is still there; from now on it is, if there is room for it.
    fn knows(&mut self, hash: &B256, bytes: usize) -> bool {
        if let Some(place) = self.entries.iter().rposition(|(known, _)| known == hash) {
            let entry = self.entries.remove(place);
            self.entries.push(entry);
            return true;
        }
        if bytes > self.max_bytes || self.max_entries == 0 {
            return false;
        }
        while self.entries.len() >= self.max_entries || self.bytes > self.max_bytes.saturating_sub(bytes) {
            if self.entries.is_empty() {
                break;
            }
            let (_, oldest) = self.entries.remove(0);
            self.bytes = self.bytes.saturating_sub(oldest);
        }
        self.bytes = self.bytes.saturating_add(bytes);
        self.entries.push((*hash, bytes));
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_forgotten_by_number_and_by_size() {
        let mut kept = Kept { max_entries: 2, max_bytes: 100, bytes: 0, entries: Vec::new() };
        let hash = B256::repeat_byte;
        assert!(!kept.knows(&hash(1), 10));
        assert!(kept.knows(&hash(1), 10));
        assert!(!kept.knows(&hash(2), 10));
        assert!(kept.knows(&hash(1), 10));
        // The second was used longer ago.
        assert!(!kept.knows(&hash(3), 10));
        assert!(kept.knows(&hash(1), 10));
        assert!(!kept.knows(&hash(2), 95));
        assert!(!kept.knows(&hash(1), 10));
        // It has no room, and pushes nothing out.
        assert!(!kept.knows(&hash(4), 101));
        assert!(kept.knows(&hash(1), 10));
    }
}
