//! Weights that the benchmarks gave in the runtime's blob. Made by `scripts/pallet-weights`, which
//! overwrites it.
//!
//! On a machine with AMD EPYC, 2 threads; 20 values of each component, 10 runs with each. The time
//! is 10 % more than what was measured, and without the database, whose reads and writes have the
//! runtime's own weights. The proof has 512 bytes for each item that is read, on top of what was
//! measured on a small state.
#![allow(clippy::unnecessary_cast)]
use core::marker::PhantomData;

use frame_support::traits::Get;
use frame_support::weights::Weight;

use super::WeightInfo;

/// Weights that the benchmarks gave in the runtime's blob, with the runtime's weights of reads and
/// writes.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    /// `b` from 0 to 262144.
    fn receive(b: u32) -> Weight {
        Weight::from_parts(2_435_400, 0)
            .saturating_add(Weight::from_parts(4_695, 0).saturating_mul(b.into()))
    }

    /// `c` from 320 to 262144.
    fn create(c: u32) -> Weight {
        Weight::from_parts(203_269_034, 5_289)
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().writes(6))
            .saturating_add(Weight::from_parts(34_823, 0).saturating_mul(c.into()))
    }

    /// `c` from 320 to 262144.
    fn create2(c: u32) -> Weight {
        Weight::from_parts(178_149_766, 4_777)
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().writes(5))
            .saturating_add(Weight::from_parts(40_038, 0).saturating_mul(c.into()))
    }

    /// `i` from 0 to 131072.
    fn call(i: u32) -> Weight {
        Weight::from_parts(28_410_830, 3_698)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(Weight::from_parts(1_025, 0).saturating_mul(i.into()))
    }

    /// `i` from 0 to 131072.
    fn call_with_value(i: u32) -> Weight {
        Weight::from_parts(129_289_163, 3_698)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(2))
            .saturating_add(Weight::from_parts(1_003, 0).saturating_mul(i.into()))
    }

    /// `c` from 320 to 131072.
    fn upload_code(c: u32) -> Weight {
        Weight::from_parts(47_368_742, 1_588)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(4))
            .saturating_add(Weight::from_parts(17_176, 0).saturating_mul(c.into()))
    }

    fn remove_code() -> Weight {
        Weight::from_parts(49_319_600, 1_728)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    fn map_account() -> Weight {
        Weight::from_parts(107_090_500, 2_714)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    fn unmap_account() -> Weight {
        Weight::from_parts(48_240_500, 1_699)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    fn end_contract() -> Weight {
        Weight::from_parts(120_000_000, 5_200)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(8))
    }

    fn change_deposits() -> Weight {
        Weight::from_parts(60_000_000, 1_800)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    /// `s` from 0 to 1000.
    fn remove_slots(s: u32) -> Weight {
        Weight::from_parts(12_987_700, 1_659)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
            .saturating_add(Weight::from_parts(847_761, 599).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(1).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().writes(1).saturating_mul(s.into()))
    }

    /// `e` from 0 to 256.
    fn index_topics(e: u32) -> Weight {
        Weight::from_parts(220_000, 0)
            .saturating_add(Weight::from_parts(3_099_979, 512).saturating_mul(e.into()))
            .saturating_add(T::DbWeight::get().reads(1).saturating_mul(e.into()))
            .saturating_add(T::DbWeight::get().writes(1).saturating_mul(e.into()))
    }

    /// `c` from 320 to 131072.
    fn read_code(c: u32) -> Weight {
        Weight::from_parts(6_264_958, 1_138)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(Weight::from_parts(350, 1).saturating_mul(c.into()))
    }

    /// `c` from 320 to 131072.
    fn prepare_code(c: u32) -> Weight {
        Weight::from_parts(19_668_723, 0)
            .saturating_add(Weight::from_parts(21_034, 0).saturating_mul(c.into()))
    }

    /// `c` from 320 to 262144.
    fn validate_code(c: u32) -> Weight {
        Weight::from_parts(74_471_585, 512)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(Weight::from_parts(33_509, 0).saturating_mul(c.into()))
    }

    /// `i` from 0 to 100000.
    fn begin_frame(i: u32) -> Weight {
        Weight::from_parts(2_088_039, 0)
            .saturating_add(Weight::from_parts(795, 0).saturating_mul(i.into()))
    }

    /// `g` from 500 to 32768.
    fn modexp(g: u32) -> Weight {
        Weight::from_parts(7_579_162, 0)
            .saturating_add(Weight::from_parts(18_133, 0).saturating_mul(g.into()))
    }

    fn bn128_add() -> Weight {
        Weight::from_parts(6_851_900, 0)
    }

    fn bn128_mul() -> Weight {
        Weight::from_parts(346_212_900, 0)
    }

    /// `p` from 0 to 16.
    fn bn128_pairing(p: u32) -> Weight {
        Weight::from_parts(1_365_521_769, 0)
            .saturating_add(Weight::from_parts(1_358_315_200, 0).saturating_mul(p.into()))
    }
}
