//! Weight for what the engine does without a price in gas: validating init code, making code ready
//! to run, beginning frames, and what precompiled contracts take longer than their gas says.
//!
//! Ethereum has no gas for this, or too little, and gas is the same everywhere. So it is weighed
//! beside gas, deterministically, by the pallet's own weights, up to what the extrinsic declared.
use core::cell::Cell;
use core::marker::PhantomData;

use alloy_primitives::Address;
use frame_support::traits::Get;
use frame_support::weights::Weight;
use tephra_core::state::Work;

use crate::{BackendError, Config, GasWeight, Pallet, WeightInfo};

/// The engine's work of one transaction, in picoseconds.
pub(crate) struct WorkMeter<T> {
    done: Cell<u64>,
    limit: u64,
    runtime: PhantomData<T>,
}

impl<T: Config> Pallet<T> {
    /// Picoseconds of work that an extrinsic with so much gas may take: that for one contract of
    /// the largest size, and what its gas allows.
    pub(crate) fn work_limit(gas_limit: u64) -> u64 {
        let size = T::MaxCodeSize::get();
        let one = T::WeightInfo::read_code(size).saturating_add(T::WeightInfo::prepare_code(size));
        one.saturating_add(T::WeightInfo::begin_frame(0))
            .ref_time()
            .saturating_add(T::GasWeight::work_time(gas_limit))
    }
}

impl<T: Config> WorkMeter<T> {
    pub fn new(limit: u64) -> Self {
        Self { done: Cell::new(0), limit, runtime: PhantomData }
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
            // Once in a transaction, as the engine keeps it at hand until the end: see `PaidCode`.
            Work::Code { bytes, is_validated, .. } => {
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
