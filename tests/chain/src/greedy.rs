//! Transactions that take as much of the runtime's heap as they can.
use codec::Encode;
use sp_core::H160;
use sp_keyring::Sr25519Keyring::{Alice, Bob, Charlie, Dave, Eve};
use tephra_runtime::RuntimeCall;

use crate::{
    BlockReport, Chain,
    contract::{call_with, chain_with, module},
};

/// Where the contract is that does whatever deeds say.
const GREEDY: H160 = H160::repeat_byte(0x0e);

/// Large contracts beside it.
pub const LARGE: u8 = 24;

/// Something that makes a structure grow. What is too much for the gas or a limit ends there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Stores new transient slots.
    Transient(u32),
    /// Reads slots that are not there.
    Read(u32),
    /// Looks at accounts that are not there.
    Look(u32),
    /// Writes logs.
    Log {
        /// Their number.
        count: u32,
        /// Of the data of each.
        bytes: u32,
        /// Of each, up to four.
        topics: u32,
    },
    /// Stores to one slot that is older than the message.
    Undo(u32),
    /// Does what follows in messages to itself.
    Frames {
        /// The depth.
        depth: u32,
        /// Of memory, in each.
        pages: u32,
        /// Of call data, in each.
        input: u32,
        /// That each gives back.
        output: u32,
    },
    /// Dispatches a batch of this many calls of two bytes.
    Dispatch(u32),
    /// Calls large contracts.
    Code(u32),
}

impl Deed {
    fn record(self) -> [u32; 5] {
        match self {
            Self::Transient(count) => [1, count, 0, 0, 0],
            Self::Read(count) => [2, count, 0, 0, 0],
            Self::Look(count) => [3, count, 0, 0, 0],
            Self::Log { count, bytes, topics } => [4, count, bytes, topics, 0],
            Self::Undo(count) => [5, count, 0, 0, 0],
            Self::Frames { depth, pages, input, output } => [6, depth, pages, input, output],
            Self::Dispatch(count) => {
                let [batch, item] = dispatched();
                [7, count, batch, item, 0]
            }
            Self::Code(count) => [8, count, 0, 0, 0],
        }
    }
}

/// A transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Greed {
    /// Calls the contract for deeds, one after the other.
    Call(Vec<Deed>, u64),
    /// A remark of this many bytes, which are decoded and hashed.
    Remark(u32),
    /// A batch of this many calls of two bytes, signed as it is.
    Batch(u32),
    /// Several in a batch. What follows is decoded while what comes first is done.
    Together(Vec<Greed>),
}

impl Greed {
    /// As a transaction carries it.
    pub fn call(&self) -> RuntimeCall {
        match self {
            Self::Call(deeds, gas) => {
                let words = deeds.iter().flat_map(|deed| deed.record());
                call_with(GREEDY, words.flat_map(u32::to_le_bytes).collect::<Vec<_>>(), 0, *gas)
            }
            Self::Remark(bytes) => {
                RuntimeCall::System(frame_system::Call::remark { remark: vec![7; *bytes as usize] })
            }
            Self::Batch(count) => batch(vec![two_bytes(); *count as usize]),
            Self::Together(calls) => batch(calls.iter().map(Self::call).collect()),
        }
    }
}

fn batch(calls: Vec<RuntimeCall>) -> RuntimeCall {
    RuntimeCall::Utility(pallet_utility::Call::batch { calls })
}

/// A call that is two bytes long.
fn two_bytes() -> RuntimeCall {
    RuntimeCall::Ewasm(pallet_ewasm::Call::map_account {})
}

/// The first two bytes of a batch, and those of a call that has no more, little-endian.
fn dispatched() -> [u32; 2] {
    let prefix = |call: &RuntimeCall| {
        let bytes = call.encode();
        u32::from(u16::from_le_bytes([bytes[0], bytes[1]]))
    };
    [prefix(&batch(Vec::new())), prefix(&two_bytes())]
}

/// A chain with the contract, and with large ones to be called, that tells what its blocks take of
/// the heap. `is_native` says whether blocks are built natively too.
pub fn chain(is_native: bool) -> Chain {
    let code = wat::parse_str(include_str!("greedy.wat")).unwrap_or_else(|error| panic!("{error}"));
    let large = format!(
        "(func $large (param i32) (br_if 0 (i32.eqz (local.get 0))) {})",
        "(drop (memory.size))".repeat(20_000)
    );
    let mut contracts = vec![(GREEDY, code)];
    for number in 0..LARGE {
        let mut address = H160::repeat_byte(0x0d);
        address.0[0] = number;
        // Each is a code of its own.
        contracts.push((address, module(1, &[address], "(call $large (i32.const 0))", &large)));
    }
    let mut chain = chain_with(&contracts);
    if !is_native {
        chain.leave_out_the_native_builder();
    }
    chain.measure_heap();
    chain
}

/// A block of these transactions, in this order, by five signers in turn.
pub fn block(chain: &mut Chain, transactions: &[Greed]) -> BlockReport {
    let signers = [Alice, Bob, Charlie, Dave, Eve];
    let block = chain.block(
        signers.into_iter().cycle().zip(transactions).map(|(signer, greed)| (signer, greed.call())),
    );
    // Those that found no room are not in it.
    chain.read_nonces();
    block
}

/// The largest remark that a transaction can carry.
pub fn largest_remark() -> u32 {
    let limit = *tephra_runtime::limits::RuntimeBlockLength::get()
        .max
        .get(frame_support::dispatch::DispatchClass::Normal);
    // What surrounds it, and the block's inherents.
    limit.saturating_sub(1024)
}
