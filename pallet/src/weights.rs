//! Weights of what surrounds the engine.
use core::marker::PhantomData;

use frame_support::traits::Get;
use frame_support::weights::Weight;

/// Weights of what surrounds the engine; the engine's own work is [`Config::GasWeight`](crate::Config::GasWeight).
pub trait WeightInfo {
    /// A create with so many bytes of init code.
    fn create(bytes: u32) -> Weight;
    /// A call with so many bytes of call data.
    fn call(bytes: u32) -> Weight;
    /// An upload of so many bytes, validation included.
    fn upload_code(bytes: u32) -> Weight;
    /// A removal of code.
    fn remove_code() -> Weight;
    /// Storing whose an address is.
    fn map_account() -> Weight;
    /// Forgetting whose an address is.
    fn unmap_account() -> Weight;
    /// Removing so many slots of contracts that are gone.
    fn remove_slots(slots: u32) -> Weight;
}

/// Weights from counted reads and writes at the runtime's price of them, and times that were estimated, not measured.
pub struct CountedWeight<T>(PhantomData<T>);

/// Picoseconds.
const MICROSECOND: u64 = 1_000_000;

/// Validating a byte of code.
const VALIDATE_BYTE: u64 = 40_000;

/// Handing over and hashing a byte of data.
const HANDLE_BYTE: u64 = 4_000;

/// Bytes of proof of one item.
const ITEM_PROOF: u64 = 2_048;

fn counted<T: frame_system::Config>(time: u64, reads: u64, writes: u64) -> Weight {
    let proof = (reads.saturating_add(writes)).saturating_mul(ITEM_PROOF);
    Weight::from_parts(time, proof).saturating_add(T::DbWeight::get().reads_writes(reads, writes))
}

impl<T: frame_system::Config> WeightInfo for CountedWeight<T> {
    fn create(bytes: u32) -> Weight {
        let time = (200 * MICROSECOND).saturating_add((HANDLE_BYTE + VALIDATE_BYTE).saturating_mul(bytes.into()));
        // Signer, its address, fallback; contract, its account, code, its record, next storage id, holds.
        counted::<T>(time, 12, 10)
    }

    fn call(bytes: u32) -> Weight {
        let time = (100 * MICROSECOND).saturating_add(HANDLE_BYTE.saturating_mul(bytes.into()));
        counted::<T>(time, 8, 5)
    }

    fn upload_code(bytes: u32) -> Weight {
        let time = (100 * MICROSECOND).saturating_add((HANDLE_BYTE + VALIDATE_BYTE).saturating_mul(bytes.into()));
        counted::<T>(time, 4, 4)
    }

    fn remove_code() -> Weight {
        counted::<T>(60 * MICROSECOND, 3, 4)
    }

    fn map_account() -> Weight {
        counted::<T>(80 * MICROSECOND, 6, 5)
    }

    fn unmap_account() -> Weight {
        counted::<T>(60 * MICROSECOND, 4, 4)
    }

    fn remove_slots(slots: u32) -> Weight {
        let slots = u64::from(slots);
        counted::<T>((20 * MICROSECOND).saturating_add((2 * MICROSECOND).saturating_mul(slots)), 2, 2)
            .saturating_add(T::DbWeight::get().reads_writes(1, 1).saturating_mul(slots))
            .saturating_add(Weight::from_parts(0, ITEM_PROOF.saturating_mul(slots)))
    }
}
