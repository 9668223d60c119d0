//! Weights that the benchmarks gave in the runtime's blob. Written by
//! `scripts/pallet-weights`.
//!
//! On a machine with AMD EPYC, 2 threads;
//! 20 values of each component, 10 runs with each; medians of 3 measurements. The
//! time is 10 % more than what was measured, and without the database, whose reads and writes
//! have the runtime's own weights. The proof has 512 bytes for each item that is read,
//! on top of what was measured on a small state.
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
        Weight::from_parts(3_151_500, 0)
            .saturating_add(Weight::from_parts(4_195, 0).saturating_mul(b.into()))
    }

    /// `c` from 320 to 262144.
    fn create(c: u32) -> Weight {
        Weight::from_parts(316_059_238, 5_801)
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().writes(7))
            .saturating_add(Weight::from_parts(52_565, 0).saturating_mul(c.into()))
    }

    /// `c` from 320 to 262144.
    fn create2(c: u32) -> Weight {
        Weight::from_parts(360_133_056, 4_777)
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().writes(5))
            .saturating_add(Weight::from_parts(60_413, 0).saturating_mul(c.into()))
    }

    /// `i` from 0 to 131072.
    fn call(i: u32) -> Weight {
        Weight::from_parts(43_726_384, 3_698)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(Weight::from_parts(1_597, 0).saturating_mul(i.into()))
    }

    /// `i` from 0 to 131072.
    fn call_with_value(i: u32) -> Weight {
        Weight::from_parts(206_675_521, 3_698)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(2))
            .saturating_add(Weight::from_parts(1_446, 0).saturating_mul(i.into()))
    }

    /// `c` from 320 to 131072.
    fn upload_code(c: u32) -> Weight {
        Weight::from_parts(168_350_450, 1_588)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(4))
            .saturating_add(Weight::from_parts(21_073, 0).saturating_mul(c.into()))
    }

    fn remove_code() -> Weight {
        Weight::from_parts(75_274_100, 1_728)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    fn map_account() -> Weight {
        Weight::from_parts(151_407_300, 2_714)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    fn unmap_account() -> Weight {
        Weight::from_parts(66_704_000, 1_699)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    fn end_contract() -> Weight {
        Weight::from_parts(162_402_900, 3_499)
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(8))
    }

    fn change_deposits() -> Weight {
        Weight::from_parts(79_174_700, 1_783)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    /// `s` from 0 to 1000.
    fn remove_slots(s: u32) -> Weight {
        Weight::from_parts(17_967_400, 1_659)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
            .saturating_add(Weight::from_parts(1_237_280, 598).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(1).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().writes(1).saturating_mul(s.into()))
    }

    /// `e` from 0 to 256.
    fn index_topics(e: u32) -> Weight {
        Weight::from_parts(276_100, 0)
            .saturating_add(Weight::from_parts(4_269_907, 512).saturating_mul(e.into()))
            .saturating_add(T::DbWeight::get().reads(1).saturating_mul(e.into()))
            .saturating_add(T::DbWeight::get().writes(1).saturating_mul(e.into()))
    }

    /// `c` from 320 to 131072.
    fn read_code(c: u32) -> Weight {
        Weight::from_parts(9_409_833, 1_089)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(Weight::from_parts(624, 1).saturating_mul(c.into()))
    }

    /// `c` from 320 to 131072.
    fn prepare_code(c: u32) -> Weight {
        Weight::from_parts(36_325_641, 0)
            .saturating_add(Weight::from_parts(33_346, 0).saturating_mul(c.into()))
    }

    /// `c` from 320 to 262144.
    fn validate_code(c: u32) -> Weight {
        Weight::from_parts(159_356_785, 512)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(Weight::from_parts(46_596, 0).saturating_mul(c.into()))
    }

    /// `i` from 0 to 8192.
    fn begin_frame(i: u32) -> Weight {
        Weight::from_parts(4_198_574, 0)
            .saturating_add(Weight::from_parts(1_233, 0).saturating_mul(i.into()))
    }

    /// `g` from 500 to 32768.
    fn modexp(g: u32) -> Weight {
        Weight::from_parts(35_041_916, 0)
            .saturating_add(Weight::from_parts(27_162, 0).saturating_mul(g.into()))
    }

    fn bn128_add() -> Weight {
        Weight::from_parts(9_749_300, 0)
    }

    fn bn128_mul() -> Weight {
        Weight::from_parts(476_621_200, 0)
    }

    /// `p` from 0 to 16.
    fn bn128_pairing(p: u32) -> Weight {
        Weight::from_parts(1_770_852_244, 0)
            .saturating_add(Weight::from_parts(1_796_920_631, 0).saturating_mul(p.into()))
    }
}
