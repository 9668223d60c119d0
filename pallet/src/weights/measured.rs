//! Weights that the benchmarks gave in the runtime's blob. Made by `scripts/pallet-weights`, which makes it anew.
//!
//! On a machine with AMD EPYC, 2 threads; 20 values of each component, 10 runs with each. The time is 10 % more than what was measured, and
//! without the database, whose reads and writes have the runtime's own weights. The proof has 512 bytes for each item that is read, on top of what was measured on a small state.
#![allow(clippy::unnecessary_cast)]
use core::marker::PhantomData;

use frame_support::traits::Get;
use frame_support::weights::Weight;

use super::WeightInfo;

/// Weights that the benchmarks gave in the runtime's blob, with the runtime's weights of reads and writes.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    /// `b` from 0 to 262144.
    fn receive(b: u32) -> Weight {
        Weight::from_parts(2_592_085, 0).saturating_add(Weight::from_parts(4_829, 0).saturating_mul(b.into()))
    }

    /// `c` from 320 to 262144.
    fn create(c: u32) -> Weight {
        Weight::from_parts(252_837_794, 5_690)
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().writes(7))
            .saturating_add(Weight::from_parts(33_710, 0).saturating_mul(c.into()))
    }

    /// `c` from 320 to 262144.
    fn create2(c: u32) -> Weight {
        Weight::from_parts(230_011_844, 5_690)
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().writes(7))
            .saturating_add(Weight::from_parts(55_489, 0).saturating_mul(c.into()))
    }

    /// `i` from 0 to 131072.
    fn call(i: u32) -> Weight {
        Weight::from_parts(206_546_381, 4_666)
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().writes(4))
            .saturating_add(Weight::from_parts(1_102, 0).saturating_mul(i.into()))
    }

    /// `c` from 320 to 131072.
    fn upload_code(c: u32) -> Weight {
        Weight::from_parts(87_898_704, 1_588)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(4))
            .saturating_add(Weight::from_parts(34_214, 0).saturating_mul(c.into()))
    }

    fn remove_code() -> Weight {
        Weight::from_parts(56_436_600, 1_728)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    fn map_account() -> Weight {
        Weight::from_parts(125_642_000, 2_714)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    fn unmap_account() -> Weight {
        Weight::from_parts(55_192_500, 1_699)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    /// `s` from 0 to 1000.
    fn remove_slots(s: u32) -> Weight {
        Weight::from_parts(5_585_955, 1_659)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
            .saturating_add(Weight::from_parts(810_542, 599).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(1).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().writes(1).saturating_mul(s.into()))
    }

    /// `e` from 0 to 256.
    fn index_topics(e: u32) -> Weight {
        Weight::from_parts(407_000, 0)
            .saturating_add(Weight::from_parts(4_102_506, 512).saturating_mul(e.into()))
            .saturating_add(T::DbWeight::get().reads(1).saturating_mul(e.into()))
            .saturating_add(T::DbWeight::get().writes(1).saturating_mul(e.into()))
    }

    /// `c` from 320 to 131072.
    fn read_code(c: u32) -> Weight {
        Weight::from_parts(7_549_527, 1_138)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(Weight::from_parts(357, 1).saturating_mul(c.into()))
    }

    /// `c` from 320 to 131072.
    fn prepare_code(c: u32) -> Weight {
        Weight::from_parts(34_476_140, 0).saturating_add(Weight::from_parts(20_906, 0).saturating_mul(c.into()))
    }

    /// `c` from 320 to 262144.
    fn validate_code(c: u32) -> Weight {
        Weight::from_parts(21_573_803, 512)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(Weight::from_parts(36_631, 0).saturating_mul(c.into()))
    }

    /// `i` from 0 to 100000.
    fn begin_frame(i: u32) -> Weight {
        Weight::from_parts(3_228_500, 0).saturating_add(Weight::from_parts(882, 0).saturating_mul(i.into()))
    }

    /// `g` from 500 to 32768.
    fn modexp(g: u32) -> Weight {
        Weight::from_parts(9_482_157, 0).saturating_add(Weight::from_parts(20_149, 0).saturating_mul(g.into()))
    }

    fn bn128_add() -> Weight {
        Weight::from_parts(7_018_000, 0)
    }

    fn bn128_mul() -> Weight {
        Weight::from_parts(343_018_500, 0)
    }

    /// `p` from 0 to 16.
    fn bn128_pairing(p: u32) -> Weight {
        Weight::from_parts(1_317_691_299, 0)
            .saturating_add(Weight::from_parts(1_367_337_486, 0).saturating_mul(p.into()))
    }
}
