//! What transactions take of the runtime's heap: each structure at its most, pairs of them, and
//! sequences. Blocks are built with an instance for each extrinsic and imported in one, as nodes do
//! it, with the
//! allocator that nodes have.
use tephra_chain_tests::{
    BlockReport, Chain,
    greedy::{self, Deed, Greed},
    heap_search::{HEAP, search},
};
use tephra_runtime::contracts::TRANSACTION_GAS_LIMIT;

/// Half of the gas of a transaction, so that a block has room for some.
const HALF: u64 = TRANSACTION_GAS_LIMIT / 2;

fn check(block: &BlockReport, what: &str) {
    assert!(block.results.iter().all(|result| result.is_ok()), "{what}: {:?}", block.results);
    println!("{what}: {:?}", block.heap);
    assert!(
        block.heap.building <= HEAP && block.heap.importing <= HEAP,
        "{what}: {:?}",
        block.heap
    );
}

/// Each structure that a transaction can make grow, at its most.
fn deeds() -> Vec<(&'static str, Vec<Deed>)> {
    vec![
        ("transient slots", vec![Deed::Transient(u32::MAX)]),
        ("slots", vec![Deed::Read(u32::MAX)]),
        ("accounts", vec![Deed::Look(u32::MAX)]),
        ("ways back", vec![Deed::Undo(u32::MAX)]),
        ("empty logs", vec![Deed::Log { count: u32::MAX, bytes: 0, topics: 0 }]),
        ("logs of topics", vec![Deed::Log { count: u32::MAX, bytes: 0, topics: 4 }]),
        ("logs of data", vec![Deed::Log { count: u32::MAX, bytes: 70_000, topics: 4 }]),
        ("dispatched calls", vec![Deed::Dispatch(350_000)]),
        ("dispatched calls that are small enough", vec![Deed::Dispatch(1_300); 8]),
        ("code", vec![Deed::Code(u32::from(greedy::LARGE))]),
        ("memory", vec![Deed::Frames { depth: 30, pages: 15, input: 0, output: 0 }]),
        ("call data", vec![Deed::Frames { depth: 30, pages: 1, input: 130_000, output: 0 }]),
        ("return data", vec![Deed::Frames { depth: 10, pages: 15, input: 0, output: 900_000 }]),
        ("frames", vec![Deed::Frames { depth: 199, pages: 1, input: 1_000, output: 1_000 }]),
    ]
}

#[test]
fn each_structure_at_its_most_fits_the_heap() {
    let mut chain = greedy::chain(true);
    for (name, deeds) in deeds() {
        check(&greedy::block(&mut chain, &[Greed::Call(deeds, TRANSACTION_GAS_LIMIT)]), name);
    }
}

#[test]
fn pairs_of_structures_at_their_most_fit_the_heap() {
    let mut chain = greedy::chain(false);
    let deeds = deeds();
    for (first_name, first) in &deeds {
        // All transactions of a block have 2.4 times the gas of the largest.
        let pairs = deeds.iter().map(|(_, second)| [first.clone(), second.clone()].concat());
        let pairs: Vec<_> = pairs.map(|deeds| Greed::Call(deeds, HALF)).collect();
        for four in pairs.chunks(4) {
            check(&greedy::block(&mut chain, four), first_name);
        }
    }
}

#[test]
fn what_surrounds_contracts_fits_beside_them() {
    let mut chain = greedy::chain(false);
    let remark = greedy::largest_remark() - 1_000;
    for (name, deeds) in deeds() {
        let call = || Greed::Call(deeds.clone(), TRANSACTION_GAS_LIMIT);
        check(
            &greedy::block(&mut chain, &[Greed::Together(vec![call(), Greed::Remark(remark)])]),
            name,
        );
        let batch = Greed::Batch(80_000);
        let block = greedy::block(&mut chain, &[Greed::Together(vec![call(), batch])]);
        assert!(
            block.heap.building <= HEAP && block.heap.importing <= HEAP,
            "{name}: {:?}",
            block.heap
        );
    }
}

/// Once each of these had room of its own where blocks are built, and not all of them together
/// where they are imported.
#[test]
fn dispatches_of_many_small_calls_make_no_block_that_cannot_be_imported() {
    let mut chain = greedy::chain(true);
    let sizes =
        [(340_000, 13_200_000), (170_000, 7_000_000), (85_000, 4_000_000), (42_000, 2_500_000)];
    let block = sizes.map(|(count, gas)| Greed::Call(vec![Deed::Dispatch(count)], gas));
    check(&greedy::block(&mut chain, &block), "four sizes");
    // And one that was too large for any allocation is paid for.
    let before = nonce(&mut chain);
    let block =
        greedy::block(&mut chain, &[Greed::Call(vec![Deed::Dispatch(350_000)], 13_200_000)]);
    check(&block, "350,000 calls");
    assert_eq!(nonce(&mut chain), before + 1);
}

fn nonce(chain: &mut Chain) -> u32 {
    chain.read(|| {
        tephra_runtime::System::account_nonce(sp_keyring::Sr25519Keyring::Alice.to_account_id())
    })
}

#[test]
fn a_block_of_every_structure_at_many_sizes_fits_the_heap() {
    let mut chain = greedy::chain(false);
    let gas = TRANSACTION_GAS_LIMIT / 4;
    // Different sizes are of different classes of the allocator, each of which keeps what it had.
    let transactions: Vec<_> = (0..8)
        .map(|step: u32| {
            let bytes = 900_000 >> step;
            Greed::Call(
                vec![
                    Deed::Log { count: 1 + step, bytes, topics: 1 },
                    Deed::Frames {
                        depth: 6,
                        pages: 2 * step,
                        input: 250_000 >> step,
                        output: bytes,
                    },
                    Deed::Transient(40_000 >> step),
                    Deed::Undo(20_000 >> step),
                ],
                gas,
            )
        })
        .collect();
    check(&greedy::block(&mut chain, &transactions), "many sizes");
}

/// `heap-search` runs for longer.
#[test]
fn a_search_finds_no_block_that_takes_more_than_the_heap() {
    let found = search(12, 0, |round, heap| println!("round {round}: {heap:?}"));
    if let Err(why) = found {
        panic!("{why}");
    }
}
