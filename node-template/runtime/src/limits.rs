//! The time and the size of blocks.
//!
//! A block comes every six seconds. Its transactions may run for two of them, on the machine on
//! which weights are measured. The rest of the slot is for others to receive the block, run it
//! again and build on it.
use frame_support::{
    dispatch::DispatchClass,
    parameter_types,
    weights::{
        Weight,
        constants::{
            BlockExecutionWeight, ExtrinsicBaseWeight, ParityDbWeight, WEIGHT_REF_TIME_PER_SECOND,
        },
    },
};
use frame_system::limits::{BlockLength, BlockWeights};
use sp_runtime::Perbill;

/// The time between blocks, in milliseconds. Aura's slots derive from it, so that it cannot change
/// once a chain has started.
pub const SLOT_MILLISECONDS: u64 = 6000;

/// Blocks in a day.
pub const DAY: u32 = 24 * 60 * 60 * 1000 / SLOT_MILLISECONDS as u32;

/// The weight of a block's transactions: two seconds of computation, and 160 MiB of reads of the
/// state (the proof size). A solo chain ships no proofs, but the limit bounds what a block makes
/// every node read. That of a parachain is 10 MiB.
pub const BLOCK_WEIGHT: Weight =
    Weight::from_parts(2 * WEIGHT_REF_TIME_PER_SECOND, 160 * 1024 * 1024);

/// The share of a block that ordinary transactions may fill. The rest is for operational ones,
/// since repairs must get through when the chain is full.
pub const NORMAL_SHARE: Perbill = Perbill::from_percent(75);

/// The share of a block that its initialisation is assumed to take. Every ordinary transaction must
/// fit beside it.
const INITIALISATION_SHARE: Perbill = Perbill::from_percent(5);

/// The size of a block, in bytes. Init code of 256 KiB with its arguments fits a dozen times.
pub const BLOCK_BYTES: u32 = 5 * 1024 * 1024;

parameter_types! {
    /// The number of block hashes in the state: as many as contracts may ask for (`getBlockHash`,
    /// 256), and enough for transactions that are valid for a limited time.
    pub const BlockHashCount: crate::BlockNumber = 2400;

    /// [`BLOCK_BYTES`] and [`NORMAL_SHARE`] for `frame-system`.
    pub RuntimeBlockLength: BlockLength = BlockLength::builder()
        .max_length(BLOCK_BYTES)
        .modify_max_length_for_class(DispatchClass::Normal, |bytes| {
            *bytes = NORMAL_SHARE * BLOCK_BYTES
        })
        .build();

    /// [`BLOCK_WEIGHT`] and [`NORMAL_SHARE`] for `frame-system`.
    pub RuntimeBlockWeights: BlockWeights = BlockWeights::builder()
        .base_block(BlockExecutionWeight::get())
        .for_class(DispatchClass::all(), |weights| {
            weights.base_extrinsic = ExtrinsicBaseWeight::get()
        })
        .for_class(DispatchClass::Normal, |weights| {
            weights.max_total = Some(NORMAL_SHARE * BLOCK_WEIGHT)
        })
        .for_class(DispatchClass::Operational, |weights| {
            weights.max_total = Some(BLOCK_WEIGHT);
            weights.reserved = Some(BLOCK_WEIGHT - NORMAL_SHARE * BLOCK_WEIGHT);
        })
        .avg_block_initialization(INITIALISATION_SHARE)
        .build_or_panic();
}

/// The weights of a read and a write of the state: Substrate's figures for ParityDB, the node's
/// database. A chain that measures its own replaces them here.
pub type DbWeight = ParityDbWeight;
