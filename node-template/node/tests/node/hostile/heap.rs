//! Transactions that fill the runtime's heap: a node that imports a block has as much room as its
//! author.
use codec::{Compact, Encode};
use serde_json::json;
use sp_keyring::Sr25519Keyring::Alice;
use tephra_chain_tests::{contract::escaped, signed};
use tephra_runtime::{AccountId, RuntimeCall};

use super::is_unharmed;
use crate::harness::{Node, eventually};

/// The precompiled contract that dispatches calls of the runtime.
const DISPATCH: u32 = 0x0400;

/// The gas of such a transaction.
const GAS: u64 = 13_200_000;

/// The number of calls in all batches of a transaction.
const CALLS: u32 = 350_000;

/// Init code that makes the runtime decode a batch of batches of the shortest calls. It builds them
/// in its memory, by doubling.
///
/// A decoded call takes far more memory than its two bytes, and each batch is one allocation. Their
/// number decides the class of the allocator, and classes never give memory to one another.
fn batches(batches: u32, each: u32) -> Vec<u8> {
    const START: u32 = 64;
    let call = RuntimeCall::Ewasm(pallet_ewasm::Call::unmap_account {}).encode();
    assert_eq!(call.len(), 2, "the shortest call");
    let batch = RuntimeCall::Utility(pallet_utility::Call::batch { calls: Vec::new() }).encode();
    let head = |count: u32| [&batch[..2], &Compact(count).encode()].concat();
    let bytes = 2 * each;
    let (mut data, mut fill, mut at) = (String::new(), String::new(), START);
    let mut put = |at: &mut u32, bytes: &[u8]| {
        data += &format!("(data (i32.const {at}) \"{}\")", escaped(bytes));
        *at += bytes.len() as u32;
    };
    if batches > 1 {
        put(&mut at, &head(batches));
    }
    for _ in 0..batches {
        put(&mut at, &head(each));
        let first = at;
        put(&mut at, &call);
        let mut done = 2;
        while done < bytes {
            let length = done.min(bytes - done);
            fill += &format!(
                "(memory.copy (i32.const {}) (i32.const {first}) (i32.const {length}))",
                first + done
            );
            done += length;
        }
        at = first + bytes;
    }
    let text = format!(
        r#"(module
            (import "ethereum" "call" (func $call (param i64 i32 i32 i32 i32) (result i32)))
            (import "ethereum" "finish" (func $finish (param i32 i32)))
            (memory (export "memory") {pages})
            (data (i32.const 0) "{dispatch}") {data}
            (func (export "main")
                {fill}
                (drop (call $call
                    (i64.const {GAS}) (i32.const 0) (i32.const 32)
                    (i32.const {START}) (i32.const {length})))
                (call $finish (i32.const 0) (i32.const 0))))"#,
        pages = at.div_ceil(1 << 16),
        dispatch = escaped(&[&[0; 16][..], &DISPATCH.to_be_bytes()].concat()),
        length = at - START,
    );
    wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}"))
}

fn create(code: Vec<u8>) -> RuntimeCall {
    RuntimeCall::Ewasm(pallet_ewasm::Call::create {
        code,
        value: 0,
        gas_limit: GAS,
        storage_deposit_limit: None,
    })
}

/// Starts a development node that makes blocks at a fixed interval, in milliseconds.
fn start(milliseconds: u64, boot_node: Option<&str>, base: &tempfile::TempDir) -> Node {
    let sealing = format!("interval={milliseconds}");
    let mut arguments = vec!["--dev", "--discover-local", "--sealing", &sealing];
    if let Some(address) = boot_node {
        arguments.extend(["--bootnodes", address]);
    }
    Node::start(&arguments, base.path())
}

/// Returns the balance of an account in the state after the best block.
fn account(node: &Node, of: &AccountId) -> serde_json::Value {
    let key = frame_system::Account::<tephra_runtime::Runtime>::hashed_key_for(of);
    node.ask("state_getStorage", json!([crate::harness::token::hex(&key)]))
}

/// Sends transactions by Alice to a node at once, at the start of a block's interval.
fn send(node: &Node, from: u32, codes: Vec<Vec<u8>>) {
    let genesis = node.genesis();
    let signed: Vec<_> = (from..)
        .zip(codes)
        .map(|(nonce, code)| signed(Alice, nonce, genesis, create(code)))
        .collect();
    let last = node.number();
    eventually("a block has just been made", || node.number() > last);
    for transaction in &signed {
        node.rpc.submit(transaction).unwrap_or_else(|refusal| panic!("{refusal}"));
    }
}

#[test]
fn a_second_node_imports_a_block_whose_transactions_fill_the_heap_with_batches() {
    if tephra_chain_tests::blob::Blob::get().is_none() {
        return;
    }
    let bases = [(); 2].map(|()| tempfile::tempdir().expect("a temporary directory"));
    let author = start(5000, None, &bases[0]);
    let follower = start(3_600_000, Some(&author.address()), &bases[1]);
    assert_eq!(author.genesis(), follower.genesis());
    eventually("the second node follows", || follower.number() >= 1);

    let alice = Alice.to_account_id();
    let before = account(&author, &alice);
    let start = author.number();
    send(&author, 0, [2, 4, 8, 16].map(|count| batches(count, CALLS / count)).to_vec());
    eventually("all four are in blocks", || author.rpc.nonce(&alice) == 4);
    assert_ne!(account(&author, &alice), before, "they are paid for");
    let together = (start..=author.number()).any(|number| {
        let block = author
            .ask("chain_getBlock", json!([author.ask("chain_getBlockHash", json!([number]))]));
        // The four transactions, and the timestamp.
        block["block"]["extrinsics"].as_array().is_some_and(|transactions| transactions.len() == 5)
    });
    assert!(together, "they are in one block");

    // A transaction whose allocation fails pays its fee too.
    send(&author, 4, vec![batches(1, CALLS)]);
    eventually("it is in a block", || author.rpc.nonce(&alice) == 5);

    let head = author.number() + 1;
    eventually("the author goes on", || author.number() >= head);
    eventually("the second node keeps up", || follower.number() >= head);
    for number in 0..=head {
        let [here, there] =
            [&author, &follower].map(|node| node.ask("chain_getBlockHash", json!([number])));
        assert_eq!(here, there, "block {number}");
    }
    is_unharmed(follower);
    is_unharmed(author);
}
