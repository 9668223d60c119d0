//! Weights that the benchmarks gave in the runtime's blob. Made by `scripts/pallet-weights`, which makes it anew.
//!
//! On a machine with AMD EPYC, 2 threads; 20 values of each component, 10 runs with each. The time is without the database, whose reads and writes have the runtime's own weights. The proof
//! has 512 bytes for each item that is read, on top of what was measured on a small state.
#![allow(clippy::unnecessary_cast)]
use core::marker::PhantomData;

use frame_support::traits::Get;
use frame_support::weights::Weight;

use super::WeightInfo;

/// Weights that the benchmarks gave in the runtime's blob, with the runtime's weights of reads and writes.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    /// `c` from 320 to 262144.
    fn create(c: u32) -> Weight {
        Weight::from_parts(181_005_904, 5_690)
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().writes(7))
            .saturating_add(Weight::from_parts(89_727, 0).saturating_mul(c.into()))
    }

    /// `c` from 320 to 262144.
    fn create2(c: u32) -> Weight {
        Weight::from_parts(210_161_272, 5_690)
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().writes(7))
            .saturating_add(Weight::from_parts(108_982, 0).saturating_mul(c.into()))
    }

    /// `i` from 0 to 131072.
    fn call(i: u32) -> Weight {
        Weight::from_parts(227_494_214, 4_666)
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().writes(4))
            .saturating_add(Weight::from_parts(969, 0).saturating_mul(i.into()))
    }

    /// `c` from 320 to 131072.
    fn upload_code(c: u32) -> Weight {
        Weight::from_parts(74_777_596, 1_588)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(4))
            .saturating_add(Weight::from_parts(36_332, 0).saturating_mul(c.into()))
    }

    fn remove_code() -> Weight {
        Weight::from_parts(55_262_000, 1_728)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    fn map_account() -> Weight {
        Weight::from_parts(118_457_000, 2_714)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    fn unmap_account() -> Weight {
        Weight::from_parts(51_497_000, 1_699)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    /// `s` from 0 to 1000.
    fn remove_slots(s: u32) -> Weight {
        Weight::from_parts(12_659_000, 1_659)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
            .saturating_add(Weight::from_parts(752_978, 599).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(1).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().writes(1).saturating_mul(s.into()))
    }

    /// `e` from 0 to 256.
    fn index_topics(e: u32) -> Weight {
        Weight::from_parts(231_000, 0)
            .saturating_add(Weight::from_parts(3_505_062, 512).saturating_mul(e.into()))
            .saturating_add(T::DbWeight::get().reads(1).saturating_mul(e.into()))
            .saturating_add(T::DbWeight::get().writes(1).saturating_mul(e.into()))
    }

    /// `c` from 320 to 131072.
    fn read_code(c: u32) -> Weight {
        Weight::from_parts(6_077_623, 1_138)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(Weight::from_parts(316, 1).saturating_mul(c.into()))
    }

    /// `c` from 320 to 131072.
    fn prepare_code(c: u32) -> Weight {
        Weight::from_parts(39_419_043, 597)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(Weight::from_parts(70_791, 0).saturating_mul(c.into()))
    }

    /// `c` from 320 to 262144.
    fn validate_code(c: u32) -> Weight {
        Weight::from_parts(31_947_000, 512)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(Weight::from_parts(92_955, 0).saturating_mul(c.into()))
    }

    /// `i` from 0 to 100000.
    fn begin_frame(i: u32) -> Weight {
        Weight::from_parts(2_081_216, 0).saturating_add(Weight::from_parts(999, 0).saturating_mul(i.into()))
    }

    /// `g` from 500 to 32768.
    fn modexp(g: u32) -> Weight {
        Weight::from_parts(6_613_658, 0).saturating_add(Weight::from_parts(19_153, 0).saturating_mul(g.into()))
    }

    fn bn128_add() -> Weight {
        Weight::from_parts(8_142_000, 0)
    }

    fn bn128_mul() -> Weight {
        Weight::from_parts(549_509_000, 0)
    }

    /// `p` from 0 to 16.
    fn bn128_pairing(p: u32) -> Weight {
        Weight::from_parts(1_288_288_857, 0)
            .saturating_add(Weight::from_parts(1_253_754_571, 0).saturating_mul(p.into()))
    }
}
