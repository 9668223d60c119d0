//! A search for the blocks that take most of the runtime's heap.
//!
//! Blocks are sequences of transactions that make the engine's structures grow, and what surrounds
//! them. A block is built in the blob with an instance for each extrinsic and imported in one, with
//! the
//! allocator that nodes have; the best ones are changed at random. What is found depends on the
//! seed and the number of rounds alone.
use std::panic::{AssertUnwindSafe, catch_unwind};

use tephra_runtime::contracts::TRANSACTION_GAS_LIMIT;

use crate::{
    Heap,
    greedy::{self, Deed, Greed},
    random::Random,
};

/// The heap that every executor gives for building a block, in bytes, unless the state gives more.
pub const HEAP: u32 = 128 << 20;

/// Blocks that are kept to be changed.
const KEPT: usize = 6;

/// Transactions of a block, at most.
const TRANSACTIONS: u32 = 8;

/// The result of a search.
#[derive(Clone, Debug)]
pub struct Found {
    /// The most of all blocks.
    pub most: Heap,
    /// The block that takes most, and what it takes.
    pub block: (Heap, Vec<Greed>),
}

/// Tries `rounds` blocks, and reports each that takes more than those before it.
///
/// # Errors
///
/// A block takes more than [`HEAP`], or cannot be built or imported.
pub fn search(rounds: u64, seed: u64, mut report: impl FnMut(u64, Heap)) -> Result<Found, String> {
    let mut random = Random::new(seed);
    let mut kept: Vec<(Heap, Vec<Greed>)> = Vec::new();
    let mut most = Heap::default();
    for round in 0..rounds.max(1) {
        let candidate = match kept.len() {
            0 => block(&mut random),
            _ if random.below(4) == 0 => block(&mut random),
            count => changed(&kept[random.below(count as u32) as usize].1, &mut random),
        };
        let heap =
            measure(&candidate).map_err(|why| format!("round {round}: {why}\n{candidate:#?}"))?;
        if heap.building.max(heap.importing) > HEAP {
            return Err(format!("round {round} takes {heap:?} of {HEAP} bytes\n{candidate:#?}"));
        }
        if heap.building > most.building || heap.importing > most.importing {
            report(round, heap);
        }
        most.building = most.building.max(heap.building);
        most.importing = most.importing.max(heap.importing);
        kept.push((heap, candidate));
        kept.sort_by_key(|(heap, _)| {
            core::cmp::Reverse(u64::from(heap.building) + u64::from(heap.importing))
        });
        kept.truncate(KEPT);
    }
    Ok(Found { most, block: kept.swap_remove(0) })
}

/// Makes the block on a chain of its own.
fn measure(transactions: &[Greed]) -> Result<Heap, String> {
    let made = catch_unwind(AssertUnwindSafe(|| {
        let mut chain = greedy::chain(false);
        greedy::block(&mut chain, transactions).heap
    }));
    made.map_err(|why| {
        let text = why.downcast_ref::<String>().cloned();
        text.or_else(|| why.downcast_ref::<&str>().map(ToString::to_string)).unwrap_or_default()
    })
}

fn block(random: &mut Random) -> Vec<Greed> {
    (0..=random.below(TRANSACTIONS)).map(|_| transaction(random, true)).collect()
}

/// The block with something added, left out, exchanged or made again.
fn changed(block: &[Greed], random: &mut Random) -> Vec<Greed> {
    let mut block = block.to_vec();
    for _ in 0..=random.below(3) {
        let place = random.below(block.len() as u32) as usize;
        match random.below(4) {
            0 if block.len() < TRANSACTIONS as usize => {
                block.insert(place, transaction(random, true))
            }
            1 if block.len() > 1 => drop(block.remove(place)),
            2 => {
                let other = random.below(block.len() as u32) as usize;
                block.swap(place, other);
            }
            _ => match &mut block[place] {
                Greed::Call(deeds, gas) => {
                    if random.below(2) == 0 {
                        *gas = gas_limit(random);
                    } else {
                        let at = random.below(deeds.len() as u32) as usize;
                        deeds.insert(at, deed(random));
                        deeds.truncate(12);
                    }
                }
                other => *other = transaction(random, true),
            },
        }
    }
    block
}

fn transaction(random: &mut Random, may_hold_others: bool) -> Greed {
    match random.below(8) {
        0 => Greed::Remark(random.magnitude(greedy::largest_remark() / 2)),
        1 => Greed::Batch(random.magnitude(90_000)),
        2 if may_hold_others => {
            Greed::Together((0..=random.below(3)).map(|_| transaction(random, false)).collect())
        }
        _ => Greed::Call((0..=random.below(6)).map(|_| deed(random)).collect(), gas_limit(random)),
    }
}

/// A block has room for the largest twice, or for more smaller ones.
fn gas_limit(random: &mut Random) -> u64 {
    TRANSACTION_GAS_LIMIT >> random.below(4)
}

fn deed(random: &mut Random) -> Deed {
    match random.below(9) {
        0 => Deed::Transient(random.magnitude(200_000)),
        1 => Deed::Read(random.magnitude(10_000)),
        2 => Deed::Look(random.magnitude(10_000)),
        3 => {
            let (count, bytes) = (random.magnitude(50_000), random.magnitude(900_000));
            Deed::Log { count, bytes, topics: random.below(5) }
        }
        4 => Deed::Undo(random.magnitude(200_000)),
        5 => Deed::Dispatch(random.magnitude(450_000)),
        6 => Deed::Code(1 + random.below(u32::from(greedy::LARGE))),
        _ => Deed::Frames {
            depth: 1 + random.below(200),
            pages: random.magnitude(16),
            input: random.magnitude(600_000),
            output: random.magnitude(1 << 20),
        },
    }
}
