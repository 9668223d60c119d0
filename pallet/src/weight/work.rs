//! The weight of unmetered work: validating init code, preparing code, beginning frames, and the
//! time that precompiled contracts take beyond their gas.
//!
//! Ethereum charges no gas for this work, or too little, and gas is the same everywhere. So the
//! pallet's own weights count it beside gas, deterministically, up to what the extrinsic declared.
use core::cell::Cell;
use core::marker::PhantomData;

use alloy_primitives::Address;
use frame_support::traits::Get;
use frame_support::weights::Weight;
use tephra_core::state::UnmeteredWork;

use crate::{Config, GasWeight, WeightInfo};

/// The extrinsic's weight has no time left for the engine's unmetered work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WorkExhausted;

/// Counts the unmetered work of one transaction, in picoseconds.
pub(crate) struct WorkMeter<T> {
    done: Cell<u64>,
    limit: u64,
    runtime: PhantomData<T>,
}

impl<T: Config> WorkMeter<T> {
    pub fn new(limit: u64) -> Self {
        Self { done: Cell::new(0), limit, runtime: PhantomData }
    }

    /// Returns the picoseconds of work done so far.
    pub fn done(&self) -> u64 {
        self.done.get()
    }

    /// Counts work that is about to be done. Work beyond the limit is not done, so it does not
    /// count.
    pub fn note(&self, weight: Weight) -> Result<(), WorkExhausted> {
        let done = self.done.get().saturating_add(weight.ref_time());
        if done > self.limit {
            return Err(WorkExhausted);
        }
        self.done.set(done);
        Ok(())
    }

    /// Counts work that the engine is about to do.
    pub fn note_work(&self, work: UnmeteredWork<'_>) -> Result<(), WorkExhausted> {
        match work {
            // Part of the weight that the extrinsic declared.
            UnmeteredWork::InitCode { depth: 0, .. } => Ok(()),
            UnmeteredWork::InitCode { bytes, .. } => {
                self.note(T::WeightInfo::validate_code(bytes as u32))
            }
            // Once in a transaction, since the engine keeps code at hand until its end
            // (`PaidCode`).
            UnmeteredWork::Code { bytes, is_validated, .. } => {
                let prepared = T::WeightInfo::prepare_code(bytes as u32);
                let validated = if is_validated {
                    Weight::zero()
                } else {
                    let noted = T::DbWeight::get().reads_writes(1, 1);
                    T::WeightInfo::validate_code(bytes as u32).saturating_add(noted)
                };
                self.note(prepared.saturating_add(validated))
            }
            UnmeteredWork::Frame { items } => self.note(T::WeightInfo::begin_frame(items)),
            UnmeteredWork::Precompile { address, input, gas } => {
                let paid = T::GasWeight::gas_to_weight(gas).ref_time();
                let excess = Self::precompile(address, input, gas).ref_time().saturating_sub(paid);
                self.note(Weight::from_parts(excess, 0))
            }
        }
    }

    /// Returns the weight of a precompiled contract; zero for those that take less than their gas.
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
