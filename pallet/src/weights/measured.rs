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
    /// `c` from 256 to 262144.
    fn create(c: u32) -> Weight {
        Weight::from_parts(194_077_571, 5_690)
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().writes(7))
            .saturating_add(Weight::from_parts(28_801, 0).saturating_mul(c.into()))
    }

    /// `c` from 256 to 262144.
    fn create2(c: u32) -> Weight {
        Weight::from_parts(224_985_422, 5_690)
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().writes(7))
            .saturating_add(Weight::from_parts(48_143, 0).saturating_mul(c.into()))
    }

    /// `i` from 0 to 131072.
    fn call(i: u32) -> Weight {
        Weight::from_parts(188_065_592, 4_666)
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().writes(4))
            .saturating_add(Weight::from_parts(982, 0).saturating_mul(i.into()))
    }

    /// `c` from 256 to 131072.
    fn upload_code(c: u32) -> Weight {
        Weight::from_parts(65_025_743, 1_588)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(4))
            .saturating_add(Weight::from_parts(30_760, 0).saturating_mul(c.into()))
    }

    fn remove_code() -> Weight {
        Weight::from_parts(51_787_000, 1_728)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    fn map_account() -> Weight {
        Weight::from_parts(113_479_000, 2_714)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    fn unmap_account() -> Weight {
        Weight::from_parts(50_105_000, 1_699)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    /// `s` from 0 to 1000.
    fn remove_slots(s: u32) -> Weight {
        Weight::from_parts(12_618_000, 1_659)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
            .saturating_add(Weight::from_parts(759_123, 599).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(1).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().writes(1).saturating_mul(s.into()))
    }

    /// `e` from 0 to 256.
    fn index_topics(e: u32) -> Weight {
        Weight::from_parts(320_000, 0)
            .saturating_add(Weight::from_parts(3_713_685, 512).saturating_mul(e.into()))
            .saturating_add(T::DbWeight::get().reads(1).saturating_mul(e.into()))
            .saturating_add(T::DbWeight::get().writes(1).saturating_mul(e.into()))
    }

    /// `c` from 256 to 131072.
    fn read_code(c: u32) -> Weight {
        Weight::from_parts(5_958_929, 1_138)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(Weight::from_parts(352, 1).saturating_mul(c.into()))
    }

    /// `c` from 256 to 131072.
    fn prepare_code(c: u32) -> Weight {
        Weight::from_parts(19_438_842, 0).saturating_add(Weight::from_parts(16_364, 0).saturating_mul(c.into()))
    }

    /// `c` from 256 to 262144.
    fn validate_code(c: u32) -> Weight {
        Weight::from_parts(23_835_000, 512)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(Weight::from_parts(29_339, 0).saturating_mul(c.into()))
    }

    /// `i` from 0 to 100000.
    fn begin_frame(i: u32) -> Weight {
        Weight::from_parts(2_945_000, 0).saturating_add(Weight::from_parts(831, 0).saturating_mul(i.into()))
    }

    /// `g` from 500 to 32768.
    fn modexp(g: u32) -> Weight {
        Weight::from_parts(8_413_738, 0).saturating_add(Weight::from_parts(18_574, 0).saturating_mul(g.into()))
    }

    fn bn128_add() -> Weight {
        Weight::from_parts(6_510_000, 0)
    }

    fn bn128_mul() -> Weight {
        Weight::from_parts(307_778_000, 0)
    }

    /// `p` from 0 to 16.
    fn bn128_pairing(p: u32) -> Weight {
        Weight::from_parts(1_110_056_000, 0)
            .saturating_add(Weight::from_parts(1_280_107_890, 0).saturating_mul(p.into()))
    }
}
